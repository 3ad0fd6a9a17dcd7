//! From canonical readings to the report, the one path that `report`, `pack` and the verifier take.

use super::backed::BackedFigures;
use super::document::{
    BoundaryReport, ContractReport, EfficiencyWindow, IntervalRow, Report, RevisionReport, SCHEMA, SiteReport,
    StorageReport,
};
use super::values::Listed;
use super::{claims, delta, disclosed, overlaps, reconcile, rows};
use crate::books::{Books, BoundaryBook};
use crate::definitions::{DefinitionError, FactorBasis, SiteDef};
use crate::digest::sha256_hex;
use crate::inputs::{Inputs, digest};
use crate::inventory::{self, Inventory};
use crate::matching::score::{self, Scores};
use crate::matching::{self, Matched, gap};
use crate::ruleset::{CertificateRule, FallbackTier, Ownership};
use crate::seal::manifest::{Period, RulesetRef};
use crate::series::{SeriesError, assemble, time_zone};
use crate::storage::{StorageBook, Window};
use crate::time::{Interval, RecordTime};
use crate::units::Floored;
use ids::{BoundaryIndex, Index, InstrumentIndex, SiteIndex, StorageIndex};
use std::collections::BTreeMap;
use std::io;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum ReportError {
    #[error(transparent)]
    Definitions(#[from] DefinitionError),
    #[error(transparent)]
    Series(#[from] SeriesError),
    #[error(transparent)]
    Matching(#[from] matching::MatchingError),
    #[error(transparent)]
    Inventory(#[from] inventory::InventoryError),
    #[error(
        "[disclosure] control_approach `{stated}` is not one of \"operational control\", \"financial control\" and \"equity share\", which ruleset {ruleset} asks for"
    )]
    ControlApproach { stated: String, ruleset: String },
    #[error("inputs/previous: {0}")]
    Previous(String),
    #[error("inputs/overlapping: {0}")]
    Overlapping(String),
    #[error("the digest of the inputs: {0}")]
    Digest(#[from] io::Error),
}

/// A report, and the books and allocations it sums up.
#[derive(Debug, Clone)]
pub struct Computed {
    pub report: Report,
    pub books: Books,
    pub matched: Matched,
}

impl Computed {
    /// The report alone: books and ledgers are let go of.
    pub fn into_report(self) -> Report {
        self.report
    }
}

pub fn compute(inputs: &Inputs) -> Result<Computed, ReportError> {
    check(inputs)?;
    let books = assemble::books(inputs)?;
    let matched = matching::run(&books)?;
    build(inputs, books, matched)
}

/// The same where only part of the books had to be matched again.
pub fn compute_from(inputs: &Inputs, books: Books, matched: Matched) -> Result<Computed, ReportError> {
    check(inputs)?;
    build(inputs, books, matched)
}

/// What must hold of definitions, by themselves and under their ruleset.
fn check(inputs: &Inputs) -> Result<(), ReportError> {
    inputs.definitions.check()?;
    let rules = &inputs.ruleset.rules;
    if rules.certificates == CertificateRule::Hour {
        inputs.definitions.check_beneficiaries()?;
    }
    let disclosure = &inputs.definitions.disclosure;
    match &disclosure.control_approach {
        Some(stated) if rules.ownership == Ownership::Applied && disclosure.approach().is_none() => {
            Err(ReportError::ControlApproach { stated: stated.clone(), ruleset: inputs.ruleset.pinned() })
        }
        _ => Ok(()),
    }
}

fn build(inputs: &Inputs, books: Books, matched: Matched) -> Result<Computed, ReportError> {
    let scores = score::compute(&books, &matched);
    let inventory = inventory::compute(&books, &matched)?;
    let definitions = &inputs.definitions;
    let backed = BackedFigures::compute(inputs, &books, &matched, &scores, &inventory);
    let certified = backed.as_ref().map(BackedFigures::portfolio);
    let annual_claims = backed.as_ref().map(BackedFigures::annual_claims);
    let (Interval { start, end }, files) = (books.grid.period(), files(inputs));
    let mut report = Report {
        schema: SCHEMA.into(),
        engine: None,
        synthetic: definitions.synthetic,
        name: definitions.name.clone(),
        period: Period { start, end, intervals: books.grid.len },
        ruleset: ruleset(inputs),
        version: inputs.restatement.as_ref().map_or(1, |r| r.version),
        as_of: inputs.as_of,
        replaces: inputs.restatement.as_ref().map(|r| r.replaces.clone()),
        restatement: None,
        g_basis: distinct(definitions.boundaries.iter().map(|b| b.cfe_basis.as_str()), |basis| basis).to_string(),
        factor_basis: distinct(books.boundaries.iter().map(|b| b.factor_basis), FactorBasis::name),
        time_zone: time_zone(&definitions.time_zone)?,
        resolution: definitions.resolution,
        currency: definitions.currency.clone(),
        portfolio_sha256: definitions.sha256().map_err(io::Error::from)?,
        inputs_sha256: Some(digest::compute(inputs)?),
        disclosure: disclosed::collect(inputs, &books, &scores, &files, annual_claims),
        portfolio: scores.portfolio.totals(true, &inventory.portfolio, certified),
        unmatched: backed.as_ref().map(|_| gap::explain(&books, &matched, &scores)),
        boundaries: boundaries(&books, &scores, &inventory, backed.as_ref()),
        sites: sites(inputs, &books, &scores, &inventory, backed.as_ref())?,
        contracts: contracts(inputs, &books, &matched),
        storage: storage(&books, &matched),
        reconciliations: reconcile::reconcile(inputs, &books),
        overlaps: Vec::new(),
        revisions: explained(&files),
        files,
        labels: definitions.labels(),
        allocations: Vec::new(),
        exceptions: books.exceptions.clone(),
    };
    report.restatement = delta::restated(inputs, &report).map_err(ReportError::Previous)?;
    report.overlaps = overlaps::compare(inputs, &report).map_err(ReportError::Overlapping)?;
    Ok(Computed { report, books, matched })
}

fn ruleset(inputs: &Inputs) -> RulesetRef {
    let rules = &inputs.ruleset;
    RulesetRef {
        id: rules.id.clone(),
        version: rules.version.clone(),
        title: rules.title.clone(),
        headline: rules.headline,
        sha256: sha256_hex(inputs.ruleset_text.as_bytes()),
    }
}

/// Each of them once, by name.
fn distinct<'a, T: Copy + PartialEq>(values: impl Iterator<Item = T>, name: fn(T) -> &'a str) -> Listed<T> {
    let mut distinct: Vec<T> = values.collect();
    distinct.sort_unstable_by_key(|value| name(*value));
    distinct.dedup();
    Listed(distinct)
}

fn boundaries(
    books: &Books,
    scores: &Scores,
    inventory: &Inventory,
    backed: Option<&BackedFigures<'_>>,
) -> Vec<BoundaryReport> {
    let row = |b: BoundaryIndex, t: usize, cell: &score::Cell| IntervalRow {
        start: books.grid.start(t),
        load_wh: cell.load,
        contracted_wh: cell.contracted,
        matched_wh: cell.matched,
        stored_wh: cell.stored,
        surplus_wh: cell.surplus(),
        unmatched_wh: cell.load - cell.matched,
        grid_cfe_wh: cell.grid_cfe,
        backed_wh: backed.and_then(|backed| backed.interval(b, t)),
    };
    let report = |(b, boundary): (BoundaryIndex, &BoundaryBook)| {
        let certified = backed.map(|backed| backed.boundary(b));
        BoundaryReport {
            id: boundary.id.clone(),
            fallback_tier: distinct(boundary.fallback_tier.iter().copied(), FallbackTier::name),
            totals: scores.boundaries[b].totals(true, &inventory.boundaries[b], certified),
            intervals: scores.cells[b].iter().enumerate().map(|(t, cell)| row(b, t, cell)).collect(),
        }
    };
    BoundaryIndex::each(&books.boundaries).map(report).collect()
}

fn sites(
    inputs: &Inputs,
    books: &Books,
    scores: &Scores,
    inventory: &Inventory,
    backed: Option<&BackedFigures<'_>>,
) -> Result<Vec<SiteReport>, SeriesError> {
    let report = |(s, site): (SiteIndex, &SiteDef)| {
        let totals = scores.sites[s].totals(false, &inventory.sites[s], backed.map(|backed| backed.site(s)));
        let book = &books.sites[s];
        let mut lies_in: Vec<BoundaryIndex> = book.boundary.within(books.grid.len).collect();
        lies_in.dedup();
        Ok(SiteReport {
            id: site.id.clone(),
            boundaries: Listed(lies_in.into_iter().map(|b| books.boundaries[b].id.clone()).collect()),
            time_zone: time_zone(&site.time_zone)?,
            meter: site.meter.clone(),
            accuracy_class: site.accuracy_class.clone(),
            ownership_share: site.ownership_share.and_then(|s| Floored::new(s.numerator.into(), s.denominator.into())),
            leased: site.leased,
            estimated_share: Floored::new(totals.quality.load.estimated, totals.metered_load_wh),
            totals,
        })
    };
    SiteIndex::each(&inputs.definitions.sites).map(report).collect()
}

fn contracts(inputs: &Inputs, books: &Books, matched: &Matched) -> Vec<ContractReport> {
    let mut list: Vec<ContractReport> = Vec::with_capacity(books.instruments.len());
    for (i, instrument) in InstrumentIndex::each(&books.instruments) {
        let storage = StorageIndex::find(&books.storage, |s| s.instrument == i);
        let figures = |run: &matching::LedgerRun, takes_part: bool| {
            let delivered = match storage {
                Some(s) => sum(&run.reissued_wh[s]),
                None => sum(&instrument.delivered_wh) + instrument.unplaced_wh,
            };
            let (allocated, stored) = (sum(&run.allocated_wh[i]), run.stored_wh.get(i.get()).map_or(0, |wh| sum(wh)));
            let surplus = if takes_part { delivered - allocated - stored } else { 0 };
            (delivered, allocated, stored, surplus)
        };
        let (delivered_wh, allocated_wh, stored_wh, surplus_wh) =
            figures(&matched.matching, score::counts(books, instrument));
        let in_inventory = books.allocation_order.contains(&instrument.step);
        let inventory = figures(&matched.inventory, in_inventory);
        let definition = inputs.definitions.contracts.iter().find(|c| c.id == *instrument.id);
        list.push(ContractReport {
            id: instrument.id.clone(),
            kind: instrument.step,
            boundary: books.boundaries[instrument.boundary].id.clone(),
            technology: instrument.technology.clone(),
            settlement: definition.map(|d| d.settlement),
            delivered_wh,
            allocated_wh,
            stored_wh,
            surplus_wh,
            inventory_allocated_wh: inventory.1,
            inventory_stored_wh: inventory.2,
            inventory_surplus_wh: inventory.3,
            ef_mg_per_kwh: instrument.ef_mg_per_kwh,
            claim: match definition {
                Some(contract) => claims::claim(inputs, books, matched, i, contract),
                None => claims::of_no_contract(instrument.step),
            },
        });
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    list
}

fn sum(values: &[i64]) -> i128 {
    values.iter().map(|wh| i128::from(*wh)).sum()
}

fn storage(books: &Books, matched: &Matched) -> Vec<StorageReport> {
    let window = |w: &Window| EfficiencyWindow {
        start: books.grid.start(w.intervals.start),
        end: books.grid.start(w.intervals.end),
        efficiency: rows::six_decimals(&w.efficiency),
        basis: w.basis,
    };
    let report = |(s, storage): (StorageIndex, &StorageBook)| StorageReport {
        id: storage.id.clone(),
        site: books.sites[storage.site].id.clone(),
        charge_wh: sum(&storage.charge_wh),
        clean_charge_wh: sum(&matched.matching.clean_charge_wh[s]),
        discharge_wh: sum(&storage.discharge_wh),
        reissued_wh: sum(&matched.matching.reissued_wh[s]),
        opening_wh: storage.opening_wh,
        opening_known: storage.opening_known,
        windows: storage.windows.iter().map(window).collect(),
    };
    StorageIndex::each(&books.storage).map(report).collect()
}

/// Every file that readings used came in, and whoever brought in bills or did something to certificates.
fn files(inputs: &Inputs) -> Vec<RevisionReport> {
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for point in inputs.series.values().flatten() {
        *counts.entry(point.revision).or_default() += 1;
    }
    let row = |recorded: RecordTime, sha256: &str, actor: &Option<String>, reason: &Option<String>, readings: u64| {
        let (actor, reason) = (actor.clone(), reason.clone());
        RevisionReport { recorded, file_sha256: sha256.into(), actor, reason, readings }
    };
    let of_readings = counts.into_iter().filter_map(|(id, readings)| {
        inputs.revisions.get(&id).map(|r| row(r.recorded, &r.file_sha256, &r.actor, &r.reason, readings))
    });
    let others = inputs.acts.iter().map(|act| row(act.recorded, &act.file_sha256, &act.actor, &act.reason, 0));
    let mut list: Vec<RevisionReport> = of_readings.chain(others).collect();
    list.sort_by(|a, b| (&a.recorded, &a.file_sha256).cmp(&(&b.recorded, &b.file_sha256)));
    list
}

/// Those with an actor or a reason. Others are counted among the limitations: when and in which file an unexplained row
/// came decides no figure, and the same rows must give the same report.
fn explained(files: &[RevisionReport]) -> Vec<RevisionReport> {
    files.iter().filter(|file| file.actor.is_some() || file.reason.is_some()).cloned().collect()
}
