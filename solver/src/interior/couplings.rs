//! What gangs couple: for each a matrix over the steps of the places it takes, summed by block.
//!
//! By block, pair of places, step of the first and step of the second, so that the inner loop runs over neighbours and
//! threads, which take steps of a block, share nothing. A start that covers steps `t` and `u` adds its weight to their
//! pair: over all starts that is a difference of two sums.

use super::gangs::Gangs;
use super::parallel;
use super::queue::{Gang, Queue, Segment, Use};
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
    tasks: Vec<Task>,
}

/// Steps of a block, with the sums of their pairs.
struct Task {
    gangs: Range<usize>,
    steps: Range<usize>,
    /// Slot of a pair of places, the smaller first.
    slots: Arc<BTreeMap<(usize, usize), usize>>,
    /// `[slot][step of the range][step]`
    sums: Vec<f64>,
}

impl Couplings {
    pub fn new(queue: &Arc<Queue>) -> Couplings {
        let mut tasks = Vec::new();
        let mut from = 0;
        let blocks = queue.blocks();
        let ranges = (RANGES / blocks.max(1)).clamp(1, RANGES);
        while from < queue.gangs.len() {
            let block = queue.gangs[from].block;
            let to = from + queue.gangs[from..].iter().take_while(|g| g.block == block).count();
            let slots = Arc::new(slots(queue, from..to));
            for r in 0..ranges {
                let steps = r * queue.steps / ranges..(r + 1) * queue.steps / ranges;
                let sums = vec![0.0; slots.len() * steps.len() * queue.steps];
                tasks.push(Task { gangs: from..to, steps, slots: Arc::clone(&slots), sums });
            }
            from = to;
        }
        Couplings { queue: Arc::clone(queue), tasks }
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
        parallel::each(self.tasks.iter_mut().collect(), |task| parallel::wide(Sum { queue, task, parts, but }));
    }

    /// Adds the sums to the system; `first` is the cell of the first place's first step.
    pub fn scatter(&self, rest: &Rest, first: usize, system: &mut System) {
        let steps = self.queue.steps;
        for task in &self.tasks {
            for (&(a, b), &slot) in task.slots.iter() {
                for (at, t) in task.steps.clone().enumerate() {
                    let row = rest.load(first + a * steps + t);
                    let sums = &task.sums[(slot * task.steps.len() + at) * steps..][..steps];
                    for (u, &value) in sums.iter().enumerate() {
                        if value != 0.0 {
                            let at = system.of_loads(row, rest.load(first + b * steps + u));
                            system.values[at] += value;
                        }
                    }
                }
            }
        }
    }
}

fn slots(queue: &Queue, gangs: Range<usize>) -> BTreeMap<(usize, usize), usize> {
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

struct Sum<'a> {
    queue: &'a Queue,
    task: &'a mut Task,
    parts: &'a [Gangs],
    but: &'a [bool],
}

/// What a segment takes of a place, in steps from `first` on, by all its starts.
struct Line {
    place: usize,
    first: usize,
    /// In `Buffers::taken`.
    at: Range<usize>,
}

#[derive(Default)]
struct Buffers {
    lines: Vec<Line>,
    taken: Vec<f64>,
    sums: Vec<f64>,
}

impl NullaryFnOnce for Sum<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.task.sums.fill(0.0);
        let mut buffers = Buffers::default();
        for part in self.parts {
            let range = part.range();
            for g in range.start.max(self.task.gangs.start)..range.end.min(self.task.gangs.end) {
                let gang = &self.queue.gangs[g];
                let counts = !self.but.get(g).is_some_and(|but| *but);
                if counts && gang.span.start < self.task.steps.end && gang.span.end > self.task.steps.start {
                    self.task.add(self.queue, gang, part.coupling(g), &mut buffers);
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

    #[inline(always)]
    fn add(&mut self, queue: &Queue, gang: &Gang, (weights, scale): (&[f64], f64), buffers: &mut Buffers) {
        buffers.lines.clear();
        buffers.taken.clear();
        for segment in queue.segments_of(gang) {
            let weights = &weights[segment.at..segment.at + segment.len];
            buffers.sums.clear();
            buffers.sums.push(0.0);
            let mut sum = 0.0;
            for d in weights {
                sum += d;
                buffers.sums.push(sum);
            }
            let uses = queue.uses_of(segment);
            for a in uses {
                line(queue, segment, a, weights, buffers);
                for b in uses.iter().filter(|b| a.place <= b.place) {
                    self.same(queue.steps, (segment, a, b), weights, &buffers.sums);
                }
            }
        }
        for (i, a) in buffers.lines.iter().enumerate() {
            for (j, b) in buffers.lines.iter().enumerate() {
                if a.place < b.place || (a.place == b.place && i <= j) {
                    let whole = a.place < b.place || i != j;
                    self.less(queue.steps, (a, b, whole), &buffers.taken, scale);
                }
            }
        }
    }

    /// `v v'/sigma` of two lines.
    #[inline(always)]
    fn less(&mut self, width: usize, (a, b, whole): (&Line, &Line, bool), taken: &[f64], scale: f64) {
        let slot = self.slots[&(a.place, b.place)];
        let (v, w) = (&taken[a.at.clone()], &taken[b.at.clone()]);
        for t in self.steps.start.max(a.first)..self.steps.end.min(a.first + v.len()) {
            let scaled = v[t - a.first] * scale;
            // Of one place with itself only steps that come no earlier.
            let from = if whole { 0 } else { t.saturating_sub(b.first) };
            let row = &mut self.row(slot, t, width)[b.first + from..b.first + w.len()];
            row.iter_mut().zip(&w[from..]).for_each(|(sum, w)| *sum -= scaled * w);
        }
    }

    /// `sum D a b` over the starts of a segment, `a` and `b` being what they take of two places.
    #[inline(always)]
    fn same(&mut self, width: usize, (segment, a, b): (&Segment, &Use, &Use), weights: &[f64], sums: &[f64]) {
        let slot = self.slots[&(a.place, b.place)];
        let units = a.units * b.units;
        let (first, len) = (segment.step as isize, segment.len as isize);
        let (long, other) = (a.steps as isize, b.steps as isize);
        let upto = |k: isize| sums[(k - first).clamp(0, len) as usize];
        let weight = |k: isize| if k >= first && k < first + len { weights[(k - first) as usize] } else { 0.0 };
        let (spare, spare_other) = (1.0 - a.last, 1.0 - b.last);
        let end = self.steps.end.min(segment.step + segment.len + a.steps - 1);
        for t in self.steps.start.max(segment.step)..end {
            let row = self.row(slot, t, width);
            let t = t as isize;
            let from = if a.place == b.place { t } else { (t - long + 1).max(first) };
            for u in from..(t + other).min(width as isize) {
                // Starts that cover both: after `t - long` and `u - other`, up to the earlier.
                let mut sum = upto(t.min(u) + 1) - upto((t - long).max(u - other) + 1);
                if spare > 0.0 {
                    let k = t - long + 1;
                    if u >= k && u < k + other {
                        let part = if u == k + other - 1 { b.last } else { 1.0 };
                        sum -= spare * part * weight(k);
                    }
                }
                if spare_other > 0.0 {
                    let k = u - other + 1;
                    if t >= k && t < k + long {
                        sum -= spare_other * weight(k);
                    }
                }
                row[u as usize] += units * sum;
            }
        }
    }
}

/// What all starts of a segment take of a place together.
#[inline(always)]
fn line(queue: &Queue, segment: &Segment, of: &Use, weights: &[f64], buffers: &mut Buffers) {
    let len = (segment.len + of.steps - 1).min(queue.steps - segment.step);
    let at = buffers.taken.len();
    let upto = |k: usize| buffers.sums[k.min(segment.len)];
    let less = of.units * (1.0 - of.last);
    for t in 0..len {
        let mut sum = of.units * (upto(t + 1) - upto((t + 1).saturating_sub(of.steps)));
        if less > 0.0 && t + 1 >= of.steps && t + 1 - of.steps < weights.len() {
            sum -= less * weights[t + 1 - of.steps];
        }
        buffers.taken.push(sum);
    }
    buffers.lines.push(Line { place: of.place, first: segment.step, at: at..at + len });
}
