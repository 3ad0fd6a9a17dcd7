//! Captured GB carbon intensity (NESO): `from,intensity.forecast,intensity.actual`, one file a capture.
//!
//! gCO2/kWh in half-hours by their start in UTC. The time of capture is the forecasts' issue time; it stands in the
//! file's name, `2023-03-14T0331Z.csv`, where it is not stated. Half-hours that had ended then are forecast no more: a
//! file that looks back gives its actuals, and rows of a file without any actual are refused.

use super::about::{About, Asks};
use crate::inputs::Quality;
use crate::received::header::{check_width, find_columns, plain};
use crate::received::{EXPECTED_PPM, REJECT_LINE, REJECT_REASON, Records, Refused, Row, Rows};
use crate::series::name::{GridLeaf, SeriesName};
use crate::text::clip;
use crate::time::{HALF_HOUR_S, Instant, Interval, TimeError};
use crate::units::Unit;
use chrono::NaiveDateTime;
use csv::StringRecord;
use ids::BoundaryId;
use std::io::Read;
use std::path::Path;

pub const ABOUT: About = About {
    name: "neso",
    title: "Captures of GB Carbon Intensity: from,intensity.forecast,intensity.actual",
    asks: Asks::Issued,
};

const COLUMNS: [&str; 3] = ["from", "intensity.forecast", "intensity.actual"];
/// No longer file is one capture: a year of half-hours.
const MOST_ROWS: usize = 17_568;

/// One half-hour; empty where the service gave nothing.
struct Line {
    line: u64,
    interval: Interval,
    forecast: String,
    actual: String,
}

/// The capture time that a file's name states.
pub fn issued_of(path: &Path) -> Option<Instant> {
    let stem = path.file_name()?.to_str()?.split('.').next()?;
    let time = NaiveDateTime::parse_from_str(stem, "%Y-%m-%dT%H%MZ").ok()?;
    Instant::from_seconds(time.and_utc().timestamp()).in_range(stem).ok()
}

/// Adds actuals as readings, and forecasts of half-hours that had not ended under their issue time.
pub fn read(
    records: &mut Records<impl Read>,
    area: &BoundaryId,
    issued: Instant,
    batch: &mut impl Rows,
) -> Result<(), Refused> {
    let lines = lines(records, batch)?;
    let series = SeriesName::grid(area, GridLeaf::CarbonIntensity);
    let looks_back = lines.iter().any(|l| !l.actual.is_empty());
    for Line { line, interval, forecast, actual } in &lines {
        let (line, interval, unit, quality) = (*line, *interval, Unit::G_PER_KWH, Quality::Calculated);
        if !actual.is_empty() {
            batch.push(Row { line, series: &series, interval, value: actual, unit, quality, issued: None });
        }
        if forecast.is_empty() || (looks_back && interval.end <= issued) {
            continue;
        }
        let issued = Some((issued, EXPECTED_PPM));
        batch.push(Row { line, series: &series, interval, value: forecast, unit, quality, issued });
    }
    Ok(())
}

/// Whether a header is that of a capture.
pub fn recognises(header: &StringRecord) -> bool {
    header.iter().any(|name| plain(name) == COLUMNS[1])
}

fn lines(records: &mut Records<impl Read>, batch: &mut impl Rows) -> Result<Vec<Line>, Refused> {
    let header = records.header()?.clone();
    let at = columns(&header).map_err(|refused| records.of_header(refused))?;
    let mut lines = Vec::new();
    let mut record = StringRecord::new();
    while let Some(line) = records.read_text(&mut record)? {
        if lines.len() == MOST_ROWS {
            return Err(Refused::new("holds more than a year of half-hours")
                .line(line)
                .hint("one file is one capture"));
        }
        match row(&record, &header, at, line) {
            Ok(found) => lines.push(found),
            Err(reason) => batch.reject(line, reason),
        }
    }
    Ok(lines)
}

fn columns(header: &StringRecord) -> Result<[usize; 3], Refused> {
    let names: Vec<&str> = header.iter().map(plain).collect();
    let extra = [REJECT_LINE, REJECT_REASON];
    if let Some(name) = names.iter().find(|n| !COLUMNS.contains(n) && !extra.contains(n)) {
        let hint = format!("columns: {}", COLUMNS.join(","));
        return Err(Refused::new(format!("unknown column `{}`", clip(name))).hint(hint));
    }
    find_columns(&names, COLUMNS)
        .map_err(|refused| refused.hint(format!("a capture starts with {}", COLUMNS.join(","))))
}

fn row(
    record: &StringRecord,
    header: &StringRecord,
    [from, forecast, actual]: [usize; 3],
    line: u64,
) -> Result<Line, String> {
    check_width(record, header.len())?;
    let field = |index: usize| record.get(index).unwrap_or("").trim();
    let start = start(field(from))?;
    if !start.is_on(HALF_HOUR_S) {
        return Err(format!("{start} does not start a half-hour"));
    }
    if field(forecast).is_empty() && field(actual).is_empty() {
        return Err("the row has neither a forecast nor an actual".into());
    }
    let interval = Interval { start, end: start + HALF_HOUR_S };
    Ok(Line { line, interval, forecast: field(forecast).into(), actual: field(actual).into() })
}

/// Times come without seconds.
fn start(text: &str) -> Result<Instant, String> {
    let read = match Instant::parse_minute(text) {
        Err(TimeError::NotATime(_)) => Instant::parse(text),
        read => read,
    };
    read.map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::tests::taken::Taken;

    fn parsed(text: &str, issued: &str) -> Taken {
        let mut taken = Taken::default();
        let mut records = Records::new(text.as_bytes());
        read(&mut records, &"GB".into(), Instant::parse(issued).expect("time"), &mut taken).expect("parsed");
        taken.rejects.sort();
        taken
    }

    #[test]
    fn names_state_when_a_file_was_captured() {
        let at = |name: &str| issued_of(Path::new(name)).map(|at| at.to_string());
        assert_eq!(at("a/2023-03-14T0331Z.csv"), Some("2023-03-14T03:31:00Z".to_string()));
        assert_eq!(at("2023-03-14T0331Z.csv.gz"), Some("2023-03-14T03:31:00Z".to_string()));
        assert_eq!(at("forecast.csv"), None);
        for outside in
            ["1969-12-31T2359Z.csv", "+262142-12-31T2359Z.csv", "+10000-01-01T0000Z.csv", "-0001-01-01T0000Z.csv"]
        {
            assert_eq!(at(outside), None, "{outside}");
        }
    }

    #[test]
    fn a_file_that_looks_back_gives_actuals_and_only_what_is_still_ahead() {
        let text = "from,intensity.forecast,intensity.actual\n\
            2023-03-14T03:00Z,68,76.0\n2023-03-14T03:30Z,72,\n2023-03-14T04:00Z,74,\n";
        let batch = parsed(text, "2023-03-14T03:31:00Z");
        assert!(batch.rejects.is_empty(), "{:?}", batch.rejects);
        assert_eq!(batch.readings["grid/GB/carbon_intensity"], [76_000]);
        let ahead: Vec<i64> = batch.forecasts["grid/GB/carbon_intensity"].iter().map(|(_, value)| *value).collect();
        assert_eq!(ahead, [72_000, 74_000], "the half-hour under way is not over");
    }

    #[test]
    fn half_hours_lie_between_1970_and_9999() {
        for from in ["1969-12-31T23:30Z", "+262142-12-31T23:30Z", "9999-12-31T23:30Z", "9999-12-31T23:30:00-08:00"] {
            let text = format!("from,intensity.forecast,intensity.actual\n{from},,76.0\n");
            let taken = parsed(&text, "2023-03-14T03:31:00Z");
            assert!(taken.readings.is_empty() && taken.rejects.len() == 1, "{from}: {taken:?}");
        }
    }

    #[test]
    fn a_vintage_after_its_hours_and_rows_that_are_none_are_named() {
        let text = "from,intensity.forecast,intensity.actual\n\
            2023-03-14T03:00Z,68,\n2023-03-14T04:10Z,72,\n2023-03-14T04:00Z,x,\n2023-03-14T04:30Z,,\n2023-03-14T05:00Z,70\n";
        let batch = parsed(text, "2023-03-14T03:31:00Z");
        let lines: Vec<u64> = batch.rejects.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6]);
        assert!(batch.rejects[0].1.contains("ended before"), "{}", batch.rejects[0].1);
    }
}
