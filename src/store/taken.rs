//! What was taken in: each revision, how much it holds of each series, and what became of it.

use super::{Instant, Interval, RecordTime, Store, Write, bulk, from_row, values};
use serde::Serialize;

/// Rows of one series, and the time they reach over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub readings: usize,
    pub forecasts: usize,
    pub span: Interval,
}

impl Extent {
    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            readings: self.readings + other.readings,
            forecasts: self.forecasts + other.forecasts,
            span: hull(self.span, other.span),
        }
    }
}

/// From the first start to the last end of two intervals.
pub fn hull(one: Interval, two: Interval) -> Interval {
    Interval { start: one.start.min(two.start), end: one.end.max(two.end) }
}

/// States what a revision holds of series, or withdraws of them, by id.
pub async fn add(
    write: &mut Write,
    revision: i64,
    extents: impl IntoIterator<Item = (i64, Extent)>,
) -> sqlx::Result<()> {
    let row = |(series_id, extent): (i64, Extent)| {
        let Extent { readings, forecasts, span } = extent;
        [revision, series_id, readings as i64, forecasts as i64, span.start.seconds(), span.end.seconds()]
    };
    let rows: Vec<[i64; 6]> = extents.into_iter().map(row).collect();
    bulk::insert(write, bulk::PARTS, &rows).await
}

/// How much a revision holds of a series, or withdraws of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    #[serde(skip)]
    pub series_id: i64,
    pub series: String,
    pub readings: i64,
    pub forecasts: i64,
    #[serde(rename = "from")]
    pub start: Instant,
    #[serde(rename = "to")]
    pub end: Instant,
}

from_row!(Part { series_id, series, readings, forecasts, start = "start_s", end = "end_s" });

const PARTS: &str = "select p.series_id as series_id, s.name as series, p.readings as readings, p.forecasts as forecasts, \
    p.start_s as start_s, p.end_s as end_s \
    from revision_parts p join series s on s.id = p.series_id where p.revision = $1";

/// By series.
pub async fn parts(store: &Store, revision: i64) -> sqlx::Result<Vec<Part>> {
    Ok(by_series(store.rows(PARTS, values![revision]).await?))
}

/// The same within a write transaction.
pub async fn parts_in(write: &mut Write, revision: i64) -> sqlx::Result<Vec<Part>> {
    Ok(by_series(write.rows(PARTS, values![revision]).await?))
}

fn by_series(mut parts: Vec<Part>) -> Vec<Part> {
    // Collations differ between engines.
    parts.sort_by(|a, b| a.series.cmp(&b.series));
    parts
}

/// A revision and all that it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taken {
    #[serde(rename = "revision")]
    pub id: i64,
    pub recorded: RecordTime,
    #[serde(rename = "file")]
    pub file_name: String,
    #[serde(rename = "sha256")]
    pub file_sha256: String,
    /// The form of the file and its options; `withdrawal` of a withdrawal.
    pub source: String,
    pub delay_s: i64,
    pub actor: Option<String>,
    pub reason: Option<String>,
    /// Of a withdrawal, the revision it takes back.
    pub withdraws: Option<i64>,
    pub series: i64,
    pub readings: i64,
    pub forecasts: i64,
    pub invoices: i64,
    #[serde(rename = "from")]
    pub start: Option<Instant>,
    #[serde(rename = "to")]
    pub end: Option<Instant>,
}

from_row!(Taken {
    id, recorded = "recorded_us", file_name, file_sha256, source, delay_s, actor, reason, withdraws, series, readings,
    forecasts, invoices, start = "start_s", end = "end_s",
});

/// Which revisions are listed.
#[derive(Debug, Clone, Copy)]
pub struct Which<'a> {
    pub revision: Option<i64>,
    /// Recorded then or later.
    pub since: RecordTime,
    /// Those that hold something of it.
    pub series: Option<&'a str>,
    /// The first word of their source.
    pub source: Option<&'a str>,
    pub most: i64,
}

/// Revisions, the newest first.
pub async fn list(store: &Store, which: Which<'_>) -> sqlx::Result<Vec<Taken>> {
    let sql = "select r.id as id, r.recorded_us as recorded_us, f.name as file_name, f.sha256 as file_sha256, \
        r.source as source, r.delay_s as delay_s, r.actor as actor, r.reason as reason, r.withdraws as withdraws, \
        cast(count(p.series_id) as bigint) as series, \
        cast(coalesce(sum(p.readings), 0) as bigint) as readings, \
        cast(coalesce(sum(p.forecasts), 0) as bigint) as forecasts, \
        (select cast(count(*) as bigint) from invoices i \
        where i.revision = r.id and i.origin is null or i.withdrawn = r.id) as invoices, \
        min(p.start_s) as start_s, max(p.end_s) as end_s \
        from revisions r join files f on f.id = r.file_id left join revision_parts p on p.revision = r.id \
        where ($1 = 0 or r.id = $1) and r.recorded_us >= $2 and ($3 = '' or exists (select 1 from revision_parts q \
        join series s on s.id = q.series_id where q.revision = r.id and s.name = $3)) \
        and ($4 = '' or r.source = $4 or substr(r.source, 1, length($4) + 1) = $4 || ' ') \
        group by r.id, r.recorded_us, f.name, f.sha256, r.source, r.delay_s, r.actor, r.reason, r.withdraws \
        order by r.id desc limit $5";
    let Which { revision, since, series, source, most } = which;
    let [series, source] = [series, source].map(Option::unwrap_or_default);
    store.rows(sql, values![revision.unwrap_or(0), since, series, source, most]).await
}

/// Rows that share a fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// The revision whose row took their place; none of those that stand.
    pub superseded_by: Option<i64>,
    /// The withdrawal that holds for them.
    pub withdrawn: Option<i64>,
    pub count: i64,
}

from_row!(Fate { superseded_by, withdrawn, count });

/// What became of the readings of one part of a revision.
pub async fn of_readings(store: &Store, revision: i64, part: &Part) -> sqlx::Result<Vec<Fate>> {
    let sql = "select superseded_by, withdrawn, cast(count(*) as bigint) as count from (select case when exists (\
        select 1 from readings c where c.series_id = r.series_id and c.start_s = r.start_s and c.origin = r.revision \
        and c.until_revision is null) then null else r.until_revision end as superseded_by, r.withdrawn as withdrawn from readings r \
        where r.series_id = $1 and r.start_s >= $2 and r.start_s < $3 and r.revision = $4 and r.origin is null) fates \
        group by superseded_by, withdrawn";
    store.rows(sql, values![part.series_id, part.start, part.end, revision]).await
}

/// The same of its forecasts.
pub async fn of_forecasts(store: &Store, revision: i64, part: &Part) -> sqlx::Result<Vec<Fate>> {
    let sql = "select superseded_by, withdrawn, cast(count(*) as bigint) as count from (select case when exists (\
        select 1 from forecasts c where c.series_id = r.series_id and c.start_s = r.start_s and c.issued_s = r.issued_s \
        and c.quantile_ppm = r.quantile_ppm and c.origin = r.revision and c.until_revision is null) then null \
        else r.until_revision end as superseded_by, r.withdrawn as withdrawn from forecasts r where r.series_id = $1 and r.start_s >= $2 \
        and r.start_s < $3 and r.revision = $4 and r.origin is null) fates group by superseded_by, withdrawn";
    store.rows(sql, values![part.series_id, part.start, part.end, revision]).await
}

/// The same of its bills.
pub async fn of_invoices(store: &Store, revision: i64) -> sqlx::Result<Vec<Fate>> {
    let sql = "select superseded_by, withdrawn, cast(count(*) as bigint) as count from (select case when exists (\
        select 1 from invoices c where c.invoice = r.invoice and c.site = r.site and c.origin = r.revision \
        and c.until_revision is null) then null else r.until_revision end as superseded_by, r.withdrawn as withdrawn from invoices r \
        where r.revision = $1 and r.origin is null) fates group by superseded_by, withdrawn";
    store.rows(sql, values![revision]).await
}
