//! Boundaries and the contracts that deliver in them.

use super::Problem;
use super::check::{self, Checked, FINITE, NOT_NEGATIVE, SHARE, finite, positive_or_zero, series, shape};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Boundary {
    pub id: String,
    pub buy_per_mwh: Vec<f64>,
    /// Grid intensity of the chosen carbon basis.
    pub carbon_g_per_kwh: Vec<f64>,
    pub grid_cfe_share: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Settlement {
    #[default]
    Physical,
    Financial,
}

/// Supply that can be matched; one tier of it where delivery is uncertain.
///
/// Several contracts of one list, ordered by `doubt`, state the expected cost of a distribution exactly:
/// `sum_i w_i*max(0, L - C_i)` is piecewise linear in L with a kink at each quantile `C_i`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Contract {
    pub id: String,
    pub boundary: usize,
    pub settlement: Settlement,
    /// Served sites; all sites of the boundary mean unrestricted.
    pub sites: Vec<usize>,
    pub available_mw: Vec<f64>,
    /// Revenue of surplus, physical only; the caller caps it at buy + carbon.
    pub sell_per_mwh: Vec<f64>,
    /// Probability that this tier does not come, and the grid serves instead; empty: certain.
    #[serde(default)]
    pub doubt: Vec<f64>,
}

impl Contract {
    pub fn doubt_at(&self, step: usize) -> f64 {
        self.doubt.get(step).copied().unwrap_or(0.0)
    }
}

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
    check::index(&name("boundary"), c.boundary, problem.boundaries.len())?;
    check::sites(&name("sites"), &c.sites, problem.sites.len())?;
    let inside = c.sites.iter().all(|&s| problem.sites[s].boundary == c.boundary);
    shape(&name("sites"), inside, "a served site lies in another boundary")?;
    series(&name("available_mw"), &c.available_mw, t, NOT_NEGATIVE, positive_or_zero)?;
    series(&name("sell_per_mwh"), &c.sell_per_mwh, t, FINITE, finite)?;
    check::optional(&name("doubt"), &c.doubt, t, SHARE, |v| (0.0..=1.0).contains(&v))
}

/// Nested or disjoint sets are what makes one row per set exact.
fn nesting(problem: &Problem) -> Checked {
    for (at, a) in problem.contracts.iter().enumerate() {
        for b in &problem.contracts[..at] {
            let shared = a.sites.iter().filter(|s| b.sites.contains(s)).count();
            let good = shared == 0 || shared == a.sites.len() || shared == b.sites.len();
            let what = format!("contracts {} and {}", b.id, a.id);
            shape(&what, good, "their site lists overlap without one holding the other")?;
        }
    }
    Ok(())
}
