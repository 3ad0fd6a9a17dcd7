//! Boundaries, and contracts whose site lists nest.

use super::fields::{self, Checked, FINITE, NOT_NEGATIVE, SHARE, finite, positive_or_zero, series, shape};
use crate::problem::instance::Problem;
use crate::problem::supply::{Boundary, Contract};

pub(super) fn check(problem: &Problem) -> Checked {
    problem.boundaries.iter().try_for_each(|b| boundary(problem, b))?;
    problem.contracts.iter().try_for_each(|c| contract(problem, c))?;
    nesting(problem)
}

fn boundary(problem: &Problem, b: &Boundary) -> Checked {
    let name = |field: &str| format!("boundary {} {field}", b.id);
    let t = problem.steps;
    series(&name("buy_per_mwh"), &b.buy_per_mwh, t, FINITE, finite)?;
    series(&name("carbon_g_per_kwh"), &b.carbon_g_per_kwh, t, NOT_NEGATIVE, positive_or_zero)?;
    series(&name("grid_cfe_share"), &b.grid_cfe_share, t, SHARE, |v| (0.0..=1.0).contains(&v))
}

fn contract(problem: &Problem, c: &Contract) -> Checked {
    let name = |field: &str| format!("contract {} {field}", c.id);
    let t = problem.steps;
    fields::index(&name("boundary"), c.boundary, problem.boundaries.len())?;
    fields::sites(&name("sites"), &c.sites, problem.sites.len())?;
    let inside = c.sites.iter().all(|&s| problem.sites[s].boundary == c.boundary);
    shape(&name("sites"), inside, "a served site lies in another boundary")?;
    series(&name("available_mw"), &c.available_mw, t, NOT_NEGATIVE, positive_or_zero)?;
    series(&name("sell_per_mwh"), &c.sell_per_mwh, t, FINITE, finite)?;
    fields::optional(&name("doubt"), &c.doubt, t, SHARE, |v| (0.0..=1.0).contains(&v))
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
