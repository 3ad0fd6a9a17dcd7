//! What a portfolio says of series before any reading is seen: what connections, plants and storages can carry.

use super::checked::Portfolio;
use super::common::{ContractDef, Fraction, SiteDef, SiteId};
use reports::door::{Bound, Expected};
use reports::series::name::{ContractLeaf, PlantLeaf, SeriesName, SiteLeaf, StorageLeaf};
use reports::units::mw_to_wh;
use std::collections::BTreeMap;

const SOLAR: &str = "solar";

/// W of a power in MW: the Wh of it in an hour.
fn watts(mw: f64) -> i64 {
    mw_to_wh(mw, 3_600)
}

/// For the checks at the door.
pub fn expected(portfolio: &Portfolio) -> Expected {
    let mut expected = Expected::default();
    let mut takes = BTreeMap::new();
    for (site, plan) in portfolio.definitions.sites.iter().zip(&portfolio.sites) {
        let most_mw = plan.grid_limit_mw.unwrap_or(plan.it_capacity_mw * plan.pue + plan.overhead_mw);
        takes.insert(&site.id, watts(most_mw));
        of_site(portfolio, site, plan.grid_limit_mw, watts(most_mw), &mut expected);
    }
    for contract in &portfolio.definitions.contracts {
        of_contract(contract, &takes, &mut expected);
    }
    for (storage, plan) in portfolio.definitions.storage.iter().zip(&portfolio.storage) {
        for (leaf, mw, key) in [
            (StorageLeaf::Charge, plan.charge_mw, "charge_mw"),
            (StorageLeaf::Discharge, plan.discharge_mw, "discharge_mw"),
        ] {
            let Some(mw) = mw else { continue };
            let bound = Bound { watts: watts(mw), what: format!("the {key} of storage {}", storage.id) };
            expected.capacity.insert(SeriesName::storage(&storage.id, leaf).into(), bound);
        }
    }
    for boundary in &portfolio.definitions.boundaries {
        expected.solar.insert(SeriesName::of_boundary(&boundary.id, SOLAR).into());
    }
    expected
}

/// A connection carries import and export; load only where nothing generates or discharges behind it.
fn of_site(portfolio: &Portfolio, site: &SiteDef, limit_mw: Option<f64>, most: i64, expected: &mut Expected) {
    let name = |leaf: SiteLeaf| String::from(SeriesName::site(&site.id, leaf));
    let alone = site.onsite_technology.is_none() && portfolio.definitions.storage.iter().all(|s| s.site != site.id);
    if site.onsite_technology.as_deref() == Some(SOLAR) {
        expected.solar.insert(name(SiteLeaf::OnsiteGeneration));
    }
    for leaf in [SiteLeaf::Load, SiteLeaf::Import, SiteLeaf::Export] {
        let (bounds, watts, what) = match limit_mw {
            Some(limit_mw) if alone || leaf != SiteLeaf::Load => {
                (&mut expected.capacity, watts(limit_mw), format!("the grid_limit_mw of site {}", site.id))
            }
            _ => (&mut expected.scale, most, format!("all that site {} takes", site.id)),
        };
        bounds.insert(name(leaf), Bound { watts, what });
    }
}

/// Its own series and its plant's, which several contracts may share: the largest of what they say.
fn of_contract(contract: &ContractDef, takes: &BTreeMap<&SiteId, i64>, expected: &mut Expected) {
    let own = String::from(SeriesName::contract(&contract.id, ContractLeaf::Generation));
    let plant = contract.plant.as_ref().map(|plant| String::from(SeriesName::plant(plant, PlantLeaf::Generation)));
    let sites = contract.sites.iter().filter_map(|site| takes.get(site));
    let most = whole_plant(contract, sites.fold(0_i64, |sum, watts| sum.saturating_add(*watts)));
    for series in [Some(own), plant].into_iter().flatten() {
        if contract.technology == SOLAR {
            expected.solar.insert(series.clone());
        }
        if let Some(watts) = contract.capacity_w {
            let what = format!("the capacity_mw of contract {}", contract.id);
            raise(&mut expected.capacity, &series, Bound { watts, what });
        }
        if most > 0 {
            let what = format!("all that the sites of contract {} take", contract.id);
            raise(&mut expected.scale, &series, Bound { watts: most, what });
        }
    }
}

/// What a plant generates where the contract's least share of it is a power; 0 where it has no share.
fn whole_plant(contract: &ContractDef, watts: i64) -> i64 {
    let shares = contract.share_changes.iter().map(|change| change.value).chain([contract.share]);
    let plant = |share: Fraction| i128::from(watts) * i128::from(share.denominator) / i128::from(share.numerator);
    let most = shares.filter(|share| share.numerator > 0).map(plant).max().unwrap_or_default();
    i64::try_from(most).unwrap_or(i64::MAX)
}

fn raise(bounds: &mut BTreeMap<String, Bound>, series: &str, bound: Bound) {
    if bounds.get(series).is_none_or(|held| held.watts < bound.watts) {
        bounds.insert(series.to_string(), bound);
    }
}
