//! Starts of one length added up over all gangs, and what they couple: `sum D a b` over the starts, by step of `a` and step of `b`,
//! which are what a start takes of two places.
//!
//! ```text
//! M[t,u] = sum(k that cover t in a and u in b) W[k]        W = sum over gangs of D times the units of both
//! ```
//!
//! Along `u` that is a sum that grows from the first start that covers `t`, and one that shrinks to the last: each is added up from
//! its small end, so that nothing large is subtracted.

use super::queue::{Queue, Segment, Use};
use std::collections::BTreeMap;
use std::ops::Range;

/// Starts that take `long` steps of one place and `other` of another, by their step.
pub(super) struct Pair {
    pub slot: usize,
    /// Of one place with itself, only steps of the second that come no earlier are wanted.
    one_place: bool,
    long: usize,
    other: usize,
    /// Weights; and what is missing from them in the last step of the first, of both, and of the second.
    whole: Vec<f64>,
    less: Vec<f64>,
    less_both: Vec<f64>,
    less_other: Vec<f64>,
}

/// Slot of two places, whether they are one, and the steps that are taken of each.
type Key = (usize, bool, usize, usize);

/// All of some gangs.
#[derive(Default)]
pub(super) struct Pairs {
    list: Vec<Pair>,
    at: BTreeMap<Key, usize>,
}

impl Pairs {
    pub fn list(&self) -> &[Pair] {
        &self.list
    }

    pub fn clear(&mut self) {
        for pair in &mut self.list {
            let all = [&mut pair.whole, &mut pair.less, &mut pair.less_both, &mut pair.less_other];
            all.into_iter().for_each(|values| values.fill(0.0));
        }
    }

    /// A segment's starts with their weights.
    pub fn add(&mut self, queue: &Queue, segment: &Segment, weights: &[f64], slots: &BTreeMap<(usize, usize), usize>) {
        let uses = queue.uses_of(segment);
        for a in uses {
            for b in uses.iter().filter(|b| a.place <= b.place) {
                let slot = slots[&(a.place, b.place)];
                self.of((slot, a.place == b.place, a.steps, b.steps), queue.steps).add(segment, (a, b), weights);
            }
        }
    }

    fn of(&mut self, key: Key, steps: usize) -> &mut Pair {
        let next = self.list.len();
        let at = *self.at.entry(key).or_insert(next);
        if at == next {
            let (slot, one_place, long, other) = key;
            let none = || vec![0.0; steps];
            let (whole, less, less_both, less_other) = (none(), none(), none(), none());
            self.list.push(Pair { slot, one_place, long, other, whole, less, less_both, less_other });
        }
        &mut self.list[at]
    }
}

impl Pair {
    fn add(&mut self, segment: &Segment, (a, b): (&Use, &Use), weights: &[f64]) {
        let (units, at) = (a.units * b.units, segment.step..segment.step + segment.len);
        let add = |into: &mut [f64], part: f64| {
            into[at.clone()].iter_mut().zip(weights).for_each(|(sum, weight)| *sum += part * weight);
        };
        add(&mut self.whole, units);
        if a.last < 1.0 {
            add(&mut self.less, units * (1.0 - a.last));
            add(&mut self.less_both, units * (1.0 - a.last) * b.last);
        }
        if b.last < 1.0 {
            add(&mut self.less_other, units * (1.0 - b.last));
        }
    }

    /// Adds what step `t` of the first place is coupled to, by step of the second.
    pub fn couple(&self, t: usize, row: &mut [f64]) {
        let first = (t + 1).saturating_sub(self.long);
        let from = if self.one_place { t } else { first };
        self.couple_whole((first, t), from, row);
        let mut less = |u: usize, value: f64| {
            if (from..row.len()).contains(&u) {
                row[u] -= value;
            }
        };
        // In the last step of the first place, which is one start's.
        if let Some(k) = (t + 1).checked_sub(self.long).filter(|&k| self.less[k] != 0.0) {
            let last = k + self.other - 1;
            (from.max(k)..last).for_each(|u| less(u, self.less[k]));
            less(last, self.less_both[k]);
        }
        (first..=t).for_each(|k| less(k + self.other - 1, self.less_other[k]));
    }

    /// As if last steps were whole. Starts from `first` to `t` cover `t`; those after `u - other`, up to `u`, cover `u`.
    fn couple_whole(&self, (first, t): (usize, usize), from: usize, row: &mut [f64]) {
        let (width, whole) = (row.len(), &self.whole);
        // Up to here starts after `t - long` are fewer than those after `u - other`; beyond, it is the other way round.
        let turn = (t + self.other).checked_sub(self.long);
        let grown = turn.map_or(first, |turn| turn.min(t) + 1);
        let mut sum = 0.0;
        for u in first..grown {
            sum += whole[u];
            if u >= from {
                row[u] += sum;
            }
        }
        let shrinks = turn.map_or(t, |turn| turn.max(t)).max(grown);
        match turn.is_some_and(|turn| turn > t) {
            true => row[from.max(grown).min(width)..shrinks.min(width)].iter_mut().for_each(|at| *at += sum),
            false => (from.max(grown)..shrinks).for_each(|u| {
                let covering: Range<usize> = (u + 1).saturating_sub(self.other)..u + 1;
                row[u] += whole[covering].iter().sum::<f64>();
            }),
        }
        let mut sum = 0.0;
        for u in (shrinks..t + self.other).rev() {
            sum += (u + 1).checked_sub(self.other).map_or(0.0, |k| whole[k]);
            if u >= from && u < width {
                row[u] += sum;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::{Index, SiteIndex};

    const STEPS: usize = 12;

    /// A start takes so much of a step of a place.
    fn taken(of: &Use, start: usize, step: usize) -> f64 {
        match step.checked_sub(start) {
            Some(since) if since + 1 < of.steps => of.units,
            Some(since) if since + 1 == of.steps => of.units * of.last,
            _ => 0.0,
        }
    }

    /// Two places of which starts take the same steps, the first longer, and the second longer; and last steps that are whole or not.
    #[test]
    fn pairs_are_the_sum_over_starts() {
        let mut draw = 0.3_f64;
        let mut next = || {
            draw = (draw * 7.13 + 0.37).fract();
            draw
        };
        for (long, other, last, last_other) in
            [(3, 3, 1.0, 1.0), (3, 3, 0.4, 0.4), (1, 4, 0.4, 1.0), (5, 2, 0.7, 0.2), (7, 1, 1.0, 0.5), (2, 6, 0.1, 0.9)]
        {
            let uses = vec![
                Use { place: 0, units: 2.0, steps: long, last },
                Use { place: 1, units: 0.5, steps: other, last: last_other },
            ];
            let latest = STEPS - long.max(other);
            let segment = |step: usize, len: usize| Segment { site: SiteIndex::new(0), step, len, at: 0, uses: 0..2 };
            // Starts may end beyond the horizon.
            let segments = [segment(0, latest), segment(1, 3), segment(latest, 2)];
            let queue = Queue { steps: STEPS, uses: uses.clone(), ..Queue::default() };
            let slots = BTreeMap::from([((0, 0), 0), ((0, 1), 1), ((1, 1), 2)]);
            let mut pairs = Pairs::default();
            let mut starts: Vec<(usize, f64)> = Vec::new();
            for segment in &segments {
                let weights: Vec<f64> = (0..segment.len).map(|_| next()).collect();
                pairs.add(&queue, segment, &weights, &slots);
                starts.extend(weights.iter().enumerate().map(|(k, weight)| (segment.step + k, *weight)));
            }
            for pair in pairs.list() {
                let (a, b) = [(&uses[0], &uses[0]), (&uses[0], &uses[1]), (&uses[1], &uses[1])][pair.slot];
                for t in 0..STEPS {
                    let mut row = vec![0.0; STEPS];
                    pair.couple(t, &mut row);
                    let from = if pair.slot == 1 { 0 } else { t };
                    for u in from..STEPS {
                        let all: f64 = starts.iter().map(|(k, d)| d * taken(a, *k, t) * taken(b, *k, u)).sum();
                        assert!(
                            (row[u] - all).abs() < 1e-12,
                            "{long} {other} slot {} {t} {u}: {} {all}",
                            pair.slot,
                            row[u]
                        );
                    }
                    assert!(row[..from].iter().all(|value| *value == 0.0));
                }
            }
        }
    }
}
