//! Settled reports and their ledger: every non-zero figure of both ledgers, one row each; a correction posts reversals.

use super::bulk::{self, LEDGER};
use super::from_row::{self, Columns, from_row};
use super::{AssertSqlSafe, Instant, Interval, RecordTime, Store, Write, values};
use std::collections::BTreeMap;

/// A period settled under one set of inputs. It is published once its pack is made; from then on nothing of it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    pub id: i64,
    pub start: Instant,
    pub end: Instant,
    pub version: i64,
    pub ruleset: String,
    pub portfolio_sha256: String,
    /// What of the store it saw.
    pub revision: i64,
    pub certificates: RecordTime,
    /// Merkle root of its pack; none until it is published.
    pub root: Option<String>,
    pub replaces: Option<String>,
    pub reason: Option<String>,
    pub actor: Option<String>,
    /// When it was settled; once published, when that was.
    pub recorded: RecordTime,
    pub inputs_sha256: String,
}

from_row!(Settlement {
    id, start = "start_s", end = "end_s", version, ruleset, portfolio_sha256, revision, certificates = "certificates_us",
    root, replaces, reason, actor, recorded = "recorded_us", inputs_sha256,
});

/// Files of a published pack that a restatement carries on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub manifest: Vec<u8>,
    pub intervals: Vec<u8>,
    pub results: Vec<u8>,
}

from_row!(Published { manifest, intervals, results });

const COLUMNS: &str = "id, start_s, end_s, version, ruleset, portfolio_sha256, revision, certificates_us, root, replaces, \
    reason, actor, recorded_us, inputs_sha256";

/// Every settlement of exactly this period, by version.
pub async fn of_period(store: &Store, period: Interval) -> sqlx::Result<Vec<Settlement>> {
    let sql = format!("select {COLUMNS} from settlements where start_s = $1 and end_s = $2 order by version");
    store.rows(AssertSqlSafe(sql), values![period.start, period.end]).await
}

/// Every published settlement of another period that shares time with this one, by period and version.
pub async fn overlapping(store: &Store, period: Interval) -> sqlx::Result<Vec<Settlement>> {
    let sql = format!(
        "select {COLUMNS} from settlements where start_s < $1 and end_s > $2 and not (start_s = $2 and end_s = $1) \
         and root is not null order by start_s, end_s, version"
    );
    store.rows(AssertSqlSafe(sql), values![period.end, period.start]).await
}

pub async fn published(store: &Store, id: i64) -> sqlx::Result<Option<Published>> {
    let sql = "select manifest, intervals, results from settlements where id = $1 and root is not null";
    store.row(sql, values![id]).await
}

/// Adds a settlement that is not published yet, in place of an earlier one that never was; returns its id.
pub async fn add(write: &mut Write, s: &Settlement) -> sqlx::Result<i64> {
    let unpublished = "select id from settlements where start_s = $1 and end_s = $2 and root is null";
    let stale: Vec<i64> = write.rows(unpublished, values![s.start, s.end]).await?;
    for id in stale {
        for sql in [
            "delete from ledger where settlement_id = $1",
            "delete from ledger_names where settlement_id = $1",
            "delete from settlements where id = $1",
        ] {
            write.run(sql, values![id]).await?;
        }
    }
    let id = write.next("id", "settlements").await?;
    let into = format!("settlements ({COLUMNS})");
    let values = values! {
        id, s.start, s.end, s.version, &s.ruleset, &s.portfolio_sha256, s.revision, s.certificates, None::<&str>,
        &s.replaces, &s.reason, &s.actor, s.recorded, &s.inputs_sha256,
    };
    write.insert(&into, values).await?;
    Ok(id)
}

/// Marks a settlement as published under the root of its pack, and keeps what a restatement will need of it. From now on
/// reports see it, so this is when it is recorded: by a record time while the pack was written, there was none yet.
pub async fn publish(
    write: &mut Write,
    id: i64,
    root: &str,
    files: &Published,
    recorded: RecordTime,
) -> sqlx::Result<()> {
    let sql = "update settlements set root = $1, manifest = $2, intervals = $3, results = $4, recorded_us = $5 \
        where id = $6 and root is null";
    write.run(sql, values![root, &files.manifest, &files.intervals, &files.results, recorded, id]).await
}

/// Names behind the numbers of a ledger; kind 0 is a site, 1 an instrument, 2 a storage.
pub type Names = BTreeMap<(i64, String), i64>;

pub async fn names(store: &Store, id: i64) -> sqlx::Result<Names> {
    let sql = "select kind, name, no from ledger_names where settlement_id = $1";
    let named = |(kind, name, no)| ((kind, name), no);
    Ok(store.rows(sql, values![id]).await?.into_iter().map(named).collect())
}

pub async fn add_names(write: &mut Write, id: i64, names: &Names) -> sqlx::Result<()> {
    for ((kind, name), no) in names {
        write.insert("ledger_names (settlement_id, kind, no, name)", values![id, *kind, *no, name]).await?;
    }
    Ok(())
}

/// One posted figure: start in seconds, site, instrument, ledger, Wh. See `audit::ledger` for the codes.
pub type Row = [i64; 5];

pub async fn post(write: &mut Write, id: i64, rows: &[Row]) -> sqlx::Result<()> {
    let full: Vec<[i64; 6]> = rows.iter().map(|r| [id, r[0], r[1], r[2], r[3], r[4]]).collect();
    bulk::insert(write, LEDGER, &full).await
}

/// The last published settlement of a period, under the writer's lock.
pub async fn last_published(write: &mut Write, period: Interval) -> sqlx::Result<Option<i64>> {
    let sql = "select max(id) from settlements where start_s = $1 and end_s = $2 and root is not null";
    write.one(sql, values![period.start, period.end]).await
}

/// What published settlements of a period come to together: postings less reversals, zeros left out.
const BALANCE: &str = "select l.start_s, l.site, l.instrument, l.ledger % 2, cast(sum(l.wh) as bigint) from ledger l \
    join settlements s on s.id = l.settlement_id where s.start_s = $1 and s.end_s = $2 and s.root is not null \
    and l.start_s >= $3 and l.start_s < $4 \
    group by l.start_s, l.site, l.instrument, l.ledger % 2 having sum(l.wh) <> 0 order by 1, 4, 2, 3";

impl from_row::Row for Row {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let (start_s, site, instrument, ledger, wh) = from_row::Row::read(row)?;
        Ok([start_s, site, instrument, ledger, wh])
    }
}

/// The balance of a stretch of a period, by start: a whole one of many sites is more than anybody should hold.
pub async fn balance(store: &Store, period: Interval, stretch: Interval) -> sqlx::Result<Vec<Row>> {
    store.rows(BALANCE, values![period.start, period.end, stretch.start, stretch.end]).await
}

/// The same within a write transaction.
pub async fn balance_in(write: &mut Write, period: Interval, stretch: Interval) -> sqlx::Result<Vec<Row>> {
    write.rows(BALANCE, values![period.start, period.end, stretch.start, stretch.end]).await
}
