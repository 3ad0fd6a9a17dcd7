//! Values of answers on their way to rows, numbered through all answers of a received file.

use crate::inputs::{Invoice, Quality};
use crate::received::{EXPECTED_PPM, Row, Rows};
use crate::time::{Instant, Interval};
use crate::units::Unit;

/// One value as a feed understood it.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    /// The whole name.
    pub series: &'a str,
    pub interval: Interval,
    /// A decimal number, as the provider wrote it.
    pub value: &'a str,
    pub unit: Unit,
    pub quality: Quality,
    /// Issue time and quantile of a forecast.
    pub issued: Option<(Instant, i64)>,
}

impl<'a> Value<'a> {
    /// A measured reading.
    pub fn new(series: &'a str, interval: Interval, value: &'a str, unit: Unit) -> Self {
        Self { series, interval, value, unit, quality: Quality::Measured, issued: None }
    }

    pub fn quality(self, quality: Quality) -> Self {
        Self { quality, ..self }
    }

    /// The expected value as of an issue time: the provider's own; the time of the answer only where it states none.
    pub fn issued(self, issued: Instant) -> Self {
        Self { issued: Some((issued, EXPECTED_PPM)), ..self }
    }
}

/// Who takes the values of an answer.
pub trait Sink {
    fn put(&mut self, value: Value<'_>);
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
    fn put(&mut self, value: Value<'_>) {
        self.row += 1;
        if !self.wanted.iter().any(|name| name == value.series) {
            return;
        }
        let Value { series, interval, value, unit, quality, issued } = value;
        self.rows.push(Row { line: self.row, series, interval, value, unit, quality, issued });
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

/// Rows of a parser of files, handed on as values of a feed: their lines are left out, for numbers count on.
pub struct AsRows<'s>(pub &'s mut dyn Sink);

impl Rows for AsRows<'_> {
    fn push(&mut self, row: Row<'_>) {
        let Row { series, interval, value, unit, quality, issued, .. } = row;
        self.0.put(Value { series, interval, value, unit, quality, issued });
    }

    fn bill(&mut self, _: Invoice, _: u64) {
        self.0.reject("is an invoice, which no feed gives".into());
    }

    fn reject(&mut self, _: u64, reason: impl Into<String>) {
        self.0.reject(reason.into());
    }

    fn leave_out(&mut self, _: u64, why: &'static str) {
        self.0.unknown(why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::taken::Taken;

    #[test]
    fn values_are_numbered_taken_or_not() {
        let wanted = ["grid/A/price".to_string()];
        let unit = Unit::parse("EUR/MWh").expect("a unit");
        let hour = Interval { start: Instant::FIRST, end: Instant::FIRST + 3_600 };
        let mut taken = Taken::default();
        let mut sink = Numbered::from(7, &wanted, &mut taken);
        sink.put(Value::new("grid/A/demand", hour, "1", unit));
        sink.unknown("null");
        sink.reject("no number".into());
        sink.put(Value::new("grid/A/price", hour, "-1.5", unit));
        assert_eq!(sink.last(), 11);
        assert_eq!(taken.readings.into_iter().collect::<Vec<_>>(), [("grid/A/price".to_string(), vec![-1_500_000])]);
        assert_eq!(taken.rejects, [(10, "no number".to_string())]);
    }
}
