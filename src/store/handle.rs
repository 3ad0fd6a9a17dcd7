//! One type for both engines, and what runs one SQL text on either.

use super::faults;
use super::lease::{Begun, Pools};
use crate::error::Fault;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};
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
            $crate::store::handle::Store::Sqlite(pools) => {
                let mut reader = pools.reader().await?;
                let $pool = reader.connection();
                let read = $body;
                reader.ended_well();
                read
            }
            $crate::store::handle::Store::Postgres(pools) => {
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
            $crate::store::handle::Write::Sqlite(tx) => {
                let $tx = &mut **tx;
                $body
            }
            $crate::store::handle::Write::Postgres(tx) => {
                let $tx = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use {in_write, on_pool};

/// How long a writer waits for those before it.
pub(super) const BUSY: Duration = Duration::from_secs(60);

/// Why no write was begun.
pub(super) enum Denied {
    /// Another writer holds the store.
    Busy,
    Fault(Fault),
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
