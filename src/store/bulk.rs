//! Many rows at once: multi-row VALUES on SQLite, a binary COPY on PostgreSQL, each in the transaction that is open.
//!
//! The one place where the engines get different SQL: neither form is fast on the other.

use super::Write;
use super::lease::Begun;
use sqlx::{AssertSqlSafe, Postgres, QueryBuilder, Sqlite};

/// Tables whose columns are all bigint, each with its columns in the order of a row.
pub const READINGS: &str = "readings (series_id, start_s, end_s, value, quality, revision, row_no)";
/// Readings that hold again, each with the revision that it came in.
pub const RESTORED: &str = "readings (series_id, start_s, end_s, value, quality, revision, row_no, origin)";
pub const FORECASTS: &str = "forecasts (series_id, start_s, issued_s, quantile_ppm, revision, end_s, value, row_no)";
pub const LEDGER: &str = "ledger (settlement_id, start_s, site, instrument, ledger, wh)";
/// What a revision holds of each series.
pub const PARTS: &str = "revision_parts (revision, series_id, readings, forecasts, start_s, end_s)";

/// SQLite takes at most 32 766 parameters a statement.
const SQLITE_PARAMETERS: usize = 32_000;
/// Rows in a message of a COPY: about a megabyte.
const COPIED: usize = 10_000;
/// Rows of several series that are written together.
const TOGETHER: usize = 100_000;

/// Inserts rows of `N` bigints, in the order of the table's columns.
pub async fn insert<const N: usize>(write: &mut Write, table: &str, rows: &[[i64; N]]) -> sqlx::Result<()> {
    match write {
        Write::Sqlite(tx) => {
            let most = SQLITE_PARAMETERS / N;
            // Its text is made once for all full chunks: it is long, and the rows are many.
            let full = if rows.len() < most { String::new() } else { values(table, most, N) };
            for chunk in rows.chunks(most) {
                let sql = if chunk.len() == most { full.clone() } else { values(table, chunk.len(), N) };
                let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(sql));
                for value in chunk.iter().flatten() {
                    query = query.bind(*value);
                }
                query.execute(&mut **tx).await?;
            }
            Ok(())
        }
        Write::Postgres(_) if rows.is_empty() => Ok(()),
        Write::Postgres(tx) => copy(tx, table, rows).await,
    }
}

/// The same of several series, by id, each point by its row: many series with few points take no longer than few with many.
pub async fn insert_series<P, const N: usize>(
    write: &mut Write,
    table: &str,
    series: &[(i64, &[P])],
    row: impl Fn(i64, &P) -> [i64; N],
) -> sqlx::Result<()> {
    let mut rows: Vec<[i64; N]> = Vec::new();
    for (id, points) in series {
        for part in points.chunks(TOGETHER) {
            if rows.len() + part.len() > TOGETHER {
                insert(write, table, &rows).await?;
                rows.clear();
            }
            rows.extend(part.iter().map(|point| row(*id, point)));
        }
    }
    insert(write, table, &rows).await
}

/// The statement that inserts so many rows of so many parameters.
fn values(table: &str, rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    format!("insert into {table} values {}", vec![row.as_str(); rows].join(","))
}

/// Ends the validity of readings of a series that came in one revision, by where they start.
pub async fn end(
    write: &mut Write,
    series_id: i64,
    (came, starts): (i64, &[i64]),
    until_revision: i64,
) -> sqlx::Result<()> {
    for chunk in starts.chunks(COPIED) {
        match write {
            Write::Sqlite(tx) => {
                let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("update readings set until_revision = ");
                query.push_bind(until_revision).push(" where series_id = ").push_bind(series_id);
                query.push(" and revision = ").push_bind(came).push(" and start_s in (");
                let mut list = query.separated(", ");
                for start_s in chunk {
                    list.push_bind(*start_s);
                }
                query.push(")");
                query.build().execute(&mut **tx).await?;
            }
            Write::Postgres(tx) => {
                let sql = "update readings set until_revision = $1 where series_id = $2 and revision = $3 \
                    and start_s = any($4)";
                let query = sqlx::query::<Postgres>(sql).bind(until_revision).bind(series_id).bind(came);
                query.bind(chunk.to_vec()).execute(&mut **tx).await?;
            }
        }
    }
    Ok(())
}

/// A COPY in PostgreSQL's binary format: a signature, flags and the length of an extension, both zero; rows; and the end.
const COPY_HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const COPY_END: [u8; 2] = (-1_i16).to_be_bytes();

async fn copy<const N: usize>(tx: &mut Begun<Postgres>, table: &str, rows: &[[i64; N]]) -> sqlx::Result<()> {
    let statement = format!("copy {table} from stdin (format binary)");
    // Whoever leaves in the middle of it leaves a connection that is good for nothing else.
    tx.spoilt = true;
    let mut copy = tx.copy_in_raw(&statement).await?;
    let mut bytes = COPY_HEAD.to_vec();
    for chunk in rows.chunks(COPIED) {
        chunk.iter().for_each(|row| put(&mut bytes, row));
        copy.send(bytes.as_slice()).await?;
        bytes.clear();
    }
    copy.send(COPY_END.as_slice()).await?;
    copy.finish().await?;
    tx.spoilt = false;
    Ok(())
}

/// A row: how many fields, and each with its length before it; all big-endian.
fn put<const N: usize>(bytes: &mut Vec<u8>, row: &[i64; N]) {
    bytes.extend_from_slice(&(N as i16).to_be_bytes());
    for value in row {
        bytes.extend_from_slice(&8_i32.to_be_bytes());
        bytes.extend_from_slice(&value.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_a_parameter_for_every_value() {
        assert_eq!(values("t (a, b)", 2, 2), "insert into t (a, b) values (?,?),(?,?)");
    }

    /// PostgreSQL's manual, COPY, Binary Format.
    #[test]
    fn a_copy_is_as_postgresql_reads_it() {
        assert_eq!((COPY_HEAD.len(), COPY_END), (19, [0xff, 0xff]));
        assert!(COPY_HEAD.starts_with(b"PGCOPY\n\xff\r\n\0") && COPY_HEAD.ends_with(&[0; 9]));
        let mut bytes = Vec::new();
        put(&mut bytes, &[1, -2]);
        let wanted = [&[0, 2][..], &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1], &[0, 0, 0, 8], &[0xff; 7], &[0xfe]];
        assert_eq!(bytes, wanted.concat());
    }
}
