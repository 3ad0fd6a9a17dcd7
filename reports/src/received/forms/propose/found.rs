//! A table as it was found, and how TOML writes what is proposed of it.

use super::sample::Sample;
use super::times::Times;
use crate::received::encoding::Encoding;

/// How numbers are written: decimal point, and what groups digits.
pub type Marks = (char, Option<char>);

/// A table as it was found.
#[derive(Debug)]
pub struct Found {
    pub sample: Sample,
    pub times: Times,
    pub marks: Marks,
    /// Columns of numbers.
    pub values: Vec<usize>,
    pub encoding: Encoding,
}

/// `{ "metric" = "pue", "site" = ["A", "B"] }`.
pub fn conditions<'a>(columns: impl Iterator<Item = (String, &'a [String])>) -> String {
    let one = |(name, cells): (String, &[String])| match cells {
        [cell] => format!("{name} = {}", quoted(cell)),
        cells => format!("{name} = [{}]", cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(", ")),
    };
    format!("{{ {} }}", columns.map(one).collect::<Vec<_>>().join(", "))
}

pub fn quoted(text: &str) -> String {
    toml::Value::String(text.trim_start_matches('\u{feff}').trim_matches(' ').into()).to_string()
}
