//! Hash, size, rows and control total of a file, taken while it is written or read.

use super::layout::RECEIVED;
use crate::seal::manifest::Entry;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Passes bytes on and keeps what the manifest says of them.
pub struct Tally<W> {
    inner: W,
    path: String,
    hash: Sha256,
    bytes: u64,
    table: Option<Table>,
}

/// No line of a table is longer; what a longer one holds behind that counts for no total.
const LONGEST_LINE: usize = 1 << 20;

/// Rows and control total of a CSV table.
struct Table {
    line: Vec<u8>,
    rows: u64,
    header: bool,
    /// Place of the energy column, and a column that must hold `Wh` for a row to count.
    column: Option<usize>,
    unit: Option<usize>,
    sum: Option<i128>,
}

impl<W: Write> Tally<W> {
    pub fn new(path: &str, inner: W) -> Self {
        let is_table = path.ends_with(".csv") && !path.starts_with(RECEIVED);
        let table =
            is_table.then(|| Table { line: Vec::new(), rows: 0, header: true, column: None, unit: None, sum: Some(0) });
        Self { inner, path: path.into(), hash: Sha256::new(), bytes: 0, table }
    }

    /// The entry of the file, and what was written to.
    pub fn finish(mut self) -> io::Result<(Entry, W)> {
        self.inner.flush()?;
        let total = self.table.as_ref().and_then(|table| table.column.and(table.sum));
        let entry = Entry {
            path: self.path,
            sha256: hex::encode(self.hash.finalize()),
            bytes: self.bytes,
            rows: self.table.map(|table| table.rows),
            control_total_wh: total.map(|sum| sum.to_string()),
        };
        Ok((entry, self.inner))
    }
}

impl<W: Write> Write for Tally<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write_all(bytes)?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        if let Some(table) = &mut self.table {
            table.take(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Table {
    fn take(&mut self, mut bytes: &[u8]) {
        while let Some(at) = bytes.iter().position(|b| *b == b'\n') {
            if self.line.is_empty() {
                let line = &bytes[..at];
                self.end_line(line);
            } else {
                self.hold(&bytes[..at]);
                let line = std::mem::take(&mut self.line);
                self.end_line(&line);
            }
            bytes = &bytes[at + 1..];
        }
        self.hold(bytes);
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = LONGEST_LINE.saturating_sub(self.line.len());
        self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn end_line(&mut self, line: &[u8]) {
        let cells = || line.split(|b| *b == b',');
        if self.header {
            self.header = false;
            let find = |name: &str| cells().position(|cell| cell == name.as_bytes());
            self.unit = find("unit").filter(|_| find("value").is_some());
            self.column = match self.unit {
                Some(_) => find("value"),
                None => ["wh", "load_wh", "delivered_wh", "charge_wh"].iter().find_map(|name| find(name)),
            };
            return;
        }
        self.rows += 1;
        let counted = self.unit.is_none_or(|at| cells().nth(at) == Some(b"Wh"));
        if let (true, Some(column)) = (counted, self.column) {
            let value = cells().nth(column).and_then(|cell| std::str::from_utf8(cell).ok()?.parse::<i128>().ok());
            self.sum = self.sum.zip(value).and_then(|(sum, value)| sum.checked_add(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_totals_do_not_depend_on_how_bytes_arrive() {
        let text = b"series,start,end,value,unit\na,s,e,5,Wh\nb,s,e,7,mg/kWh\nc,s,e,-2,Wh\n";
        for size in [1, 3, 7, 1000] {
            let mut tally = Tally::new("inputs/readings.csv", Vec::new());
            text.chunks(size).for_each(|chunk| tally.write_all(chunk).expect("memory"));
            let (entry, bytes) = tally.finish().expect("memory");
            assert_eq!(bytes, text);
            assert_eq!((entry.rows, entry.control_total_wh.as_deref()), (Some(3), Some("3")));
            assert_eq!(entry.sha256, crate::digest::sha256_hex(text));
        }
    }

    #[test]
    fn a_line_without_an_end_is_not_held() {
        let mut tally = Tally::new("intervals.csv", io::sink());
        tally.write_all(b"start,wh\n").expect("nowhere");
        let part = vec![b'1'; 1 << 16];
        (0..64).for_each(|_| tally.write_all(&part).expect("nowhere"));
        assert_eq!(tally.table.as_ref().map(|table| table.line.len()), Some(LONGEST_LINE));
        tally.write_all(b",5\nx,7\n").expect("nowhere");
        let (entry, _) = tally.finish().expect("nowhere");
        assert_eq!((entry.bytes, entry.rows, entry.control_total_wh), (9 + (64 << 16) + 7, Some(2), None));
    }
}
