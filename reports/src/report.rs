//! The hourly matching report: the document that JSON, CSV, HTML and packs are made of.

use crate::books::{Books, Exception};
use crate::definitions::Definitions;
use crate::inputs::Inputs;
use crate::inventory::{self, Inventory};
use crate::matching::{self, Matched};
use crate::ruleset::Ruleset;
use crate::series::{SeriesError, assemble};
use crate::time::{Interval, format_instant};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub const SCHEMA: &str = "hourmatch/report/1";

#[derive(Debug, Error)]
pub enum ReportError {
    #[error(transparent)]
    Definitions(#[from] crate::definitions::DefinitionError),
    #[error(transparent)]
    Series(#[from] SeriesError),
    #[error(transparent)]
    Matching(#[from] matching::MatchingError),
    #[error(transparent)]
    Inventory(#[from] inventory::InventoryError),
}

/// One period of one portfolio under one ruleset.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct Report {
    pub schema: String,
    /// Program and version; left out of packs, whose results name no program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// Every figure comes from generated data.
    pub synthetic: bool,
    pub name: String,
    pub period: Period,
    pub ruleset: RulesetRef,
    pub version: u32,
    pub as_of: Option<String>,
    pub replaces: Option<String>,
    pub g_basis: String,
    pub factor_basis: String,
    pub time_zone: String,
    pub resolution: String,
    pub portfolio_sha256: String,
    pub portfolio: Totals,
    pub boundaries: Vec<BoundaryReport>,
    pub sites: Vec<SiteReport>,
    pub contracts: Vec<ContractReport>,
    pub storage: Vec<StorageReport>,
    pub allocations: Vec<AllocationRow>,
    pub exceptions: Vec<ExceptionRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Period {
    pub start: String,
    pub end: String,
    pub intervals: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct RulesetRef {
    pub id: String,
    pub version: String,
}

/// Sums in whole Wh; scores as strings with six decimals, floored, null where not applicable.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Default)]
pub struct Totals {
    pub load_wh: i128,
    pub contracted_wh: i128,
    pub matched_wh: i128,
    pub stored_wh: i128,
    pub surplus_wh: i128,
    pub unmatched_wh: i128,
    pub grid_cfe_wh: i128,
    pub matched_share: Option<String>,
    pub cfe_score: Option<String>,
    pub annual_share: Option<String>,
    pub annual_share_capped: Option<String>,
    pub matched_metered_share: Option<String>,
    pub intervals_with_load: usize,
    pub intervals_fully_matched: usize,
    pub emissions: Emissions,
    pub quality: QualitySplit,
}

/// Whole grams, each the exact sum rounded up once; null where a factor was never supplied.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct Emissions {
    pub location_based_g: Option<i128>,
    pub market_based_annual_g: Option<i128>,
    pub market_based_hourly_g: Option<i128>,
    pub upstream_g: Option<i128>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct QualitySplit {
    pub load: TierSplit,
    pub generation: TierSplit,
}

/// Wh by quality tier.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct TierSplit {
    pub measured: i128,
    pub validated: i128,
    pub calculated: i128,
    pub estimated: i128,
    pub profiled: i128,
    pub missing: i128,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct BoundaryReport {
    pub id: String,
    /// Which factor the unmatched energy took: residual, fossil or default.
    pub fallback_tier: String,
    pub totals: Totals,
    pub intervals: Vec<IntervalRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct IntervalRow {
    pub start: String,
    pub load_wh: i64,
    pub contracted_wh: i64,
    pub matched_wh: i64,
    pub stored_wh: i64,
    pub surplus_wh: i64,
    pub unmatched_wh: i64,
    pub grid_cfe_wh: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct SiteReport {
    pub id: String,
    pub boundary: String,
    pub time_zone: String,
    pub totals: Totals,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContractReport {
    pub id: String,
    pub boundary: String,
    pub technology: String,
    pub delivered_wh: i128,
    pub allocated_wh: i128,
    pub surplus_wh: i128,
}

/// Filled once storage is accounted for; none is yet.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct StorageReport {
    pub id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct AllocationRow {
    pub site: String,
    pub contract: String,
    pub start: String,
    pub wh: i64,
    pub ledger: String,
    pub rule: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct ExceptionRow {
    pub code: String,
    pub series: String,
    pub start: String,
    pub end: String,
    pub wh: i64,
    pub message: String,
}

/// What a report says of itself beside its figures.
#[derive(Debug, Clone)]
pub struct Header<'a> {
    pub definitions: &'a Definitions,
    pub ruleset: &'a Ruleset,
    pub portfolio_sha256: String,
    pub as_of: Option<String>,
}

/// From canonical readings to the report, the one path that `report`, `pack` and the verifier take.
pub fn compute(inputs: &Inputs) -> Result<Report, ReportError> {
    compute_from(inputs, &assemble::books(inputs)?)
}

/// The same from books already assembled from these inputs.
pub fn compute_from(inputs: &Inputs, books: &Books) -> Result<Report, ReportError> {
    inputs.definitions.check()?;
    let header = Header {
        definitions: &inputs.definitions,
        ruleset: &inputs.ruleset,
        portfolio_sha256: inputs.definitions.sha256(),
        as_of: inputs.as_of.clone(),
    };
    build(&header, books)
}

/// Matches the books and writes the report.
pub fn build(header: &Header<'_>, books: &Books) -> Result<Report, ReportError> {
    let matched = matching::run(books)?;
    let scores = matching::score::of(books, &matched);
    let inventory = inventory::of(header.definitions, books, &matched, &scores)?;
    let definitions = header.definitions;
    let mut portfolio = scores.portfolio.totals(true);
    portfolio.emissions = inventory.portfolio.clone();
    Ok(Report {
        schema: SCHEMA.into(),
        engine: None,
        synthetic: definitions.synthetic,
        name: definitions.name.clone(),
        period: period(books.grid.period(), books.grid.len),
        ruleset: RulesetRef { id: header.ruleset.id.clone(), version: header.ruleset.version.clone() },
        version: 1,
        as_of: header.as_of.clone(),
        replaces: None,
        g_basis: joined(definitions.boundaries.iter().map(|b| b.cfe_basis.as_str())),
        factor_basis: "life-cycle".into(),
        time_zone: definitions.time_zone.clone(),
        resolution: definitions.resolution.into(),
        portfolio_sha256: header.portfolio_sha256.clone(),
        portfolio,
        boundaries: boundaries(books, &scores, &inventory),
        sites: sites(definitions, books, &scores, &inventory),
        contracts: contracts(books, &matched),
        storage: Vec::new(),
        allocations: allocations(books, &matched),
        exceptions: books.exceptions.iter().map(exception).collect(),
    })
}

fn period(interval: Interval, intervals: usize) -> Period {
    Period { start: format_instant(interval.start_s), end: format_instant(interval.end_s), intervals }
}

fn joined<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut distinct: Vec<&str> = values.collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.join(", ")
}

fn boundaries(books: &Books, scores: &matching::score::Scores, inventory: &Inventory) -> Vec<BoundaryReport> {
    let row = |t: usize, cell: &matching::score::Cell| IntervalRow {
        start: format_instant(books.grid.start(t)),
        load_wh: cell.load,
        contracted_wh: cell.contracted,
        matched_wh: cell.matched,
        stored_wh: 0,
        surplus_wh: cell.contracted - cell.matched,
        unmatched_wh: cell.load - cell.matched,
        grid_cfe_wh: cell.grid_cfe,
    };
    books
        .boundaries
        .iter()
        .enumerate()
        .map(|(b, boundary)| {
            let mut totals = scores.boundaries[b].totals(true);
            totals.emissions = inventory.boundaries[b].clone();
            BoundaryReport {
                id: boundary.id.clone(),
                fallback_tier: joined(boundary.fallback_tier.iter().map(|tier| tier.name())),
                totals,
                intervals: scores.cells[b].iter().enumerate().map(|(t, cell)| row(t, cell)).collect(),
            }
        })
        .collect()
}

fn sites(
    definitions: &Definitions,
    books: &Books,
    scores: &matching::score::Scores,
    inventory: &Inventory,
) -> Vec<SiteReport> {
    definitions
        .sites
        .iter()
        .enumerate()
        .map(|(s, site)| {
            let mut totals = scores.sites[s].totals(false);
            totals.emissions = inventory.sites[s].clone();
            SiteReport {
                id: site.id.clone(),
                boundary: books.boundaries[books.sites[s].boundary].id.clone(),
                time_zone: site.time_zone.clone(),
                totals,
            }
        })
        .collect()
}

fn contracts(books: &Books, matched: &Matched) -> Vec<ContractReport> {
    let sum = |values: &[i64]| values.iter().map(|wh| i128::from(*wh)).sum::<i128>();
    books
        .contracts
        .iter()
        .enumerate()
        .map(|(c, contract)| {
            let (delivered_wh, allocated_wh) = (sum(&contract.delivered_wh), sum(&matched.contract_allocated_wh[c]));
            ContractReport {
                id: contract.id.clone(),
                boundary: books.boundaries[contract.boundary].id.clone(),
                technology: contract.technology.clone(),
                delivered_wh,
                allocated_wh,
                surplus_wh: delivered_wh - allocated_wh,
            }
        })
        .collect()
}

fn allocations(books: &Books, matched: &Matched) -> Vec<AllocationRow> {
    matched
        .allocations
        .iter()
        .map(|a| AllocationRow {
            site: books.sites[a.site].id.clone(),
            contract: books.contracts[a.contract].id.clone(),
            start: format_instant(books.grid.start(a.interval)),
            wh: a.wh,
            ledger: a.ledger.name().into(),
            rule: books.contracts[a.contract].rule.name().into(),
        })
        .collect()
}

fn exception(exception: &Exception) -> ExceptionRow {
    ExceptionRow {
        code: exception.code.into(),
        series: exception.series.clone(),
        start: format_instant(exception.start_s),
        end: format_instant(exception.end_s),
        wh: exception.wh,
        message: exception.message.clone(),
    }
}
