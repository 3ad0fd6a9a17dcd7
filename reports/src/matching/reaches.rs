//! How far energy goes.

use crate::books::{Books, Instrument};
use crate::ruleset::Step;

/// Whether an instrument reaches a site: in its boundary, or over a link whose price test passed. Standard supply and
/// legacy volume never leave their boundary.
pub(super) fn reaches(books: &Books, instrument: &Instrument, site: usize, t: usize) -> bool {
    let (from, there) = (instrument.boundary, books.sites[site].boundary.at(t));
    match instrument.step {
        Step::SelfGeneration | Step::Storage => true,
        Step::Sss | Step::Legacy => there == from,
        Step::Contracts | Step::Unbundled => {
            there == from || books.links.iter().any(|l| (l.from, l.to) == (from, there) && l.tests[t].passed)
        }
    }
}
