//! `[[contract]]`: who supplies what to whom.

use super::file::File;
use super::known::Known;
use super::terms::terms;
use super::values::{changes, fraction, milligrams};
use super::walk::Table;
use super::{boundaries, names, profile, sharing};
use reports::definitions::{ContractDef, Fraction, Settlement, SharingRule};
use reports::series::name::is_id;
use reports::text::is_cell;

pub fn read(file: &mut File<'_>, mut table: Table<'_, '_>, known: &Known<'_>) -> Option<(ContractDef, usize)> {
    let id = table.named_by_id(file, "contract");
    let name = names::read(file, &mut table, "Desert Sun PPA");
    let boundary = boundaries::reference(file, &mut table, "boundary", known.boundaries);
    let technology = table.needed_string(file, "technology");
    let ef = table.number(file, "ef_g_per_kwh").map(milligrams);
    check_technology(file, &table, technology.as_ref(), ef, known);
    let plant = plant(file, &mut table);
    let share = share(file, &mut table);
    let share_changes = changes(file, &mut table, "share_changes", known.time, |file, entry| {
        entry.needs(file, "share");
        fraction(file, entry, "share")
    });
    let terms = terms(file, &mut table, known);
    let settlement = settlement(file, &mut table);
    let allocation = table.choice(file, "allocation").and_then(SharingRule::parse).unwrap_or(SharingRule::Proportional);
    let sites = sharing::sites(file, &mut table, boundary.as_deref(), terms.kind, known);
    let split = sharing::split(file, &mut table, allocation, &sites);
    let profile = table.table(file, "profile").and_then(|t| profile::read(file, t, known));
    let at = table.at;
    table.close(file);
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
        kind: terms.kind,
        allocation,
        sites: sites?,
        split: split?,
        profile,
        shaped_w: terms.shaped_w,
        annual_wh: terms.annual_wh,
        capacity_w: terms.capacity_w,
        valid_from: terms.valid_from,
        valid_to: terms.valid_to,
        certificates: terms.certificates,
        registry: terms.registry,
        beneficiary: terms.beneficiary,
        commissioned: terms.commissioned,
        meter: terms.meter,
        accuracy_class: terms.accuracy_class,
    };
    Some((contract, at))
}

fn check_technology(
    file: &mut File<'_>,
    table: &Table<'_, '_>,
    technology: Option<&(String, usize)>,
    ef: Option<i64>,
    known: &Known<'_>,
) {
    let (Some((name, at)), Some(ruleset)) = (technology, known.ruleset) else { return };
    if !is_cell(name) {
        // It stands in tables without quotes.
        let what = format!("{}: technology `{name}` is not a plain word", table.name);
        return file.refuse(*at, what, "write \"solar\", \"gas\" or another technology");
    }
    if !ruleset.is_carbon_free(name) && ef.is_none() {
        file.refuse(
            *at,
            format!("{}: `{name}` is not carbon-free under ruleset {} and has no factor", table.name, ruleset.id),
            format!("add ef_g_per_kwh, or use one of {}", ruleset.carbon_free.join(" ")),
        );
    }
}

/// A plant's id: it stands in the names of series.
fn plant(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Option<String> {
    let (plant, at) = table.string(file, "plant")?;
    if !is_id(&plant) {
        let what = format!("{}: plant `{plant}` is not an id", table.name);
        file.refuse(at, what, "use letters, digits, `-`, `_` and `.`, at most 64 of them");
        return None;
    }
    Some(plant)
}

fn share(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Option<Fraction> {
    match table.string(file, "share") {
        None => Some(Fraction::ONE),
        Some((text, at)) => match Fraction::parse(&text) {
            Ok(share) => Some(share),
            Err(error) => {
                file.refuse(at, format!("{}: {error}", table.name), "write share = \"1/2\" or \"0.5\"");
                None
            }
        },
    }
}

fn settlement(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Settlement {
    match table.choice(file, "settlement") {
        Some("financial") => Settlement::Financial,
        _ => Settlement::Physical,
    }
}
