//! Training runs: the work's terms, its pool and its curve as the solver's run.

use super::batch::gpus;
use super::change_penalty::change_penalty_per_mwh;
use super::stated::{Shape, Stated};
use super::window::Window;
use crate::plan::common::{Item, ItemIndex, Snapshot, Standing, codes};
use crate::portfolio::curves::{self, Curve};
use crate::portfolio::planning::KW_PER_GPU;
use crate::work::{self, Preempt};
use solver::{Before, Checkpoint, Class, PriorState, Run};

/// Where a work list leaves it out: minutes of a save and of coming back, hours between failures.
const SAVE_MIN: f64 = 5.0;
const RESTART_MIN: f64 = 10.0;
const MTBF_H: f64 = 24.0;
/// IT power while saving and restarting, as a part of rated: the accelerators wait for storage and network.
const SAVE_POWER: f64 = 0.6;
const MIN_HOURS: f64 = 1.0;
const PAUSES_PER_DAY: f64 = 2.0;
const DEFAULT_CURVE: &str = "pretraining";
/// Floor of GPU power where none is stated: below half of it throughput collapses.
const FLOOR_POWER: f64 = 0.5;
const MOVE_HOURS: f64 = 2.0;
/// A pause costs this part of a rated hour beside what saving and coming back lose.
const PAUSE_HOURS: f64 = 0.05;
/// Moving a checkpoint costs this part of what changing on and off does: it breaks ties.
const SAVE_PART: f64 = 0.05;
/// Hours over which a class promises its share.
const DAY_HOURS: f64 = 24.0;

pub(super) fn add(snapshot: &Snapshot, stated: &mut Stated, index: ItemIndex, window: Window) {
    let item = &snapshot.work[index];
    let need_hours = item.terms.hours * (1.0 - item.done).max(0.0);
    if need_hours <= 1e-6 {
        return;
    }
    let (run, shape) = run(snapshot, item, window, need_hours, &stated.problem.events);
    let h = snapshot.step_hours();
    let room_hours = (window.deadline - window.release + window.beyond) as f64 * h;
    if need_hours > room_hours + 1e-6 {
        let lacks = need_hours - room_hours;
        let message = format!(
            "{}: it needs {need_hours:.1} more hours at full speed and has {room_hours:.1} before its deadline: it \
             misses at least {lacks:.1} hours",
            item.work.id
        );
        stated.miss(item, lacks * item.terms.max_mw, solver::codes::WINDOW_TOO_SHORT, message);
    }
    if shape.lowered > 0.0 {
        let message = format!(
            "{}: curve {} was made concave, its worst point lowered by {:.3} ({})",
            item.work.id, shape.curve, shape.lowered, shape.source
        );
        stated.say(codes::CURVE_REPAIRED, &item.work.id, shape.lowered, "throughput", message);
    }
    stated.problem.runs.push(run);
    stated.runs.push(index);
    stated.shapes.push(shape);
}

fn curve(snapshot: &Snapshot, item: &Item) -> Curve {
    let name = item.work.curve.as_deref().unwrap_or(DEFAULT_CURVE);
    let own = snapshot.portfolio.planning.curves.iter().find(|c| c.id == name).cloned();
    own.or_else(|| curves::preset(name)).unwrap_or(Curve {
        id: "straight".into(),
        points: vec![(0.0, 0.0), (1.0, 1.0)],
        source: "no curve".into(),
        lowered: 0.0,
    })
}

fn run(snapshot: &Snapshot, item: &Item, window: Window, need_hours: f64, events: &[solver::Event]) -> (Run, Shape) {
    let (work, policy, h) = (&item.work, &snapshot.portfolio.policy, snapshot.step_hours());
    let rated_mw = item.terms.max_mw;
    let pool = item.terms.pool.map(|p| &snapshot.portfolio.planning.pools[p]);
    let curve = curve(snapshot, item);
    let share = pool.map_or(0.6, |p| p.gpu_power_share);
    let gpu_floor = curve.points.iter().map(|p| p.0).find(|p| *p >= FLOOR_POWER).unwrap_or(1.0);
    let node = |p: f64| (1.0 - share) + share * p;
    let count = item.terms.gpus.unwrap_or(rated_mw * 1_000.0 / KW_PER_GPU);
    let lost_price_per_hour = policy.revenue_per_gpu_hour * count;
    let firm = work.class() == Some(work::Class::Firm);
    let hold_nodes = work.hold_nodes.unwrap_or(true);
    let paused_mw = pool.map_or(0.2 * rated_mw, |p| p.paused_kw_per_gpu * count / 1_000.0);
    let save_h = work.save_min.unwrap_or(SAVE_MIN) / 60.0;
    let steps_of = |hours: f64| ((hours / h - 1e-9).ceil().max(1.0)) as usize;
    let beyond_h = window.beyond as f64 * h;
    let run = Run {
        id: work.id.clone(),
        sites: item.terms.sites.clone(),
        release: window.release,
        deadline: window.deadline,
        rated_mw,
        floor: if firm { 1.0 } else { work.floor.unwrap_or_else(|| node(gpu_floor)) },
        cap: 1.0,
        weight: count,
        lost_price_per_hour,
        pause_cost: PAUSE_HOURS * lost_price_per_hour,
        save_h,
        save_mw: SAVE_POWER * rated_mw,
        restart_h: work.restart_min.unwrap_or(RESTART_MIN) / 60.0,
        restart_mw: SAVE_POWER * rated_mw,
        paused_mw: if hold_nodes { paused_mw } else { 0.0 },
        hold_nodes,
        checkpoint: checkpoint(snapshot, item, save_h),
        save_before: events.iter().filter(|e| item.terms.sites.contains(&e.site)).map(|e| e.from).collect(),
        min_on: steps_of(work.min_on_h.unwrap_or(MIN_HOURS)),
        min_off: steps_of(work.min_off_h.unwrap_or(MIN_HOURS)),
        max_pauses: pauses(snapshot, item, firm),
        before: before(snapshot, item),
        saved_before: item.state.last_checkpoint.is_some_and(|saved| saved >= snapshot.grid.start - 60),
        always_on: false,
        class: class(snapshot, item),
        need_hours: Some(need_hours),
        must_hours: (need_hours - beyond_h).clamp(0.0, (window.deadline - window.release) as f64 * h),
        late_price_per_hour: item.terms.miss_price_per_mwh * rated_mw,
        may_move: work.move_h.is_some(),
        move_steps: steps_of(work.move_h.unwrap_or(MOVE_HOURS)),
        move_mwh: work.move_mwh.unwrap_or(0.0),
        gpus: gpus(snapshot, item, 1.0),
        prior: prior(snapshot, item, window, rated_mw),
        curve: curve.of_node(share),
    };
    let Curve { id: curve, source, lowered, .. } = curve;
    let shape = Shape { break_even_per_mwh: break_even(&run), curve, source, lowered, gpus: count };
    (run, shape)
}

/// Tokens lost for each IT MWh that the first step of throttling saves.
fn break_even(run: &Run) -> f64 {
    let Some([(p, y), (q, z)]) = run.curve.last_chunk::<2>().copied() else { return f64::INFINITY };
    let saved_mw = (q - p) * run.rated_mw;
    if saved_mw > 0.0 { (z - y) * run.lost_price_per_hour / saved_mw } else { f64::INFINITY }
}

/// Interval of checkpoints: stated, or the one that loses least, `sqrt(2 * MTBF * save)`.
fn checkpoint(snapshot: &Snapshot, item: &Item, save_h: f64) -> Checkpoint {
    let h = snapshot.step_hours();
    let best = (2.0 * item.work.mtbf_h.unwrap_or(MTBF_H) * save_h).sqrt();
    let interval = item.work.checkpoint_min.map_or(best, |minutes| minutes / 60.0);
    if interval < h || save_h <= 0.0 {
        return Checkpoint::Within { factor: if interval > 0.0 { interval / (interval + save_h) } else { 1.0 } };
    }
    let since_s = item.state.last_checkpoint.map_or(0, |saved| (snapshot.grid.start - saved).max(0));
    let since = since_s.div_euclid(snapshot.grid.step_s) as usize;
    Checkpoint::Steps { every: (interval / h).floor() as usize, since }
}

/// How it stands at the start of the horizon; where it may not be any more, it is not.
fn before(snapshot: &Snapshot, item: &Item) -> Before {
    let steps = item.standing.steps(snapshot.grid);
    match item.standing {
        Standing::On { site, .. } if item.terms.sites.contains(&site) => Before::On { site, steps },
        Standing::Paused { site, .. } if item.terms.sites.contains(&site) => Before::Paused { site, steps },
        _ => Before::Waiting,
    }
}

fn pauses(snapshot: &Snapshot, item: &Item, firm: bool) -> Vec<(usize, usize, usize)> {
    let never = firm || item.work.preempt == Some(Preempt::Never);
    let most = if never { 0.0 } else { item.work.max_pauses_day.unwrap_or(PAUSES_PER_DAY) };
    let zone = snapshot.portfolio.sites[item.terms.sites[0]].zone;
    // Days are the site's: a day owns the steps that start in it.
    let date = |step: &usize| zone.date(snapshot.grid.start(*step));
    let steps: Vec<usize> = (0..snapshot.grid.len).collect();
    let days = steps.chunk_by(|one, next| date(one) == date(next));
    days.map(|day| (day[0], day[0] + day.len(), most as usize)).collect()
}

/// What its class promises over any day; days that began before the horizon count what it did, where it has run.
fn class(snapshot: &Snapshot, item: &Item) -> Option<Class> {
    let mean = item.work.class()?.share();
    let window = (DAY_HOURS / snapshot.step_hours()).round() as usize;
    let most = window.saturating_sub(1);
    let history = match item.standing {
        _ if !item.history.is_empty() => item.history[item.history.len().saturating_sub(most)..].to_vec(),
        Standing::On { .. } => vec![1.0; item.standing.steps(snapshot.grid).min(most)],
        _ => Vec::new(),
    };
    // A firm run loses what its saves take and no more.
    (mean < 1.0).then_some(Class { mean, window, history })
}

fn prior(snapshot: &Snapshot, item: &Item, window: Window, rated_mw: f64) -> Vec<PriorState> {
    if item.prior.is_empty() {
        return Vec::new();
    }
    let last = item.prior.iter().map(|p| p.step).max().unwrap_or(0);
    let energy = rated_mw * snapshot.step_hours();
    let mut states = Vec::new();
    for step in window.release..window.deadline.min(last + 1) {
        for &site in &item.terms.sites {
            let was = item.prior.iter().find(|p| p.on && (p.site, p.step) == (site, step));
            let price = energy * change_penalty_per_mwh(snapshot, item, step);
            let (on, save) = (was.is_some(), was.is_some_and(|p| p.save));
            states.push(PriorState { site, step, on, price, save, save_price: SAVE_PART * price });
        }
    }
    states
}

/// At least the policy's part of the tokens that the baseline makes.
pub(super) fn utilisation(snapshot: &Snapshot, stated: &mut Stated) {
    if stated.problem.runs.is_empty() {
        return;
    }
    let reference = stated.gpu_hours(&solver::as_submitted(&stated.problem).runs);
    stated.problem.utilisation =
        Some(solver::Utilisation { floor: snapshot.portfolio.policy.min_utilisation, reference });
}
