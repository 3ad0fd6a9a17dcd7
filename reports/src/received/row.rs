//! One row of a received file, and its value in the base unit of its series.

use crate::inputs::{Invoice, Quality};
use crate::series::name::kind_of;
use crate::time::{Instant, Interval};
use crate::units::{Decimal, Unit, UnitError};

/// In place of a quantile: the expected value.
pub const EXPECTED_PPM: i64 = -1;

/// One row as a source understood it, or one value of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub line: u64,
    pub series: &'a str,
    pub interval: Interval,
    /// A decimal number, as it was written.
    pub value: &'a str,
    pub unit: Unit,
    pub quality: Quality,
    /// Issue time and quantile of a forecast.
    pub issued: Option<(Instant, i64)>,
}

/// Who takes rows, good and bad.
pub trait Rows {
    fn push(&mut self, row: Row<'_>);
    fn bill(&mut self, invoice: Invoice, line: u64);
    fn reject(&mut self, line: u64, reason: impl Into<String>);
    /// A row that is no fault and gives no reading, and why.
    fn leave_out(&mut self, _line: u64, _why: &'static str) {}
}

impl<'a> Row<'a> {
    /// A measured reading, whose line is yet to be counted.
    pub fn new(series: &'a str, interval: Interval, value: &'a str, unit: Unit) -> Self {
        Self { line: 0, series, interval, value, unit, quality: Quality::Measured, issued: None }
    }

    pub fn quality(self, quality: Quality) -> Self {
        Self { quality, ..self }
    }

    /// The expected value as of an issue time: the provider's own; the time of the answer only where it states none. Without
    /// one it is a reading.
    pub fn issued(self, issued: impl Into<Option<Instant>>) -> Self {
        Self { issued: issued.into().map(|issued| (issued, EXPECTED_PPM)), ..self }
    }

    /// The value in the base unit of its series, rounded once.
    ///
    /// # Errors
    /// Why the row is not taken, in words.
    pub fn base(&self) -> Result<i64, String> {
        let kind = kind_of(self.series).map_err(|e| e.to_string())?;
        if let Some(fault) = self.interval.fault() {
            return Err(fault);
        }
        if self.quality == Quality::Missing {
            return match (self.issued, self.value) {
                (Some(_), _) => Err("a forecast cannot be retracted; issue a newer one".into()),
                (None, "") => Ok(0),
                (None, _) => Err("quality `missing` goes with an empty value".into()),
            };
        }
        if let Some((issued, _)) = self.issued.filter(|(issued, _)| *issued >= self.interval.end) {
            let (series, interval) = (self.series, self.interval);
            return Err(format!("{series}: {interval} ended before the forecast of it was issued, {issued}"));
        }
        if self.unit.quantity != kind.quantity {
            let (measures, wanted) = (self.unit.quantity.name(), kind.quantity.name());
            return Err(UnitError::WrongQuantity { unit: self.unit.name, measures, wanted }.to_string());
        }
        let decimal = Decimal::parse(self.value).map_err(|e| e.to_string())?;
        let value = self.unit.to_base(decimal, self.interval.duration_s(), kind.round).map_err(|e| e.to_string())?;
        match kind.fault(self.series, value) {
            Some(fault) => Err(fault),
            None => Ok(value),
        }
    }
}
