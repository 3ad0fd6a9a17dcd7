//! A linear model seen as pieces of divisible work that meet only in the load of cells, a cell being a site in a step.
//!
//! ```text
//! per piece    sum(s,t) h*x + miss + later      = energy
//!              sum(s) x + slack[t]              = max            per step of its window
//! per cell     sum(pieces) x - y                = -pinned        its load
//! the rest     what y and every other column enter: balance, contracts, targets, storage, limits …
//! ```
//!
//! What work adds to other rows at a cell is the same for all of it, so `y` carries those entries. A model in which work
//! meets in any other way is none of ours: `Shape::of_model` says no.

use super::cells::Cells;
use super::elimination::Eliminate;
use super::queue::Queue;
use super::rest::Rest;
use crate::model::LinearModel;
use ids::{Index, WorkIndex};
use std::ops::Range;

/// Energy below this is none, in MWh.
pub(super) const NOTHING: f64 = 1e-12;

/// Part of a piece's energy below which what pins leave of it is rounding.
const ROUNDING: f64 = 1e-9;

/// One piece of divisible work. Its columns lie in one block of the local vectors: its cells run by run, then one slack
/// for each step it can use, then what is missed.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub work: WorkIndex,
    pub energy_mwh: f64,
    pub max_mw: f64,
    /// In `Shape::runs`, by site and step.
    pub runs: Range<usize>,
    pub cells: usize,
    /// Steps it can use, in `Shape::steps_of`, that of later energy last; and its block in the vectors of rates.
    pub rates: Range<usize>,
    /// From the first of them to the last.
    pub span: Range<usize>,
    /// Whether it leaves energy for later where other work does: in its last run.
    pub defers: bool,
    /// Of its block in the local vectors.
    pub first: usize,
    /// Its bounded columns: energy left for later, and power kept where a previous plan had it.
    pub extras: Range<usize>,
}

impl Piece {
    /// Cells, slacks and what is missed.
    pub fn columns(&self) -> usize {
        self.cells + self.rates.len() + 1
    }

    pub fn block(&self) -> Range<usize> {
        self.first..self.first + self.columns()
    }
}

/// Neighbouring steps of a piece at one site.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub site: usize,
    pub step: usize,
    pub len: usize,
    /// Its first column in the piece's block, and its first step among the piece's.
    pub at: usize,
    pub rate: usize,
    /// Its first column in the model.
    pub column: usize,
}

impl Run {
    /// Which of its steps has that rate; none where none has.
    #[inline(always)]
    pub fn with_rate(&self, rate: usize) -> Option<usize> {
        rate.checked_sub(self.rate).filter(|&t| t < self.len)
    }
}

/// A bounded column of a piece.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extra {
    pub column: usize,
    pub upper: f64,
    pub cost: f64,
    pub draws: Option<Draws>,
}

/// Where an extra draws: its place among the piece's cells and steps, and the cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draws {
    pub at: usize,
    pub rate: usize,
    pub cell: usize,
}

/// What a piece may leave for later where other work does, in MW over a step.
#[derive(Clone, Copy)]
struct Deferred {
    cell: (usize, usize),
    column: usize,
    most: f64,
    cost: f64,
}

pub(super) struct Shape {
    pub steps: usize,
    pub sites: usize,
    pub step_hours: f64,
    pub pieces: Vec<Piece>,
    pub runs: Vec<Run>,
    /// Steps of each piece, one after another.
    pub steps_of: Vec<usize>,
    /// MW that a piece takes at most, by step of each.
    pub most: Vec<f64>,
    pub extras: Vec<Extra>,
    /// Of local columns.
    pub cost: Vec<f64>,
    /// Whether rows of energy stay in the system.
    pub keeps_energies: bool,
}

impl Shape {
    pub fn cells(&self) -> usize {
        self.sites * self.steps
    }

    /// Site by site, so that a run's cells are neighbours.
    pub fn cell(&self, site: usize, step: usize) -> usize {
        site * self.steps + step
    }

    pub fn runs_of(&self, piece: &Piece) -> &[Run] {
        &self.runs[piece.runs.clone()]
    }

    /// Cells of a run.
    pub fn span(&self, run: &Run) -> Range<usize> {
        let first = self.cell(run.site, run.step);
        first..first + run.len
    }

    /// None where work meets in rows of its own: pools, accounts, dependencies.
    pub fn of_model(model: &LinearModel, queue: &Queue, eliminate: Eliminate) -> Option<(Shape, Rest)> {
        if model.has_integers() {
            return None;
        }
        let cells = Cells::of_model(model, queue.steps);
        let rest = Rest::of_model(model, cells, queue, eliminate)?;
        let open = rest.open();
        let mut shape = Shape {
            steps: rest.cells.steps,
            sites: rest.cells.sites,
            step_hours: rest.cells.step_hours.or((!queue.gangs.is_empty()).then_some(1.0))?,
            pieces: Vec::with_capacity(model.keys.work.len()),
            runs: Vec::new(),
            steps_of: Vec::new(),
            most: Vec::new(),
            extras: Vec::new(),
            cost: Vec::with_capacity(model.columns.len()),
            keeps_energies: !rest.energies.is_empty(),
        };
        // By window: pieces that meet lie near each other in memory.
        let mut works: Vec<WorkIndex> = WorkIndex::all(&model.keys.work).collect();
        works.sort_by_key(|&w| (model.keys.work[w].release, model.keys.work[w].window));
        for w in works {
            shape.push(model, w, &rest, &open)?;
        }
        Some((shape, rest))
    }

    /// None where pins leave it less than nothing, or steps in which it can do nothing.
    fn push(&mut self, model: &LinearModel, w: WorkIndex, rest: &Rest, open: &[bool]) -> Option<()> {
        let keys = model.keys.work[w];
        let places = keys.place..keys.place + keys.sites * keys.window;
        let max_mw = places.clone().next().map_or(0.0, |column| model.columns[column].upper);
        let pinned: Vec<(usize, f64)> = rest.pins.range(places.clone()).map(|(_, pin)| pin.at(self.steps)).collect();
        let energy_mwh = self.left(model.rows[model.keys.energy(w)].upper, &pinned)?;
        if energy_mwh <= 0.0 {
            return Some(());
        }
        let mut cells = Vec::with_capacity(places.len());
        for column in places.filter(|column| max_mw > NOTHING && !rest.pins.contains_key(column)) {
            let (site, step) = rest.cells.drawn(&model.columns[column].kind)?;
            if open[self.cell(site, step)] {
                cells.push((site, step, column));
            }
        }
        cells.sort_unstable();
        let cost: Vec<f64> = cells.iter().map(|cell| model.columns[cell.2].cost).collect();
        let miss = model.columns[model.keys.miss(w)].cost;
        let later = model.keys.later(w).filter(|&column| model.columns[column].upper > NOTHING);
        let shared = later.zip(rest.cells.later(w));
        let deferred = shared.filter(|&(_, (site, step))| open[self.cell(site, step)]);
        let deferred = deferred.map(|(column, cell)| self.deferred(model, column, cell));
        self.add(w, (energy_mwh, max_mw), &cells, (&cost, miss), deferred);
        self.hold(&pinned)?;
        self.push_extras(model, w, later.filter(|_| shared.is_none()));
        Some(())
    }

    /// MWh that pins leave of a piece's energy: nothing where there is none, or what rounding makes of that; none where it is
    /// less.
    fn left(&self, all_mwh: f64, pinned: &[(usize, f64)]) -> Option<f64> {
        let rounding = NOTHING.max(if pinned.is_empty() { 0.0 } else { ROUNDING * all_mwh });
        let left = all_mwh - self.step_hours * pinned.iter().map(|(_, mw)| mw).sum::<f64>();
        (left >= -rounding).then_some(if left > rounding { left } else { 0.0 })
    }

    fn deferred(&self, model: &LinearModel, column: usize, cell: (usize, usize)) -> Deferred {
        let later = &model.columns[column];
        Deferred { cell, column, most: later.upper / self.step_hours, cost: later.cost * self.step_hours }
    }

    /// Takes what the last piece draws for certain out of its steps: (step, MW).
    fn hold(&mut self, pinned: &[(usize, f64)]) -> Option<()> {
        let piece = self.pieces.last()?;
        let steps = piece.rates.start..piece.rates.end - usize::from(piece.defers);
        for &(step, mw) in pinned {
            let Some(at) = steps.clone().find(|&at| self.steps_of[at] == step) else { continue };
            self.most[at] -= mw;
            if self.most[at] <= NOTHING {
                return None;
            }
        }
        Some(())
    }

    /// A piece over these cells: (site, step, column), by site and step; with the cost of each, and of what is missed.
    fn add(
        &mut self,
        work: WorkIndex,
        (energy_mwh, max_mw): (f64, f64),
        cells: &[(usize, usize, usize)],
        (cost, miss): (&[f64], f64),
        deferred: Option<Deferred>,
    ) {
        let mut steps: Vec<usize> = cells.iter().map(|c| c.1).collect();
        steps.sort_unstable();
        steps.dedup();
        let first = self.runs.len();
        for (at, &(site, step, column)) in cells.iter().enumerate() {
            match self.runs[first..].last_mut() {
                Some(run) if run.site == site && run.step + run.len == step && run.column + run.len == column => {
                    run.len += 1;
                }
                _ => {
                    let rate = steps.partition_point(|s| *s < step);
                    self.runs.push(Run { site, step, len: 1, at, rate, column });
                }
            }
        }
        let from = self.cost.len();
        self.cost.extend_from_slice(cost);
        self.most.extend(std::iter::repeat_n(max_mw, steps.len()));
        if let Some(Deferred { cell: (site, step), column, most, cost }) = deferred {
            self.runs.push(Run { site, step, len: 1, at: cells.len(), rate: steps.len(), column });
            self.cost.push(cost);
            self.most.push(most);
            steps.push(step);
        }
        let span = steps.iter().min().map_or(0..0, |&least| least..steps.iter().max().map_or(0, |most| most + 1));
        let piece = Piece {
            work,
            energy_mwh,
            max_mw,
            runs: first..self.runs.len(),
            cells: cells.len() + usize::from(deferred.is_some()),
            rates: self.steps_of.len()..self.steps_of.len() + steps.len(),
            span,
            defers: deferred.is_some(),
            first: from,
            extras: self.extras.len()..self.extras.len(),
        };
        self.cost.extend(std::iter::repeat_n(0.0, steps.len()));
        self.cost.push(miss);
        self.steps_of.append(&mut steps);
        self.pieces.push(piece);
    }

    /// `later`: where energy is left for later, and no other work is in the way.
    fn push_extras(&mut self, model: &LinearModel, w: WorkIndex, later: Option<usize>) {
        if let Some(column) = later {
            let later = &model.columns[column];
            self.extra(Extra { column, upper: later.upper, cost: later.cost, draws: None });
        }
        for &(site, step, column) in &model.keys.keep[w] {
            let kept = &model.columns[column];
            if kept.upper > NOTHING
                && let Some(draws) = self.draws(site.get(), step)
            {
                self.extra(Extra { column, upper: kept.upper, cost: kept.cost, draws: Some(draws) });
            }
        }
    }

    /// Of the last piece.
    fn extra(&mut self, extra: Extra) {
        self.extras.push(extra);
        if let Some(piece) = self.pieces.last_mut() {
            piece.extras.end += 1;
        }
    }

    /// Where the last piece has a cell; none where it has not.
    fn draws(&self, site: usize, step: usize) -> Option<Draws> {
        let runs = self.runs_of(self.pieces.last()?);
        let run = runs.iter().find(|r| r.site == site && (r.step..r.step + r.len).contains(&step))?;
        let off = step - run.step;
        Some(Draws { at: run.at + off, rate: run.rate + off, cell: self.cell(site, step) })
    }
}
