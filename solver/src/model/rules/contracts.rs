//! `0 <= use[g,t] <= sum(c in g) available[c,t]`
//! `sum(g inside S) use[g,t] <= sum(s in S) (overhead + pue * (firm + sum(w) x))` for each
//! site list S smaller than its boundary.
//!
//! Contracts alike are one group (`terms::supply`). Site lists nest or are disjoint, so these rows say exactly that
//! supply can be assigned to served sites.

use crate::model::given::Given;
use crate::model::linear::{ColumnKind, LinearModel, RowKind};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for (n, node) in terms.nodes.iter().enumerate() {
        for step in 0..problem.steps {
            let firm: f64 = node.sites.iter().map(|&s| problem.sites[s].firm_mw(step)).sum();
            let row = model.keys.nested(n, step);
            model.row(row, RowKind::Nested { node: n, step }, f64::NEG_INFINITY, firm);
            for &site in &node.sites {
                let at = model.limit_rows.at(site, step);
                model.limit_rows.nested[at].push((row, -1.0));
            }
        }
    }
    for (g, group) in terms.groups.iter().enumerate() {
        for step in 0..problem.steps {
            let column = model.keys.usage(g, step);
            model.column(column, ColumnKind::Use { group: g, step }, group.available[step], group.cost[step]);
            model.entry(model.keys.balance(group.boundary, step), column, -1.0);
            group.nodes.iter().for_each(|&n| model.entry(model.keys.nested(n, step), column, 1.0));
        }
    }
}
