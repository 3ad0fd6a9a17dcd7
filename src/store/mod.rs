//! Rows in, rows out: SQLite (embedded default) and PostgreSQL behind one type and one SQL text.
//!
//! Writers are serialised: `BEGIN IMMEDIATE` on SQLite, an advisory lock on PostgreSQL. Every write is
//! one transaction, so a killed process leaves all of it or nothing.

pub mod bulk;
pub mod certificates;
pub mod files;
pub mod forecasts;
pub mod invoices;
pub mod plans;
pub mod portfolios;
pub mod readings;
pub mod reservations;
pub mod revisions;
pub mod settlements;
pub mod work;

use crate::error::Problem;
use anyhow::Context;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::str::FromStr;
use std::time::Duration;

#[derive(Debug, Clone)]
pub enum Store {
    Sqlite(Pools<SqlitePool>),
    Postgres(Pools<PgPool>),
}

/// Writers queue for connections of their own, so that reads never wait for them.
#[derive(Debug, Clone)]
pub struct Pools<P> {
    pub read: P,
    pub write: P,
}

/// An open write transaction; dropped without `commit`, nothing of it stays.
#[derive(Debug)]
pub enum Write {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Reads with the same statement on whichever pool is open.
macro_rules! on_pool {
    ($store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::store::Store::Sqlite(pools) => {
                let $pool = &pools.read;
                $body
            }
            $crate::store::Store::Postgres(pools) => {
                let $pool = &pools.read;
                $body
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

/// Key of the advisory lock that serialises writers on PostgreSQL.
const WRITER_LOCK: i64 = 0x686d_6174_6368;
const BUSY: Duration = Duration::from_secs(60);
/// Connections that read, and that wait to write; of SQLite one can write at a time.
const READERS: u32 = 4;
const WRITERS: u32 = 4;

/// Whether what a row holds cannot be read, rather than the store.
pub fn unreadable(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_))
}

impl Store {
    /// Opens a store, creating an SQLite file and bringing the schema up to date.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let store = if url.starts_with("postgres") {
            let options = PgConnectOptions::from_str(url).map_err(|e| {
                Problem::new(format!("store url: {e}")).hint("write postgres://user@host:5432/database")
            })?;
            let silent = |e: sqlx::Error| {
                Problem::new(format!("PostgreSQL does not answer: {e}"))
                    .hint("is the server running, and the url right?")
            };
            // A pool would try for as long as it may wait; one connection says at once that nobody is there.
            PgConnection::connect_with(&options).await.map_err(silent)?.close().await.map_err(silent)?;
            let pool = |most: u32| PgPoolOptions::new().max_connections(most).acquire_timeout(BUSY);
            let read = pool(READERS).connect_with(options.clone()).await.map_err(silent)?;
            Self::Postgres(Pools { read, write: pool(WRITERS).connect_lazy_with(options) })
        } else {
            let options = SqliteConnectOptions::from_str(url)
                .map_err(|e| Problem::new(format!("store url: {e}")).hint("write sqlite://hourmatch.db"))?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .foreign_keys(false)
                .pragma("cache_size", "-65536")
                .busy_timeout(BUSY);
            let pool = |most: u32| SqlitePoolOptions::new().max_connections(most).acquire_timeout(BUSY);
            let read = pool(READERS).connect_with(options.clone()).await.map_err(|e| {
                Problem::new(format!("the store {url} cannot be opened: {e}"))
                    .hint("check the path and its permissions, and that the file is an hourmatch store")
            })?;
            Self::Sqlite(Pools { read, write: pool(1).connect_lazy_with(options) })
        };
        store.migrate().await?;
        Ok(store)
    }

    /// Applies migrations that are missing; the same numbers on both engines.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let done = match self {
            Self::Sqlite(pools) => sqlx::migrate!("migrations/sqlite").run(&pools.write).await,
            Self::Postgres(pools) => sqlx::migrate!("migrations/postgres").run(&pools.write).await,
        };
        done.map_err(|e| {
            Problem::new(format!("the store's schema cannot be brought up to date: {e}"))
                .hint("is the file an hourmatch store, written by this version or an older one?")
        })?;
        Ok(())
    }

    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Starts the one write transaction there can be.
    pub async fn write(&self) -> anyhow::Result<Write> {
        match self {
            Self::Sqlite(pools) => Ok(Write::Sqlite(
                pools
                    .write
                    .begin_with("BEGIN IMMEDIATE")
                    .await
                    .context("the store is busy: another writer holds it")?,
            )),
            Self::Postgres(pools) => {
                let mut tx = pools.write.begin().await.context("the store does not answer")?;
                sqlx::query("select pg_advisory_xact_lock($1)").bind(WRITER_LOCK).execute(&mut *tx).await?;
                Ok(Write::Postgres(tx))
            }
        }
    }

    /// Closes connections, so that SQLite folds its log back into the file.
    pub async fn close(self) {
        match self {
            Self::Sqlite(pools) => {
                pools.read.close().await;
                pools.write.close().await;
            }
            Self::Postgres(pools) => {
                pools.read.close().await;
                pools.write.close().await;
            }
        }
    }
}

impl Write {
    pub async fn commit(self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
