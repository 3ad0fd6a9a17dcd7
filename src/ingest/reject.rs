//! Rejected rows as they stood, under the file's own header, with line and reason.
//!
//! `ingest` ignores the two extra columns, so a corrected reject file can be ingested as it is.

use super::files;
use crate::error::Reject;
use reports::text::no_formula;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

pub use reports::received::{REJECT_LINE as LINE, REJECT_REASON as REASON};

/// Writes them, read from their file once more.
pub fn write(source: &Path, rejects: &[Reject], out: &mut dyn Write) -> io::Result<()> {
    let opened = files::open(source, false).map_err(|e| io::Error::other(e.to_string()))?;
    let reasons: BTreeMap<u64, &str> = rejects.iter().map(|r| (r.line, r.reason.as_str())).collect();
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(opened.reader);
    let mut record = csv::ByteRecord::new();
    let mut first = true;
    while reader.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        if first {
            first = false;
            writer.write_record(record.iter().chain([LINE.as_bytes(), REASON.as_bytes()]))?;
        } else if let Some(reason) = reasons.get(&line) {
            let line = line.to_string();
            let reason = no_formula(reason);
            writer.write_record(record.iter().chain([line.as_bytes(), reason.as_bytes()]))?;
        }
    }
    writer.flush()
}
