//! CSV as it comes in: record by record, each with the line it begins in.
//!
//! The csv crate says how many line feeds stand before the end of the record before. An editor's number is another
//! wherever that end is not the record's beginning: `\r\n` ends a record at its `\r`, empty lines follow; and wherever
//! `\r` alone ends lines. So lines are counted beside it, by the bytes that it reads.

use super::bytes::ShortRecords;
use super::refused::Refused;
use super::row::Rows;
use csv::{ByteRecord, StringRecord};
use std::io::{self, Read};

/// What says of a record where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// The line in which it begins, as an editor shows it.
    Lines,
    /// One more than the line feeds up to the end of the record before: what older packs and stores hold. It is the same
    /// where every line ends with a line feed alone and none is empty.
    LineFeeds,
}

impl Numbering {
    pub const ALL: [Self; 2] = [Self::Lines, Self::LineFeeds];
}

/// A record by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Text(u64),
    /// It is not UTF-8.
    Bytes(u64),
}

/// Why a row is rejected that is none to read.
pub const NOT_TEXT: &str = "the row is not UTF-8 text";

/// The records of a text: a header and rows of any width, none longer than a limit.
#[derive(Debug)]
pub struct Records<R> {
    csv: csv::Reader<ShortRecords<R>>,
    numbering: Numbering,
    /// Where the header stands, once it is read.
    header: Option<u64>,
}

impl<R: Read> Records<R> {
    pub fn new(text: R) -> Self {
        Self::numbered(text, Numbering::Lines)
    }

    pub fn numbered(text: R, numbering: Numbering) -> Self {
        Self::built(text, numbering, b',')
    }

    /// With another byte than a comma between fields.
    pub fn separated(text: R, separator: u8) -> Self {
        Self::built(text, Numbering::Lines, separator)
    }

    fn built(text: R, numbering: Numbering, separator: u8) -> Self {
        let text = match numbering {
            Numbering::Lines => ShortRecords::lined(text),
            // Nobody would ask for the lines, and they would pile up.
            Numbering::LineFeeds => ShortRecords::new(text),
        };
        let mut builder = csv::ReaderBuilder::new();
        builder.flexible(true).delimiter(separator).buffer_capacity(1 << 16);
        Self { csv: builder.from_reader(text.separated(separator)), numbering, header: None }
    }

    /// The first record.
    ///
    /// # Errors
    /// Where it cannot be read, or is not UTF-8.
    pub fn header(&mut self) -> Result<&StringRecord, Refused> {
        let line = self.begin().map_err(|e| Refused::of_csv(&e))?;
        self.csv.headers().map_err(|e| Refused::of_csv(&e).line(line))
    }

    /// What is wrong with the header, with its line.
    pub fn of_header(&self, refused: Refused) -> Refused {
        refused.line(self.header_line())
    }

    /// The line of the header; 1 where it is not read yet.
    pub fn header_line(&self) -> u64 {
        self.header.unwrap_or(1)
    }

    /// The record after the header or the one read before; none at the end.
    ///
    /// # Errors
    /// Where the text cannot be read on.
    pub fn read(&mut self, record: &mut StringRecord) -> Result<Option<Found>, Refused> {
        self.begin().map_err(|e| Refused::of_csv(&e))?;
        let before = self.csv.position().clone();
        let is_text = match self.csv.read_record(record) {
            Ok(true) => true,
            Ok(false) => return Ok(None),
            Err(error) if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) => false,
            Err(error) => return Err(Refused::of_csv(&error)),
        };
        let line = self.line_behind(&before);
        Ok(Some(if is_text { Found::Text(line) } else { Found::Bytes(line) }))
    }

    /// The same of a text in which one record that is not UTF-8 refuses all.
    ///
    /// # Errors
    /// Where the text cannot be read on.
    pub fn read_text(&mut self, record: &mut StringRecord) -> Result<Option<u64>, Refused> {
        match self.read(record)? {
            None => Ok(None),
            Some(Found::Text(line)) => Ok(Some(line)),
            Some(Found::Bytes(line)) => Err(Refused::not_text().line(line)),
        }
    }

    /// Hands on each record that is text, and rejects those that `take` says a reason against, and for `not_text` the others.
    pub(super) fn each<B: Rows>(
        &mut self,
        batch: &mut B,
        not_text: &str,
        mut take: impl FnMut(&StringRecord, u64, &mut B) -> Result<(), String>,
    ) -> Result<(), Refused> {
        let mut record = StringRecord::new();
        while let Some(found) = self.read(&mut record)? {
            let (line, taken) = match found {
                Found::Text(line) => (line, take(&record, line, batch)),
                Found::Bytes(line) => (line, Err(not_text.into())),
            };
            if let Err(reason) = taken {
                batch.reject(line, reason);
            }
        }
        Ok(())
    }

    /// The first record, whatever its bytes.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn raw_header(&mut self) -> io::Result<&ByteRecord> {
        self.begin()?;
        Ok(self.csv.byte_headers()?)
    }

    /// The number of the record after the header or the one read before, whatever its bytes; none at the end.
    ///
    /// # Errors
    /// Where the text cannot be read on.
    pub fn read_raw(&mut self, record: &mut ByteRecord) -> io::Result<Option<u64>> {
        self.begin()?;
        let before = self.csv.position().clone();
        let found = self.csv.read_byte_record(record)?;
        Ok(found.then(|| self.line_behind(&before)))
    }

    /// Reads the header; where it stands.
    fn begin(&mut self) -> csv::Result<u64> {
        if let Some(line) = self.header {
            return Ok(line);
        }
        let before = self.csv.position().clone();
        self.csv.byte_headers()?;
        let line = self.line_behind(&before);
        self.header = Some(line);
        Ok(line)
    }

    /// The number of the record that was read last, by where the one before ended.
    fn line_behind(&mut self, before: &csv::Position) -> u64 {
        match self.numbering {
            Numbering::Lines => self.csv.get_mut().line_at(before.byte()).unwrap_or(before.line()),
            Numbering::LineFeeds => before.line(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number and first cell of every record, the header's first.
    fn numbered(text: &[u8], numbering: Numbering) -> Vec<(u64, String)> {
        let mut records = Records::numbered(text, numbering);
        let header = records.header().expect("a header").get(0).unwrap_or("").to_string();
        let mut found = vec![(records.header_line(), header)];
        let mut record = StringRecord::new();
        while let Some(number) = records.read(&mut record).expect("readable") {
            found.push(match number {
                Found::Text(line) => (line, record.get(0).unwrap_or("").to_string()),
                Found::Bytes(line) => (line, "?".to_string()),
            });
        }
        found
    }

    /// As read without regard to text.
    fn raw(text: &[u8]) -> Vec<u64> {
        let mut records = Records::new(text);
        records.raw_header().expect("a header");
        let mut found = vec![records.header_line()];
        let mut record = ByteRecord::new();
        while let Some(line) = records.read_raw(&mut record).expect("readable") {
            found.push(line);
        }
        found
    }

    /// Lines counted by hand, and line feeds up to the end of the record before and one, as the csv crate has it.
    #[test]
    fn records_stand_in_the_line_an_editor_shows() {
        for (text, lines, feeds) in [
            ("h\na\nb\n", [(1, "h"), (2, "a"), (3, "b")], [1, 2, 3]),
            ("h\r\na\r\nb\r\n", [(1, "h"), (2, "a"), (3, "b")], [1, 1, 2]),
            ("h\r\na\r\nb", [(1, "h"), (2, "a"), (3, "b")], [1, 1, 2]),
            ("h\ra\rb\r", [(1, "h"), (2, "a"), (3, "b")], [1, 1, 1]),
            // Empty lines, before the header too; what has a blank in it is a record.
            ("\nh\na\n\n\nb\n", [(2, "h"), (3, "a"), (6, "b")], [1, 3, 4]),
            ("\r\n\r\nh\r\n\r\na\r\n\r\nb\r\n\r\n", [(3, "h"), (5, "a"), (7, "b")], [1, 3, 5]),
            ("h\n \nb\n", [(1, "h"), (2, " "), (3, "b")], [1, 2, 3]),
            // Line breaks within quotes.
            ("h\n\"a\n\nx\"\nb\n", [(1, "h"), (2, "a\n\nx"), (5, "b")], [1, 2, 5]),
            ("h\r\n\"a\r\nx\"\r\nb\r\n", [(1, "h"), (2, "a\r\nx"), (4, "b")], [1, 1, 3]),
            ("\"h\r\nx\"\r\na\r\nb", [(1, "h\r\nx"), (3, "a"), (4, "b")], [1, 2, 3]),
            ("h\n\"a\rx\"\nb\n", [(1, "h"), (2, "a\rx"), (4, "b")], [1, 2, 3]),
            // Each file mixed as it likes.
            ("h\r\na\n\r\rb", [(1, "h"), (2, "a"), (5, "b")], [1, 1, 3]),
        ] {
            for mark in ["", "\u{feff}"] {
                let text = format!("{mark}{text}");
                let wanted: Vec<(u64, String)> =
                    lines.iter().map(|(line, cell)| (*line, (*cell).to_string())).collect();
                assert_eq!(numbered(text.as_bytes(), Numbering::Lines), wanted, "{text:?}");
                assert_eq!(raw(text.as_bytes()), wanted.iter().map(|(line, _)| *line).collect::<Vec<_>>(), "{text:?}");
                let earlier = numbered(text.as_bytes(), Numbering::LineFeeds);
                assert_eq!(earlier.iter().map(|(number, _)| *number).collect::<Vec<_>>(), feeds, "{text:?}");
            }
        }
    }

    /// Buffers end anywhere: between `\r` and `\n`, within a record, behind thousands of empty lines.
    #[test]
    fn lines_do_not_depend_on_how_a_text_is_read() {
        let cell = "x".repeat(97);
        let rows: String =
            (0..3_000).map(|row| format!("{row},\"{cell}\r\n\"\r\n{}", "\r\n".repeat(row % 3))).collect();
        let text = format!("\r\nn,cell\r\n{rows}{}last,\r\n", "\n".repeat(200_000));
        // A row is two lines, and every three of them three empty ones: the first begins in line 3.
        let line = |row: u64| 3 + 2 * row + row / 3 * 3 + [0, 0, 1][(row % 3) as usize];
        let found = numbered(text.as_bytes(), Numbering::Lines);
        assert_eq!(found.len(), 3_002);
        for (row, (number, cell)) in (0..3_000).zip(&found[1..]) {
            assert_eq!((*number, cell.as_str()), (line(row), row.to_string().as_str()));
        }
        assert_eq!(found[3_001], (line(3_000) + 200_000, "last".to_string()));
    }

    #[test]
    fn what_is_no_text_is_named_by_its_line() {
        let text = b"h\r\n\r\na\r\n\xff\r\n\r\nb\r\n";
        let cells = [(1, "h"), (3, "a"), (4, "?"), (6, "b")];
        let found: Vec<(u64, String)> = cells.iter().map(|(line, cell)| (*line, (*cell).to_string())).collect();
        assert_eq!(numbered(text, Numbering::Lines), found);
        let mut records = Records::new(&text[..]);
        let mut record = StringRecord::new();
        assert_eq!(records.read_text(&mut record), Ok(Some(3)), "the header is read on the way");
        assert_eq!(records.read_text(&mut record).map_err(|refused| refused.line), Err(Some(4)));
        let mut records = Records::new(&b"\r\n\xffh\r\na\r\n"[..]);
        assert_eq!(records.header().map_err(|refused| refused.line), Err(Some(2)));
    }

    #[test]
    fn a_text_without_records_has_no_header_either() {
        for text in ["", "\n\r\n", "\u{feff}", "\u{feff}\r\n"] {
            let mut records = Records::new(text.as_bytes());
            assert!(records.header().expect("read").is_empty(), "{text:?}");
            assert_eq!(records.read(&mut StringRecord::new()), Ok(None), "{text:?}");
        }
    }
}
