//! NEM12, AEMO's meter data file: a `200` row names a stream, a `300` row holds a day of it, `400` rows its qualities.
//!
//! Days are those of AEST, UTC+10 throughout the year. A reading stands in the line of its `300` row.

use super::words::is_like;
use crate::inputs::Quality;
use crate::received::records::Found;
use crate::received::{Records, Refused, Row, Rows};
use crate::series::name::kind_of;
use crate::text::clip;
use crate::time::{Instant, Interval};
use crate::units::Unit;
use chrono::NaiveDate;
use csv::StringRecord;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

const AEST_S: i64 = 10 * 3_600;
const DAY_MINUTES: i64 = 24 * 60;

/// Which streams of which meter are which series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nem12 {
    /// By suffix: `E1` is drawn from the grid, `B1` fed into it.
    pub series: BTreeMap<String, String>,
    /// The meter, where a file holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nmi: Option<String>,
}

pub fn recognises(first: &[u8]) -> bool {
    first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).starts_with(b"100,NEM12")
}

/// A stream, as its `200` row says.
#[derive(Debug)]
struct Stream<'f> {
    series: &'f str,
    unit: Unit,
    minutes: i64,
}

/// A `300` row whose `400` rows may follow.
#[derive(Debug)]
struct Day {
    line: u64,
    midnight: Instant,
    values: Vec<String>,
    /// The letter of each interval.
    qualities: Vec<char>,
    varies: bool,
}

impl Nem12 {
    pub fn check(&self) -> Result<(), String> {
        if self.series.is_empty() {
            return Err("it names no series; say series = { E1 = \"site/a/import\" }".into());
        }
        self.series.values().try_for_each(|series| kind_of(series).map(|_| ()).map_err(|e| e.to_string()))
    }

    pub fn read(&self, text: impl Read, batch: &mut impl Rows) -> Result<(), Refused> {
        let mut records = Records::new(text);
        let header = records.header()?.clone();
        let is = |at: usize, text: &str| header.get(at).is_some_and(|cell| is_like(text, cell));
        if !is(0, "100") || !is(1, "NEM12") {
            return Err(records.of_header(Refused::new("is not NEM12: it does not start with 100,NEM12")));
        }
        let mut reader = Reader { form: self, stream: None, day: None, seen: BTreeSet::new(), meters: BTreeSet::new() };
        let mut record = StringRecord::new();
        let mut ended = false;
        while let Some(found) = records.read(&mut record)? {
            let line = match found {
                Found::Text(line) => line,
                Found::Bytes(line) => return Err(Refused::new("is not UTF-8 text").line(line)),
            };
            ended = record.get(0).map(str::trim) == Some("900");
            reader.row(&record, line, batch)?;
        }
        reader.close(batch);
        if !ended {
            return Err(Refused::new("ends without its row 900: a part of it is missing").hint("fetch the file again"));
        }
        reader.complete()
    }
}

struct Reader<'f> {
    form: &'f Nem12,
    stream: Option<Stream<'f>>,
    day: Option<Day>,
    /// Suffixes that the file holds.
    seen: BTreeSet<String>,
    meters: BTreeSet<String>,
}

impl<'f> Reader<'f> {
    fn row(&mut self, record: &StringRecord, line: u64, batch: &mut impl Rows) -> Result<(), Refused> {
        match record.get(0).map_or("", str::trim) {
            "200" => {
                self.close(batch);
                self.stream = self.stream(record).map_err(|what| Refused::new(what).line(line))?;
            }
            "300" => {
                self.close(batch);
                if let Some(stream) = &self.stream {
                    match day(record, stream.minutes, line) {
                        Ok(day) => self.day = Some(day),
                        Err(reason) => batch.reject(line, reason),
                    }
                }
            }
            "400" => {
                if let Some(Err(reason)) = self.day.as_mut().map(|day| qualities(record, day)) {
                    batch.reject(line, reason);
                    self.day = None;
                }
            }
            "500" | "900" => self.close(batch),
            other => {
                let what = format!("`{}` starts no row of NEM12", clip(other));
                return Err(Refused::new(what).line(line).hint("rows start with 100, 200, 300, 400, 500 or 900"));
            }
        }
        Ok(())
    }

    fn stream(&mut self, record: &StringRecord) -> Result<Option<Stream<'f>>, String> {
        let field = |index: usize| record.get(index).map_or("", str::trim);
        let (nmi, suffix, measured) = (field(1), field(4), field(7));
        self.meters.insert(nmi.to_string());
        if self.form.nmi.as_deref().is_some_and(|wanted| wanted != nmi) {
            return Ok(None);
        }
        self.seen.insert(suffix.to_string());
        let Some(series) = self.form.series.get(suffix) else { return Ok(None) };
        let unit = match measured.to_ascii_lowercase().as_str() {
            "wh" => Unit::WH,
            "kwh" => Unit::KWH,
            "mwh" => Unit::MWH,
            _ => return Err(format!("stream {suffix} is in `{}`, not in Wh, kWh or MWh", clip(measured))),
        };
        let minutes = field(8).parse::<i64>().ok().filter(|minutes| [5, 15, 30].contains(minutes));
        let minutes =
            minutes.ok_or_else(|| format!("its intervals are `{}`, not 5, 15 or 30 minutes", clip(field(8))))?;
        Ok(Some(Stream { series, unit, minutes }))
    }

    /// Gives the readings of the day that is held.
    fn close(&mut self, batch: &mut impl Rows) {
        let (Some(day), Some(stream)) = (self.day.take(), &self.stream) else { return };
        if day.varies && day.qualities.contains(&'V') {
            batch.reject(day.line, "its quality is V, but rows 400 do not cover the day");
            return;
        }
        let step_s = stream.minutes * 60;
        for (index, (value, quality)) in day.values.iter().zip(&day.qualities).enumerate() {
            let quality = match quality {
                'A' => Quality::Measured,
                'N' => continue,
                _ => Quality::Estimated,
            };
            let start = day.midnight + index as i64 * step_s;
            let interval = Interval { start, end: start + step_s };
            let (line, series, unit) = (day.line, stream.series, stream.unit);
            batch.push(Row { line, series, interval, value, unit, quality, issued: None });
        }
    }

    fn complete(&self) -> Result<(), Refused> {
        let listed = |set: &BTreeSet<String>| set.iter().map(|name| clip(name)).collect::<Vec<_>>().join(", ");
        if let Some(nmi) = self.form.nmi.as_ref().filter(|nmi| !self.meters.contains(*nmi)) {
            let what = format!("holds meter {}, not {}", listed(&self.meters), clip(nmi));
            return Err(Refused::new(what).hint("correct nmi, or give the file of that meter"));
        }
        if self.meters.len() > 1 && self.form.nmi.is_none() {
            let what = format!("holds {} meters: {}", self.meters.len(), listed(&self.meters));
            return Err(Refused::new(what).hint("say which with nmi in a [source.<name>] of kind nem12"));
        }
        let kind = |suffix: &str| suffix.chars().next().unwrap_or(' ');
        let apart = self.seen.iter().find(|seen| {
            let same = self.form.series.keys().any(|suffix| kind(suffix) == kind(seen));
            same && !self.form.series.contains_key(*seen) && matches!(kind(seen), 'E' | 'B')
        });
        if let Some(apart) = apart {
            let what =
                format!("holds {}: {} goes with the others, but no series takes it", listed(&self.seen), clip(apart));
            return Err(Refused::new(what).hint("give each stream a series in a [source.<name>] of kind nem12"));
        }
        if !self.form.series.keys().any(|suffix| self.seen.contains(suffix)) {
            let wanted: Vec<&str> = self.form.series.keys().map(String::as_str).collect();
            let holds = if self.seen.is_empty() { "no stream".into() } else { listed(&self.seen) };
            let what = format!("holds {holds}, not {}", wanted.join(" or "));
            return Err(Refused::new(what).hint("E streams are drawn from the grid, B streams fed into it"));
        }
        Ok(())
    }
}

fn day(record: &StringRecord, minutes: i64, line: u64) -> Result<Day, String> {
    let count = (DAY_MINUTES / minutes) as usize;
    if record.len() < count + 3 {
        return Err(format!(
            "a day of {minutes} minutes has {count} values and a quality; the row has {}",
            record.len()
        ));
    }
    let date = record.get(1).unwrap_or("").trim();
    let day =
        NaiveDate::parse_from_str(date, "%Y%m%d").map_err(|_| format!("`{}` is not a date YYYYMMDD", clip(date)))?;
    let midnight = day.and_hms_opt(0, 0, 0).unwrap_or_default();
    let quality = letter(record.get(count + 2).unwrap_or(""))
        .map_err(|reason| format!("a day of {minutes} minutes has {count} values, then its quality: {reason}"))?;
    let values = record.iter().skip(2).take(count).map(|value| value.trim().to_string()).collect();
    let midnight = Instant::from_seconds(midnight.and_utc().timestamp() - AEST_S);
    Ok(Day { line, midnight, values, qualities: vec![quality; count], varies: quality == 'V' })
}

/// Marks the intervals that a `400` row is of.
fn qualities(record: &StringRecord, day: &mut Day) -> Result<(), String> {
    let number = |index: usize| record.get(index).and_then(|cell| cell.trim().parse::<usize>().ok());
    let (Some(from), Some(to)) = (number(1), number(2)) else { return Err("names no intervals".into()) };
    if from == 0 || from > to || to > day.qualities.len() {
        return Err(format!("intervals {from} to {to} are not in a day of {}", day.qualities.len()));
    }
    let quality = letter(record.get(3).unwrap_or("")).ok().filter(|letter| *letter != 'V').ok_or_else(|| {
        format!("quality `{}` of intervals is not one of A, S, F, E and N", clip(record.get(3).unwrap_or("")))
    })?;
    day.qualities[from - 1..to].fill(quality);
    Ok(())
}

fn letter(quality: &str) -> Result<char, String> {
    let first = quality.trim().chars().next().unwrap_or(' ');
    match first {
        'A' | 'S' | 'F' | 'E' | 'N' | 'V' => Ok(first),
        _ => Err(format!("quality `{}` is not one of A, S, F, E, N and V", clip(quality))),
    }
}
