//! Why a plan misses what it misses: the culprit, and how much is lacking.

use crate::model::terms::{Terms, bad};
use crate::outcome::{Outcome, Reason, Status, codes, of_work, reason};
use crate::problem::{Problem, Scope, Site, Work};
use ids::{BoundaryIndex, Index, SiteIndex, WorkIndex};

/// Less than this is not worth a reason, MWh or MW.
const NEGLIGIBLE: f64 = 1e-6;

/// Every reason the finished plan gives, in a fixed order.
pub fn explain(problem: &Problem, terms: &Terms, outcome: &Outcome) -> Vec<Reason> {
    let mut reasons = overloads(problem, terms);
    let mut room = terms.headroom.clone();
    for p in &outcome.placements {
        room[p.site][p.step] -= p.mw;
    }
    for (w, work) in WorkIndex::each(&problem.work) {
        let miss = outcome.miss_mwh[w];
        if miss > NEGLIGIBLE * work.energy_mwh.max(1.0) {
            reasons.extend(missed(problem, terms, outcome, (w, miss), &room));
        }
    }
    reasons.extend((0..problem.targets.len()).filter_map(|k| target(problem, terms, outcome, k)));
    reasons
}

fn overloads(problem: &Problem, terms: &Terms) -> Vec<Reason> {
    let overload = |(s, site): (SiteIndex, &Site)| {
        let over: Vec<_> = terms.overloads.iter().filter(|o| o.site == s).collect();
        let worst = over.iter().max_by(|a, b| a.mw.total_cmp(&b.mw))?;
        let (id, steps, mw, step) = (&site.id, over.len(), worst.mw, worst.step);
        let message = format!(
            "firm load alone exceeds what site {id} can carry in {steps} steps, worst by {mw:.3} MW of IT power at \
             step {step}: no work is placed there then"
        );
        Some(reason(codes::FIRM_OVERLOAD, id, (mw, "MW"), message).naming(&[step]))
    };
    SiteIndex::each(&problem.sites).filter_map(overload).collect()
}

fn missed(
    problem: &Problem,
    terms: &Terms,
    outcome: &Outcome,
    (w, miss): (WorkIndex, f64),
    room: &[Vec<f64>],
) -> Vec<Reason> {
    let work = &problem.work[w];
    let Work { id, release, deadline, energy_mwh, max_mw, .. } = work;
    let lacks =
        |code: &str, mwh: f64, message: String| reason(code, id, (mwh, "MWh"), message).naming(&[*release, *deadline]);
    let mut reasons = Vec::new();
    let h = problem.step_hours;
    let fits = h * max_mw * (deadline - release) as f64 + work.later.map_or(0.0, |l| l.max_mwh);
    let too_long = (energy_mwh - fits).max(0.0).min(miss);
    if too_long > NEGLIGIBLE {
        let message = format!(
            "work {id} needs {energy_mwh:.3} MWh but at most {fits:.3} MWh fit at {max_mw:.3} MW from step {release} \
             to step {deadline}: {too_long:.3} MWh short"
        );
        reasons.push(lacks(codes::WINDOW_TOO_SHORT, too_long, message));
    }
    let rest = miss - too_long;
    if rest <= NEGLIGIBLE {
        return reasons;
    }
    let ids: Vec<&str> = work.sites.iter().map(|&s| problem.sites[s].id.as_str()).collect();
    let names = format!("{} {}", if ids.len() == 1 { "site" } else { "each of sites" }, ids.join(", "));
    let headroom = |s: &SiteIndex| terms.headroom[*s][*release..*deadline].iter().sum::<f64>();
    if h * work.sites.iter().map(headroom).sum::<f64>() <= NEGLIGIBLE {
        let message = format!(
            "work {id} misses {rest:.3} MWh: {names} has no room at all beside firm load from step {release} to step \
             {deadline}"
        );
        reasons.push(lacks(codes::NO_CAPACITY, rest, message));
        return reasons;
    }
    let open = open_cells(problem, outcome, w, room);
    let unused = open.iter().map(|o| o.0).sum::<f64>().min(rest);
    let least = NEGLIGIBLE * energy_mwh.max(1.0);
    if unused > least {
        reasons.push(left_out(outcome, work, unused, &open));
    }
    let lacking = rest - unused;
    if lacking > least {
        let message =
            format!("work {id} misses {lacking:.3} MWh: {names} is full from step {release} to step {deadline}");
        reasons.push(lacks(codes::SITE_FULL, lacking, message));
    }
    reasons
}

/// MWh a work could still take, step by step, and the least a MWh would cost there.
fn open_cells(problem: &Problem, outcome: &Outcome, w: WorkIndex, room: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let work = &problem.work[w];
    let mine = of_work(&outcome.placements, w);
    let open = (work.release..work.deadline).filter_map(|t| {
        let running = mine.iter().filter(|p| p.step == t).map(|p| p.mw);
        let rate = work.max_mw - running.sum::<f64>();
        let free: Vec<SiteIndex> = work.sites.iter().copied().filter(|&s| room[s][t] > NEGLIGIBLE).collect();
        let mw = rate.min(free.iter().map(|&s| room[s][t]).sum());
        (mw > NEGLIGIBLE).then(|| {
            let price = free.iter().map(|&s| outcome.prices[s][t]).fold(f64::INFINITY, f64::min);
            let delay = problem.policy.delay_price_per_mwh_step * t as f64;
            (problem.step_hours * mw, delay + price)
        })
    });
    open.collect()
}

/// Room was there and not taken.
fn left_out(outcome: &Outcome, work: &Work, mwh: f64, open: &[(f64, f64)]) -> Reason {
    let (id, miss) = (&work.id, work.miss_price_per_mwh);
    let least = open.iter().map(|o| o.1).fold(f64::INFINITY, f64::min);
    let heuristic = matches!(outcome.status, Status::Greedy | Status::TimeLimit);
    if heuristic && least < miss {
        let message = format!("work {id} misses {mwh:.3} MWh that the greedy plan left out although there is room");
        return reason(codes::GREEDY_LEFT_OUT, id, (mwh, "MWh"), message);
    }
    let message = format!(
        "work {id} misses {mwh:.3} MWh because that is cheaper: running costs at least {least:.2} per MWh, missing \
         {miss:.2} per MWh"
    );
    reason(codes::CHEAPER_TO_MISS, id, (mwh, "MWh"), message)
}

fn target(problem: &Problem, terms: &Terms, outcome: &Outcome, k: usize) -> Option<Reason> {
    let (target, figures) = (&problem.targets[k], &terms.targets[k]);
    let short = outcome.short_mwh[k];
    if short <= NEGLIGIBLE * figures.limit.abs().max(1.0) {
        return None;
    }
    let mut unmatched = target.unmatched_elsewhere_mwh;
    for (b, grid) in BoundaryIndex::each(&outcome.grid_mw).filter(|(b, _)| figures.in_scope[*b]) {
        for (t, mw) in grid.iter().enumerate().filter(|(t, _)| target.counts(*t)) {
            // Each tier of supply counts by how likely it is to come.
            let contracts = problem.contracts.iter().zip(&outcome.used_mw).filter(|(c, _)| c.boundary == b);
            let absent: f64 = contracts.map(|(c, used)| c.doubt_at(t) * used[t]).sum();
            unmatched += problem.step_hours * bad(problem, target, b, t) * (mw + absent);
        }
    }
    let subject = match target.scope {
        Scope::Portfolio => "portfolio",
        Scope::Boundary(b) => problem.boundaries[b].id.as_str(),
    };
    let allowed = unmatched - short;
    let message = format!(
        "target {:.2} % of {subject} is short by {short:.3} MWh, allowing for supply that may not come: \
         {unmatched:.3} MWh stay unmatched at a shortfall price of {:.2} per MWh, {allowed:.3} MWh are allowed",
        100.0 * target.share,
        target.shortfall_price_per_mwh
    );
    Some(reason(codes::TARGET_UNREACHABLE, subject, (short, "MWh"), message))
}
