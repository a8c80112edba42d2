//! The tables, as a numbered list of steps: `user_version` says how many of them a database has taken.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Doing, StoreError};

/// What `file(1)` and SQLite call `application_id`: "wire".
const APPLICATION_ID: i32 = 0x7769_7265;

/// One step a row, never changed once released; the next one is added below.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
    include_str!("schema/8.sql"),
];

/// Makes the tables of a new database, all or nothing.
pub(super) fn create(conn: &mut Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrate(conn, MIGRATIONS)
}

/// Takes the steps of `steps` that the database has not taken yet, in one transaction.
///
/// # Errors
/// SQLite's, of a step or of the file; no step was taken then.
pub fn migrate(conn: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    if version(conn)? >= steps.len() {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // another process may have taken them by now
    let taken = version(&tx)?;
    if taken >= steps.len() {
        return Ok(());
    }
    for step in steps.iter().skip(taken) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", i64::try_from(steps.len()).unwrap_or(i64::MAX))?;
    tx.commit()
}

/// True when the database has taken steps that are not among `steps`: a newer wiredesk has written it.
///
/// # Errors
/// SQLite's.
pub fn is_newer(conn: &Connection, steps: &[&str]) -> rusqlite::Result<bool> {
    Ok(version(conn)? > steps.len())
}

/// True when this wiredesk knows steps that the database has not taken.
pub(super) fn is_behind(conn: &Connection) -> rusqlite::Result<bool> {
    Ok(version(conn)? < MIGRATIONS.len())
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
    if version == 0 {
        return Err(StoreError::corrupt(doing(), "the schema's version is gone"));
    }
    let desks: i64 = conn
        .query_row("SELECT count(*) FROM meta WHERE key = 'desk'", [], |row| row.get(0))
        .map_err(|error| StoreError::corrupt(doing(), format!("no meta table ({error})")))?;
    if desks == 1 { Ok(()) } else { Err(StoreError::corrupt(doing(), "the desk's own row is missing")) }
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    /// A desk as schema version 1 left it, with two stories; never changed.
    const VERSION_1: &str = include_str!("../../fixtures/store/version-1.sql");

    fn tables(conn: &Connection) -> Vec<String> {
        let sql =
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY name";
        let mut query = conn.prepare(sql).unwrap();
        let rows = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let words = |sql: String| sql.split_whitespace().collect::<Vec<_>>().join(" ");
        rows.map(|row| words(row.unwrap())).collect()
    }

    #[test]
    fn a_desk_of_version_1_is_brought_up_to_date_with_all_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        Connection::open(dir.path().join("desk.db")).unwrap().execute_batch(VERSION_1).unwrap();
        let old = Store::open(dir.path()).unwrap();
        let new_dir = tempfile::tempdir().unwrap();
        let new = Store::open(new_dir.path()).unwrap();
        assert_eq!(tables(&old.conn), tables(&new.conn));
        assert_eq!(version(&old.conn).unwrap(), MIGRATIONS.len());
        let headlines: Vec<_> =
            old.history("a1").unwrap().into_iter().map(|r| (r.item.headline, r.current)).collect();
        assert_eq!(headlines, [(Some("Talks open".into()), false), (Some("Talks go on".into()), true)]);
        let raw = old.raw(old.current("b1").unwrap().unwrap().delivery).unwrap().unwrap();
        assert_eq!(raw.bytes, b"<rss/>");
        assert_eq!(old.feed_state("ap").unwrap().unwrap().failures, 2);
    }

    #[test]
    fn a_step_is_taken_once_and_one_that_fails_leaves_nothing() {
        let mut conn = Connection::open_in_memory().unwrap();
        create(&mut conn).unwrap();
        let known = MIGRATIONS.len();
        let then = |step| [MIGRATIONS, &[step]].concat();
        let fails = then("ALTER TABLE story ADD COLUMN x TEXT; SELECT no_such_function();");
        migrate(&mut conn, &fails).unwrap_err();
        assert_eq!(version(&conn).unwrap(), known);
        let works = then("ALTER TABLE story ADD COLUMN x TEXT;");
        migrate(&mut conn, &works).unwrap();
        migrate(&mut conn, &works).unwrap();
        assert_eq!(version(&conn).unwrap(), known + 1);
        conn.execute_batch("SELECT x FROM story").unwrap();
    }
}
