//! When a piece of work may run in the horizon, or why it may not.

use crate::plan::common::{Instant, Interval, Item, Snapshot, Standing, codes};

/// Work whose deadline passed longer ago was reported as missed already.
const FORGOTTEN_S: i64 = 86_400;

/// Where a piece of work's window lies in the horizon; release rounds up and deadline down to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub release: usize,
    /// Exclusive, and clipped to the horizon.
    pub deadline: usize,
    /// Steps from the horizon's end to the deadline.
    pub beyond: usize,
}

pub(super) enum Found {
    Window(Window),
    AfterHorizon,
    Expired,
    None(&'static str, String),
}

pub(super) fn window(snapshot: &Snapshot, item: &Item) -> Found {
    let (grid, work) = (snapshot.grid, &item.work);
    let Interval { start, end } = item.span;
    let step = |instant: Instant| (instant - grid.start).div_euclid(grid.step_s);
    let release = (step(start) + i64::from((start - grid.start).rem_euclid(grid.step_s) != 0)).max(0);
    let (deadline, steps) = (step(end), grid.len as i64);
    // A job that runs holds its place until it is done, whatever its deadline was.
    let runs_on = matches!(item.standing, Standing::On { .. }) && !work.is_training() && !work.divides();
    if runs_on && !item.terms.sites.is_empty() {
        return Found::Window(Window { release: 0, deadline: grid.len, beyond: 0 });
    }
    if forgotten(snapshot, item) {
        return Found::Expired;
    }
    if end <= grid.start {
        return Found::None(codes::DEADLINE_PAST, format!("{}: its deadline {} has passed", work.id, work.deadline));
    }
    if release >= steps {
        return Found::AfterHorizon;
    }
    if deadline <= release {
        let what =
            format!("{}: no whole step of {} min lies between its release and its deadline", work.id, grid.step_s / 60);
        return Found::None(solver::codes::WINDOW_TOO_SHORT, what);
    }
    if item.terms.sites.is_empty() {
        return Found::None(codes::NO_SITE, format!("{}: it may run at no site of the portfolio", work.id));
    }
    let beyond = (deadline - steps).max(0) as usize;
    Found::Window(Window { release: release as usize, deadline: deadline.min(steps) as usize, beyond })
}

pub(super) fn forgotten(snapshot: &Snapshot, item: &Item) -> bool {
    item.span.end < snapshot.now - FORGOTTEN_S
}
