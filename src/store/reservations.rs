//! Megawatts taken out of a plan's headroom: held for a while for an asker, or reserved by id.

use super::{Store, Write, in_write, on_pool};

#[derive(Debug, Clone, PartialEq)]
pub struct Reservation {
    pub id: String,
    pub kind: Kind,
    pub site: String,
    pub start_s: i64,
    pub end_s: i64,
    /// IT power.
    pub mw: f64,
    pub made_s: i64,
    pub expires_s: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Held,
    Reserved,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Reserved => "reserved",
        }
    }
}

type Columns = (String, String, String, i64, i64, f64, i64, i64);

fn reservation((id, kind, site, start_s, end_s, mw, made_s, expires_s): Columns) -> Reservation {
    let kind = if kind == Kind::Reserved.name() { Kind::Reserved } else { Kind::Held };
    Reservation { id, kind, site, start_s, end_s, mw, made_s, expires_s }
}

const LIVE: &str = "select id, kind, site, start_s, end_s, mw, made_s, expires_s from reservations \
    where end_s > $1 and (kind = 'reserved' or expires_s > $1) order by id";

/// Collations differ between engines; ids compare bytewise.
fn sorted(rows: Vec<Columns>) -> Vec<Reservation> {
    let mut list: Vec<Reservation> = rows.into_iter().map(reservation).collect();
    list.sort_by(|a, b| a.id.cmp(&b.id));
    list
}

/// Reservations that have not ended and holds that have not lapsed.
pub async fn live(write: &mut Write, now_s: i64) -> sqlx::Result<Vec<Reservation>> {
    let rows: Vec<Columns> = in_write!(write, tx => sqlx::query_as(LIVE).bind(now_s).fetch_all(tx).await?);
    Ok(sorted(rows))
}

/// The same without a transaction, for planning.
pub async fn live_in(store: &Store, now_s: i64) -> sqlx::Result<Vec<Reservation>> {
    let rows: Vec<Columns> = on_pool!(store, pool => sqlx::query_as(LIVE).bind(now_s).fetch_all(pool).await?);
    Ok(sorted(rows))
}

pub async fn get(write: &mut Write, id: &str) -> sqlx::Result<Option<Reservation>> {
    let sql = "select id, kind, site, start_s, end_s, mw, made_s, expires_s from reservations where id = $1";
    let found: Option<Columns> = in_write!(write, tx => sqlx::query_as(sql).bind(id).fetch_optional(tx).await?);
    Ok(found.map(reservation))
}

pub async fn add(write: &mut Write, r: &Reservation) -> sqlx::Result<()> {
    let sql = "insert into reservations (id, kind, site, start_s, end_s, mw, made_s, expires_s) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    in_write!(write, tx => {
        sqlx::query(sql)
            .bind(&r.id).bind(r.kind.name()).bind(&r.site).bind(r.start_s).bind(r.end_s).bind(r.mw)
            .bind(r.made_s).bind(r.expires_s).execute(tx).await?;
    });
    Ok(())
}

/// Forgets holds that lapsed, and gives the number of the next one.
pub async fn next_hold(write: &mut Write, now_s: i64) -> sqlx::Result<i64> {
    in_write!(write, tx => {
        sqlx::query("delete from reservations where kind = 'held' and expires_s <= $1").bind(now_s).execute(tx).await?;
    });
    let sql = "select coalesce(max(cast(substr(id, 6) as bigint)), 0) + 1 from reservations where kind = 'held'";
    let (next,): (i64,) = in_write!(write, tx => sqlx::query_as(sql).fetch_one(tx).await?);
    Ok(next)
}
