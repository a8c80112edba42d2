//! wiredesk: the wire desk in one program.
//!
//! A story's day: [`fetch`] brings a feed's bytes; [`mod@format`] reads the items out of them in the provider's own words;
//! [`normalise`] makes each a [`NewsItem`](item::NewsItem); [`store`] appends what is new to the log, in the same
//! transaction as the feed's cursor; [`index`] and [`threads`] follow the log; [`search`] answers with ranked stories.
//! [`ingest`] is the conductor that knows the stages; the stages do not know each other. See ARCHITECTURE.md.

pub mod cli;
pub mod config;
pub mod daemon;
pub mod desk;
pub mod fetch;
pub mod format;
pub mod index;
pub mod ingest;
pub mod item;
pub mod normalise;
pub mod schedule;
pub mod search;
pub mod serve;
pub mod store;
pub mod threads;
pub mod topics;
pub mod upkeep;
pub mod wire;
