//! Raw deliveries as they are kept: whole, or as the difference to another one, which may be a difference too. A chain of them
//! begins with a whole one, and each leans on one that was kept before it.
//!
//! Reading takes one after the other, so that no more than a delivery and its base are in memory. A hash tells in the end whether it
//! is what was received: a base that is damaged where nobody leans on it does no harm.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::error::{Doing, StoreError};
use super::pack;

/// Differences in a row, at most: after so many one is kept whole.
pub(super) const DEPTH: i64 = 15;

const READING: &str = "reading a raw delivery";

/// The bytes of the raw delivery `raw` as they were received; none where they were removed for good, or never were.
///
/// # Errors
/// `corrupt` when they are not what was received any more, and which of those they lean on is to blame; `storage`.
pub(super) fn bytes(conn: &Connection, raw: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((1.., hash)) = label(conn, raw)? else { return Ok(None) };
    match unverified(conn, raw)? {
        Ok(bytes) if is_of(&bytes, &hash) => Ok(Some(bytes)),
        Ok(_) => Err(damaged(raw, blamed(conn, raw)?, "they have another hash")),
        Err(why) => Err(damaged(raw, blamed(conn, raw)?, &why)),
    }
}

/// How many differences lie between this one and the one kept whole.
pub(super) fn depth(conn: &Connection, raw: i64) -> rusqlite::Result<i64> {
    let mut query = conn.prepare_cached("SELECT depth FROM lean WHERE raw = ?1")?;
    Ok(query.query_row([raw], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Which deliveries lean on this one, of those whose bytes were not removed.
pub(super) fn leaning(conn: &Connection, raw: i64) -> rusqlite::Result<Vec<i64>> {
    let sql = "SELECT l.raw FROM lean l JOIN raw w ON w.id = l.raw
         WHERE l.base = ?1 AND l.raw > ?1 AND w.size > 0 ORDER BY l.raw";
    let mut query = conn.prepare_cached(sql)?;
    query.query_map([raw], |row| row.get(0))?.collect()
}

/// Keeps a delivery whole that leaned on another. One that cannot be read stays as it is.
pub(super) fn stand_alone(conn: &Connection, raw: i64) -> Result<(), StoreError> {
    const DOING: &str = "keeping a delivery whole";
    let bytes = match bytes(conn, raw) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(()),
        Err(error) if error.class() == "corrupt" => return Ok(()),
        Err(error) => return Err(error),
    };
    let packed = pack::whole(&bytes).map_err(|error| StoreError::corrupt(DOING, error.to_string()))?;
    conn.execute("UPDATE raw SET bytes = ?2 WHERE id = ?1", params![raw, packed]).doing(DOING)?;
    conn.execute("DELETE FROM lean WHERE raw = ?1", [raw]).doing(DOING)?;
    Ok(())
}

/// Unpacks the whole chain, without a look at the hash; what is wrong where that cannot be done.
fn unverified(conn: &Connection, raw: i64) -> Result<Result<Vec<u8>, String>, StoreError> {
    let mut bytes: Option<Vec<u8>> = None;
    for link in chain(conn, raw).doing(READING)? {
        bytes = match step(conn, link, bytes.as_deref())? {
            Ok(bytes) => Some(bytes),
            Err(why) => return Ok(Err(why)),
        };
    }
    Ok(bytes.ok_or_else(|| "they are not there".to_owned()))
}

/// Those that this one leans on, from the whole one up to itself. Damage can neither make it long nor let it go round.
fn chain(conn: &Connection, raw: i64) -> rusqlite::Result<Vec<i64>> {
    let sql = "SELECT base FROM lean WHERE raw = ?1 AND base < raw";
    let mut query = conn.prepare_cached(sql)?;
    let mut chain = vec![raw];
    let mut last = raw;
    while let Some(base) = query.query_row([last], |row| row.get(0)).optional()? {
        if chain.len() > usize::try_from(DEPTH).unwrap_or(0) {
            break;
        }
        chain.push(base);
        last = base;
    }
    chain.reverse();
    Ok(chain)
}

/// One delivery, unpacked with its base; the former base's place is free then.
fn step(conn: &Connection, raw: i64, base: Option<&[u8]>) -> Result<Result<Vec<u8>, String>, StoreError> {
    let mut query = conn.prepare_cached("SELECT size, bytes FROM raw WHERE id = ?1").doing(READING)?;
    let unpacked = query.query_row([raw], |row| {
        let size = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(0);
        Ok(pack::unpack(row.get_ref(1)?.as_blob()?, size, base).map_err(|error| error.to_string()))
    });
    let unpacked = unpacked.optional().doing(READING)?;
    Ok(unpacked.unwrap_or_else(|| Err(format!("delivery {raw} is not there"))))
}

/// How many bytes a raw delivery has when it is unpacked (0: they were removed), and their hash; none where there is none.
fn label(conn: &Connection, raw: i64) -> Result<Option<(usize, Vec<u8>)>, StoreError> {
    let mut query = conn.prepare_cached("SELECT size, sha256 FROM raw WHERE id = ?1").doing(READING)?;
    let row = |row: &Row<'_>| Ok((usize::try_from(row.get::<_, i64>(0)?).unwrap_or(0), row.get(1)?));
    query.query_row([raw], row).optional().doing(READING)
}

fn is_of(bytes: &[u8], hash: &[u8]) -> bool {
    Sha256::digest(bytes)[..] == *hash
}

/// The first of a chain whose own bytes are not what was received.
fn blamed(conn: &Connection, raw: i64) -> Result<i64, StoreError> {
    let mut bytes: Option<Vec<u8>> = None;
    for link in chain(conn, raw).doing(READING)? {
        let read = step(conn, link, bytes.as_deref())?;
        match (read, label(conn, link)?) {
            (Ok(read), Some((_, hash))) if is_of(&read, &hash) => bytes = Some(read),
            _ => return Ok(link),
        }
    }
    Ok(raw)
}

fn damaged(raw: i64, blamed: i64, why: &str) -> StoreError {
    let detail = if raw == blamed {
        format!("the bytes of delivery {raw} are not those received: {why}")
    } else {
        format!("the bytes of delivery {raw} lean on those of {blamed}, which are not those received")
    };
    StoreError::corrupt(READING, detail)
}

/// Damage in the archive: a delivery whose bytes are not those received, and those leaning on it that cannot be read for that reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) raw: i64,
    pub(super) leaning: Vec<i64>,
}

/// Unpacks every delivery that is kept, each once, and holds it against its hash.
///
/// # Errors
/// `storage` or `corrupt` when they cannot even be looked at.
pub(super) fn damages(conn: &Connection) -> Result<Vec<Damage>, StoreError> {
    // those that begin a chain, and those whose base is not there any more
    let sql = "SELECT w.id FROM raw w LEFT JOIN lean l ON l.raw = w.id
         LEFT JOIN raw b ON b.id = l.base AND b.size > 0 AND b.id < w.id
         WHERE w.size > 0 AND b.id IS NULL ORDER BY w.id";
    let mut query = conn.prepare(sql).doing(READING)?;
    let mut rows = query.query([]).doing(READING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(READING)? {
        walk(conn, row.get(0).doing(READING)?, &mut found)?;
    }
    Ok(found)
}

/// Goes along the chain that `first` begins. Where two lean on one, the second way is gone from the beginning again: its base
/// is not kept so long.
fn walk(conn: &Connection, first: i64, found: &mut Vec<Damage>) -> Result<(), StoreError> {
    let mut ways = vec![(first, None)];
    while let Some((mut raw, mut cause)) = ways.pop() {
        let mut bytes = unverified(conn, raw)?;
        loop {
            cause = judged(conn, raw, bytes.as_deref().ok(), cause, found)?;
            let next = leaning(conn, raw).doing(READING)?;
            let Some((on, others)) = next.split_first() else { break };
            ways.extend(others.iter().map(|other| (*other, cause)));
            bytes = match bytes {
                Ok(base) => step(conn, *on, Some(&base))?,
                Err(why) => Err(why),
            };
            raw = *on;
        }
    }
    Ok(())
}

/// Notes a damaged delivery; `cause` is the damage of its base, where that is damaged too. Gives the damage it counts under.
fn judged(
    conn: &Connection,
    raw: i64,
    bytes: Option<&[u8]>,
    cause: Option<usize>,
    found: &mut Vec<Damage>,
) -> Result<Option<usize>, StoreError> {
    let hash = label(conn, raw)?.map(|label| label.1).unwrap_or_default();
    if bytes.is_some_and(|bytes| is_of(bytes, &hash)) {
        return Ok(None);
    }
    match cause.and_then(|cause| found.get_mut(cause)) {
        Some(damage) => damage.leaning.push(raw),
        None => found.push(Damage { raw, leaning: Vec::new() }),
    }
    Ok(cause.or_else(|| found.len().checked_sub(1)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::testing::{Desk, at, landing, story};
    use super::super::{DeliveryId, Landing, Store};
    use super::*;
    use crate::item::NewsItem;

    fn stories(first: usize) -> Vec<NewsItem> {
        (first..first + 6)
            .map(|n| story(&format!("s{n}"), "1", &format!("Boat {n} sails {}", n * n)))
            .collect()
    }

    /// A desk after so many polls of a feed that shows its last six stories.
    fn desk(polls: usize) -> Desk {
        let mut desk = Desk::new();
        desk.store.conn.pragma_update(None, "synchronous", "OFF").unwrap(); // no disk to wait for, many times
        for first in 0..polls {
            desk.store.land(landing("ap", 1, stories(first))).unwrap();
        }
        desk
    }

    fn read(store: &Store, delivery: usize) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(store.raw(DeliveryId(delivery as u64))?.map(|raw| raw.bytes))
    }

    fn sent(first: usize) -> Option<Vec<u8>> {
        Some(landing("ap", 1, stories(first)).parts.remove(0).delivery.bytes)
    }

    fn sql(desk: &Desk, sql: &str) {
        desk.store.conn.execute_batch(sql).unwrap();
    }

    fn depths(desk: &Desk, count: i64) -> Vec<i64> {
        (1..=count).map(|raw| depth(&desk.store.conn, raw).unwrap()).collect()
    }

    #[test]
    fn every_sixteenth_is_kept_whole_and_all_come_back() {
        let desk = desk(40);
        assert_eq!(depths(&desk, 40), (0..40).map(|n| n % 16).collect::<Vec<_>>());
        for first in 0..40 {
            assert!(read(&desk.store, first + 1).unwrap() == sent(first), "delivery {}", first + 1);
        }
        let sql = "SELECT sum(length(bytes)), max(length(bytes)) FROM raw";
        let size = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        let (all, whole) = desk.store.conn.query_row(sql, [], size).unwrap();
        assert!(all < 40 * whole / 4, "{all} of 40 times {whole}");
        assert!(damages(&desk.store.conn).unwrap().is_empty());
    }

    #[test]
    fn a_base_that_is_damaged_or_gone_is_leaned_on_by_nobody() {
        for spoil in [
            "UPDATE raw SET bytes = zeroblob(50)",
            "UPDATE raw SET sha256 = zeroblob(32)",
            "UPDATE raw SET size = 0",
        ] {
            let mut desk = desk(3);
            sql(&desk, &format!("{spoil} WHERE id = 3"));
            desk.store.land(landing("ap", 9, stories(3))).unwrap();
            assert_eq!(depths(&desk, 4), [0, 1, 2, 0], "{spoil}");
            assert!(read(&desk.store, 4).unwrap() == sent(3), "{spoil}");
        }
    }

    #[test]
    fn documents_and_the_pages_behind_their_stories_lean_each_on_their_own() {
        let mut desk = Desk::new();
        for n in 0..6_u8 {
            let page = n % 2 == 1;
            let mut poll = landing("ap", i64::from(n), vec![story(&format!("s{n}"), "1", "x")]);
            let begin = if page { "<!doctype html><p>" } else { "<?xml version='1.0'?><rss>" };
            let prime = if page { 99_991 } else { 99_989 };
            let text: String =
                (0..16_000_u64).map(|word| format!("{} ", word * word * 7919 % prime)).collect();
            poll.parts[0].delivery.bytes = format!("{begin}{n}{text}").into_bytes();
            desk.store.land(poll).unwrap();
        }
        assert_eq!(depths(&desk, 6), [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn short_files_of_one_story_each_are_kept_whole() {
        let mut desk = Desk::new();
        for n in 0..4 {
            desk.store.land(landing("ap", n, vec![story(&format!("s{n}"), "1", "x")])).unwrap();
        }
        assert_eq!(depths(&desk, 4), [0; 4]);
    }

    #[test]
    fn damage_is_named_with_what_leans_on_it_and_never_read() {
        /// What was done, and each damage with those leaning on it.
        type Case = (&'static str, &'static [(i64, &'static [i64])]);
        let cases: &[Case] = &[
            ("UPDATE raw SET bytes = zeroblob(50) WHERE id = 1", &[(1, &[2, 3, 4, 5])]),
            ("UPDATE raw SET bytes = zeroblob(50) WHERE id = 3", &[(3, &[4, 5])]),
            ("UPDATE raw SET bytes = zeroblob(50) WHERE id = 5", &[(5, &[])]),
            ("UPDATE raw SET bytes = zeroblob(50) WHERE id IN (2, 19)", &[(2, &[3, 4, 5]), (19, &[20])]),
            // nobody minds a hash but who bears it
            ("UPDATE raw SET sha256 = randomblob(32) WHERE id IN (1, 3)", &[(1, &[]), (3, &[])]),
            ("UPDATE raw SET size = size + 1 WHERE id = 4", &[(4, &[5])]),
            ("UPDATE raw SET size = 1 << 60 WHERE id = 4", &[(4, &[5])]),
            ("DELETE FROM lean WHERE raw = 3", &[(3, &[4, 5])]),
            ("UPDATE lean SET base = 5 WHERE raw = 3", &[(3, &[4, 5])]),
            ("UPDATE lean SET base = 3 WHERE raw = 3", &[(3, &[4, 5])]),
            ("UPDATE lean SET base = 99 WHERE raw = 3", &[(3, &[4, 5])]),
            ("UPDATE raw SET size = 0, bytes = x'' WHERE id = 3", &[(4, &[5])]),
        ];
        for (spoil, expected) in cases {
            let desk = desk(20);
            // a chain that ends at 5, and one from 17 on
            let ends = "UPDATE raw SET size = 0, bytes = x'' WHERE id BETWEEN 6 AND 16";
            sql(
                &desk,
                &format!(
                    "PRAGMA foreign_keys = OFF; {ends}; DELETE FROM lean WHERE raw BETWEEN 6 AND 16; {spoil}"
                ),
            );
            let found = damages(&desk.store.conn).unwrap();
            let found: Vec<_> = found.iter().map(|damage| (damage.raw, &damage.leaning[..])).collect();
            assert_eq!(found, *expected, "{spoil}");
            let lost: Vec<i64> =
                expected.iter().flat_map(|(raw, leaning)| [&[*raw], *leaning].concat()).collect();
            for first in (0..5).chain(16..20) {
                match read(&desk.store, first + 1) {
                    Ok(bytes) if lost.contains(&(first as i64 + 1)) => {
                        panic!("{spoil}: {} is read: {}", first + 1, bytes.is_some())
                    }
                    Ok(bytes) => assert!(bytes == sent(first) || bytes.is_none(), "{spoil}: {}", first + 1),
                    Err(error) => {
                        assert_eq!(error.class(), "corrupt");
                        assert!(lost.contains(&(first as i64 + 1)), "{spoil}: {error}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_is_said_or_does_no_harm() {
        let desk = desk(5);
        let all: Vec<(i64, Vec<u8>)> = {
            let mut query = desk.store.conn.prepare("SELECT id, bytes FROM raw").unwrap();
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
        };
        let write = |raw: i64, bytes: &[u8]| {
            let sql = "UPDATE raw SET bytes = ?2 WHERE id = ?1";
            desk.store.conn.execute(sql, params![raw, bytes]).unwrap();
        };
        let mut said = 0;
        for (raw, whole) in &all {
            for place in 0..whole.len() {
                let mut flipped = whole.clone();
                flipped[place] ^= 1 << (place % 8);
                write(*raw, &flipped);
                let mut lost = Vec::new();
                for first in 0..5 {
                    match read(&desk.store, first + 1) {
                        Ok(bytes) => {
                            assert!(bytes == sent(first), "{raw} at {place}: {} reads wrong", first + 1)
                        }
                        Err(_) => lost.push(first as i64 + 1),
                    }
                }
                let found = damages(&desk.store.conn).unwrap();
                let mut named: Vec<i64> =
                    found.iter().flat_map(|one| [vec![one.raw], one.leaning.clone()].concat()).collect();
                named.sort_unstable();
                assert_eq!(named, lost, "{raw} at {place}");
                said += usize::from(!lost.is_empty());
            }
            write(*raw, whole);
        }
        assert!(said > 300, "{said}");
    }

    /// What may happen to an archive.
    #[derive(Debug, Clone)]
    enum Deed {
        /// A feed shows its stories from here on.
        Shows(u8, u8),
        Purges(u8),
        Opens,
    }

    fn deed() -> impl Strategy<Value = Deed> {
        prop_oneof![
            8 => (0..3_u8, 0..40_u8).prop_map(|(feed, first)| Deed::Shows(feed, first)),
            1 => (0..46_u8).prop_map(Deed::Purges),
            1 => Just(Deed::Opens),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
        #[test]
        fn any_deliveries_purges_and_openings_leave_all_bytes_as_they_came_but_those_that_held_a_purged_story(
            deeds in proptest::collection::vec(deed(), 1..60),
        ) {
            let mut desk = desk(0);
            // the bytes of each delivery by its number, and the first of its stories
            let mut kept: BTreeMap<usize, (Vec<u8>, usize)> = BTreeMap::new();
            let mut purged: Vec<usize> = Vec::new();
            for (second, deed) in (1..).zip(deeds) {
                match deed {
                    Deed::Shows(feed, first) => {
                        let mut poll: Landing = landing(&format!("f{feed}"), second, stories(first.into()));
                        // the channel's own date: no two are alike
                        poll.parts[0].delivery.bytes.extend(format!("<date>{second}</date>").bytes());
                        poll.parts[0].faulty = second % 2 == 0;
                        let before = desk.store.counts().unwrap().deliveries;
                        let bytes = poll.parts[0].delivery.bytes.clone();
                        desk.store.land(poll).unwrap();
                        let after = desk.store.counts().unwrap().deliveries;
                        if after > before {
                            kept.insert(usize::try_from(after).unwrap(), (bytes, first.into()));
                        }
                    }
                    Deed::Purges(number) => {
                        if desk.store.purge(&[format!("s{number}")], "order", at(second)).unwrap() > 0 {
                            purged.push(number.into());
                        }
                    }
                    Deed::Opens => {
                        let Desk { store, dir } = desk;
                        drop(store);
                        desk = Desk { store: Store::open(dir.path()).unwrap(), dir };
                        desk.store.conn.pragma_update(None, "synchronous", "OFF").unwrap();
                    }
                }
            }
            for (delivery, (bytes, first)) in &kept {
                let held = purged.iter().any(|story| (*first..first + 6).contains(story));
                let read = read(&desk.store, *delivery).unwrap();
                prop_assert!(read.as_ref() == (!held).then_some(bytes), "delivery {delivery}: {:?}", read.map(|read| read.len()));
            }
            prop_assert!(damages(&desk.store.conn).unwrap().is_empty());
            prop_assert!(desk.store.broken_log().unwrap().is_empty());
        }
    }
}
