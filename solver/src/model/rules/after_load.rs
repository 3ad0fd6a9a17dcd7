//! No clean charge of storage while load it could have served goes unmatched: `unmatched <= M*(1-a)`,
//! `charge_clean <= charge_mw*a`, only where a solution would be wrong without (`StorageIntegers`).
//!
//! Last of all rules: it reads what everything else draws.

use crate::model::given::Given;
use crate::model::linear::{Entries, LinearModel, Part};
use crate::model::terms::Terms;
use crate::problem::Problem;
use ids::{Index, StorageIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, integers, .. } = *given;
    for &(k, step) in &integers.after_load {
        let storage = &problem.storage[k];
        let at = (k.get(), storage.site, step);
        let a = model.integer(Part::AfterLoad, at, 1.0, 0.0);
        let (mut entries, constant) = unmatched(model, problem, terms, (k, step));
        let most = terms.most_load(problem, problem.sites[storage.site].boundary, step);
        entries.push((a, most));
        model.rule("unmatched_first", at, (f64::NEG_INFINITY, most - constant), &entries);
        let charge = [(model.keys.storage[k].charge_clean[step], 1.0), (a, -storage.charge_mw)];
        model.rule("charge_after", at, (f64::NEG_INFINITY, 0.0), &charge);
    }
}

/// Load that nothing matches, in the largest site list a contract of this storage's site has: entries and constant.
/// The list's load less what contracts inside it give to load, less what storage inside it gives.
pub fn unmatched(
    model: &LinearModel,
    problem: &Problem,
    terms: &Terms,
    (k, step): (StorageIndex, usize),
) -> (Entries, f64) {
    let site = problem.storage[k].site;
    let boundary = problem.sites[site].boundary;
    let lists = terms.nodes.iter().enumerate().filter(|(_, n)| n.sites.contains(&site));
    let unlimited = terms.groups_of[boundary].iter().any(|&g| terms.groups[g].nodes.is_empty());
    let largest = lists.max_by_key(|(_, n)| n.sites.len()).map(|(n, _)| n);
    match largest {
        Some(n) if !unlimited => {
            // The row of the list says `sum use - load - clean charge + discharge <= firm`: its slack is the unmatched.
            let row = model.keys.nested(n, step);
            let mine = model.entries.iter().filter(|e| e.row as usize == row);
            let entries = mine.map(|e| (e.column as usize, -e.value)).collect();
            (entries, model.rows[row].upper)
        }
        _ => {
            let mut entries = vec![(model.keys.grid(boundary, step), 1.0)];
            let inside = problem.storage.iter().zip(&model.keys.storage);
            let inside = inside.filter(|(k, _)| terms.sites_of[boundary].contains(&k.site));
            entries.extend(inside.filter_map(|(_, keys)| keys.charge_grid.get(step)).map(|&column| (column, -1.0)));
            (entries, 0.0)
        }
    }
}
