//! Rows in, rows out: SQLite (embedded default) and PostgreSQL behind one type and one SQL text.
//!
//! Writers are serialised: `BEGIN IMMEDIATE` on SQLite, an advisory lock on PostgreSQL. Every write is
//! one transaction, so a killed process leaves all of it or nothing. Reads never wait for writers.

pub mod bulk;
pub mod certificates;
pub mod faults;
pub mod files;
pub mod forecasts;
pub mod invoices;
mod lease;
pub mod location;
pub mod plans;
pub mod portfolios;
mod postgres;
mod probe;
pub mod readings;
pub mod reservations;
pub mod retention;
pub mod revisions;
mod schema;
pub mod settlements;
pub mod slots;
mod sqlite;
mod watch;
pub mod work;

pub use lease::Pools;

use crate::error::{Kind, Problem};
use lease::Begun;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Clone)]
pub enum Store {
    Sqlite(Pools<SqlitePool>),
    Postgres(Pools<PgPool>),
}

/// An open write transaction; dropped without `commit`, nothing of it stays.
#[derive(Debug)]
pub enum Write {
    Sqlite(Begun<Sqlite>),
    Postgres(Begun<Postgres>),
}

/// Reads with the same statement on whichever engine is open; an error leaves the function it stands in.
macro_rules! on_pool {
    ($store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::store::Store::Sqlite(pools) => {
                let mut reader = pools.reader().await?;
                let $pool = reader.connection();
                let read = $body;
                reader.ended_well();
                read
            }
            $crate::store::Store::Postgres(pools) => {
                let mut reader = pools.reader().await?;
                let $pool = reader.connection();
                let read = $body;
                reader.ended_well();
                read
            }
        }
    };
}

/// Runs the same statement in whichever transaction is open.
macro_rules! in_write {
    ($write:expr, $tx:ident => $body:expr) => {
        match $write {
            $crate::store::Write::Sqlite(tx) => {
                let $tx = &mut **tx;
                $body
            }
            $crate::store::Write::Postgres(tx) => {
                let $tx = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use {in_write, on_pool};

/// How long a writer waits for those before it.
const BUSY: Duration = Duration::from_secs(60);

/// Why no write was begun.
enum Denied {
    /// Another writer holds the store.
    Busy,
    Fault(Problem),
}

impl From<sqlx::Error> for Denied {
    fn from(error: sqlx::Error) -> Self {
        if faults::is_busy(&error) { Self::Busy } else { Self::Fault(faults::problem(&error)) }
    }
}

/// Whether what a row holds cannot be read, rather than the store.
pub fn unreadable(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_))
}

impl Store {
    /// Opens a store, creating an SQLite file and bringing the schema up to date.
    ///
    /// # Errors
    /// A file of another program, a schema of a newer one, a server that does not answer; nothing is changed then.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        if url.starts_with("postgres") {
            return Ok(Self::Postgres(postgres::open(url).await?));
        }
        Ok(Self::Sqlite(sqlite::open(url).await?))
    }

    /// Applies migrations that are missing; the same numbers on both engines.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(pools) => schema::sqlite(&pools.write.connect_options()).await,
            Self::Postgres(pools) => schema::postgres(&pools.write.connect_options()).await,
        }
    }

    /// The newest migration applied, and the newest this version knows.
    pub async fn schema(&self) -> anyhow::Result<(i64, i64)> {
        let sql = "select max(version) from _sqlx_migrations where success";
        let (applied,): (Option<i64>,) = on_pool!(self, pool => sqlx::query_as(sql).fetch_one(pool).await?);
        let known = match self {
            Self::Sqlite(_) => sqlx::migrate!("migrations/sqlite").iter().map(|m| m.version).max(),
            Self::Postgres(_) => sqlx::migrate!("migrations/postgres").iter().map(|m| m.version).max(),
        };
        Ok((applied.unwrap_or(0), known.unwrap_or(0)))
    }

    /// The file the store is, where it is one.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite(pools) => Some(pools.read.connect_options().get_filename().to_path_buf()),
            Self::Postgres(_) => None,
        }
    }

    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Starts the one write transaction there can be, once those before it are done.
    pub async fn write(&self) -> anyhow::Result<Write> {
        self.write_within(BUSY).await
    }

    /// The same for who will not wait as long for other writers.
    pub async fn write_within(&self, wait: Duration) -> anyhow::Result<Write> {
        let begun = self.begin(wait).await;
        if begun.is_ok() || wait >= BUSY {
            self.turn_away(matches!(begun, Err(Denied::Busy)));
        }
        begun.map_err(|denied| match denied {
            Denied::Busy => self.busy(wait).into(),
            Denied::Fault(problem) => problem.into(),
        })
    }

    async fn begin(&self, wait: Duration) -> Result<Write, Denied> {
        Ok(match self {
            Self::Sqlite(pools) => Write::Sqlite(sqlite::begin(pools, wait).await?),
            Self::Postgres(pools) => Write::Postgres(postgres::begin(pools, wait).await?),
        })
    }

    fn busy(&self, wait: Duration) -> Problem {
        let what = format!("the store is busy: other writers have held it for {} s", wait.as_secs());
        let hint = "wait until they are done; reads go on. docs/store.md says how to find and end who holds it";
        Problem::new(what).kind(Kind::Unavailable).hint(hint)
    }

    fn turn_away(&self, away: bool) {
        match self {
            Self::Sqlite(pools) => pools.turn_away(away),
            Self::Postgres(pools) => pools.turn_away(away),
        }
    }

    /// Whether the last who wanted to write was turned away by another.
    fn turned_away(&self) -> bool {
        match self {
            Self::Sqlite(pools) => pools.turned_away(),
            Self::Postgres(pools) => pools.turned_away(),
        }
    }

    /// Closes connections, so that SQLite folds its log back into the file.
    pub async fn close(self) {
        match self {
            Self::Sqlite(pools) => pools.close().await,
            Self::Postgres(pools) => pools.close().await,
        }
    }
}

impl Write {
    /// Makes all of it stand, or none of it.
    ///
    /// # Errors
    /// A [`Problem`] that says that nothing of it stands, or, where a server went away at the very end, that nobody knows.
    pub async fn commit(self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(begun) => sqlite::commit(begun).await,
            Self::Postgres(begun) => postgres::commit(begun).await,
        }
    }
}
