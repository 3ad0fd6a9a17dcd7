//! A snapshot as the solver's problem, and what had to be left out of it.

mod batch;
mod expected;
mod later;
mod limits;
mod order;
mod steady;
pub(in crate::plan) mod supply;
pub(in crate::plan) mod target;
mod training;

pub use expected::EXPECTED;
pub(in crate::plan) use steady::starts_of;
pub use training::Shape;

use super::document::{Missed, Reason};
use super::snapshot::{Item, Snapshot, Standing};
use super::work::gone::gone;
use super::work::state::Phase;
use reports::time::format_instant;
use solver::Problem;

/// Energy below this is a solver's last bits, and so is a thousandth of a small piece: the work is done.
const DONE_MWH: f64 = 1e-3;
const DONE_PART: f64 = 1e-3;
/// Work whose deadline passed longer ago was reported as missed already.
const FORGOTTEN_S: i64 = 86_400;

/// The problem, which of the snapshot's work each item of it is (work still to come stands behind), and what was said on
/// the way.
#[derive(Debug)]
pub struct Stated {
    pub problem: Problem,
    pub work: Vec<usize>,
    /// Jobs alike are one of the problem: its members, and how many each is.
    pub jobs: Vec<Vec<(usize, u32)>>,
    pub runs: Vec<usize>,
    /// Parallel to `runs`: what was made of the work's terms.
    pub shapes: Vec<Shape>,
    /// Storage of the portfolio that is planned, in order of the problem's.
    pub storage: Vec<usize>,
    pub missed: Vec<Missed>,
    pub reasons: Vec<Reason>,
}

impl Stated {
    /// The problem without work still to come.
    pub fn without_expected(&self) -> Problem {
        let mut problem = self.problem.clone();
        problem.work.truncate(self.work.len());
        problem
    }

    fn miss(&mut self, item: &Item, left_mwh: f64, code: &str, message: String) {
        self.missed.push(Missed {
            work: item.work.id.clone(),
            energy_mwh: item.terms.all_energy_mwh(),
            missed_mwh: left_mwh,
            code: code.into(),
            message,
        });
    }

    fn say(&mut self, code: &str, subject: &str, quantity: f64, unit: &str, message: String) {
        self.reasons.push(Reason::new(code, subject, quantity, unit, message));
    }
}

/// Sites and what bounds them, with nothing to plan.
pub fn bounds(snapshot: &Snapshot) -> Problem {
    let mut stated = empty(snapshot);
    limits::add(snapshot, &mut stated);
    stated.problem
}

pub fn state(snapshot: &Snapshot) -> Stated {
    let mut stated = empty(snapshot);
    supply::add(snapshot, &mut stated);
    limits::add(snapshot, &mut stated);
    target::add(snapshot, &mut stated);
    place(snapshot, &mut stated);
    expected::add(snapshot, &mut stated);
    stated
}

fn empty(snapshot: &Snapshot) -> Stated {
    let policy = &snapshot.portfolio.policy;
    Stated {
        problem: Problem {
            step_hours: snapshot.step_hours(),
            steps: snapshot.grid.len,
            boundaries: boundaries(snapshot),
            sites: limits::sites(snapshot),
            policy: solver::Policy {
                carbon_price_per_t: policy.carbon_price_per_t,
                delay_price_per_mwh_step: policy.delay_price_per_mwh_step,
                event_price_per_mwh: policy.event_price_per_mwh,
                class_price_per_mwh: policy.class_price_per_mwh,
                ..solver::Policy::default()
            },
            ..Problem::default()
        },
        work: Vec::new(),
        jobs: Vec::new(),
        runs: Vec::new(),
        shapes: Vec::new(),
        storage: Vec::new(),
        missed: Vec::new(),
        reasons: Vec::new(),
    }
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

/// What may be left, or missed, of a piece of so much energy without anybody caring.
pub fn negligible_mwh(all_mwh: f64) -> f64 {
    DONE_MWH.min(DONE_PART * all_mwh)
}

/// Where a piece of work's window lies in the horizon; release rounds up and deadline down to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub release: usize,
    /// Exclusive, and clipped to the horizon.
    pub deadline: usize,
    /// Steps from the horizon's end to the deadline.
    pub beyond: usize,
}

enum Found {
    Window(Window),
    AfterHorizon,
    Expired,
    None(&'static str, String),
}

fn window(snapshot: &Snapshot, item: &Item) -> Found {
    let (grid, work) = (snapshot.grid, &item.work);
    let (release_s, deadline_s) = work.span_s();
    let step = |instant_s: i64| (instant_s - grid.start_s).div_euclid(grid.step_s);
    let release = (step(release_s) + i64::from((release_s - grid.start_s).rem_euclid(grid.step_s) != 0)).max(0);
    let (deadline, steps) = (step(deadline_s), grid.len as i64);
    // A job that runs holds its place until it is done, whatever its deadline was.
    let runs_on = matches!(item.standing, Standing::On { .. }) && !work.is_training() && !work.divides();
    if runs_on && !item.terms.sites.is_empty() {
        return Found::Window(Window { release: 0, deadline: grid.len, beyond: 0 });
    }
    if forgotten(snapshot, item) {
        return Found::Expired;
    }
    if deadline_s <= grid.start_s {
        return Found::None("deadline_past", format!("{}: its deadline {} has passed", work.id, work.deadline));
    }
    if release >= steps {
        return Found::AfterHorizon;
    }
    if deadline <= release {
        let what = format!("{}: between release and deadline lies no whole step of {} min", work.id, grid.step_s / 60);
        return Found::None("window_too_short", what);
    }
    if item.terms.sites.is_empty() {
        return Found::None("no_site", format!("{}: it may run at no site of the portfolio", work.id));
    }
    Found::Window(Window {
        release: release as usize,
        deadline: deadline.min(steps) as usize,
        beyond: (deadline - steps).max(0) as usize,
    })
}

fn forgotten(snapshot: &Snapshot, item: &Item) -> bool {
    item.work.span_s().1 < snapshot.now_s - FORGOTTEN_S
}

/// What was reported running long enough is over, as far as anybody knows: it holds no room any more.
fn taken_as_done(stated: &mut Stated, item: &Item) {
    let told = item.state.done.is_some_and(|done| done >= 1.0);
    if let (Phase::Running, Some(at_s), false) = (item.state.phase, item.state.at_s, told) {
        let message = format!(
            "{} was last reported running at {}, and the time since is all it needs: taken as done; report what it is",
            item.work.id,
            format_instant(at_s)
        );
        stated.say("taken_as_done", &item.work.id, 1.0, "pieces", message);
    }
}

fn place(snapshot: &Snapshot, stated: &mut Stated) {
    let later = later::Later::of(snapshot, &stated.problem);
    let (mut after_horizon, mut expired) = (0, 0);
    let mut cohorts = batch::Cohorts::default();
    for (index, item) in snapshot.work.iter().enumerate() {
        let all_mwh = item.terms.all_energy_mwh();
        let left_mwh = all_mwh * (1.0 - item.done).max(0.0);
        let lost = gone(&item.work, &item.state, &snapshot.portfolio).filter(|_| item.done < 1.0 - 1e-9);
        if let Some((code, message)) = lost {
            if forgotten(snapshot, item) {
                expired += 1;
            } else {
                stated.miss(item, left_mwh, code, message);
            }
            continue;
        }
        if left_mwh <= negligible_mwh(all_mwh) {
            taken_as_done(stated, item);
            if !item.work.is_training() {
                continue;
            }
        }
        match window(snapshot, item) {
            Found::Expired => expired += 1,
            Found::AfterHorizon => after_horizon += 1,
            Found::None(code, message) => stated.miss(item, left_mwh, code, message),
            Found::Window(window) if item.work.is_training() => training::add(snapshot, stated, index, window),
            Found::Window(window) => batch::add(snapshot, stated, (index, window), &later, &mut cohorts),
        }
    }
    cohorts.state(snapshot, stated);
    order::add(snapshot, stated);
    training::utilisation(snapshot, stated);
    later::bounds(snapshot, stated);
    if expired > 0 {
        let message = format!(
            "{expired} pieces of work passed their deadline more than a day ago; `hourmatch work cancel ID` forgets one"
        );
        stated.say("expired", "work", f64::from(expired), "pieces", message);
    }
    if after_horizon > 0 {
        let message =
            format!("{after_horizon} pieces of work are released after the horizon and wait for a later plan");
        stated.say("after_horizon", "work", f64::from(after_horizon), "pieces", message);
    }
}
