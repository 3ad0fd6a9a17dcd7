//! A snapshot as the solver's problem, and what had to be left out of it.

use super::document::{Missed, Reason};
use super::snapshot::Snapshot;
use super::work::Work;
use crate::portfolio::{Metric, Scope};
use solver::{Allowance, Problem};

/// Energy below this is a solver's last bits: the work is done.
pub const DONE_MWH: f64 = 1e-3;
/// Work whose deadline passed longer ago was reported as missed already.
const FORGOTTEN_S: i64 = 86_400;

/// The problem, which of the snapshot's work each item of it is (work still to come stands behind), and what was said on
/// the way.
#[derive(Debug)]
pub struct Stated {
    pub problem: Problem,
    pub work: Vec<usize>,
    pub missed: Vec<Missed>,
    pub reasons: Vec<Reason>,
}

/// What ids of work still to come begin with; no work of a user's can.
pub const EXPECTED: &str = "expected/";

impl Stated {
    /// The problem without work still to come.
    pub fn without_expected(&self) -> Problem {
        let mut problem = self.problem.clone();
        problem.work.truncate(self.work.len());
        problem
    }
}

pub fn state(snapshot: &Snapshot) -> Stated {
    let mut stated = Stated {
        problem: Problem {
            step_hours: snapshot.step_hours(),
            steps: snapshot.grid.len,
            boundaries: boundaries(snapshot),
            sites: sites(snapshot),
            contracts: Vec::new(),
            work: Vec::new(),
            targets: targets(snapshot),
            policy: solver::Policy {
                carbon_price_per_t: snapshot.portfolio.policy.carbon_price_per_t,
                delay_price_per_mwh_step: snapshot.portfolio.policy.delay_price_per_mwh_step,
                ..solver::Policy::default()
            },
            ..Problem::default()
        },
        work: Vec::new(),
        missed: Vec::new(),
        reasons: Vec::new(),
    };
    super::supply::add(snapshot, &mut stated);
    place_work(snapshot, &mut stated);
    expect_work(snapshot, &mut stated);
    stated
}

fn boundaries(snapshot: &Snapshot) -> Vec<solver::Boundary> {
    let definitions = &snapshot.portfolio.definitions.boundaries;
    let expected = definitions.iter().zip(&snapshot.boundaries);
    expected
        .map(|(definition, expected)| solver::Boundary {
            id: definition.id.clone(),
            buy_per_mwh: expected.price_per_mwh.values.clone(),
            carbon_g_per_kwh: expected.carbon_g_per_kwh.values.clone(),
            grid_cfe_share: expected.cfe_share.values.clone(),
        })
        .collect()
}

fn sites(snapshot: &Snapshot) -> Vec<solver::Site> {
    let steps = snapshot.grid.len;
    let portfolio = &snapshot.portfolio;
    (0..portfolio.sites.len())
        .map(|s| {
            let plan = &portfolio.sites[s];
            solver::Site {
                id: portfolio.definitions.sites[s].id.clone(),
                boundary: portfolio.boundary_of(s),
                pue: vec![plan.pue; steps],
                overhead_mw: vec![plan.overhead_mw; steps],
                firm_it_mw: snapshot.firm_it_mw[s].values.clone(),
                firm_peak_it_mw: snapshot.firm_peak_it_mw[s].clone(),
                // What is held for an asker takes room, and no energy until it is reserved.
                it_capacity_mw: snapshot.held_mw[s].iter().map(|held| (plan.cap_mw() - held).max(0.0)).collect(),
                grid_limit_mw: vec![f64::INFINITY; steps],
                ..solver::Site::default()
            }
        })
        .collect()
}

fn targets(snapshot: &Snapshot) -> Vec<solver::Target> {
    let of = |target: &crate::portfolio::Target| solver::Target {
        scope: match &target.scope {
            Scope::Portfolio => solver::Scope::Portfolio,
            Scope::Boundary(id) => solver::Scope::Boundary(snapshot.portfolio.boundary(id).unwrap_or(0)),
        },
        metric: match target.metric {
            Metric::Matched => solver::Metric::Matched,
            Metric::CfeScore => solver::Metric::CfeScore,
        },
        share: target.share,
        shortfall_price_per_mwh: target.shortfall_price_per_mwh,
        allowance: Allowance::UsefulLoad,
        load_elsewhere_mwh: 0.0,
        unmatched_elsewhere_mwh: 0.0,
    };
    snapshot.portfolio.targets.iter().map(of).collect()
}

/// Work still to come competes for the same hours; it stands behind all other work and is never part of a plan.
fn expect_work(snapshot: &Snapshot, stated: &mut Stated) {
    let grid = snapshot.grid;
    let mut mwh = 0.0;
    for (index, piece) in snapshot.expected_work.iter().enumerate() {
        let step = |hour: i64| (hour * 3_600 - grid.start_s).div_euclid(grid.step_s).clamp(0, grid.len as i64) as usize;
        let (release, deadline) = (step(piece.release_h), step(piece.deadline_h));
        if release >= deadline {
            continue;
        }
        mwh += piece.energy_mwh;
        stated.problem.work.push(solver::Work {
            id: format!("{EXPECTED}{index}"),
            sites: piece.sites.clone(),
            release,
            deadline,
            energy_mwh: piece.energy_mwh,
            max_mw: piece.max_mw,
            miss_price_per_mwh: snapshot.portfolio.policy.miss_price_per_mwh,
            ..solver::Work::default()
        });
    }
    if mwh > 0.0 {
        let message = format!(
            "{mwh:.1} MWh of work not released yet are reckoned with, as releases of the last four weeks make them likely"
        );
        stated.reasons.push(Reason::new("work_expected", "work", mwh, "MWh", message));
    }
}

fn place_work(snapshot: &Snapshot, stated: &mut Stated) {
    let later_cost = later_cost_per_mwh(snapshot, &stated.problem);
    let (mut after_horizon, mut expired) = (0, 0);
    for (index, work) in snapshot.work.iter().enumerate() {
        let left_mwh = work.energy_mwh - snapshot.done_mwh[index];
        if left_mwh <= DONE_MWH {
            continue;
        }
        if work.span_s().1 < snapshot.now_s - FORGOTTEN_S {
            expired += 1;
            continue;
        }
        match step_work(snapshot, work, left_mwh, later_cost) {
            Ok(Some(item)) => {
                stated.problem.work.push(item);
                stated.work.push(index);
            }
            Ok(None) => after_horizon += 1,
            Err((code, message)) => stated.missed.push(Missed {
                work: work.id.clone(),
                energy_mwh: work.energy_mwh,
                missed_mwh: left_mwh,
                code: code.into(),
                message,
            }),
        }
    }
    if expired > 0 {
        let message = format!(
            "{expired} pieces of work passed their deadline more than a day ago; `hourmatch work cancel ID` forgets one"
        );
        stated.reasons.push(Reason::new("expired", "work", f64::from(expired), "pieces", message));
    }
    if after_horizon > 0 {
        let message =
            format!("{after_horizon} pieces of work are released after the horizon and wait for a later plan");
        stated.reasons.push(Reason::new("after_horizon", "work", f64::from(after_horizon), "pieces", message));
    }
}

/// Release rounds up and deadline down to a step. None: released after the horizon.
fn step_work(
    snapshot: &Snapshot,
    work: &Work,
    left_mwh: f64,
    later_cost: f64,
) -> Result<Option<solver::Work>, (&'static str, String)> {
    let (grid, portfolio) = (snapshot.grid, &snapshot.portfolio);
    let (release_s, deadline_s) = work.span_s();
    let step = |instant_s: i64| (instant_s - grid.start_s).div_euclid(grid.step_s);
    let release = (step(release_s) + i64::from((release_s - grid.start_s).rem_euclid(grid.step_s) != 0)).max(0);
    let deadline = step(deadline_s);
    let steps = grid.len as i64;
    if deadline_s <= grid.start_s {
        return Err(("deadline_past", format!("{}: its deadline {} has passed", work.id, work.deadline)));
    }
    if release >= steps {
        return Ok(None);
    }
    if deadline <= release {
        let what = format!("{}: between release and deadline lies no whole step of {} min", work.id, grid.step_s / 60);
        return Err(("window_too_short", what));
    }
    let mut sites: Vec<usize> = if work.sites.is_empty() {
        (0..portfolio.sites.len()).collect()
    } else {
        work.sites.iter().filter_map(|id| portfolio.site(id)).collect()
    };
    sites.sort_unstable();
    sites.dedup();
    if sites.is_empty() {
        return Err(("no_site", format!("{}: none of its sites is in the portfolio any more", work.id)));
    }
    let largest = sites.iter().map(|s| portfolio.sites[*s].it_capacity_mw).fold(0.0, f64::max);
    let max_mw = work.max_mw.unwrap_or(largest);
    let beyond_h = (deadline - steps).max(0) as f64 * snapshot.step_hours();
    Ok(Some(solver::Work {
        id: work.id.clone(),
        sites,
        release: release as usize,
        deadline: deadline.min(steps) as usize,
        energy_mwh: left_mwh,
        max_mw,
        miss_price_per_mwh: work.miss_price_per_mwh.unwrap_or(portfolio.policy.miss_price_per_mwh),
        later: (beyond_h > 0.0)
            .then_some(solver::Later { max_mwh: (max_mw * beyond_h).min(left_mwh), cost_per_mwh: later_cost }),
        ..solver::Work::default()
    }))
}

/// What a MWh left for after the horizon is expected to cost: the mean over steps and sites of what one more MWh
/// costs on top of the firm load.
fn later_cost_per_mwh(snapshot: &Snapshot, problem: &Problem) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for step in 0..problem.steps {
        for site in &problem.sites {
            let b = site.boundary;
            let of_boundary = |s: &&solver::Site| s.boundary == b;
            let load: f64 = problem
                .sites
                .iter()
                .filter(of_boundary)
                .map(|s| s.overhead_mw[step] + s.pue[step] * s.firm_it_mw[step])
                .sum();
            let supply: f64 = problem.contracts.iter().filter(|c| c.boundary == b).map(|c| c.available_mw[step]).sum();
            let boundary = &problem.boundaries[b];
            let carbon = problem.policy.carbon_price_per_t * boundary.carbon_g_per_kwh[step] / 1_000.0;
            let unmatched = if load > supply { carbon } else { 0.0 };
            sum += site.pue[step] * (boundary.buy_per_mwh[step] + unmatched);
            count += 1.0;
        }
    }
    let delay = snapshot.portfolio.policy.delay_price_per_mwh_step * problem.steps as f64;
    // Never a reward for putting off, or negative prices would empty the horizon.
    if count > 0.0 { (sum / count + delay).max(0.0) } else { delay }
}
