//! Where each piece of work stands at the start of a horizon: as schedulers reported, and since then, or where nothing
//! was reported, as the plans in force had it.

use super::arrays;
use super::document::Reason;
use super::past::{History, Past};
use super::snapshot::{Item, Planned, Standing};
use super::timeline::Reported;
use super::work::gone::gone;
use super::work::state::{Phase, State};
use super::work::terms::{self, Terms};
use super::work::{UNREADABLE, Work, again, lost};
use crate::error::{Fault, Kind};
use crate::portfolio::Portfolio;
use crate::store::work::{Rows, WorkRow};
use reports::time::{Grid, Interval};
use std::collections::BTreeSet;

const DAY_S: i64 = 86_400;

/// Open work, what the plan in force has for each piece of it, and ids of what is done by now.
#[derive(Default)]
pub struct Queue {
    pub items: Vec<Item>,
    pub previous: Vec<Vec<Planned>>,
    pub finished: BTreeSet<String>,
    /// Arrays that are not reported done and have no unit left to plan.
    pub over: Vec<(Work, Interval)>,
    /// Rows that cannot be read: nobody knows what they hold, and the rest is planned.
    pub reasons: Vec<Reason>,
}

pub fn queue(rows: &Rows, portfolio: &Portfolio, history: &History, grid: Grid) -> Queue {
    let mut queue = Queue::default();
    queue.reasons.extend(rows.unreadable.iter().map(|(id, why)| unreadable(id, &lost(id, why).what)));
    for row in &rows.readable {
        match reported_state(row).and_then(|state| Ok((super::work::stored(row)?, state))) {
            Ok((piece, state)) if state.open() => queue.add(row, (piece, state), portfolio, history, grid),
            Ok(_) => {}
            Err(problem) => queue.reasons.push(unreadable(&row.id, &problem.what)),
        }
    }
    let open: BTreeSet<&String> = queue.items.iter().filter(|i| i.done < 1.0 - 1e-9).map(|i| &i.work.id).collect();
    let done = queue.items.iter().map(|i| &i.work.id).filter(|id| !open.contains(id));
    queue.finished.extend(done.cloned().collect::<Vec<_>>());
    queue
}

impl Queue {
    fn add(
        &mut self,
        row: &WorkRow,
        ((work, span), state): ((Work, Interval), State),
        portfolio: &Portfolio,
        history: &History,
        grid: Grid,
    ) {
        // What plans had under its id before it was cancelled and begun anew was another's.
        let knows = |plan: &Past| plan.work_seq() >= row.born_seq;
        let past = &history.past[history.past.partition_point(|plan| !knows(plan))..];
        let newest = history.newest(grid.start_s).filter(|plan| knows(plan));
        let mut placed = newest.map_or_else(Vec::new, |plan| plan.prior(&work.id, portfolio, grid));
        let terms = terms::derive(&work, portfolio);
        let alone = terms.count <= 1 || work.divides() || work.is_training();
        if alone || gone(&work, &state, portfolio).is_some() {
            self.items.push(item((work, span), terms, state, portfolio, past, grid));
            self.previous.push(placed);
            return;
        }
        let items = arrays::items((&work, span), &terms, &state, portfolio, past, grid);
        if items.is_empty() {
            self.finished.insert(row.id.clone());
            self.over.push((work.clone(), span));
        }
        arrays::leave_out(&mut placed, &items, grid);
        for item in items {
            // What runs has no choice: what is left of the plan is for those that wait.
            let waits = matches!(item.standing, Standing::Waiting);
            self.previous.push(if waits { placed.clone() } else { Vec::new() });
            self.items.push(item);
        }
    }
}

fn unreadable(id: &str, what: &str) -> Reason {
    tracing::warn!("{what}: it is not planned");
    let message = format!("{what}: it is not planned; {}", again(id));
    Reason::new(UNREADABLE, id, 1.0, "pieces", message)
}

pub fn reported_state(row: &WorkRow) -> Result<State, Fault> {
    let phase = Phase::parse(&row.state).ok_or_else(|| {
        let what = format!("stored work {} is in an unknown state `{}`", row.id, row.state);
        Fault::new(what).kind(Kind::Stored).hint(again(&row.id))
    })?;
    // What has no column of its own stands in the last report.
    let last = row.report.as_deref().map(serde_json::from_str::<State>).transpose().map_err(|e| lost(&row.id, &e))?;
    Ok(State {
        phase,
        done: row.done,
        done_s: last.and_then(|state| state.done_s),
        last_checkpoint_s: row.last_checkpoint_s,
        site: row.site.clone(),
        since_s: row.since_s,
        at_s: row.reported_s,
    })
}

/// One piece, from what was last reported of it and what plans have had it do since.
pub fn item(
    (work, span): (Work, Interval),
    terms: Terms,
    mut state: State,
    portfolio: &Portfolio,
    past: &[Past],
    grid: Grid,
) -> Item {
    let reported_s = state.at_s.unwrap_or(i64::MIN);
    let piece = Reported { work: &work, terms: &terms, state: &state, portfolio };
    let (timeline, counts_from_s) = (piece.timeline(past, grid), piece.counts_from_s());
    let mut since = 0.0;
    // Since when it has been where it is, and what its last day was like, a report need not change.
    let mut ran: Option<Ran> = None;
    let mut history = Vec::new();
    for row in timeline {
        let (mwh, progress_h) = row.since(counts_from_s);
        if work.is_training() {
            since += progress_h / terms.hours.max(1e-9);
            remember(&mut history, &row, grid);
        } else {
            since += mwh / terms.all_energy_mwh().max(1e-9);
        }
        if let Some(site) = portfolio.site(&row.site) {
            ran = Some(Ran::after(ran, site, row.start_s, row.end_s, row.on));
        }
    }
    let planned = ran.filter(|ran| ran.end_s >= grid.start_s && ran.says(&state, reported_s, portfolio));
    let standing = match (state.phase, planned) {
        // Reported and not planned since: as reported.
        (Phase::Running, None) => reported(&state, portfolio, &terms, grid, true),
        (Phase::Paused, None) => reported(&state, portfolio, &terms, grid, false),
        (_, Some(ran)) => ran.standing(grid),
        (_, None) => Standing::Waiting,
    };
    let done = (state.done.unwrap_or(0.0) + since).clamp(0.0, 1.0);
    // A job in one go that has begun runs on.
    if matches!(standing, Standing::On { .. }) && done < 1.0 {
        state.phase = Phase::Running;
    }
    if work.is_training() {
        // Saves that plans had it make: since its last checkpoint was reported, or all of them.
        let known_s = state.last_checkpoint_s.map_or(i64::MIN, |_| reported_s);
        let planned = past.iter().filter_map(|p| p.last_checkpoint(&work.id, grid.start_s)).max();
        state.last_checkpoint_s = state.last_checkpoint_s.max(planned.filter(|s| *s > known_s));
    }
    let prior = past.last().map_or_else(Vec::new, |p| p.prior(&work.id, portfolio, grid));
    Item { work, span, terms, state, done, standing, history, prior }
}

/// Progress of each step of a stretch; what lies more than a day back is nobody's business.
fn remember(history: &mut Vec<f64>, row: &super::past::Row, grid: Grid) {
    let hours = (row.end_s - row.start_s) as f64 / 3_600.0;
    let from_s = row.start_s.max(grid.start_s - DAY_S);
    let steps = ((row.end_s - from_s) / grid.step_s).max(0) as usize;
    history.extend(std::iter::repeat_n(row.progress_h / hours.max(1e-9), steps));
}

/// The stretch a piece was last in, on or held.
#[derive(Debug, Clone, Copy)]
struct Ran {
    site: usize,
    from_s: i64,
    end_s: i64,
    on: bool,
}

impl Ran {
    fn after(before: Option<Self>, site: usize, start_s: i64, end_s: i64, on: bool) -> Self {
        match before {
            Some(last) if last.site == site && last.on == on && last.end_s >= start_s => Self { end_s, ..last },
            _ => Self { site, from_s: start_s, end_s, on },
        }
    }

    /// Whether it is later than the last report, or no other than that.
    fn says(&self, state: &State, reported_s: i64, portfolio: &Portfolio) -> bool {
        let there = state.site.as_ref().and_then(|id| portfolio.site(id)).is_none_or(|site| site == self.site);
        let alike = match state.phase {
            Phase::Running => self.on,
            Phase::Paused => !self.on,
            _ => false,
        };
        self.end_s > reported_s || there && alike
    }

    fn standing(self, grid: Grid) -> Standing {
        let steps = ((grid.start_s - self.from_s) / grid.step_s).max(0) as usize;
        if self.on { Standing::On { site: self.site, steps } } else { Standing::Paused { site: self.site, steps } }
    }
}

fn reported(state: &State, portfolio: &Portfolio, terms: &Terms, grid: Grid, on: bool) -> Standing {
    let site = state.site.as_ref().and_then(|id| portfolio.site(id)).or_else(|| terms.sites.first().copied());
    let since_s = state.since_s.unwrap_or(grid.start_s);
    let steps = ((grid.start_s - since_s) / grid.step_s).max(0) as usize;
    match site {
        Some(site) if on => Standing::On { site, steps },
        Some(site) => Standing::Paused { site, steps },
        None => Standing::Waiting,
    }
}
