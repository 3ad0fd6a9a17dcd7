//! Work on parts of a whole, on every core and with the widest instructions it has. What the parts give comes back in
//! their order, so a result depends on how the whole was cut, never on how many threads there were.

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Parts that the local vectors are cut into, whatever the machine.
pub(super) const PARTS: usize = 16;

pub(crate) fn each<T: Send, R: Send>(parts: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    parts.into_par_iter().with_max_len(1).map(work).collect()
}

/// A loop to be compiled for the widest instructions; what it calls must be inlined into it.
pub(super) fn wide<O: pulp::WithSimd>(work: O) -> O::Output {
    pulp::Arch::new().dispatch(work)
}
