//! The rows of a table, by its form.

use super::bound::{Bound, BoundColumn, Filter};
use super::cells::{Cell, cell};
use super::header;
use super::registers::Registers;
use super::row_time::RowTime;
use super::selected::Selected;
use super::sums::{Part, Reading, Sums};
use super::table::Table;
use super::wall_clock::WallClock;
use crate::inputs::Quality;
use crate::received::header::check_width;
use crate::received::{EXPECTED_PPM, Records, Refused, Row, Rows};
use crate::time::{Instant, Interval};
use csv::StringRecord;
use std::collections::BTreeMap;
use std::io::Read;

/// Why a row is rejected that is none to read.
const NOT_TEXT: &str =
    "the row is not UTF-8 text, most likely Windows-1252: save the file as CSV UTF-8, or set encoding";

/// Reads a table; bad rows are rejected one by one.
pub fn read(table: &Table, text: impl Read, batch: &mut impl Rows) -> Result<(), Refused> {
    let mut records = Records::separated(text, table.delimiter());
    let (bound, ..) = header::find(&mut records, table)?;
    let selected = Selected::new(&bound.only);
    let (lists, sums, registers) = (BTreeMap::new(), Sums::default(), Registers::default());
    let mut reader = Reader { table, bound, lists, sums, registers, selected };
    records.each(batch, NOT_TEXT, |record, line, batch| match record.iter().all(|cell| cell.trim().is_empty()) {
        true => Ok(()),
        false => reader.take(record, line, batch),
    })?;
    reader.finish(batch)
}

/// A row that was understood.
#[derive(Debug)]
struct Taken {
    line: u64,
    /// The series that take it, and their cells.
    cells: Vec<(usize, Vec<Cell>)>,
    estimated: bool,
    issued: Option<Instant>,
    /// The cell by which rows are added up.
    part: String,
}

/// Rows that the same series takes first, in their order: their times, and what they give where nothing is at fault.
#[derive(Debug, Default)]
struct List {
    times: Vec<RowTime>,
    taken: Vec<Option<Taken>>,
}

struct Reader<'t> {
    table: &'t Table,
    bound: Bound,
    /// By the first series that takes a row: each list is placed in time as a whole.
    lists: BTreeMap<usize, List>,
    sums: Sums,
    registers: Registers,
    selected: Selected,
}

impl Reader<'_> {
    fn take(&mut self, record: &StringRecord, line: u64, batch: &mut impl Rows) -> Result<(), String> {
        let holds = |filters: &[Filter]| filters.iter().all(|filter| filter.holds(record));
        // A row of totals has no time, and perhaps not all cells.
        if !self.selected.holds(&self.bound.only, record) || self.bound.ignores(record) {
            return Ok(());
        }
        check_width(record, self.bound.width)?;
        self.selected.alike(&self.bound.same, record);
        let takers: Vec<usize> = (0..self.bound.series.len()).filter(|i| holds(&self.bound.series[*i].rows)).collect();
        let Some(list) = takers.first().copied() else { return self.bound.untaken(record).map_or(Ok(()), Err) };
        if self.bound.times.across {
            return self.take_day(record, (line, list, takers), batch);
        }
        let time = self.bound.times.time_of(record)?;
        let taken = self.values(record, (line, takers), batch);
        let (taken, fault) = taken.map_or_else(|fault| (None, Some(fault)), |taken| (Some(taken), None));
        // What a row says of time counts though its values are at fault.
        let rows = self.lists.entry(list).or_default();
        rows.times.push(time);
        rows.taken.push(taken);
        fault.map_or(Ok(()), Err)
    }

    /// A row of a day: as many readings as it has columns.
    fn take_day(
        &mut self,
        record: &StringRecord,
        (line, list, takers): (u64, usize, Vec<usize>),
        batch: &mut impl Rows,
    ) -> Result<(), String> {
        let day = self.bound.times.day_of(record)?;
        let Taken { cells, estimated, issued, .. } = self.values(record, (line, takers), batch)?;
        let rows = self.lists.entry(list).or_default();
        for (at, interval) in day.into_iter().enumerate() {
            let cells = cells.iter().filter_map(|(index, cells)| Some((*index, vec![*cells.get(at)?]))).collect();
            rows.times.push(RowTime::Whole(interval));
            rows.taken.push(Some(Taken { line, cells, estimated, issued, part: String::new() }));
        }
        Ok(())
    }

    fn values(
        &self,
        record: &StringRecord,
        (line, takers): (u64, Vec<usize>),
        batch: &mut impl Rows,
    ) -> Result<Taken, String> {
        let mut cells = Vec::with_capacity(takers.len());
        for index in takers {
            let BoundColumn { at, stated, .. } = &self.bound.series[index];
            let read = |at: &usize| cell(self.table, stated.suffix.as_deref(), record.get(*at).unwrap_or(""));
            cells.push((index, at.iter().map(read).collect::<Result<Vec<Cell>, String>>()?));
        }
        if self.table.zeros_are_a_gap && self.leave_zeros_out(&mut cells) {
            batch.leave_out(line, "all zeros, which is a gap");
        }
        let estimated = self.bound.estimated.iter().any(|filter| filter.holds(record));
        let part = self.bound.add_up.and_then(|at| record.get(at)).unwrap_or("").trim().to_string();
        Ok(Taken { line, cells, estimated, issued: self.issued(record)?, part })
    }

    /// Takes out the cells of generation where all of it is zero, and likewise of demand; whether there were such.
    fn leave_zeros_out(&self, cells: &mut Vec<(usize, Vec<Cell>)>) -> bool {
        let made = |index: usize| self.bound.series[index].is_generation;
        let before = cells.len();
        for of_generation in [true, false] {
            let of_kind = cells.iter().filter(|(index, _)| made(*index) == of_generation);
            let mut values = of_kind.flat_map(|(_, cells)| cells).filter_map(|cell| match cell {
                Cell::Value(value) => Some(value),
                Cell::Missing | Cell::Absent => None,
            });
            if values.next().is_some_and(|first| first.is_zero()) && values.all(|value| value.is_zero()) {
                cells.retain(|(index, _)| made(*index) != of_generation);
            }
        }
        cells.len() < before
    }

    fn issued(&self, record: &StringRecord) -> Result<Option<Instant>, String> {
        let Some(at) = self.bound.issued else { return Ok(None) };
        let times = &self.bound.times;
        let moment = times.read(record.get(at).unwrap_or(""))?;
        WallClock::new(times.zone, false, [moment].into_iter()).next(moment).map(Some)
    }

    fn give(&mut self, taken: Taken, interval: Interval, batch: &mut impl Rows) -> Result<(), String> {
        if let Some(fault) = interval.fault() {
            return Err(fault);
        }
        let Taken { line, cells, estimated, issued, part } = taken;
        for (index, cells) in cells {
            let reading = |value| Reading { series: index, line, interval, issued, estimated, value };
            let (is_register, is_alone) = (self.bound.series[index].stated.register, self.bound.add_up.is_none());
            match cells[..] {
                [Cell::Value(value)] if is_register => self.registers.add(reading(value)),
                [Cell::Value(value)] if is_alone => push(&self.bound, &reading(value), batch),
                [_] if is_register || is_alone => {}
                _ => {
                    let parts: Vec<(Part, Cell)> =
                        cells.into_iter().enumerate().map(|(at, cell)| ((part.clone(), at), cell)).collect();
                    self.sums.add((index, interval, issued), line, estimated, parts)?;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self, batch: &mut impl Rows) -> Result<(), Refused> {
        self.selected.check(&self.bound.only)?;
        for (_, list) in std::mem::take(&mut self.lists) {
            let intervals = self.bound.times.intervals(&list.times, self.bound.is_corrected)?;
            for (taken, interval) in list.taken.into_iter().zip(intervals) {
                let Some(taken) = taken else { continue };
                let line = taken.line;
                if let Err(reason) = interval.and_then(|interval| self.give(taken, interval, batch)) {
                    batch.reject(line, reason);
                }
            }
        }
        for rise in self.registers.finish(batch) {
            push(&self.bound, &rise, batch);
        }
        for sum in self.sums.finish(batch) {
            push(&self.bound, &sum, batch);
        }
        Ok(())
    }
}

fn push(bound: &Bound, reading: &Reading, batch: &mut impl Rows) {
    let Reading { series, line, interval, issued, estimated, value } = *reading;
    let BoundColumn { stated, unit, quality, .. } = &bound.series[series];
    let quality = if estimated { Quality::Estimated } else { *quality };
    let issued = issued.map(|issued| (issued, EXPECTED_PPM));
    batch.push(Row { line, series: &stated.series, interval, value: &value.to_string(), unit: *unit, quality, issued });
}
