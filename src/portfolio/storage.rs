//! `[[storage]]`: batteries, planned by their ratings and audited by their meters.

use super::common::{Deserialize, Serialize, SiteId, Table};
use super::known::site;
use super::values::{fraction, mega};
use reports::definitions::{Fraction, StorageDef, limits};

/// What planning needs of a storage beyond its definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChargeFrom {
    /// Only surplus of contracts, as the audit counts it.
    #[default]
    Surplus,
    Grid,
}

pub(super) fn read(mut table: Table<'_, '_>, sites: &[SiteId]) -> Option<(StorageDef, StoragePlan, usize)> {
    let id = table.named_by_id("storage");
    let site = site(&mut table, sites);
    let energy_wh = mega(&mut table, "energy_mwh");
    let [charge, discharge] = ["eff_charge", "eff_discharge"].map(|key| part(&mut table, key));
    let efficiency = efficiency(&table, charge, discharge);
    let as_f64 = |part: Option<Fraction>| part.map_or(1.0, |p| p.numerator as f64 / p.denominator as f64);
    let months = table.number("efficiency_months").unwrap_or(6.0);
    let odd = limits::EFFICIENCY_MONTHS.iter().all(|known| f64::from(*known) != months);
    let key = "efficiency_months";
    table.refuse_if(odd, key, "efficiency_months is not a part of half a year", "write 1, 2, 3 or 6");
    let plan = StoragePlan {
        charge_mw: table.number("charge_mw"),
        discharge_mw: table.number("discharge_mw"),
        eff_charge: as_f64(charge),
        eff_discharge: as_f64(discharge),
        loss_per_hour: table.number("loss_per_hour").unwrap_or(0.0),
        end_min_mwh: table.number("end_min_mwh").unwrap_or(0.0),
        wear_per_mwh: table.number("wear_per_mwh").unwrap_or(0.0),
        charge_from: table.choice("charge_from").unwrap_or_default(),
    };
    let beyond = energy_wh.is_some_and(|energy_wh| plan.end_min_mwh > energy_wh as f64 / 1e6);
    let hint = "write at most what the storage holds";
    table.refuse_if(beyond, "end_min_mwh", "end_min_mwh is more than energy_mwh", hint);
    let at = table.at;
    table.close();
    let definition = StorageDef {
        id: id?,
        site: site?,
        energy_wh: energy_wh.unwrap_or(0),
        efficiency: efficiency?,
        efficiency_months: months as u32,
    };
    Some((definition, plan, at))
}

/// Charge times discharge efficiency, exactly.
fn efficiency(table: &Table<'_, '_>, charge: Option<Fraction>, discharge: Option<Fraction>) -> Option<Fraction> {
    let product = charge?.times(discharge?);
    let what = "eff_charge times eff_discharge is too fine to be held exactly";
    table.refuse_if(product.is_none(), "eff_charge", what, "write fewer digits");
    product
}

fn part(table: &mut Table<'_, '_>, key: &'static str) -> Option<Fraction> {
    let part = fraction(table, key);
    if table.at_key(key) == table.at {
        return Some(Fraction::ONE);
    }
    table.refuse_if(part?.numerator == 0, key, format!("`{key}` is zero"), &format!("write {key} = 0.92"));
    part.filter(|part| part.numerator > 0)
}
