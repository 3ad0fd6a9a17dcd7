//! Old rows are removed after a while: plans and what they were made from, reports that later ones replaced, work and
//! reservations. Readings, forecasts, bills, certificates, settlements and the portfolio's texts are never removed.
//!
//! Each batch is a transaction of its own, so that nobody waits long for it. The newest of a count stays whatever its
//! age: `seq` says what a plan was made with, and no number is given twice.

use super::work::{self, Legible};
use super::{AssertSqlSafe, Store, plans, values};
use ids::WorkId;
use reports::time::{DAY_S, Instant, RecordTime};
use reports::words::counted;
use serde::Deserialize;
use std::collections::BTreeSet;

/// How long what is over is kept, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Plans since they were made, and reports that later ones of the same work replaced.
    pub plans_s: i64,
    /// Work since its deadline and the last report of it; reservations since their end.
    pub work_s: i64,
}

/// How much was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    pub plans: usize,
    pub reports: usize,
    pub work: usize,
    pub reservations: usize,
}

impl Removed {
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// `2 plans, 1 report, 0 pieces of work, 3 reservations`.
    pub fn words(&self) -> String {
        [
            counted(self.plans, "plan", "plans"),
            counted(self.reports, "report", "reports"),
            counted(self.work, "piece of work", "pieces of work"),
            counted(self.reservations, "reservation", "reservations"),
        ]
        .join(", ")
    }
}

/// Plans look this far back for what earlier ones had work do, a day to spare: those that reach in stay.
const LOOK_BACK_S: i64 = 15 * DAY_S;
/// Rows of one transaction.
const PLANS: i64 = 20;
const ROWS: i64 = 1_000;

/// The end of the third-newest day on which a plan was made; none before there are three. Ages that count from it do
/// not believe a clock that is wrong for a day or two.
pub async fn settled(store: &Store) -> sqlx::Result<Option<Instant>> {
    let sql = "select distinct made_s / 86400 from plans order by 1 desc limit 3";
    let days: Vec<i64> = store.rows(sql, values![]).await?;
    Ok(days.get(2).map(|day| Instant::from_seconds((day + 1) * DAY_S)))
}

/// Removes what has been over for longer than it is kept.
///
/// # Errors
/// A store that cannot be written to; whole batches are gone then, or nothing.
pub async fn prune(store: &Store, kept: Kept, now: Instant) -> anyhow::Result<Removed> {
    let (plans_before, work_before) = (now - kept.plans_s, now - kept.work_s);
    Ok(Removed {
        plans: plans(store, plans_before, now - LOOK_BACK_S).await?,
        reports: reports(store, plans_before).await?,
        work: work(store, work_before).await?,
        reservations: reservations(store, work_before).await?,
    })
}

/// Plans made before an instant that ended before another; never the newest.
async fn plans(store: &Store, made_before: Instant, ended_before: Instant) -> anyhow::Result<usize> {
    let sql = "select seq, id from plans where made_s < $1 and end_s < $2 and seq < (select max(seq) from plans) \
        order by seq limit $3";
    let mut removed = 0;
    loop {
        let over: Vec<(i64, String)> = store.rows(sql, values![made_before, ended_before, PLANS]).await?;
        if over.is_empty() {
            return Ok(removed);
        }
        let mut write = store.write().await?;
        for (seq, id) in &over {
            // It may have been made anew meanwhile.
            let still = "select seq from plans where id = $1 and seq = $2";
            if write.row::<i64>(still, values![id, *seq]).await?.is_some() {
                plans::remove(&mut write, id).await?;
                removed += 1;
            }
        }
        write.commit().await?;
    }
}

/// Reports recorded before an instant, but for the newest of each piece of work.
async fn reports(store: &Store, before: Instant) -> anyhow::Result<usize> {
    let sql = "select r.seq from work_reports r where r.recorded_us < $1 and exists (select 1 from work_reports n \
        where n.work = r.work and (n.at_s > r.at_s or n.at_s = r.at_s and n.seq > r.seq)) limit $2";
    remove(store, (sql, RecordTime::from(before).micros()), "delete from work_reports where seq = $1").await
}

/// Reservations that ended before an instant; never the last one made or released.
async fn reservations(store: &Store, before: Instant) -> anyhow::Result<usize> {
    let sql = "select seq from reservations where end_s < $1 and coalesce(released_seq, seq) < \
        (select max(coalesce(released_seq, seq)) from reservations) limit $2";
    remove(store, (sql, before.seconds()), "delete from reservations where seq = $1").await
}

/// Removes by `seq` what a query finds to be before a time, batch by batch; how many rows those were.
async fn remove(store: &Store, (over, before): (&'static str, i64), delete: &'static str) -> anyhow::Result<usize> {
    let mut removed = 0;
    loop {
        let rows: Vec<i64> = store.rows(over, values![before, ROWS]).await?;
        if rows.is_empty() {
            return Ok(removed);
        }
        let mut write = store.write().await?;
        for seq in &rows {
            write.run(delete, values![*seq]).await?;
        }
        write.commit().await?;
        removed += rows.len();
    }
}

/// Of a piece of work what says when it is over, and what it waits for.
#[derive(Debug, Deserialize)]
struct Piece {
    deadline: String,
    #[serde(default)]
    after: Vec<WorkId>,
}

/// Work that nothing is to be done for any more: done, cancelled, or never reported and past its deadline. What runs or is
/// paused stays, so does what open work waits for, and so does what cannot be read.
async fn work(store: &Store, before: Instant) -> anyhow::Result<usize> {
    let awaited = awaited(store).await?;
    let (mut removed, mut from) = (0, WorkId::default());
    let page = format!("{MAY_BE_OVER} and id > $3 order by id limit $4");
    loop {
        let values = values![RecordTime::from(before), before, &from, ROWS];
        let rows: Vec<Legible<(WorkId, i64, String)>> =
            work::each(store, "select id, seq, content", &page, values).await?;
        let Some(Ok((last, ..)) | Err((last, _))) = rows.last() else { return Ok(removed) };
        from.clone_from(last);
        let is_over = |content: &str| {
            let piece: Option<Piece> = serde_json::from_str(content).ok();
            piece.and_then(|piece| Instant::parse(&piece.deadline).ok()).is_some_and(|at| at < before)
        };
        let over = rows.iter().flatten().filter(|(id, _, content)| is_over(content) && !awaited.contains(id));
        let over: Vec<(&WorkId, i64)> = over.map(|(id, seq, _)| (id, *seq)).collect();
        if !over.is_empty() {
            removed += remove_work(store, before, &over).await?;
        }
    }
}

const MAY_BE_OVER: &str = "state in ('done', 'cancelled', 'queued') and added_us < $1 \
    and coalesce(reported_s, $2) <= $2 and seq < (select max(seq) from work)";

/// Ids that work waits for which is not over by its state; of what cannot be read nobody knows.
async fn awaited(store: &Store) -> sqlx::Result<BTreeSet<WorkId>> {
    let open = "state not in ('done', 'cancelled') and content like $1";
    let contents = work::contents(store, open, "%\"after\"%").await?;
    let pieces = contents.iter().filter_map(|content| serde_json::from_str::<Piece>(content).ok());
    Ok(pieces.flat_map(|piece| piece.after).collect())
}

/// Those that are over still, with their reports.
async fn remove_work(store: &Store, before: Instant, over: &[(&WorkId, i64)]) -> anyhow::Result<usize> {
    let mut removed = 0;
    let mut write = store.write().await?;
    let still = format!("select seq from work where {MAY_BE_OVER} and id = $3 and seq = $4");
    for (id, seq) in over {
        let values = values![RecordTime::from(before), before, *id, *seq];
        if write.row::<i64>(AssertSqlSafe(still.clone()), values).await?.is_none() {
            continue;
        }
        for sql in ["delete from work_reports where work = $1", "delete from work where id = $1"] {
            write.run(sql, values![*id]).await?;
        }
        removed += 1;
    }
    write.commit().await?;
    Ok(removed)
}
