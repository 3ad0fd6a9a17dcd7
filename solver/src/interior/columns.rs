//! Columns without a bound of their own, with their duals, steps and targets: a piece's cells, slacks and what is missed, a
//! gang's starts and what is missed.

use super::bounded::{Aim, Reach};
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

    /// Sets the targets of neighbours of one size. What they aimed at is kept in `before` by a correction.
    #[inline(always)]
    pub fn aim(&mut self, range: Range<usize>, size: f64, aim: Aim) {
        let (targets, before) = (&mut self.targets[range.clone()], &mut self.before[range.clone()]);
        let n = targets.len();
        let (x, z) = (&self.x[range.clone()][..n], &self.z[range.clone()][..n]);
        let (dx, dz, before) = (&self.dx[range.clone()][..n], &self.dz[range][..n], &mut before[..n]);
        // One loop for each aim: a loop that chooses in every round is not vectorised.
        match aim {
            Aim::Affine => targets.fill(0.0),
            Aim::Restored => targets.copy_from_slice(before),
            Aim::Centre { .. } => {
                for k in 0..n {
                    targets[k] = aim.target(size, (0.0, 0.0), (x[k], z[k]), (dx[k], dz[k])) as f32;
                }
            }
            Aim::Corrected { .. } => {
                before.copy_from_slice(targets);
                for k in 0..n {
                    targets[k] = aim.target(size, (f64::from(before[k]), 0.0), (x[k], z[k]), (dx[k], dz[k])) as f32;
                }
            }
        }
    }

    /// Sets the steps of neighbours, `over` being the change of the reduced cost less the reduced cost.
    #[inline(always)]
    pub fn step(&mut self, range: Range<usize>, over: impl Fn(usize) -> f64) -> Reach {
        let x = &self.x[range.clone()];
        let n = x.len();
        let (z, targets) = (&self.z[range.clone()][..n], &self.targets[range.clone()][..n]);
        let (dx, dz) = (&mut self.dx[range.clone()][..n], &mut self.dz[range][..n]);
        // As parts of x and z, so that little is divided.
        for t in 0..n {
            let moved = over(t) / z[t];
            dx[t] = moved + f64::from(targets[t]) / (x[t] * z[t]);
            dz[t] = -moved - 1.0;
        }
        let reach = Reach::of_parts(x, z, dx, dz);
        dx.iter_mut().zip(x).for_each(|(dx, x)| *dx *= x);
        dz.iter_mut().zip(z).for_each(|(dz, z)| *dz *= z);
        reach
    }

    /// `x/z` into `weights`; for a first guess of prices `x` squared.
    pub fn weigh(&self, weights: &mut [f64], guess: bool) {
        if guess {
            weights.iter_mut().zip(&self.x).for_each(|(d, x)| *d = x * x);
        } else {
            weights.iter_mut().zip(self.x.iter().zip(&self.z)).for_each(|(d, (x, z))| *d = x / z);
        }
    }

    pub fn advance(&mut self, primal: f64, dual: f64) {
        move_by(&mut self.x, &self.dx, primal);
        move_by(&mut self.z, &self.dz, dual);
    }
}

pub(super) fn move_by(values: &mut [f64], steps: &[f64], part: f64) {
    values.iter_mut().zip(steps).for_each(|(v, d)| *v += part * d);
}
