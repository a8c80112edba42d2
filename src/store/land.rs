//! Landing: one feed's poll becomes true in one transaction, whole or not at all.

use std::collections::HashSet;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::db::Store;
use super::error::{Doing, StoreError};
use super::feeds;
use super::forget;
use super::fresh::Fresh;
use super::pace::Shown;
use super::purge;
use super::raw::Raw;
use super::read;
use super::recall;
use super::types::{DeliveryId, FeedState, Landed, Landing, Part, Revision, Seq};
use crate::item::{self, NewsItem, Said, content_hash, returns, supersedes};

const LAND: &str = "landing";
const WRITE: &str = "writing an item as JSON";

impl Store {
    /// Lands one feed's poll: raw deliveries, items, the feed's state and cursor, in one transaction.
    ///
    /// An item whose words the story already has is `unchanged` and adds nothing.
    ///
    /// # Errors
    /// `locked`, `corrupt`, `storage`; then nothing of it was kept.
    pub fn land(&mut self, landing: Landing) -> Result<Landed, StoreError> {
        Ok(self.land_all(vec![landing])?.pop().unwrap_or_default())
    }

    /// Lands several polls in one transaction, for one wait on the disk; one [`Landed`] each, in order.
    ///
    /// # Errors
    /// As of [`Self::land`]; then nothing of any of them was kept.
    pub fn land_all(&mut self, landings: Vec<Landing>) -> Result<Vec<Landed>, StoreError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).doing(LAND)?;
        let mut fresh = Fresh::default();
        let one = |landing| one(&tx, landing, &mut fresh);
        let landed = landings.into_iter().map(one).collect::<Result<_, _>>()?;
        tx.commit().doing(LAND)?;
        self.mark.note(&self.conn);
        self.fresh.replace(fresh);
        Ok(landed)
    }
}

fn one(tx: &Connection, landing: Landing, fresh: &mut Fresh) -> Result<Landed, StoreError> {
    let mut landed = Landed::default();
    let Landing { mut state, parts } = landing;
    let shown = Shown::of(&parts);
    for part in parts {
        land_part(tx, &state, part, &mut landed, fresh)?;
    }
    // whoever polls several pages in a row does not know what the store made of the one before
    let before = feeds::load(tx, &state.id)?;
    let known = before.as_ref().and_then(|known| known.last_new);
    if let Some(before) = &before {
        state.pace.keep(&before.pace);
    }
    if let Some(now) = state.last_poll {
        landed.overflowed = state.pace.follow(before.as_ref(), &shown, &landed, now);
    }
    let brought = state.last_poll.filter(|_| landed.new + landed.revised > 0);
    state.last_new = state.last_new.max(known).max(brought);
    feeds::save(tx, [&state])?;
    Ok(landed)
}

fn land_part(
    tx: &Connection,
    feed: &FeedState,
    part: Part,
    landed: &mut Landed,
    fresh: &mut Fresh,
) -> Result<(), StoreError> {
    let buried = purge::buried(tx, &part)?;
    forget::still_shown(tx, &buried, feed.last_poll.unwrap_or(part.delivery.received))?;
    let mut raw = Raw::new(tx, &feed.id, &part.delivery, &part.items);
    raw.is_closed = !buried.is_empty();
    raw.repeated = repeated(&part.items);
    for item in part.items {
        if buried.contains(&item.id) {
            landed.unchanged += 1;
            continue;
        }
        land_item(tx, &mut raw, item, landed, fresh)?;
    }
    if part.faulty {
        raw.keep()?;
    }
    Ok(())
}

/// Stories of which a delivery brings several versions: their order in it says nothing of holds lifted.
fn repeated(items: &[NewsItem]) -> HashSet<String> {
    let mut seen = HashSet::with_capacity(items.len());
    items.iter().filter(|item| !seen.insert(item.id.as_str())).map(|item| item.id.clone()).collect()
}

fn land_item(
    tx: &Connection,
    raw: &mut Raw<'_>,
    item: NewsItem,
    landed: &mut Landed,
    fresh: &mut Fresh,
) -> Result<(), StoreError> {
    let mut entry = Entry::of(item, raw)?;
    let Some(current) = current_seq(tx, &entry.item.id)? else {
        landed.new += 1;
        let delivery = raw.keep()?;
        let seq = entry.append(tx, delivery, landed)?;
        entry.open_story(tx, seq)?;
        match recall::note(tx, &entry.item, true, landed)? {
            true => fresh.spoil(),
            false => fresh.push(Revision { seq, item: entry.item, current: true, delivery }),
        }
        return Ok(());
    };
    match entry.first_received(tx)? {
        Some(first) if first <= entry.received => {
            if raw.repeated.contains(&entry.item.id) || !entry.is_return(tx)? {
                landed.unchanged += 1;
                return Ok(());
            }
            landed.revised += 1;
            let seq = entry.append(tx, raw.keep()?, landed)?;
            if supersedes(&entry.item, &at(tx, current)?.item) {
                set_current(tx, &entry.item.id, seq)?;
            }
        }
        Some(_) => {
            landed.unchanged += 1;
            entry.append(tx, raw.keep()?, landed)?;
            elect(tx, &entry.item.id, current, landed)?;
        }
        None => {
            landed.revised += 1;
            let seq = entry.append(tx, raw.keep()?, landed)?;
            if supersedes(&entry.item, &at(tx, current)?.item) {
                set_current(tx, &entry.item.id, seq)?;
            }
        }
    }
    fresh.spoil();
    recall::note(tx, &entry.item, false, landed).map(drop)
}

/// An item on its way into the log.
struct Entry {
    item: NewsItem,
    said: Said,
    hash: String,
    received: i64,
}

impl Entry {
    fn of(mut item: NewsItem, raw: &Raw<'_>) -> Result<Self, StoreError> {
        let received = to_microsecond(item.received.unwrap_or(raw.delivery.received));
        item.received = Some(received);
        item.feed.get_or_insert_with(|| raw.feed.to_owned());
        let said = Said::of(&mut item).doing(WRITE)?;
        Ok(Self { hash: said.hash(), said, received: received.as_microsecond(), item })
    }

    /// When these very words were first received, if the story already has them.
    fn first_received(&self, tx: &Connection) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT min(received) FROM revision WHERE id = ?1 AND content_hash = ?2";
        let mut query = tx.prepare_cached(sql).doing(LAND)?;
        query.query_row(params![self.item.id, self.hash], |row| row.get(0)).doing(LAND)
    }

    /// Does its feed go back to these words from others, so that a hold is lifted or in force again?
    fn is_return(&self, tx: &Connection) -> Result<bool, StoreError> {
        let sql = "SELECT seq, content_hash FROM revision WHERE id = ?1 AND feed = ?2 ORDER BY received DESC, seq DESC LIMIT 1";
        let mut query = tx.prepare_cached(sql).doing(LAND)?;
        let row = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
        let last = query.query_row(params![self.item.id, self.item.feed], row).optional().doing(LAND)?;
        let Some((seq, _)) = last.filter(|(_, words)| *words != self.hash) else { return Ok(false) };
        let sql = "SELECT EXISTS (SELECT 1 FROM revision WHERE id = ?1 AND content_hash = ?2 AND feed = ?3)";
        let mut query = tx.prepare_cached(sql).doing(LAND)?;
        let said: bool = query
            .query_row(params![self.item.id, self.hash, self.item.feed], |row| row.get(0))
            .doing(LAND)?;
        Ok(said && returns(&self.item, &at(tx, Seq(seq.cast_unsigned()))?.item))
    }

    fn append(
        &mut self,
        tx: &Connection,
        delivery: DeliveryId,
        landed: &mut Landed,
    ) -> Result<Seq, StoreError> {
        let sql =
            "INSERT INTO revision (id, content_hash, received, feed, guid, version, delivery, json, sum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let json = std::mem::take(&mut self.said).json_of(&self.item).doing(WRITE)?;
        let NewsItem { id, feed, guid, version, .. } = &self.item;
        let delivery = delivery.0.cast_signed();
        let sum = crc32fast::hash(json.as_ref());
        tx.prepare_cached(sql)
            .and_then(|mut insert| {
                insert.insert(params![id, self.hash, self.received, feed, guid, version, delivery, json, sum])
            })
            .doing(LAND)
            .map(|seq| note(landed, seq))
    }

    fn open_story(&self, tx: &Connection, seq: Seq) -> Result<(), StoreError> {
        let sql = "INSERT INTO story (id, current_seq, guid) VALUES (?1, ?2, ?3)";
        let mut insert = tx.prepare_cached(sql).doing(LAND)?;
        insert.execute(params![self.item.id, seq.0.cast_signed(), self.item.guid]).doing(LAND)?;
        Ok(())
    }
}

/// The log's clock ticks in microseconds, so that what is compared in Rust and in SQL is the same.
fn to_microsecond(time: Timestamp) -> Timestamp {
    let whole = TimestampRound::new().smallest(Unit::Microsecond).mode(RoundMode::Trunc);
    time.round(whole).unwrap_or(time)
}

fn note(landed: &mut Landed, seq: i64) -> Seq {
    let seq = Seq(seq.cast_unsigned());
    landed.first_seq.get_or_insert(seq);
    landed.last_seq = Some(seq);
    seq
}

/// Words the story has already, but received earlier than was known (deliveries landed out of order): what counts is
/// when they came first, so another revision may be current now. It is appended again, so that followers hear of it.
fn elect(tx: &Connection, id: &str, current: Seq, landed: &mut Landed) -> Result<(), StoreError> {
    let Some(winner) = winner(tx, id)? else { return Ok(()) };
    let holder = at(tx, current)?;
    let same = |a: &NewsItem, b: &NewsItem| a.received == b.received && content_hash(a) == content_hash(b);
    if same(&winner.item, &holder.item) {
        return Ok(());
    }
    let seq = match landed.last_seq {
        Some(last) if last == winner.seq => last,
        _ => append_again(tx, winner.seq, landed)?,
    };
    set_current(tx, id, seq)
}

/// The revision that every order of the same deliveries would have made current.
fn winner(tx: &Connection, id: &str) -> Result<Option<Revision>, StoreError> {
    let sql = "SELECT seq, delivery, json, 0, NULL, sum, id FROM revision WHERE id = ?1 ORDER BY seq";
    let mut query = tx.prepare_cached(sql).doing(LAND)?;
    let mut rows = query.query([id]).doing(LAND)?;
    let (mut revisions, mut items) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next().doing(LAND)? {
        let Revision { seq, delivery, item, current } = read::revision(row)?;
        revisions.push((seq, delivery, current));
        items.push(item);
    }
    let Some(at) = item::elect(&items) else { return Ok(None) };
    let (item, place) = (items.swap_remove(at), revisions.swap_remove(at));
    Ok(Some(Revision { seq: place.0, item, current: place.2, delivery: place.1 }))
}

pub(super) fn append_again(tx: &Connection, seq: Seq, landed: &mut Landed) -> Result<Seq, StoreError> {
    const COLUMNS: &str = "id, content_hash, received, feed, guid, version, delivery, json, sum";
    let sql = format!("INSERT INTO revision ({COLUMNS}) SELECT {COLUMNS} FROM revision WHERE seq = ?1");
    let again = tx.prepare_cached(&sql).and_then(|mut insert| insert.insert([seq.0.cast_signed()]));
    Ok(note(landed, again.doing(LAND)?))
}

fn current_seq(tx: &Connection, id: &str) -> Result<Option<Seq>, StoreError> {
    let mut query = tx.prepare_cached("SELECT current_seq FROM story WHERE id = ?1").doing(LAND)?;
    let seq = query.query_row([id], |row| row.get::<_, i64>(0)).optional().doing(LAND)?;
    Ok(seq.map(|seq| Seq(seq.cast_unsigned())))
}

fn at(tx: &Connection, seq: Seq) -> Result<Revision, StoreError> {
    let sql = "SELECT seq, delivery, json, 0, NULL, sum, id FROM revision WHERE seq = ?1";
    let mut query = tx.prepare_cached(sql).doing(LAND)?;
    let mut rows = query.query([seq.0.cast_signed()]).doing(LAND)?;
    let row = rows.next().doing(LAND)?;
    row.map(read::revision)
        .unwrap_or_else(|| Err(StoreError::corrupt(LAND, format!("revision {seq} is missing from the log"))))
}

pub(super) fn set_current(tx: &Connection, id: &str, seq: Seq) -> Result<(), StoreError> {
    let mut update = tx.prepare_cached("UPDATE story SET current_seq = ?2 WHERE id = ?1").doing(LAND)?;
    update.execute(params![id, seq.0.cast_signed()]).doing(LAND)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::testing::{Desk, at, landing, story};
    use super::*;

    #[test]
    fn a_story_is_new_then_unchanged_then_revised() {
        let mut desk = Desk::new();
        let cases = [
            (story("a", "1", "Talks open"), 10, (1, 0, 0)),
            (story("a", "1", "Talks open"), 11, (0, 0, 1)),
            (story("a", "2", "Talks go on"), 12, (0, 1, 0)),
            (story("a", "1", "Talks open"), 13, (0, 0, 1)),
            (story("b", "1", "Talks open"), 14, (1, 0, 0)),
        ];
        for (item, second, (new, revised, unchanged)) in cases {
            let landed = desk.store.land(landing("ap", second, vec![item])).unwrap();
            assert_eq!(
                (landed.new, landed.revised, landed.unchanged),
                (new, revised, unchanged),
                "at {second}"
            );
        }
        let versions: Vec<_> =
            desk.store.history("a").unwrap().into_iter().map(|r| (r.seq.0, r.current)).collect();
        assert_eq!(versions, [(1, false), (2, true)]);
    }

    #[test]
    fn a_story_that_is_told_by_another_clock_is_unchanged() {
        let mut desk = Desk::new();
        let told = |at: &str| NewsItem {
            published: at.parse().ok(),
            updated: at.parse().ok(),
            ..story("a", "1", "Talks open")
        };
        let (utc, there) = ("2024-05-04T01:46:08Z", "2024-05-03T22:46:08-03:00");
        desk.store.land(landing("ap", 10, vec![told(utc)])).unwrap();
        let again = desk.store.land(landing("ap", 11, vec![told(there)])).unwrap();
        assert_eq!((again.new, again.revised, again.unchanged), (0, 0, 1));
        let first = NewsItem { id: "b".into(), ..told(there) };
        desk.store.land(landing("ap", 12, vec![first])).unwrap();
        let kept = |id: &str| desk.store.current(id).unwrap().unwrap().item.published.unwrap().to_string();
        assert_eq!((kept("a"), kept("b")), (utc.into(), there.into()));
    }

    #[test]
    fn an_older_version_that_comes_late_is_kept_but_not_current() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "3", "third")])).unwrap();
        let late = desk.store.land(landing("ap", 2, vec![story("a", "2", "second")])).unwrap();
        assert_eq!((late.revised, late.first_seq), (1, Some(Seq(2))));
        assert_eq!(desk.store.current("a").unwrap().unwrap().seq, Seq(1));
    }

    #[test]
    fn a_redelivery_that_brings_nothing_keeps_no_bytes() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "1", "one")])).unwrap();
        let mut again = landing("ap", 2, vec![story("a", "1", "one")]);
        again.parts[0].delivery.bytes = b"other bytes, same story".to_vec();
        desk.store.land(again.clone()).unwrap();
        assert_eq!(desk.store.counts().unwrap().deliveries, 1);
        again.parts[0].faulty = true;
        desk.store.land(again.clone()).unwrap();
        desk.store.land(again).unwrap();
        assert_eq!(desk.store.counts().unwrap().deliveries, 2, "a faulty delivery is kept once");
    }

    #[test]
    fn the_feed_knows_when_it_last_brought_something_new() {
        let mut desk = Desk::new();
        let polls = [(1, "1", 1), (2, "1", 1), (3, "2", 3), (4, "2", 3)];
        for (second, version, expected) in polls {
            desk.store.land(landing("ap", second, vec![story("a", version, "words")])).unwrap();
            let state = desk.store.feed_state("ap").unwrap().unwrap();
            assert_eq!(state.last_new, Some(at(expected)), "after the poll at {second}");
        }
    }

    #[test]
    fn the_raw_bytes_come_back_as_received() {
        let mut desk = Desk::new();
        let mut sent = landing("ap", 7, vec![story("a", "1", "one")]);
        sent.parts[0].delivery.bytes = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        sent.parts[0].delivery.url = Some("https://wire.example/feed".into());
        let expected = sent.parts[0].delivery.clone();
        desk.store.land(sent).unwrap();
        let revision = desk.store.current("a").unwrap().unwrap();
        let raw = desk.store.raw(revision.delivery).unwrap().unwrap();
        assert_eq!((raw.bytes, raw.url, raw.received), (expected.bytes, expected.url, expected.received));
    }

    #[test]
    fn what_followers_are_handed_fresh_is_what_the_log_holds() {
        let mut desk = Desk::new();
        let canceled = NewsItem { pub_status: Some("canceled".into()), ..story("k", "1", "gone") };
        let polls = [
            vec![story("a", "1", "one"), story("b", "1", "one")],
            vec![story("b", "1", "one"), story("c", "3", "x")],
            vec![story("d", "1", "one"), story("a", "1", "late"), story("d", "2", "two")],
            vec![story("b", "0", "older"), story("c", "3", "y"), story("e", "1", "one")],
            vec![canceled, story("f", "1", "one")],
            vec![story("g", "1", "last")],
        ];
        let mut position = Seq(0);
        for (items, second) in polls.into_iter().zip([60, 50, 40, 30, 20, 10]) {
            desk.store.land(landing("ap", second, items)).unwrap();
            let fresh = desk.store.revisions_after(position, 100).unwrap();
            let read = desk.store.revisions_after(position, 100).unwrap();
            assert!(!fresh.is_empty());
            assert_eq!(fresh, read, "after {position}");
            position = fresh.last().unwrap().seq;
        }
    }

    #[test]
    fn the_cursor_and_the_items_land_together_or_not_at_all() {
        let mut desk = Desk::new();
        desk.store
            .conn
            .execute_batch(
                "CREATE TRIGGER full BEFORE INSERT ON revision WHEN new.id = 'b'
             BEGIN SELECT raise(ABORT, 'the disk is full'); END",
            )
            .unwrap();
        let mut poll = landing("ap", 1, vec![story("a", "1", "one"), story("b", "1", "two")]);
        poll.state.cursor.etag = Some("\"1\"".into());
        desk.store.land(poll).unwrap_err();
        assert_eq!(desk.store.counts().unwrap(), super::super::Counts::default());
        assert_eq!(desk.store.feed_state("ap").unwrap(), None);
    }

    #[test]
    fn words_that_turn_out_to_be_older_give_way_and_followers_hear_of_it() {
        let polls = [(0, 1, 0, 5), (0, 1, 1, 3), (0, 1, 0, 1)];
        let (current, followed) = outcome(&polls);
        assert_eq!(current["s0"], (Some("words 1".into()), Some(at(3))));
        assert_eq!(followed, current);
    }

    type Seen = BTreeMap<String, (Option<String>, Option<Timestamp>)>;

    /// What the stories look like after these polls, and what somebody saw who followed the log from poll to poll.
    fn outcome(polls: &[(u8, u8, u8, i64)]) -> (Seen, Seen) {
        let (mut desk, mut position, mut followed) = (Desk::new(), Seq(0), Seen::new());
        desk.store.conn.pragma_update(None, "synchronous", "OFF").unwrap(); // no disk to wait for, many times
        for (id, version, words, second) in polls {
            let item = story(&format!("s{id}"), &version.to_string(), &format!("words {words}"));
            desk.store.land(landing("ap", *second, vec![item])).unwrap();
            for revision in desk.store.revisions_after(position, 100).unwrap() {
                position = revision.seq;
                if revision.current {
                    see(&mut followed, revision.item);
                }
            }
        }
        let mut current = Seen::new();
        let each = |revision: Revision| -> Result<(), StoreError> {
            see(&mut current, revision.item);
            Ok(())
        };
        desk.store.current_items(None, each).unwrap();
        (current, followed)
    }

    fn see(seen: &mut Seen, item: NewsItem) {
        seen.insert(item.id, (item.headline, item.received));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
        #[test]
        fn any_order_of_the_same_deliveries_ends_in_the_same_current_version_of_each_story(
            (polls, shuffled) in proptest::collection::vec((0..2_u8, 1..3_u8, 0..3_u8, 0..6_i64), 1..9)
                .prop_flat_map(|polls| (Just(polls.clone()), Just(polls).prop_shuffle()))
        ) {
            let (current, followed) = outcome(&polls);
            prop_assert_eq!(&current, &followed, "a follower that kept up holds something else");
            prop_assert_eq!(&current, &outcome(&shuffled).0);
        }
    }

    #[test]
    fn times_are_kept_to_the_microsecond() {
        let time = Timestamp::new(5, 123_456_789).unwrap();
        assert_eq!(to_microsecond(time).subsec_nanosecond(), 123_456_000);
        assert_eq!(to_microsecond(at(5)), at(5));
    }
}
