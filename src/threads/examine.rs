//! Are the threads whole? For holding them against the store.

use std::collections::BTreeSet;

use super::Reading;
use crate::store::SinkError;

impl Reading {
    /// Damage of the file: pages, tables against their indexes. One line each; none when there are no threads.
    ///
    /// # Errors
    /// `storage` or `corrupt` when it cannot even be looked at.
    pub fn damage(&self) -> Result<Vec<String>, SinkError> {
        self.ask(super::File::damage)
    }

    /// The ids of all stories that it knows.
    ///
    /// # Errors
    /// `storage` or `corrupt`.
    pub fn stories(&self) -> Result<BTreeSet<String>, SinkError> {
        self.ask(super::File::stories)
    }
}
