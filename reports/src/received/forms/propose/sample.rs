//! The first rows of a table, under each separator and with each row as the header that may be it.

use crate::received::Records;
use crate::received::records::Found;
use csv::StringRecord;

const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
/// Rows looked at, and how many may stand above the header.
const LOOKED_AT: usize = 120;
const MOST_ABOVE: usize = 40;

/// A header and rows of its width.
#[derive(Debug)]
pub struct Sample {
    pub separator: char,
    pub header: StringRecord,
    rows: Vec<StringRecord>,
}

impl Sample {
    /// The cells of a column, trimmed.
    pub fn column(&self, at: usize) -> impl Iterator<Item = String> + '_ {
        self.rows.iter().map(move |row| row.get(at).unwrap_or("").trim().to_string())
    }
}

/// All that a text's first bytes may be: for each separator the first row below which a table is.
pub fn all(first: &[u8]) -> Vec<Sample> {
    SEPARATORS.into_iter().flat_map(|separator| samples(first, separator)).collect()
}

fn samples(first: &[u8], separator: char) -> Vec<Sample> {
    let rows = rows(first, separator);
    let mut samples = Vec::new();
    for start in 0..rows.len().min(MOST_ABOVE) {
        let header = &rows[start];
        let below = &rows[start + 1..];
        // A column without a name and without a cell is none, as workbooks have them.
        let is_blank = |at: usize| below.iter().all(|row| row.get(at).is_none_or(|cell| cell.trim().is_empty()));
        let is_name = |(at, cell): (usize, &str)| match cell.trim() {
            "" => is_blank(at),
            name => name.parse::<f64>().is_err(),
        };
        let named = header.len() > 1 && header.iter().enumerate().all(is_name);
        if named && !below.is_empty() && below.iter().all(|row| row.len() == header.len()) {
            samples.push(Sample { separator, header: header.clone(), rows: below.to_vec() });
        }
    }
    samples
}

fn rows(first: &[u8], separator: char) -> Vec<StringRecord> {
    let mut records = Records::separated(first, u8::try_from(separator).unwrap_or(b','));
    let Ok(header) = records.header() else { return Vec::new() };
    let mut rows = vec![header.clone()];
    let mut record = StringRecord::new();
    while rows.len() < LOOKED_AT {
        match records.read(&mut record) {
            Ok(Some(Found::Text(_))) if record.iter().all(|cell| cell.trim().is_empty()) => {}
            // A title in another encoding is no row of the table.
            Ok(Some(Found::Bytes(_))) => {}
            Ok(Some(Found::Text(_))) => rows.push(record.clone()),
            _ => break,
        }
    }
    // The last row may be cut off.
    if rows.len() < LOOKED_AT && !first.ends_with(b"\n") && rows.len() > 2 {
        rows.pop();
    }
    rows
}
