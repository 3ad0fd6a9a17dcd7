//! In which order rows are eliminated. Those of training come first: a step of a run meets others in few rows, and once all of
//! its steps are gone, a run ties no more rows together than those it shares. Then block by block, and what several blocks
//! enter, or, where energies of pieces stay (`cells_first`), step by step; last what runs over the whole horizon.

use super::kinds::is_local;
use super::layout::Layout;
use crate::model::{ColumnKind, LinearModel, RowKind, bounds};

/// Entries of a column that is no piece's.
pub(super) type OwnEntry = crate::model::Entry;

/// By cell: row of the model, and what a MW adds to it.
pub(super) type Draws = Vec<Vec<(u32, f64)>>;

/// Steps whose energies are eliminated together: one by one they are too small a block to be quick.
const STRIDE: usize = 24;

/// Rows with more entries than this per step of the horizon run over all of it.
const LONG: usize = 2;

/// Where each row of the model stands in the system, where loads do, and how many rows there are.
pub(super) struct Order {
    pub row_of: Vec<Option<u32>>,
    pub loads: Vec<usize>,
    /// By piece of divisible work where its energy stands; empty where energies do not stay.
    pub energies: Vec<usize>,
    pub rows: usize,
}

pub(super) fn order(model: &LinearModel, without: &[usize], own: &[OwnEntry], draws: &Draws, layout: &Layout) -> Order {
    let mut count = vec![0_usize; model.rows.len()];
    own.iter().for_each(|e| count[e.row as usize] += 1);
    draws.iter().flatten().for_each(|&(row, _)| count[row as usize] += 1);
    let free = |r: usize| model.rows[r].lower == f64::NEG_INFINITY && model.rows[r].upper == f64::INFINITY;
    let mut wanted = vec![true; model.rows.len()];
    without.iter().for_each(|&r| wanted[r] = false);
    // A row that nothing enters says nothing.
    let said = |r: usize| count[r] > 0 && wanted[r] && !is_local(&model.rows[r].kind) && !free(r);
    let rows = (0..model.rows.len()).filter(|&r| said(r));
    let most = LONG * layout.steps.max(8);
    let training = of_training(model, own, draws);
    let long = |r: usize| count[r] > most || over_time(&model.rows[r].kind) || training[r] == Trains::Throughout;
    let (long, mut short): (Vec<usize>, Vec<usize>) = rows.partition(|&r| long(r));
    short.sort_by_key(|&r| (step_of(&model.rows[r].kind), r));
    let loads = vec![0; draws.len()];
    let mut order = Order { row_of: vec![None; model.rows.len()], loads, energies: Vec::new(), rows: 0 };
    short.iter().filter(|&&r| training[r] == Trains::InAStep).for_each(|&r| order.put(r));
    let mut between: Vec<usize> = short.iter().copied().filter(|&r| training[r] == Trains::Between).collect();
    between.sort_by_key(|&r| (run_of(&model.rows[r].kind), step_of(&model.rows[r].kind), r));
    between.into_iter().for_each(|r| order.put(r));
    short.retain(|&r| training[r] == Trains::No);
    match &layout.energies {
        Some(ends) => order.step_by_step(model, &short, ends, layout),
        None => order.block_by_block(&short, &layout.blocks_of_rows(model.rows.len(), draws), layout),
    }
    for r in short.into_iter().chain(long) {
        if order.row_of[r].is_none() {
            order.put(r);
        }
    }
    order
}

/// What a row is to training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trains {
    /// Others enter it.
    No,
    /// One step of a run.
    InAStep,
    /// A step with the next one.
    Between,
    /// More steps than two.
    Throughout,
}

fn run_of(kind: &RowKind) -> usize {
    match *kind {
        RowKind::Rule { of, .. } => of,
        _ => 0,
    }
}

/// By row; only rows that nothing but training enters are any of it.
fn of_training(model: &LinearModel, own: &[OwnEntry], draws: &Draws) -> Vec<Trains> {
    let mut spans: Vec<Option<(usize, usize)>> = vec![None; model.rows.len()];
    let mut trains = vec![true; model.rows.len()];
    for e in own {
        let (row, kind) = (e.row as usize, &model.columns[e.column as usize].kind);
        trains[row] &= kind.run().is_some();
        let ColumnKind::Part { step, .. } = *kind else { continue };
        let span = spans[row].get_or_insert((step, step));
        *span = (span.0.min(step), span.1.max(step));
    }
    draws.iter().flatten().for_each(|&(row, _)| trains[row as usize] = false);
    let what = |(trains, span): (bool, Option<(usize, usize)>)| match span {
        Some((from, to)) if trains && from == to => Trains::InAStep,
        Some((from, to)) if trains && from + 1 == to => Trains::Between,
        Some(_) if trains => Trains::Throughout,
        _ => Trains::No,
    };
    trains.into_iter().zip(spans).map(what).collect()
}

impl Order {
    fn put(&mut self, row: usize) {
        self.row_of[row] = Some(self.next() as u32);
    }

    fn next(&mut self) -> usize {
        self.rows += 1;
        self.rows - 1
    }

    /// By block the rows that only its cells enter, and its cells.
    fn block_by_block(&mut self, short: &[usize], block_of: &[Option<usize>], layout: &Layout) {
        for block in 0..layout.rows.len() {
            let local = |r: &&usize| layout.rows.len() == 1 || block_of[**r] == Some(block);
            short.iter().filter(local).for_each(|&r| self.put(r));
            for cell in layout.cells(block) {
                self.loads[cell] = self.next();
            }
        }
    }

    /// Rows of a step and its cells; after some steps the energies of pieces whose windows have ended. What is left are those of
    /// pieces under way, and of some that have just ended.
    fn step_by_step(&mut self, model: &LinearModel, short: &[usize], ends: &[usize], layout: &Layout) {
        self.energies = vec![0; ends.len()];
        let mut short = short.iter().copied().peekable();
        for t in 0..layout.steps {
            while let Some(r) = short.next_if(|&r| step_of(&model.rows[r].kind) <= t) {
                self.put(r);
            }
            for row in layout.rows.iter().flatten() {
                self.loads[row * layout.steps + t] = self.next();
            }
            if (t + 1) % STRIDE == 0 || t + 1 == layout.steps {
                let ended = t / STRIDE * STRIDE..=t;
                for (piece, _) in ends.iter().enumerate().filter(|(_, end)| ended.contains(end)) {
                    self.energies[piece] = self.next();
                }
            }
        }
        short.for_each(|r| self.put(r));
    }
}

/// Whether a row runs over many steps, however few entries it has.
fn over_time(kind: &RowKind) -> bool {
    matches!(kind, RowKind::Target { .. } | RowKind::Rule { rule: bounds::PEAK, .. })
}

fn step_of(kind: &RowKind) -> usize {
    match *kind {
        RowKind::Rate { step, .. }
        | RowKind::Capacity { step, .. }
        | RowKind::Balance { step, .. }
        | RowKind::Nested { step, .. }
        | RowKind::Rule { step, .. } => step,
        RowKind::Energy { .. } | RowKind::Target { .. } => usize::MAX,
    }
}
