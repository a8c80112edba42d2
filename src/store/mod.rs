//! **What is true, in what order did it become true, where does each feed stand?**
//!
//! An append-only log of revisions in one SQLite file, `desk.db`. The store is the truth: whatever else the desk keeps
//! follows it ([`Sink`], [`catch_up`]) and can be deleted and made again. One poll of a feed lands in one transaction
//! ([`Store::land`]): the raw delivery, its items, and the feed's cursor, which so never runs ahead of them.
//! One process writes ([`Store::open`]); any number may read beside it ([`Store::open_read_only`]).

mod chain;
mod choose;
mod daily;
mod db;
mod decide;
mod error;
mod examine;
mod feeds;
mod follow;
mod forget;
mod fresh;
mod held;
mod land;
mod ledger;
mod lock;
mod look_back;
mod mark;
mod pace;
mod pack;
mod purge;
mod raw;
mod read;
mod recall;
pub mod rejected;
mod retention;
mod schema;
mod sealed;
#[cfg(test)]
pub(crate) mod testing;
mod types;

pub use db::{CACHE, DATABASE, OWNED, Store, WAITING};
pub use decide::Review;
pub use error::StoreError;
pub use follow::{Sink, SinkError, catch_up, keep_up};
pub use ledger::Handout;
pub use lock::{WriterLock, writer_of};
pub use pace::Pace;
pub use purge::{PURGED, Tombstone};
pub use retention::Keeps;
pub use schema::{is_newer, migrate};
pub use sealed::{Seal, is_no_writing, open_to_read};
pub use types::{Counts, DeliveryId, FeedState, Landed, Landing, LastError, Moved, Part, Revision, Seq};
