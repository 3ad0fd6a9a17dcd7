//! What an auditor expects on page one, and the limitations.

use super::blocks::{Fact, Section, Table, figure, id, prose, text};
use super::contracts::{certificates, claims, granular_note};
use super::pages::{leased, metered_coverage};
use super::view::{View, tier_words};
use crate::english::{self, stated};
use crate::figures::{NOT_APPLICABLE, NOT_STATED};
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
    section.notes.push("What these figures do not say is listed under Limitations.".into());
    section
}

/// What the entity states, and on what bases figures rest.
pub fn disclosed(report: &Report) -> Vec<Fact> {
    let disclosure = &report.disclosure;
    let entity = &disclosure.stated;
    let threshold =
        entity.restatement_threshold.map_or_else(|| NOT_STATED.to_string(), |t| english::part(&t.to_string()));
    let coverage = disclosure.metered_coverage.as_deref();
    vec![
        Fact::new("Reporting entity", stated(entity.reporting_entity.as_ref())),
        Fact::new("Control approach", stated(entity.control_approach.as_ref())),
        Fact::new("Base year", stated(entity.base_year.as_ref())),
        Fact::new("Restatement threshold", threshold),
        Fact::new("Gases", stated(entity.gases.as_ref())),
        Fact::new("Warming potentials", stated(entity.warming_potentials.as_ref())),
        Fact::new("Factor basis", stated(Some(&report.factor_basis))),
        Fact::new("Basis of the grid's carbon-free share", stated(Some(&report.g_basis))),
        Fact::new("Own contracts in that share", own_contracts(report)),
        Fact::new("Metered coverage of load", coverage.map_or_else(|| NOT_APPLICABLE.to_string(), english::percent)),
        Fact::new("Tolerance against invoices", english::part(&disclosure.reconciliation_tolerance)),
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
    let mut table = Table::new(
        "Factors in use: publication, year and region of each",
        [
            id("Boundary or fuel"),
            text("Factor"),
            figure("Value", ""),
            text("Basis"),
            prose("Publication"),
            text("Year"),
            text("Region"),
        ],
    );
    for f in &view.report.disclosure.factors {
        table.push(
            &f.subject,
            vec![
                tier_words(&f.what),
                english::measure(&f.value),
                f.basis.clone(),
                stated(Some(&f.publication)),
                stated(Some(&f.year)),
                stated(Some(&f.region)),
            ],
        );
    }
    table
}

fn meters(view: &View<'_>) -> Table {
    let mut table = Table::new(
        "Meters, ownership and leased space by site",
        [
            id("Site"),
            id("Meter"),
            text("Accuracy class"),
            figure("Metered coverage", ""),
            figure("Ownership share", ""),
            text("Space"),
        ],
    );
    for site in &view.report.sites {
        let owned = site.ownership_share.as_ref();
        table.push(
            view.report.labels.site_with_id(&site.id),
            vec![
                stated(site.meter.as_ref()),
                stated(site.accuracy_class.as_ref()),
                metered_coverage(site),
                owned.map_or_else(|| NOT_STATED.to_string(), |share| english::part(share)),
                leased(site).to_string(),
            ],
        );
    }
    table
}

fn revisions(view: &View<'_>) -> Table {
    let all = &view.report.files;
    let mut table = Table::new(
        "Revisions: files these figures rest on, in the order they were recorded",
        [text("Recorded, UTC"), text("Actor"), prose("Reason"), figure("Readings", ""), id("SHA-256 of the file")],
    );
    let left_out = all.len().saturating_sub(REVISIONS);
    for r in all.iter().skip(left_out) {
        table.push(
            english::recorded(&r.recorded),
            vec![
                stated(r.actor.as_ref()),
                stated(r.reason.as_ref()),
                english::integer(i128::from(r.readings)),
                r.file_sha256.clone(),
            ],
        );
    }
    if left_out > 0 {
        table.more = format!("and {} earlier ones in the evidence pack", english::count(left_out));
    }
    table
}

pub fn limitations(view: &View<'_>) -> Section {
    let mut section = Section::new("limitations", "Limitations", "What these figures do not say.").on_its_own_page();
    section.points = names::limitations(view.report);
    if section.points.is_empty() {
        section.notes.push("None are stated.".into());
    }
    section
}
