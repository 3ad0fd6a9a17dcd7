//! `[[storage]]`: batteries, planned by their ratings and audited by their meters.

use super::file::File;
use super::known::undefined_site;
use super::values::{fraction, mega};
use super::walk::Table;
use reports::definitions::{Fraction, StorageDef, limits};
use std::collections::BTreeMap;

/// What planning needs of a storage beyond its definition.
#[derive(Debug, Clone, PartialEq)]
pub struct StoragePlan {
    pub charge_mw: Option<f64>,
    pub discharge_mw: Option<f64>,
    pub eff_charge: f64,
    pub eff_discharge: f64,
    pub loss_per_hour: f64,
    pub end_min_mwh: f64,
    pub wear_per_mwh: f64,
    pub charge_from: ChargeFrom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeFrom {
    /// Only surplus of contracts, as the audit counts it.
    Surplus,
    Grid,
}

pub(super) fn read(
    file: &mut File<'_>,
    mut table: Table<'_, '_>,
    sites: &BTreeMap<String, Vec<String>>,
) -> Option<(StorageDef, StoragePlan, usize)> {
    let id = table.named_by_id(file, "storage");
    let site = site(file, &mut table, sites);
    let energy_wh = mega(file, &mut table, "energy_mwh");
    let [charge, discharge] = ["eff_charge", "eff_discharge"].map(|key| part(file, &mut table, key));
    let efficiency = efficiency(file, &table, charge, discharge);
    let as_f64 = |part: Option<Fraction>| part.map_or(1.0, |p| p.numerator as f64 / p.denominator as f64);
    let months = table.number(file, "efficiency_months").unwrap_or(6.0);
    if !limits::EFFICIENCY_MONTHS.iter().any(|known| f64::from(*known) == months) {
        let what = format!("{}: efficiency_months is not a part of half a year", table.name);
        file.refuse(table.at_key("efficiency_months"), what, "write 1, 2, 3 or 6");
    }
    let plan = StoragePlan {
        charge_mw: table.number(file, "charge_mw"),
        discharge_mw: table.number(file, "discharge_mw"),
        eff_charge: as_f64(charge),
        eff_discharge: as_f64(discharge),
        loss_per_hour: table.number(file, "loss_per_hour").unwrap_or(0.0),
        end_min_mwh: table.number(file, "end_min_mwh").unwrap_or(0.0),
        wear_per_mwh: table.number(file, "wear_per_mwh").unwrap_or(0.0),
        charge_from: charge_from(file, &mut table),
    };
    if energy_wh.is_some_and(|energy_wh| plan.end_min_mwh > energy_wh as f64 / 1e6) {
        let what = format!("{}: end_min_mwh is more than energy_mwh", table.name);
        file.refuse(table.at_key("end_min_mwh"), what, "write at most what the storage holds");
    }
    let at = table.at;
    table.close(file);
    let definition = StorageDef {
        id: id?,
        site: site?,
        energy_wh: energy_wh.unwrap_or(0),
        efficiency: efficiency?,
        efficiency_months: months as u32,
    };
    Some((definition, plan, at))
}

fn site(file: &mut File<'_>, table: &mut Table<'_, '_>, known: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    let (site, at) = table.needed_name(file, "site", names.first().copied())?;
    if !known.contains_key(&site) {
        undefined_site(file, (&table.name, at), &site, &names);
    }
    Some(site)
}

/// Charge times discharge efficiency, exactly.
fn efficiency(
    file: &mut File<'_>,
    table: &Table<'_, '_>,
    charge: Option<Fraction>,
    discharge: Option<Fraction>,
) -> Option<Fraction> {
    let product = charge?.times(discharge?);
    if product.is_none() {
        let what = format!("{}: eff_charge times eff_discharge is too fine to be held exactly", table.name);
        file.refuse(table.at_key("eff_charge"), what, "write fewer digits");
    }
    product
}

fn part(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str) -> Option<Fraction> {
    let stated = table.at_key(key) != table.at;
    let part = fraction(file, table, key);
    if !stated {
        return Some(Fraction::ONE);
    }
    let part = part?;
    if part.numerator == 0 {
        file.refuse(table.at_key(key), format!("{}: `{key}` is zero", table.name), format!("write {key} = 0.92"));
        return None;
    }
    Some(part)
}

fn charge_from(file: &mut File<'_>, table: &mut Table<'_, '_>) -> ChargeFrom {
    match table.choice(file, "charge_from") {
        Some("grid") => ChargeFrom::Grid,
        _ => ChargeFrom::Surplus,
    }
}
