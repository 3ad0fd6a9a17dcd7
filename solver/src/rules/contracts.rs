//! `0 <= use[g,t] <= sum(c in g) available[c,t]`
//! `sum(g inside S) use[g,t] <= sum(s in S) (overhead + pue * (firm + sum(w) x))` for each
//! site list S smaller than its boundary.
//!
//! Contracts alike in boundary, site list, settlement, doubt and cost are one group. Site lists nest
//! or are disjoint, so these rows say exactly that supply can be assigned to served sites.

use crate::model::{ColumnKind, LinearModel, RowKind};
use crate::problem::{Problem, Settlement};
use crate::rules::money;
use crate::terms::Terms;

#[derive(Debug, Clone)]
pub struct Group {
    pub boundary: usize,
    pub settlement: Settlement,
    pub sites: Vec<usize>,
    pub contracts: Vec<usize>,
    pub available: Vec<f64>,
    /// Cost of counting on one MW for one step: spot when financial, lost sales when physical, and the grid's as far
    /// as it is in doubt.
    pub cost: Vec<f64>,
    pub doubt: Vec<f64>,
    /// Nodes whose site list holds this group's.
    pub nodes: Vec<usize>,
}

#[derive(Debug, Clone)]
pub struct Node {
    pub boundary: usize,
    pub sites: Vec<usize>,
}

pub fn groups(problem: &Problem, sites_of: &[Vec<usize>], grid_cost: &[Vec<f64>]) -> (Vec<Group>, Vec<Node>) {
    let mut groups: Vec<Group> = Vec::new();
    for (index, contract) in problem.contracts.iter().enumerate() {
        let mut sites = contract.sites.clone();
        sites.sort_unstable();
        let doubt: Vec<f64> = (0..problem.steps).map(|t| contract.doubt_at(t)).collect();
        let mut cost = money::use_cost(problem, contract);
        for (t, cost) in cost.iter_mut().enumerate() {
            *cost += doubt[t] * (grid_cost[contract.boundary][t] - *cost);
        }
        let alike = groups.iter_mut().find(|g| {
            (g.boundary, g.settlement, &g.sites) == (contract.boundary, contract.settlement, &sites)
                && g.doubt == doubt
                && g.cost == cost
        });
        if let Some(group) = alike {
            group.contracts.push(index);
            for (sum, mw) in group.available.iter_mut().zip(&contract.available_mw) {
                *sum += mw;
            }
            continue;
        }
        groups.push(Group {
            boundary: contract.boundary,
            settlement: contract.settlement,
            sites,
            contracts: vec![index],
            available: contract.available_mw.clone(),
            cost,
            doubt,
            nodes: Vec::new(),
        });
    }
    let mut nodes: Vec<Node> = Vec::new();
    for group in &groups {
        let small = group.sites.len() < sites_of[group.boundary].len();
        if small && !nodes.iter().any(|n| n.sites == group.sites) {
            let (boundary, sites) = (group.boundary, group.sites.clone());
            nodes.push(Node { boundary, sites });
        }
    }
    for group in &mut groups {
        let holds = |n: &Node| group.sites.iter().all(|s| n.sites.contains(s));
        group.nodes = (0..nodes.len()).filter(|&n| holds(&nodes[n])).collect();
    }
    (groups, nodes)
}

pub fn add(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for (n, node) in terms.nodes.iter().enumerate() {
        for step in 0..problem.steps {
            let firm: f64 = node
                .sites
                .iter()
                .map(|&s| &problem.sites[s])
                .map(|s| s.overhead_mw[step] + s.pue[step] * s.firm_it_mw[step])
                .sum();
            let row = model.keys.nested.at(n, step);
            let kind = RowKind::Nested { node: n, step };
            model.row(row, kind, f64::NEG_INFINITY, firm);
            for &site in &node.sites {
                let at = model.taps.at(site, step);
                model.taps.nested[at].push((row, -1.0));
            }
        }
    }
    for (g, group) in terms.groups.iter().enumerate() {
        for step in 0..problem.steps {
            let column = model.keys.usage.at(g, step);
            let kind = ColumnKind::Use { group: g, step };
            model.column(column, kind, group.available[step], group.cost[step]);
            let balance = model.keys.balance.at(group.boundary, step);
            model.entry(balance, column, -1.0);
            for &n in &group.nodes {
                let nested = model.keys.nested.at(n, step);
                model.entry(nested, column, 1.0);
            }
        }
    }
}
