//! The first rows of a table, under each separator and with each row as the header that may be it.

use crate::received::Records;
use crate::received::forms::cells::{plain, unit_behind};
use crate::received::forms::header::joined;
use crate::received::forms::table::MISSING;
use crate::received::forms::words::is_like;
use crate::received::records::Found;
use crate::units::{Quantity, Unit};
use csv::StringRecord;
use std::collections::BTreeSet;

const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
/// Rows looked at, and how many may stand above the header.
const LOOKED_AT: usize = 3_000;
const MOST_ABOVE: usize = 40;
/// Columns of a day's hours, which may be named by numbers alone.
const HOURS: usize = 24;
/// What is taken of numbers that have a unit behind them.
const TAKEN: [Quantity; 3] = [Quantity::Energy, Quantity::Price, Quantity::Intensity];
/// What rows are called that are no readings, but of all readings.
const TOTALS: &str = "total, totals, grand total, sum, summe, gesamt, gesamtsumme, zwischensumme, average, avg, mean, \
     mittelwert, durchschnitt, min, minimum, max, maximum, somme, moyenne, suma, media, promedio";

/// A header and rows of its width.
#[derive(Debug)]
pub struct Sample {
    pub separator: char,
    pub header: StringRecord,
    /// Rows that the header goes over.
    pub height: usize,
    /// Cells by which rows of totals are known, with their columns.
    pub totals: BTreeSet<(usize, String)>,
    rows: Vec<StringRecord>,
}

impl Sample {
    /// The cells of a column, trimmed.
    pub fn column(&self, at: usize) -> impl Iterator<Item = String> + '_ {
        self.rows.iter().map(move |row| row.get(at).unwrap_or("").trim().to_string())
    }

    /// The cells of a column that say anything.
    pub fn filled(&self, at: usize) -> impl Iterator<Item = String> + '_ {
        self.column(at).filter(|cell| !MISSING.iter().any(|missing| is_like(missing, cell)))
    }

    /// The unit that stands behind the numbers of a column: behind the first of them.
    pub fn suffix(&self, at: usize) -> Option<String> {
        self.filled(at).next().and_then(|cell| unit_behind(&cell).map(String::from))
    }
}

/// A number as it stands in a cell, perhaps with a unit behind it.
pub fn number(cell: &str, decimal: char, thousands: Option<char>) -> Option<f64> {
    let bare = match unit_behind(cell) {
        Some(unit) if Unit::parse(unit).is_ok_and(|unit| TAKEN.contains(&unit.quantity)) => {
            cell.trim().strip_suffix(unit)?.trim_end()
        }
        _ => cell,
    };
    plain(bare, decimal, thousands)?.parse().ok()
}

/// Whether a text is what rows of totals are called.
pub fn is_total(text: &str) -> bool {
    let text = text.trim().trim_end_matches(':');
    TOTALS.split(", ").any(|total| is_like(total, text))
}

/// All that a text's first bytes may be: for each separator the first row below which a table is. Rows of totals may also
/// stand in its last bytes.
pub fn all(first: &[u8], last: &[u8]) -> Vec<Sample> {
    SEPARATORS.into_iter().flat_map(|separator| samples(first, last, separator)).collect()
}

fn samples(first: &[u8], last: &[u8], separator: char) -> Vec<Sample> {
    let (rows, mut totals) = rows(first, separator);
    totals.extend(ends(last, separator));
    let mut samples = Vec::new();
    for start in 0..rows.len().min(MOST_ABOVE) {
        let header = &rows[start];
        let below = &rows[start + 1..];
        if below.is_empty() || below.iter().any(|row| row.len() != header.len()) {
            continue;
        }
        // A column without a name and without a cell is none, as workbooks have them.
        let is_blank = |at: usize| below.iter().all(|row| row.get(at).is_none_or(|cell| cell.trim().is_empty()));
        let is_name = |(at, cell): (usize, &str)| match cell.trim() {
            "" => is_blank(at),
            name => name.parse::<f64>().is_err() || (header.len() > HOURS && name.parse::<u8>().is_ok()),
        };
        if header.len() > 1 && header.iter().enumerate().all(is_name) {
            let (height, header) = whole(&rows, start);
            let totals = totals.iter().filter(|(at, _)| *at < header.len()).cloned().collect();
            samples.push(Sample { separator, header, height, totals, rows: below.to_vec() });
        }
    }
    samples
}

/// The header with the row above it, where its own names do not tell its columns apart.
fn whole(rows: &[StringRecord], at: usize) -> (usize, StringRecord) {
    let own = &rows[at];
    let has_twice = |row: &StringRecord| {
        let names: Vec<String> =
            row.iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect();
        names.iter().collect::<BTreeSet<_>>().len() < names.len()
    };
    if let (true, Some(above)) = (has_twice(own), at.checked_sub(1)) {
        let both = joined(&rows[above..=at]);
        if !has_twice(&both) {
            return (2, both);
        }
    }
    (1, own.clone())
}

/// Cells of rows of totals.
type Totals = BTreeSet<(usize, String)>;

fn rows(first: &[u8], separator: char) -> (Vec<StringRecord>, Totals) {
    let mut records = Records::separated(first, u8::try_from(separator).unwrap_or(b','));
    let Ok(header) = records.header() else { return (Vec::new(), Totals::new()) };
    let mut rows = vec![header.clone()];
    let mut totals = Totals::new();
    let mut record = StringRecord::new();
    while rows.len() < LOOKED_AT {
        match records.read(&mut record) {
            Ok(Some(Found::Text(_))) if record.iter().all(|cell| cell.trim().is_empty()) => {}
            // A title in another encoding is no row of the table.
            Ok(Some(Found::Bytes(_))) => {}
            Ok(Some(Found::Text(_))) => match total(&record) {
                Some(cell) => {
                    totals.insert(cell);
                }
                None => rows.push(record.clone()),
            },
            _ => break,
        }
    }
    // The last row may be cut off.
    if rows.len() < LOOKED_AT && !first.ends_with(b"\n") && rows.len() > 2 {
        rows.pop();
    }
    (rows, totals)
}

/// Rows of totals in the last bytes of a text, which may begin within a row.
fn ends(last: &[u8], separator: char) -> Totals {
    let whole = last.iter().position(|byte| *byte == b'\n').map_or(last, |at| &last[at + 1..]);
    let mut records = Records::separated(whole, u8::try_from(separator).unwrap_or(b','));
    let mut found: Totals = records.header().ok().and_then(total).into_iter().collect();
    let mut record = StringRecord::new();
    while let Ok(Some(kind)) = records.read(&mut record) {
        found.extend(total(&record).filter(|_| matches!(kind, Found::Text(_))));
    }
    found
}

/// The first cell of a row that says anything, where the row is one of totals.
fn total(row: &StringRecord) -> Option<(usize, String)> {
    let (at, cell) = row.iter().enumerate().find(|(_, cell)| !cell.trim().is_empty())?;
    let has_number = row.iter().skip(at + 1).any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
    // A row with a time is a reading, whatever it is called.
    let has_time = row.iter().any(|cell| cell.contains(':'));
    (is_total(cell) && has_number && !has_time).then(|| (at, cell.trim().to_string()))
}
