//! **Which items hold this word?** The Tantivy index over the current revision of every story.
//!
//! [`Index`] follows the store as a [`Sink`]; its position is in the payload of its own commit, so that a crash at any
//! point replays a little and loses nothing. It holds what the gate could let pass at some time: a story that only a
//! new version can free is not in it. Stories held until or from a time are, with that time beside them
//! ([`fields::SHOWN_FROM`], [`fields::SHOWN_UNTIL`]). No text is stored: hits name places in the store.
//! [`fields::FIELDS`] is the table of what can be searched, [`analyser`] decides which words are the same.

pub mod analyser;
mod earlier;
mod error;
pub mod fields;
mod fold;
mod look;
mod pieces;
mod places;
mod stamp;
mod sweep;
#[cfg(test)]
mod tests;
mod whole;
mod word;

use std::any::Any;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::TantivyDocument;
use tantivy::{IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher};

use earlier::Earlier;
use error::Doing;
pub use error::IndexError;
use stamp::Stamp;

use crate::store::{Revision, Seq, Sink, SinkError};

/// What an index needs to know before it can follow a store.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Memory for stories not yet written out, in bytes for each thread; at least 15 MB.
    pub heap: usize,
    /// Threads that cut words, 1 or more.
    pub threads: usize,
    /// The name of the desk whose store is followed; an index of another one is made anew.
    pub desk: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { heap: 50_000_000, threads: 1, desk: String::new() }
    }
}

/// Segments in which more than this share of stories is superseded are merged, so that old copy leaves the disk.
const SUPERSEDED_BEFORE_MERGE: f32 = 0.2;
/// So many segments of a size become one. Half of what is usual: a question opens each segment, and is asked more often
/// than a segment is written.
const SEGMENTS_BEFORE_MERGE: usize = 4;
/// Segments of at most so many stories count as of one size; the daemon commits small ones as stories come.
const SMALL_SEGMENT: u32 = 4_000;
/// Segments of more stories are merged no further: a merge takes some 60 bytes of memory for each of its stories, so that without an
/// end it would be hundreds of megabytes after some weeks.
const LARGE_SEGMENT: usize = 250_000;
const OPENING: &str = "opening the index";

/// The index of one desk: follows the store, and lends [`Searcher`]s.
pub struct Index {
    inner: tantivy::Index,
    reader: IndexReader,
    settings: Settings,
    stamp: Stamp,
    /// The last revision taken since the last commit.
    taken: Option<Seq>,
    /// Made when there is something to write. Dropped after any error: a writer that failed goes on saying yes and
    /// writes nothing (seen after a full disk), and its `rollback` may panic (tantivy issue 2634).
    writer: Option<IndexWriter>,
    beside: Mutex<Option<Beside>>,
    /// Where it is kept; none in memory and for readers.
    dir: Option<PathBuf>,
    /// Its files; none in memory.
    mapped: Option<MmapDirectory>,
}

/// What a reader worked out from one view of the index, and the number of that view.
type Beside = (u64, Arc<dyn Any + Send + Sync>);

impl Index {
    /// Opens the index in `dir` to follow a store; makes an empty one where there is none, where it cannot be read,
    /// where the words were cut by another version, or where it follows another store.
    ///
    /// # Errors
    /// `storage` when `dir` cannot be written.
    pub fn open(dir: &Path, settings: Settings) -> Result<Self, IndexError> {
        fs::create_dir_all(dir).map_err(|error| IndexError::io("making", dir, &error))?;
        sweep::drop_drafts(dir);
        if !look::exists(dir).doing(OPENING)? {
            return Self::create(dir, settings);
        }
        match Self::open_existing(dir, settings.clone()) {
            Ok(Ok(index)) => {
                sweep::sweep(&index.inner, dir)?;
                Ok(index)
            }
            Ok(Err(why)) | Err(IndexError::Corrupt { detail: why, .. }) => {
                tracing::warn!(dir = %dir.display(), why, "the index is made anew from the store");
                Self::anew(dir, settings)
            }
            Err(error) => Err(error),
        }
    }

    /// The index in `dir`, or why it is of no use.
    fn open_existing(dir: &Path, settings: Settings) -> Result<Result<Self, String>, IndexError> {
        let mapped = map(dir)?;
        let inner = tantivy::Index::open(mapped.clone()).doing(&opening(dir))?;
        let index = Self::from_tantivy(inner, settings)?.kept_in(dir).over(mapped);
        let foreign = index.stamp.foreign(&index.inner.schema(), Some(&index.settings.desk));
        Ok(foreign.map_or(Ok(index), Err))
    }

    /// Opens the index in `dir` to search it, beside the process that writes it.
    ///
    /// # Errors
    /// [`IndexError::Missing`] and [`IndexError::Foreign`] ask for `wiredesk reindex`.
    pub fn open_read(dir: &Path) -> Result<Self, IndexError> {
        let shown = || dir.display().to_string();
        if !dir.is_dir() || !look::exists(dir).doing(OPENING)? {
            return Err(IndexError::Missing { dir: shown() });
        }
        let mapped = map(dir)?;
        let looked = look::open(dir, mapped.clone()).doing(&opening(dir))?;
        let index = Self::from_tantivy(looked, Settings::default())?.over(mapped);
        match index.stamp.foreign(&index.inner.schema(), None) {
            Some(why) => Err(IndexError::Foreign { dir: shown(), why }),
            None => Ok(index),
        }
    }

    /// An empty index in `dir`, in place of whatever index is there.
    ///
    /// # Errors
    /// `storage` when `dir` cannot be written.
    pub fn anew(dir: &Path, settings: Settings) -> Result<Self, IndexError> {
        if dir.exists() {
            fs::remove_dir_all(dir).map_err(|error| IndexError::io("removing", dir, &error))?;
        }
        fs::create_dir_all(dir).map_err(|error| IndexError::io("making", dir, &error))?;
        Self::create(dir, settings)
    }

    /// An index in memory: for tests, benches and trying things out.
    ///
    /// # Errors
    /// None that is known.
    pub fn in_memory(settings: Settings) -> Result<Self, IndexError> {
        let inner = builder().create_in_ram().doing("making an index in memory")?;
        Self::from_tantivy(inner, settings)
    }

    fn create(dir: &Path, settings: Settings) -> Result<Self, IndexError> {
        let mapped = map(dir)?;
        let inner = builder().open_or_create(mapped.clone()).doing("making the index")?;
        Ok(Self::from_tantivy(inner, settings)?.kept_in(dir).over(mapped))
    }

    fn from_tantivy(inner: tantivy::Index, settings: Settings) -> Result<Self, IndexError> {
        inner.tokenizers().register(analyser::NAME, analyser::Analyser::default());
        let payload = inner.load_metas().doing(OPENING)?.payload;
        let reader = inner.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().doing(OPENING)?;
        let stamp = Stamp::read(payload.as_deref(), &settings.desk);
        Ok(Self {
            inner,
            reader,
            settings,
            stamp,
            taken: None,
            writer: None,
            beside: Mutex::default(),
            dir: None,
            mapped: None,
        })
    }

    fn kept_in(self, dir: &Path) -> Self {
        Self { dir: Some(dir.to_owned()), ..self }
    }

    fn over(self, mapped: MmapDirectory) -> Self {
        Self { mapped: Some(mapped), ..self }
    }

    /// The name of the desk whose store it follows.
    #[must_use]
    pub fn desk(&self) -> &str {
        &self.stamp.desk
    }

    /// A view of the last commit that was reloaded; cheap, and stays as it is while commits go on.
    #[must_use]
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// What `make` works out from the present view: made once, and kept beside it until the index is reloaded.
    #[must_use]
    pub fn beside<T: Any + Send + Sync>(&self, make: impl FnOnce(Searcher) -> T) -> Arc<T> {
        let searcher = self.searcher();
        let view = searcher.generation().generation_id();
        let mut beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = beside.iter().filter(|(of, _)| *of == view).map(|(_, kept)| Arc::clone(kept)).next();
        if let Some(Ok(kept)) = kept.map(Arc::downcast) {
            return kept;
        }
        let made = Arc::new(make(searcher));
        *beside = Some((view, Arc::clone(&made) as Arc<dyn Any + Send + Sync>));
        made
    }

    /// Sees what another process has committed since; one's own commits are seen at once.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn reload(&self) -> Result<(), IndexError> {
        self.reader.reload().doing("reloading the index")?;
        if let Some(mapped) = &self.mapped {
            // Tantivy remembers the path of every file that it ever opened, some kilobytes a commit, until it is asked which
            // of them are open
            mapped.get_cache_info();
        }
        Ok(())
    }

    /// Files whose bytes are no longer those that were written; damage that goes unseen answers some searches wrongly.
    /// Reads the whole index, unless that was done within a day and nobody has touched the files in `dir` since.
    ///
    /// # Errors
    /// `corrupt` or `storage` when they cannot be read at all.
    pub fn damaged_files(&self, dir: &Path) -> Result<Vec<PathBuf>, IndexError> {
        let files = whole::Files::look(dir);
        if files.as_ref().is_some_and(whole::Files::are_known) {
            return Ok(Vec::new());
        }
        let damaged = self.every_damaged_file()?;
        if let Some(files) = files.filter(|_| damaged.is_empty()) {
            files.remember();
        }
        Ok(damaged)
    }

    /// The same, whatever was found before.
    ///
    /// # Errors
    /// `corrupt` or `storage` when they cannot be read at all.
    pub fn every_damaged_file(&self) -> Result<Vec<PathBuf>, IndexError> {
        Ok(self.inner.validate_checksum().doing("checking the index")?.into_iter().collect())
    }

    /// Waits for merges under way and closes the writer: what a process does before it ends, so that the next one
    /// opens few segments.
    ///
    /// # Errors
    /// `storage`; what was committed stays.
    pub fn settle(&mut self) -> Result<(), IndexError> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        writer.wait_merging_threads().doing("merging the index")?;
        self.reload()
    }

    fn writer(&mut self) -> Result<&mut IndexWriter, IndexError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.new_writer()?,
        };
        Ok(self.writer.insert(writer))
    }

    fn new_writer(&self) -> Result<IndexWriter, IndexError> {
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(self.settings.heap)
            .num_worker_threads(self.settings.threads.max(1))
            .num_merge_threads(1)
            .build();
        let writer = self.inner.writer_with_options(options).doing("opening the index for writing")?;
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(SEGMENTS_BEFORE_MERGE);
        policy.set_min_layer_size(SMALL_SEGMENT);
        policy.set_max_docs_before_merge(LARGE_SEGMENT);
        policy.set_del_docs_ratio_before_merge(SUPERSEDED_BEFORE_MERGE);
        writer.set_merge_policy(Box::new(policy));
        Ok(writer)
    }

    /// Puts the story's current revision in place of any other.
    fn put(&mut self, revision: &Revision) -> Result<(), IndexError> {
        let story = fields::story_term(&revision.item.id);
        let document: Option<TantivyDocument> = fields::document(&revision.item, revision.seq.0);
        let writer = self.writer()?;
        writer.delete_query(Box::new(Earlier(story))).doing("indexing a story")?;
        document.map_or(Ok(0), |document| writer.add_document(document)).doing("indexing a story").map(drop)
    }

    fn commit_to(&mut self, stamp: &Stamp) -> Result<(), IndexError> {
        let payload = serde_json::to_string(stamp).unwrap_or_default();
        let mut commit = self.writer()?.prepare_commit().doing("writing the index")?;
        commit.set_payload(&payload);
        commit.commit().doing("writing the index")?;
        self.sync_names()?;
        self.reload()
    }

    /// Tantivy renames the list of its files and leaves the new name to the system.
    fn sync_names(&self) -> Result<(), IndexError> {
        let Some(dir) = &self.dir else { return Ok(()) };
        fs::File::open(dir)
            .and_then(|dir| dir.sync_all())
            .map_err(|error| IndexError::io("syncing", dir, &error))
    }

    /// After an error the writer is not to be trusted: the next revision gets a new one.
    fn failed(&mut self, error: IndexError) -> SinkError {
        (self.writer, self.taken) = (None, None);
        SinkError::new(error.class(), error.to_string())
    }
}

impl Sink for Index {
    fn position(&self) -> Result<Seq, SinkError> {
        Ok(self.stamp.seq)
    }

    fn reached(&self) -> Result<Seq, SinkError> {
        Ok(self.taken.unwrap_or(self.stamp.seq))
    }

    fn take(&mut self, revision: &Revision) -> Result<(), SinkError> {
        if revision.current {
            self.put(revision).map_err(|error| self.failed(error))?;
        }
        self.taken = Some(revision.seq);
        Ok(())
    }

    fn commit(&mut self, up_to: Seq) -> Result<(), SinkError> {
        let stamp = Stamp { seq: up_to, ..self.stamp.clone() };
        self.commit_to(&stamp).map_err(|error| self.failed(error))?;
        (self.stamp, self.taken) = (stamp, None);
        Ok(())
    }
}

fn builder() -> tantivy::IndexBuilder {
    // nothing is stored, so nothing is gained by compressing it on a thread of its own
    let settings = IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
    tantivy::Index::builder().schema(fields::schema()).settings(settings)
}

fn opening(dir: &Path) -> String {
    format!("{OPENING} in {}", dir.display())
}

fn map(dir: &Path) -> Result<MmapDirectory, IndexError> {
    MmapDirectory::open(dir).map_err(Into::into).doing(&opening(dir))
}
