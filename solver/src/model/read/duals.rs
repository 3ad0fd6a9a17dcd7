//! Row duals read back by what the row means, and the price they give.
//!
//! `h * per_mwh[s,t] = -pue*(balance + connection, event, limit and peak rows) - capacity + pue*(sum nested) +
//! sum h*(1-q)*pue*target`, the last only under `UsefulLoad`: each term is d(row limit)/d(firm) times the row's
//! dual, a dual being d(objective)/d(row limit).

use crate::model::given::StorageIntegers;
use crate::model::linear::LinearModel;
use crate::model::rules;
use crate::model::terms::Terms;
use crate::problem::Problem;

#[derive(Debug, Clone, PartialEq)]
pub struct Duals {
    /// `[boundary][step]`.
    pub balance: Vec<Vec<f64>>,
    /// `[site][step]`.
    pub capacity: Vec<Vec<f64>>,
    /// `[node][step]`: nested site lists of contracts.
    pub nested: Vec<Vec<f64>>,
    pub energy: Vec<f64>,
    pub target: Vec<f64>,
    /// `[site][step]`, the sum over further rows that bound the site's facility power.
    pub other: Vec<Vec<f64>>,
    /// `[pool][step]`, per GPU.
    pub pools: Vec<Vec<f64>>,
}

impl Duals {
    /// Reads the duals of an outcome of this problem.
    pub fn new(problem: &Problem, duals: &[f64]) -> Duals {
        let terms = Terms::new(problem);
        let model = rules::formulate(problem, &terms, &StorageIntegers::default());
        Duals::read(problem, &terms, &model, duals)
    }

    pub(crate) fn read(problem: &Problem, terms: &Terms, model: &LinearModel, y: &[f64]) -> Duals {
        let keys = &model.keys;
        let other = |s: usize, t: usize| -> f64 {
            let balance = keys.balance.at(problem.sites[s].boundary, t);
            let rows = model.limit_rows.facility[model.limit_rows.at(s, t)].iter();
            rows.filter(|row| row.0 != balance).map(|&(row, value)| value * y[row]).sum()
        };
        let table = |things: usize, at: &dyn Fn(usize, usize) -> usize| -> Vec<Vec<f64>> {
            (0..things).map(|i| (0..problem.steps).map(|t| y[at(i, t)]).collect()).collect()
        };
        Duals {
            balance: table(problem.boundaries.len(), &|b, t| keys.balance.at(b, t)),
            capacity: table(problem.sites.len(), &|s, t| keys.capacity.at(s, t)),
            nested: table(terms.nodes.len(), &|n, t| keys.nested.at(n, t)),
            pools: table(problem.pools.len(), &|p, t| model.limit_rows.pools[p][t][0].0),
            energy: (0..problem.work.len()).map(|w| y[keys.energy(w)]).collect(),
            target: (0..terms.targets.len()).map(|k| y[keys.target(k)]).collect(),
            other: (0..problem.sites.len()).map(|s| (0..problem.steps).map(|t| other(s, t)).collect()).collect(),
        }
    }

    /// `[site][step]`, currency per IT MWh.
    pub(crate) fn prices(&self, problem: &Problem, terms: &Terms) -> Vec<Vec<f64>> {
        let overloaded = |s, t| terms.overloads.iter().any(|o| o.site == s && o.step == t);
        let sites = problem.sites.iter().enumerate().map(|(s, site)| {
            let nodes: Vec<usize> = (0..terms.nodes.len()).filter(|&n| terms.nodes[n].sites.contains(&s)).collect();
            let price = |t: usize| {
                let mut price = -site.pue[t] * (self.balance[site.boundary][t] + self.other[s][t]);
                // Past its limit more firm load takes no room from anybody.
                if !(terms.headroom[s][t] == 0.0 && overloaded(s, t)) {
                    price -= self.capacity[s][t];
                }
                nodes.iter().for_each(|&n| price += site.pue[t] * self.nested[n][t]);
                for (dual, target) in self.target.iter().zip(&terms.targets) {
                    price += target.firm_credit(problem, s, t) * dual;
                }
                price / problem.step_hours
            };
            (0..problem.steps).map(price).collect()
        });
        sites.collect()
    }
}
