//! The certificate register as rows: bundles as they stand, and everything that happened to them.
//!
//! One claim per Wh is the database's own promise: its triggers refuse overlapping ranges of an issuance, and any
//! change to a bundle once used but that it is withdrawn.

use super::from_row::{Typed, from_row};
use super::{Store, Write, in_write, numbers, on_pool};
use anyhow::Context;
use reports::certificates::{Certificate, Status};
use reports::time::{Instant, RecordTime};
use sqlx::{Postgres, QueryBuilder, Sqlite};
use std::collections::{BTreeMap, BTreeSet};

/// One event and all it did; both commit together.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub kind: &'a str,
    pub actor: &'a str,
    pub reason: Option<&'a str>,
    /// Bundles that leave the register, by id: others stand in their place.
    pub gone: &'a [String],
    pub changed: &'a [Certificate],
    pub new: &'a [Certificate],
}

/// What happened to one bundle; without content, it was split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub recorded: RecordTime,
    pub kind: String,
    pub actor: String,
    pub reason: Option<String>,
    pub after: Option<Certificate>,
}

/// The actor of an event nobody put a name to.
pub const NOT_STATED: &str = "not stated";

/// An event as the log has it: the bundles it left, and those that were gone after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    pub recorded: RecordTime,
    pub kind: String,
    pub actor: Option<String>,
    pub reason: Option<String>,
    pub left: Vec<String>,
    pub gone: Vec<String>,
}

/// Rows of one statement: at most fifteen parameters each, and SQLite takes at most 32 766.
const ROWS: usize = 2_000;

const ALL: &str = "select id, issuance, device, registry, technology, start_s, end_s, first_wh, last_wh, status, \
    owner, beneficiary, contract, since_s, expires_s from certificates";

struct Columns {
    id: String,
    issuance: String,
    device: String,
    registry: String,
    technology: String,
    start: Instant,
    end: Instant,
    first_wh: i64,
    last_wh: i64,
    status: String,
    owner: String,
    beneficiary: Option<String>,
    contract: Option<String>,
    since: Instant,
    expires: Option<Instant>,
}

from_row!(Columns {
    id, issuance, device, registry, technology, start = "start_s", end = "end_s", first_wh, last_wh, status, owner,
    beneficiary, contract, since = "since_s", expires = "expires_s",
});

fn certificate(c: Columns) -> anyhow::Result<Certificate> {
    let unknown = || format!("certificate {} has the unknown status {}", c.id, c.status);
    let status = Status::parse(&c.status).with_context(unknown)?;
    Ok(Certificate {
        id: c.id,
        issuance: c.issuance,
        device: c.device,
        registry: c.registry,
        technology: c.technology,
        start: c.start,
        end: c.end,
        first_wh: c.first_wh,
        last_wh: c.last_wh,
        status,
        owner: c.owner,
        beneficiary: c.beneficiary,
        contract: c.contract,
        since: c.since,
        expires: c.expires,
    })
}

/// Multi-row VALUES. The builder's type differs by engine, the text does not.
macro_rules! insert_rows {
    ($write:expr, $head:expr, $rows:expr, |$values:ident, $row:ident| $push:block) => {
        for chunk in $rows.chunks(ROWS) {
            match &mut *$write {
                Write::Sqlite(tx) => {
                    let mut query: QueryBuilder<Sqlite> = QueryBuilder::new($head);
                    query.push_values(chunk, |mut $values, $row| $push);
                    query.build().execute(&mut **tx).await?;
                }
                Write::Postgres(tx) => {
                    let mut query: QueryBuilder<Postgres> = QueryBuilder::new($head);
                    query.push_values(chunk, |mut $values, $row| $push);
                    query.build().execute(&mut **tx).await?;
                }
            }
        }
    };
}

/// Does what an event says and writes it down, recorded at `max(now, last + 1 us)`.
pub async fn enter(write: &mut Write, record_time: RecordTime, entry: &Entry<'_>) -> anyhow::Result<RecordTime> {
    let last = "select coalesce(max(seq), 0), coalesce(max(recorded_us), 0) from certificate_events";
    let Typed((last_seq, last_record)): Typed<(i64, RecordTime)> =
        in_write!(write, tx => sqlx::query_as(last).fetch_one(tx).await?);
    let (seq, recorded) = (last_seq + 1, record_time.max(last_record.plus_micros(1)));
    let sql = "insert into certificate_events (seq, recorded_us, kind, actor, reason) values ($1, $2, $3, $4, $5)";
    in_write!(write, tx => {
        sqlx::query(sql)
            .bind(seq).bind(recorded.micros()).bind(entry.kind).bind(entry.actor).bind(entry.reason)
            .execute(tx).await?;
    });
    let mut changes: Vec<(i64, &str, Option<String>)> = Vec::new();
    for id in entry.gone {
        in_write!(write, tx => {
            sqlx::query("delete from certificates where id = $1").bind(id).execute(tx).await?;
        });
        changes.push((changes.len() as i64, id.as_str(), None));
    }
    for certificate in entry.changed {
        update(write, certificate).await?;
    }
    insert(write, entry.new).await?;
    for certificate in entry.changed.iter().chain(entry.new) {
        let content = serde_json::to_string(certificate)?;
        changes.push((changes.len() as i64, certificate.id.as_str(), Some(content)));
    }
    let head = "insert into certificate_changes (event, no, certificate, content) ";
    insert_rows!(write, head, changes, |values, row| {
        values.push_bind(seq).push_bind(row.0).push_bind(row.1).push_bind(row.2.as_deref());
    });
    Ok(recorded)
}

async fn update(write: &mut Write, c: &Certificate) -> sqlx::Result<()> {
    let sql = "update certificates set status = $1, owner = $2, beneficiary = $3, contract = $4, since_s = $5 \
        where id = $6";
    in_write!(write, tx => {
        sqlx::query(sql)
            .bind(c.status.name()).bind(&c.owner).bind(&c.beneficiary).bind(&c.contract)
            .bind(c.since.seconds()).bind(&c.id).execute(tx).await?;
    });
    Ok(())
}

async fn insert(write: &mut Write, certificates: &[Certificate]) -> sqlx::Result<()> {
    let head = "insert into certificates (id, issuance, device, registry, technology, start_s, end_s, first_wh, \
        last_wh, status, owner, beneficiary, contract, since_s, expires_s) ";
    insert_rows!(write, head, certificates, |values, c| {
        values.push_bind(&c.id).push_bind(&c.issuance).push_bind(&c.device).push_bind(&c.registry);
        values.push_bind(&c.technology).push_bind(c.start.seconds()).push_bind(c.end.seconds());
        values.push_bind(c.first_wh).push_bind(c.last_wh).push_bind(c.status.name()).push_bind(&c.owner);
        values.push_bind(c.beneficiary.as_deref()).push_bind(c.contract.as_deref());
        values.push_bind(c.since.seconds()).push_bind(c.expires.map(Instant::seconds));
    });
    Ok(())
}

/// The register as it stood at a record time, sorted by id; `RecordTime::END` is now.
pub async fn at(store: &Store, recorded: RecordTime) -> anyhow::Result<Vec<Certificate>> {
    if recorded == RecordTime::END {
        let rows: Vec<Columns> = on_pool!(store, pool => sqlx::query_as(ALL).fetch_all(pool).await?);
        return Ok(by_id(rows)?.into_values().collect());
    }
    let sql = "select c.certificate, c.content from certificate_events e \
        join certificate_changes c on c.event = e.seq where e.recorded_us <= $1 order by e.seq, c.no";
    let rows: Vec<(String, Option<String>)> = on_pool!(store, pool => {
        sqlx::query_as(sql).bind(recorded.micros()).fetch_all(pool).await?
    });
    // The last word on each bundle counts.
    let mut standing: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (id, content) in rows {
        standing.insert(id, content);
    }
    standing.into_values().flatten().map(|content| parse(&content)).collect()
}

/// Collations differ between engines; ids compare bytewise.
fn by_id(rows: Vec<Columns>) -> anyhow::Result<BTreeMap<String, Certificate>> {
    rows.into_iter().map(|row| certificate(row).map(|c| (c.id.clone(), c))).collect()
}

fn parse(content: &str) -> anyhow::Result<Certificate> {
    serde_json::from_str(content).with_context(|| format!("a stored certificate cannot be read: {content}"))
}

/// Record time of the last event; 1970 when there was none.
pub async fn last_record(store: &Store) -> sqlx::Result<RecordTime> {
    numbers::last(store, "recorded_us", "certificate_events").await.map(RecordTime::from_micros)
}

/// Every bundle by id, for a writer.
pub async fn standing(write: &mut Write) -> anyhow::Result<BTreeMap<String, Certificate>> {
    let rows: Vec<Columns> = in_write!(write, tx => sqlx::query_as(ALL).fetch_all(tx).await?);
    by_id(rows)
}

pub async fn find(write: &mut Write, id: &str) -> anyhow::Result<Option<Certificate>> {
    let sql = format!("{ALL} where id = $1");
    let found: Option<Columns> = in_write!(write, tx => {
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(tx).await?
    });
    found.map(certificate).transpose()
}

/// Issued bundles whose last instant to be cancelled has passed, sorted by id.
pub async fn due(write: &mut Write, now: Instant) -> anyhow::Result<Vec<Certificate>> {
    let sql = format!("{ALL} where status = 'issued' and expires_s < $1");
    let rows: Vec<Columns> = in_write!(write, tx => {
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.seconds()).fetch_all(tx).await?
    });
    Ok(by_id(rows)?.into_values().collect())
}

/// Every id the register ever held, those of split bundles among them.
pub async fn ids(write: &mut Write) -> sqlx::Result<BTreeSet<String>> {
    let sql = "select distinct certificate from certificate_changes";
    let ids: Vec<String> = in_write!(write, tx => sqlx::query_scalar(sql).fetch_all(tx).await?);
    Ok(ids.into_iter().collect())
}

/// A bundle as it was first recorded, whatever happened to it since.
pub async fn first(write: &mut Write, id: &str) -> anyhow::Result<Option<Certificate>> {
    let sql = "select content from certificate_changes where certificate = $1 and content is not null \
        order by event, no limit 1";
    let found: Option<String> = in_write!(write, tx => sqlx::query_scalar(sql).bind(id).fetch_optional(tx).await?);
    found.as_deref().map(parse).transpose()
}

type LogColumns = Typed<(i64, RecordTime, String, String, Option<String>, String, i64)>;

/// Events up to a record time that somebody put a name or a reason to, and every split, oldest first.
pub async fn log(store: &Store, recorded: RecordTime) -> sqlx::Result<Vec<Logged>> {
    let sql = "select e.seq, e.recorded_us, e.kind, e.actor, e.reason, c.certificate, \
        cast(case when c.content is null then 1 else 0 end as bigint) \
        from certificate_events e join certificate_changes c on c.event = e.seq \
        where e.recorded_us <= $1 and (e.kind = 'split' or e.actor <> $2 or e.reason is not null) \
        order by e.seq, c.no";
    let rows: Vec<LogColumns> = on_pool!(store, pool => {
        sqlx::query_as(sql).bind(recorded.micros()).bind(NOT_STATED).fetch_all(pool).await?
    });
    let mut events: Vec<Logged> = Vec::new();
    let mut last = None;
    for Typed((seq, recorded, kind, actor, reason, certificate, gone)) in rows {
        if last != Some(seq) {
            let actor = Some(actor).filter(|actor| actor != NOT_STATED);
            events.push(Logged { recorded, kind, actor, reason, left: Vec::new(), gone: Vec::new() });
            last = Some(seq);
        }
        if let Some(event) = events.last_mut() {
            if gone == 1 { event.gone.push(certificate) } else { event.left.push(certificate) }
        }
    }
    Ok(events)
}

/// What happened to a bundle, oldest first.
pub async fn history(store: &Store, id: &str) -> anyhow::Result<Vec<Event>> {
    let sql = "select e.recorded_us, e.kind, e.actor, e.reason, c.content from certificate_changes c \
        join certificate_events e on e.seq = c.event where c.certificate = $1 order by e.seq, c.no";
    let rows: Vec<EventColumns> = on_pool!(store, pool => sqlx::query_as(sql).bind(id).fetch_all(pool).await?);
    rows.into_iter().map(event).collect()
}

type EventColumns = Typed<(RecordTime, String, String, Option<String>, Option<String>)>;

fn event(Typed((recorded, kind, actor, reason, content)): EventColumns) -> anyhow::Result<Event> {
    let after = content.as_deref().map(parse).transpose()?;
    Ok(Event { recorded, kind, actor, reason, after })
}
