//! Sources that are followed: when each was asked, what it has answered, and who is at it.

use super::{AssertSqlSafe, Columns, Instant, Interval, RecordTime, Row, Store, Write, from_row, values};

/// How a source stands. Times are of the clock that it is asked by; who holds it goes by wall time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub name: String,
    /// What it is asked, as a digest: of one that asks something else, nothing is had.
    pub asks: String,
    pub tried: Option<Instant>,
    pub done: Option<Instant>,
    /// Not asked before then.
    pub next: Instant,
    /// Tries in vain since the last success.
    pub failures: i64,
    /// Why the last try was in vain; none after a success.
    pub error: Option<String>,
    /// What the last success left out.
    pub note: Option<String>,
    pub holder: Option<String>,
    pub until: RecordTime,
}

/// A period that was asked for and answered, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Had {
    pub period: Interval,
    pub asked: Instant,
}

/// What an answer was marked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub request: String,
    pub etag: Option<String>,
    pub modified: Option<String>,
}

from_row!(State {
    name, asks, tried = "tried_s", done = "done_s", next = "next_s", failures, error, note, holder, until = "until_us",
});
from_row!(Mark { request, etag, modified });

const COLUMNS: &str = "name, asks, tried_s, done_s, next_s, failures, error, note, holder, until_us";

pub async fn all(store: &Store) -> sqlx::Result<Vec<State>> {
    let sql = format!("select {COLUMNS} from feeds");
    let mut list: Vec<State> = store.rows(AssertSqlSafe(sql), values![]).await?;
    list.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(list)
}

/// One of them under the writer's lock: nobody else takes it meanwhile.
pub async fn locked(write: &mut Write, name: &str) -> sqlx::Result<Option<State>> {
    let sql = format!("select {COLUMNS} from feeds where name = $1");
    write.row(AssertSqlSafe(sql), values![name]).await
}

pub async fn put(write: &mut Write, state: &State) -> sqlx::Result<()> {
    let values = values! {
        &state.name, &state.asks, state.tried, state.done, state.next, state.failures, &state.error, &state.note,
        &state.holder, state.until,
    };
    write.put("feeds", COLUMNS, values).await
}

/// Holds a source until later, where its holder still has it; whether it does.
pub async fn renew(write: &mut Write, (name, holder): (&str, &str), until: RecordTime) -> sqlx::Result<bool> {
    let sql = "update feeds set until_us = $1 where name = $2 and holder = $3";
    Ok(write.reached(sql, values![until, name, holder]).await? > 0)
}

/// Lets go of what a holder has.
pub async fn release(write: &mut Write, holder: &str) -> sqlx::Result<()> {
    write.run("update feeds set holder = null, until_us = 0 where holder = $1", values![holder]).await
}

impl Row for Had {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let (start, end, asked) = Row::read(row)?;
        Ok(Self { period: Interval { start, end }, asked })
    }
}

const RANGES: &str = "select start_s, end_s, asked_s from feed_ranges where feed = $1 order by start_s";

/// What a source has answered, by rising start, free of overlap.
pub async fn ranges(store: &Store, feed: &str) -> sqlx::Result<Vec<Had>> {
    store.rows(RANGES, values![feed]).await
}

/// Takes a period for answered: what of it was answered before is answered anew.
pub async fn add_range(write: &mut Write, feed: &str, new: Had) -> sqlx::Result<()> {
    let had: Vec<Had> = write.rows(RANGES, values![feed]).await?;
    let (start, end) = (new.period.start, new.period.end);
    for old in had.into_iter().filter(|old| old.period.overlap_s(new.period) > 0) {
        write.run("delete from feed_ranges where feed = $1 and start_s = $2", values![feed, old.period.start]).await?;
        let before = Interval { start: old.period.start, end: start };
        let after = Interval { start: end, end: old.period.end };
        for rest in [before, after].into_iter().filter(|rest| rest.start < rest.end) {
            insert(write, feed, Had { period: rest, ..old }).await?;
        }
    }
    insert(write, feed, new).await
}

async fn insert(write: &mut Write, feed: &str, had: Had) -> sqlx::Result<()> {
    let into = "feed_ranges (feed, start_s, end_s, asked_s)";
    write.insert(into, values![feed, had.period.start, had.period.end, had.asked]).await
}

/// Joins what lies side by side and is over before an instant: when it was asked matters no longer.
pub async fn join_ranges(write: &mut Write, feed: &str, before: Instant) -> sqlx::Result<()> {
    let had: Vec<Had> = write.rows(RANGES, values![feed]).await?;
    for group in had.chunk_by(|a, b| a.period.end == b.period.start && b.period.end <= before) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        if group.len() < 2 {
            continue;
        }
        let sql = "delete from feed_ranges where feed = $1 and start_s >= $2 and start_s < $3";
        write.run(sql, values![feed, first.period.start, last.period.end]).await?;
        let period = Interval { start: first.period.start, end: last.period.end };
        insert(write, feed, Had { period, asked: last.asked }).await?;
    }
    Ok(())
}

/// Forgets what a source has answered.
pub async fn forget(write: &mut Write, feed: &str) -> sqlx::Result<()> {
    for sql in ["delete from feed_ranges where feed = $1", "delete from feed_marks where feed = $1"] {
        write.run(sql, values![feed]).await?;
    }
    Ok(())
}

pub async fn marks(store: &Store, feed: &str) -> sqlx::Result<Vec<Mark>> {
    store.rows("select request, etag, modified from feed_marks where feed = $1", values![feed]).await
}

/// In place of those before: a request that is made no more needs none.
pub async fn put_marks(write: &mut Write, feed: &str, marks: &[Mark]) -> sqlx::Result<()> {
    write.run("delete from feed_marks where feed = $1", values![feed]).await?;
    for mark in marks {
        let into = "feed_marks (feed, request, etag, modified)";
        write.insert(into, values![feed, &mark.request, &mark.etag, &mark.modified]).await?;
    }
    Ok(())
}
