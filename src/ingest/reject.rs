//! Rejected rows as they stood, under the file's own header, with line and reason.
//!
//! `ingest` ignores the two extra columns, so a corrected reject file can be ingested as it is.

use super::files;
use crate::error::{Fault, Kind};
use crate::rejects::{ByLine, Reject, Rejects};
use reports::received::Records;
use reports::received::encoding::{Decoded, Encoding, UTF8_MARK};
use reports::received::forms::Form;
use reports::text::no_formula;
use reports::words::io_reason;
use std::io::{self, Write};
use std::iter::Peekable;
use std::path::Path;

pub use reports::received::{REJECT_LINE as LINE, REJECT_REASON as REASON};

/// Writes them, read from their file once more; of a file in a form, what stands above its header stays above it.
pub fn write(path: &Path, form: Option<&Form>, rejects: &mut Rejects, out: &mut dyn Write) -> io::Result<()> {
    let open = || files::open(path, false).map_err(|e| io::Error::other(e.to_string()));
    let apart = match form {
        Some(form) => form.rows_apart(open()?.reader).map_err(|refused| io::Error::other(refused.to_string()))?,
        None => None,
    };
    let (separator, header) = apart.unwrap_or((b',', 0));
    let encoding = form.map_or(Encoding::Utf8, Form::encoding);
    if !encoding.is_utf8() {
        // Reasons are UTF-8, and so are the rows beside them: the mark says it to whoever reads the file by this form.
        out.write_all(&UTF8_MARK)?;
    }
    let mut reasons = rejects.by_line()?.peekable();
    let mut writer = csv::WriterBuilder::new().flexible(true).delimiter(separator).from_writer(out);
    let mut records = Records::separated(Decoded::new(open()?.reader, encoding), separator);
    let titles = [LINE.as_bytes(), REASON.as_bytes()];
    let first = records.raw_header()?.clone();
    match records.header_line() < header {
        true => writer.write_record(&first)?,
        false => writer.write_record(first.iter().chain(titles))?,
    }
    let mut record = csv::ByteRecord::new();
    while let Some(line) = records.read_raw(&mut record)? {
        if line < header {
            writer.write_record(&record)?;
        } else if line == header {
            writer.write_record(record.iter().chain(titles))?;
        } else if let Some(reason) = first_of_line(&mut reasons, line)? {
            let line = line.to_string();
            let reason = no_formula(&reason);
            writer.write_record(record.iter().chain([line.as_bytes(), reason.as_bytes()]))?;
        }
    }
    writer.flush()
}

/// Bad rows went to a temporary file, and that could not be written.
pub(super) fn not_held(error: &io::Error, file: &str) -> Fault {
    Fault::new(format!("its rejected rows cannot be kept: {}", io_reason(error)))
        .kind(Kind::Unavailable)
        .file(file)
        .hint("free space for temporary files, or name another folder in TMPDIR")
}

/// The first reason of a line that comes after all that were asked for.
fn first_of_line(reasons: &mut Peekable<ByLine>, line: u64) -> io::Result<Option<String>> {
    let is_due = |reject: &io::Result<Reject>| !reject.as_ref().is_ok_and(|reject| reject.line > line);
    while let Some(reject) = reasons.next_if(is_due).transpose()? {
        if reject.line == line {
            return Ok(Some(reject.reason));
        }
    }
    Ok(None)
}
