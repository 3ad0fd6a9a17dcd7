//! Tables that are not text, Parquet and workbooks, are made into CSV before anything else looks at them.
//!
//! From there on, the CSV counts as the received file: it is hashed, kept and packed, and an auditor needs no reader for
//! the original format.

mod columnar;
mod faults;
mod meaning;
mod number_format;
mod pages;
mod sheet;
mod text;
mod unpacked;
mod workbook;

use crate::error::Fault;
use reports::words::io_reason;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

/// What stands at the beginning of files that are no text.
const ZIP: &[u8] = b"PK\x03\x04";
const PARQUET: &[u8] = b"PAR1";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// A table as CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The sheet it stood on, of a workbook.
    pub sheet: Option<String>,
    pub csv: Vec<u8>,
}

/// The table of a Parquet file or a workbook; none where a file is neither, or cannot be read at all.
///
/// `sheet` names the sheet of a workbook that has several with data.
pub fn read(path: &Path, sheet: Option<&str>) -> Result<Option<Table>, Fault> {
    // What cannot be opened is said by whoever reads it as text; a pipe is read once.
    if !std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(None);
    }
    let Ok(file) = File::open(path) else { return Ok(None) };
    read_file(file, sheet).map_err(|problem| problem.file(path.display()))
}

/// The same of a file that is open.
pub fn read_file(mut file: File, sheet: Option<&str>) -> Result<Option<Table>, Fault> {
    let unreadable = |e: std::io::Error| Fault::new(format!("cannot be read: {}", io_reason(&e)));
    let mut first = Vec::new();
    file.by_ref().take(8).read_to_end(&mut first).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    if first.starts_with(COMPOUND) {
        return Err(Fault::new("is an old workbook (.xls), or one with a password")
            .hint("save it as XLSX without a password, or its sheet as CSV UTF-8"));
    }
    if first.starts_with(ZIP) {
        let (sheet, csv) = workbook::read(file, sheet)?;
        return Ok(Some(Table { sheet: Some(sheet), csv }));
    }
    if sheet.is_some() {
        return Err(Fault::new("has no sheets").hint("--sheet is only for workbooks; leave it out"));
    }
    if !first.starts_with(PARQUET) {
        return Ok(None);
    }
    Ok(Some(Table { sheet: None, csv: columnar::read(file)? }))
}
