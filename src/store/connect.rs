//! Connections of their own, beside those that are lent.

use super::faults;
use super::lease::READ_WAIT;
use crate::clock::Stopwatch;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(40);
/// A change of the schema takes as long as it takes once it has its turn.
const MIGRATING: &str = "set statement_timeout = 0; set lock_timeout = '60s'";

/// A connection; a file that another process is taking for itself, or recovering, is waited for.
pub(super) async fn sqlite(options: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
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

/// A connection of its own, to bring the schema up to date on.
pub(super) async fn postgres(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let mut connection = PgConnection::connect_with(options).await?;
    connection.execute(MIGRATING).await?;
    Ok(connection)
}
