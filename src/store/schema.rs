//! The schema of a store, brought up to date: the same numbers on both engines, all of it or nothing.
//!
//! A store that is up to date is only read, so that opening one waits for no writer.

use super::sqlite::{self, APPLICATION_ID};
use super::{BUSY, faults, postgres};
use crate::error::{Kind, Problem};
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Number and checksum of what was done to a store.
type Applied = Vec<(i64, Vec<u8>)>;

const APPLIED: &str = "select version, checksum from _sqlx_migrations where success order by version";

/// Number of the newest schema that this program knows.
fn newest(known: &Migrator) -> i64 {
    known.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Whether nothing is left to do; refuses what a newer program has done.
fn is_current(known: &Migrator, applied: &[(i64, Vec<u8>)]) -> Result<bool, Problem> {
    let (held, newest) = (applied.last().map_or(0, |(version, _)| *version), newest(known));
    if held > newest {
        let what =
            format!("the store was written by a newer hourmatch: its schema is number {held}, this program's {newest}");
        let hint = "use that version, or put back a backup made before it. The store was left as it is";
        return Err(Problem::new(what).kind(Kind::Stored).hint(hint));
    }
    let known = known.iter().map(|migration| (migration.version, &*migration.checksum));
    Ok(known.eq(applied.iter().map(|(version, checksum)| (*version, checksum.as_slice()))))
}

/// Of an SQLite file, which is made where the options say so.
pub(super) async fn sqlite(options: &SqliteConnectOptions) -> anyhow::Result<()> {
    let path = options.get_filename();
    let fault = |error: sqlx::Error| faults::problem(&error).file(path.display());
    let mut connection = sqlite::connect(options).await.map_err(fault)?;
    let done = up_to_date(&mut connection).await;
    // Whatever came of it, what SQLite made beside the file goes with the connection.
    connection.close().await.map_err(fault)?;
    Ok(done.map_err(|problem| problem.file(path.display()))?)
}

async fn up_to_date(connection: &mut SqliteConnection) -> Result<(), Problem> {
    if is_current_sqlite(connection).await? { Ok(()) } else { bring_up_to_date(connection).await }
}

/// What the header of an SQLite file starts with, and where in it stand its `user_version` and `application_id`.
const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER: usize = 100;
const USER_VERSION: Range<usize> = 60..64;
const APPLICATION: Range<usize> = 68..72;

/// Whether a file is a store of this schema, by its header alone: nothing is opened that would make files beside it.
pub(super) fn is_current_file(path: &Path) -> bool {
    let mut header = [0; HEADER];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    let number = |at: Range<usize>| header[at].iter().fold(0, |number, byte| (number << 8) | i64::from(*byte));
    read.is_ok()
        && header.starts_with(MAGIC)
        && number(USER_VERSION) == newest(&SQLITE)
        && number(APPLICATION) == APPLICATION_ID
}

/// The header of such a file.
#[cfg(test)]
pub(super) fn header() -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..MAGIC.len()].copy_from_slice(MAGIC);
    header[USER_VERSION].copy_from_slice(&(newest(&SQLITE) as u32).to_be_bytes());
    header[APPLICATION].copy_from_slice(&(APPLICATION_ID as u32).to_be_bytes());
    header
}

async fn is_current_sqlite(connection: &mut SqliteConnection) -> Result<bool, Problem> {
    let (applied, marked) = held(connection).await.map_err(|error| faults::problem(&error))?;
    Ok(is_current(&SQLITE, &applied)? && marked)
}

/// What was done to a file, and whether its header says whose it is and how far it is.
async fn held(connection: &mut SqliteConnection) -> sqlx::Result<(Applied, bool)> {
    let table = "select count(*) from sqlite_master where type = 'table' and name = '_sqlx_migrations'";
    let (tables,): (i64,) = sqlx::query_as(table).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok((Applied::new(), false));
    }
    let (id,): (i64,) = sqlx::query_as("pragma application_id").fetch_one(&mut *connection).await?;
    let (number,): (i64,) = sqlx::query_as("pragma user_version").fetch_one(&mut *connection).await?;
    let applied: Applied = sqlx::query_as(APPLIED).fetch_all(&mut *connection).await?;
    Ok((applied, id == APPLICATION_ID && number == newest(&SQLITE)))
}

/// One transaction: of several programs that open a store at once, one does it and the others find it done.
async fn bring_up_to_date(connection: &mut SqliteConnection) -> Result<(), Problem> {
    let fault = |error: sqlx::Error| faults::problem(&error);
    let patience = AssertSqlSafe(format!("pragma busy_timeout = {}", BUSY.as_millis()));
    sqlx::query(patience).execute(&mut *connection).await.map_err(fault)?;
    let mut write = connection.begin_with("begin immediate").await.map_err(fault)?;
    if is_current_sqlite(&mut write).await? {
        return write.rollback().await.map_err(fault);
    }
    SQLITE.run(&mut *write).await.map_err(|error| faults::of_migration(&error))?;
    let number = newest(&SQLITE);
    for mark in [format!("pragma application_id = {APPLICATION_ID}"), format!("pragma user_version = {number}")] {
        sqlx::query(AssertSqlSafe(mark)).execute(&mut *write).await.map_err(fault)?;
    }
    write.commit().await.map_err(fault)
}

/// Of a PostgreSQL database. The migrator's own lock is let go of with the connection, whatever comes.
pub(super) async fn postgres(options: &PgConnectOptions) -> anyhow::Result<()> {
    let fault = |error: sqlx::Error| faults::problem(&error);
    let mut connection = postgres::connect(options).await.map_err(fault)?;
    if !is_current_postgres(&mut connection).await? {
        POSTGRES.run(&mut connection).await.map_err(|error| faults::of_migration(&error))?;
    }
    Ok(connection.close().await.map_err(fault)?)
}

async fn is_current_postgres(connection: &mut PgConnection) -> Result<bool, Problem> {
    let fault = |error: sqlx::Error| faults::problem(&error);
    let table = "select to_regclass('_sqlx_migrations') is not null";
    let (there,): (bool,) = sqlx::query_as(table).fetch_one(&mut *connection).await.map_err(fault)?;
    if !there {
        return Ok(false);
    }
    let applied: Applied = sqlx::query_as(APPLIED).fetch_all(&mut *connection).await.map_err(fault)?;
    is_current(&POSTGRES, &applied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told_from_what_is_to_do() {
        let all: Applied = SQLITE.iter().map(|m| (m.version, m.checksum.to_vec())).collect();
        assert_eq!(is_current(&SQLITE, &all), Ok(true));
        assert_eq!(is_current(&SQLITE, &all[..1]), Ok(false));
        assert_eq!(is_current(&SQLITE, &[]), Ok(false));
        let mut changed = all.clone();
        changed[0].1[0] ^= 1;
        assert_eq!(is_current(&SQLITE, &changed), Ok(false), "the migrator says what is wrong with it");
        let newer = [all.clone(), vec![(newest(&SQLITE) + 1, vec![0])]].concat();
        let said = is_current(&SQLITE, &newer).expect_err("newer").to_string();
        assert!(said.contains("newer hourmatch") && said.contains("hint: use that version"), "{said}");
    }
}
