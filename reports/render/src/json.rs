//! The report document, with the program that made it, written piece by piece: nobody holds its allocations as text.

use ids::{InstrumentId, SiteId};
use reports::books::Books;
use reports::definitions::FactorBasis;
use reports::matching::{Ledger, Matched};
use reports::report::{
    AllocationRow, BoundaryReport, Computed, ContractReport, Disclosed, ExceptionRow, Listed, OverlapReport, Period,
    Reconciliation, Report, RestatementReport, RevisionReport, RulesetRef, SiteReport, StorageReport, Totals,
    Unmatched, rows,
};
use reports::time::{Instant, Resolution, Zone};
use serde::ser::{Serialize, SerializeSeq, Serializer};
use std::io::{self, Write};

/// Writes the document with every allocation in it.
pub fn write(computed: &Computed, engine: &str, out: &mut dyn Write) -> io::Result<()> {
    let allocations = Allocations::Streamed(&computed.books, &computed.matched);
    serde_json::to_writer_pretty(&mut *out, &Document::new(&computed.report, engine, allocations))?;
    out.write_all(b"\n")
}

/// The same of a report that holds its allocations.
pub fn document(report: &Report, engine: &str) -> serde_json::Result<String> {
    let held = Allocations::Held(&report.allocations);
    let mut text = serde_json::to_string_pretty(&Document::new(report, engine, held))?;
    text.push('\n');
    Ok(text)
}

/// Fields of [`Report`] by reference, in their order: the first, then the program, all others, allocations, and the last.
/// The report is taken apart by name, so that a new field of it is missed by nobody.
macro_rules! document {
    ($first:ident: $text:ty; $($(#[$skipped:meta])? $field:ident: $what:ty),*; $last:ident: $rows:ty;) => {
        #[derive(serde::Serialize)]
        struct Document<'a> {
            $first: &'a $text,
            engine: &'a str,
            $($(#[$skipped])? $field: &'a $what,)*
            allocations: Allocations<'a>,
            $last: &'a $rows,
        }

        impl<'a> Document<'a> {
            fn new(report: &'a Report, engine: &'a str, allocations: Allocations<'a>) -> Self {
                let Report { engine: _, allocations: _, files: _, labels: _, $first, $($field,)* $last } = report;
                Self { $first, engine, $($field,)* allocations, $last }
            }
        }
    };
}

document! {
    schema: String;
    synthetic: bool,
    name: String,
    period: Period,
    ruleset: RulesetRef,
    version: u32,
    as_of: Option<Instant>,
    replaces: Option<String>,
    restatement: Option<RestatementReport>,
    g_basis: String,
    factor_basis: Listed<FactorBasis>,
    time_zone: Zone,
    resolution: Resolution,
    currency: String,
    portfolio_sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs_sha256: Option<String>,
    disclosure: Disclosed,
    portfolio: Totals,
    #[serde(skip_serializing_if = "Option::is_none")]
    unmatched: Option<Unmatched>,
    boundaries: Vec<BoundaryReport>,
    sites: Vec<SiteReport>,
    contracts: Vec<ContractReport>,
    storage: Vec<StorageReport>,
    reconciliations: Vec<Reconciliation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    overlaps: Vec<OverlapReport>,
    revisions: Vec<RevisionReport>;
    exceptions: Vec<ExceptionRow>;
}

/// Allocations as rows at hand, or as books and ledgers tell them.
enum Allocations<'a> {
    Held(&'a [AllocationRow]),
    Streamed(&'a Books, &'a Matched),
}

/// An [`AllocationRow`], borrowed.
#[derive(serde::Serialize)]
struct Line<'a> {
    site: &'a SiteId,
    contract: &'a InstrumentId,
    start: &'a str,
    wh: i64,
    ledger: &'a str,
    rule: &'a str,
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
                    outcome = list.serialize_element(&Line {
                        site: row.site,
                        contract: row.contract,
                        start: row.start,
                        wh: row.wh,
                        ledger: ledger.name(),
                        rule: row.rule,
                    });
                }
            });
        }
        outcome?;
        list.end()
    }
}
