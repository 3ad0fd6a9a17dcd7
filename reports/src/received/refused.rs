//! Files that cannot be read.

use crate::words::io_reason;

/// Why a file cannot be read any further, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{what}", .line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct Refused {
    pub what: String,
    pub line: Option<u64>,
    pub hint: Option<String>,
}

impl Refused {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), line: None, hint: None }
    }

    pub fn line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// What the csv reader says, for people; its lines are not those that people count.
    pub(super) fn of_csv(error: &csv::Error) -> Self {
        match error.kind() {
            csv::ErrorKind::Utf8 { .. } => Self::not_text(),
            csv::ErrorKind::Io(error) => Self::no_table(format!("cannot be read: {}", io_reason(error))),
            _ => Self::no_table(format!("is not CSV: {error}")),
        }
    }

    pub(super) fn not_text() -> Self {
        Self::new("is not UTF-8 text").hint(
            "it is most likely Windows-1252: save it as CSV UTF-8, plain or gzip, or set encoding = \"cp1252\" in a \
             [source.<name>]",
        )
    }

    fn no_table(what: String) -> Self {
        Self::new(what).hint("save it as CSV UTF-8, plain or gzip")
    }
}
