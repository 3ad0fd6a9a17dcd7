//! The disclosure table: who reports, and where factors, meters and claims come from.

use super::facts::{self, Fact, fact, warning};
use super::figures::{NOT_STATED, count, fraction, percent, ratio, stated};
use super::flow::Flow;
use super::frame::Frame;
use super::origins;
use reports::report::Report;
use std::collections::BTreeMap;

/// Contracts named here; the contracts section has all of them.
const NAMED: usize = 24;

pub fn draw(flow: &mut Flow, frame: &Frame<'_>, engine: &str) {
    flow.section(
        "Disclosure",
        "Who reports, on what the claims rest, where factors and readings come from. What the entity left out is printed \
         as not stated.",
    );
    facts::draw(flow, &rows(frame.report, engine));
}

fn rows(report: &Report, engine: &str) -> Vec<Fact> {
    let disclosed = &report.disclosure;
    let entity = &disclosed.stated;
    let threshold = entity.restatement_threshold.map_or_else(|| NOT_STATED.to_string(), fraction);
    let mut facts = vec![
        fact("Control approach", stated(entity.control_approach.as_ref())),
        fact("Base year", stated(entity.base_year.as_ref())),
        fact("Restatement threshold", threshold),
        fact("Gases", stated(entity.gases.as_ref())),
        fact("Warming potentials", stated(entity.warming_potentials.as_ref())),
        fact("Factor basis", stated(Some(&report.factor_basis))),
        fact("Basis of the grid share", stated(Some(&report.g_basis))),
    ];
    if !disclosed.g_may_include_own_contracts.is_empty() {
        facts.push(warning(
            "",
            format!(
                "Own contracts may still be inside the grid's carbon-free share of {}: the CFE score may count their \
                 energy twice.",
                disclosed.g_may_include_own_contracts.join(", ")
            ),
        ));
    }
    facts.extend(claims(report));
    facts.extend(origins::rows(report));
    facts.push(fact("Metered coverage of load", coverage(disclosed.metered_coverage.as_ref())));
    facts.push(fact(
        "Reconciliation tolerance",
        format!("{} of an invoice", ratio(&disclosed.reconciliation_tolerance)),
    ));
    facts.push(exceptions(report));
    facts.push(fact("Portfolio SHA-256", report.portfolio_sha256.clone()));
    facts.push(fact("Ruleset SHA-256", report.ruleset.sha256.clone()));
    facts.extend(report.inputs_sha256.iter().map(|digest| fact("Inputs SHA-256", digest.clone())));
    facts.push(fact("Document", format!("{}, made by {engine}", report.schema)));
    facts
}

fn coverage(share: Option<&String>) -> String {
    match share {
        Some(share) => format!("{} measured, validated or calculated", percent(share)),
        None => "not applicable, there is no load".to_string(),
    }
}

fn exceptions(report: &Report) -> Fact {
    match report.exceptions.len() {
        0 => fact("Exceptions", "none"),
        1 => warning("Exceptions", "1 exception stands behind these figures; see Exceptions."),
        many => {
            warning("Exceptions", format!("{} exceptions stand behind these figures; see Exceptions.", count(many)))
        }
    }
}

/// Which contracts rest on which claim; one line a basis.
fn claims(report: &Report) -> Vec<Fact> {
    let mut by_basis: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let instruments = ["contracts", "legacy", "unbundled"];
    for contract in report.contracts.iter().filter(|contract| instruments.contains(&contract.kind.as_str())) {
        let basis = if contract.claim.basis.is_empty() { "none" } else { contract.claim.basis.as_str() };
        by_basis.entry(basis).or_default().push(report.labels.instrument(&contract.id));
    }
    if by_basis.is_empty() {
        return vec![fact("Claim basis by contract", "no contracts")];
    }
    let mut facts = Vec::new();
    for (index, (basis, names)) in by_basis.iter().enumerate() {
        let named: Vec<&str> = names.iter().take(NAMED).copied().collect();
        let what = if *basis == "none" { "no certificates".to_string() } else { format!("certificates {basis}") };
        let mut text = format!("{what}: {}", named.join(", "));
        if names.len() > NAMED {
            text.push_str(&format!(", and {} more under Contracts", count(names.len() - NAMED)));
        }
        facts.push(fact(if index == 0 { "Claim basis by contract" } else { "" }, text));
    }
    facts
}
