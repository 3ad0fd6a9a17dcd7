//! Rows by number: there is one writer at a time, so a new row takes the number after the last.

use super::{Store, Write, in_write, on_pool};
use sqlx::AssertSqlSafe;

/// The highest number there is, 0 where there is none; `number` is a column or an expression of them.
pub async fn last(store: &Store, number: &str, table: &str) -> sqlx::Result<i64> {
    let sql = format!("select coalesce(max({number}), 0) from {table}");
    Ok(on_pool!(store, pool => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await?))
}

/// The number of the next row.
pub async fn next(write: &mut Write, number: &str, table: &str) -> sqlx::Result<i64> {
    let sql = format!("select coalesce(max({number}), 0) + 1 from {table}");
    Ok(in_write!(write, tx => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(tx).await?))
}
