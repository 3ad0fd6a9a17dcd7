//! A linear model seen as pieces of divisible work that meet only in the load of cells, a cell being a site in a step.
//!
//! ```text
//! per piece    sum(s,t) h*x + miss + later      = energy
//!              sum(s) x + slack[t]              = max            per step of its window
//! per cell     sum(pieces) x - y                = 0              its load
//! the rest     what y and every other column enter: balance, contracts, targets, storage, limits …
//! ```
//!
//! What work adds to other rows at a cell is the same for all of it, so `y` carries those entries. A model in which work
//! meets in any other way is none of ours: `Shape::of_model` says no.

use super::elimination::Eliminate;
use super::queue::Queue;
use super::rest::Rest;
use crate::model::{ColumnKind, LinearModel};
use ids::{Index, WorkIndex};
use std::ops::Range;

/// Energy below this is none, in MWh.
pub(super) const NOTHING: f64 = 1e-12;

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
    /// Steps it can use, in `Shape::steps_of`; and its block in the vectors of rates.
    pub rates: Range<usize>,
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

pub(super) struct Shape {
    pub steps: usize,
    pub sites: usize,
    pub step_hours: f64,
    pub pieces: Vec<Piece>,
    pub runs: Vec<Run>,
    /// Steps of each piece, one after another.
    pub steps_of: Vec<usize>,
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

    /// None where work meets in rows of its own: pools, accounts, pins, energy free until a day.
    pub fn of_model(model: &LinearModel, queue: &Queue, eliminate: Eliminate) -> Option<(Shape, Rest)> {
        if model.has_integers() {
            return None;
        }
        let (sites, steps) = extent(model);
        let steps = steps.max(queue.steps);
        let rest = Rest::of_model(model, (sites, steps), queue, eliminate)?;
        let open = rest.open();
        let mut shape = Shape {
            steps,
            sites,
            step_hours: step_hours(model).or((!queue.gangs.is_empty()).then_some(1.0))?,
            pieces: Vec::with_capacity(model.keys.work.len()),
            runs: Vec::new(),
            steps_of: Vec::new(),
            extras: Vec::new(),
            cost: Vec::with_capacity(model.columns.len()),
            keeps_energies: !rest.energies.is_empty(),
        };
        // By window: pieces that meet lie near each other in memory.
        let mut works: Vec<WorkIndex> = WorkIndex::all(&model.keys.work).collect();
        works.sort_by_key(|&w| (model.keys.work[w].release, model.keys.work[w].window));
        for w in works {
            shape.push(model, w, &open)?;
        }
        Some((shape, rest))
    }

    fn push(&mut self, model: &LinearModel, w: WorkIndex, open: &[bool]) -> Option<()> {
        let keys = model.keys.work[w];
        let energy_mwh = model.rows[model.keys.energy(w)].upper;
        if energy_mwh <= NOTHING || keys.window == 0 || keys.sites == 0 {
            return Some(());
        }
        let mut cells = Vec::with_capacity(keys.sites * keys.window);
        for column in keys.place..keys.place + keys.sites * keys.window {
            let ColumnKind::Place { site, step, .. } = model.columns[column].kind else { return None };
            let site = site.get();
            if open[self.cell(site, step)] {
                cells.push((site, step, column));
            }
        }
        cells.sort_unstable();
        let miss = model.columns[model.keys.miss(w)].cost;
        let max_mw = model.columns[keys.place].upper;
        if max_mw <= NOTHING {
            cells.clear();
        }
        let cost = |k: usize| model.columns[cells[k].2].cost;
        self.add(w, (energy_mwh, max_mw), &cells, miss, cost);
        self.push_extras(model, w)
    }

    /// A piece over these cells: (site, step, column), by site and step; `cost` is that of each in their order.
    pub fn add(
        &mut self,
        work: WorkIndex,
        (energy_mwh, max_mw): (f64, f64),
        cells: &[(usize, usize, usize)],
        miss: f64,
        cost: impl Fn(usize) -> f64,
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
        let rates = self.steps_of.len()..self.steps_of.len() + steps.len();
        let piece = Piece {
            work,
            energy_mwh,
            max_mw,
            runs: first..self.runs.len(),
            cells: cells.len(),
            rates,
            first: self.cost.len(),
            extras: self.extras.len()..self.extras.len(),
        };
        self.cost.extend((0..cells.len()).map(cost));
        self.cost.extend(std::iter::repeat_n(0.0, steps.len()));
        self.cost.push(miss);
        self.steps_of.append(&mut steps);
        self.pieces.push(piece);
    }

    fn push_extras(&mut self, model: &LinearModel, w: WorkIndex) -> Option<()> {
        if let Some(column) = model.keys.later(w) {
            let later = &model.columns[column];
            if later.upper > NOTHING {
                self.extra(Extra { column, upper: later.upper, cost: later.cost, draws: None });
            }
        }
        for &(site, step, column) in &model.keys.keep[w] {
            let kept = &model.columns[column];
            if kept.upper > NOTHING
                && let Some(draws) = self.draws(site.get(), step)
            {
                self.extra(Extra { column, upper: kept.upper, cost: kept.cost, draws: Some(draws) });
            }
        }
        Some(())
    }

    /// Of the last piece.
    pub fn extra(&mut self, extra: Extra) {
        self.extras.push(extra);
        if let Some(piece) = self.pieces.last_mut() {
            piece.extras.end += 1;
        }
    }

    /// Where the last piece has a cell; none where it has not.
    pub fn draws(&self, site: usize, step: usize) -> Option<Draws> {
        let runs = self.runs_of(self.pieces.last()?);
        let run = runs.iter().find(|r| r.site == site && (r.step..r.step + r.len).contains(&step))?;
        let off = step - run.step;
        Some(Draws { at: run.at + off, rate: run.rate + off, cell: self.cell(site, step) })
    }
}

/// Sites and steps that any column of work names.
pub(super) fn extent(model: &LinearModel) -> (usize, usize) {
    let (mut sites, mut steps) = (0, 0);
    for column in &model.columns {
        if let ColumnKind::Place { site, step, .. } = column.kind {
            sites = sites.max(site.get() + 1);
            steps = steps.max(step + 1);
        }
    }
    (sites, steps)
}

fn step_hours(model: &LinearModel) -> Option<f64> {
    let entries = model.entries.iter().take_while(|e| (e.row as usize) < model.keys.work.len());
    let mut places = entries.filter(|e| matches!(model.columns[e.column as usize].kind, ColumnKind::Place { .. }));
    places.next().map(|e| e.value)
}
