//! A quantity against its limit: at most, or equal, within the tolerance.

use crate::outcome::CertifyError;

/// Relative to the size of the quantity, MW or MWh.
pub(super) const TOLERANCE: f64 = 1e-6;

pub(super) type Checked = Result<(), CertifyError>;

pub(super) fn wrong(what: String, value: f64, limit: f64) -> Checked {
    Err(CertifyError::Plan { what, value, limit })
}

/// Names what is not good.
pub(super) fn ensure(good: bool, what: impl Fn() -> String, value: f64, limit: f64) -> Checked {
    if good { Ok(()) } else { wrong(what(), value, limit) }
}

/// As many as there are to be.
pub(super) fn counted(what: impl Fn() -> String, made: usize, wanted: usize) -> Checked {
    ensure(made == wanted, what, made as f64, wanted as f64)
}

pub(super) fn at_most(what: impl Fn() -> String, value: f64, limit: f64) -> Checked {
    // A NaN is refused.
    ensure(value <= limit + TOLERANCE * limit.abs().max(1.0), what, value, limit)
}

pub(super) fn equal(what: impl Fn() -> String, value: f64, limit: f64) -> Checked {
    at_most(&what, value, limit)?;
    at_most(what, -value, -limit)
}
