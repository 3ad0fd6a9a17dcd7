//! Bitemporal readings: what a series was, and what it was known to be.

use super::bulk::{self, READINGS};
use super::faults::foreign;
use super::from_row::Typed;
use super::{Store, Write, in_write, numbers, on_pool};
use reports::inputs::{Point, Quality, SeriesMap};
use reports::time::{Instant, Interval};
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

/// Id of a series, made if it is new.
pub async fn series_id(write: &mut Write, name: &str) -> sqlx::Result<i64> {
    let sql = "select id from series where name = $1";
    let found: Option<i64> = in_write!(write, tx => sqlx::query_scalar(sql).bind(name).fetch_optional(tx).await?);
    if let Some(id) = found {
        return Ok(id);
    }
    let id = numbers::next(write, "id", "series").await?;
    in_write!(write, tx => {
        sqlx::query("insert into series (id, name) values ($1, $2)").bind(id).bind(name).execute(tx).await?;
    });
    Ok(id)
}

/// Current rows of a series that touch a span, retractions included.
pub async fn current(write: &mut Write, series_id: i64, span: Interval) -> sqlx::Result<Vec<Point>> {
    let sql = "select start_s, end_s, value, quality, revision, row_no from readings \
        where series_id = $1 and start_s >= $2 and start_s < $3 and end_s > $4 and until_revision is null order by start_s";
    let rows: Vec<Columns> = in_write!(write, tx => {
        sqlx::query_as(sql)
            .bind(series_id).bind((span.start - LONGEST_S).seconds()).bind(span.end.seconds())
            .bind(span.start.seconds())
            .fetch_all(tx).await?
    });
    rows.into_iter().map(point).collect()
}

/// Where rows that came in after a revision stand in a span, retractions included; by start.
pub async fn later(write: &mut Write, series_id: i64, span: Interval, revision: i64) -> sqlx::Result<Vec<Interval>> {
    let sql = "select start_s, end_s from readings where series_id = $1 and start_s >= $2 and start_s < $3 \
        and end_s > $4 and until_revision is null and coalesce(origin, revision) > $5 order by start_s";
    let rows: Vec<Typed<_>> = in_write!(write, tx => {
        sqlx::query_as(sql)
            .bind(series_id).bind((span.start - LONGEST_S).seconds()).bind(span.end.seconds())
            .bind(span.start.seconds()).bind(revision)
            .fetch_all(tx).await?
    });
    Ok(rows.into_iter().map(|Typed((start, end))| Interval { start, end }).collect())
}

type Columns = Typed<(Instant, Instant, i64, i64, i64, i64)>;

fn point(Typed((start, end, value, quality, revision, row)): Columns) -> sqlx::Result<Point> {
    Ok(Point { start, end, value, quality: quality_of(quality, revision, row)?, revision, row })
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
pub async fn load(store: &Store, spans: &BTreeMap<String, Vec<Interval>>, cut: Cut) -> sqlx::Result<SeriesMap> {
    let sql = "select r.start_s, r.end_s, r.value, r.quality, v.id, r.row_no \
        from series s join readings r on r.series_id = s.id join revisions v on v.id = coalesce(r.origin, r.revision) \
        where s.name = $1 and r.start_s >= $2 and r.start_s < $3 and r.end_s > $4 and r.quality <> $5 \
        and r.revision <= $6 and coalesce(r.until_revision, 9223372036854775807) > $6 \
        and r.end_s <= $7 - v.delay_s order by r.start_s";
    let mut series = SeriesMap::new();
    for (name, spans) in spans {
        let mut points: Vec<Point> = Vec::new();
        for span in spans {
            let rows: Vec<Columns> = on_pool!(store, pool => {
                sqlx::query_as(sql)
                    .bind(name.as_str()).bind((span.start - LONGEST_S).seconds()).bind(span.end.seconds())
                    .bind(span.start.seconds()).bind(Quality::Missing.code())
                    .bind(cut.revision.min(i64::MAX - 1)).bind(cut.known.seconds())
                    .fetch_all(pool).await?
            });
            for row in rows {
                points.push(point(row)?);
            }
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
        let rows: Vec<Columns> = on_pool!(store, pool => {
            sqlx::query_as(sql)
                .bind(name.as_str()).bind((span.start - LONGEST_S).seconds()).bind(span.end.seconds())
                .bind(after.max(span.start).seconds()).bind(Quality::Missing.code())
                .fetch_all(pool).await?
        });
        if !rows.is_empty() {
            series.insert(name.clone(), rows.into_iter().map(point).collect::<sqlx::Result<_>>()?);
        }
    }
    Ok(series)
}

/// Revisions of the rows over these spans that hold under a cut and did not under an earlier revision, retractions among
/// them: what makes the spans other than they were. What came back is of the withdrawal that brought it back.
pub async fn came(
    store: &Store,
    spans: &BTreeMap<String, Vec<Interval>>,
    after: i64,
    cut: Cut,
) -> sqlx::Result<BTreeSet<i64>> {
    let sql = "select distinct r.revision from series s join readings r on r.series_id = s.id \
        where s.name = $1 and r.start_s >= $2 and r.start_s < $3 and r.end_s > $4 and r.revision > $5 \
        and r.revision <= $6 and coalesce(r.until_revision, 9223372036854775807) > $6 \
        and (r.origin is null or not exists (select 1 from readings h where h.series_id = r.series_id \
        and h.start_s = r.start_s and coalesce(h.origin, h.revision) = r.origin and h.revision <= $5 \
        and coalesce(h.until_revision, 9223372036854775807) > $5))";
    let mut revisions = BTreeSet::new();
    for (name, spans) in spans {
        for span in spans {
            let found: Vec<i64> = on_pool!(store, pool => {
                sqlx::query_scalar(sql)
                    .bind(name.as_str()).bind((span.start - LONGEST_S).seconds()).bind(span.end.seconds())
                    .bind(span.start.seconds()).bind(after).bind(cut.revision.min(i64::MAX - 1))
                    .fetch_all(pool).await?
            });
            revisions.extend(found);
        }
    }
    Ok(revisions)
}

/// The longest delay after which readings of each series are published, where there is one; withdrawn ones say nothing.
pub async fn longest_delays(store: &Store, names: &[String]) -> sqlx::Result<BTreeMap<String, i64>> {
    let sql = "select coalesce(max(v.delay_s), 0) from series s join readings r on r.series_id = s.id \
        join revisions v on v.id = r.revision where s.name = $1 and r.origin is null and r.withdrawn is null";
    let mut delays = BTreeMap::new();
    for name in names {
        let delay_s: i64 = on_pool!(store, pool => sqlx::query_scalar(sql).bind(name.as_str()).fetch_one(pool).await?);
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
    let mut names: Vec<String> = on_pool!(store, pool => {
        sqlx::query_scalar(sql).bind(revision.min(i64::MAX - 1)).fetch_all(pool).await?
    });
    names.sort();
    Ok(names)
}

/// The highest mean power in MW of any current reading of a series in a span.
pub async fn peak_mw(store: &Store, name: &str, span: Interval) -> sqlx::Result<Option<f64>> {
    let sql = "select max(cast(r.value as double precision) * 0.0036 / (r.end_s - r.start_s)) from series s \
        join readings r on r.series_id = s.id where s.name = $1 and r.start_s >= $2 and r.start_s < $3 \
        and r.until_revision is null and r.quality <> $4";
    Ok(on_pool!(store, pool => {
        let query = sqlx::query_scalar(sql).bind(name).bind(span.start.seconds()).bind(span.end.seconds());
        query.bind(Quality::Missing.code()).fetch_one(pool).await?
    }))
}

/// Name, count and extent of every series with a current reading.
pub async fn summary(store: &Store) -> sqlx::Result<Vec<(String, i64, Interval)>> {
    let sql = "select s.name, cast(count(*) as bigint), min(r.start_s), max(r.end_s) from series s \
        join readings r on r.series_id = s.id where r.until_revision is null group by s.name order by s.name";
    let rows: Vec<Typed<_>> = on_pool!(store, pool => sqlx::query_as(sql).fetch_all(pool).await?);
    let held = |Typed((name, count, start, end))| (name, count, Interval { start, end });
    Ok(rows.into_iter().map(held).collect())
}
