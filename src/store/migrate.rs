//! The schema of a store, brought up to date: the same numbers on both engines, all of it or nothing.
//!
//! A store that is up to date is only read, so that opening one waits for no writer.

use super::faults;
use super::handle::BUSY;
use super::lease::READ_WAIT;
use super::schema::{APPLICATION_ID, Applied, POSTGRES, SQLITE, is_current, newest};
use crate::clock::Stopwatch;
use crate::error::Fault;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::time::Duration;

const APPLIED: &str = "select version, checksum from _sqlx_migrations where success order by version";

/// A change of the schema takes as long as it takes once it has its turn.
const MIGRATING: &str = "set statement_timeout = 0; set lock_timeout = '60s'";
/// Between two looks at a file that is taken.
const PAUSE: Duration = Duration::from_millis(40);

/// A connection; a file that another process is taking for itself, or recovering, is waited for.
pub(super) async fn connect(options: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
    let waited = Stopwatch::start();
    loop {
        match SqliteConnection::connect_with(options).await {
            Err(error) if faults::passes(&error) && waited.seconds() < READ_WAIT.as_secs_f64() => {
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

/// Of an SQLite file, which is made where the options say so.
pub(super) async fn sqlite(options: &SqliteConnectOptions) -> anyhow::Result<()> {
    let path = options.get_filename();
    let fault = |error: sqlx::Error| faults::problem(&error).file(path.display());
    let mut connection = connect(options).await.map_err(fault)?;
    let done = bring_up_to_date(&mut connection).await;
    // Whatever came of it, what SQLite made beside the file goes with the connection.
    connection.close().await.map_err(fault)?;
    Ok(done.map_err(|problem| problem.file(path.display()))?)
}

async fn is_current_sqlite(connection: &mut SqliteConnection) -> Result<bool, Fault> {
    let (applied, marked) = held(connection).await?;
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
async fn bring_up_to_date(connection: &mut SqliteConnection) -> Result<(), Fault> {
    if is_current_sqlite(connection).await? {
        return Ok(());
    }
    let lock_timeout = AssertSqlSafe(format!("pragma busy_timeout = {}", BUSY.as_millis()));
    sqlx::query(lock_timeout).execute(&mut *connection).await?;
    let mut write = connection.begin_with("begin immediate").await?;
    if is_current_sqlite(&mut write).await? {
        return Ok(write.rollback().await?);
    }
    SQLITE.run(&mut *write).await.map_err(|error| faults::of_migration(&error))?;
    let number = newest(&SQLITE);
    for mark in [format!("pragma application_id = {APPLICATION_ID}"), format!("pragma user_version = {number}")] {
        sqlx::query(AssertSqlSafe(mark)).execute(&mut *write).await?;
    }
    Ok(write.commit().await?)
}

/// Of a PostgreSQL database. The migrator's own lock is let go of with the connection, whatever comes.
pub(super) async fn postgres(options: &PgConnectOptions) -> Result<(), Fault> {
    let mut connection = PgConnection::connect_with(options).await?;
    connection.execute(MIGRATING).await?;
    if !is_current_postgres(&mut connection).await? {
        POSTGRES.run(&mut connection).await.map_err(|error| faults::of_migration(&error))?;
    }
    Ok(connection.close().await?)
}

async fn is_current_postgres(connection: &mut PgConnection) -> Result<bool, Fault> {
    let table = "select to_regclass('_sqlx_migrations') is not null";
    let (there,): (bool,) = sqlx::query_as(table).fetch_one(&mut *connection).await?;
    if !there {
        return Ok(false);
    }
    let applied: Applied = sqlx::query_as(APPLIED).fetch_all(&mut *connection).await?;
    is_current(&POSTGRES, &applied)
}
