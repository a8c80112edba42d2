//! **Is it whole, and is there a copy?** Checking what a desk keeps against each other, mending it, backup and restore.
//!
//! The store is the truth: what follows it is mended by making it anew. What only the store has can only come from a backup.

mod backup;
mod doctor;
mod manifest;

pub use backup::{Backup, UpkeepError, backup, restore};
pub use doctor::{Part, State, examine};
pub use manifest::{Entry, Manifest};
