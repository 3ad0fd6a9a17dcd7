//! What an auditor expects on page one, and the limitations.

use super::blocks::{Fact, Section, Table, figure, id, prose, text};
use super::contracts::{certificates, claims, granular_note};
use super::headline::of_load;
use super::pages::{leased, metered_coverage, owned};
use super::view::{View, factor_words};
use crate::english::{self, stated};
use crate::figures::NOT_STATED;
use crate::names;
use reports::report::{ContractReport, Report};

/// Rows of revisions shown; a pack has all of them.
const REVISIONS: usize = 100;

pub fn disclosure(view: &View<'_>) -> Section {
    let report = view.report;
    let mut section = Section::new(
        "disclosure",
        "Disclosure",
        "Who reports, on what the claims rest, where factors and readings come from. What the entity left out is printed \
         as not stated.",
    );
    section.facts = disclosed(report);
    let contracts: Vec<&ContractReport> = report.contracts.iter().collect();
    section.tables.push(claims(view, "Claim basis of each contract and other instrument", &contracts));
    section.tables.extend(certificates(view));
    section.tables.extend([factors(view), meters(view), revisions(view)]);
    section.notes.extend(granular_note(&contracts, &report.labels));
    section.with_note("What these figures do not say is listed under Limitations.")
}

/// What the entity states, and on what bases figures rest.
pub fn disclosed(report: &Report) -> Vec<Fact> {
    let disclosure = &report.disclosure;
    let entity = &disclosure.stated;
    let threshold = entity.restatement_threshold.map_or_else(|| NOT_STATED.to_string(), english::part);
    vec![
        Fact::new("Reporting entity", stated(entity.reporting_entity.as_ref())),
        Fact::new("Control approach", stated(entity.control_approach.as_ref())),
        Fact::new("Base year", stated(entity.base_year.as_ref())),
        Fact::new("Restatement threshold", threshold),
        Fact::new("Gases", stated(entity.gases.as_ref())),
        Fact::new("Warming potentials", stated(entity.warming_potentials.as_ref())),
        Fact::new("Factor basis", stated(Some(&report.factor_basis.to_string()))),
        Fact::new("Basis of the grid's carbon-free share", stated(Some(&report.g_basis))),
        Fact::new("Own contracts in that share", own_contracts(report)),
        Fact::new("Metered coverage of load", of_load(disclosure.metered_coverage)),
        Fact::new("Tolerance against invoices", english::part_of_six(disclosure.reconciliation_tolerance)),
        Fact::new(
            "Ruleset",
            format!("{}: {}, version {}", report.ruleset.id, report.ruleset.title, report.ruleset.version),
        ),
    ]
}

/// Whether own contracts may be counted in the grid's share as well.
pub fn own_contracts(report: &Report) -> String {
    let held = &report.disclosure.g_may_include_own_contracts;
    match held.len() {
        0 => "are stated not to be inside it".to_string(),
        many if many == report.boundaries.len() => "may still be inside it in every boundary".to_string(),
        _ => format!("may still be inside it in {}", held.join(", ")),
    }
}

fn factors(view: &View<'_>) -> Table {
    Table::listing(
        "Factors in use: publication, year and region of each",
        &view.report.disclosure.factors,
        &[
            (id("Boundary or fuel"), &|f| f.subject.clone()),
            (text("Factor"), &|f| factor_words(&f.what)),
            (figure("Value", ""), &|f| english::factor(f.value)),
            (text("Basis"), &|f| f.basis.name().to_string()),
            (prose("Publication"), &|f| stated(Some(&f.publication))),
            (text("Year"), &|f| stated(Some(&f.year))),
            (text("Region"), &|f| stated(Some(&f.region))),
        ],
    )
}

fn meters(view: &View<'_>) -> Table {
    Table::listing(
        "Meters, ownership and leased space by site",
        &view.report.sites,
        &[
            (id("Site"), &|site| view.report.labels.site_with_id(&site.id)),
            (id("Meter"), &|site| stated(site.meter.as_ref())),
            (text("Accuracy class"), &|site| stated(site.accuracy_class.as_ref())),
            (figure("Metered coverage", ""), &metered_coverage),
            (figure("Ownership share", ""), &owned),
            (text("Space"), &|site| leased(site).to_string()),
        ],
    )
}

fn revisions(view: &View<'_>) -> Table {
    let all = &view.report.files;
    let left_out = all.len().saturating_sub(REVISIONS);
    let mut table = Table::listing(
        "Revisions: files these figures rest on, in the order they were recorded",
        &all[left_out..],
        &[
            (text("Recorded, UTC"), &|r| english::recorded(r.recorded)),
            (text("Actor"), &|r| stated(r.actor.as_ref())),
            (prose("Reason"), &|r| stated(r.reason.as_ref())),
            (figure("Readings", ""), &|r| english::integer(i128::from(r.readings))),
            (id("SHA-256 of the file"), &|r| r.file_sha256.clone()),
        ],
    );
    if left_out > 0 {
        table.more = format!("and {} earlier ones in the evidence pack", english::count(left_out));
    }
    table
}

pub fn limitations(view: &View<'_>) -> Section {
    let mut section = Section::new("limitations", "Limitations", "What these figures do not say.").on_its_own_page();
    section.points = names::limitations(view.report);
    if section.points.is_empty() { section.with_note("None are stated.") } else { section }
}
