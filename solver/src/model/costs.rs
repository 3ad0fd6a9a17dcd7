//! What an outcome costs, from the problem and the outcome alone.

use crate::model::rules::{jobs, work};
use crate::model::terms::Terms;
use crate::model::terms::money;
use crate::outcome::{Cost, Kind, Outcome, Slack, cost};
use crate::problem::{Checkpoint, Problem, Settlement};

/// Costs of a finished outcome; those that are nothing are left out.
pub fn of(problem: &Problem, terms: &Terms, outcome: &Outcome, slacks: &[Slack]) -> Vec<Cost> {
    let mut costs = energy(problem, terms, outcome);
    costs.extend(training(problem, outcome));
    costs.extend(shortfalls(problem, outcome));
    costs.extend(ties(problem, outcome));
    for &(code, quantity, unit, price) in slacks {
        costs.push(cost(code, Kind::Penalty, (quantity, unit), price * quantity));
    }
    costs.retain(|c| c.amount != 0.0);
    costs
}

fn energy(problem: &Problem, terms: &Terms, outcome: &Outcome) -> Vec<Cost> {
    let h = problem.step_hours;
    let (mut bought, mut spent, mut grams, mut sold, mut earned) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (b, boundary) in problem.boundaries.iter().enumerate() {
        for t in 0..problem.steps {
            let mut grid = outcome.grid_mw[b][t];
            for (c, contract) in problem.contracts.iter().enumerate().filter(|(_, c)| c.boundary == b) {
                let (used, doubt) = (outcome.used_mw[c][t], contract.doubt_at(t));
                grid += doubt * used;
                let comes = 1.0 - doubt;
                match contract.settlement {
                    Settlement::Financial => spent += h * boundary.buy_per_mwh[t] * comes * used,
                    Settlement::Physical => {
                        let surplus = h * comes * (contract.available_mw[t] - used);
                        sold += surplus;
                        earned += contract.sell_per_mwh[t] * surplus;
                    }
                }
            }
            bought += h * grid;
            spent += h * boundary.buy_per_mwh[t] * grid;
            grams += h * grid * boundary.carbon_g_per_kwh[t];
        }
    }
    let mut costs = vec![
        cost("energy", Kind::Money, (bought, "MWh"), spent),
        cost("surplus_sold", Kind::Money, (sold, "MWh"), -earned),
        cost("carbon", Kind::Carbon, (grams / 1e3, "t"), problem.policy.carbon_price_per_t * grams / 1e3),
    ];
    for (charge, peak) in problem.demand.iter().zip(&outcome.peaks_mw) {
        let over = peak - charge.before_mw;
        costs.push(cost("demand_charge", Kind::Money, (over, "MW"), charge.rate_per_mw * over));
    }
    for (storage, flows) in problem.storage.iter().zip(&outcome.storage) {
        let out: f64 = flows.discharge_clean.iter().chain(&flows.discharge_other).sum();
        costs.push(cost("storage_wear", Kind::Money, (h * out, "MWh"), storage.wear_per_mwh * h * out));
    }
    debug_assert_eq!(terms.sites_of.len(), problem.boundaries.len());
    costs
}

fn training(problem: &Problem, outcome: &Outcome) -> Vec<Cost> {
    let mut costs = Vec::new();
    for (run, made) in problem.runs.iter().zip(&outcome.runs) {
        let lost = (made.lost_hours, "rated h");
        costs.push(cost("tokens_lost", Kind::Money, lost, run.lost_price_per_hour * made.lost_hours));
        let pauses = (made.pauses as f64, "pauses");
        costs.push(cost("pauses", Kind::Money, pauses, run.pause_cost * made.pauses as f64));
        let late = (made.late_hours, "rated h");
        costs.push(cost("late", Kind::Penalty, late, run.late_price_per_hour * made.late_hours));
        let saves = matches!(run.checkpoint, Checkpoint::Steps { .. });
        let (mut count, mut amount) = (0.0, 0.0);
        for p in &run.prior {
            let now = made.steps.get(p.step).filter(|s| s.site == Some(p.site));
            if now.is_some_and(|s| s.on) != p.on {
                (count, amount) = (count + 1.0, amount + p.price);
            }
            if saves && now.is_some_and(|s| s.save) != p.save {
                amount += p.save_price;
            }
        }
        costs.push(cost("changes", Kind::Penalty, (count, "steps"), amount));
    }
    costs
}

fn shortfalls(problem: &Problem, outcome: &Outcome) -> Vec<Cost> {
    let mut costs = Vec::new();
    let mut missed = (0.0, 0.0);
    let mut later = (0.0, 0.0);
    for (w, work) in problem.work.iter().enumerate() {
        missed = (missed.0 + outcome.miss_mwh[w], missed.1 + work.miss_price_per_mwh * outcome.miss_mwh[w]);
        let price = work.later.map_or(0.0, |l| l.cost_per_mwh);
        later = (later.0 + outcome.later_mwh[w], later.1 + price * outcome.later_mwh[w]);
    }
    for (job, made) in problem.jobs.iter().zip(&outcome.jobs) {
        let count = f64::from(made.missed);
        missed = (missed.0 + count * job.energy_mwh(problem.step_hours), missed.1 + count * job.miss_price);
    }
    costs.push(cost("missed", Kind::Penalty, (missed.0, "MWh"), missed.1));
    costs.push(cost("left_for_later", Kind::Money, (later.0, "MWh"), later.1));
    for (target, short) in problem.targets.iter().zip(&outcome.short_mwh) {
        costs.push(cost("target_short", Kind::Penalty, (*short, "MWh"), target.shortfall_price_per_mwh * short));
    }
    costs
}

/// What breaks ties, and what keeps plans steady.
fn ties(problem: &Problem, outcome: &Outcome) -> Vec<Cost> {
    let placed = outcome.placements.iter().map(|p| money::delay_cost(problem, p.step) * p.mw);
    let started = problem.jobs.iter().zip(&outcome.jobs).flat_map(|(job, made)| {
        made.starts.iter().map(|&(_, step, count)| jobs::delay(problem, job, step) * f64::from(count))
    });
    let delay: f64 = placed.sum::<f64>() + started.sum::<f64>();
    let moved = problem.jobs.iter().zip(&outcome.jobs).map(|(job, made)| jobs::change_cost(job, made));
    let change = work::change_cost(problem, &outcome.placements) + moved.sum::<f64>();
    vec![cost("delay", Kind::Penalty, (0.0, ""), delay), cost("changes", Kind::Penalty, (0.0, ""), change)]
}
