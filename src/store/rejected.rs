//! Deliveries that could not be read, kept as plain files for `wiredesk parse`.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use memchr::memmem::find;
use sha2::{Digest, Sha256};

use super::db::sync_dir;
use super::error::{Doing, StoreError};
use crate::wire::Delivery;

/// The folder in the data dir.
pub const FOLDER: &str = "rejected";
/// How many are kept of one feed, about, and of how many bytes together; the oldest go first.
const KEPT: (usize, u64) = (2_000, 256 << 20);
/// How much is kept of one, in bytes.
const LIMIT: usize = 16 << 20;
/// The folder is looked through for those that are too many after so many new ones, about: with the failures of a year of a hundred
/// feeds in it, that takes longer than all else here.
const TURNS: u8 = 16;

/// Keeps a delivery that could not be read, as `rejected/FEED-SHA.EXT` with a note `FEED-SHA.txt` beside it that says
/// where it came from and what was wrong. Gives the file's path. The same bytes again only renew the note.
///
/// # Errors
/// `storage`.
pub fn keep(data_dir: &Path, feed: &str, delivery: &Delivery, error: &str) -> Result<PathBuf, StoreError> {
    let folder = data_dir.join(FOLDER);
    fs::create_dir_all(&folder).doing_to("making", &folder)?;
    let prefix = safe_name(feed);
    let stem = format!("{prefix}-{}", short_hash(&delivery.bytes));
    let path = folder.join(format!("{stem}.{}", extension(&delivery.bytes)));
    let kept = delivery.bytes.get(..LIMIT).unwrap_or(&delivery.bytes);
    write_whole(&path, kept)?;
    write_whole(&folder.join(format!("{stem}.txt")), note(feed, delivery, error).as_bytes())?;
    if is_turn(&delivery.bytes) {
        drop_oldest(&folder, &prefix, KEPT)?;
    }
    sync_dir(&folder)?;
    Ok(path)
}

/// Removes those in which any of these words stand. Gives how many.
///
/// # Errors
/// `storage`.
pub(super) fn forget(data_dir: &Path, words: &[String]) -> Result<usize, StoreError> {
    let folder = data_dir.join(FOLDER);
    if words.is_empty() || !folder.exists() {
        return Ok(0);
    }
    let is_named = |bytes: &[u8]| words.iter().any(|word| find(bytes, word.as_bytes()).is_some());
    let mut gone = 0;
    for entry in fs::read_dir(&folder).doing_to("reading", &folder)? {
        let path = entry.doing_to("reading", &folder)?.path();
        let note = path.with_extension("txt");
        if path == note {
            continue;
        }
        // what was wrong may have been said in the document's own words
        let said = fs::read(&note).unwrap_or_default();
        if is_named(&said) || is_named(&fs::read(&path).doing_to("reading", &path)?) {
            fs::remove_file(&path).doing_to("removing", &path)?;
            let _ = fs::remove_file(&note);
            gone += 1;
        }
    }
    sync_dir(&folder)?;
    Ok(gone)
}

fn note(feed: &str, delivery: &Delivery, error: &str) -> String {
    let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "not given".into());
    let lines = [
        ("feed", feed.to_owned()),
        ("url", said(&delivery.url)),
        ("content-type", said(&delivery.content_type)),
        ("received", delivery.received.to_string()),
        ("bytes", size(delivery.bytes.len())),
        ("error", error.to_owned()),
    ];
    lines.iter().map(|(name, value)| format!("{name}: {}\n", one_line(value))).collect()
}

fn size(bytes: usize) -> String {
    if bytes > LIMIT { format!("{bytes}, the first {LIMIT} kept") } else { bytes.to_string() }
}

fn one_line(value: &str) -> String {
    value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A feed's id as part of a file's name: nothing that leads out of the folder, and no two ids alike.
fn safe_name(feed: &str) -> String {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let safe: String = feed.chars().map(|c| if fine(c) { c } else { '_' }).take(64).collect();
    if safe == feed && !safe.is_empty() { safe } else { format!("{safe}-{}", short_hash(feed.as_bytes())) }
}

fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// By its looks, for people and their editors; reading it again goes by content.
pub(super) fn extension(bytes: &[u8]) -> &'static str {
    let head = String::from_utf8_lossy(bytes.get(..256).unwrap_or(bytes)).to_ascii_lowercase();
    let head = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let looks: &[(&str, &str)] =
        &[("<!doctype html", "html"), ("<html", "html"), ("<", "xml"), ("{", "json"), ("[", "json")];
    looks.iter().find(|(start, _)| head.starts_with(start)).map_or("bin", |(_, extension)| extension)
}

/// Under its name there is never half a file.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let draft = path.with_extension("tmp");
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&draft, path)).doing_to("keeping a rejected delivery as", path)
}

/// Chance that needs no memory: the bytes' own.
fn is_turn(bytes: &[u8]) -> bool {
    Sha256::digest(bytes).last().is_some_and(|last| last % TURNS == 0)
}

/// One that is kept: when it came last, its name without an ending, and the length of its files.
type Kept = (SystemTime, String, u64);

/// Keeps the newest of the feed whose files begin with `prefix`: so many, and of so many bytes; the last one in any case.
fn drop_oldest(folder: &Path, prefix: &str, (most, most_bytes): (usize, u64)) -> Result<(), StoreError> {
    let mut kept = kept_of(folder, prefix).doing_to("reading", folder)?;
    kept.sort_by(|one, other| other.cmp(one));
    let mut bytes = 0;
    for (place, (_, stem, size)) in kept.iter().enumerate() {
        bytes += size;
        if place == 0 || (place < most && bytes <= most_bytes) {
            continue;
        }
        for extension in ["xml", "json", "html", "bin", "txt"] {
            let _ = fs::remove_file(folder.join(format!("{stem}.{extension}")));
        }
    }
    Ok(())
}

fn kept_of(folder: &Path, prefix: &str) -> std::io::Result<Vec<Kept>> {
    let mut kept: HashMap<String, (SystemTime, u64)> = HashMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((stem, _)) = name.rsplit_once('.') else { continue };
        if stem.rsplit_once('-').is_some_and(|(feed, _)| feed == prefix) {
            let found = entry.metadata()?;
            let (came, size) = kept.entry(stem.to_owned()).or_insert((SystemTime::UNIX_EPOCH, 0));
            *size += found.len();
            if name.ends_with(".txt") {
                *came = found.modified()?;
            }
        }
    }
    Ok(kept.into_iter().map(|(stem, (came, size))| (came, stem, size)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(bytes: &[u8]) -> Delivery {
        Delivery { bytes: bytes.to_vec(), url: Some("https://wire.example/a".into()), ..Delivery::default() }
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir.join(FOLDER))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_bytes_are_kept_as_they_came_with_a_note_beside_them() {
        let dir = tempfile::tempdir().unwrap();
        let path = keep(dir.path(), "ap", &delivery(b"<rss><cha"), "xml_syntax: cut\nshort").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"<rss><cha");
        let note = fs::read_to_string(path.with_extension("txt")).unwrap();
        assert!(note.contains("url: https://wire.example/a\n"), "{note}");
        assert!(note.contains("error: xml_syntax: cut short\n"), "{note}");
        keep(dir.path(), "ap", &delivery(b"<rss><cha"), "again").unwrap();
        assert_eq!(names(dir.path()).len(), 2, "the same bytes are kept once");
    }

    #[test]
    fn no_feed_id_leads_out_of_the_folder_and_no_two_share_a_name() {
        let ids = ["../../etc/passwd", "a/b", "a_b", "a\\b", "", ".", "..", "caf\u{e9}", "a\0b", "con/../x"];
        let mut safe: Vec<_> = ids.iter().map(|id| safe_name(id)).collect();
        for name in &safe {
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{name}");
            assert!(!name.is_empty());
        }
        safe.sort();
        safe.dedup();
        assert_eq!(safe.len(), ids.len());
    }

    #[test]
    fn the_extension_goes_by_the_looks_of_the_bytes() {
        let cases: &[(&[u8], &str)] = &[
            (b"\xef\xbb\xbf  <?xml version='1.0'?>", "xml"),
            (b"<!DOCTYPE HTML><p>", "html"),
            (b"{\"version\":1}", "json"),
            (b"\x01\x02", "bin"),
            (b"", "bin"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(extension(bytes), *expected, "{bytes:?}");
        }
    }

    #[test]
    fn the_newest_of_a_feed_are_kept_and_none_of_another_goes() {
        let dir = tempfile::tempdir().unwrap();
        keep(dir.path(), "ap-top", &delivery(b"{}"), "other").unwrap();
        let first = keep(dir.path(), "ap", &delivery(b"<first/>"), "bad").unwrap();
        let long_ago = SystemTime::UNIX_EPOCH;
        let note = File::options().write(true).open(first.with_extension("txt")).unwrap();
        note.set_modified(long_ago).unwrap();
        for n in 0..4 {
            keep(dir.path(), "ap", &delivery(format!("<n{n}/>").as_bytes()), "bad").unwrap();
        }
        let folder = dir.path().join(FOLDER);
        drop_oldest(&folder, "ap", (4, u64::MAX)).unwrap();
        assert!(!first.exists(), "the oldest is gone");
        assert_eq!(names(dir.path()).len(), 2 * 4 + 2);
        let size = |name: &String| fs::metadata(folder.join(name)).unwrap().len();
        let all: u64 = names(dir.path()).iter().filter(|name| !name.starts_with("ap-top")).map(size).sum();
        drop_oldest(&folder, "ap", (4, all - 1)).unwrap();
        assert_eq!(names(dir.path()).len(), 2 * 3 + 2, "too many bytes together");
        drop_oldest(&folder, "ap", (4, 0)).unwrap();
        assert_eq!(names(dir.path()).len(), 2 + 2, "the last one stays");
    }

    #[test]
    fn those_that_name_a_story_go_with_their_notes() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(forget(dir.path(), &["urn:wire:a".into()]).unwrap(), 0, "there is no folder");
        keep(dir.path(), "ap", &delivery(b"<rss><guid>urn:wire:a</gui"), "cut").unwrap();
        let other = keep(dir.path(), "ap", &delivery(b"<rss><guid>urn:wire:b</gui"), "cut").unwrap();
        assert_eq!(forget(dir.path(), &[]).unwrap(), 0);
        assert_eq!(forget(dir.path(), &["urn:wire:a".into(), "nowhere".into()]).unwrap(), 1);
        assert_eq!((names(dir.path()).len(), other.exists()), (2, true));
    }

    #[test]
    fn the_folder_is_looked_through_now_and_then() {
        let turns = (0..4_000).filter(|n| is_turn(format!("<page>{n}</page>").as_bytes())).count();
        assert!((150..350).contains(&turns), "{turns} of 4000");
    }

    #[test]
    fn a_huge_delivery_is_cut_and_the_note_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let path = keep(dir.path(), "ap", &delivery(&vec![b'x'; LIMIT + 1]), "too_large").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), LIMIT as u64);
        let note = fs::read_to_string(path.with_extension("txt")).unwrap();
        assert!(note.contains("bytes: 16777217, the first 16777216 kept"), "{note}");
    }
}
