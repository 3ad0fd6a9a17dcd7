//! A quantity against its limit: at most, or equal, within the tolerance.

use crate::outcome::CertifyError;

/// Relative to the size of the quantity, MW or MWh.
pub(super) const TOLERANCE: f64 = 1e-6;

pub(super) type Checked = Result<(), CertifyError>;

pub(super) fn wrong(what: String, value: f64, limit: f64) -> Checked {
    Err(CertifyError::Plan { what, value, limit })
}

pub(super) fn at_most(what: impl Fn() -> String, value: f64, limit: f64) -> Checked {
    // Negated so that a NaN is refused.
    if value <= limit + TOLERANCE * limit.abs().max(1.0) {
        return Ok(());
    }
    let what = what();
    Err(CertifyError::Plan { what, value, limit })
}

pub(super) fn equal(what: impl Fn() -> String, value: f64, limit: f64) -> Checked {
    at_most(&what, value, limit)?;
    at_most(what, -value, -limit)
}
