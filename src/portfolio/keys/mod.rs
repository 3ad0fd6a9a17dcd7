//! Every key of the portfolio file, in one table: what the parser takes, and what the reference and the schema list.
//!
//! A key that is listed but never read, or read but not listed, is refused as unknown; `tests` check examples, defaults and
//! choices against the parser.

/// A section: its heading, what it is for, the sections that a table of any other name is one of, and a row for each key:
/// name, what it takes, its unit, whether it must be there, and what it means.
macro_rules! section {
    (
        $(#[$doc:meta])* $visible:vis static $section:ident = $heading:literal, $about:literal $(, or $($other:ident),+)?;
        $($name:literal: $takes:expr, $unit:literal, $presence:expr; $meaning:literal)+
    ) => {
        $(#[$doc])*
        $visible static $section: $crate::portfolio::keys::kinds::Section = $crate::portfolio::keys::kinds::Section {
            heading: $heading,
            about: $about,
            keys: &[$($crate::portfolio::keys::kinds::Key {
                name: $name,
                takes: $takes,
                unit: $unit,
                presence: $presence,
                meaning: $meaning,
            },)+],
            others: &[$($(&$other),+)?],
        };
    };
}

mod contract;
pub mod file;
#[cfg(test)]
mod form_tests;
pub mod kinds;
mod places;
mod planning;
pub(super) mod source;
#[cfg(test)]
mod tests;
