//! `[[contract]]`: who supplies what to whom.

use super::common::{File, is_id};
use super::known::Known;
use super::values::{changes, fraction, instant, mega, milligrams, text};
use super::walk::{ID_HINT, Table};
use super::{boundaries, profile, sharing, values};
use reports::definitions::together::{self, Oversold};
use reports::definitions::{
    CertificateRule, ContractDef, ContractKind, Fraction, LinkDef, Settlement, SharingRule, SiteDef,
};
use reports::ruleset;
use reports::text::is_cell;

pub fn read(mut table: Table<'_, '_>, known: &Known<'_>) -> Option<(ContractDef, usize)> {
    let id = table.named_by_id("contract");
    let name = values::name(&mut table, "Desert Sun PPA");
    let boundary = boundaries::reference(&mut table, "boundary", known.boundaries);
    let technology = table.needed_string("technology");
    let ef = table.number("ef_g_per_kwh").map(milligrams);
    check_technology(&table, technology.as_ref(), ef, known);
    // It stands in the names of series.
    let plant = table.fitting("plant", is_id, ("an id", ID_HINT));
    let share = share(&mut table);
    let share_changes = changes(&mut table, "share_changes", known.time, |entry| {
        entry.needs("share");
        fraction(entry, "share")
    });
    let kind = table.choice("kind").unwrap_or_default();
    let [shaped_w, annual_wh, capacity_w] = ["shaped_mw", "annual_mwh", "capacity_mw"].map(|key| mega(&mut table, key));
    let stray = annual_wh.is_some() && kind != ContractKind::Legacy;
    table.refuse_if(stray, "annual_mwh", "`annual_mwh` belongs to kind = \"legacy\"", "take one of them out");
    let [valid_from, valid_to] = ["valid_from", "valid_to"].map(|key| instant(&mut table, key, known.time));
    let backwards = valid_from.zip(valid_to).is_some_and(|(from, to)| to <= from);
    table.refuse_if(backwards, "valid_to", "valid_to is not after valid_from", "write a later date");
    let certificates = certificates(&mut table, kind);
    let [registry, beneficiary] = ["registry", "beneficiary"].map(|key| text(&mut table, key));
    if certificates == CertificateRule::Required && beneficiary.is_none() {
        check_beneficiary(&table, known);
    }
    let date = ("a date", "write commissioned = \"2021-06-01\"");
    let commissioned = table.fitting("commissioned", is_date, date);
    let [meter, accuracy_class] = ["meter", "accuracy_class"].map(|key| text(&mut table, key));
    let settlement = table.choice("settlement").unwrap_or(Settlement::Physical);
    let allocation = table.choice("allocation").unwrap_or(SharingRule::Proportional);
    let sites = sharing::sites(&mut table, boundary.as_ref(), kind, known);
    let split = sharing::split(&mut table, allocation, sites.as_deref());
    let profile = table.table("profile").and_then(|t| profile::read(t, known));
    let at = table.at;
    table.close();
    let contract = ContractDef {
        id: id?,
        name,
        boundary: boundary?,
        technology: technology?.0,
        ef_mg_per_kwh: ef,
        plant,
        share: share?,
        share_changes,
        settlement,
        kind,
        allocation,
        sites: sites?,
        split: split?,
        profile,
        shaped_w,
        annual_wh,
        capacity_w,
        valid_from,
        valid_to,
        certificates,
        registry,
        beneficiary,
        commissioned,
        meter,
        accuracy_class,
    };
    Some((contract, at))
}

fn check_technology(table: &Table<'_, '_>, technology: Option<&(String, usize)>, ef: Option<i64>, known: &Known<'_>) {
    let (Some((name, at)), Some(ruleset)) = (technology, known.ruleset) else { return };
    if !is_cell(name) {
        // It stands in tables without quotes.
        let what = format!("technology `{name}` is not a plain word");
        return table.refuse(*at, what, "write \"solar\", \"gas\" or another technology");
    }
    if !ruleset.is_carbon_free(name) && ef.is_none() {
        let what = format!("`{name}` is not carbon-free under ruleset {} and has no factor", ruleset.id);
        let hint = format!("add ef_g_per_kwh, or use one of {}", ruleset.carbon_free.join(" "));
        table.refuse(*at, what, hint);
    }
}

fn share(table: &mut Table<'_, '_>) -> Option<Fraction> {
    let Some((text, at)) = table.string("share") else { return Some(Fraction::ONE) };
    let refuse = |error| table.refuse(at, error, "write share = \"1/2\" or \"0.5\"");
    Fraction::parse(&text).map_err(refuse).ok()
}

/// Unbundled energy is its certificates, and nothing without them.
fn certificates(table: &mut Table<'_, '_>, kind: ContractKind) -> CertificateRule {
    let stated = table.choice("certificates");
    if kind != ContractKind::Unbundled {
        return stated.unwrap_or_default();
    }
    let what = "an unbundled contract consists only of its certificates";
    let hint = "write certificates = \"required\" or leave it out";
    table.refuse_if(stated == Some(CertificateRule::Stated), "certificates", what, hint);
    CertificateRule::Required
}

/// Certificates that back what their beneficiary allows need somebody they are cancelled for.
fn check_beneficiary(table: &Table<'_, '_>, known: &Known<'_>) {
    let by_hour = known.ruleset.is_some_and(|r| r.rules.certificates == ruleset::CertificateRule::Hour);
    let nobody = by_hour && !known.entity && table.at_key("beneficiary") == table.at;
    let hint = "add beneficiary = \"Example AI Ltd\", or reporting_entity in [disclosure]";
    table.refuse_if(nobody, "certificates", "certificates are required, but no beneficiary is stated", hint);
}

/// `2021-6-1` is the same day, but packs hold the text; a year has four digits.
fn is_date(text: &str) -> bool {
    text.parse::<chrono::NaiveDate>().is_ok_and(|date| date.to_string() == text && text.len() == 10)
}

/// Shares of one plant add up to at most the plant, at every instant at which one changes.
pub(super) fn check_shares(file: &File<'_>, contracts: &[(ContractDef, usize)]) {
    for Oversold { plant, since, shares, last } in together::oversold(&definitions(contracts)) {
        let since = since.map_or(String::new(), |instant| format!(" from {instant} on"));
        let what = format!("the shares of plant `{plant}` add up to more than 1: {shares}{since}");
        file.refuse(contracts[last].1, what, "lower a share: the same energy cannot be claimed twice");
    }
}

/// Site lists nest or are disjoint, or the order of allocation could strand energy.
pub(super) fn check_nesting(
    file: &File<'_>,
    contracts: &[(ContractDef, usize)],
    sites: &[&SiteDef],
    links: &[LinkDef],
) {
    for (first, second) in together::crossing(&definitions(contracts), sites, links) {
        let ((a, _), (b, at)) = (&contracts[first], &contracts[second]);
        let what = format!("contracts {} and {}: their site lists overlap, and neither contains the other", a.id, b.id);
        file.refuse(*at, what, "nest the lists or keep them apart");
    }
}

fn definitions(contracts: &[(ContractDef, usize)]) -> Vec<&ContractDef> {
    contracts.iter().map(|(contract, _)| contract).collect()
}
