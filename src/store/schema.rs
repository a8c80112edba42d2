//! The tables, as a numbered list of steps: `user_version` says how many of them a database has taken.

use std::path::Path;

use rusqlite::Connection;

use super::error::{Doing, StoreError};

/// What `file(1)` and SQLite call `application_id`: "wire".
const APPLICATION_ID: i32 = 0x7769_7265;

/// One step a row, never changed once released; the next one is added below.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("schema/1.sql")];

/// Makes the tables of a new database, all or nothing.
pub(super) fn create(conn: &mut Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrate(conn, MIGRATIONS)
}

/// Takes the steps of `steps` that the database has not taken yet, in one transaction.
pub(super) fn migrate(conn: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    let taken = version(conn)?;
    if taken >= steps.len() {
        return Ok(());
    }
    let tx = conn.transaction()?;
    for step in steps.iter().skip(taken) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", i64::try_from(steps.len()).unwrap_or(i64::MAX))?;
    tx.commit()
}

fn version(conn: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(0))
}

/// Refuses what is not a desk: SQLite takes an empty file for an empty database, and would lose a desk silently.
pub(super) fn recognise(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let doing = || format!("opening {}", path.display());
    let id: i32 =
        conn.pragma_query_value(None, "application_id", |row| row.get(0)).doing_to("opening", path)?;
    if id != APPLICATION_ID {
        let found =
            if id == 0 { "an empty or foreign database".into() } else { format!("application {id:#x}") };
        return Err(StoreError::corrupt(doing(), format!("not a desk but {found}")));
    }
    let version = version(conn).doing_to("opening", path)?;
    if version > MIGRATIONS.len() {
        let detail = format!("written by a newer wiredesk (schema {version}, known: {})", MIGRATIONS.len());
        return Err(StoreError::storage(doing(), detail, "use the newer wiredesk"));
    }
    let desks: i64 = conn
        .query_row("SELECT count(*) FROM meta WHERE key = 'desk'", [], |row| row.get(0))
        .map_err(|error| StoreError::corrupt(doing(), format!("no meta table ({error})")))?;
    if desks == 1 { Ok(()) } else { Err(StoreError::corrupt(doing(), "the desk's own row is missing")) }
}
