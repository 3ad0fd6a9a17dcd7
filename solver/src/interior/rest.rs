//! What is no piece's own: the load `y` of every cell, the columns of all other rules, and the rows they enter.
//!
//! Rows come in the order in which they are eliminated (`order`): block by block those of single steps that only its cells
//! enter, and the loads of its cells, step by step, which pieces couple; then those that several blocks enter; last the rows
//! that run over the whole horizon, such as targets. Rows that bound the load of one cell alone become its bound.

use super::cells::Cells;
use super::elimination::Eliminate;
use super::kinds::{is_local, is_work};
use super::layout::Layout;
use super::order::{Draws, Order, OwnEntry, order};
use super::pins::{Pins, pins};
use super::queue::Queue;
use super::settled::{Settled, settled};
use crate::model::LinearModel;
use ids::{Index, WorkIndex};
use std::collections::BTreeMap;

/// MW below which a cell takes no work.
const OPEN: f64 = 1e-9;

/// A column of no piece, counted from its lower bound: between zero and `upper`.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub lower: f64,
    pub upper: f64,
    pub cost: f64,
    pub entries: Vec<(u32, f64)>,
    pub of: Of,
    /// What a limit is exceeded by.
    pub excess: bool,
}

/// What a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The load of a cell, by number.
    Load(usize),
    Model(usize),
    /// What a row leaves of its upper limit.
    Slack(usize),
}

pub(super) struct Rest {
    pub columns: Vec<Column>,
    /// Right sides, by row of the system.
    pub sides: Vec<f64>,
    pub cells: Cells,
    /// The row that is a cell's load, by cell.
    pub loads: Vec<usize>,
    /// By work the row that is its energy; none where pieces are eliminated.
    pub energies: Vec<usize>,
    /// Sites and places by block.
    pub blocks: Vec<Vec<usize>>,
    /// By cell, whether nothing limits its load.
    pub unlimited: Vec<bool>,
    /// Row of the system by row of the model.
    pub row_of: Vec<Option<u32>>,
    /// Rows of the model that bound the load of one cell alone, and their coefficient: (row, cell, coefficient).
    pub bounds: Vec<(usize, usize, f64)>,
    /// Rows of the model, and columns, that the system does without.
    pub settled: Vec<Settled>,
    pub pins: Pins,
    /// What a MW of work adds to rows of the model, by cell.
    pub draws: Draws,
    /// What lower bounds cost.
    pub constant: f64,
}

impl Rest {
    /// Cells are the steps of sites, then those of the queue's places.
    pub fn of_model(model: &LinearModel, cells: Cells, queue: &Queue, eliminate: Eliminate) -> Option<Rest> {
        let pins = pins(model, &cells)?;
        let (mut draws, own) = entries(model, &cells).ok()?;
        draws.extend(queue.places.iter().flat_map(|place| place.draws.iter().cloned()));
        let mut bounds = Vec::new();
        let mut most = vec![f64::INFINITY; draws.len()];
        let singles = single_rows(model, &draws, &own);
        for (row, cell, value) in singles {
            most[cell] = most[cell].min((model.rows[row].upper / value).max(0.0));
            bounds.push((row, cell, value));
        }
        queue.unused().into_iter().for_each(|cell| most[cells.len() + cell] = 0.0);
        // Without gangs no site is left out.
        let settled = if queue.gangs.is_empty() { Vec::new() } else { settled(model, &own, &draws) };
        let without: Vec<usize> = bounds.iter().map(|b| b.0).chain(settled.iter().map(|s| s.row)).collect();
        let layout = Layout::new(model, &cells, queue, eliminate);
        let Order { row_of, loads, energies, rows } = order(model, &without, &own, &draws, &layout);
        let (blocks, unlimited) = (layout.rows, layout.unlimited);
        let never = unlimited.iter().zip(&mut most).filter(|(unlimited, _)| **unlimited);
        never.for_each(|(_, most)| *most = 0.0);
        let sides = vec![0.0; rows];
        let (columns, constant) = (Vec::new(), 0.0);
        let mut rest = Rest {
            columns,
            sides,
            cells,
            loads,
            energies,
            blocks,
            unlimited,
            row_of,
            bounds,
            settled,
            pins,
            draws,
            constant,
        };
        rest.add_loads(&most)?;
        rest.add_columns(model, &own)?;
        rest.add_slacks(model)?;
        rest.constant += rest.pins.values().map(|pin| pin.cost(model)).sum::<f64>();
        Some(rest)
    }

    /// Rows of the system.
    pub fn rows(&self) -> usize {
        self.sides.len()
    }

    /// The row that is a cell's load. Of one that nothing limits, a column at zero alone enters it, and its price stays zero.
    pub fn load(&self, cell: usize) -> usize {
        self.loads[cell]
    }

    /// The row of the energy of a piece of work, where such rows stay in the system.
    pub fn energy(&self, work: WorkIndex) -> usize {
        self.energies[work.get()]
    }

    /// Cells of sites; those of the queue's places come after.
    pub fn of_sites(&self) -> usize {
        self.cells.len()
    }

    /// The prices of loads, by cell.
    pub fn of_cells(&self, rows: &[f64]) -> Vec<f64> {
        self.loads.iter().map(|&row| rows[row]).collect()
    }

    /// Cells that can take work.
    pub fn open(&self) -> Vec<bool> {
        self.columns[..self.loads.len()].iter().map(|load| load.upper > OPEN).collect()
    }

    fn push(&mut self, column: Column) {
        let (lower, upper) = (column.lower, column.upper);
        column.entries.iter().for_each(|&(row, v)| self.sides[row as usize] -= v * lower);
        self.constant += column.cost * lower;
        self.columns.push(Column { upper: upper - lower, ..column });
    }

    /// A load is at least what is known to draw there. None where that is more than its cell takes.
    fn add_loads(&mut self, most: &[f64]) -> Option<()> {
        let mut known = vec![0.0; most.len()];
        self.pins.values().for_each(|pin| known[pin.cell] += pin.mw);
        for (cell, (&lower, &most)) in known.iter().zip(most).enumerate() {
            if lower > most + OPEN {
                return None;
            }
            let others = self.draws[cell].iter().filter_map(|&(row, v)| self.row_of[row as usize].map(|r| (r, v)));
            let load = self.load(cell) as u32;
            let entries: Vec<(u32, f64)> = std::iter::once((load, -1.0)).chain(others).collect();
            let upper = most.max(lower);
            self.push(Column { lower, upper, cost: 0.0, entries, of: Of::Load(cell), excess: false });
            // Pieces take none of that.
            self.sides[load as usize] -= lower;
        }
        Some(())
    }

    fn add_columns(&mut self, model: &LinearModel, own: &[OwnEntry]) -> Option<()> {
        let mut left = own;
        let mut settled = vec![false; model.columns.len()];
        for one in &self.settled {
            settled[one.column] = true;
            self.constant += model.columns[one.column].cost * one.over(model);
        }
        for (c, column) in model.columns.iter().enumerate() {
            let (mine, others) = left.split_at(left.iter().take_while(|e| e.column as usize == c).count());
            left = others;
            if is_work(&column.kind) || settled[c] {
                continue;
            }
            if !column.lower.is_finite() {
                return None;
            }
            // Rows that bound nothing have no place.
            let entries = mine.iter().filter_map(|e| self.row_of[e.row as usize].map(|r| (r, e.value))).collect();
            self.push(Column {
                lower: column.lower,
                upper: column.upper,
                cost: column.cost,
                entries,
                of: Of::Model(c),
                excess: column.kind.is_excess(),
            });
        }
        Some(())
    }

    /// `a x + slack = upper`, or `a x - slack = lower` where there is no upper limit.
    fn add_slacks(&mut self, model: &LinearModel) -> Option<()> {
        for (r, row) in model.rows.iter().enumerate() {
            let Some(at) = self.row_of[r] else { continue };
            let (side, sign) = if row.upper.is_finite() { (row.upper, 1.0) } else { (row.lower, -1.0) };
            if !side.is_finite() {
                return None;
            }
            self.sides[at as usize] += side;
            let upper = row.upper - row.lower;
            if upper > 0.0 {
                let entries = vec![(at, sign)];
                self.push(Column { lower: 0.0, upper, cost: 0.0, entries, of: Of::Slack(r), excess: false });
            }
        }
        Some(())
    }
}

/// The row for which work in a model does not meet in cells; none where it does.
pub(super) fn unsuited(model: &LinearModel) -> Option<usize> {
    entries(model, &Cells::of_model(model, 0)).err()
}

/// The entries of no piece: what a MW of work adds at a cell, and each other column's.
///
/// # Errors
/// A row that work at one cell enters in different ways.
fn entries(model: &LinearModel, cells: &Cells) -> Result<(Draws, Vec<OwnEntry>), usize> {
    let mut draws: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); cells.len()];
    let mut counts: Vec<BTreeMap<u32, usize>> = vec![BTreeMap::new(); cells.len()];
    let mut drawing = vec![0_usize; cells.len()];
    let mut own = Vec::new();
    for column in &model.columns {
        if let Some((site, step)) = cells.drawn(&column.kind) {
            drawing[site * cells.steps + step] += 1;
        }
    }
    for e in &model.entries {
        if is_local(&model.rows[e.row as usize].kind) {
            continue;
        }
        let kind = &model.columns[e.column as usize].kind;
        let Some((site, step)) = cells.drawn(kind) else {
            if is_work(kind) {
                return Err(e.row as usize);
            }
            own.push(*e);
            continue;
        };
        let cell = site * cells.steps + step;
        let value = e.value / cells.mw(kind);
        if *draws[cell].entry(e.row).or_insert(value) != value {
            return Err(e.row as usize);
        }
        *counts[cell].entry(e.row).or_insert(0) += 1;
    }
    let mut entered =
        counts.iter().zip(&drawing).flat_map(|(counts, all)| counts.iter().map(move |(r, n)| (r, n, all)));
    if let Some((&row, _, _)) = entered.find(|(_, n, all)| n != all) {
        return Err(row as usize);
    }
    own.sort_by_key(|e: &OwnEntry| (e.column, e.row));
    Ok((draws.into_iter().map(|rows| rows.into_iter().collect()).collect(), own))
}

/// Rows that nothing but the load of one cell enters, from above.
fn single_rows(model: &LinearModel, draws: &Draws, own: &[OwnEntry]) -> Vec<(usize, usize, f64)> {
    let mut entered = vec![(0_usize, 0_usize, 0.0); model.rows.len()];
    for e in own {
        entered[e.row as usize].0 += 2;
    }
    for (cell, rows) in draws.iter().enumerate() {
        for &(row, value) in rows {
            let at = &mut entered[row as usize];
            *at = (at.0 + 1, cell, value);
        }
    }
    let single = |&(r, &(count, _, value)): &(usize, &(usize, usize, f64))| {
        let row = &model.rows[r];
        count == 1 && value > 0.0 && row.upper.is_finite() && row.lower == f64::NEG_INFINITY
    };
    entered.iter().enumerate().filter(single).map(|(r, &(_, cell, value))| (r, cell, value)).collect()
}
