//! The file: opened for writing by one process, for reading by any.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::{Doing, StoreError};
use super::lock::WriterLock;
use super::schema;

/// The database's name in the data dir.
pub const DATABASE: &str = "desk.db";

/// How long to wait for another process inside SQLite before calling it `locked`.
const PATIENCE: Duration = Duration::from_secs(5);

/// Files that only a desk leaves: with one of them there and the database gone, something was lost.
const TRACES: &[&str] = &["desk.db-wal", "index"];

/// The log of revisions, the raw deliveries and the state of the feeds.
#[derive(Debug)]
pub struct Store {
    pub(super) conn: Connection,
    path: PathBuf,
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
        let mut conn = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        schema::recognise(&conn, &path)?;
        // durable at every commit: an acknowledgement may follow it
        for (pragma, value) in [("journal_mode", "WAL"), ("synchronous", "FULL"), ("foreign_keys", "ON")] {
            conn.pragma_update(None, pragma, value).doing_to("opening", &path)?;
        }
        schema::migrate(&mut conn, schema::MIGRATIONS).doing_to("migrating", &path)?;
        Ok(Self { conn, path, _lock: Some(lock) })
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
        let conn = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        schema::recognise(&conn, &path)?;
        Ok(Self { conn, path, _lock: None })
    }

    /// The desk's own name, made up when it was: tells one desk's files from another's. 16 hex digits.
    ///
    /// # Errors
    /// `corrupt` or `storage`, from SQLite.
    pub fn identity(&self) -> Result<String, StoreError> {
        let sql = "SELECT value FROM meta WHERE key = 'desk'";
        self.conn.query_row(sql, [], |row| row.get(0)).doing("reading the desk's identity")
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
    conn.busy_timeout(PATIENCE).doing_to("opening", path)?;
    Ok(conn)
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
