//! What a field may hold, said with the name of the field.

use crate::problem::errors::ProblemError;

pub(super) type Checked = Result<(), ProblemError>;

pub(super) const FINITE: &str = "a finite number";
pub(super) const NOT_NEGATIVE: &str = "a finite number, zero or more";
pub(super) const SHARE: &str = "a share between 0 and 1";

pub(super) fn number(what: &str, value: f64, expected: &'static str, good: bool) -> Checked {
    if good {
        return Ok(());
    }
    let what = what.to_string();
    Err(ProblemError::Value { what, at: 0, value, expected })
}

pub(super) fn not_negative(what: &str, value: f64) -> Checked {
    number(what, value, NOT_NEGATIVE, positive_or_zero(value))
}

pub(super) fn share(what: &str, value: f64) -> Checked {
    number(what, value, SHARE, (0.0..=1.0).contains(&value))
}

pub(super) fn series(
    what: &str,
    values: &[f64],
    steps: usize,
    expected: &'static str,
    good: impl Fn(f64) -> bool,
) -> Checked {
    if values.len() != steps {
        return Err(ProblemError::Length { what: what.to_string(), found: values.len(), expected: steps });
    }
    match values.iter().position(|&v| !good(v)) {
        None => Ok(()),
        Some(at) => Err(ProblemError::Value { what: what.to_string(), at, value: values[at], expected }),
    }
}

/// As [`series`], for a field that may be left out.
pub(super) fn optional(
    what: &str,
    values: &[f64],
    steps: usize,
    expected: &'static str,
    good: impl Fn(f64) -> bool,
) -> Checked {
    if values.is_empty() {
        return Ok(());
    }
    series(what, values, steps, expected, good)
}

pub(super) fn index(what: &str, index: usize, count: usize) -> Checked {
    if index < count {
        return Ok(());
    }
    Err(ProblemError::Index { what: what.to_string(), index, count })
}

pub(super) fn shape(what: &str, good: bool, why: &str) -> Checked {
    if good {
        return Ok(());
    }
    Err(ProblemError::Shape { what: what.to_string(), why: why.to_string() })
}

/// A window of steps inside the horizon.
pub(super) fn window(what: &str, from: usize, to: usize, steps: usize) -> Checked {
    let why = format!("from {from} and to {to} must satisfy from < to <= {steps}");
    shape(what, from < to && to <= steps, &why)
}

/// Some sites, each once.
pub(super) fn sites(what: &str, sites: &[usize], count: usize) -> Checked {
    shape(what, !sites.is_empty(), "the list is empty")?;
    for (at, &s) in sites.iter().enumerate() {
        index(what, s, count)?;
        shape(what, !sites[..at].contains(&s), "a site stands there twice")?;
    }
    Ok(())
}

pub(super) fn finite(v: f64) -> bool {
    v.is_finite()
}

pub(super) fn positive_or_zero(v: f64) -> bool {
    v.is_finite() && v >= 0.0
}
