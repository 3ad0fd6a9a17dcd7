//! Prices of policy, and targets.

use super::fields::{self, Checked, not_negative, share};
use crate::problem::instance::Problem;
use crate::problem::target::{Scope, Target};

pub(super) fn check(problem: &Problem) -> Checked {
    let policy = &problem.policy;
    let prices = [
        ("policy carbon_price_per_t", policy.carbon_price_per_t),
        ("policy delay_price_per_mwh_step", policy.delay_price_per_mwh_step),
        ("policy overload_price_per_mwh", policy.overload_price_per_mwh),
        ("policy event_price_per_mwh", policy.event_price_per_mwh),
        ("policy class_price_per_mwh", policy.class_price_per_mwh),
    ];
    prices.iter().try_for_each(|(what, value)| not_negative(what, *value))?;
    if let Some(utilisation) = &problem.utilisation {
        share("utilisation floor", utilisation.floor)?;
        not_negative("utilisation reference", utilisation.reference)?;
    }
    problem.targets.iter().enumerate().try_for_each(|(k, t)| target(problem, k, t))
}

fn target(problem: &Problem, k: usize, target: &Target) -> Checked {
    let name = |field: &str| format!("target {k} {field}");
    if let Scope::Boundary(b) = target.scope {
        fields::index(&name("scope"), b, problem.boundaries.len())?;
    }
    share(&name("share"), target.share)?;
    not_negative(&name("shortfall_price_per_mwh"), target.shortfall_price_per_mwh)?;
    not_negative(&name("load_elsewhere_mwh"), target.load_elsewhere_mwh)?;
    not_negative(&name("unmatched_elsewhere_mwh"), target.unmatched_elsewhere_mwh)
}
