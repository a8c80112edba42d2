//! Stories that come and go, on threads in a folder of their own.

use super::*;
use crate::store::DeliveryId;

struct Desk {
    _dir: tempfile::TempDir,
    threads: Threads,
    last: u64,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let threads = Threads::open(dir.path(), "desk").unwrap();
        Self { _dir: dir, threads, last: 0 }
    }

    fn take(&mut self, item: NewsItem) {
        self.last += 1;
        let revision = Revision { seq: Seq(self.last), item, current: true, delivery: DeliveryId(1) };
        self.threads.take(&revision).unwrap();
    }

    fn tell(&mut self, id: &str, words: std::ops::Range<usize>) {
        let text = words.map(|n| format!("w{n} ")).collect();
        self.take(NewsItem { id: id.into(), body_text: Some(text), ..NewsItem::default() });
    }

    fn purge(&mut self, id: &str) {
        let status = Some(PURGED.to_owned());
        self.take(NewsItem { id: id.into(), pub_status: status, ..NewsItem::default() });
    }

    fn thread(&self, id: &str) -> String {
        self.threads.file.thread_of(id).unwrap().unwrap()
    }
}

#[test]
fn a_story_that_is_gone_is_joined_by_nobody() {
    let mut desk = Desk::new();
    desk.tell("a", 0..300);
    desk.purge("a");
    desk.tell("b", 0..300);
    assert_eq!(desk.thread("b"), "b");
    desk.tell("c", 0..300);
    assert_eq!(desk.thread("c"), "b", "and is in nobody's way");
}

#[test]
fn copies_of_a_story_that_is_gone_are_found_by_their_own_text() {
    let mut desk = Desk::new();
    desk.tell("original", 0..300);
    desk.tell("copy", 0..300);
    assert_eq!(desk.thread("copy"), "original");
    desk.purge("original");
    desk.tell("later copy", 0..300);
    assert_eq!(desk.thread("later copy"), desk.thread("copy"));
}

#[test]
fn what_is_listed_is_read_again_only_for_a_copy_of_what_is_gone() {
    let mut desk = Desk::new();
    desk.tell("alone", 0..300);
    desk.tell("original", 1000..1300);
    desk.tell("copy", 1000..1300);
    desk.purge("alone");
    assert!(desk.threads.postings.is_some());
    desk.purge("original");
    assert!(desk.threads.postings.is_none());
}
