//! **Which items are the same story?** Flash, bulletin, leads, writethrus, takes, and the same copy on other sites.
//!
//! [`Threads`] follows the store as a [`Sink`], in a file of its own (`threads.db`) that can be made again from the store.
//! A story is joined to another one by identifier and address, by slug grammar, or by much the same text
//! ([`Sketch`](crate::item::sketch::Sketch)); each join keeps its reason. What a person splits or merges is the store's to
//! remember ([`Choices`]) and wins over the joins.

mod examine;
mod file;
mod join;
mod postings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use file::File;
pub use file::Join;
use join::{Member, Reason, TEXT_LIVES};
use postings::{MANY, Postings};

use crate::item::NewsItem;
use crate::store::{PURGED, Revision, Seq, Sink, SinkError};

/// The file's name in the data dir.
pub const FILE: &str = "threads.db";
/// Stories of one name that are looked at, latest first.
const NAMESAKES: usize = 12;
/// What of its text a copy shares with one that is listed already, so that listing it adds nothing.
const COPY: f64 = 0.9;

/// Removes the threads in `data_dir`, to make them anew.
///
/// # Errors
/// `storage` when the disk refuses.
pub fn remove(data_dir: &Path) -> Result<(), SinkError> {
    for ending in ["", "-wal", "-shm"] {
        let path = data_dir.join(format!("{FILE}{ending}"));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(SinkError::new("storage", format!("removing {}: {error}", path.display())));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What persons decided: for a story, the story whose thread it belongs to; itself when it is apart from all.
pub type Choices = BTreeMap<String, String>;

/// The threads of one desk: follows the store.
pub struct Threads {
    file: File,
    /// The last revision taken since the last commit.
    taken: Option<Seq>,
    committed: Seq,
    /// Read from the file when the first story comes.
    postings: Option<Postings>,
}

/// The threads of one desk, to read.
pub struct Reading {
    file: Option<File>,
    choices: Choices,
}

/// A thread as it is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    /// Its name: the id of the story that began it.
    pub id: String,
    /// Its stories in the order in which they came, each with why it is in.
    pub joins: Vec<Join>,
}

impl Threads {
    /// Opens the threads in `data_dir` to follow the store of `desk`; makes them anew where there are none or they are of
    /// no use.
    ///
    /// # Errors
    /// `storage` when the disk refuses.
    pub fn open(data_dir: &Path, desk: &str) -> Result<Self, SinkError> {
        let file = File::open(&data_dir.join(FILE), desk).map_err(|error| failed("opening", &error))?;
        let committed = Seq(file.position().map_err(|error| failed("opening", &error))?);
        Ok(Self { file, taken: None, committed, postings: None })
    }

    /// Forgets a story that was removed for good. Its text may stay listed: the story is looked up and not there. But copies of it, which were
    /// not listed beside it, have to be from now on.
    fn forget(&mut self, id: &str) -> Result<(), SinkError> {
        let forgotten = self.file.begin().and_then(|()| self.file.forget(id));
        let left = forgotten.map_err(|error| self.roll_back("purging", &error))?;
        if left.is_some_and(|row| self.postings.as_ref().is_some_and(|postings| postings.reaches(row))) {
            self.postings = None;
        }
        Ok(())
    }

    fn note(&mut self, item: &NewsItem) -> rusqlite::Result<()> {
        self.file.begin()?;
        let mut new = Member::of(item);
        if let Some(known) = self.file.by_id(&item.id)? {
            if known.sketch != new.sketch || known.slug != new.slug || known.headline != new.headline {
                self.file.update(&new)?;
                self.file.name(&own(item), known.row)?;
                self.list(&Member { row: known.row, ..new }, &known)?;
            }
            return Ok(());
        }
        let names = own(item);
        let found = self.find(item, &names, &new)?;
        let mut join = Join { id: item.id.clone(), ..Join::default() };
        if let Some((old, reason)) = &found {
            new.thread.clone_from(&old.thread);
            (join.to, join.reason) = (Some(old.id.clone()), Some(reason.clone()));
        }
        new.row = self.file.insert(&new, &join)?;
        self.file.name(&names, new.row)?;
        self.list(&new, &found.map(|found| found.0).unwrap_or_default())
    }

    /// Lists a text to be found by, unless it is a copy of `like`, which is.
    fn list(&mut self, member: &Member, like: &Member) -> rusqlite::Result<()> {
        if like.row != 0 && member.sketch.likeness(&like.sketch).shared >= COPY {
            return Ok(());
        }
        self.postings()?.add(member.row, member.came, &member.sketch);
        Ok(())
    }

    fn postings(&mut self) -> rusqlite::Result<&mut Postings> {
        let postings = match self.postings.take() {
            Some(postings) => postings,
            None => {
                let mut postings = Postings::new(TEXT_LIVES);
                let since = self.file.latest()?.saturating_sub(TEXT_LIVES);
                let add = |member: &Member| postings.add(member.row, member.came, &member.sketch);
                self.file.since(since, 2 * MANY, add)?;
                postings
            }
        };
        Ok(self.postings.insert(postings))
    }

    /// The story that this one belongs to, by the surest rule that finds one.
    fn find(
        &mut self,
        item: &NewsItem,
        names: &[Name],
        new: &Member,
    ) -> rusqlite::Result<Option<(Member, String)>> {
        for (name, key) in related(item).into_iter().chain(names.iter().copied()) {
            let olds = self.file.by_key(key, NAMESAKES)?;
            let rule = |old: &Member| {
                if name == "slug" { join::by_slug(new, old) } else { join::by_name(new, old, name) }
            };
            if let Some(found) = best(new, olds, rule) {
                return Ok(Some(found));
            }
        }
        let rows = self.postings()?.alike(&new.sketch);
        let olds = rows.into_iter().filter_map(|row| self.file.by_row(row).transpose());
        let olds = olds.collect::<rusqlite::Result<Vec<_>>>()?;
        let fits: Vec<(Member, String)> = olds
            .into_iter()
            .filter_map(|old| Some((join::by_text(new, &old)?, old)))
            .map(|(why, old)| (old, why))
            .collect();
        self.unite(&fits)?;
        let thread = fits.first().map(|(first, _)| first.thread.clone());
        let best = fits.into_iter().max_by(|a, b| likeness(new, &a.0).total_cmp(&likeness(new, &b.0)));
        Ok(best.map(|(old, why)| (Member { thread: thread.unwrap_or_default(), ..old }, why)))
    }

    /// A text that is much the same as texts of two threads shows that these are one.
    fn unite(&self, fits: &[(Member, String)]) -> rusqlite::Result<()> {
        let Some((first, rest)) = fits.split_first() else { return Ok(()) };
        let others: BTreeSet<&str> = rest.iter().map(|(old, _)| old.thread.as_str()).collect();
        others
            .into_iter()
            .filter(|other| *other != first.0.thread)
            .try_for_each(|other| self.file.unite(other, &first.0.thread))
    }
}

fn likeness(new: &Member, old: &Member) -> f64 {
    new.sketch.likeness(&old.sketch).shared
}

/// Of those that a rule takes, the one most alike; the latest of equals.
fn best(new: &Member, olds: Vec<Member>, rule: impl Fn(&Member) -> Reason) -> Option<(Member, String)> {
    let fits =
        olds.into_iter().rev().filter(|old| old.id != new.id).filter_map(|old| Some((rule(&old)?, old)));
    fits.max_by(|a, b| likeness(new, &a.1).total_cmp(&likeness(new, &b.1))).map(|(why, old)| (old, why))
}

/// How a story that this one goes with may be called: relations of NewsML-G2, NITF, ninjs and feeds that join, lower case.
const RELATIONS: &[&str] = &[
    "previous",
    "derived",
    "replace",
    "supersede",
    "update",
    "sidebar",
    "follow",
    "version",
    "translat",
    "correct",
    "main",
];

/// What kind of name it is, and the name as a number.
type Name = (&'static str, i64);

/// The stories that this one names as those it goes with.
fn related(item: &NewsItem) -> Vec<Name> {
    let joins = |rel: &str| RELATIONS.iter().any(|known| rel.to_lowercase().contains(known));
    let related = item.related.iter().filter(|one| one.rel.as_deref().is_some_and(joins));
    related.take(NAMESAKES).map(|one| ("related", key(b'i', &one.target))).collect()
}

/// The names of a story, surest first: identifier and address among all, slug among its provider's.
fn own(item: &NewsItem) -> Vec<Name> {
    let link = item.link.as_deref().map(|link| ("address", key(b'i', link)));
    let guid = item.guid.as_deref().filter(|guid| item.link.as_deref() != Some(guid) && guid.len() > 8);
    let guid = guid.map(|guid| ("identifier", key(b'i', guid)));
    let slug = item.slugline.as_deref().and_then(crate::item::slug_key).map(|slug| {
        let house = item.provider.as_deref().or(item.feed.as_deref()).unwrap_or_default().to_lowercase();
        ("slug", key(b's', &format!("{house}\n{slug}")))
    });
    [link, guid, slug].into_iter().flatten().collect()
}

/// A name as a number (FNV-1a). Equal numbers are looked at again.
fn key(kind: u8, name: &str) -> i64 {
    let bytes = std::iter::once(kind).chain(name.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

impl Threads {
    /// What was taken since the last commit is gone, and so is what was built on it.
    fn roll_back(&mut self, doing: &str, error: &rusqlite::Error) -> SinkError {
        (self.postings, self.taken) = (None, None);
        self.file.roll_back();
        failed(doing, error)
    }
}

impl Sink for Threads {
    fn position(&self) -> Result<Seq, SinkError> {
        Ok(self.committed)
    }

    fn reached(&self) -> Result<Seq, SinkError> {
        Ok(self.taken.unwrap_or(self.committed))
    }

    fn take(&mut self, revision: &Revision) -> Result<(), SinkError> {
        if revision.current && revision.item.pub_status.as_deref() == Some(PURGED) {
            self.forget(&revision.item.id)?;
        } else if revision.current && revision.item.order.is_none() {
            // who orders is no story
            self.note(&revision.item).map_err(|error| self.roll_back("following the store", &error))?;
        }
        self.taken = Some(revision.seq);
        Ok(())
    }

    fn commit(&mut self, up_to: Seq) -> Result<(), SinkError> {
        self.file.commit(up_to.0).map_err(|error| self.roll_back("writing", &error))?;
        (self.committed, self.taken) = (up_to, None);
        Ok(())
    }
}

impl Reading {
    /// Opens the threads in `data_dir` to read them, with what persons decided; there may be none yet.
    ///
    /// # Errors
    /// `storage` or `corrupt` when they cannot be read.
    pub fn open(data_dir: &Path, choices: Choices) -> Result<Self, SinkError> {
        let file = File::open_read(&data_dir.join(FILE)).map_err(|error| failed("opening", &error))?;
        Ok(Self { file, choices })
    }

    /// The place in the store's log up to which they follow; 0 when there are none.
    ///
    /// # Errors
    /// `storage` or `corrupt` when they cannot be read, as of every function here.
    pub fn position(&self) -> Result<Seq, SinkError> {
        self.ask(|file| file.position()).map(Seq)
    }

    /// The thread that a story is in: its own id when it is alone.
    ///
    /// # Errors
    /// `storage` or `corrupt`.
    pub fn of(&self, id: &str) -> Result<String, SinkError> {
        let mut at = id.to_owned();
        for _ in 0..=self.choices.len() {
            let chosen = match self.choices.get(&at) {
                Some(chosen) if *chosen == at => return Ok(at),
                Some(chosen) => chosen.clone(),
                None => {
                    let thread = self.ask(|file| file.thread_of(&at))?.unwrap_or_else(|| at.clone());
                    match self.choices.get(&thread).filter(|_| thread != at) {
                        Some(apart) if *apart == thread => return self.without(&thread),
                        Some(_) => thread,
                        None => return Ok(thread),
                    }
                }
            };
            at = chosen;
        }
        Ok(at)
    }

    /// The thread of those that join a story which a person has set apart: they stay together without it. Which of two stories
    /// began a thread hangs on which versions are still there when it is made anew, so a decision must hold either way.
    fn without(&self, apart: &str) -> Result<String, SinkError> {
        let joins = self.ask(|file| file.joins(apart))?;
        let mut others = joins.into_iter().map(|join| join.id).filter(|id| !self.choices.contains_key(id));
        Ok(others.find(|id| id != apart).unwrap_or_else(|| apart.to_owned()))
    }

    /// How many stories the thread of a story has.
    ///
    /// # Errors
    /// `storage` or `corrupt`.
    pub fn count(&self, thread: &str) -> Result<usize, SinkError> {
        match self.choices.is_empty() {
            true => self.ask(|file| file.count(thread)).map(|count| count.max(1)),
            false => Ok(self.thread(thread)?.joins.len()),
        }
    }

    /// The thread that a story is in, with all its stories.
    ///
    /// # Errors
    /// `storage` or `corrupt`.
    pub fn thread(&self, id: &str) -> Result<Thread, SinkError> {
        let name = self.of(id)?;
        let mut joins = self.ask(|file| file.joins(&name))?;
        for (story, chosen) in &self.choices {
            // a person's choice brings the story, and when it began a thread, all of that
            let own = self.ask(|file| file.joins(story))?;
            let why = Join {
                id: story.clone(),
                to: Some(chosen.clone()),
                reason: Some("a person's decision".into()),
            };
            joins.retain(|join| join.id != *story);
            joins.push(if story == chosen { Join { to: None, ..why } } else { why });
            joins.extend(own.into_iter().filter(|join| join.id != *story));
        }
        let mut seen = BTreeSet::new();
        let mut kept = Vec::new();
        for join in joins {
            if self.of(&join.id)? == name && seen.insert(join.id.clone()) {
                kept.push(join);
            }
        }
        if kept.is_empty() {
            kept.push(Join { id: name.clone(), ..Join::default() });
        }
        Ok(Thread { id: name, joins: kept })
    }

    fn ask<T: Default>(&self, ask: impl Fn(&File) -> rusqlite::Result<T>) -> Result<T, SinkError> {
        self.file
            .as_ref()
            .map_or(Ok(T::default()), |file| ask(file).map_err(|error| failed("reading", &error)))
    }
}

fn failed(doing: &str, error: &rusqlite::Error) -> SinkError {
    let class = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => "corrupt",
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => "locked",
        _ => "storage",
    };
    SinkError::new(
        class,
        format!("{doing} the threads: {error}; hint: run `wiredesk reindex`, which makes {FILE} anew"),
    )
}
