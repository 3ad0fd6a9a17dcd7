//! Limits that cost something where a piece could run: read from the duals of the plan's own optimum.

use super::explanation::Binding;
use super::subject::Subject;
use crate::plan::basis::Basis;
use crate::plan::common::{SiteIndex, codes, counted, tidy};
use solver::{Duals, Outcome};

/// Less than this, per IT MWh, is a solver's last bits or the price of delay that breaks ties.
const NEGLIGIBLE: f64 = 0.005;

type Steps = [(SiteIndex, usize)];
/// Site, step and IT MW of the piece.
type Own = [(SiteIndex, usize, f64)];

/// The dearest first: by what they cost over all their steps.
pub fn find(
    basis: &Basis,
    outcome: &Outcome,
    subject: &Subject,
    own: &Own,
    window: &Steps,
    currency: &str,
) -> Vec<Binding> {
    let problem = &basis.problem;
    let duals = Duals::new(problem, &outcome.duals);
    let h = problem.step_hours;
    let limit = |code: &'static str, subject: &str, (steps, per_mwh): (usize, f64), what: &str| {
        let saves = format!("one more IT MWh of it there would save {per_mwh:.2} {currency}");
        binding(code, subject, (steps, per_mwh), format!("{subject}: {what} in {}; {saves}", in_steps(steps)))
    };
    let mut found = Vec::new();
    for &site in subject.sites(basis) {
        let of = &problem.sites[site];
        let steps = || window.iter().filter(|w| w.0 == site).map(|w| w.1);
        let capacity = mean(steps().map(|t| -duals.capacity[site][t] / h));
        found.extend(limit(codes::SITE_CAPACITY, &of.id, capacity, "the site's IT capacity is full"));
        let further = mean(steps().map(|t| -of.pue[t] * duals.other[site][t] / h));
        let what = "the connection, an event, a ramp, a limit or the billing peak holds the site's power";
        found.extend(limit(codes::SITE_POWER, &of.id, further, what));
    }
    if let Some(gpus) = gpus(basis, subject) {
        let pool = &problem.pools[gpus.pool];
        let per_mw = gpus.count;
        let steps = window.iter().map(|w| w.1).collect::<std::collections::BTreeSet<usize>>();
        let full = mean(steps.into_iter().map(|t| -duals.pools[gpus.pool][t] * per_mw / h));
        found.extend(limit(codes::POOL, &pool.id, full, "the pool's accelerators are all taken"));
    }
    found.extend(own_power(basis, outcome, subject, own, currency));
    found.extend(outside((basis, outcome), subject, own, window, currency));
    found.sort_by(|a, b| {
        let all = |x: &Binding| x.per_mwh * x.steps as f64;
        all(b).total_cmp(&all(a)).then_with(|| (a.code, &a.subject).cmp(&(b.code, &b.subject)))
    });
    found
}

/// GPUs that one IT MW of it holds.
fn gpus(basis: &Basis, subject: &Subject) -> Option<solver::Gpus> {
    let per_mw = |gpus: solver::Gpus, mw: f64| solver::Gpus { count: gpus.count / mw.max(1e-12), ..gpus };
    match *subject {
        Subject::Work(w) => basis.problem.work[w].gpus,
        Subject::Job { job, .. } => {
            let job = &basis.problem.jobs[job];
            job.gpus.map(|gpus| per_mw(gpus, job.mw))
        }
        Subject::Run(r) => {
            let run = &basis.problem.runs[r];
            run.gpus.map(|gpus| per_mw(gpus, run.rated_mw))
        }
    }
}

/// Steps in which it costs, and how much on average over them.
fn mean(values: impl Iterator<Item = f64>) -> (usize, f64) {
    let costly: Vec<f64> = values.filter(|v| *v > NEGLIGIBLE).collect();
    (costly.len(), costly.iter().sum::<f64>() / costly.len().max(1) as f64)
}

/// None where it costs in no step.
fn binding(code: &'static str, subject: &str, (steps, per_mwh): (usize, f64), message: String) -> Option<Binding> {
    (steps > 0).then(|| Binding { code, subject: subject.into(), steps, per_mwh: tidy(per_mwh), message })
}

/// It already draws all it can in its cheaper hours, so that some of it runs in dearer ones.
fn own_power(basis: &Basis, outcome: &Outcome, subject: &Subject, own: &Own, currency: &str) -> Option<Binding> {
    let Subject::Work(w) = *subject else { return None };
    let work = &basis.problem.work[w];
    let price = |o: &(SiteIndex, usize, f64)| outcome.prices[o.0][o.1];
    let dearest = own.iter().filter(|o| o.2 > 1e-9).map(price).fold(f64::NEG_INFINITY, f64::max);
    let full = own.iter().filter(|o| o.2 >= work.max_mw - 1e-9).map(|o| dearest - price(o));
    let (steps, per_mwh) = mean(full);
    let message = format!(
        "its own limit of {:.3} MW is reached in {} cheaper than its dearest; one more IT MWh there would save \
         {per_mwh:.2} {currency}",
        work.max_mw,
        in_steps(steps)
    );
    binding(codes::MAX_MW, &work.id, (steps, per_mwh), message)
}

/// Hours of the horizon that are cheaper than its own and lie outside its release and deadline.
fn outside(
    (basis, outcome): (&Basis, &Outcome),
    subject: &Subject,
    own: &Own,
    window: &Steps,
    currency: &str,
) -> Option<Binding> {
    let energy: f64 = own.iter().map(|o| o.2).sum();
    if energy <= 1e-9 || matches!(subject, Subject::Run(_)) {
        return None;
    }
    let mean_price = own.iter().map(|o| o.2 * outcome.prices[o.0][o.1]).sum::<f64>() / energy;
    let (first, last) = (window.first()?.1, window.last()?.1);
    let cheaper = |steps: std::ops::Range<usize>| {
        let all = subject.sites(basis).iter().flat_map(|site| steps.clone().map(|t| outcome.prices[*site][t]));
        mean(all.map(|price| mean_price - price))
    };
    let (before, after) = (cheaper(0..first), cheaper(last + 1..basis.problem.steps));
    let all = |side: (usize, f64)| side.0 as f64 * side.1;
    let (code, (steps, per_mwh), what) = if all(before) > all(after) {
        (codes::RELEASE, before, "before its release")
    } else {
        (codes::DEADLINE, after, "after its deadline")
    };
    let within = in_steps(steps);
    let message = format!("cheaper hours {what}: {within}, by {per_mwh:.2} {currency} per IT MWh on average");
    binding(code, "", (steps, per_mwh), message)
}

fn in_steps(steps: usize) -> String {
    counted(steps, "step", "steps")
}
