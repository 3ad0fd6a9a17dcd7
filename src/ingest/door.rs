//! A file at the door: rows that cannot be are refused, what is doubtful is taken and said.

use super::batch::Batch;
use super::options::Options;
use super::outcome::Doubt;
use crate::error::{Fault, Faults};
use crate::rejects::Rejects;
use crate::store::forecasts::ForecastPoint;
use crate::store::{Write, readings};
use reports::door::{self, Bound, Expected, Known, PAST_S};
use reports::inputs::{Point, Quality};
use reports::time::{Instant, Interval};

/// Doubts that are named where they refuse a file.
const NAMED: usize = 100;

/// Takes out rows at more than twice what is connected, forecasts as well: plans rest on them.
pub fn check(batch: &mut Batch, expected: &Expected) {
    let Batch { readings, forecasts, rejects, .. } = batch;
    for (series, points) in forecasts {
        let Some(bound) = expected.capacity.get(series) else { continue };
        points.retain(|forecast| is_possible(series, &as_reading(forecast), false, bound, rejects));
    }
    for (series, points) in readings {
        let Some(bound) = expected.capacity.get(series) else { continue };
        let rises = points.iter().any(|point| door::is_impossible(point, bound)) && door::only_rises(points);
        points.retain(|point| is_possible(series, point, rises, bound, rejects));
    }
}

fn is_possible(series: &str, point: &Point, rises: bool, bound: &Bound, rejects: &mut Rejects) -> bool {
    let impossible = door::is_impossible(point, bound);
    if impossible {
        rejects.push_with(point.row as u64, || door::impossible(series, point, rises, bound));
    }
    !impossible
}

/// Takes out rows whose numbers may have points between thousands, where with them they would fit and as they stand they
/// are a thousandth of it: which of the two is meant, only who wrote them can say.
pub fn check_points(batch: &mut Batch, expected: &Expected) {
    let Batch { readings, forecasts, rejects, points: written, .. } = batch;
    let doubtful = written.doubtful();
    if doubtful.is_empty() {
        return;
    }
    let is_doubtful = |row: i64| doubtful.binary_search(&row).is_ok();
    let mut is_refused = |series: &str, points: &mut dyn Iterator<Item = Point>| {
        let bound = expected.capacity.get(series).or_else(|| expected.scale.get(series));
        let points: Vec<Point> = points.filter(|point| is_doubtful(point.row)).collect();
        let Some(bound) = bound.filter(|bound| door::may_lack_thousands(&points, bound)) else { return false };
        for point in &points {
            rejects.push_with(point.row as u64, || door::thousandth(series, point, bound));
        }
        true
    };
    for (series, points) in readings {
        if is_refused(series, &mut points.iter().copied()) {
            points.retain(|point| !is_doubtful(point.row));
        }
    }
    for (series, points) in forecasts {
        if is_refused(series, &mut points.iter().map(as_reading)) {
            points.retain(|point| !is_doubtful(point.row));
        }
    }
}

fn as_reading(forecast: &ForecastPoint) -> Point {
    let ForecastPoint { start, end, value, row, .. } = *forecast;
    Point { start, end, value, quality: Quality::Estimated, revision: 0, row }
}

/// What is doubted of a file that was taken in, held against what the store knew before its first reading.
pub async fn doubts(write: &mut Write, batch: &Batch, options: &Options) -> sqlx::Result<Vec<Doubt>> {
    let mut doubts = Vec::new();
    for (series, points) in batch.readings.iter().filter(|(series, _)| door::looks_at(series)) {
        let own: Vec<Point> = points.iter().filter(|p| p.quality != Quality::Missing).copied().collect();
        let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
        let judged = Interval { start: first.start, end: last.end };
        let before = Interval { start: judged.start - PAST_S, end: judged.start };
        let id = readings::series_id(write, series).await?;
        let mut all = readings::current(write, id, before).await?;
        all.retain(|p| p.quality != Quality::Missing && p.end <= judged.start);
        all.extend(own);
        doubts.extend(look(series, &all, judged, options));
    }
    Ok(doubts)
}

fn look(series: &str, points: &[Point], judged: Interval, options: &Options) -> Vec<Doubt> {
    let recorded = |point: &Point| (point.start >= judged.start).then_some(options.record_time);
    let known = Known { expected: &options.expected, recorded: &recorded };
    let row = |start: Instant| points.get(points.partition_point(|p| p.start < start)).map_or(0, |p| p.row);
    let suspects = door::look(series, points, judged, &known);
    suspects.into_iter().map(|suspect| Doubt { row: row(suspect.span.start), suspect }).collect()
}

/// The doubts as what is wrong with a file.
pub fn refused(file: &str, doubts: &[Doubt]) -> Faults {
    let hint = "correct the file, or ingest it without --strict";
    let problem = |Doubt { row, suspect }: &Doubt| {
        Fault::new(format!("suspect: {suspect}")).file(file).line(u64::try_from(*row).unwrap_or_default()).hint(hint)
    };
    let mut problems: Vec<Fault> = doubts.iter().take(NAMED).map(problem).collect();
    if doubts.len() > NAMED {
        problems.push(Fault::new(format!("and {} more spans are suspect", doubts.len() - NAMED)).file(file));
    }
    Faults(problems)
}
