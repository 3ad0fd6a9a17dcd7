//! What pieces couple: for each a small matrix over its cells, summed by cell.
//!
//! By step of the first cell, then pair of sites, then step of the second, so that the inner loop runs over neighbours
//! and threads, which take ranges of steps, share nothing.

use super::parallel;
use super::part::{Coupling, Part};
use super::rest::Rest;
use super::shape::Shape;
use super::system::System;
use pulp::NullaryFnOnce;

/// Ranges of steps that threads take.
const RANGES: usize = 24;

pub(super) struct Gram {
    steps: usize,
    sites: usize,
    /// Slot of a pair of sites, the smaller first; none where no piece has both.
    slot: Vec<Option<usize>>,
    slots: usize,
    sums: Vec<f64>,
}

impl Gram {
    pub fn new(shape: &Shape) -> Gram {
        let (steps, sites) = (shape.steps, shape.sites);
        let (slot, slots) = slots(shape);
        Gram { steps, sites, slot, slots, sums: vec![0.0; steps * slots * steps] }
    }

    /// Numbers that are summed, for a problem of this shape.
    pub fn size(shape: &Shape) -> usize {
        shape.steps * shape.steps * slots(shape).1
    }

    pub fn sum(&mut self, shape: &Shape, parts: &[Part]) {
        let (slots, steps) = (self.slots, self.steps);
        let mut rows = Vec::new();
        let mut rest: &mut [f64] = &mut self.sums;
        for pair in ranges(shape).windows(2) {
            let (mine, others) = rest.split_at_mut((pair[1] - pair[0]) * slots * steps);
            rows.push((pair[0], pair[1], mine));
            rest = others;
        }
        let table = Table { shape, slot: &self.slot, slots };
        parallel::each(rows, |(from, to, sums)| {
            parallel::wide(Sum { table: &table, parts, range: (from, to), sums });
        });
    }

    /// Adds the sums to the system.
    pub fn scatter(&self, rest: &Rest, system: &mut System) {
        for a in 0..self.sites {
            for b in a..self.sites {
                let Some(slot) = self.slot[a * self.sites + b] else { continue };
                for t in 0..self.steps {
                    let row = &self.sums[(t * self.slots + slot) * self.steps..][..self.steps];
                    for (u, &value) in row.iter().enumerate() {
                        if value != 0.0 {
                            let (first, second) = (rest.load(a * self.steps + t), rest.load(b * self.steps + u));
                            let at = system.of_loads(first, second);
                            system.values[at] += value;
                        }
                    }
                }
            }
        }
    }
}

fn slots(shape: &Shape) -> (Vec<Option<usize>>, usize) {
    let mut slot = vec![None; shape.sites * shape.sites];
    let mut slots = 0;
    for piece in &shape.pieces {
        let runs = shape.runs_of(piece);
        for (k, a) in runs.iter().enumerate() {
            for b in &runs[k..] {
                let at = &mut slot[a.site * shape.sites + b.site];
                if at.is_none() {
                    *at = Some(slots);
                    slots += 1;
                }
            }
        }
    }
    (slot, slots)
}

/// Steps where ranges begin, so that each has about as much to do.
fn ranges(shape: &Shape) -> Vec<usize> {
    let mut effort = vec![0.0; shape.steps];
    for piece in &shape.pieces {
        for run in shape.runs_of(piece) {
            effort[run.step..run.step + run.len].iter_mut().for_each(|e| *e += piece.cells as f64);
        }
    }
    let share = effort.iter().sum::<f64>() / RANGES as f64;
    let (mut ranges, mut done) = (vec![0], 0.0);
    for (step, effort) in effort.iter().enumerate() {
        if done >= share * ranges.len() as f64 && done > 0.0 {
            ranges.push(step);
        }
        done += effort;
    }
    ranges.push(shape.steps);
    ranges
}

struct Table<'a> {
    shape: &'a Shape,
    slot: &'a [Option<usize>],
    slots: usize,
}

struct Sum<'a> {
    table: &'a Table<'a>,
    parts: &'a [Part],
    range: (usize, usize),
    sums: &'a mut [f64],
}

impl NullaryFnOnce for Sum<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.sums.fill(0.0);
        let (from, to) = self.range;
        let shape = self.table.shape;
        for part in self.parts {
            for (p, piece) in shape.pieces[part.pieces.clone()].iter().enumerate() {
                if piece.span.start < to && piece.span.end > from {
                    self.table.add(&part.coupling(p), self.range, self.sums);
                }
            }
        }
    }
}

impl Table<'_> {
    /// Adds what a piece couples from cells in steps `from..to` to cells that come no earlier in its block.
    #[inline(always)]
    fn add(&self, of: &Coupling, (from, to): (usize, usize), sums: &mut [f64]) {
        let runs = self.shape.runs_of(of.piece);
        let width = self.slots * self.shape.steps;
        for (i, a) in runs.iter().enumerate() {
            let within = from.max(a.step)..to.min(a.step + a.len);
            let slots = &self.slot[a.site * self.shape.sites..][..self.shape.sites];
            // Pairs of runs outside, steps inside: inner loops of one length in a row.
            for (j, b) in runs.iter().enumerate().skip(i) {
                let first = slots[b.site].unwrap_or(0) * self.shape.steps + b.step;
                let v = &of.v[b.at..b.at + b.len];
                for step in within.clone() {
                    let t = step - a.step;
                    let scaled = of.v[a.at + t] * of.scale;
                    let row = &mut sums[(step - from) * width + first..][..b.len];
                    let skip = if i == j { t } else { 0 };
                    row[skip..].iter_mut().zip(&v[skip..]).for_each(|(sum, v)| *sum -= scaled * v);
                    if i == j {
                        row[t] += of.weights[a.at + t] * of.others(runs, (i, t)) / of.d[a.rate + t];
                    } else if let Some(u) = b.with_rate(a.rate + t) {
                        row[u] -= of.weights[a.at + t] * of.weights[b.at + u] / of.d[a.rate + t];
                    }
                }
            }
        }
    }
}
