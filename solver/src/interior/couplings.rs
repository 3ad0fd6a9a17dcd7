//! What gangs couple: for each a matrix over the steps of the places it takes, `sum D a a' - v v'/sigma`, summed by block.
//!
//! By block, pair of places, step of the first and step of the second, so that the inner loop runs over neighbours and
//! threads, which take steps of a block, share nothing. The first term is the same for all starts of one length, so these are
//! added up before (`pairs`); the second is each gang's own.

use super::gangs::Gangs;
use super::pairs::Pairs;
use super::parallel;
use super::queue::{Queue, Segment, Use};
use super::rest::Rest;
use super::system::System;
use pulp::NullaryFnOnce;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Ranges of steps that a block is cut into where there are few blocks.
const RANGES: usize = 24;

pub(super) struct Couplings {
    queue: Arc<Queue>,
    blocks: Vec<Block>,
    tasks: Vec<Task>,
}

/// Gangs that take the same places, their starts by length.
struct Block {
    gangs: Range<usize>,
    slots: Slots,
    pairs: Pairs,
}

/// Slot of a pair of places, the smaller first.
type Slots = BTreeMap<(usize, usize), usize>;

/// Steps of a block, with the sums of their pairs.
struct Task {
    block: usize,
    steps: Range<usize>,
    /// `[slot][step of the range][step]`
    sums: Vec<f64>,
}

impl Couplings {
    pub fn new(queue: &Arc<Queue>) -> Couplings {
        let (mut tasks, mut blocks) = (Vec::new(), Vec::new());
        let mut from = 0;
        let ranges = (RANGES / queue.blocks().max(1)).clamp(1, RANGES);
        while from < queue.gangs.len() {
            let block = queue.gangs[from].block;
            let to = from + queue.gangs[from..].iter().take_while(|g| g.block == block).count();
            let slots = slots(queue, from..to);
            for r in 0..ranges {
                let steps = r * queue.steps / ranges..(r + 1) * queue.steps / ranges;
                let sums = vec![0.0; slots.len() * steps.len() * queue.steps];
                tasks.push(Task { block: blocks.len(), steps, sums });
            }
            blocks.push(Block { gangs: from..to, slots, pairs: Pairs::default() });
            from = to;
        }
        Couplings { queue: Arc::clone(queue), blocks, tasks }
    }

    /// Numbers that are summed.
    pub fn size(queue: &Queue) -> usize {
        let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        pairs.append(&mut slots(queue, 0..queue.gangs.len()));
        pairs.len() * queue.steps * queue.steps
    }

    /// `but`: by gang, whether it is left out.
    pub fn sum(&mut self, parts: &[Gangs], but: &[bool]) {
        let queue = &self.queue;
        let counts = |g: usize| !but.get(g).is_some_and(|but| *but);
        let taken = parallel::each(parts.iter().collect(), |part| Lines::by(queue, part, &counts));
        for block in &mut self.blocks {
            block.pairs.clear();
            for part in parts {
                let range = part.range();
                let gangs = range.start.max(block.gangs.start)..range.end.min(block.gangs.end);
                for g in gangs.filter(|&g| counts(g)) {
                    let (weights, _) = part.coupling(g);
                    for segment in queue.segments_of(&queue.gangs[g]) {
                        let weights = &weights[segment.at..segment.at + segment.len];
                        block.pairs.add(queue, segment, weights, &block.slots);
                    }
                }
            }
        }
        let (taken, blocks) = (&taken, &self.blocks);
        let tasks = self.tasks.iter_mut().map(|task| Sum { block: &blocks[task.block], task, queue, taken }).collect();
        parallel::each(tasks, |sum: Sum<'_>| parallel::wide(sum));
    }

    /// Adds the sums of cells that are limited to the system; `first` is the cell of the first place's first step.
    pub fn scatter(&self, rest: &Rest, first: usize, system: &mut System) {
        let steps = self.queue.steps;
        for task in &self.tasks {
            for (&(a, b), &slot) in &self.blocks[task.block].slots {
                for (at, t) in task.steps.clone().enumerate() {
                    if rest.unlimited[first + a * steps + t] {
                        continue;
                    }
                    let row = rest.load(first + a * steps + t);
                    let sums = &task.sums[(slot * task.steps.len() + at) * steps..][..steps];
                    for (u, &value) in sums.iter().enumerate() {
                        if value != 0.0 && !rest.unlimited[first + b * steps + u] {
                            let at = system.of_loads(row, rest.load(first + b * steps + u));
                            system.values[at] += value;
                        }
                    }
                }
            }
        }
    }
}

fn slots(queue: &Queue, gangs: Range<usize>) -> Slots {
    let mut slots = BTreeMap::new();
    for gang in &queue.gangs[gangs] {
        let segments = queue.segments_of(gang);
        let places: Vec<usize> = segments.iter().flat_map(|s| queue.uses_of(s)).map(|u| u.place).collect();
        for &a in &places {
            for &b in places.iter().filter(|b| a <= **b) {
                let next = slots.len();
                slots.entry((a, b)).or_insert(next);
            }
        }
    }
    slots
}

/// What all starts of each gang take together, step by step: `v`.
struct Lines {
    gangs: Vec<LinesOf>,
    lines: Vec<Line>,
    values: Vec<f64>,
}

struct LinesOf {
    gang: usize,
    /// `1 / sigma`
    scale: f64,
    lines: Range<usize>,
}

/// What a segment takes of a place, in steps from `first` on.
struct Line {
    place: usize,
    first: usize,
    /// In `Lines::values`.
    at: Range<usize>,
}

impl Lines {
    fn by(queue: &Queue, part: &Gangs, counts: &dyn Fn(usize) -> bool) -> Lines {
        let mut taken = Lines { gangs: Vec::new(), lines: Vec::new(), values: Vec::new() };
        let mut sums = Vec::new();
        for g in part.range().filter(|&g| counts(g)) {
            let (weights, scale) = part.coupling(g);
            let from = taken.lines.len();
            for segment in queue.segments_of(&queue.gangs[g]) {
                let weights = &weights[segment.at..segment.at + segment.len];
                sums.clear();
                sums.push(0.0);
                let mut sum = 0.0;
                sums.extend(weights.iter().map(|d| {
                    sum += d;
                    sum
                }));
                queue.uses_of(segment).iter().for_each(|of| taken.push(queue, segment, of, (weights, &sums)));
            }
            taken.gangs.push(LinesOf { gang: g, scale, lines: from..taken.lines.len() });
        }
        taken
    }

    /// What all starts of a segment take of a place.
    fn push(&mut self, queue: &Queue, segment: &Segment, of: &Use, (weights, sums): (&[f64], &[f64])) {
        let len = (segment.len + of.steps - 1).min(queue.steps - segment.step);
        let at = self.values.len();
        let upto = |k: usize| sums[k.min(segment.len)];
        let less = of.units * (1.0 - of.last);
        for t in 0..len {
            let mut sum = of.units * (upto(t + 1) - upto((t + 1).saturating_sub(of.steps)));
            if less > 0.0 && t + 1 >= of.steps && t + 1 - of.steps < weights.len() {
                sum -= less * weights[t + 1 - of.steps];
            }
            self.values.push(sum);
        }
        self.lines.push(Line { place: of.place, first: segment.step, at: at..at + len });
    }
}

struct Sum<'a> {
    queue: &'a Queue,
    task: &'a mut Task,
    block: &'a Block,
    taken: &'a [Lines],
}

impl NullaryFnOnce for Sum<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Sum { queue, task, block, taken } = self;
        task.sums.fill(0.0);
        for pair in block.pairs.list() {
            for t in task.steps.clone() {
                pair.couple(t, task.row(pair.slot, t, queue.steps));
            }
        }
        for taken in taken {
            for by in taken.gangs.iter().filter(|by| block.gangs.contains(&by.gang)) {
                let span = &queue.gangs[by.gang].span;
                if span.start < task.steps.end && span.end > task.steps.start {
                    task.less(queue.steps, &block.slots, &taken.lines[by.lines.clone()], (&taken.values, by.scale));
                }
            }
        }
    }
}

impl Task {
    #[inline(always)]
    fn row(&mut self, slot: usize, step: usize, width: usize) -> &mut [f64] {
        let at = slot * self.steps.len() + step - self.steps.start;
        &mut self.sums[at * width..][..width]
    }

    /// `v v'/sigma` of one gang, off the sums.
    #[inline(always)]
    fn less(&mut self, width: usize, slots: &Slots, lines: &[Line], (values, scale): (&[f64], f64)) {
        for (i, a) in lines.iter().enumerate() {
            for (j, b) in lines.iter().enumerate() {
                if a.place > b.place || (a.place == b.place && i > j) {
                    continue;
                }
                let slot = slots[&(a.place, b.place)];
                let (v, w) = (&values[a.at.clone()], &values[b.at.clone()]);
                for t in self.steps.start.max(a.first)..self.steps.end.min(a.first + v.len()) {
                    let scaled = v[t - a.first] * scale;
                    // Of one line with itself only steps that come no earlier.
                    let from = if i == j { t - b.first } else { 0 };
                    let row = &mut self.row(slot, t, width)[b.first + from..b.first + w.len()];
                    row.iter_mut().zip(&w[from..]).for_each(|(sum, w)| *sum -= scaled * w);
                }
            }
        }
    }
}
