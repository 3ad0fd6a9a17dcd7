//! The report document, with the program that made it, written piece by piece: nobody holds its allocations as text.

use reports::books::Books;
use reports::matching::{Ledger, Matched};
use reports::report::{
    AllocationRow, BoundaryReport, Computed, ContractReport, Disclosed, ExceptionRow, OverlapReport, Period,
    Reconciliation, Report, RestatementReport, RevisionReport, RulesetRef, SiteReport, StorageReport, Totals,
    Unmatched, rows,
};
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

/// The fields of [`Report`] in their order.
#[derive(serde::Serialize)]
struct Document<'a> {
    schema: &'a str,
    engine: &'a str,
    synthetic: bool,
    name: &'a str,
    period: &'a Period,
    ruleset: &'a RulesetRef,
    version: u32,
    as_of: Option<&'a str>,
    replaces: Option<&'a str>,
    restatement: Option<&'a RestatementReport>,
    g_basis: &'a str,
    factor_basis: &'a str,
    time_zone: &'a str,
    resolution: &'a str,
    currency: &'a str,
    portfolio_sha256: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs_sha256: Option<&'a str>,
    disclosure: &'a Disclosed,
    portfolio: &'a Totals,
    #[serde(skip_serializing_if = "Option::is_none")]
    unmatched: Option<&'a Unmatched>,
    boundaries: &'a [BoundaryReport],
    sites: &'a [SiteReport],
    contracts: &'a [ContractReport],
    storage: &'a [StorageReport],
    reconciliations: &'a [Reconciliation],
    #[serde(skip_serializing_if = "none")]
    overlaps: &'a [OverlapReport],
    revisions: &'a [RevisionReport],
    allocations: Allocations<'a>,
    exceptions: &'a [ExceptionRow],
}

impl<'a> Document<'a> {
    /// Taken apart by name, so that a new field of the report is missed by nobody.
    fn new(report: &'a Report, engine: &'a str, allocations: Allocations<'a>) -> Self {
        let Report {
            schema,
            engine: _,
            synthetic,
            name,
            period,
            ruleset,
            version,
            as_of,
            replaces,
            restatement,
            g_basis,
            factor_basis,
            time_zone,
            resolution,
            currency,
            portfolio_sha256,
            inputs_sha256,
            disclosure,
            portfolio,
            unmatched,
            boundaries,
            sites,
            contracts,
            storage,
            reconciliations,
            overlaps,
            revisions,
            files: _,
            labels: _,
            allocations: _,
            exceptions,
        } = report;
        Self {
            schema,
            engine,
            synthetic: *synthetic,
            name,
            period,
            ruleset,
            version: *version,
            as_of: as_of.as_deref(),
            replaces: replaces.as_deref(),
            restatement: restatement.as_ref(),
            g_basis,
            factor_basis,
            time_zone,
            resolution,
            currency,
            portfolio_sha256,
            inputs_sha256: inputs_sha256.as_deref(),
            disclosure,
            portfolio,
            unmatched: unmatched.as_ref(),
            boundaries,
            sites,
            contracts,
            storage,
            reconciliations,
            overlaps,
            revisions,
            allocations,
            exceptions,
        }
    }
}

/// Left out where nothing was published of these hours in reports of other periods.
fn none(overlaps: &&[OverlapReport]) -> bool {
    overlaps.is_empty()
}

/// Allocations as rows at hand, or as books and ledgers tell them.
enum Allocations<'a> {
    Held(&'a [AllocationRow]),
    Streamed(&'a Books, &'a Matched),
}

/// An [`AllocationRow`], borrowed.
#[derive(serde::Serialize)]
struct Line<'a> {
    site: &'a str,
    contract: &'a str,
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
        for ledger in Ledger::BOTH {
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
