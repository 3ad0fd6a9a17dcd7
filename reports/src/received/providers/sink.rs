//! Values of answers on their way to rows, numbered through all answers of a received file.

use crate::inputs::Invoice;
use crate::received::{Row, Rows};
use crate::time::Interval;

/// Who takes the values of an answer.
pub trait Sink {
    /// A value, whatever its line.
    fn put(&mut self, row: Row<'_>);
    /// A value that is none, and why.
    fn reject(&mut self, reason: String);
    /// What the provider itself does not know, such as null: no value, and no fault.
    fn unknown(&mut self, why: &'static str);
}

/// Hands values on as rows. Each has a number of its own in its received file, taken or not, so that whoever reads the
/// file again finds the same value under it.
pub struct Numbered<'r, R: Rows> {
    rows: &'r mut R,
    wanted: &'r [String],
    row: u64,
}

impl<'r, R: Rows> Numbered<'r, R> {
    /// Counts on from `row`; series that are not wanted are left out.
    pub fn from(row: u64, wanted: &'r [String], rows: &'r mut R) -> Self {
        Self { rows, wanted, row }
    }

    /// The number of the last value.
    pub fn last(&self) -> u64 {
        self.row
    }
}

impl<R: Rows> Sink for Numbered<'_, R> {
    fn put(&mut self, row: Row<'_>) {
        self.row += 1;
        if self.wanted.iter().any(|name| name == row.series) {
            self.rows.push(Row { line: self.row, ..row });
        }
    }

    fn reject(&mut self, reason: String) {
        self.row += 1;
        self.rows.reject(self.row, reason);
    }

    fn unknown(&mut self, why: &'static str) {
        self.row += 1;
        self.rows.leave_out(self.row, why);
    }
}

/// Rows of a parser of files, handed on as values of a feed where their intervals begin within what a request asks for: of
/// two requests that touch, each value belongs to one. Their lines are left out, for numbers count on.
pub struct AsRows<'s> {
    pub covers: Interval,
    pub sink: &'s mut dyn Sink,
}

impl Rows for AsRows<'_> {
    fn push(&mut self, row: Row<'_>) {
        if (self.covers.start..self.covers.end).contains(&row.interval.start) {
            self.sink.put(row);
        }
    }

    fn bill(&mut self, _: Invoice, _: u64) {
        self.sink.reject("is an invoice, which no feed gives".into());
    }

    fn reject(&mut self, _: u64, reason: impl Into<String>) {
        self.sink.reject(reason.into());
    }

    fn leave_out(&mut self, _: u64, why: &'static str) {
        self.sink.unknown(why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::tests::taken::Taken;
    use crate::time::Instant;
    use crate::units::Unit;

    #[test]
    fn values_are_numbered_taken_or_not() {
        let wanted = ["grid/A/price".to_string()];
        let unit = Unit::parse("EUR/MWh").expect("a unit");
        let hour = Interval { start: Instant::FIRST, end: Instant::FIRST + 3_600 };
        let mut taken = Taken::default();
        let mut sink = Numbered::from(7, &wanted, &mut taken);
        sink.put(Row::new("grid/A/demand", hour, "1", unit));
        sink.unknown("null");
        sink.reject("no number".into());
        sink.put(Row::new("grid/A/price", hour, "-1.5", unit));
        assert_eq!(sink.last(), 11);
        assert_eq!(taken.readings.into_iter().collect::<Vec<_>>(), [("grid/A/price".to_string(), vec![-1_500_000])]);
        assert_eq!(taken.rejects, [(10, "no number".to_string())]);
    }
}
