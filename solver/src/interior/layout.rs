//! Blocks of cells that pieces and gangs couple, each in the order in which its cells are eliminated.

use super::cells::Cells;
use super::elimination::{self, Eliminate};
use super::queue::Queue;
use crate::model::LinearModel;
use ids::{Index, WorkIndex};
use std::collections::BTreeMap;

pub(super) struct Layout {
    pub steps: usize,
    /// By block its sites, and its places after all sites.
    pub rows: Vec<Vec<usize>>,
    /// By cell, whether it is a place in a step where nothing limits that: no row of the system then meets it.
    pub unlimited: Vec<bool>,
    /// By piece of divisible work the last step of its window, where rows of energy stay in the system.
    pub energies: Option<Vec<usize>>,
}

impl Layout {
    /// One block where there is no queue; else sites that share a piece of divisible work are one, and so are places that
    /// share a gang.
    pub fn new(model: &LinearModel, of: &Cells, queue: &Queue, eliminate: Eliminate) -> Layout {
        let (sites, steps) = (of.sites, of.steps);
        let mut unlimited = vec![false; of.len()];
        of.idle().for_each(|cell| unlimited[cell] = true);
        unlimited.extend(queue.unlimited());
        if queue.places.is_empty() {
            let energies = elimination::energies(model, of, eliminate);
            return Layout { steps, rows: vec![(0..sites).collect()], unlimited, energies };
        }
        let mut blocks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (site, root) in together(model, of).into_iter().enumerate() {
            blocks.entry(root).or_default().push(site);
        }
        let mut rows: Vec<Vec<usize>> = blocks.into_values().collect();
        for block in 0..queue.blocks() {
            let mine = (0..queue.places.len()).filter(|&p| queue.places[p].block == block);
            rows.push(mine.map(|p| sites + p).collect());
        }
        Layout { steps, rows, unlimited, energies: None }
    }

    /// Cells of a block: those that nothing limits, then all others, step by step.
    pub fn cells(&self, block: usize) -> impl Iterator<Item = usize> + '_ {
        let all =
            move || (0..self.steps).flat_map(move |t| self.rows[block].iter().map(move |row| row * self.steps + t));
        all().filter(|&cell| self.unlimited[cell]).chain(all().filter(|&cell| !self.unlimited[cell]))
    }

    /// The block whose cells alone enter a row; none where there is none, or are several.
    pub fn blocks_of_rows(&self, rows: usize, draws: &[Vec<(u32, f64)>]) -> Vec<Option<usize>> {
        let mut of: Vec<Option<usize>> = vec![None; rows];
        let mut many = vec![false; rows];
        for block in 0..self.rows.len() {
            for &(row, _) in self.cells(block).flat_map(|cell| &draws[cell]) {
                let row = row as usize;
                many[row] |= of[row].is_some_and(|other| other != block);
                of[row] = Some(block);
            }
        }
        of.into_iter().zip(many).map(|(block, many)| block.filter(|_| !many)).collect()
    }
}

/// By site, the smallest one that pieces tie it to.
fn together(model: &LinearModel, cells: &Cells) -> Vec<usize> {
    let mut root: Vec<usize> = (0..cells.sites).collect();
    for (w, keys) in WorkIndex::each(&model.keys.work) {
        let places = keys.place..keys.place + keys.sites * keys.window;
        let mine = places
            .step_by(keys.window.max(1))
            .filter_map(|c| cells.drawn(&model.columns[c].kind))
            .chain(cells.later(w));
        let mine: Vec<usize> = mine.map(|at| at.0).collect();
        let Some(least) = mine.iter().map(|&s| root[s]).min() else { continue };
        let joined: Vec<usize> = mine.iter().map(|&s| root[s]).collect();
        root.iter_mut().filter(|r| joined.contains(r)).for_each(|r| *r = least);
    }
    root
}
