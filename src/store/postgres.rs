//! A store in a PostgreSQL database: how it is opened, and how writers take their turn.

use super::handle::{BUSY, Denied};
use super::lease::{Begun, Pools, READ_WAIT};
use super::{faults, migrate};
use crate::error::{Fault, Kind};
use crate::secret::Secret;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, PgPool, Postgres};
use std::str::FromStr;
use std::time::Duration;

/// Key of the advisory lock that serialises writers; triggers of the register take it too.
const WRITER_LOCK: i64 = 0x686d_6174_6368;
/// Connections that read, and that wait to write.
const READERS: u32 = 4;
const WRITERS: u32 = 4;
/// Nobody reads so long; locks that reads wait for are those of migrations.
const READING: &str = "set statement_timeout = '300s'; set lock_timeout = '10s'; \
    set idle_in_transaction_session_timeout = '60s'; set default_transaction_read_only = on";
/// A writer that hangs, or whose machine is gone, does not hold up the others for ever.
const WRITING: &str = "set statement_timeout = '600s'; set lock_timeout = '60s'; \
    set idle_in_transaction_session_timeout = '600s'; \
    set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3";

pub(super) async fn open(url: &str) -> anyhow::Result<Pools<PgPool>> {
    // What its parser says may repeat any part of the url.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| {
            Fault::new(format!("store url {}: PostgreSQL does not understand it", Secret::from(url)))
                .hint("write postgres://user@host:5432/database")
        })?
        .disable_statement_logging();
    // Who looks for what holds a lock finds it by this.
    let named = options.get_application_name().is_some();
    let options = if named { options } else { options.application_name("hourmatch") };
    // A pool would try for as long as it may wait; one connection says at once that nobody is there.
    PgConnection::connect_with(&options).await.map_err(|e| silent(&e))?.close().await.map_err(|e| silent(&e))?;
    migrate::postgres(&options).await?;
    let read = pool(READERS, READ_WAIT, READING).connect_lazy_with(options.clone());
    let write = pool(WRITERS, BUSY, WRITING).connect_lazy_with(options);
    Ok(Pools::new(read, write, None))
}

fn silent(error: &sqlx::Error) -> Fault {
    match error {
        sqlx::Error::Io(_) => Fault::new(format!("PostgreSQL does not answer: {error}"))
            .kind(Kind::Unavailable)
            .hint("is the server running, and is the url right?"),
        other => faults::problem(other),
    }
}

/// Connections that were lost, as by a restart, are found out before they are given out, and replaced.
fn pool(most: u32, wait: Duration, settings: &'static str) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(wait)
        .acquire_slow_threshold(wait)
        .test_before_acquire(true)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(settings).await?;
                Ok(())
            })
        })
}

/// Begins a write transaction once the writers before it are done.
pub(super) async fn begin(pools: &Pools<PgPool>, wait: Duration) -> Result<Begun<Postgres>, Denied> {
    let mut begun = match pools.writer(wait).await {
        // All of them wait for one writer.
        Err(sqlx::Error::PoolTimedOut) if pools.write.size() == WRITERS => return Err(Denied::Busy),
        begun => begun?,
    };
    begun.run("begin").await?;
    let lock_timeout = AssertSqlSafe(format!("set local lock_timeout = {}", wait.as_millis()));
    sqlx::query(lock_timeout).execute(&mut *begun).await?;
    sqlx::query("select pg_advisory_xact_lock($1)").bind(WRITER_LOCK).execute(&mut *begun).await?;
    Ok(begun)
}

/// An error that was passed over would make the end a roll-back without a word: asked once more, the server says so.
pub(super) async fn commit(mut begun: Begun<Postgres>) -> anyhow::Result<()> {
    begun.run("select 1").await.map_err(|error| faults::problem(&error))?;
    begun.run("commit").await.map_err(|error| unknown(&error))?;
    begun.end();
    Ok(())
}

fn unknown(error: &sqlx::Error) -> Fault {
    if !faults::is_lost(error) {
        return faults::problem(error);
    }
    Fault::new("the connection to PostgreSQL was lost during the commit: this may or may not be stored")
        .kind(Kind::Undecided)
        .hint("try again: the same id and content is added only once")
}

/// Writes nothing, as whoever may not write learns.
pub(super) async fn try_out(mut begun: Begun<Postgres>) -> sqlx::Result<()> {
    begun.run("update files set bytes = bytes where id = -1").await?;
    begun.run("rollback").await?;
    begun.end();
    Ok(())
}
