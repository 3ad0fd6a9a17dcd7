//! How the rows of a file are to be read, whatever its kind.

use super::espi::{self, GreenButton};
use super::nem12::{self, Nem12};
use super::table::Table;
use super::{header, rows};
use crate::received::encoding::{Decoded, Encoding};
use crate::received::{Records, Refused, Rows};
use serde::{Deserialize, Serialize};
use std::io::Read;

/// How the rows of a file are to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Form {
    /// A header and rows, one a line.
    Table(Box<Table>),
    /// AEMO's meter data file.
    Nem12(Nem12),
    /// Green Button (ESPI) as Atom XML.
    GreenButtonXml(GreenButton),
}

impl Form {
    /// The form that a JSON object states: of a portfolio's table, a revision or a pack.
    ///
    /// # Errors
    /// What about it is no form.
    pub fn of_json(value: serde_json::Value) -> Result<Self, String> {
        let form: Self = serde_json::from_value(value).map_err(|e| e.to_string())?;
        form.check()?;
        Ok(form)
    }

    /// Compact, keys sorted: equal forms have equal text.
    pub fn to_json(&self) -> String {
        serde_json::to_value(self).map(|value| value.to_string()).unwrap_or_default()
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Self::Table(table) => table.check(),
            Self::Nem12(nem12) => nem12.check(),
            Self::GreenButtonXml(green_button) => green_button.check(),
        }
    }

    /// Reads a file; bad rows are rejected one by one.
    ///
    /// # Errors
    /// Why the file cannot be read any further.
    pub fn read(&self, text: impl Read, batch: &mut impl Rows) -> Result<(), Refused> {
        match self {
            Self::Table(table) => rows::read(table, Decoded::new(text, table.encoding), batch),
            Self::Nem12(nem12) => nem12.read(text, batch),
            Self::GreenButtonXml(green_button) => green_button.read(text, batch),
        }
    }

    /// Separator of a table and the line of its header, where the rows of a file can stand apart from the others; none of
    /// NEM12 and XML.
    ///
    /// # Errors
    /// Where the table has no such header.
    pub fn rows_apart(&self, text: impl Read) -> Result<Option<(u8, u64)>, Refused> {
        let Self::Table(table) = self else { return Ok(None) };
        let separator = table.delimiter();
        let text = Decoded::new(text, table.encoding);
        let (.., line) = header::find(&mut Records::separated(text, separator), table)?;
        Ok(Some((separator, line)))
    }

    /// How its files are written where no byte order mark tells.
    pub fn encoding(&self) -> Encoding {
        match self {
            Self::Table(table) => table.encoding,
            Self::Nem12(_) | Self::GreenButtonXml(_) => Encoding::Utf8,
        }
    }

    /// Whether rejected rows can be written apart, to be corrected and taken in.
    pub fn has_rows(&self) -> bool {
        matches!(self, Self::Table(_))
    }

    /// Whether the first bytes of a file are of this form.
    pub fn recognises(&self, first: &[u8]) -> bool {
        match self {
            Self::Table(table) => header::find_in(table, first),
            Self::Nem12(_) => nem12::recognises(first),
            Self::GreenButtonXml(_) => espi::recognises(first),
        }
    }
}
