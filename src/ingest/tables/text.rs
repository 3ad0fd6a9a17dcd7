//! CSV as tables are kept: `,` and `\n`, quotes only where they are needed, no more than a limit.

use super::faults::{MOST_TEXT, too_large};
use crate::error::Fault;

#[derive(Debug, Default)]
pub(super) struct Text {
    csv: Vec<u8>,
}

impl Text {
    /// A row of cells. One without any text is a line without a byte, which readers of CSV skip.
    pub(super) fn row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
        let start = self.csv.len();
        let mut blank = true;
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.csv.push(b',');
            }
            blank &= cell.is_empty();
            self.cell(cell);
            if self.csv.len() > MOST_TEXT {
                return Err(too_large());
            }
        }
        if blank {
            self.csv.truncate(start);
        }
        self.csv.push(b'\n');
        Ok(())
    }

    /// Without line breaks: a row of the table is a line of the text.
    fn cell(&mut self, text: &str) {
        let quoted = text.contains([',', '"']);
        if quoted {
            self.csv.push(b'"');
        }
        for byte in text.bytes() {
            match byte {
                b'\r' | b'\n' => self.csv.push(b' '),
                b'"' => self.csv.extend(b"\"\""),
                byte => self.csv.push(byte),
            }
        }
        if quoted {
            self.csv.push(b'"');
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.csv
    }
}

/// A number as few digits as tell it from all others, without an exponent.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 { "0".into() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_line_and_a_number_its_shortest_digits() {
        let mut text = Text::default();
        for row in [&["a", "b,c", "say \"x\""][..], &["", ""], &["two\r\nlines", ""], &[]] {
            text.row(row.iter().copied()).expect("short");
        }
        assert_eq!(
            String::from_utf8(text.into_bytes()).expect("text"),
            "a,\"b,c\",\"say \"\"x\"\"\"\n\ntwo  lines,\n\n"
        );
        let numbers = [0.1, -0.0, 0.1 + 0.2, 1e21, 2.5e-7, 1_234_567.0, 100.0];
        assert_eq!(
            numbers.map(number),
            ["0.1", "0", "0.30000000000000004", "1000000000000000000000", "0.00000025", "1234567", "100"]
        );
    }
}
