//! What contracts deliver, as the solver sees it: certain, or in tiers that come more and more rarely.
//!
//! With quantiles `C_1 <= C_2 <= ...` of weights `w_i`, the expected cost of a load L is linear between them:
//! tier k is `C_k - C_(k-1)` wide and in doubt by `w_1 + ... + w_(k-1)`.

use super::stated::Stated;
use crate::expected::Hedge;
use crate::expected::quantiles::{LEVELS, WEIGHTS};
use crate::plan::common::{BoundaryIndex, ContractIndex, Index, Snapshot, codes};
use reports::definitions::{ContractDef, Settlement, SharingRule};

/// Surplus is sold for a touch less than what it saves on the grid, so that matching is never a tie.
const SELL_MARGIN_PER_MWH: f64 = 0.001;

pub(super) fn add(snapshot: &Snapshot, stated: &mut Stated) {
    let portfolio = &snapshot.portfolio;
    let mut capped = 0;
    for (index, contract) in ContractIndex::each(&portfolio.definitions.contracts) {
        if !snapshot.counts(contract) {
            continue;
        }
        let one = base(snapshot, contract, &mut capped);
        if one.sites.is_empty() {
            let message = format!(
                "contract {}: no site of {} can use it, so all of it is surplus",
                contract.id, contract.boundary
            );
            stated.say(codes::NO_SITE, &contract.id, 0.0, "", message);
            continue;
        }
        let values = &snapshot.view.delivered_mw[index].values;
        match hedge_of(snapshot, index, one.boundary) {
            Some(hedge) if hedge.contracts[0] == index => {
                stated.problem.contracts.extend(tiers(snapshot, hedge, &one));
            }
            // It stands in the tiers of another of its list.
            Some(_) => {}
            None if contract.allocation == SharingRule::ProRataContract => {
                // Fixed parts are not shared: a site's unused part is surplus.
                for site in &one.sites {
                    let id = &portfolio.definitions.sites[*site].id;
                    let part = contract.split.get(id).map_or(0.0, |p| p.numerator as f64 / p.denominator as f64);
                    let (id, sites) = (format!("{}/{id}", contract.id).into(), vec![*site]);
                    let available_mw = values.iter().map(|mw| mw * part).collect();
                    stated.problem.contracts.push(solver::Contract { id, sites, available_mw, ..one.clone() });
                }
            }
            None => stated.problem.contracts.push(solver::Contract { available_mw: values.clone(), ..one }),
        }
    }
    if capped > 0 {
        let message =
            format!("in {capped} contract steps surplus sells for no more than matching it saves: price plus carbon");
        stated.say(codes::SELL_CAPPED, "contracts", f64::from(capped), "steps", message);
    }
}

/// Everything of a contract but what it delivers.
fn base(snapshot: &Snapshot, contract: &ContractDef, capped: &mut u32) -> solver::Contract {
    let portfolio = &snapshot.portfolio;
    let carbon_price = portfolio.policy.carbon_price_per_t;
    let boundary = portfolio.boundary(&contract.boundary).unwrap_or_default();
    let expectation = &snapshot.view.boundaries[boundary];
    let prices = expectation.price_per_mwh.values.iter().zip(&expectation.carbon_g_per_kwh.values);
    let sell = prices.map(|(buy, grams)| {
        let saved = buy + carbon_price * grams / 1_000.0 - SELL_MARGIN_PER_MWH;
        *capped += u32::from(*buy > saved);
        buy.min(saved)
    });
    let settlement = match contract.settlement {
        Settlement::Physical => solver::Settlement::Physical,
        Settlement::Financial => solver::Settlement::Financial,
    };
    let (id, sites, sell_per_mwh) = (contract.id.clone(), snapshot.served(contract), sell.collect());
    solver::Contract { id, boundary, settlement, sites, available_mw: Vec::new(), sell_per_mwh, doubt: Vec::new() }
}

/// The list a contract is hedged in. Where storage may carry energy on, plans keep to what is expected: which hours it
/// charges in must not depend on tiers.
fn hedge_of(snapshot: &Snapshot, contract: ContractIndex, boundary: BoundaryIndex) -> Option<&Hedge> {
    if !snapshot.portfolio.policy.hedge || snapshot.stores(boundary) {
        return None;
    }
    snapshot.view.hedges.iter().find(|hedge| hedge.contracts.contains(&contract))
}

fn tiers(snapshot: &Snapshot, hedge: &Hedge, one: &solver::Contract) -> Vec<solver::Contract> {
    let steps = snapshot.grid.len;
    let mut doubt = 0.0;
    let mut tiers = Vec::with_capacity(LEVELS.len());
    for (k, weight) in WEIGHTS.iter().enumerate() {
        let width = |step: usize| match &hedge.total_mw.quantiles[step] {
            Some(levels) => levels[k] - k.checked_sub(1).map_or(0.0, |below| levels[below]),
            None if k == 0 => hedge.total_mw.values[step],
            None => 0.0,
        };
        tiers.push(solver::Contract {
            id: if k == 0 { one.id.clone() } else { format!("{} tier {}", one.id, k + 1).into() },
            available_mw: (0..steps).map(|step| width(step).max(0.0)).collect(),
            doubt: if k == 0 { Vec::new() } else { vec![doubt; steps] },
            ..one.clone()
        });
        doubt += weight;
    }
    tiers
}

/// Load that is expected to go unmatched where `load_mw` is drawn from contracts in tiers, besides what is certain.
pub(in crate::plan) fn expected_unmatched(levels: &[f64; LEVELS.len()], load_mw: f64) -> f64 {
    levels.iter().zip(&WEIGHTS).map(|(level, weight)| weight * (load_mw - level).max(0.0)).sum()
}
