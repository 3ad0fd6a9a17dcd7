//! `sum weight*h*y + below >= floor*reference` over all training: throttled hours count by y, not by busy time, and the
//! reference is what the baseline reaches in the same horizon. `below` costs what a class does.

use crate::model::given::{Finished, Given};
use crate::model::linear::{LinearModel, Part, anywhere};
use crate::outcome::{Item, Violation, codes};

pub fn add(model: &mut LinearModel, given: &Given) {
    let problem = given.problem;
    let Some(utilisation) = problem.utilisation.filter(|u| u.floor * u.reference > 0.0) else { return };
    let least = utilisation.floor * utilisation.reference;
    let weight: f64 = problem.runs.iter().map(|r| r.weight).sum();
    let rated: f64 = problem.runs.iter().map(|r| r.rated_mw).sum();
    let price = problem.policy.class_price_per_mwh * if weight > 0.0 { rated / weight } else { 0.0 };
    let below = model.part(Part::BelowUtilisation, anywhere(0, 0), least, price);
    let mut entries = vec![(below, 1.0)];
    for (run, keys) in problem.runs.iter().zip(&model.keys.runs) {
        entries.extend(keys.progress.iter().flatten().map(|&y| (y, run.weight * problem.step_hours)));
    }
    model.rule("utilisation", anywhere(0, 0), (least, f64::INFINITY), &entries);
}

pub fn violations(made: &Finished) -> Vec<Violation> {
    let problem = made.problem;
    let Some(utilisation) = problem.utilisation else { return Vec::new() };
    let weight: f64 = problem.runs.iter().map(|r| r.weight).sum();
    let rated: f64 = problem.runs.iter().map(|r| r.rated_mw).sum();
    let reached = problem.runs.iter().zip(&made.outcome.runs).map(|(run, made)| {
        let progress: f64 = made.steps.iter().map(|s| s.progress).sum();
        run.weight * problem.step_hours * progress
    });
    let quantity = (utilisation.floor * utilisation.reference - reached.sum::<f64>()).max(0.0);
    let price = problem.policy.class_price_per_mwh * if weight > 0.0 { rated / weight } else { 0.0 };
    let (item, code) = (Item::BelowUtilisation, codes::BELOW_UTILISATION);
    vec![Violation { item, code, quantity, unit: "weighted h", price }]
}
