//! One type for both engines, and what runs one SQL text on either.

use super::faults;
use super::from_row::{Column, Row};
use super::lease::{Begun, Pools};
use super::statement::{Engine, Value, values};
use crate::error::Fault;
use sqlx::{AssertSqlSafe, PgPool, Postgres, SqlSafeStr, Sqlite, SqlitePool};
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

impl Store {
    /// Every row of a query.
    pub(super) async fn rows<T: Row>(&self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> sqlx::Result<Vec<T>> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(pools) => pools.rows(sql, values).await,
            Self::Postgres(pools) => pools.rows(sql, values).await,
        }
    }

    /// The row of a query that has one at most.
    pub(super) async fn row<T: Row>(&self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> sqlx::Result<Option<T>> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// The row of a query that always has one.
    pub(super) async fn one<T: Row>(&self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> sqlx::Result<T> {
        self.row(sql, values).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// The highest number in a table, 0 where there is none; `number` is a column or an expression of them.
    pub(super) async fn last<T: Column>(&self, number: &str, table: &str) -> sqlx::Result<T> {
        self.one(AssertSqlSafe(format!("select coalesce(max({number}), 0) from {table}")), values![]).await
    }
}

/// The same within the transaction.
impl Write {
    pub(super) async fn rows<T: Row>(&mut self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> sqlx::Result<Vec<T>> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(tx) => Sqlite::rows(tx, sql, values).await,
            Self::Postgres(tx) => Postgres::rows(tx, sql, values).await,
        }
    }

    pub(super) async fn row<T: Row>(&mut self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> sqlx::Result<Option<T>> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    pub(super) async fn one<T: Row>(&mut self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> sqlx::Result<T> {
        self.row(sql, values).await?.ok_or(sqlx::Error::RowNotFound)
    }

    pub(super) async fn run(&mut self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> sqlx::Result<()> {
        self.reached(sql, values).await.map(|_| ())
    }

    /// How many rows a statement reached that was run.
    pub(super) async fn reached(&mut self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> sqlx::Result<u64> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(tx) => Sqlite::run(tx, sql, values).await,
            Self::Postgres(tx) => Postgres::run(tx, sql, values).await,
        }
    }

    /// Adds a row to a table that is named with its columns, such as `series (id, name)`.
    pub(super) async fn insert(&mut self, into: &str, values: &[Value<'_>]) -> sqlx::Result<()> {
        self.run(AssertSqlSafe(format!("insert into {into} values ({})", places(values))), values).await
    }

    /// Adds a row, or changes the one that has the same in the first of these columns.
    pub(super) async fn put(&mut self, table: &str, columns: &str, values: &[Value<'_>]) -> sqlx::Result<()> {
        let mut names = columns.split(", ");
        let key = names.next().unwrap_or_default();
        let set: Vec<String> = names.map(|name| format!("{name} = excluded.{name}")).collect();
        let update = format!("on conflict ({key}) do update set {}", set.join(", "));
        let sql = format!("insert into {table} ({columns}) values ({}) {update}", places(values));
        self.run(AssertSqlSafe(sql), values).await
    }

    /// The number of a table's next row: there is one writer at a time, so it is the one after the last.
    pub(super) async fn next(&mut self, number: &str, table: &str) -> sqlx::Result<i64> {
        self.one(AssertSqlSafe(format!("select coalesce(max({number}), 0) + 1 from {table}")), values![]).await
    }
}

/// `$1, $2, ...` for every value.
fn places(values: &[Value<'_>]) -> String {
    (1..=values.len()).map(|nth| format!("${nth}")).collect::<Vec<_>>().join(", ")
}

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
