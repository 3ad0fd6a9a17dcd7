//! Forecasts by issue time. A forecast never enters a report.

use super::bulk::{self, FORECASTS};
use super::readings::LONGEST_S;
use super::{Instant, Interval, Store, Write, from_row, values};
use reports::inputs::{Point, Quality};
use std::collections::BTreeMap;

/// Parts per million of the quantile that stands for "expected": rows without a quantile.
pub use reports::received::EXPECTED_PPM;
pub const MEDIAN_PPM: i64 = 500_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForecastPoint {
    pub issued: Instant,
    pub quantile_ppm: i64,
    pub start: Instant,
    pub end: Instant,
    pub value: i64,
    pub row: i64,
}

impl ForecastPoint {
    pub fn interval(&self) -> Interval {
        Interval { start: self.start, end: self.end }
    }
}

from_row!(ForecastPoint {
    issued = "issued_s", quantile_ppm, start = "start_s", end = "end_s", value, row = "row_no",
});

/// Newest revision of each stored point of a series in a span: `(issued, quantile, start) -> (end, value)`.
pub async fn current(
    write: &mut Write,
    series_id: i64,
    span: Interval,
) -> sqlx::Result<BTreeMap<(Instant, i64, Instant), (Instant, i64)>> {
    let sql = "select issued_s, quantile_ppm, start_s, end_s, value from forecasts \
        where series_id = $1 and start_s >= $2 and start_s < $3 and until_revision is null order by revision";
    let stored = |(issued, quantile, start, end, value)| ((issued, quantile, start), (end, value));
    Ok(write.rows(sql, values![series_id, span.start, span.end]).await?.into_iter().map(stored).collect())
}

/// Values of several series, by id.
pub async fn insert_all(write: &mut Write, revision: i64, series: &[(i64, &[ForecastPoint])]) -> sqlx::Result<()> {
    let row = |id: i64, p: &ForecastPoint| {
        let [start, issued, end] = [p.start, p.issued, p.end].map(Instant::seconds);
        [id, start, issued, p.quantile_ppm, revision, end, p.value, p.row]
    };
    bulk::insert_series(write, FORECASTS, series, row).await
}

/// The expected value of a series over a span, each interval from the newest issue at or before `known`.
pub async fn latest(store: &Store, series: &str, span: Interval, known: Instant) -> sqlx::Result<Vec<Point>> {
    Ok(lay(vintages(store, series, span, known).await?.into_iter().map(|(_, point)| point)))
}

/// Every expected value of a series over a span issued at or before `known`, with its issue, newest issue first; each
/// with the revision that it came in.
pub async fn vintages(
    store: &Store,
    series: &str,
    span: Interval,
    known: Instant,
) -> sqlx::Result<Vec<(Instant, Point)>> {
    let sql = "select f.issued_s, f.start_s, f.end_s, f.value, coalesce(f.origin, f.revision), f.row_no from series s \
        join forecasts f on f.series_id = s.id where s.name = $1 and f.start_s >= $2 and f.start_s < $3 and f.end_s > $4 \
        and f.issued_s <= $5 and f.quantile_ppm in ($6, $7) and f.until_revision is null \
        order by f.issued_s desc, f.quantile_ppm, f.revision desc, f.start_s";
    let values = values![series, span.start - LONGEST_S, span.end, span.start, known, EXPECTED_PPM, MEDIAN_PPM];
    let quality = Quality::Estimated;
    let vintage =
        |(issued, start, end, value, revision, row)| (issued, Point { start, end, value, quality, revision, row });
    Ok(store.rows(sql, values).await?.into_iter().map(vintage).collect())
}

/// Every value of a series over a span issued at or before `known`, quantiles included, each in its newest revision; by
/// issue, start and quantile.
pub async fn issued(store: &Store, series: &str, span: Interval, known: Instant) -> sqlx::Result<Vec<ForecastPoint>> {
    let sql = "select f.issued_s as issued_s, f.start_s as start_s, f.quantile_ppm as quantile_ppm, f.end_s as end_s, \
        f.value as value, f.row_no as row_no from series s join forecasts f on f.series_id = s.id where s.name = $1 \
        and f.start_s >= $2 and f.start_s < $3 and f.end_s <= $3 and f.issued_s <= $4 and f.until_revision is null \
        order by f.issued_s, f.start_s, f.quantile_ppm, f.revision desc";
    let mut points: Vec<ForecastPoint> = store.rows(sql, values![series, span.start, span.end, known]).await?;
    points.dedup_by_key(|p| (p.issued, p.start, p.quantile_ppm));
    Ok(points)
}

/// Names of the series of which a forecast is stored.
pub async fn series(store: &Store) -> sqlx::Result<Vec<String>> {
    let sql = "select s.name from series s where exists \
        (select 1 from forecasts f where f.series_id = s.id and f.until_revision is null)";
    let mut names: Vec<String> = store.rows(sql, values![]).await?;
    names.sort();
    Ok(names)
}

/// One point for each interval, from points newest issue first: an older one fills only what newer ones leave open.
pub fn lay(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut laid: BTreeMap<Instant, Point> = BTreeMap::new();
    for point in points {
        let taken = laid.range(..point.end).next_back().is_some_and(|(_, p)| p.end > point.start);
        if !taken {
            laid.insert(point.start, point);
        }
    }
    laid.into_values().collect()
}
