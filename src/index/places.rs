//! Which places of the store's log does the index hold? For holding the two against each other.

use std::collections::BTreeSet;

use super::error::{Doing, IndexError};
use super::{Index, fields};

impl Index {
    /// The places in the store of every story that is indexed.
    ///
    /// # Errors
    /// `corrupt` when the index cannot be read, or holds a place twice.
    pub fn places(&self) -> Result<BTreeSet<u64>, IndexError> {
        const READING: &str = "reading the index";
        let mut places = BTreeSet::new();
        for segment in self.searcher().segment_readers() {
            let column = segment.fast_fields().i64(fields::SEQ).doing(READING)?;
            for doc in segment.doc_ids_alive() {
                let place = column.first(doc).map(i64::cast_unsigned);
                if !place.is_some_and(|place| places.insert(place)) {
                    let detail = format!("a story stands in it twice, or without its place ({place:?})");
                    return Err(IndexError::Corrupt { doing: READING.into(), detail });
                }
            }
        }
        Ok(places)
    }
}
