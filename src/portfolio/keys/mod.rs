//! Every key of the portfolio file, in one table: what the parser takes, and what the reference and the schema list.
//!
//! A key that is listed but never read, or read but not listed, is refused as unknown; `tests` check examples, defaults and
//! choices against the parser.

/// Rows of a section: name, what it takes, its unit, whether it must be there, and what it means.
macro_rules! keys {
    ($($name:literal: $takes:expr, $unit:literal, $presence:expr; $meaning:literal)+) => {
        &[$(Key { name: $name, takes: $takes, unit: $unit, presence: $presence, meaning: $meaning },)+]
    };
}

mod contract;
pub(super) mod feed;
pub mod file;
mod form;
#[cfg(test)]
mod form_tests;
pub mod kinds;
mod places;
mod planning;
mod policy;
#[cfg(test)]
mod tests;
