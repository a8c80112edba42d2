//! What a commit says of itself: how far it follows the store, and which version of wiredesk cut its words.

use serde::{Deserialize, Serialize};
use tantivy::schema::Schema;

use super::{analyser, fields};
use crate::store::Seq;

/// The payload of a commit. `Index::position` is this and not Tantivy's own operation stamp, which goes stale
/// (tantivy issue 2666).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Stamp {
    /// The last revision that is in the commit.
    pub seq: Seq,
    /// [`analyser::VERSION`] that cut its words.
    pub analyser: u32,
    /// The name of the desk whose store it follows.
    pub desk: String,
}

impl Stamp {
    /// The stamp of an index that has nothing yet.
    pub fn new(desk: &str) -> Self {
        Self { seq: Seq(0), analyser: analyser::VERSION, desk: desk.to_owned() }
    }

    /// Reads a commit's payload; an index without a commit has none.
    pub fn read(payload: Option<&str>, desk: &str) -> Self {
        match payload {
            Some(payload) => serde_json::from_str(payload).unwrap_or_default(),
            None => Self::new(desk),
        }
    }

    /// Why an index with this stamp and `schema` is of no use here; `desk` may be unknown to a reader.
    pub fn foreign(&self, schema: &Schema, desk: Option<&str>) -> Option<String> {
        if *schema != fields::schema() {
            return Some("its fields are those of another version of wiredesk".into());
        }
        if self.analyser != analyser::VERSION {
            return Some(format!(
                "its words were cut by analyser {}, not {}",
                self.analyser,
                analyser::VERSION
            ));
        }
        let other = desk.filter(|desk| *desk != self.desk)?;
        Some(format!("it follows desk {:?}, not {other:?}", self.desk))
    }
}
