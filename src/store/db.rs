//! The file: opened for writing by one process, for reading by any.

use std::cell::RefCell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};

use super::error::{Doing, StoreError};
use super::fresh::{Fresh, Recent};
use super::lock::WriterLock;
use super::mark::{self, Mark};
use super::schema;
use super::sealed::{Seal, open_to_read};

/// The database's name in the data dir.
pub const DATABASE: &str = "desk.db";

/// Pages of the database kept in memory, in KiB with a minus: what the system has in its own cache costs a copy to read again. Filled
/// within some thousand stories, so that memory does not creep.
pub const CACHE: &str = "-8192";

/// The same for the one who writes: the inner pages of every table of a desk of some million stories. With fewer, each story that comes or goes
/// reads and writes them once more.
const WRITERS_CACHE: &str = "-32768";

/// So many pages (64 MB) may wait in the log until they are written to the file: what changes several times meanwhile is written there once.
/// With SQLite's own thousand nearly each transaction of a busy desk was followed by a second wait for the disk.
pub const WAITING: &str = "16384";

/// How long to wait for another process inside SQLite before calling it `locked`.
const PATIENCE: Duration = Duration::from_secs(5);

/// Files that only a desk leaves: with one of them there and the database gone, something was lost.
const TRACES: &[&str] = &["desk.db-wal", "index", "mark", "threads.db", "topics.db"];

/// All that a desk keeps in its data dir, the lock aside: what a restored one takes the place of.
pub const OWNED: &[&str] = &[
    "desk.db",
    "desk.db-wal",
    "desk.db-shm",
    "threads.db",
    "threads.db-wal",
    "threads.db-shm",
    "topics.db",
    "topics.db-wal",
    "topics.db-shm",
    "topics.kept",
    "index",
    "index.new",
    "index.old",
    "rejected",
    "mark",
];

/// The log of revisions, the raw deliveries and the state of the feeds.
#[derive(Debug)]
pub struct Store {
    pub(super) conn: Connection,
    pub(super) fresh: RefCell<Fresh>,
    pub(super) recent: RefCell<Recent>,
    path: PathBuf,
    pub(super) mark: Mark,
    seal: Option<Seal>,
    _lock: Option<WriterLock>,
}

impl Store {
    /// Opens the store of the data dir `dir` for writing, and makes both when there are none.
    ///
    /// # Errors
    /// `locked` when another process writes to it; `corrupt` when the database is empty, foreign, damaged or gone
    /// from beside what followed it; `storage` when the disk refuses.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(dir).doing_to("making the data dir", dir)?;
        let lock = WriterLock::take(dir)?;
        let path = dir.join(DATABASE);
        if !path.exists() {
            create(dir, &path)?;
        }
        let noted = mark::noted(dir);
        let mut conn = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        schema::recognise(&conn, &path)?;
        mark::check(&conn, noted, &path)?;
        // durable at every commit: an acknowledgement may follow it
        for (pragma, value) in [
            ("journal_mode", "WAL"),
            ("synchronous", "FULL"),
            ("foreign_keys", "ON"),
            ("cache_size", WRITERS_CACHE),
            ("wal_autocheckpoint", WAITING),
        ] {
            conn.pragma_update(None, pragma, value).doing_to("opening", &path)?;
        }
        schema::migrate(&mut conn, schema::MIGRATIONS).doing_to("migrating", &path)?;
        let mark = Mark::open(dir);
        mark.note(&conn);
        Ok(Self {
            conn,
            fresh: RefCell::default(),
            recent: RefCell::default(),
            path,
            mark,
            seal: None,
            _lock: Some(lock),
        })
    }

    /// Opens the store of the data dir `dir` for reading, also while another process writes to it.
    ///
    /// # Errors
    /// `storage` when there is none, `corrupt` when it is not a desk.
    pub fn open_read_only(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(DATABASE);
        if !path.exists() {
            refuse_traces(dir, &path)?;
            let doing = format!("opening {}", path.display());
            return Err(StoreError::storage(doing, "there is no desk yet", "run `wiredesk ingest` first"));
        }
        let noted = mark::noted(dir);
        let (conn, seal) = open_to_read(&path).doing_to("opening", &path)?;
        set_up(&conn, &path)?;
        schema::recognise(&conn, &path)?;
        mark::check(&conn, noted, &path)?;
        if schema::is_behind(&conn).doing_to("opening", &path)? {
            let doing = format!("opening {}", path.display());
            return Err(StoreError::storage(
                doing,
                "written by an older wiredesk",
                "run `wiredesk ingest` once",
            ));
        }
        Ok(Self {
            conn,
            fresh: RefCell::default(),
            recent: RefCell::default(),
            path,
            mark: Mark::none(),
            seal,
            _lock: None,
        })
    }

    /// Accepts the loss of a store that has lost its end, and goes on with what is left.
    ///
    /// # Errors
    /// `locked` when another process writes to it, `storage` when the disk refuses.
    pub fn accept_loss(dir: &Path) -> Result<(), StoreError> {
        let _lock = WriterLock::take(dir)?;
        remove(&dir.join(mark::FILE))
    }

    /// A connection without the writer's lock, to a desk that was looked at.
    pub(super) fn connected(dir: &Path, access: OpenFlags) -> Result<Self, StoreError> {
        let path = dir.join(DATABASE);
        let conn = connect(&path, access)?;
        conn.pragma_update(None, "synchronous", "FULL").doing_to("opening", &path)?;
        Ok(Self {
            conn,
            fresh: RefCell::default(),
            recent: RefCell::default(),
            path,
            mark: Mark::open(dir),
            seal: None,
            _lock: None,
        })
    }

    /// The desk's own name, made up when it was: tells one desk's files from another's. 16 hex digits.
    ///
    /// # Errors
    /// `corrupt` or `storage`, from SQLite.
    pub fn identity(&self) -> Result<String, StoreError> {
        let sql = "SELECT value FROM meta WHERE key = 'desk'";
        self.conn.query_row(sql, [], |row| row.get(0)).doing("reading the desk's identity")
    }

    /// The data dir.
    pub(super) fn dir(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    /// True when it was opened as files that nobody writes to, and somebody has written since: it must be opened again.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        self.seal.as_ref().is_some_and(Seal::is_broken)
    }

    /// From here on every question is answered as of one moment, whatever others write meanwhile.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn hold_still(&self) -> Result<(), StoreError> {
        self.conn.execute_batch("BEGIN").doing("beginning to read")
    }

    /// The same for as long as what this gives is held; none where one moment is held already. Each question by itself would ask
    /// for the file anew.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn moment(&self) -> Result<Option<Transaction<'_>>, StoreError> {
        let is_held = !self.conn.is_autocommit();
        (!is_held).then(|| self.conn.unchecked_transaction()).transpose().doing("beginning to read")
    }

    /// Looks through the whole file for damage (`PRAGMA quick_check`): reads all of it.
    ///
    /// # Errors
    /// `corrupt` with what was found.
    pub fn check(&self) -> Result<(), StoreError> {
        let verdict: String = self
            .conn
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .doing_to("checking", &self.path)?;
        if verdict == "ok" {
            return Ok(());
        }
        Err(StoreError::corrupt(format!("checking {}", self.path.display()), verdict))
    }
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection, StoreError> {
    let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .doing_to("opening", path)?;
    set_up(&conn, path)?;
    Ok(conn)
}

fn set_up(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    conn.busy_timeout(PATIENCE).doing_to("opening", path)?;
    // more than landing asks, and one plan for all values: none of its statements is planned twice
    conn.set_prepared_statement_cache_capacity(64);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).doing_to("opening", path)?;
    Ok(())
}

/// Made beside and renamed, so that a database under its name is a whole one even when the process dies here.
fn create(dir: &Path, path: &Path) -> Result<(), StoreError> {
    refuse_traces(dir, path)?;
    let draft = dir.join("desk.db.new");
    for left in ["desk.db.new", "desk.db.new-journal"] {
        remove(&dir.join(left))?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut conn = connect(&draft, flags)?;
    schema::create(&mut conn).doing_to("making", &draft)?;
    conn.close().map_err(|(_, error)| error).doing_to("making", &draft)?;
    File::open(&draft).and_then(|file| file.sync_all()).doing_to("syncing", &draft)?;
    fs::rename(&draft, path).doing_to("making", path)?;
    sync_dir(dir)
}

fn refuse_traces(dir: &Path, path: &Path) -> Result<(), StoreError> {
    match TRACES.iter().find(|trace| dir.join(trace).exists()) {
        None => Ok(()),
        Some(trace) => Err(StoreError::corrupt(
            format!("opening {}", path.display()),
            format!("the database is gone, though {trace} is there"),
        )),
    }
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).doing_to("removing", path),
        _ => Ok(()),
    }
}

/// Makes a new or renamed file's name durable.
pub(super) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    File::open(dir).and_then(|file| file.sync_all()).doing_to("syncing", dir)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Desk, landing, story};
    use super::super::{Seq, StoreError};
    use super::*;

    /// What a power cut at this moment would leave on the disk.
    fn crash_image(desk: &Desk) -> tempfile::TempDir {
        let image = tempfile::tempdir().unwrap();
        for name in ["desk.db", "desk.db-wal"] {
            fs::copy(desk.dir.path().join(name), image.path().join(name)).unwrap();
        }
        image
    }

    #[test]
    fn what_landed_is_there_after_reopening() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "1", "one")])).unwrap();
        let identity = desk.store.identity().unwrap();
        drop(desk.store);
        let store = Store::open(desk.dir.path()).unwrap();
        assert_eq!((store.last_seq().unwrap(), store.identity().unwrap()), (Seq(1), identity));
        assert_eq!(store.feeds().unwrap()[0].id, "ap");
        store.check().unwrap();
    }

    #[test]
    fn what_was_acknowledged_survives_a_cut_and_what_was_not_leaves_nothing() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![story("a", "1", "one")])).unwrap();
        let after_commit = crash_image(&desk);
        // a landing that is under way and has already spilled into the log file
        desk.store.conn.execute_batch("PRAGMA cache_size = 2; BEGIN IMMEDIATE").unwrap();
        let row = "INSERT INTO raw (sha256, size, bytes) VALUES (randomblob(32), 1, zeroblob(9000))";
        for _ in 0..50 {
            desk.store.conn.execute_batch(row).unwrap();
        }
        let in_landing = crash_image(&desk);
        let wal = |dir: &tempfile::TempDir| fs::metadata(dir.path().join("desk.db-wal")).unwrap().len();
        assert!(wal(&in_landing) > wal(&after_commit) + 100_000, "the landing did not reach the disk");
        for image in [after_commit, in_landing] {
            let store = Store::open(image.path()).unwrap();
            assert_eq!(store.current("a").unwrap().unwrap().item.headline.as_deref(), Some("one"));
            assert_eq!(store.counts().unwrap().revisions, 1);
            let raws: i64 = store.conn.query_row("SELECT count(*) FROM raw", [], |row| row.get(0)).unwrap();
            assert_eq!(raws, 1);
            store.check().unwrap();
        }
    }

    #[test]
    fn a_process_that_died_while_making_a_desk_stops_nobody() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("desk.db.new"), b"SQLite format 3\0 and then the light went out").unwrap();
        fs::write(dir.path().join("lock"), "4711\n").unwrap();
        assert_eq!(Store::open(dir.path()).unwrap().last_seq().unwrap(), Seq(0));
    }

    #[test]
    fn a_second_writer_is_refused_and_told_who_writes() {
        let desk = Desk::new();
        let error = Store::open(desk.dir.path()).unwrap_err();
        assert_eq!(error.class(), "locked");
        assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
        drop(desk.store);
        Store::open(desk.dir.path()).unwrap();
    }

    #[test]
    fn a_reader_reads_while_the_writer_writes() {
        let mut desk = Desk::new();
        let reader = Store::open_read_only(desk.dir.path()).unwrap();
        assert_eq!(reader.last_seq().unwrap(), Seq(0));
        desk.store.land(landing("ap", 1, vec![story("a", "1", "one")])).unwrap();
        assert_eq!(reader.last_seq().unwrap(), Seq(1));
        let mut reader = reader;
        let error = reader.land(landing("ap", 2, vec![story("b", "1", "two")])).unwrap_err();
        assert_eq!(error.class(), "storage");
    }

    #[test]
    fn what_is_not_a_desk_is_never_taken_for_an_empty_one() {
        type Spoil = fn(&Path);
        fn sql(dir: &Path, sql: &str) {
            Connection::open(dir.join(DATABASE)).unwrap().execute_batch(sql).unwrap();
        }
        let cases: &[(&str, Spoil, &str)] = &[
            ("emptied", |dir| fs::write(dir.join(DATABASE), b"").unwrap(), "corrupt"),
            ("overwritten", |dir| fs::write(dir.join(DATABASE), [7; 8192]).unwrap(), "corrupt"),
            ("foreign", |dir| sql(dir, "PRAGMA application_id = 42"), "corrupt"),
            ("its row deleted", |dir| sql(dir, "DELETE FROM meta"), "corrupt"),
            ("its tables dropped", |dir| sql(dir, "DROP TABLE meta"), "corrupt"),
            ("its version lost", |dir| sql(dir, "PRAGMA user_version = 0"), "corrupt"),
            ("newer", |dir| sql(dir, "PRAGMA user_version = 999"), "storage"),
            (
                "gone",
                |dir| {
                    fs::remove_file(dir.join(DATABASE)).unwrap();
                    fs::create_dir(dir.join("index")).unwrap();
                },
                "corrupt",
            ),
        ];
        for (name, spoil, class) in cases {
            let desk = Desk::new();
            drop(desk.store);
            spoil(desk.dir.path());
            for opened in [Store::open(desk.dir.path()), Store::open_read_only(desk.dir.path())] {
                let error: StoreError = opened.map(|_| panic!("{name}: opened")).unwrap_err();
                assert_eq!(error.class(), *class, "{name}: {error}");
                assert!(error.to_string().contains("hint: "), "{name}: {error}");
            }
        }
    }

    #[test]
    fn damage_inside_the_file_is_found_by_the_check() {
        let mut desk = Desk::new();
        let items = (0..200).map(|n| story(&format!("s{n}"), "1", &"words ".repeat(100))).collect();
        desk.store.land(landing("ap", 1, items)).unwrap();
        drop(desk.store);
        let path = desk.dir.path().join(DATABASE);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2 / 4096 * 4096;
        bytes[middle..middle + 4096].fill(0);
        fs::write(&path, bytes).unwrap();
        let error = Store::open(desk.dir.path()).and_then(|store| store.check()).unwrap_err();
        assert_eq!(error.class(), "corrupt", "{error}");
    }

    #[test]
    fn a_data_dir_without_a_desk_is_not_read_but_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = Store::open_read_only(dir.path()).unwrap_err();
        assert!(error.to_string().contains("no desk yet"), "{error}");
        assert!(!dir.path().join(DATABASE).exists());
    }
}
