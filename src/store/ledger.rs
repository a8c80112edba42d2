//! The recall ledger: what was handed out, to whom, and who has heard that it was taken back.

use jiff::Timestamp;
use rusqlite::{Row, TransactionBehavior, params};
use serde::Serialize;

use super::db::Store;
use super::error::{Doing, StoreError};
use super::types::Seq;

const LEDGER: &str = "writing the recall ledger";

/// One story that one client has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handout {
    /// The client's name.
    pub client: String,
    /// The story's id.
    pub story: String,
    /// How it was handed out: `export`, `webhook`, `feed`, `api`.
    pub channel: String,
    /// Which revision, last.
    pub seq: Seq,
    /// When, last.
    pub at: Timestamp,
    /// When the client was sent word that it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Timestamp>,
    /// When the client said that it has acted on that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Timestamp>,
}

impl Store {
    /// Writes down that these revisions are handed to `client`; to be called before they are. A story that is handed out
    /// anew has no word of a recall to its name any more.
    ///
    /// # Errors
    /// `locked`, `corrupt` or `storage`; then nothing may be handed out.
    pub fn hand_out(
        &mut self,
        client: &str,
        channel: &str,
        stories: &[(String, Seq)],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).doing(LEDGER)?;
        for (id, seq) in stories {
            let sql = "INSERT INTO handout (client, id, channel, seq, at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (client, id) DO UPDATE SET channel = ?3, seq = ?4, at = ?5, told = NULL, acked = NULL";
            tx.prepare_cached(sql)
                .and_then(|mut insert| {
                    insert.execute(params![client, id, channel, seq.0.cast_signed(), at.as_microsecond()])
                })
                .doing(LEDGER)?;
        }
        tx.commit().doing(LEDGER)
    }

    /// What `client` has and has not acknowledged the recall of, oldest first.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn handed_to(&self, client: &str) -> Result<Vec<Handout>, StoreError> {
        self.handouts("client = ?1 AND acked IS NULL", client)
    }

    /// Who has the story `id`.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn handed_out(&self, id: &str) -> Result<Vec<Handout>, StoreError> {
        self.handouts("id = ?1", id)
    }

    /// Writes down that `client` was sent word of the recall of these stories.
    ///
    /// # Errors
    /// `locked`, `corrupt` or `storage`.
    pub fn note_told(&mut self, client: &str, stories: &[String], at: Timestamp) -> Result<(), StoreError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).doing(LEDGER)?;
        for id in stories {
            let sql = "UPDATE handout SET told = ?3 WHERE client = ?1 AND id = ?2 AND told IS NULL";
            tx.execute(sql, params![client, id, at.as_microsecond()]).doing(LEDGER)?;
        }
        tx.commit().doing(LEDGER)
    }

    /// Writes down that `client` has acted on the recall of the story `id`. False when it never had it.
    ///
    /// # Errors
    /// `locked`, `corrupt` or `storage`.
    pub fn acknowledge(&mut self, client: &str, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE handout SET acked = ?3, told = coalesce(told, ?3) WHERE client = ?1 AND id = ?2";
        let rows = self.conn.execute(sql, params![client, id, at.as_microsecond()]).doing(LEDGER)?;
        Ok(rows > 0)
    }

    fn handouts(&self, filter: &str, value: &str) -> Result<Vec<Handout>, StoreError> {
        const DOING: &str = "reading the recall ledger";
        let sql = format!(
            "SELECT client, id, channel, seq, at, told, acked FROM handout WHERE {filter} ORDER BY at, client, id"
        );
        let mut query = self.conn.prepare_cached(&sql).doing(DOING)?;
        let rows = query.query_map([value], handout).doing(DOING)?;
        rows.collect::<Result<_, _>>().doing(DOING)
    }
}

fn handout(row: &Row<'_>) -> rusqlite::Result<Handout> {
    let time = |at: i64| Timestamp::from_microsecond(at).unwrap_or_default();
    Ok(Handout {
        client: row.get(0)?,
        story: row.get(1)?,
        channel: row.get(2)?,
        seq: Seq(row.get::<_, i64>(3)?.cast_unsigned()),
        at: time(row.get(4)?),
        told: row.get::<_, Option<i64>>(5)?.map(time),
        acknowledged: row.get::<_, Option<i64>>(6)?.map(time),
    })
}
