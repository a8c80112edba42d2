//! The one integration binary: a file a question, all of them linked once.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may fail where it stands
#![allow(clippy::print_stderr)] // a driver says how much it has driven, and what it had to leave out

mod ap_media;
mod architecture;
mod chance;
mod corpus;
mod crash;
mod daemon;
mod damage;
mod day;
mod desk_trust;
mod drop_folder;
mod end_to_end;
mod fetch;
mod full_text;
mod golden;
mod hostile;
mod lifecycle;
mod program;
mod recovery;
mod relevance;
mod running;
mod schema;
mod search;
mod secrets;
mod seeing;
mod serve;
mod server;
mod standing;
mod supply;
mod threads;
mod tls;
mod topics;
mod upkeep;
