//! **Who asked to be told?** Queries that stand, matched as stories arrive.
//!
//! A topic is a saved query. It follows the store behind the index, with the very query of a search, and keeps its place in
//! the same commit as its alerts. An alert comes for a new story, and again only when the part that touches the topic has
//! changed, its urgency crossed a line, it was corrected, or it was taken back. All of it is in one file, `topics.db`,
//! which any process may open: `wiredesk topics add` beside a running daemon is heard at its next delivery. No word of a story is in it: an
//! alert names a revision, and what that says on the topic is read when somebody looks.

mod alert;
mod book;
mod error;
mod examine;
mod messenger;
mod quote;
mod said;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub use alert::{Alert, Why};
pub use book::{Book, FILE, Topic};
pub use error::TopicsError;
pub use messenger::{Messenger, hand_to};
pub use quote::{Kept, Quotes};

use crate::index::Index;
use crate::item::{Hold, Publishability};
use crate::search::query::Clock;
use crate::search::{Fresh, Spellings, Standing, Watch, names_a_thread, within_threads};
use crate::store::{Revision, Seq, Store};
use alert::Told;
use quote::{quoted, readable, said_then};

/// How long alerts are kept that nobody said a time for.
pub const KEEP: Duration = Duration::from_secs(90 * 24 * 3600);
/// How often old ones are looked for.
const LOOK: SignedDuration = SignedDuration::from_hours(1);

/// The stories of the thread that a story is in, by its id.
type StoriesOf<'s> = &'s dyn Fn(&str) -> Vec<String>;

/// A topic and its query.
type Asked<'t> = (&'t Topic, &'t Standing);

/// The topics of a desk, read and ready to be matched.
pub struct Topics {
    book: Book,
    /// Read again when the book has changed.
    read: Vec<Topic>,
    /// Their queries, by the same numbers.
    watch: Watch,
    version: i64,
    settings: Settings,
    /// When old alerts were last looked for.
    pruned: Timestamp,
}

/// How topics are matched and what is kept of them.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What they look for is looked for in these spellings too.
    pub spellings: Arc<Spellings>,
    /// How long alerts that were taken are kept. Default 90 days.
    pub keep: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { spellings: Spellings::built_in(), keep: KEEP }
    }
}

impl Topics {
    /// The topics kept in `dir`, none of them read yet.
    ///
    /// # Errors
    /// [`TopicsError`] when the file cannot be opened or made.
    pub fn open(dir: &std::path::Path, settings: Settings) -> Result<Self, TopicsError> {
        Ok(Self {
            book: Book::open(dir)?,
            read: Vec::new(),
            watch: Watch::new(Vec::new()),
            version: -1,
            settings,
            pruned: Timestamp::MIN,
        })
    }

    /// Matches what came since the last time, and says what was found. `index` must have followed `store` before;
    /// `stories` tells those of the thread that a story is in, for `in:ID`.
    ///
    /// # Errors
    /// Of the store, the index or the book; nothing was committed then, and the next call does it all again.
    pub fn follow(
        &mut self,
        store: &Store,
        index: &Index,
        stories: StoriesOf<'_>,
        now: Timestamp,
    ) -> Result<usize, TopicsError> {
        self.reread(now)?;
        self.prune(now)?;
        let (after, taken_back) = self.book.place()?;
        let last = store.last_seq()?;
        let recalled = store.last_recall()?;
        if self.read.is_empty() {
            self.book.leave_at(last, recalled)?;
            return Ok(0);
        }
        let still = self.book.hold_still()?;
        let alerts = self.found(store, index, stories, after, now)?;
        let mut gone = self.taken_back(store, (after, taken_back), now)?;
        drop(still);
        retain_untold(&mut gone, &alerts);
        gone.extend(alerts);
        self.book.say(&gone, now, (last, recalled))?;
        Ok(gone.len())
    }

    /// Removes alerts that were kept for long enough; looked for now and then.
    fn prune(&mut self, now: Timestamp) -> Result<(), TopicsError> {
        if now.duration_since(self.pruned) < LOOK {
            return Ok(());
        }
        self.pruned = now;
        let Ok(before) = now.checked_sub(self.settings.keep) else { return Ok(()) };
        let removed = self.book.prune(before)?;
        if removed > 0 {
            tracing::info!(removed, %before, "alerts that were kept for long enough are removed");
        }
        Ok(())
    }

    fn reread(&mut self, now: Timestamp) -> Result<(), TopicsError> {
        let version = self.book.version()?;
        if version != self.version {
            let clock = clock(now);
            self.read = self.book.topics()?;
            let standing =
                self.read.iter().map(|topic| Standing::new(&topic.query, &clock, &self.settings.spellings));
            self.watch = Watch::new(standing.collect());
            self.version = version;
        }
        Ok(())
    }

    /// The topics that name a thread: its stories are asked for anew each time.
    fn threaded(&self) -> impl Iterator<Item = (usize, &Topic)> {
        self.read.iter().enumerate().filter(|(_, topic)| names_a_thread(&topic.query))
    }

    /// The topic of this name, with its query.
    fn topic(&self, name: &str) -> Option<Asked<'_>> {
        // the book gives them by name
        let number = self.read.binary_search_by(|topic| topic.name.as_str().cmp(name)).ok()?;
        self.read.get(number).zip(self.watch.standing(number))
    }

    /// New stories and new versions that match, and those whose time has come.
    fn found(
        &self,
        store: &Store,
        index: &Index,
        stories: StoriesOf<'_>,
        after: Seq,
        now: Timestamp,
    ) -> Result<Vec<(Told, Why)>, TopicsError> {
        let fresh = Fresh::of(index, after.0)?;
        let mut matched = self.watch.matches(&fresh, &clock(now))?;
        for (number, topic) in self.threaded() {
            matched.retain(|(other, _)| *other != number);
            matched.push((number, self.threading(topic, stories, now).matches(&fresh, &clock(now))?));
        }
        let mut told = Vec::new();
        let _still = store.moment()?;
        for (seq, topics) in self.by_story(matched) {
            if let Some(revision) = store.outline(Seq(seq))? {
                told.extend(self.weigh(store, &topics, &revision, now)?);
            }
        }
        let mut due = self.due(store, now)?;
        if due.is_empty() {
            return Ok(told);
        }
        let now_told: HashSet<_> = told.iter().map(|(told, _): &(Told, Why)| told.of_whom()).collect();
        due.retain(|(topic, revision)| !now_told.contains(&(&*topic.0.name, &*revision.item.id)));
        let fresh = Fresh::at(index, &due.iter().map(|(_, revision)| revision.seq.0).collect())?;
        for (topic, revision) in due {
            let threading = names_a_thread(&topic.0.query).then(|| self.threading(topic.0, stories, now));
            let matched = threading.as_ref().unwrap_or(topic.1).matches(&fresh, &clock(now))?;
            // who was told that it was taken back is told that it is shown again, whatever it says now
            if matched.contains(&revision.seq.0) || self.was_told(topic.0, &revision)? {
                told.extend(self.weigh(store, &[topic], &revision, now)?);
            } else {
                // a version that came meanwhile is about something else, or the topic is
                told.push((Told::of(topic.0, &revision), Why::Past));
            }
        }
        Ok(told)
    }

    /// Topics whose stories were held until now, as these are now.
    fn due(&self, store: &Store, now: Timestamp) -> Result<Vec<(Asked<'_>, Revision)>, TopicsError> {
        let mut due = Vec::new();
        for (name, story) in self.book.due(now)? {
            due.extend(self.topic(&name).zip(readable(store.current(&story))?));
        }
        Ok(due)
    }

    /// Has this topic heard of the story before?
    fn was_told(&self, topic: &Topic, revision: &Revision) -> Result<bool, TopicsError> {
        Ok(self.book.told_of(&revision.item.id)?.iter().any(|told| told.topic == topic.name))
    }

    /// What a topic that names a thread looks for now.
    fn threading(&self, topic: &Topic, stories: StoriesOf<'_>, now: Timestamp) -> Standing {
        let query = within_threads(&topic.query, stories);
        Standing::new(&query, &clock(now), &self.settings.spellings)
    }

    /// The topics that each story is for, by its place in the log.
    fn by_story(&self, matched: Vec<(usize, Vec<u64>)>) -> BTreeMap<u64, Vec<Asked<'_>>> {
        let mut stories: BTreeMap<u64, Vec<Asked<'_>>> = BTreeMap::new();
        for (number, matched) in matched {
            let Some(asked) = self.read.get(number).zip(self.watch.standing(number)) else { continue };
            for seq in matched.into_iter().filter(|seq| *seq > asked.0.from.0) {
                stories.entry(seq).or_default().push(asked);
            }
        }
        stories
    }

    /// What these topics are to be told of a revision that matches them, of which an outline will do.
    fn weigh(
        &self,
        store: &Store,
        topics: &[Asked<'_>],
        revision: &Revision,
        now: Timestamp,
    ) -> Result<Vec<(Told, Why)>, TopicsError> {
        let until = match revision.item.publishability(now) {
            Publishability::Publishable => None,
            Publishability::Held(Hold { until: Some(until), .. }) => Some(until),
            Publishability::Held(_) => return Ok(Vec::new()),
        };
        let before = self.book.told_of(&revision.item.id)?;
        let weighed = topics.iter().map(|(topic, standing)| {
            let told = Told::of(topic, revision);
            let why = match (until, before.iter().find(|before| before.topic == topic.name)) {
                (Some(until), _) => Why::Waiting(until),
                (None, None) => Why::New,
                (None, Some(before)) => match told.again(before) {
                    Some(why) => why,
                    None if says_the_same(store, standing, before, revision.seq)? => Why::Nothing,
                    None => Why::Changed,
                },
            };
            Ok((told, why))
        });
        weighed.collect()
    }

    /// Stories that somebody was told of and that may not be shown any more, or may be shown again.
    fn taken_back(
        &self,
        store: &Store,
        (seq, recall): (Seq, i64),
        now: Timestamp,
    ) -> Result<Vec<(Told, Why)>, TopicsError> {
        let mut told = Vec::new();
        for story in store.touched_after(seq, recall)? {
            let before = self.book.told_of(&story)?;
            if before.is_empty() {
                continue;
            }
            let current = store.current(&story)?;
            let shown = current.filter(|current| current.item.publishability(now).is_publishable());
            for before in before.into_iter().filter(|before| before.gone == shown.is_some()) {
                told.extend(match (&shown, self.topic(&before.topic)) {
                    (Some(current), Some(topic)) => self.weigh(store, &[topic], current, now)?,
                    (Some(_), None) => Vec::new(),
                    (None, _) => vec![(before.taken_back(), Why::TakenBack)],
                });
            }
        }
        Ok(told)
    }
}

/// True when the revision at `seq` says on the topic what the one said that was told of before.
fn says_the_same(store: &Store, standing: &Standing, before: &Told, seq: Seq) -> Result<bool, TopicsError> {
    let says = |seq| -> Result<Option<String>, TopicsError> {
        let then = said_then(store, &before.story, seq)?;
        Ok(then.and_then(|revision| quoted(&[standing], &revision.item).pop()))
    };
    let said = before.seq.map_or_else(|| Ok(Some(before.quoted.clone())), says)?;
    Ok(said == says(seq)?)
}

/// A story that comes back with new words is told of once, with those; one that is to wait for its time is taken back until then.
fn retain_untold(gone: &mut Vec<(Told, Why)>, alerts: &[(Told, Why)]) {
    if gone.is_empty() {
        return;
    }
    let waits = |why: &Why| matches!(why, Why::Waiting(_));
    let told: HashSet<_> =
        alerts.iter().filter(|(_, why)| !waits(why)).map(|(told, _)| told.of_whom()).collect();
    gone.retain(|(gone, _)| !told.contains(&gone.of_whom()));
}

/// What `yesterday` means to topics: the same as to a search on this machine.
fn clock(now: Timestamp) -> Clock {
    Clock { now, zone: TimeZone::system() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Embargo, NewsItem};
    use crate::store::{FeedState, Landing, Part, catch_up};
    use crate::wire::Delivery;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// The alerts of a topic `rafah` by the time that an embargo ends which ran over these versions of a story.
    fn told_after(versions: &[&str]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let mut index = Index::in_memory(crate::index::Settings::default()).unwrap();
        let mut topics = Topics::open(dir.path(), Settings::default()).unwrap();
        topics.book.keep(&Topic { name: "t".into(), query: "rafah".into(), ..Topic::default() }).unwrap();
        for (second, text) in (1..).zip(versions) {
            let item = NewsItem {
                id: "a".into(),
                version: Some(second.to_string()),
                headline: Some((*text).into()),
                body_text: Some((*text).into()),
                embargoed: Some(Embargo::Until(at(100))),
                ..NewsItem::default()
            };
            let delivery = Delivery { bytes: text.as_bytes().into(), ..Delivery::default() };
            let state = FeedState { id: "ap".into(), last_poll: Some(at(second)), ..FeedState::default() };
            let parts = vec![Part { delivery, items: vec![item], faulty: false }];
            store.land(Landing { state, parts }).unwrap();
            catch_up(&store, &mut index, 10).unwrap();
            topics.follow(&store, &index, &|_| Vec::new(), at(second)).unwrap();
        }
        for second in [99, 101, 102] {
            topics.follow(&store, &index, &|_| Vec::new(), at(second)).unwrap();
        }
        let waiting: i64 =
            topics.book.conn.query_row("SELECT count(*) FROM waiting", [], |row| row.get(0)).unwrap();
        assert_eq!(waiting, 0, "{versions:?}");
        let alerts = topics.book.alerts_after(0, 10).unwrap();
        alerts.into_iter().map(|kept| kept.alert.why).collect()
    }

    #[test]
    fn a_match_that_waits_for_its_time_is_told_if_it_still_is_one() {
        assert_eq!(told_after(&["Talks on Rafah"]), ["new"]);
        assert_eq!(told_after(&["Talks on Rafah", "More talks on Rafah"]), ["new"]);
        assert_eq!(told_after(&["Talks on Rafah", "Talks on the ferry"]), [""; 0]);
        assert_eq!(told_after(&["Talks on the ferry", "Talks on Rafah"]), ["new"]);
    }
}
