//! What was reported and reserved since a plan was made, and what that takes and gives back.
//!
//! Work that is done or cancelled gives back what the plan has for it. Work reported to run where or when the plan has
//! nothing for it takes what it draws, from the step the report lies in until it is due to be over; one in one go that is
//! overdue goes on. Reservations take their room, and one that the plan knows and that was released since gives it back.

use super::common::{Grid, Instant, Interval, Plan, Portfolio, draws};
use super::site::Free;
use crate::plan::schedule::Placement;
use crate::store::reservations::Reservation;
use crate::store::work::Rows;
use crate::work::piece::{Lost, Piece, Pieces, Reported};
use crate::work::state::Phase;
use crate::work::terms::{self, Terms};
use crate::work::{Kind, Work};
use ids::WorkId;
use solver::Draw;
use std::collections::BTreeMap;

/// What the store has that a plan may not know.
#[derive(Debug, Clone, Default)]
pub struct News {
    pub work: Rows,
    /// Changes of work that the plan was made with.
    pub work_seq: i64,
    /// Those that end after the plan's start, released ones too.
    pub reservations: Vec<Reservation>,
    /// Reservations made and released that the plan was made with.
    pub reservation_seq: i64,
}

/// Takes the news out of what a plan leaves; what of them cannot be read is told, and stays as the plan had it.
pub fn take(free: &mut Free, plan: Option<&Plan>, portfolio: &Portfolio, news: &News, now: Instant) -> Vec<String> {
    take_reservations(free, portfolio, news);
    let pieces = Pieces::read(&news.work);
    let lost = |lost: &Lost| format!("stored work {} cannot be read: it counts as planned", lost.id);
    let garbled = |lost: &Lost| format!("{}: the rest of what is stored of the work counts", lost.what);
    let aside = pieces.lost.iter().map(lost).chain(pieces.garbled.iter().map(garbled)).collect();
    if pieces.readable.is_empty() {
        return aside;
    }
    let mut planned: BTreeMap<&WorkId, Vec<&Placement>> = BTreeMap::new();
    plan.iter().flat_map(|p| &p.schedule).for_each(|s| planned.entry(&s.work).or_default().push(s));
    for piece in &pieces.readable {
        let (work, terms) = (&piece.work, terms::derive(&piece.work, portfolio));
        let rows = planned.get(&work.id).map_or(&[][..], |rows| rows);
        let mine: Vec<Draw> = rows.iter().flat_map(|s| of_schedule(portfolio, work, &terms, s, free.grid)).collect();
        let told = Now { reported: Reported { piece, terms: &terms, portfolio }, grid: free.grid, now };
        // The plan had another piece by that id, which was cancelled.
        let another = piece.born_seq > news.work_seq;
        let actual = if another { Some(told.actual(&[]).unwrap_or_default()) } else { told.actual(&mine) };
        let Some(actual) = actual else { continue };
        mine.iter().for_each(|draw| free.give_back(draw));
        actual.iter().for_each(|draw| free.take(draw));
    }
    aside
}

fn take_reservations(free: &mut Free, portfolio: &Portfolio, news: &News) {
    for r in &news.reservations {
        let Some(draw) = draws::of_reservation(portfolio, r, free.grid) else { continue };
        match (r.seen_at(news.reservation_seq), r.released_seq.is_none()) {
            (false, true) => free.take(&draw),
            (true, false) => free.give_back(&draw),
            _ => {}
        }
    }
}

/// What a stretch of a plan takes, as the solver counted it.
fn of_schedule(portfolio: &Portfolio, work: &Work, terms: &Terms, s: &Placement, grid: Grid) -> Option<Draw> {
    let site = portfolio.site(&s.site)?;
    // Of work that divides, the GPUs go with the power; the plan rounds them up.
    let exact = match s.kind {
        Kind::Batch if work.divides() => terms.gpus.map(|gpus| gpus * s.mw / terms.max_mw.max(1e-12)),
        _ => s.gpus.map(|gpus| gpus as f64),
    };
    let gpus = draws::gpus(portfolio, s.pool.as_ref(), exact, work.account.as_ref());
    draws::over(grid, site, s.span(), s.mw, gpus)
}

/// A piece as reported, on the steps of a plan.
struct Now<'a> {
    reported: Reported<'a>,
    grid: Grid,
    now: Instant,
}

impl Now<'_> {
    /// What it draws in place of what was planned; none: as planned.
    fn actual(&self, planned: &[Draw]) -> Option<Vec<Draw>> {
        match self.reported.piece.state.phase {
            Phase::Done | Phase::Cancelled => Some(Vec::new()),
            // It may come back: its place is kept.
            Phase::Queued | Phase::Paused => None,
            Phase::Running => self.running(planned),
        }
    }

    fn running(&self, planned: &[Draw]) -> Option<Vec<Draw>> {
        let Reported { piece: Piece { work, state, .. }, terms, portfolio } = self.reported;
        let reported = self.reported.site();
        if state.site.is_some() && reported.is_none() {
            // It runs where the portfolio has no site any more: here it takes nothing.
            return Some(Vec::new());
        }
        let at = state.at.unwrap_or(self.now);
        let runs_at = |draw: &&Draw| {
            let here = reported.is_none_or(|site| site == draw.site);
            let steps = draw.steps();
            let span = self.grid.start(steps.start)..self.grid.start(steps.end);
            here && (span.contains(&self.now) || span.contains(&at))
        };
        let as_planned = planned.iter().find(runs_at);
        let in_one_go = !work.is_training() && !work.divides();
        // An array whose units the plan has running is told apart by the next plan only.
        if as_planned.is_some() && (!in_one_go || terms.count > 1) {
            return None;
        }
        let site = reported
            .or_else(|| as_planned.or(planned.first()).map(|draw| draw.site))
            .or_else(|| terms.sites.first().copied())?;
        let count = f64::from(terms.count);
        let left_h = terms.hours * (1.0 - state.done.unwrap_or(0.0)).max(0.0);
        // Part done was so at the report; without it, it has run since it began.
        let from = if state.done.is_some() { at } else { state.since.unwrap_or(at) };
        let due = (from + (left_h * 3_600.0).ceil() as i64).min(Instant::LAST);
        // Overdue, it goes on until something else is reported.
        let end = due.max(self.now + 1);
        let gpus = terms.gpus.map(|gpus| gpus * count);
        let gpus = draws::gpus(portfolio, work.pool.as_ref(), gpus, work.account.as_ref());
        let span = Interval { start: from.min(self.now), end };
        // In whole steps: what runs may be anywhere in its first and last.
        let steps = Some(self.grid.touched(span)).filter(|steps| !steps.is_empty());
        Some(steps.map(|steps| Draw::flat(site, steps, terms.most_mw(), gpus)).into_iter().collect())
    }
}
