//! How a queue gives way: what its places cost bends as something else takes of them.
//!
//! At the barrier parameter where the method stands, what the optimum costs is a smooth function of the sides of its rows. Its
//! first derivative is prices; its second is the inverse of the system, `(A D A')^-1`, here between the loads of places.

use super::queue::Queue;

/// Cells it is known of at most: 72 MB. Accounts come last, and do without it.
const MOST: usize = 3_000;

pub(crate) struct Curvature {
    /// Cells of the queue's first places, each in every step.
    pub cells: usize,
    /// By pair of cells, by how much a unit taken in one raises what a unit costs in the other.
    pub change: Vec<f64>,
}

impl Curvature {
    /// The first places of a queue, of which it is known.
    pub fn places(queue: &Queue) -> usize {
        (MOST / queue.steps.max(1)).min(queue.places.len())
    }
}
