//! EIA-930 hourly generation by fuel: `ts_utc,coal_mw,nat_gas_mw,...`, one column a fuel.
//!
//! MW averaged over the hour, UTC. Which end of the hour the time names differs by area, so the label
//! is declared, never guessed. Negative values are kept raw.

use super::about::{About, Asks};
use crate::received::header::{check_width, plain};
use crate::received::{Label, REJECT_LINE, REJECT_REASON, Records, Refused, Row, Rows};
use crate::series::name::SeriesName;
use crate::text::clip;
use crate::time::{HOUR_S, Instant, Interval};
use crate::units::Unit;
use ids::BoundaryId;
use std::io::Read;

pub const ABOUT: About = About { name: "eia930", title: "Hourly generation by fuel", asks: Asks::Label };

const TIME: &str = "ts_utc";

/// Columns and the fuels they hold.
const COLUMNS: [(&str, &str); 10] = [
    ("coal_mw", "coal"),
    ("nat_gas_mw", "gas"),
    ("nuclear_mw", "nuclear"),
    ("oil_mw", "oil"),
    ("hydro_mw", "hydro"),
    ("solar_mw", "solar"),
    ("wind_mw", "wind"),
    ("other_mw", "other"),
    ("biomass_mw", "biomass"),
    ("geothermal_mw", "geothermal"),
];

/// Whether a header is that of such a file.
pub fn recognises(header: &csv::StringRecord) -> bool {
    header.iter().any(|name| plain(name) == TIME)
}

pub fn read(
    records: &mut Records<impl Read>,
    area: &BoundaryId,
    label: Label,
    batch: &mut impl Rows,
) -> Result<(), Refused> {
    let header = records.header()?.clone();
    let (time, fuels) = columns(&header, area).map_err(|refused| records.of_header(refused))?;
    let mut record = csv::StringRecord::new();
    while let Some(line) = records.read_text(&mut record)? {
        match hour(&record, header.len(), time, label) {
            Ok(interval) => {
                for (index, series) in &fuels {
                    let value = record.get(*index).unwrap_or("").trim();
                    // An empty cell is a fuel not reported in that hour: no reading, not zero.
                    if !value.is_empty() {
                        batch.push(Row { line, ..Row::new(series, interval, value, Unit::MW) });
                    }
                }
            }
            Err(reason) => batch.reject(line, reason),
        }
    }
    Ok(())
}

/// The hour that a row is of.
fn hour(record: &csv::StringRecord, width: usize, time: usize, label: Label) -> Result<Interval, String> {
    check_width(record, width)?;
    let stamp = Instant::parse(record.get(time).unwrap_or("")).map_err(|e| e.to_string())?;
    if !stamp.is_on(HOUR_S) {
        return Err("the time is not a whole hour".into());
    }
    let start = if label == Label::End { stamp - HOUR_S } else { stamp };
    let interval = Interval { start, end: start + HOUR_S };
    interval.fault().map_or(Ok(interval), Err)
}

fn columns(header: &csv::StringRecord, area: &BoundaryId) -> Result<(usize, Vec<(usize, SeriesName)>), Refused> {
    let mut time = None;
    let mut fuels = Vec::new();
    for (index, name) in header.iter().enumerate() {
        let name = plain(name);
        if name == TIME {
            time = Some(index);
        } else if let Some((_, fuel)) = COLUMNS.iter().find(|(column, _)| *column == name) {
            fuels.push((index, SeriesName::of_boundary(area, fuel)));
        } else if ![REJECT_LINE, REJECT_REASON].contains(&name) {
            let known = COLUMNS.map(|(column, _)| column).join(",");
            return Err(
                Refused::new(format!("unknown column `{}`", clip(name))).hint(format!("columns: {TIME},{known}"))
            );
        }
    }
    match time {
        Some(time) if !fuels.is_empty() => Ok((time, fuels)),
        _ => Err(Refused::new(format!("the header lacks {TIME} or any fuel column"))
            .hint("EIA-930 files start with ts_utc,coal_mw,nat_gas_mw,...")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::tests::taken::Taken;
    use crate::series::name::is_fuel;

    #[test]
    fn every_column_is_a_fuel() {
        for (column, fuel) in COLUMNS {
            assert!(is_fuel(fuel), "{column}");
        }
    }

    #[test]
    fn hours_lie_between_1970_and_9999_whichever_end_is_named() {
        let rejected = |stamp: &str, label: Label| {
            let text = format!("ts_utc,coal_mw,wind_mw\n{stamp},1,2\n");
            let mut taken = Taken::default();
            let mut records = Records::new(text.as_bytes());
            read(&mut records, &"A".into(), label, &mut taken).expect("parsed");
            taken.rejects.len()
        };
        let (first, last) = ("1970-01-01T00:00:00Z", "9999-12-31T23:00:00Z");
        // A row is refused once, however many fuels it holds.
        assert_eq!([rejected(first, Label::Start), rejected(first, Label::End)], [0, 1]);
        assert_eq!([rejected(last, Label::Start), rejected(last, Label::End)], [1, 0]);
    }
}
