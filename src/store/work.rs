//! Deferrable work as rows: its content as JSON, where it stands, and every report that said so.

use super::statement::{Value, values};
use super::{AssertSqlSafe, Columns, Instant, RecordTime, Row, Store, Write, unreadable};
use ids::{SiteId, WorkId};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub struct WorkRow {
    pub id: WorkId,
    pub content: String,
    pub state: String,
    pub done: Option<f64>,
    pub last_checkpoint: Option<Instant>,
    pub site: Option<SiteId>,
    pub since: Option<Instant>,
    pub reported: Option<Instant>,
    /// The last report as it was recorded.
    pub report: Option<String>,
    /// The change from which on it is this piece: before, the id was another's, which was cancelled.
    pub born_seq: i64,
}

/// Rows that were asked for, and ids of those that are no text any more, with why.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    pub readable: Vec<WorkRow>,
    pub unreadable: Vec<(WorkId, String)>,
}

/// What adding one item did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    New,
    Unchanged,
    Replaced,
    /// What has started, or is done, is not replaced by changed content.
    Started,
    Done,
}

pub const QUEUED: &str = "queued";
pub const DONE: &str = "done";
pub const CANCELLED: &str = "cancelled";
/// The report with which an id that was cancelled begins anew: nothing is said of it any more.
pub const ANEW: &str =
    r#"{"phase":"queued","done":null,"last_checkpoint_s":null,"site":null,"since_s":null,"at_s":null}"#;

/// Adds a piece, or changes one that waits; what was cancelled begins anew under its id.
pub async fn put(write: &mut Write, id: &WorkId, content: &str, record_time: RecordTime) -> sqlx::Result<Added> {
    // Compared where it is: what is there need not be readable to begin anew.
    let sql = "select cast(case when content = $1 then 1 else 0 end as bigint), state from work where id = $2";
    let found: Option<(i64, String)> = write.row(sql, values![content, id]).await?;
    let seq = write.next("seq", "work").await?;
    match found {
        None => {
            let into = "work (id, content, state, added_us, seq, release_day)";
            write.insert(into, values![id, content, QUEUED, record_time, seq, &release_day(content)]).await?;
            Ok(Added::New)
        }
        Some((_, state)) if state == CANCELLED => {
            again(write, id, content, (seq, record_time)).await?;
            Ok(Added::New)
        }
        Some((1, _)) => Ok(Added::Unchanged),
        Some((_, state)) if state == DONE => Ok(Added::Done),
        Some((_, state)) if state != QUEUED => Ok(Added::Started),
        Some(_) => {
            let sql = "update work set content = $1, added_us = $2, seq = $3, release_day = $4 where id = $5";
            write.run(sql, values![content, record_time, seq, &release_day(content), id]).await?;
            Ok(Added::Replaced)
        }
    }
}

/// Begins a cancelled id anew: what was reported of it stays in the history, and counts for nothing.
async fn again(
    write: &mut Write,
    id: &WorkId,
    content: &str,
    (seq, record_time): (i64, RecordTime),
) -> sqlx::Result<()> {
    let sql = "update work set content = $1, state = $2, added_us = $3, seq = $4, born_seq = $4, \
        release_day = $5, done = null, last_checkpoint_s = null, site = null, since_s = null, \
        reported_s = null where id = $6";
    write.run(sql, values![content, QUEUED, record_time, seq, &release_day(content), id]).await?;
    let last: Option<Instant> = write.one("select max(at_s) from work_reports where work = $1", values![id]).await?;
    // Later than all that was said before, whatever the clock says.
    let now = record_time.instant();
    let at = last.map_or(now, |last| now.max(last));
    record(write, id, at, record_time, ANEW).await
}

/// The day of release as a piece's content has it; empty where it has none.
fn release_day(content: &str) -> String {
    let at = content.split_once("\"release\":\"").map(|(_, rest)| rest);
    at.map_or_else(String::new, |rest| rest.chars().take(10).collect())
}

/// False when there is no such work.
pub async fn set_state(write: &mut Write, id: &WorkId, state: &str) -> sqlx::Result<bool> {
    let seq = write.next("seq", "work").await?;
    Ok(write.reached("update work set state = $1, seq = $2 where id = $3", values![state, seq, id]).await? > 0)
}

/// Where a piece stands from now on, and the report that says so.
pub async fn report(write: &mut Write, row: &WorkRow, record_time: RecordTime, content: &str) -> sqlx::Result<()> {
    let change = write.next("seq", "work").await?;
    let sql = "update work set state = $1, done = $2, last_checkpoint_s = $3, site = $4, since_s = $5, \
        reported_s = $6, seq = $7 where id = $8";
    let values = values! {
        &row.state, row.done, row.last_checkpoint, &row.site, row.since, row.reported, change, &row.id,
    };
    write.run(sql, values).await?;
    record(write, &row.id, row.reported.unwrap_or_else(|| record_time.instant()), record_time, content).await
}

async fn record(
    write: &mut Write,
    id: &WorkId,
    at: Instant,
    record_time: RecordTime,
    content: &str,
) -> sqlx::Result<()> {
    let seq = write.next("seq", "work_reports").await?;
    let into = "work_reports (seq, work, at_s, recorded_us, content)";
    write.insert(into, values![seq, id, at, record_time, content]).await
}

/// A report that is no text any more is empty: whoever reads it then says that it cannot be read.
impl Row for WorkRow {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let report = match row.named("report") {
            Err(error) if unreadable(&error) => Some(String::new()),
            report => report?,
        };
        Ok(Self {
            id: row.named("id")?,
            content: row.named("content")?,
            state: row.named("state")?,
            done: row.named("done")?,
            last_checkpoint: row.named("last_checkpoint_s")?,
            site: row.named("site")?,
            since: row.named("since_s")?,
            reported: row.named("reported_s")?,
            report,
            born_seq: row.named("born_seq")?,
        })
    }
}

const COLUMNS: &str = "select id, content, state, done, last_checkpoint_s, site, since_s, reported_s, \
    (select r.content from work_reports r where r.work = work.id order by r.at_s desc, r.seq desc limit 1) as report, \
    born_seq";

pub async fn get(write: &mut Write, id: &WorkId) -> sqlx::Result<Option<WorkRow>> {
    let sql = format!("{COLUMNS} from work where id = $1");
    write.row(AssertSqlSafe(sql), values![id]).await
}

/// Whether there is a piece of work by that id, whatever became of it.
pub async fn exists(store: &Store, id: &str) -> sqlx::Result<bool> {
    let found: Option<String> = store.row("select id from work where id = $1", values![id]).await?;
    Ok(found.is_some())
}

/// All there ever was, by id.
pub async fn all(store: &Store) -> sqlx::Result<Rows> {
    rows(store, "seq >= $1", 0).await
}

/// What is neither done nor cancelled, by id.
pub async fn open(store: &Store) -> sqlx::Result<Rows> {
    rows(store, "state not in ('done', 'cancelled') and seq >= $1", 0).await
}

/// Pieces that were added, changed, reported or cancelled after so many changes.
pub async fn changed_since(store: &Store, seq: i64) -> sqlx::Result<Rows> {
    rows(store, "seq > $1", seq).await
}

/// Rows under a condition on a number.
async fn rows(store: &Store, condition: &str, number: i64) -> sqlx::Result<Rows> {
    let mut found = Rows::default();
    for row in each(store, COLUMNS, condition, values![number]).await? {
        match row {
            Ok(row) => found.readable.push(row),
            Err((id, error)) => found.unreadable.push((id, error.to_string())),
        }
    }
    // Collations differ between engines; ids compare bytewise.
    found.readable.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// A row, or the id of one that is no text any more, and why.
pub(super) type Legible<T> = Result<T, (WorkId, sqlx::Error)>;

/// What a selection gives of work under a condition. Where one row is no text any more, each is read by itself.
pub(super) async fn each<T: Row>(
    store: &Store,
    selection: &str,
    condition: &str,
    values: &[Value<'_>],
) -> sqlx::Result<Vec<Legible<T>>> {
    match store.rows(AssertSqlSafe(format!("{selection} from work where {condition}")), values).await {
        Err(error) if unreadable(&error) => {}
        together => return Ok(together?.into_iter().map(Ok).collect()),
    }
    let sql = format!("select id from work where {condition}");
    let ids: Vec<WorkId> = store.rows(AssertSqlSafe(sql), values).await?;
    let mut rows = Vec::new();
    for id in ids {
        let sql = format!("{selection} from work where id = $1");
        match store.row(AssertSqlSafe(sql), values![&id]).await {
            Ok(row) => rows.extend(row.map(Ok)),
            Err(error) if unreadable(&error) => rows.push(Err((id, error))),
            Err(error) => return Err(error),
        }
    }
    Ok(rows)
}

/// Contents of work that is done and was released on a day or later, as its owner wrote the day. What is no text any more
/// is left out: a day brought no less than the rest.
pub async fn done_since(store: &Store, day: &str) -> sqlx::Result<Vec<String>> {
    contents(store, "state = 'done' and release_day >= $1", day).await
}

/// Contents of pieces under a condition on a text; what is no text any more is left out.
pub(super) async fn contents(store: &Store, condition: &str, text: &str) -> sqlx::Result<Vec<String>> {
    Ok(each(store, "select content", condition, values![text]).await?.into_iter().flatten().collect())
}

/// States of the pieces named, as far as there are such.
pub async fn states(store: &Store, ids: &[WorkId]) -> sqlx::Result<BTreeMap<WorkId, String>> {
    let mut states = BTreeMap::new();
    for id in ids {
        let found: Option<String> = store.row("select state from work where id = $1", values![id]).await?;
        states.extend(found.map(|state| (id.clone(), state)));
    }
    Ok(states)
}

/// How many changes there have been.
pub async fn last_seq(store: &Store) -> sqlx::Result<i64> {
    store.last("seq", "work").await
}
