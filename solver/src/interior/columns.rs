//! Columns without a bound of their own, with their duals, steps and targets: a piece's cells, slacks and what is missed, a
//! gang's starts and what is missed.

use super::bounded::{Aimed, Steps};
use std::ops::Range;

pub(super) struct Columns {
    pub x: Vec<f64>,
    pub z: Vec<f64>,
    pub dx: Vec<f64>,
    pub dz: Vec<f64>,
    /// What `x z` should be, and what it should have been before the last correction. Half as exact, for there are many
    /// and memory is what steps wait for.
    pub targets: Vec<f32>,
    pub before: Vec<f32>,
}

impl Columns {
    pub fn new(count: usize) -> Columns {
        let none = || vec![0.0; count];
        let (targets, before) = (vec![0.0; count], vec![0.0; count]);
        Columns { x: none(), z: none(), dx: none(), dz: none(), targets, before }
    }

    pub fn aimed(&mut self, range: Range<usize>) -> Aimed<'_> {
        Aimed {
            x: &self.x[range.clone()],
            z: &self.z[range.clone()],
            dx: &self.dx[range.clone()],
            dz: &self.dz[range.clone()],
            targets: &mut self.targets[range.clone()],
            before: &mut self.before[range],
        }
    }

    pub fn steps(&mut self, range: Range<usize>) -> Steps<'_> {
        Steps {
            x: &self.x[range.clone()],
            z: &self.z[range.clone()],
            targets: &self.targets[range.clone()],
            dx: &mut self.dx[range.clone()],
            dz: &mut self.dz[range],
        }
    }
}
