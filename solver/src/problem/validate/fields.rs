//! What a field may hold, said with the name of the field.

use crate::problem::site::Site;
use ids::{Index, SiteIndex};
use thiserror::Error;

/// Why a problem is refused.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProblemError {
    #[error("{what} has {found} values, expected {expected}")]
    Length { what: String, found: usize, expected: usize },
    #[error("{what} is {value} at position {at}, expected {expected}")]
    Value { what: String, at: usize, value: f64, expected: &'static str },
    #[error("{what} refers to number {index}, of which there are only {count}")]
    Index { what: String, index: usize, count: usize },
    #[error("{what}: {why}")]
    Shape { what: String, why: String },
}

pub(super) type Checked = Result<(), ProblemError>;

/// What a number may be: in words, and whether it is that.
pub(super) type Expected = (&'static str, fn(f64) -> bool);

pub(super) const FINITE: Expected = ("a finite number", f64::is_finite);
pub(super) const NOT_NEGATIVE: Expected = ("a finite number, zero or more", |v| v.is_finite() && v >= 0.0);
pub(super) const SHARE: Expected = ("a share between 0 and 1", |v| (0.0..=1.0).contains(&v));
pub(super) const MAYBE_INFINITE: Expected = ("zero or more, or infinite", |v| v >= 0.0);

pub(super) fn number(what: &str, value: f64, expected: Expected) -> Checked {
    numbers(what, &[value], expected)
}

pub(super) fn not_negative(what: &str, value: f64) -> Checked {
    number(what, value, NOT_NEGATIVE)
}

/// Fields of a part, each with its name: finite, zero or more.
macro_rules! none_negative {
    ($name:ident, $part:expr; $($field:ident),+) => {{
        let fields = [$((stringify!($field), $part.$field)),+];
        fields.iter().try_for_each(|(field, value)| fields::not_negative(&$name(field), *value))
    }};
}
pub(super) use none_negative;

pub(super) fn share(what: &str, value: f64) -> Checked {
    number(what, value, SHARE)
}

fn numbers(what: &str, values: &[f64], (expected, good): Expected) -> Checked {
    let Some(at) = values.iter().position(|&v| !good(v)) else { return Ok(()) };
    Err(ProblemError::Value { what: what.to_string(), at, value: values[at], expected })
}

pub(super) fn series(what: &str, values: &[f64], steps: usize, expected: Expected) -> Checked {
    if values.len() != steps {
        return Err(ProblemError::Length { what: what.to_string(), found: values.len(), expected: steps });
    }
    numbers(what, values, expected)
}

/// As [`series`], for a field that may be left out.
pub(super) fn optional(what: &str, values: &[f64], steps: usize, expected: Expected) -> Checked {
    if values.is_empty() { Ok(()) } else { series(what, values, steps, expected) }
}

pub(super) fn index<T>(what: &str, index: impl Index, list: &[T]) -> Checked {
    let (index, count) = (index.get(), list.len());
    if index < count { Ok(()) } else { Err(ProblemError::Index { what: what.to_string(), index, count }) }
}

pub(super) fn shape(what: &str, good: bool, why: &str) -> Checked {
    if good { Ok(()) } else { Err(ProblemError::Shape { what: what.to_string(), why: why.to_string() }) }
}

/// A window of steps inside the horizon.
pub(super) fn window(what: &str, from: usize, to: usize, steps: usize) -> Checked {
    let why = format!("from {from} and to {to} must satisfy from < to <= {steps}");
    shape(what, from < to && to <= steps, &why)
}

/// Some sites, each once.
pub(super) fn sites(what: &str, sites: &[SiteIndex], all: &[Site]) -> Checked {
    shape(what, !sites.is_empty(), "the list is empty")?;
    for (at, &s) in sites.iter().enumerate() {
        index(what, s, all)?;
        shape(what, !sites[..at].contains(&s), "a site stands there twice")?;
    }
    Ok(())
}
