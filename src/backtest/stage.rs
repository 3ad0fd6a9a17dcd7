//! What happened in a period: supply, grid and firm load as metered, and the work there was.

use super::request::Request;
use crate::error::Fault;
use crate::expected::{Expected, Origin, Span, World};
use crate::plan::codes;
use crate::plan::document::Reason;
use crate::plan::snapshot::Snapshot;
use crate::portfolio::Portfolio;
use crate::store::Store;
use crate::store::work::{self, CANCELLED, Rows};
use crate::work::Work;
use crate::work::gone::gone;
use crate::work::piece::{self, Lost, Pieces};
use crate::work::state::State;
use crate::work::terms::{self, Terms};
use ids::SiteIndex;
use reports::time::{Grid, Interval};
use std::sync::Arc;

#[derive(Debug)]
pub struct Stage {
    pub portfolio: Arc<Portfolio>,
    /// Everything known to anybody, for looking at it as of any hour.
    pub world: World,
    pub grid: Grid,
    /// Work that can run in the period, sorted by release and id, and where its window lies.
    pub work: Vec<Piece>,
    /// Work of which nothing can be run: it cannot be read, or names what has left the portfolio.
    pub refused: Vec<Reason>,
    /// As it came.
    pub actual: Snapshot,
}

/// A piece of work on the period's grid.
#[derive(Debug, Clone)]
pub struct Piece {
    pub work: Work,
    pub span: Interval,
    pub release: usize,
    /// Exclusive; beyond the period's end where the deadline is.
    pub deadline: usize,
    pub terms: Terms,
}

impl Stage {
    pub async fn load(store: &Store, portfolio: &Portfolio, request: &Request) -> anyhow::Result<Self> {
        let portfolio = Arc::new(portfolio.clone());
        let grid = Grid::over(request.period, portfolio.resolution())
            .map_err(|e| Fault::new(e.to_string()).hint("write bounds that lie on the portfolio's resolution"))?;
        let span = Span::planned_again(request.period, request.horizon_s);
        let world = World::load(store, &portfolio, span).await?;
        let (work, refused) = within(&portfolio, stated(store).await?, grid);
        let came = world.came(grid);
        came.gaps.check()?;
        let actual = Snapshot::of_view(portfolio.clone(), world.rules().clone(), grid.start, grid, came);
        let stage = Self { actual, portfolio, world, grid, work, refused };
        stage.refuse_empty()?;
        Ok(stage)
    }

    /// A backtest of nothing answers nothing.
    fn refuse_empty(&self) -> Result<(), Fault> {
        // What was expected of a period in which nothing was metered is no reading of it.
        let unknown = |e: &Expected| e.count(Origin::Supplier) + e.count(Origin::Configured) == 0;
        let Interval { start: from, end: to } = self.grid.period();
        let no_supply = self.actual.view.delivered_mw.iter().all(unknown) && !self.actual.view.delivered_mw.is_empty();
        let what = format!("no contract has a reading between {from} and {to}");
        Fault::refuse_if(no_supply, &what, "ingest the generation of that period first: hourmatch ingest FILE")?;
        let no_load = self.actual.view.firm_it_mw.iter().all(unknown) && self.work.is_empty();
        let what = format!("there is neither load nor work between {from} and {to}");
        let hint = "ingest site/<id>/it_load, or import a work list: hourmatch work import FILE";
        Fault::refuse_if(no_load, &what, hint)
    }

    /// IT MW a site has left for work in a step.
    pub fn room(&self, site: SiteIndex, step: usize) -> f64 {
        let cap = self.portfolio.sites[site].cap_at_mw(self.actual.view.pue[site][step]);
        (cap - self.actual.view.firm_it_mw[site].values[step]).max(0.0)
    }
}

/// All work that was not cancelled, as its owners state it.
pub(super) async fn stated(store: &Store) -> sqlx::Result<Pieces> {
    Ok(of_rows(work::all(store).await?))
}

pub(super) fn of_rows(mut rows: Rows) -> Pieces {
    rows.readable.retain(|row| row.state != CANCELLED);
    Pieces::read(&rows)
}

/// Work that can run in the period, and that of which nothing can be run.
fn within(portfolio: &Portfolio, found: Pieces, grid: Grid) -> (Vec<Piece>, Vec<Reason>) {
    let lost = |lost: &Lost| {
        let message = format!("{}: it is left out; {}", lost.what, lost.remedy);
        Reason::new(codes::WORK_UNREADABLE, lost.id.as_str(), 1.0, "pieces", message)
    };
    let mut refused: Vec<Reason> = found.lost.iter().map(lost).collect();
    let mut pieces = Vec::new();
    for piece::Piece { work, span, .. } in found.readable {
        // Where it was reported to be is no matter of a backtest.
        let touched = span.start < grid.period().end && span.end > grid.start;
        match gone(&work, &State::QUEUED, portfolio).filter(|_| touched) {
            Some((what, message)) => {
                refused.push(Reason::new(codes::of_gone(what), work.id.as_str(), 1.0, "pieces", message))
            }
            None => pieces.extend(self::pieces((work, span), portfolio, grid)),
        }
    }
    pieces.sort_by(|a: &Piece, b| a.release.cmp(&b.release).then_with(|| a.work.id.cmp(&b.work.id)));
    (pieces, refused)
}

/// Nothing where it is not released within the period, or has no whole step. Jobs of an array are one piece each.
fn pieces((work, span): (Work, Interval), portfolio: &Portfolio, grid: Grid) -> Vec<Piece> {
    let release = (span.start - grid.start + grid.step_s - 1).div_euclid(grid.step_s);
    let deadline = (span.end - grid.start).div_euclid(grid.step_s);
    let release = usize::try_from(release).ok().filter(|r| *r < grid.len);
    let deadline = usize::try_from(deadline).ok().zip(release).filter(|(d, r)| d > r);
    let terms = terms::derive(&work, portfolio);
    let Some((deadline, release)) = deadline.filter(|_| !terms.sites.is_empty()) else { return Vec::new() };
    let units = if work.divides() || work.is_training() { 1 } else { terms.count };
    let (work, terms) =
        if units > 1 { (Work { count: None, ..work }, Terms { count: 1, ..terms }) } else { (work, terms) };
    vec![Piece { work, span, release, deadline, terms }; units as usize]
}
