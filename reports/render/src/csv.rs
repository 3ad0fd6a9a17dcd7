//! Tables of a report as CSV, one a file, written row by row. Names are those of the JSON document; what is absent is empty.
//!
//! Intervals and allocations are those of packs, ids and integers only. The others hold what people wrote, which is
//! kept from being a formula.

use reports::report::{Backed, Computed, Report, TierSplit, Totals, intervals, rows};
use reports::text::no_formula;
use std::io::{self, Write};

/// A table that can be written by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Table {
    /// One row per boundary and interval.
    #[default]
    Intervals,
    Boundaries,
    Sites,
    Contracts,
    Allocations,
    Exceptions,
}

impl Table {
    pub const ALL: [Self; 6] =
        [Self::Intervals, Self::Boundaries, Self::Sites, Self::Contracts, Self::Allocations, Self::Exceptions];

    pub fn name(self) -> &'static str {
        match self {
            Self::Intervals => "intervals",
            Self::Boundaries => "boundaries",
            Self::Sites => "sites",
            Self::Contracts => "contracts",
            Self::Allocations => "allocations",
            Self::Exceptions => "exceptions",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == text)
    }
}

/// The names of a table's columns, those that older rulesets do not count included.
pub fn columns(table: Table) -> Vec<&'static str> {
    let totals = |head: &[&'static str]| -> Vec<&'static str> {
        let fields = fields_of(Counted::ALL, &Totals::default());
        head.iter().copied().chain(fields.into_iter().map(|(name, _)| name)).collect()
    };
    match table {
        Table::Intervals => intervals::COLUMNS.to_vec(),
        Table::Boundaries => totals(&BOUNDARY),
        Table::Sites => totals(&SITE),
        Table::Contracts => CONTRACTS.to_vec(),
        Table::Allocations => ALLOCATIONS.to_vec(),
        Table::Exceptions => EXCEPTIONS.to_vec(),
    }
}

pub fn write(table: Table, computed: &Computed, out: &mut dyn Write) -> io::Result<()> {
    let report = &computed.report;
    match table {
        Table::Intervals => intervals::write(report, out),
        Table::Boundaries => boundaries(report, out),
        Table::Sites => sites(report, out),
        Table::Contracts => contracts(report, out),
        Table::Allocations => allocations(computed, out),
        Table::Exceptions => exceptions(report, out),
    }
}

const ALLOCATIONS: [&str; 6] = ["site", "contract", "start", "wh", "ledger", "rule"];

/// As in a pack.
fn allocations(computed: &Computed, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", ALLOCATIONS.join(","))?;
    let mut outcome = Ok(());
    rows::allocations(&computed.books, &computed.matched, &mut |row| {
        if outcome.is_ok() {
            let ledger = row.ledger.name();
            outcome = writeln!(out, "{},{},{},{},{ledger},{}", row.site, row.contract, row.start, row.wh, row.rule);
        }
    });
    outcome
}

/// A column and what a row has in it.
type Field = (&'static str, String);

/// Rows that name their columns, the first for all; `empty` names them where there is no row.
fn named(out: &mut dyn Write, empty: Vec<Field>, rows: impl Iterator<Item = Vec<Field>>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(empty.iter().map(|(name, _)| *name)).map_err(io_error)?;
    for row in rows {
        table.write_record(row.iter().map(|(_, value)| no_formula(value).into_owned())).map_err(io_error)?;
    }
    table.flush()
}

/// The error beneath, so that a closed pipe is known as one.
fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn or_empty<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// What an older ruleset does not count has no column under it.
#[derive(Debug, Clone, Copy)]
struct Counted {
    purchased: bool,
    scope_1: bool,
}

impl Counted {
    const ALL: Self = Self { purchased: true, scope_1: true };

    fn of(report: &Report) -> Self {
        let Totals { purchased_wh, scope_1_wh, .. } = &report.portfolio;
        Self { purchased: purchased_wh.is_some(), scope_1: scope_1_wh.is_some() }
    }
}

/// Before the totals.
const BOUNDARY: [&str; 2] = ["boundary", "fallback_tier"];
const SITE: [&str; 5] = ["site", "boundary", "time_zone", "meter", "estimated_share"];

fn boundaries(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let row = |id: &str, tier: &str, totals: &Totals| {
        let mut fields: Vec<Field> = BOUNDARY.into_iter().zip([id.to_string(), tier.to_string()]).collect();
        fields.extend(fields_of(Counted::of(report), totals));
        fields
    };
    let all = report.boundaries.iter().map(|b| row(&b.id, &b.fallback_tier, &b.totals));
    named(out, row("", "", &Totals::default()), all)
}

fn sites(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let counted = Counted::of(report);
    let mut head: Vec<Field> = SITE.map(|name| (name, String::new())).to_vec();
    head.extend(fields_of(counted, &Totals::default()));
    let all = report.sites.iter().map(|site| {
        let values = [
            site.id.clone(),
            site.boundary.clone(),
            site.time_zone.clone(),
            or_empty(site.meter.as_ref()),
            or_empty(site.estimated_share.as_ref()),
        ];
        let mut fields: Vec<Field> = SITE.into_iter().zip(values).collect();
        fields.extend(fields_of(counted, &site.totals));
        fields
    });
    named(out, head, all)
}

fn fields_of(counted: Counted, totals: &Totals) -> Vec<Field> {
    let emissions = &totals.emissions;
    let mut fields = vec![
        ("load_wh", totals.load_wh.to_string()),
        ("metered_load_wh", totals.metered_load_wh.to_string()),
        ("contracted_wh", totals.contracted_wh.to_string()),
        ("matched_wh", totals.matched_wh.to_string()),
        ("stored_wh", totals.stored_wh.to_string()),
        ("reissued_wh", totals.reissued_wh.to_string()),
        ("surplus_wh", totals.surplus_wh.to_string()),
        ("unmatched_wh", totals.unmatched_wh.to_string()),
        ("grid_cfe_wh", totals.grid_cfe_wh.to_string()),
        ("matched_share", or_empty(totals.matched_share.as_ref())),
        ("cfe_score", or_empty(totals.cfe_score.as_ref())),
        ("annual_share", or_empty(totals.annual_share.as_ref())),
        ("annual_share_capped", or_empty(totals.annual_share_capped.as_ref())),
        ("matched_metered_share", or_empty(totals.matched_metered_share.as_ref())),
        ("intervals_with_load", totals.intervals_with_load.to_string()),
        ("intervals_fully_matched", totals.intervals_fully_matched.to_string()),
        ("location_based_g", or_empty(emissions.location_based_g)),
        ("market_based_annual_g", or_empty(emissions.market_based_annual_g)),
        ("market_based_hourly_g", or_empty(emissions.market_based_hourly_g)),
        ("market_based_hourly_without_legacy_g", or_empty(emissions.market_based_hourly_without_legacy_g)),
        ("upstream_g", or_empty(emissions.upstream_g)),
    ];
    fields.extend(tiers(&totals.quality.load).into_iter().zip(LOAD).map(|(wh, name)| (name, wh.to_string())));
    let generation = tiers(&totals.quality.generation).into_iter().zip(GENERATION);
    fields.extend(generation.map(|(wh, name)| (name, wh.to_string())));
    fields.extend(backed(totals));
    if counted.purchased {
        fields.extend([
            ("purchased_wh", or_empty(totals.purchased_wh)),
            ("storage_losses_wh", or_empty(totals.storage_losses_wh)),
        ]);
    }
    if counted.scope_1 {
        fields.extend([
            ("scope_1_wh", or_empty(totals.scope_1_wh)),
            ("scope_1_share", or_empty(totals.scope_1_share.as_ref())),
            ("scope_1_g", or_empty(emissions.scope_1_g.flatten())),
        ]);
    }
    fields
}

/// What cancelled certificates back of them; empty where nothing is known of it.
fn backed(totals: &Totals) -> [Field; 9] {
    let backed = totals.backed.as_ref();
    let of = |pick: fn(&Backed) -> Option<i128>| or_empty(backed.and_then(pick));
    let share = |pick: fn(&Backed) -> Option<&String>| or_empty(backed.and_then(pick));
    [
        ("backed_matched_wh", of(|b| b.matched_wh)),
        ("backed_matched_share", share(|b| b.matched_share.as_ref())),
        ("backed_annual_share", share(|b| b.annual_share.as_ref())),
        ("backed_annual_share_capped", share(|b| b.annual_share_capped.as_ref())),
        ("intervals_fully_backed", or_empty(backed.and_then(|b| b.intervals_fully_backed))),
        ("market_based_annual_claimed_wh", of(|b| b.market_based_annual_claimed_wh)),
        ("market_based_annual_backed_wh", of(|b| b.market_based_annual_wh)),
        ("market_based_hourly_claimed_wh", of(|b| Some(b.market_based_hourly_claimed_wh))),
        ("market_based_hourly_backed_wh", of(|b| b.market_based_hourly_wh)),
    ]
}

const LOAD: [&str; 6] = [
    "load_measured_wh",
    "load_validated_wh",
    "load_calculated_wh",
    "load_estimated_wh",
    "load_profiled_wh",
    "load_missing_wh",
];
const GENERATION: [&str; 6] = [
    "generation_measured_wh",
    "generation_validated_wh",
    "generation_calculated_wh",
    "generation_estimated_wh",
    "generation_profiled_wh",
    "generation_missing_wh",
];

fn tiers(split: &TierSplit) -> [i128; 6] {
    [split.measured, split.validated, split.calculated, split.estimated, split.profiled, split.missing]
}

const CONTRACTS: [&str; 23] = [
    "contract",
    "kind",
    "boundary",
    "technology",
    "settlement",
    "delivered_wh",
    "allocated_wh",
    "stored_wh",
    "surplus_wh",
    "inventory_allocated_wh",
    "inventory_stored_wh",
    "inventory_surplus_wh",
    "ef_mg_per_kwh",
    "claim",
    "registry",
    "beneficiary",
    "commissioned",
    "cancelled_wh",
    "held_wh",
    "expired_wh",
    "withdrawn_wh",
    "statement",
    "backed_wh",
];

fn contracts(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let all = report.contracts.iter().map(|c| {
        let claim = &c.claim;
        let values = [
            c.id.clone(),
            c.kind.clone(),
            c.boundary.clone(),
            c.technology.clone(),
            or_empty(c.settlement.as_ref()),
            c.delivered_wh.to_string(),
            c.allocated_wh.to_string(),
            c.stored_wh.to_string(),
            c.surplus_wh.to_string(),
            c.inventory_allocated_wh.to_string(),
            c.inventory_stored_wh.to_string(),
            c.inventory_surplus_wh.to_string(),
            c.ef_mg_per_kwh.to_string(),
            claim.basis.clone(),
            or_empty(claim.registry.as_ref()),
            or_empty(claim.beneficiary.as_ref()),
            or_empty(claim.commissioned.as_ref()),
            claim.cancelled_wh.to_string(),
            claim.held_wh.to_string(),
            claim.expired_wh.to_string(),
            claim.withdrawn_wh.to_string(),
            claim.statement.clone(),
            or_empty(claim.backed_wh),
        ];
        CONTRACTS.into_iter().zip(values).collect::<Vec<Field>>()
    });
    named(out, CONTRACTS.map(|name| (name, String::new())).to_vec(), all)
}

const EXCEPTIONS: [&str; 6] = ["code", "series", "start", "end", "wh", "message"];

fn exceptions(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let all = report.exceptions.iter().map(|e| {
        let values =
            [e.code.clone(), e.series.clone(), e.start.clone(), e.end.clone(), e.wh.to_string(), e.message.clone()];
        EXCEPTIONS.into_iter().zip(values).collect::<Vec<Field>>()
    });
    named(out, EXCEPTIONS.map(|name| (name, String::new())).to_vec(), all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meanings::{MEANINGS, meaning};
    use crate::sample::sample_report;

    fn lines(write: impl Fn(&Report, &mut dyn Write) -> io::Result<()>, report: &Report) -> Vec<Vec<String>> {
        let mut bytes = Vec::new();
        write(report, &mut bytes).expect("memory");
        let mut table = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        table.records().map(|line| line.expect("a line").iter().map(String::from).collect()).collect()
    }

    fn column(table: &[Vec<String>], name: &str) -> Vec<String> {
        let place = table[0].iter().position(|head| head == name).expect("a column");
        table[1..].iter().map(|line| line[place].clone()).collect()
    }

    #[test]
    fn totals_stand_as_in_the_document_and_what_is_absent_is_empty() {
        let report = sample_report();
        let sites = lines(sites, &report);
        assert_eq!(column(&sites, "site"), ["hall-1", "hall-2"]);
        assert_eq!(column(&sites, "matched_wh"), ["220", "146"]);
        assert_eq!(column(&sites, "matched_share"), ["0.550000", "0.730000"]);
        assert_eq!(column(&sites, "market_based_hourly_g"), ["", "11"]);
        assert_eq!(column(&sites, "load_validated_wh"), ["0", "96"]);
        assert_eq!(column(&sites, "backed_matched_wh"), ["0", "130"]);
        assert_eq!(column(&sites, "market_based_hourly_backed_wh"), ["0", "130"]);
        let mut report = report;
        let intervals = lines(intervals::write, &report);
        assert_eq!(column(&intervals, "backed_wh"), ["0", "0", "0", "0", "50", "30", "50", "0"]);
        report.portfolio.backed = None;
        assert_eq!(lines(intervals::write, &report)[0].last().map(String::as_str), Some("grid_cfe_wh"));
        let boundaries = lines(boundaries, &report);
        assert_eq!(column(&boundaries, "boundary"), ["DE<b>", "FR"]);
        assert_eq!(column(&boundaries, "reissued_wh"), ["0", "16"]);
        assert_eq!(column(&boundaries, "purchased_wh"), ["380", "196"]);
        assert_eq!(column(&boundaries, "scope_1_g"), ["8", "0"]);
    }

    #[test]
    fn what_an_older_ruleset_does_not_count_has_no_column() {
        let mut report = sample_report();
        (report.portfolio.purchased_wh, report.portfolio.scope_1_wh) = (None, None);
        let names = &lines(sites, &report)[0];
        assert!(names.iter().all(|name| !name.contains("purchased") && !name.contains("scope_1")), "{names:?}");
    }

    #[test]
    fn free_text_is_quoted_and_no_row_still_has_a_head() {
        let mut report = sample_report();
        report.exceptions[0].message = "a, \"b\"\nc".into();
        assert_eq!(column(&lines(exceptions, &report), "message"), ["a, \"b\"\nc"]);
        report.exceptions[0].message = "=HYPERLINK(\"http://x\")".into();
        assert_eq!(column(&lines(exceptions, &report), "message"), ["'=HYPERLINK(\"http://x\")"]);
        let contracts = lines(contracts, &report);
        assert_eq!(column(&contracts, "allocated_wh"), ["0", "220", "16", "130"]);
        report.contracts.clear();
        report.sites.clear();
        assert_eq!(lines(super::contracts, &report), [contracts[0].clone()]);
        assert_eq!(lines(sites, &report).len(), 1);
    }

    #[test]
    fn every_column_has_a_meaning_and_every_meaning_a_column() {
        let all: Vec<&str> = Table::ALL.into_iter().flat_map(columns).collect();
        for name in &all {
            assert!(meaning(name).is_some(), "{name} of the CSV tables means nothing: add it to meanings.rs");
        }
        for (name, _) in MEANINGS {
            assert!(all.contains(name), "{name} stands in meanings.rs, and no table has it");
        }
        let report = sample_report();
        assert_eq!(lines(sites, &report)[0], columns(Table::Sites));
        assert_eq!(lines(intervals::write, &report)[0], columns(Table::Intervals));
    }

    #[test]
    fn tables_parse_by_their_names() {
        assert!(Table::ALL.into_iter().all(|table| Table::parse(table.name()) == Some(table)));
        assert_eq!(Table::parse("readings"), None);
    }
}
