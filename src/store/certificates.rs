//! The certificate register as rows: bundles as they stand, and everything that happened to them.
//!
//! One claim per Wh is the database's own promise: its triggers refuse overlapping ranges of an issuance, and any
//! change to a bundle once used but that it is withdrawn.

use super::{Columns, Instant, RecordTime, Row, Store, Write, values};
use anyhow::{Context, anyhow};
use reports::certificates::{Certificate, Status};
use sqlx::{AssertSqlSafe, Postgres, QueryBuilder, Sqlite};
use std::collections::{BTreeMap, BTreeSet};

/// One event and all it did; both commit together.
#[derive(Debug, Clone, Copy, Default)]
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

/// A bundle as its row states it.
struct Stated(anyhow::Result<Certificate>);

impl Row for Stated {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let (id, issuance, device, registry, technology): (String, String, String, String, String) = Row::read(row)?;
        let status: String = row.named("status")?;
        let Some(status) = Status::parse(&status) else {
            return Ok(Self(Err(anyhow!("certificate {id} has the unknown status {status}"))));
        };
        Ok(Self(Ok(Certificate {
            id,
            issuance,
            device,
            registry,
            technology,
            start: row.named("start_s")?,
            end: row.named("end_s")?,
            first_wh: row.named("first_wh")?,
            last_wh: row.named("last_wh")?,
            status,
            owner: row.named("owner")?,
            beneficiary: row.named("beneficiary")?,
            contract: row.named("contract")?,
            since: row.named("since_s")?,
            expires: row.named("expires_s")?,
        })))
    }
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
    let (last_seq, last_record): (i64, RecordTime) = write.one(last, values![]).await?;
    let (seq, recorded) = (last_seq + 1, record_time.max(last_record.plus_micros(1)));
    let into = "certificate_events (seq, recorded_us, kind, actor, reason)";
    write.insert(into, values![seq, recorded, entry.kind, entry.actor, entry.reason]).await?;
    let mut changes: Vec<(i64, &str, Option<String>)> = Vec::new();
    for id in entry.gone {
        write.run("delete from certificates where id = $1", values![id]).await?;
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
    write.run(sql, values![c.status.name(), &c.owner, &c.beneficiary, &c.contract, c.since, &c.id]).await
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
        return Ok(by_id(store.rows(ALL, values![]).await?)?.into_values().collect());
    }
    let sql = "select c.certificate, c.content from certificate_events e \
        join certificate_changes c on c.event = e.seq where e.recorded_us <= $1 order by e.seq, c.no";
    let rows: Vec<(String, Option<String>)> = store.rows(sql, values![recorded]).await?;
    // The last word on each bundle counts.
    let standing: BTreeMap<String, Option<String>> = rows.into_iter().collect();
    standing.into_values().flatten().map(|content| parse(&content)).collect()
}

/// Collations differ between engines; ids compare bytewise.
fn by_id(rows: Vec<Stated>) -> anyhow::Result<BTreeMap<String, Certificate>> {
    rows.into_iter().map(|row| row.0.map(|c| (c.id.clone(), c))).collect()
}

fn parse(content: &str) -> anyhow::Result<Certificate> {
    serde_json::from_str(content).with_context(|| format!("a stored certificate cannot be read: {content}"))
}

/// Record time of the last event; 1970 when there was none.
pub async fn last_recorded(store: &Store) -> sqlx::Result<RecordTime> {
    store.last("recorded_us", "certificate_events").await
}

/// Every bundle by id, for a writer.
pub async fn standing(write: &mut Write) -> anyhow::Result<BTreeMap<String, Certificate>> {
    by_id(write.rows(ALL, values![]).await?)
}

pub async fn find(write: &mut Write, id: &str) -> anyhow::Result<Option<Certificate>> {
    let sql = format!("{ALL} where id = $1");
    let found: Option<Stated> = write.row(AssertSqlSafe(sql), values![id]).await?;
    found.map(|row| row.0).transpose()
}

/// Issued bundles whose last instant to be cancelled has passed, sorted by id.
pub async fn due(write: &mut Write, now: Instant) -> anyhow::Result<Vec<Certificate>> {
    let sql = format!("{ALL} where status = 'issued' and expires_s < $1");
    Ok(by_id(write.rows(AssertSqlSafe(sql), values![now]).await?)?.into_values().collect())
}

/// Every id the register ever held, those of split bundles among them.
pub async fn ids(write: &mut Write) -> sqlx::Result<BTreeSet<String>> {
    let ids: Vec<String> = write.rows("select distinct certificate from certificate_changes", values![]).await?;
    Ok(ids.into_iter().collect())
}

/// A bundle as it was first recorded, whatever happened to it since.
pub async fn first(write: &mut Write, id: &str) -> anyhow::Result<Option<Certificate>> {
    let sql = "select content from certificate_changes where certificate = $1 and content is not null \
        order by event, no limit 1";
    let found: Option<String> = write.row(sql, values![id]).await?;
    found.as_deref().map(parse).transpose()
}

/// Events up to a record time that somebody put a name or a reason to, and every split, oldest first.
pub async fn log(store: &Store, recorded: RecordTime) -> sqlx::Result<Vec<Logged>> {
    let sql = "select e.seq, e.recorded_us, e.kind, e.actor, e.reason, c.certificate, \
        cast(case when c.content is null then 1 else 0 end as bigint) \
        from certificate_events e join certificate_changes c on c.event = e.seq \
        where e.recorded_us <= $1 and (e.kind = 'split' or e.actor <> $2 or e.reason is not null) \
        order by e.seq, c.no";
    let rows: Vec<(i64, _, _, String, _, _, i64)> = store.rows(sql, values![recorded, NOT_STATED]).await?;
    let mut events: Vec<Logged> = Vec::new();
    let mut last = None;
    for (seq, recorded, kind, actor, reason, certificate, gone) in rows {
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
    let event = |(recorded, kind, actor, reason, content): (_, _, _, _, Option<String>)| -> anyhow::Result<Event> {
        let after = content.as_deref().map(parse).transpose()?;
        Ok(Event { recorded, kind, actor, reason, after })
    };
    store.rows(sql, values![id]).await?.into_iter().map(event).collect()
}
