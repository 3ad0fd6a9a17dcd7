//! Many rows at once: multi-row VALUES on SQLite, `unnest` of arrays on PostgreSQL.
//!
//! The one place where the engines get different SQL: neither form is fast on the other.

use super::Write;
use sqlx::{Postgres, QueryBuilder, Sqlite};

/// A table whose columns are all bigint.
#[derive(Debug, Clone, Copy)]
pub struct BigintTable {
    pub name: &'static str,
    pub columns: &'static [&'static str],
    insert_unnest: &'static str,
}

pub const READINGS: BigintTable = BigintTable {
    name: "readings",
    columns: &["series_id", "start_s", "end_s", "value", "quality", "revision", "row_no"],
    insert_unnest: "insert into readings (series_id, start_s, end_s, value, quality, revision, row_no) \
        select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])",
};

/// Readings that hold again, each with the revision that it came in.
pub const RESTORED: BigintTable = BigintTable {
    name: "readings",
    columns: &["series_id", "start_s", "end_s", "value", "quality", "revision", "row_no", "origin"],
    insert_unnest: "insert into readings (series_id, start_s, end_s, value, quality, revision, row_no, origin) \
        select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])",
};

pub const FORECASTS: BigintTable = BigintTable {
    name: "forecasts",
    columns: &["series_id", "start_s", "issued_s", "quantile_ppm", "revision", "end_s", "value", "row_no"],
    insert_unnest: "insert into forecasts (series_id, start_s, issued_s, quantile_ppm, revision, end_s, value, row_no) \
        select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])",
};

pub const LEDGER: BigintTable = BigintTable {
    name: "ledger",
    columns: &["settlement_id", "start_s", "site", "instrument", "ledger", "wh"],
    insert_unnest: "insert into ledger (settlement_id, start_s, site, instrument, ledger, wh) \
        select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])",
};

/// SQLite takes at most 32 766 parameters a statement.
const SQLITE_PARAMETERS: usize = 32_000;
const POSTGRES_ROWS: usize = 20_000;

/// Inserts rows of `N` bigints, in the order of the table's columns.
pub async fn insert<const N: usize>(write: &mut Write, table: BigintTable, rows: &[[i64; N]]) -> sqlx::Result<()> {
    match write {
        Write::Sqlite(tx) => {
            for chunk in rows.chunks(SQLITE_PARAMETERS / N) {
                let head = format!("insert into {} ({}) ", table.name, table.columns.join(", "));
                let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(head);
                query.push_values(chunk, |mut values, row| {
                    for value in row {
                        values.push_bind(*value);
                    }
                });
                query.build().execute(&mut **tx).await?;
            }
        }
        Write::Postgres(tx) => {
            for chunk in rows.chunks(POSTGRES_ROWS) {
                let mut query = sqlx::query::<Postgres>(table.insert_unnest);
                for column in 0..N {
                    query = query.bind(chunk.iter().map(|row| row[column]).collect::<Vec<i64>>());
                }
                query.execute(&mut **tx).await?;
            }
        }
    }
    Ok(())
}
