//! Withdrawals: revisions that take another one back, or undo a withdrawal.

use super::readings::{Spans, ids_over};
use super::revisions::{self, Stated};
use super::{Interval, RecordTime, Store, Write, from_row, values};
use std::collections::{BTreeMap, BTreeSet};

/// The source of a withdrawal.
const SOURCE: &str = "withdrawal";

/// What may be withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub id: i64,
    pub file_id: i64,
    pub file_name: String,
    /// Of a withdrawal, the revision it takes back.
    pub withdraws: Option<i64>,
}

from_row!(Target { id, file_id, file_name, withdraws });

pub async fn target(write: &mut Write, revision: i64) -> sqlx::Result<Option<Target>> {
    let sql = "select r.id as id, r.file_id as file_id, f.name as file_name, r.withdraws as withdraws from revisions r join files f \
        on f.id = r.file_id where r.id = $1";
    write.row(sql, values![revision]).await
}

/// The existing revision next to one that does not exist; none where there is none at all.
pub async fn nearest(write: &mut Write, revision: i64) -> sqlx::Result<Option<Target>> {
    // Ids count from 1 without gaps.
    let last: i64 = write.one("select coalesce(max(id), 0) from revisions", values![]).await?;
    target(write, revision.clamp(1, last.max(1))).await
}

/// The last withdrawal of a revision before another one.
pub async fn last_of(write: &mut Write, revision: i64, before: i64) -> sqlx::Result<Option<i64>> {
    write.one("select max(id) from revisions where withdraws = $1 and id < $2", values![revision, before]).await
}

/// Adds a withdrawal, recorded at `max(now, last + 1 us)`; its id.
pub async fn add(write: &mut Write, record_time: RecordTime, target: &Target, stated: Stated<'_>) -> sqlx::Result<i64> {
    let (id, recorded) = revisions::next(write, record_time).await?;
    let into = "revisions (id, recorded_us, file_id, source, delay_s, actor, reason, withdraws)";
    let values = values![id, recorded, target.file_id, SOURCE, 0_i64, stated.actor, stated.reason, target.id];
    write.insert(into, values).await?;
    Ok(id)
}

/// Every withdrawal and the revision that it takes back.
pub async fn all(store: &Store) -> sqlx::Result<BTreeMap<i64, i64>> {
    let sql = "select id, withdraws from revisions where withdraws is not null";
    Ok(store.rows(sql, values![]).await?.into_iter().collect())
}

/// Of the withdrawals after one revision and up to another, those that ended readings over these spans which held then
/// and do not hold now.
pub async fn reaching(store: &Store, spans: &Spans, after: i64, until: i64) -> sqlx::Result<BTreeSet<i64>> {
    let sql = "select distinct v.id from series s join readings r on r.series_id = s.id \
        join revisions v on v.id = r.until_revision where s.name = $1 and r.start_s >= $2 and r.start_s < $3 \
        and r.end_s > $4 and r.revision <= $5 and v.id > $5 and v.id <= $6 and v.withdraws is not null \
        and not exists (select 1 from readings h where h.series_id = r.series_id and h.start_s = r.start_s \
        and coalesce(h.origin, h.revision) = coalesce(r.origin, r.revision) and h.revision <= $6 \
        and coalesce(h.until_revision, 9223372036854775807) > $6)";
    ids_over(store, sql, spans, [after, until.min(i64::MAX - 1)]).await
}

/// The same of bills that share time with a period; those that a withdrawal brought back count too.
pub async fn of_bills(store: &Store, period: Interval, after: i64, until: i64) -> sqlx::Result<BTreeSet<i64>> {
    let sql = "select v.id from invoices i join revisions v on v.id = i.until_revision where i.start_s < $1 \
        and i.end_s > $2 and i.revision <= $3 and v.id > $3 and v.id <= $4 and v.withdraws is not null \
        union select i.revision from invoices i where i.start_s < $1 and i.end_s > $2 and i.origin is not null \
        and i.revision > $3 and i.revision <= $4 and coalesce(i.until_revision, 9223372036854775807) > $4";
    let found: Vec<i64> = store.rows(sql, values![period.end, period.start, after, until.min(i64::MAX - 1)]).await?;
    Ok(found.into_iter().collect())
}
