//! The readings CSV: `series,start,end,value,unit` and optional `quality,issued,quantile`, by name in any order.

use super::header::{check_width, column_names, find_columns, plain};
use super::records::{NOT_TEXT, Records};
use super::{EXPECTED_PPM, Ends, REJECT_LINE, REJECT_REASON, Refused, Row, Rows};
use crate::columns::{Column, column, needed, not_needed, optional};
use crate::inputs::Quality;
use crate::text::clip;
use crate::time::Instant;
use crate::units::{Decimal, Rounding, Unit};
use csv::StringRecord;
use std::io::Read;

pub const COLUMNS: [Column; 8] = [
    column("series", "", "Name of the series: `site/ashburn/load`."),
    column("start", "RFC 3339", "First instant of the interval, with its offset."),
    column("end", "RFC 3339", "First instant after it."),
    column("value", "as `unit` says", "A decimal with a point."),
    column("unit", "", "One of the units; power is the mean over the interval."),
    optional("quality", "", "measured", "How good the reading is."),
    optional("issued", "RFC 3339", "none", "When a forecast was issued; a row without it is a reading."),
    optional("quantile", "", "the expected value", "Of a forecast: 0.05 is what one in twenty falls below."),
];
const NEEDED: [&str; 5] = needed(&COLUMNS);
const OPTIONAL: [&str; 3] = not_needed(&COLUMNS);

/// Where each column stands.
struct Columns {
    needed: [usize; 5],
    optional: [Option<usize>; 3],
    count: usize,
}

/// Whether a header is that of readings, though it may have faults: it has one of two columns that others seldom have, or
/// most of those needed.
pub fn resembles(header: &StringRecord) -> bool {
    let has = |name: &str| header.iter().any(|cell| plain(cell) == name);
    has("series") || NEEDED.into_iter().filter(|name| has(name)).count() >= 3
}

/// What keeps a table from being one of readings that has the names of all their columns: what stands between them, or
/// their case. `first` are its first bytes.
pub fn nearly(first: &[u8]) -> Option<Refused> {
    let text = String::from_utf8_lossy(first);
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines.next()?;
    let told = line.starts_with("sep=");
    let header = if told { lines.next()? } else { line }.to_ascii_lowercase();
    let has_all = |separator: char| {
        let names: Vec<&str> = header.split(separator).map(|name| name.trim().trim_matches('"')).collect();
        NEEDED.iter().all(|needed| names.contains(needed))
    };
    let between = [(',', "commas"), (';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
    let (separator, what) = between.into_iter().find(|(separator, _)| has_all(*separator))?;
    Some(match separator {
        ',' if told => Refused::new("its first line is not part of the table").hint("remove it: columns stand between commas"),
        ',' => Refused::new("its columns are named in another case").hint("name them series,start,end,value,unit"),
        _ => Refused::new(format!("its columns are separated by {what}")).hint(
            "save it with commas between columns and a point in decimals; or `hourmatch ingest --explain FILE` proposes a \
             [source.<name>] for it as it is",
        ),
    })
}

pub fn read(records: &mut Records<impl Read>, ends: Ends, batch: &mut impl Rows) -> Result<(), Refused> {
    let header = records.header()?.clone();
    let columns = columns(&header).map_err(|refused| records.of_header(refused))?;
    records.each(batch, NOT_TEXT, |record, line, batch| row(record, &columns, ends, line).map(|row| batch.push(row)))
}

fn columns(header: &StringRecord) -> Result<Columns, Refused> {
    let known: Vec<&str> = NEEDED.iter().chain(&OPTIONAL).copied().collect();
    let all = format!("columns: {}; optional: {}", NEEDED.join(","), OPTIONAL.join(","));
    let names = column_names(header, &known, &[REJECT_LINE, REJECT_REASON], &all)?;
    let find = |name: &str| names.iter().position(|n| *n == name);
    let form = "a readings file starts with series,start,end,value,unit; other forms need --source";
    let needed = find_columns(&names, NEEDED).map_err(|refused| refused.hint(form))?;
    Ok(Columns { needed, optional: OPTIONAL.map(find), count: names.len() })
}

fn row<'r>(record: &'r StringRecord, columns: &Columns, ends: Ends, line: u64) -> Result<Row<'r>, String> {
    if record.iter().all(|field| field.trim().is_empty()) {
        return Err("the row is empty: remove it".into());
    }
    check_width(record, columns.count)?;
    let field = |index: usize| record.get(index).unwrap_or("").trim();
    let [series, start, end, value, unit] = columns.needed.map(field);
    let [quality, issued, quantile] = columns.optional.map(|at| at.map(field).filter(|text| !text.is_empty()));
    let instant = |text: &str| Instant::parse_received(text).map_err(|e| e.to_string());
    let interval = ends.interval(start, end)?;
    let quality = match quality {
        None => Quality::Measured,
        Some(text) => Quality::parse(text).ok_or_else(|| {
            let known: Vec<&str> = Quality::ALL.iter().map(|q| q.name()).collect();
            format!("quality `{}` is not one of {}", clip(text), known.join(" "))
        })?,
    };
    let issued = match (issued, quantile) {
        (None, None) => None,
        (None, Some(_)) => return Err("a quantile needs an issue time".into()),
        (Some(issued), quantile) => Some((instant(issued)?, quantile.map_or(Ok(EXPECTED_PPM), quantile_ppm)?)),
    };
    let unit = Unit::parse(unit).map_err(|e| e.to_string())?;
    Ok(Row { line, series, interval, value, unit, quality, issued })
}

/// `0.05` or `0.5`, as parts per million.
fn quantile_ppm(text: &str) -> Result<i64, String> {
    let ppm =
        Decimal::parse(text).and_then(|d| d.scaled(1_000_000, 1, Rounding::Nearest)).map_err(|e| e.to_string())?;
    if (1..1_000_000).contains(&ppm) { Ok(ppm) } else { Err(format!("quantile `{text}` is not between 0 and 1")) }
}
