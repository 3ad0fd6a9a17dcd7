//! Columns without a bound of their own, with their duals, steps and targets: a piece's cells, slacks and what is missed, a
//! gang's starts and what is missed.

use super::bounded::Steps;
use std::ops::Range;

pub(super) struct Columns {
    pub x: Vec<f64>,
    pub z: Vec<f64>,
    pub dx: Vec<f64>,
    pub dz: Vec<f64>,
    /// What `x z` should be, and what it should have been before the last correction.
    pub targets: Vec<f64>,
    pub before: Vec<f64>,
}

impl Columns {
    pub fn new(count: usize) -> Columns {
        let none = || vec![0.0; count];
        Columns { x: none(), z: none(), dx: none(), dz: none(), targets: none(), before: none() }
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
