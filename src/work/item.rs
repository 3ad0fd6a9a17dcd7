//! A piece of work at the start of a horizon: as schedulers reported it, and since then, or where nothing was reported,
//! as the plans in force had it.

use super::history::{History, Planned, Row};
use super::piece::{Piece, Reported};
use super::standing::Standing;
use super::state::{Phase, State};
use super::terms::Terms;
use super::{Portfolio, Serialize, Work};
use reports::time::{DAY_S, Grid, Instant, Interval};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    pub work: Work,
    /// From its release to its deadline, which the work states.
    #[serde(skip)]
    pub span: Interval,
    pub terms: Terms,
    /// As reported, brought up to the start of the horizon.
    pub state: State,
    /// Part of it that is done, as reported and as planned since.
    pub done: f64,
    pub standing: Standing,
    /// Training's progress in the last day's steps, as parts of full speed; newest last, empty where it is not known.
    pub history: Vec<f64>,
    /// What an earlier plan has for it in this horizon.
    pub prior: Vec<Planned>,
}

impl Item {
    /// IT energy still to run, MWh.
    pub fn left_mwh(&self) -> f64 {
        self.terms.all_energy_mwh() * (1.0 - self.done).max(0.0)
    }

    /// One piece, from what was last reported of it and what plans have had it do since.
    pub fn new(piece: Piece, terms: Terms, portfolio: &Portfolio, past: History, grid: Grid) -> Self {
        let reported = Reported { piece: &piece, terms: &terms, portfolio };
        let counts_from = reported.counts_from();
        let mut since = 0.0;
        // Since when it has been where it is, and what its last day was like, a report need not change.
        let mut last: Option<(Standing, Instant)> = None;
        let mut history = Vec::new();
        for row in reported.timeline(&past.ruled, grid) {
            let (mwh, progress_h) = row.since(counts_from);
            if piece.work.is_training() {
                since += progress_h / terms.hours.max(1e-9);
                remember(&mut history, &row, grid);
            } else {
                since += mwh / terms.all_energy_mwh().max(1e-9);
            }
            if let Some(site) = portfolio.site(&row.site) {
                let before = last.filter(|(_, end)| *end >= row.start).map_or(Standing::Waiting, |(was, _)| was);
                last = Some((before.then(site, row.on, row.start), row.end));
            }
        }
        let planned = last.filter(|(was, end)| *end >= grid.start && later_or_alike(reported, *was, *end));
        // Reported and not planned since: as reported.
        let standing = planned.map_or_else(|| as_reported(reported, grid), |(was, _)| was);
        let done = (piece.state.done.unwrap_or(0.0) + since).clamp(0.0, 1.0);
        let Piece { work, span, mut state, .. } = piece;
        // A job in one go that has begun runs on.
        if matches!(standing, Standing::On { .. }) && done < 1.0 {
            state.phase = Phase::Running;
        }
        if work.is_training() {
            // Saves that plans had it make: since its last checkpoint was reported, or all of them.
            let known = state.last_checkpoint.and(state.at);
            let planned = past.ruled.iter().filter_map(|plan| plan.last_checkpoint(grid.start)).max();
            state.last_checkpoint = state.last_checkpoint.max(planned.filter(|at| Some(*at) > known));
        }
        Self { work, span, terms, state, done, standing, history, prior: past.prior }
    }
}

/// Progress of each step of a stretch; what lies more than a day back is nobody's business.
fn remember(history: &mut Vec<f64>, row: &Row, grid: Grid) {
    let hours = (row.end - row.start) as f64 / 3_600.0;
    let from = row.start.max(grid.start - DAY_S);
    let steps = ((row.end - from) / grid.step_s).max(0) as usize;
    history.extend(std::iter::repeat_n(row.progress_h / hours.max(1e-9), steps));
}

/// Whether what it did until an instant is later than the last report, or no other than that.
fn later_or_alike(reported: Reported, was: Standing, end: Instant) -> bool {
    let state = &reported.piece.state;
    let there = reported.site().is_none_or(|site| was.place().is_some_and(|(at, _)| at == site));
    Some(end) > state.at || there && was.phase() == state.phase
}

fn as_reported(reported: Reported, grid: Grid) -> Standing {
    let state = &reported.piece.state;
    let since = state.since.unwrap_or(grid.start);
    match (state.phase, reported.site_or_first()) {
        (Phase::Running, Some(site)) => Standing::On { site, since },
        (Phase::Paused, Some(site)) => Standing::Paused { site, since },
        _ => Standing::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::terms;
    use ids::{Index, SiteId, SiteIndex};
    use reports::time::HOUR_S;

    #[test]
    fn without_a_plan_it_stands_as_it_was_reported() {
        let at = |hour: i64| Instant::from_seconds(hour * HOUR_S);
        let text = "[store]\nurl = \"sqlite://x.db\"\n[portfolio]\nname = \"a\"\n[[boundary]]\nid = \"b\"\n\
            [[site]]\nid = \"s\"\nboundary = \"b\"\nit_capacity_mw = 10.0\n[[site]]\nid = \"t\"\nboundary = \"b\"\n\
            it_capacity_mw = 10.0\n";
        let portfolio = crate::portfolio::parse(text, "hourmatch.toml").expect("a portfolio");
        let grid = Grid { start: at(10), step_s: HOUR_S, len: 24 };
        let since = at(8);
        let stands = |phase: Phase, site: Option<&str>| {
            let (site, at) = (site.map(SiteId::from), Some(at(9)));
            let state = State { phase, site, done: Some(0.25), since: Some(since), at, ..State::QUEUED };
            let work =
                Work::batch("a".into(), "2026-01-01T00:00:00Z".into(), "2026-01-02T00:00:00Z".into(), Some(12.0));
            let (terms, span) = (terms::derive(&work, &portfolio), work.span().expect("a span"));
            let item = Item::new(Piece { work, span, state, born_seq: 0 }, terms, &portfolio, History::default(), grid);
            assert_eq!((item.done, item.left_mwh()), (0.25, 9.0));
            item.standing
        };
        let [first, second] = [0, 1].map(SiteIndex::new);
        assert_eq!(stands(Phase::Running, Some("t")), Standing::On { site: second, since });
        assert_eq!(stands(Phase::Paused, Some("t")), Standing::Paused { site: second, since });
        // Where it is, nobody said: where it may be.
        assert_eq!(stands(Phase::Paused, None), Standing::Paused { site: first, since });
        assert_eq!(stands(Phase::Queued, Some("t")), Standing::Waiting);
    }
}
