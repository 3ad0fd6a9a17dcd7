//! Connections on loan. One returns to its pool only if it is known to be clean: after a successful read, commit or
//! roll-back. Any other is closed, and the next caller gets a new one, so that nothing left in it by a full disk, an
//! error in a transaction or an abandoned request reaches anybody.

use super::faults;
use super::from_row::Row;
use super::statement::{Engine, Value};
use super::watch::{FileId, Watch};
use crate::clock::Stopwatch;
use crate::error::Fault;
use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool, SqlSafeStr, SqlStr};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// How long a read waits for a connection: for others that read, or for a server that is starting.
pub(super) const READ_WAIT: Duration = Duration::from_secs(10);
/// Between two attempts at a connection; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const GONE: &str = "a connection is taken only when its loan ends";

/// Writers queue for connections of their own, so that reads never wait for them.
#[derive(Debug, Clone)]
pub struct Pools<P> {
    pub read: P,
    pub write: P,
    /// The file behind them, where it is one.
    file: Option<Arc<Watch>>,
    /// Whether the last that wanted to write was turned away: another writer did not end.
    pub(super) turned_away: Arc<AtomicBool>,
}

impl<DB: Engine> Pools<Pool<DB>> {
    pub(super) fn new(read: Pool<DB>, write: Pool<DB>, file: Option<Arc<Watch>>) -> Self {
        Self { read, write, file, turned_away: Arc::default() }
    }

    /// The file there is, where it is one; refuses where it is gone, or is no store any more.
    fn ready(&self) -> sqlx::Result<Option<FileId>> {
        self.file.as_ref().map(|file| file.ready()).transpose().map_err(faults::carried)
    }

    pub(super) async fn rows<T: Row>(&self, sql: SqlStr, values: &[Value<'_>]) -> sqlx::Result<Vec<T>> {
        self.ready()?;
        let mut reader = Reader { connection: acquire_within(&self.read, READ_WAIT).await?, ended_well: false };
        let rows = DB::rows(&mut reader.connection, sql, values).await?;
        reader.ended_well = true;
        Ok(rows)
    }

    /// A connection to begin to write on, free of any transaction.
    pub(super) async fn writer(&self, wait: Duration) -> sqlx::Result<Begun<DB>> {
        let file = self.file.clone().zip(self.ready()?);
        let connection = Some(acquire_within(&self.write, wait).await?);
        Ok(Begun { connection, file, spoilt: false })
    }

    /// Ends all connections, those on loan when they come back.
    pub(super) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// A connection of a pool; what passes within seconds is tried again.
async fn acquire_within<DB: Database>(pool: &Pool<DB>, most: Duration) -> sqlx::Result<PoolConnection<DB>> {
    let waited = Stopwatch::start();
    let mut pause = FIRST_PAUSE;
    loop {
        let left = most.saturating_sub(Duration::from_secs_f64(waited.seconds()));
        let tried = tokio::time::timeout(left, pool.acquire()).await;
        match tried.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
            Err(error) if faults::passes(&error) && pause < left => {
                tracing::debug!("no connection yet: {error}");
                tokio::time::sleep(pause).await;
                pause = (2 * pause).min(LONGEST_PAUSE);
            }
            done => return done,
        }
    }
}

/// A connection to read with; closed unless the read ended well.
struct Reader<DB: Database> {
    connection: PoolConnection<DB>,
    ended_well: bool,
}

impl<DB: Database> Drop for Reader<DB> {
    fn drop(&mut self) {
        if !self.ended_well {
            self.connection.close_on_drop();
        }
    }
}

/// A connection with a transaction on it, rolled back unless it is ended.
#[derive(Debug)]
pub struct Begun<DB: Engine> {
    connection: Option<PoolConnection<DB>>,
    /// What is written to, where it is a file.
    file: Option<(Arc<Watch>, FileId)>,
    /// Whether the connection is closed when this is dropped, however it ends.
    pub(super) spoilt: bool,
}

impl<DB: Engine> Begun<DB> {
    pub(super) async fn run(&mut self, sql: &'static str) -> sqlx::Result<()> {
        DB::run(self, sql.into_sql_str(), &[]).await.map(|_| ())
    }

    /// Whether the file written to is still the store's.
    pub(super) fn unmoved(&self) -> Result<(), Fault> {
        self.file.as_ref().map_or(Ok(()), |(watch, file)| watch.unmoved(*file))
    }

    /// The transaction is over: the connection goes back to its pool.
    pub(super) fn end(mut self) {
        drop(self.connection.take());
    }
}

impl<DB: Engine> Deref for Begun<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        self.connection.as_ref().expect(GONE)
    }
}

impl<DB: Engine> DerefMut for Begun<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        self.connection.as_mut().expect(GONE)
    }
}

impl<DB: Engine> Drop for Begun<DB> {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // Closed where it stands: the engine rolls back what was not committed.
            return drop(connection.detach());
        };
        let spoilt = self.spoilt;
        drop(runtime.spawn(async move {
            // Where the engine has rolled back by itself, as on a full disk, this fails: who knows what else it left.
            if spoilt || DB::run(&mut connection, "rollback".into_sql_str(), &[]).await.is_err() {
                let _ = connection.close().await;
            }
        }));
    }
}
