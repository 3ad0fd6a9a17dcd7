//! Rejected rows as they stood, under the file's own header, with line and reason.
//!
//! `ingest` ignores the two extra columns, so a corrected reject file can be ingested as it is.

use super::files;
use crate::error::Problem;
use crate::rejects::{ByLine, Reject, Rejects};
use reports::received::Records;
use reports::text::no_formula;
use reports::words::io_reason;
use std::io::{self, Write};
use std::path::Path;

pub use reports::received::{REJECT_LINE as LINE, REJECT_REASON as REASON};

/// Writes them, read from their file once more.
pub fn write(source: &Path, rejects: &mut Rejects, out: &mut dyn Write) -> io::Result<()> {
    let opened = files::open(source, false).map_err(|e| io::Error::other(e.to_string()))?;
    let mut reasons = Reasons::new(rejects)?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
    let mut records = Records::new(opened.reader);
    writer.write_record(records.raw_header()?.iter().chain([LINE.as_bytes(), REASON.as_bytes()]))?;
    let mut record = csv::ByteRecord::new();
    while let Some(line) = records.read_raw(&mut record)? {
        if let Some(reason) = reasons.first_of_line(line)? {
            let line = line.to_string();
            let reason = no_formula(&reason);
            writer.write_record(record.iter().chain([line.as_bytes(), reason.as_bytes()]))?;
        }
    }
    writer.flush()
}

/// Bad rows went to a temporary file, and that could not be written.
pub(super) fn not_held(error: &io::Error, file: &str) -> Problem {
    Problem::new(format!("its rejected rows cannot be kept: {}", io_reason(error)))
        .file(file)
        .hint("free space for temporary files, or name another folder in TMPDIR")
}

/// Reasons by line, beside the rows as they are read again.
struct Reasons {
    rest: ByLine,
    next: Option<Reject>,
}

impl Reasons {
    fn new(rejects: &mut Rejects) -> io::Result<Self> {
        let mut rest = rejects.by_line()?;
        Ok(Self { next: rest.next().transpose()?, rest })
    }

    /// The first reason of a line that comes after all that were asked for.
    fn first_of_line(&mut self, line: u64) -> io::Result<Option<String>> {
        while let Some(reject) = self.next.take_if(|reject| reject.line <= line) {
            self.next = self.rest.next().transpose()?;
            if reject.line == line {
                return Ok(Some(reject.reason));
            }
        }
        Ok(None)
    }
}
