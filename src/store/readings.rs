//! Bitemporal readings: what a series was, and what it was known to be.

use super::bulk::{self, READINGS};
use super::faults::foreign;
use super::{Columns, Instant, Interval, Row, Store, Write, values};
use reports::inputs::{Point, Quality, SeriesMap};
use std::collections::{BTreeMap, BTreeSet};

/// No reading is longer, so a range query knows where to start.
pub use reports::time::LONGEST_S;

/// Which of the stored rows count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Recorded in this revision or before.
    pub revision: i64,
    /// Ended, and published after their source's delay, at this instant or before.
    pub known: Instant,
}

impl Cut {
    pub const NONE: Self = Self { revision: i64::MAX, known: Instant::from_seconds(i64::MAX) };
}

/// Spans of each series, by name.
pub type Spans = BTreeMap<String, Vec<Interval>>;

/// Id of a series, made if it is new.
pub async fn series_id(write: &mut Write, name: &str) -> sqlx::Result<i64> {
    let found: Option<i64> = write.row("select id from series where name = $1", values![name]).await?;
    if let Some(id) = found {
        return Ok(id);
    }
    let id = write.next("id", "series").await?;
    write.insert("series (id, name)", values![id, name]).await?;
    Ok(id)
}

/// Current rows of a series that touch a span, retractions included.
pub async fn current(write: &mut Write, series_id: i64, span: Interval) -> sqlx::Result<Vec<Point>> {
    let sql = "select start_s, end_s, value, quality, revision, row_no from readings \
        where series_id = $1 and start_s >= $2 and start_s < $3 and end_s > $4 and until_revision is null order by start_s";
    write.rows(sql, values![series_id, span.start - LONGEST_S, span.end, span.start]).await
}

/// Where rows that came in after a revision stand in a span, retractions included; by start.
pub async fn later(write: &mut Write, series_id: i64, span: Interval, revision: i64) -> sqlx::Result<Vec<Interval>> {
    let sql = "select start_s, end_s from readings where series_id = $1 and start_s >= $2 and start_s < $3 \
        and end_s > $4 and until_revision is null and coalesce(origin, revision) > $5 order by start_s";
    write.rows(sql, values![series_id, span.start - LONGEST_S, span.end, span.start, revision]).await
}

impl Row for Point {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let (start, end, value, quality, revision, row) = Row::read(row)?;
        Ok(Self { start, end, value, quality: quality_of(quality, revision, row)?, revision, row })
    }
}

impl Row for Interval {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let (start, end) = Row::read(row)?;
        Ok(Self { start, end })
    }
}

/// The quality that a code stands for, of a row of a revision.
pub(super) fn quality_of(code: i64, revision: i64, row: i64) -> sqlx::Result<Quality> {
    let unknown = || foreign(&format!("row {row} of revision {revision} has the quality {code}"));
    Quality::from_code(code).ok_or_else(unknown)
}

/// Rows of several series, by id.
pub async fn insert_all(write: &mut Write, series: &[(i64, &[Point])]) -> sqlx::Result<()> {
    let row =
        |id: i64, p: &Point| [id, p.start.seconds(), p.end.seconds(), p.value, p.quality.code(), p.revision, p.row];
    bulk::insert_series(write, READINGS, series, row).await
}

/// Ends the validity of rows of a series; the rows stay.
pub async fn supersede(write: &mut Write, series_id: i64, old: &[Point], revision: i64) -> sqlx::Result<()> {
    let mut starts: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for point in old {
        starts.entry(point.revision).or_default().push(point.start.seconds());
    }
    for (came, starts) in &starts {
        bulk::end(write, series_id, (*came, starts.as_slice()), revision).await?;
    }
    Ok(())
}

/// Points of each series over its spans, under a cut, each with the revision that it came in; retracted readings are left
/// out.
pub async fn load(store: &Store, spans: &Spans, cut: Cut) -> sqlx::Result<SeriesMap> {
    let sql = "select r.start_s, r.end_s, r.value, r.quality, v.id, r.row_no \
        from series s join readings r on r.series_id = s.id join revisions v on v.id = coalesce(r.origin, r.revision) \
        where s.name = $1 and r.start_s >= $2 and r.start_s < $3 and r.end_s > $4 and r.quality <> $5 \
        and r.revision <= $6 and coalesce(r.until_revision, 9223372036854775807) > $6 \
        and r.end_s <= $7 - v.delay_s order by r.start_s";
    let mut series = SeriesMap::new();
    for (name, spans) in spans {
        let mut points: Vec<Point> = Vec::new();
        for span in spans {
            let (missing, revision) = (Quality::Missing.code(), cut.revision.min(i64::MAX - 1));
            let values = values![name, span.start - LONGEST_S, span.end, span.start, missing, revision, cut.known];
            points.extend(store.rows::<Point>(sql, values).await?);
        }
        // A reading that touches two spans is read twice.
        points.sort_by_key(|p| p.start);
        points.dedup_by_key(|p| p.start);
        if !points.is_empty() {
            series.insert(name.clone(), points);
        }
    }
    Ok(series)
}

/// Current readings of series that end after an instant, of those that touch a span; what its source publishes only some
/// time after its end is left out.
pub async fn published(store: &Store, names: &[String], span: Interval, after: Instant) -> sqlx::Result<SeriesMap> {
    let sql = "select r.start_s, r.end_s, r.value, r.quality, v.id, r.row_no \
        from series s join readings r on r.series_id = s.id join revisions v on v.id = coalesce(r.origin, r.revision) \
        where s.name = $1 and r.start_s >= $2 and r.start_s < $3 and r.end_s > $4 and r.quality <> $5 \
        and r.until_revision is null and v.delay_s = 0 order by r.start_s";
    let mut series = SeriesMap::new();
    for name in names {
        let (start, missing) = (after.max(span.start), Quality::Missing.code());
        let values = values![name, span.start - LONGEST_S, span.end, start, missing];
        let points: Vec<Point> = store.rows(sql, values).await?;
        if !points.is_empty() {
            series.insert(name.clone(), points);
        }
    }
    Ok(series)
}

/// Revisions of the rows over these spans that hold under a cut and did not under an earlier revision, retractions among
/// them: what makes the spans other than they were. What came back is of the withdrawal that brought it back.
pub async fn came(store: &Store, spans: &Spans, after: i64, cut: Cut) -> sqlx::Result<BTreeSet<i64>> {
    let sql = "select distinct r.revision from series s join readings r on r.series_id = s.id \
        where s.name = $1 and r.start_s >= $2 and r.start_s < $3 and r.end_s > $4 and r.revision > $5 \
        and r.revision <= $6 and coalesce(r.until_revision, 9223372036854775807) > $6 \
        and (r.origin is null or not exists (select 1 from readings h where h.series_id = r.series_id \
        and h.start_s = r.start_s and coalesce(h.origin, h.revision) = r.origin and h.revision <= $5 \
        and coalesce(h.until_revision, 9223372036854775807) > $5))";
    ids_over(store, sql, spans, [after, cut.revision.min(i64::MAX - 1)]).await
}

/// The ids that a query finds of each series over its spans, by two numbers more.
pub(super) async fn ids_over(
    store: &Store,
    sql: &'static str,
    spans: &Spans,
    [fifth, sixth]: [i64; 2],
) -> sqlx::Result<BTreeSet<i64>> {
    let mut ids = BTreeSet::new();
    for (name, spans) in spans {
        for span in spans {
            let values = values![name, span.start - LONGEST_S, span.end, span.start, fifth, sixth];
            ids.extend(store.rows::<i64>(sql, values).await?);
        }
    }
    Ok(ids)
}

/// The longest delay after which readings of each series are published, where there is one; withdrawn ones say nothing.
pub async fn longest_delays(store: &Store, names: &[String]) -> sqlx::Result<BTreeMap<String, i64>> {
    let sql = "select coalesce(max(v.delay_s), 0) from series s join readings r on r.series_id = s.id \
        join revisions v on v.id = r.revision where s.name = $1 and r.origin is null and r.withdrawn is null";
    let mut delays = BTreeMap::new();
    for name in names {
        let delay_s: i64 = store.one(sql, values![name]).await?;
        if delay_s > 0 {
            delays.insert(name.clone(), delay_s);
        }
    }
    Ok(delays)
}

/// Names of the grid series that hold a reading under a revision, or a retraction of one.
pub async fn grid_series(store: &Store, revision: i64) -> sqlx::Result<Vec<String>> {
    let sql = "select s.name from series s where s.name like 'grid/%' and exists \
        (select 1 from readings r where r.series_id = s.id and r.revision <= $1 \
        and coalesce(r.until_revision, 9223372036854775807) > $1)";
    let mut names: Vec<String> = store.rows(sql, values![revision.min(i64::MAX - 1)]).await?;
    names.sort();
    Ok(names)
}

/// The highest mean power in MW of any current reading of a series in a span.
pub async fn peak_mw(store: &Store, name: &str, span: Interval) -> sqlx::Result<Option<f64>> {
    let sql = "select max(cast(r.value as double precision) * 0.0036 / (r.end_s - r.start_s)) from series s \
        join readings r on r.series_id = s.id where s.name = $1 and r.start_s >= $2 and r.start_s < $3 \
        and r.until_revision is null and r.quality <> $4";
    store.one(sql, values![name, span.start, span.end, Quality::Missing.code()]).await
}

/// Name, count and extent of every series with a current reading.
pub async fn summary(store: &Store) -> sqlx::Result<Vec<(String, i64, Interval)>> {
    let sql = "select s.name, cast(count(*) as bigint), min(r.start_s), max(r.end_s) from series s \
        join readings r on r.series_id = s.id where r.until_revision is null group by s.name order by s.name";
    let held = |(name, count, start, end)| (name, count, Interval { start, end });
    Ok(store.rows(sql, values![]).await?.into_iter().map(held).collect())
}
