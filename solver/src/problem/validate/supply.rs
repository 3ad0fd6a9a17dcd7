//! Boundaries, contracts whose site lists nest, prices of policy, and targets.

use super::fields::{self, Checked, FINITE, NOT_NEGATIVE, SHARE, none_negative, not_negative, series, shape, share};
use crate::problem::instance::Problem;
use crate::problem::supply::{Boundary, Contract};
use crate::problem::target::{Scope, Target};

pub(super) fn check(problem: &Problem) -> Checked {
    problem.boundaries.iter().try_for_each(|b| boundary(problem, b))?;
    problem.contracts.iter().try_for_each(|c| contract(problem, c))?;
    nesting(problem)
}

fn boundary(problem: &Problem, b: &Boundary) -> Checked {
    let name = |field: &str| format!("boundary {} {field}", b.id);
    let t = problem.steps;
    series(&name("buy_per_mwh"), &b.buy_per_mwh, t, FINITE)?;
    series(&name("carbon_g_per_kwh"), &b.carbon_g_per_kwh, t, NOT_NEGATIVE)?;
    series(&name("grid_cfe_share"), &b.grid_cfe_share, t, SHARE)
}

fn contract(problem: &Problem, c: &Contract) -> Checked {
    let name = |field: &str| format!("contract {} {field}", c.id);
    let t = problem.steps;
    fields::index(&name("boundary"), c.boundary, &problem.boundaries)?;
    fields::sites(&name("sites"), &c.sites, &problem.sites)?;
    let inside = c.sites.iter().all(|&s| problem.sites[s].boundary == c.boundary);
    shape(&name("sites"), inside, "a served site lies in another boundary")?;
    series(&name("available_mw"), &c.available_mw, t, NOT_NEGATIVE)?;
    series(&name("sell_per_mwh"), &c.sell_per_mwh, t, FINITE)?;
    fields::optional(&name("doubt"), &c.doubt, t, SHARE)
}

/// Nested or disjoint sets are what makes one row per set exact.
fn nesting(problem: &Problem) -> Checked {
    for (at, a) in problem.contracts.iter().enumerate() {
        for b in &problem.contracts[..at] {
            let shared = a.sites.iter().filter(|s| b.sites.contains(s)).count();
            let good = shared == 0 || shared == a.sites.len() || shared == b.sites.len();
            let what = format!("contracts {} and {}", b.id, a.id);
            shape(&what, good, "their site lists overlap, and neither contains the other")?;
        }
    }
    Ok(())
}

/// Prices of policy, utilisation and targets.
pub(super) fn check_prices(problem: &Problem) -> Checked {
    let name = |field: &str| format!("policy {field}");
    none_negative!(name, problem.policy; carbon_price_per_t, delay_price_per_mwh_step, overload_price_per_mwh)?;
    none_negative!(name, problem.policy; event_price_per_mwh, class_price_per_mwh)?;
    if let Some(utilisation) = &problem.utilisation {
        share("utilisation floor", utilisation.floor)?;
        not_negative("utilisation reference", utilisation.reference)?;
    }
    problem.targets.iter().enumerate().try_for_each(|(k, t)| target(problem, k, t))
}

fn target(problem: &Problem, k: usize, target: &Target) -> Checked {
    let name = |field: &str| format!("target {k} {field}");
    if let Scope::Boundary(b) = target.scope {
        fields::index(&name("scope"), b, &problem.boundaries)?;
    }
    share(&name("share"), target.share)?;
    none_negative!(name, target; shortfall_price_per_mwh, load_elsewhere_mwh, unmatched_elsewhere_mwh)
}
