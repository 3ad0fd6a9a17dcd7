//! The first sheet of an XLSX workbook as the CSV that it stands for: a row of it a line of the same number, numbers with a
//! point, dates and times as ISO 8601, no thousands.

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use chrono::{Duration, NaiveDate, Timelike};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

/// The first bytes of a ZIP archive, which a workbook is.
pub const ZIP: [u8; 4] = *b"PK\x03\x04";

/// No workbook that is read here is larger, nor what is packed in it, nor the text it comes to.
const LARGEST: u64 = 64 << 20;
const UNPACKED: u64 = 512 << 20;

/// The text of a workbook's first sheet.
///
/// # Errors
///
/// Where it cannot be read, or is no workbook.
pub fn text(raw: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if raw.take(LARGEST + 1).read_to_end(&mut bytes)? as u64 > LARGEST {
        return Err(invalid(format!("is a workbook of more than {} MB", LARGEST >> 20)));
    }
    bound(&bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).map_err(refused)?;
    let name = book.sheet_names().first().cloned().ok_or_else(|| invalid("holds no sheet"))?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(refused)?;
    let mut sheet = Sheet::default();
    while let Some(cell) = cells.next_cell().map_err(refused)? {
        let (row, column) = cell.get_position();
        if let Some(text) = shown(cell.get_value()) {
            sheet.put(row, column, text)?;
        }
    }
    sheet.finish()
}

fn invalid(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

fn refused(error: XlsxError) -> io::Error {
    match error {
        XlsxError::Io(error) => error,
        XlsxError::Password => invalid("is a workbook with a password"),
        error => invalid(format!("is no XLSX workbook: {error}")),
    }
}

/// Unpacks everything once, to nowhere: what an archive says of its size need not be so.
fn bound(bytes: &[u8]) -> io::Result<()> {
    let broken = |error: zip::result::ZipError| invalid(format!("is no XLSX workbook: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = UNPACKED;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let unpacked = io::copy(&mut entry.take(left + 1), &mut io::sink())?;
        left = left.checked_sub(unpacked).ok_or_else(|| invalid("unpacks to more bytes than it may hold"))?;
    }
    Ok(())
}

/// Rows of a sheet as they come.
#[derive(Default)]
struct Sheet {
    text: Vec<u8>,
    /// Lines that are written.
    rows: u32,
    row: u32,
    cells: BTreeMap<u32, String>,
}

impl Sheet {
    fn put(&mut self, row: u32, column: u32, text: String) -> io::Result<()> {
        if row < self.row {
            return Err(invalid("is a workbook whose rows are out of order"));
        }
        if row > self.row {
            self.end_row()?;
            self.row = row;
        }
        self.cells.insert(column, text);
        Ok(())
    }

    /// Writes the row that is held, at its place: rows above it that are empty are lines, too.
    fn end_row(&mut self) -> io::Result<()> {
        let Some(last) = self.cells.keys().next_back().copied() else { return Ok(()) };
        let blank = self.row - self.rows;
        if self.text.len() as u64 + u64::from(blank) + u64::from(last) > UNPACKED {
            return Err(invalid("unpacks to more bytes than it may hold"));
        }
        self.text.resize(self.text.len() + blank as usize, b'\n');
        for column in 0..=last {
            if column > 0 {
                self.text.push(b',');
            }
            if let Some(cell) = self.cells.remove(&column) {
                quote(&cell, &mut self.text);
            }
        }
        self.text.push(b'\n');
        self.rows = self.row + 1;
        Ok(())
    }

    fn finish(mut self) -> io::Result<Vec<u8>> {
        self.end_row()?;
        Ok(self.text)
    }
}

fn quote(cell: &str, into: &mut Vec<u8>) {
    if cell.contains([',', '"']) {
        into.push(b'"');
        into.extend(cell.replace('"', "\"\"").bytes());
        into.push(b'"');
    } else {
        into.extend(cell.bytes());
    }
}

/// A cell as CSV has it, on one line; none where it is empty.
fn shown(data: &DataRef<'_>) -> Option<String> {
    match data {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(number.to_string()),
        DataRef::Float(number) => Some(number.to_string()),
        DataRef::Bool(flag) => Some(flag.to_string()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Some(one_line(text)),
        DataRef::SharedString(text) => Some(one_line(text)),
        DataRef::DateTime(time) => Some(moment(*time)),
        DataRef::Error(error) => Some(error.to_string()),
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// A date, a time of day, or both, to the nearest second: Excel holds days and parts of them, and no zone.
fn moment(time: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    let at = date.and_then(|date| {
        date.and_hms_milli_opt(u32::from(hour), u32::from(minute), u32::from(second), u32::from(milli))
    });
    let Some(at) = at.and_then(|at| at.checked_add_signed(Duration::milliseconds(500))) else {
        return time.as_f64().to_string();
    };
    match time.as_f64() {
        part if part < 1.0 - 0.5 / 86_400.0 => at.format("%H:%M:%S").to_string(),
        _ if at.num_seconds_from_midnight() == 0 => at.format("%Y-%m-%d").to_string(),
        _ => at.format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    /// A workbook of one sheet with these rows, as XML; style 1 is a date and time, 2 a time of day.
    fn workbook(rows: &str) -> Vec<u8> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let mut put = |path: &str, text: String| {
            zip.start_file(path, SimpleFileOptions::default()).expect("an entry");
            zip.write_all(text.as_bytes()).expect("written");
        };
        put(
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        );
        put(
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        );
        put(
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                <Relationship Id=\"rId2\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        );
        put(
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"20\"/></cellXfs></styleSheet>"
            ),
        );
        put(
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        );
        zip.finish().expect("finished").into_inner()
    }

    fn read(rows: &str) -> Result<String, String> {
        text(workbook(rows).as_slice()).map(|text| String::from_utf8(text).expect("text")).map_err(|e| e.to_string())
    }

    #[test]
    fn rows_are_lines_of_their_number_and_cells_what_they_show() {
        let rows = r#"<row r="2"><c r="B2" t="inlineStr"><is><t>a, "b"</t></is></c></row>
            <row r="4"><c r="A4" s="1"><v>46023.010416666664</v></c><c r="B4" s="2"><v>0.75</v></c><c r="C4"><v>0.1</v></c>
            <c r="D4" s="1"><v>46023</v></c><c r="E4" t="b"><v>1</v></c><c r="F4"><v>1234567</v></c></row>"#;
        let wanted = "\n,\"a, \"\"b\"\"\"\n\n2026-01-01 00:15:00,18:00:00,0.1,2026-01-01,true,1234567\n";
        assert_eq!(read(rows).as_deref(), Ok(wanted));
    }

    #[test]
    fn what_is_no_workbook_or_too_much_is_refused() {
        assert!(text(&b"PK\x03\x04 and more"[..]).is_err_and(|e| e.to_string().contains("is no XLSX workbook")));
        // A cell far out is no table in memory, and one in the last row no more than lines.
        assert!(read(r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#).is_ok_and(|text| text.len() == 16_385));
        assert!(
            read(r#"<row r="1048576"><c r="A1048576"><v>1</v></c></row>"#).is_ok_and(|text| text.len() == 1_048_577)
        );
        assert!(read(r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>"#).is_err());
        let mut cut = workbook("<row/>");
        cut.truncate(cut.len() / 2);
        assert!(text(cut.as_slice()).is_err());
    }
}
