//! Schedule, events and storage of a plan: steps of equal power joined.

use crate::plan::common::{Index, ItemIndex, JobIndex, RunIndex, SiteIndex, Snapshot, WorkId};
use crate::plan::document::{Stored, tidy};
use crate::plan::problem::Stated;
use crate::plan::schedule::{Event, EventKind, Placement, State};
use solver::{Outcome, Run, RunOutcome, RunStep};
use std::collections::BTreeMap;

/// Power below a watt is a solver's last bits.
const DUST_MW: f64 = 1e-6;

#[derive(Debug, Clone, PartialEq)]
struct Stretch {
    item: ItemIndex,
    unit: Option<u32>,
    state: State,
    site: SiteIndex,
    from: usize,
    to: usize,
    mw: f64,
    training: Option<Training>,
    /// Part of its accelerators it keeps: all of a gang's, whatever the gang draws.
    keeps: f64,
}

/// Part of full power a stretch trains at, and the hours at full speed it comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Training {
    fraction: f64,
    progress_h: f64,
}

pub(super) fn schedule(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Vec<Placement> {
    let mut rows = divisible(snapshot, stated, outcome);
    rows.extend(jobs(snapshot, stated, outcome));
    for (r, made) in RunIndex::each(&outcome.runs) {
        rows.extend(training(stated.runs[r], &stated.problem.runs[r], made, stated.problem.step_hours));
    }
    rows.sort_by_key(|r| (r.item, r.site, r.from));
    rows.into_iter().map(|row| placement(snapshot, row)).collect()
}

fn placement(snapshot: &Snapshot, row: Stretch) -> Placement {
    let item = &snapshot.work[row.item];
    let gpus = item.terms.gpus.map(|gpus| gpus * row.keeps);
    Placement {
        work: item.work.id.clone(),
        unit: row.unit,
        kind: item.work.kind,
        state: row.state,
        site: snapshot.portfolio.definitions.sites[row.site].id.clone(),
        start: snapshot.grid.start(row.from),
        end: snapshot.grid.start(row.to),
        mw: row.mw,
        gpus: gpus.map(|gpus| (gpus - 1e-6).ceil().max(0.0) as u64),
        pool: item.work.pool.clone(),
        account: item.work.account.clone(),
        power_fraction: row.training.map(|training| training.fraction),
        progress_hours: row.training.map(|training| tidy(training.progress_h)),
    }
}

fn divisible(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Vec<Stretch> {
    let mut sorted: Vec<_> = outcome.placements.iter().filter(|p| p.mw > DUST_MW).collect();
    sorted.sort_by_key(|p| (p.work, p.site, p.step));
    let mut rows: Vec<Stretch> = Vec::new();
    for &solver::Placement { work, site, step: from, mw } in sorted {
        let (item, mw) = (stated.work[work], tidy(mw));
        match rows.last_mut() {
            Some(last) if last.item == item && last.site == site && last.to == from && last.mw == mw => last.to += 1,
            _ => {
                let (state, keeps) = (State::Running, mw / snapshot.work[item].terms.max_mw.max(1e-12));
                rows.push(Stretch { item, unit: None, state, site, from, to: from + 1, mw, training: None, keeps });
            }
        }
    }
    rows
}

/// Starts of a cohort go to its members in their order, the earliest first; each is a unit of its work.
fn jobs(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Vec<Stretch> {
    let mut rows = Vec::new();
    // Several items may be of one array.
    let mut units: BTreeMap<&WorkId, u32> = BTreeMap::new();
    for (j, made) in JobIndex::each(&outcome.jobs) {
        let job = &stated.problem.jobs[j];
        let mut starts = made.each_start().into_iter();
        for &(item, count) in &stated.jobs[j] {
            for (from, site) in starts.by_ref().take(count as usize) {
                let next = units.entry(&snapshot.work[item].work.id).or_default();
                let unit = Some(*next);
                *next += 1;
                // A last step that is not full is a stretch of its own.
                let whole = if job.last < 1.0 { job.steps.saturating_sub(1) } else { job.steps };
                let (part, end) = (from + whole, from + job.steps);
                for (from, to, mw) in [(from, part, job.mw), (part, end, job.mw * job.last)] {
                    if to > from && tidy(mw) > 0.0 {
                        let (state, mw) = (State::Running, tidy(mw));
                        rows.push(Stretch { item, unit, state, site, from, to, mw, training: None, keeps: 1.0 });
                    }
                }
            }
        }
    }
    rows
}

/// Part of full power a step trains at; zero while its nodes are held.
fn fraction(run: &Run, step: &RunStep) -> f64 {
    if step.on { tidy(step.train_mw / run.rated_mw.max(1e-12)) } else { 0.0 }
}

fn training(item: ItemIndex, run: &Run, made: &RunOutcome, h: f64) -> Vec<Stretch> {
    let mut rows: Vec<Stretch> = Vec::new();
    for (t, step) in made.steps.iter().enumerate() {
        let Some(site) = step.site else { continue };
        let state = if step.on { State::Running } else { State::Paused };
        let (mw, fraction, progress_h) = (tidy(step.mw), fraction(run, step), h * step.progress);
        let keeps = if step.on || run.hold_nodes { 1.0 } else { 0.0 };
        let goes_on = |last: &&mut Stretch| {
            let alike = (last.site, last.state, last.mw, last.keeps) == (site, state, mw, keeps);
            last.to == t && alike && last.training.is_some_and(|training| training.fraction == fraction)
        };
        match rows.last_mut().filter(goes_on) {
            Some(last) => {
                last.to += 1;
                last.training = last.training.map(|was| Training { progress_h: was.progress_h + progress_h, ..was });
            }
            None => {
                let training = Some(Training { fraction, progress_h });
                rows.push(Stretch { item, unit: None, state, site, from: t, to: t + 1, mw, training, keeps });
            }
        }
    }
    rows
}

/// What a scheduler is told to do with training, and when.
pub(super) fn events(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Vec<Event> {
    let mut events = Vec::new();
    for (r, made) in RunIndex::each(&outcome.runs) {
        let (run, item) = (&stated.problem.runs[r], &snapshot.work[stated.runs[r]]);
        let mut say = |site: Option<SiteIndex>, step: usize, kind: EventKind| {
            let Some(site) = site else { return };
            let site = snapshot.portfolio.definitions.sites[site].id.clone();
            events.push(Event { work: item.work.id.clone(), site, at: snapshot.grid.start(step), kind });
        };
        let mut last = match run.before {
            solver::Before::On { site, .. } => Some((site, 1.0)),
            _ => None,
        };
        for (t, step) in made.steps.iter().enumerate() {
            let now = step.site.filter(|_| step.on).map(|site| (site, fraction(run, step)));
            match (last, now) {
                (Some((site, _)), None) if step.done => say(Some(site), t, EventKind::Done),
                // Its window ends here, with or without a checkpoint.
                (Some((site, _)), None) if t >= run.deadline => say(Some(site), t, EventKind::Deadline),
                (Some((site, _)), None) => say(Some(site), t, EventKind::Pause),
                (None, Some((site, _))) => {
                    say(Some(site), t, if step.start { EventKind::Resume } else { EventKind::Start })
                }
                // A save or restart in the step lowers its mean, not its cap.
                (Some((_, was)), Some((site, is))) if (was - is).abs() > 1e-6 && !step.save && !step.start => {
                    say(Some(site), t, EventKind::Cap);
                }
                _ => {}
            }
            if step.save {
                // A save lies at the end of its step.
                say(step.site, t + 1, EventKind::Checkpoint);
            }
            last = match (now, step.save || step.start) {
                (Some((site, _)), true) => Some((site, last.map_or(1.0, |l| l.1))),
                (now, _) => now,
            };
        }
    }
    events
}

pub(super) fn storage(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Vec<Stored> {
    let mut rows = Vec::new();
    for (&index, flows) in stated.storage.iter().zip(&outcome.storage) {
        for t in 0..snapshot.grid.len {
            rows.push(Stored {
                storage: snapshot.portfolio.definitions.storage[index].id.clone(),
                start: snapshot.grid.start(t),
                charge_clean_mw: tidy(flows.charge_clean[t]),
                charge_grid_mw: tidy(flows.charge_grid[t]),
                discharge_mw: tidy(flows.discharge_clean[t] + flows.discharge_other[t]),
                clean_mwh: tidy(flows.clean_mwh[t]),
                other_mwh: tidy(flows.other_mwh[t]),
            });
        }
    }
    rows
}
