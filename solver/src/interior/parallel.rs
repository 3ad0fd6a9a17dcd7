//! Work on parts of a whole, on every core and with the widest instructions it has. What the parts give comes back in
//! their order, so a result depends on how the whole was cut, never on how many threads there were.

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use std::ops::Range;

/// Parts that the local vectors are cut into, whatever the machine.
const PARTS: usize = 16;

/// Ranges with about as many of all columns each, from where the columns of each thing end.
pub(super) fn cut(ends: impl ExactSizeIterator<Item = usize>, columns: usize) -> Vec<Range<usize>> {
    let share = columns / PARTS + 1;
    let (mut ranges, mut from) = (Vec::new(), 0);
    let count = ends.len();
    for (k, end) in ends.enumerate() {
        if end >= share * (ranges.len() + 1) || k + 1 == count {
            ranges.push(from..k + 1);
            from = k + 1;
        }
    }
    ranges
}

pub(super) fn each<T: Send, R: Send>(parts: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    parts.into_par_iter().with_max_len(1).map(work).collect()
}

/// A loop to be compiled for the widest instructions; what it calls must be inlined into it.
pub(super) fn wide<O: pulp::WithSimd>(work: O) -> O::Output {
    pulp::Arch::new().dispatch(work)
}
