//! Allocations of a ledger, packed: hundreds of sites that share every contract for a year make a hundred million rows.
//!
//! An interval holds its rows by site and instrument. Each row is three numbers to the base of 128: what its site and its
//! instrument are beyond those of the row before, and its Wh. That is some five bytes, of thirty-two unpacked.

use ids::{Index, InstrumentIndex, SiteIndex};

/// `wh` of an instrument given to a site in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allocation {
    pub interval: usize,
    pub site: SiteIndex,
    pub instrument: InstrumentIndex,
    pub wh: i64,
}

/// Rows by interval, then site and instrument.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allocations {
    bytes: Vec<u8>,
    /// Where each interval ends among the bytes.
    ends: Vec<usize>,
    /// Rows of the interval that is still being made.
    open: Vec<Allocation>,
}

impl Allocations {
    /// Rows of the intervals that are made.
    pub fn iter(&self) -> impl Iterator<Item = Allocation> {
        (0..self.ends.len()).flat_map(move |interval| self.in_interval(interval))
    }

    /// Rows of one interval.
    pub fn in_interval(&self, interval: usize) -> Rows<'_> {
        let end = |interval: usize| self.ends.get(interval).copied().unwrap_or(self.bytes.len());
        let start = interval.checked_sub(1).map_or(0, end);
        Rows { bytes: &self.bytes[start..end(interval)], interval, site: 0, instrument: 0 }
    }

    /// Adds a row to the interval being made; the order of its rows is free.
    pub(super) fn push(&mut self, row: Allocation) {
        self.open.push(row);
    }

    /// Ends an interval; they are made in their order, each once.
    pub(super) fn close(&mut self) {
        let mut rows = std::mem::take(&mut self.open);
        rows.sort_unstable();
        let (mut site, mut instrument) = (0, 0);
        for row in &rows {
            if row.site.get() != site {
                instrument = 0;
            }
            self.write((row.site.get() - site) as u64);
            self.write((row.instrument.get() - instrument) as u64);
            self.write(row.wh as u64);
            (site, instrument) = (row.site.get(), row.instrument.get());
        }
        self.ends.push(self.bytes.len());
        rows.clear();
        self.open = rows;
    }

    fn write(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

/// Rows of one interval, unpacked as they are asked for.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    bytes: &'a [u8],
    interval: usize,
    site: usize,
    instrument: usize,
}

impl Rows<'_> {
    fn read(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        while let Some((byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
        }
        number
    }
}

impl Iterator for Rows<'_> {
    type Item = Allocation;

    fn next(&mut self) -> Option<Allocation> {
        if self.bytes.is_empty() {
            return None;
        }
        let further = self.read() as usize;
        if further > 0 {
            self.instrument = 0;
        }
        self.site += further;
        self.instrument += self.read() as usize;
        let wh = self.read() as i64;
        let (site, instrument) = (Index::new(self.site), Index::new(self.instrument));
        Some(Allocation { interval: self.interval, site, instrument, wh })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_sorted_interval_by_interval() {
        let row = |interval, site, instrument, wh| {
            let (site, instrument) = (Index::new(site), Index::new(instrument));
            Allocation { interval, site, instrument, wh }
        };
        let most = u32::MAX as usize;
        let made = [
            vec![row(0, 3, 200, i64::MAX), row(0, 0, 0, 1), row(0, 3, 70_000, 127), row(0, 0, 5, 128)],
            vec![],
            vec![row(2, most, 4, 16_384), row(2, 1, most, 1), row(2, 1, 2, -5)],
        ];
        let mut packed = Allocations::default();
        for rows in &made {
            rows.iter().for_each(|row| packed.push(*row));
            packed.close();
        }
        for (interval, rows) in made.iter().enumerate() {
            let mut sorted = rows.clone();
            sorted.sort_unstable();
            assert_eq!(packed.in_interval(interval).collect::<Vec<_>>(), sorted);
        }
        assert_eq!(packed.iter().map(|row| row.interval).collect::<Vec<_>>(), [0, 0, 0, 0, 2, 2, 2]);
        assert_eq!((packed.iter().count(), packed.in_interval(3).count()), (7, 0));
    }
}
