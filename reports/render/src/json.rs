//! The report document, with the program that made it, written piece by piece: nobody holds its allocations as text.

use reports::books::Books;
use reports::matching::{Ledger, Matched};
use reports::report::{AllocationRow, Computed, Report, rows};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::io::{self, Write};

/// Writes the document with every allocation in it.
pub fn write(computed: &Computed, engine: &str, out: &mut dyn Write) -> io::Result<()> {
    let allocations = Allocations::Streamed(&computed.books, &computed.matched);
    serde_json::to_writer_pretty(&mut *out, &Document { report: &computed.report, engine, allocations })?;
    out.write_all(b"\n")
}

/// The same of a report that holds its allocations.
pub fn document(report: &Report, engine: &str) -> serde_json::Result<String> {
    let allocations = Allocations::Held(&report.allocations);
    let mut text = serde_json::to_string_pretty(&Document { report, engine, allocations })?;
    text.push('\n');
    Ok(text)
}

struct Document<'a> {
    report: &'a Report,
    engine: &'a str,
    allocations: Allocations<'a>,
}

/// Fields of [`Report`] in their order: the first, then the program, all others, allocations, and the last. The report is
/// taken apart by name, so that a new field of it is missed by nobody; one with a condition is left out where that holds.
macro_rules! document {
    ($first:ident; $($field:ident $($absent:ident)?),*; $last:ident) => {
        impl Serialize for Document<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Report { engine: _, allocations: _, files: _, labels: _, $first, $($field,)* $last } = self.report;
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry(stringify!($first), $first)?;
                map.serialize_entry("engine", self.engine)?;
                $(document!(@ map, $field $($absent)?);)*
                map.serialize_entry("allocations", &self.allocations)?;
                map.serialize_entry(stringify!($last), $last)?;
                map.end()
            }
        }
    };
    (@ $map:ident, $field:ident) => {
        $map.serialize_entry(stringify!($field), $field)?
    };
    (@ $map:ident, $field:ident $absent:ident) => {
        if !$field.$absent() {
            $map.serialize_entry(stringify!($field), $field)?;
        }
    };
}

document! {
    schema;
    synthetic, name, period, ruleset, version, as_of, replaces, restatement, g_basis, factor_basis, time_zone, resolution,
    currency, portfolio_sha256, inputs_sha256 is_none, disclosure, portfolio, unmatched is_none, boundaries, sites,
    contracts, storage, reconciliations, overlaps is_empty, revisions;
    exceptions
}

/// Allocations as rows at hand, or as books and ledgers tell them.
enum Allocations<'a> {
    Held(&'a [AllocationRow]),
    Streamed(&'a Books, &'a Matched),
}

impl Serialize for Allocations<'_> {
    /// One ledger after the other; inside each by start, site and contract.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (books, matched) = match self {
            Self::Held(rows) => return serializer.collect_seq(*rows),
            Self::Streamed(books, matched) => (*books, *matched),
        };
        let mut list = serializer.serialize_seq(None)?;
        let mut outcome: Result<(), S::Error> = Ok(());
        for ledger in Ledger::ALL {
            rows::allocations(books, matched, &mut |row| {
                if row.ledger == ledger && outcome.is_ok() {
                    outcome = list.serialize_element(&row);
                }
            });
        }
        outcome?;
        list.end()
    }
}
