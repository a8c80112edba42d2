//! The one integration binary: a file a question, all of them linked once.

mod architecture;
mod daemon;
mod end_to_end;
mod program;
mod server;
