//! Deferrable work as rows: its content as JSON, where it stands, and every report that said so.

use super::{Store, Write, in_write, on_pool};

#[derive(Debug, Clone, PartialEq)]
pub struct WorkRow {
    pub id: String,
    pub content: String,
    pub state: String,
    pub done: Option<f64>,
    pub last_checkpoint_s: Option<i64>,
    pub site: Option<String>,
    pub since_s: Option<i64>,
    pub reported_s: Option<i64>,
    /// The last report as it was recorded.
    pub report: Option<String>,
}

/// What adding one item did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    New,
    Unchanged,
    Replaced,
    /// Started, done or cancelled work is not replaced by changed content.
    Kept,
}

pub const QUEUED: &str = "queued";
pub const CANCELLED: &str = "cancelled";

pub async fn put(write: &mut Write, id: &str, content: &str, now_us: i64) -> sqlx::Result<Added> {
    let found: Option<(String, String)> = in_write!(write, tx => {
        sqlx::query_as("select content, state from work where id = $1").bind(id).fetch_optional(tx).await?
    });
    let seq = next_seq(write).await?;
    match found {
        None => {
            in_write!(write, tx => {
                sqlx::query("insert into work (id, content, state, added_us, seq) values ($1, $2, $3, $4, $5)")
                    .bind(id).bind(content).bind(QUEUED).bind(now_us).bind(seq).execute(tx).await?;
            });
            Ok(Added::New)
        }
        Some((old, state)) if old == content && state != CANCELLED => Ok(Added::Unchanged),
        Some((_, state)) if state != QUEUED => Ok(Added::Kept),
        Some(_) => {
            in_write!(write, tx => {
                sqlx::query("update work set content = $1, added_us = $2, seq = $3 where id = $4")
                    .bind(content).bind(now_us).bind(seq).bind(id).execute(tx).await?;
            });
            Ok(Added::Replaced)
        }
    }
}

/// False when there is no such work.
pub async fn set_state(write: &mut Write, id: &str, state: &str) -> sqlx::Result<bool> {
    let seq = next_seq(write).await?;
    let changed = in_write!(write, tx => {
        sqlx::query("update work set state = $1, seq = $2 where id = $3")
            .bind(state).bind(seq).bind(id).execute(tx).await?.rows_affected()
    });
    Ok(changed > 0)
}

/// Where a piece stands from now on, and the report that says so.
pub async fn report(write: &mut Write, row: &WorkRow, now_us: i64, content: &str) -> sqlx::Result<()> {
    let change = next_seq(write).await?;
    in_write!(write, tx => {
        sqlx::query("update work set state = $1, done = $2, last_checkpoint_s = $3, site = $4, since_s = $5, \
            reported_s = $6, seq = $7 where id = $8")
            .bind(&row.state).bind(row.done).bind(row.last_checkpoint_s).bind(&row.site).bind(row.since_s)
            .bind(row.reported_s).bind(change).bind(&row.id).execute(tx).await?;
    });
    let (seq,): (i64,) = in_write!(write, tx => {
        sqlx::query_as("select coalesce(max(seq), 0) + 1 from work_reports").fetch_one(tx).await?
    });
    in_write!(write, tx => {
        sqlx::query("insert into work_reports (seq, work, at_s, recorded_us, content) values ($1, $2, $3, $4, $5)")
            .bind(seq).bind(&row.id).bind(row.reported_s).bind(now_us).bind(content).execute(tx).await?;
    });
    Ok(())
}

type Columns =
    (String, String, String, Option<f64>, Option<i64>, Option<String>, Option<i64>, Option<i64>, Option<String>);

fn row((id, content, state, done, last_checkpoint_s, site, since_s, reported_s, report): Columns) -> WorkRow {
    WorkRow { id, content, state, done, last_checkpoint_s, site, since_s, reported_s, report }
}

const COLUMNS: &str = "select id, content, state, done, last_checkpoint_s, site, since_s, reported_s, \
    (select r.content from work_reports r where r.work = work.id order by r.at_s desc, r.seq desc limit 1) from work";

pub async fn get(write: &mut Write, id: &str) -> sqlx::Result<Option<WorkRow>> {
    let sql = format!("{COLUMNS} where id = $1");
    let found: Option<Columns> = in_write!(write, tx => {
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(tx).await?
    });
    Ok(found.map(row))
}

/// Whether there is a piece of work by that id, whatever became of it.
pub async fn exists(store: &Store, id: &str) -> sqlx::Result<bool> {
    let sql = "select id from work where id = $1";
    let found: Option<(String,)> = on_pool!(store, pool => sqlx::query_as(sql).bind(id).fetch_optional(pool).await?);
    Ok(found.is_some())
}

pub async fn all(store: &Store) -> sqlx::Result<Vec<WorkRow>> {
    let sql = format!("{COLUMNS} order by id");
    let rows: Vec<Columns> = on_pool!(store, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await?);
    // Collations differ between engines; ids compare bytewise.
    let mut rows: Vec<WorkRow> = rows.into_iter().map(row).collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rows)
}

/// Pieces that were added, changed, reported or cancelled after so many changes.
pub async fn changed_since(store: &Store, seq: i64) -> sqlx::Result<Vec<WorkRow>> {
    let sql = format!("{COLUMNS} where seq > $1");
    let rows: Vec<Columns> = on_pool!(store, pool => {
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(seq).fetch_all(pool).await?
    });
    let mut rows: Vec<WorkRow> = rows.into_iter().map(row).collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rows)
}

const LAST: &str = "select max(seq) from work";

/// How many changes there have been.
pub async fn last_seq(store: &Store) -> sqlx::Result<i64> {
    let (last,): (Option<i64>,) = on_pool!(store, pool => sqlx::query_as(LAST).fetch_one(pool).await?);
    Ok(last.unwrap_or(0))
}

async fn next_seq(write: &mut Write) -> sqlx::Result<i64> {
    let (last,): (Option<i64>,) = in_write!(write, tx => sqlx::query_as(LAST).fetch_one(tx).await?);
    Ok(last.unwrap_or(0) + 1)
}
