//! How files are to be read and taken in.

use super::sources::Source;
use reports::definitions::Definitions;
use reports::door::Expected;
use reports::received::Ends;
use reports::time::RecordTime;

/// How files are to be read.
#[derive(Debug, Clone)]
pub struct Options {
    pub source: Source,
    /// Time after an interval's end until its reading is published.
    pub delay_s: i64,
    /// Whether good rows are kept where others are bad; otherwise one bad row refuses the whole file.
    pub keep_good: bool,
    pub record_time: RecordTime,
    pub progress: bool,
    /// What readings are held against, and invoices must name a site of; none where a feed's answer is taken as it is.
    pub definitions: Option<Definitions>,
    /// What connections and plants can carry, as the portfolio states it.
    pub expected: Expected,
    /// Whether numbers are as somebody wrote them, not as the cells of a workbook held them.
    pub as_written: bool,
    /// Whether a suspect reading refuses its file; otherwise it is taken, and said.
    pub strict: bool,
    /// Who takes the files in and why, where stated.
    pub actor: Option<String>,
    pub reason: Option<String>,
}

impl Options {
    /// Files in our own form, taken whole or not at all.
    pub fn own_form(record_time: RecordTime) -> Self {
        Self {
            source: Source::Readings { ends: Ends::Exclusive },
            delay_s: 0,
            keep_good: false,
            record_time,
            progress: false,
            definitions: None,
            expected: Expected::default(),
            as_written: true,
            strict: false,
            actor: None,
            reason: None,
        }
    }
}
