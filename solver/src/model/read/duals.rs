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
use ids::{BoundaryIndex, Index, PoolIndex, SiteIndex, WorkIndex};

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
        let other = |s: SiteIndex, t: usize| -> f64 {
            let balance = keys.balance(problem.sites[s].boundary, t);
            let rows = model.limit_rows.facility[model.limit_rows.at(s, t)].iter();
            rows.filter(|row| row.0 != balance).map(|&(row, value)| value * y[row]).sum()
        };
        let sites = || SiteIndex::all(&problem.sites);
        let row = |at: &dyn Fn(usize) -> usize| (0..problem.steps).map(|t| y[at(t)]).collect::<Vec<f64>>();
        Duals {
            balance: BoundaryIndex::all(&problem.boundaries).map(|b| row(&|t| keys.balance(b, t))).collect(),
            capacity: sites().map(|s| row(&|t| keys.capacity(s, t))).collect(),
            nested: (0..terms.nodes.len()).map(|n| row(&|t| keys.nested(n, t))).collect(),
            pools: PoolIndex::all(&problem.pools).map(|p| row(&|t| model.limit_rows.pools[p][t][0].0)).collect(),
            energy: WorkIndex::all(&problem.work).map(|w| y[keys.energy(w)]).collect(),
            target: (0..terms.targets.len()).map(|k| y[keys.target(k)]).collect(),
            other: sites().map(|s| (0..problem.steps).map(|t| other(s, t)).collect()).collect(),
        }
    }

    /// `[site][step]`, currency per IT MWh.
    pub(crate) fn prices(&self, problem: &Problem, terms: &Terms) -> Vec<Vec<f64>> {
        let overloaded = |s: SiteIndex, t: usize| terms.overloads.iter().any(|o| o.site == s && o.step == t);
        let sites = SiteIndex::each(&problem.sites).map(|(s, site)| {
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
