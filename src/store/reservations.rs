//! Power and accelerators taken out of a plan's room, by id.

use super::{AssertSqlSafe, Instant, RecordTime, Store, Write, from_row, values};
use ids::{AccountId, PoolId, SiteId};

#[derive(Debug, Clone, PartialEq)]
pub struct Reservation {
    /// Its place among all that were made and released.
    pub seq: i64,
    pub id: String,
    pub site: SiteId,
    pub start: Instant,
    pub end: Instant,
    /// IT power.
    pub mw: f64,
    /// Accelerators it holds, where it was made by them.
    pub pool: Option<PoolId>,
    pub gpus: Option<i64>,
    pub account: Option<AccountId>,
    pub made_at: RecordTime,
    pub released: Option<RecordTime>,
    pub released_seq: Option<i64>,
}

impl Reservation {
    /// Whether it was there, and not released, when so many had been made and released.
    pub fn seen_at(&self, seq: i64) -> bool {
        self.seq <= seq && self.released_seq.is_none_or(|released| released > seq)
    }
}

from_row!(Reservation {
    seq, id, site, start = "start_s", end = "end_s", mw, pool, gpus, account, made_at = "made_us",
    released = "released_us", released_seq,
});

const COLUMNS: &str = "select seq, id, site, start_s, end_s, mw, pool, gpus, account, made_us, released_us, \
    released_seq from reservations";

/// Those that end after an instant, released ones too.
pub async fn ending_after(store: &Store, instant: Instant) -> sqlx::Result<Vec<Reservation>> {
    let sql = format!("{COLUMNS} where end_s > $1");
    let mut list: Vec<Reservation> = store.rows(AssertSqlSafe(sql), values![instant]).await?;
    // Collations differ between engines; ids compare bytewise.
    list.sort_by(|a, b| (&a.id, a.seq).cmp(&(&b.id, b.seq)));
    Ok(list)
}

/// Making one and releasing it are changes, each with its number.
const CHANGE: &str = "coalesce(released_seq, seq)";

/// How many were made and released so far: the `seq` of the last change.
pub async fn last_seq(store: &Store) -> sqlx::Result<i64> {
    store.last(CHANGE, "reservations").await
}

/// The newest of an id that is not released.
pub async fn live(write: &mut Write, id: &str) -> sqlx::Result<Option<Reservation>> {
    let sql = format!("{COLUMNS} where id = $1 and released_seq is null");
    write.row(AssertSqlSafe(sql), values![id]).await
}

/// The newest of an id, released or not.
pub async fn get(store: &Store, id: &str) -> sqlx::Result<Option<Reservation>> {
    let sql = format!("{COLUMNS} where id = $1 order by seq desc limit 1");
    store.row(AssertSqlSafe(sql), values![id]).await
}

/// Adds one, whose `seq` is given here.
pub async fn add(write: &mut Write, mut r: Reservation) -> sqlx::Result<Reservation> {
    r.seq = write.next(CHANGE, "reservations").await?;
    let into = "reservations (seq, id, site, start_s, end_s, mw, pool, gpus, account, made_us)";
    let values = values![r.seq, &r.id, &r.site, r.start, r.end, r.mw, &r.pool, r.gpus, &r.account, r.made_at];
    write.insert(into, values).await?;
    Ok(r)
}

/// Gives the room of a live one back.
pub async fn release(write: &mut Write, id: &str, record_time: RecordTime) -> sqlx::Result<()> {
    let seq = write.next(CHANGE, "reservations").await?;
    let sql = "update reservations set released_us = $1, released_seq = $2 where id = $3 and released_seq is null";
    write.run(sql, values![record_time, seq, id]).await
}
