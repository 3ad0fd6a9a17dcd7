//! Columns between zero and a bound, or none: `x`, what the bound leaves of it `s`, and the duals `z` and `w` of both. And
//! what is common to every pair of a column and its dual: where it should be, and how far a step may go.

use super::lanes::LANES;

/// Of a column fixed at zero every value is zero.
pub(super) struct Bounded {
    pub x: Vec<f64>,
    pub z: Vec<f64>,
    /// Infinite where there is no bound.
    pub s: Vec<f64>,
    pub w: Vec<f64>,
    dx: Vec<f64>,
    dz: Vec<f64>,
    dw: Vec<f64>,
    /// What `x z` and `s w` should be, and should have been before the last correction.
    targets: [Vec<f64>; 2],
    before: [Vec<f64>; 2],
    /// The scale of the column: pairs aim at `mu` times this, so that large and small ones see prices equally sharply.
    size: Vec<f64>,
}

/// What a step could do: the longest that keeps everything positive, and what becomes of complementarity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub primal: f64,
    pub dual: f64,
    /// `sum x z`, `sum z dx`, `sum x dz`, `sum dx dz`.
    pub sums: [f64; 4],
}

impl Reach {
    pub const FREE: Reach = Reach { primal: f64::INFINITY, dual: f64::INFINITY, sums: [0.0; 4] };

    pub fn and(self, other: Reach) -> Reach {
        let mut sums = self.sums;
        sums.iter_mut().zip(other.sums).for_each(|(sum, more)| *sum += more);
        Reach { primal: self.primal.min(other.primal), dual: self.dual.min(other.dual), sums }
    }

    fn pair(&mut self, (x, z): (f64, f64), (dx, dz): (f64, f64)) {
        if dx < 0.0 {
            self.primal = self.primal.min(-x / dx);
        }
        if dz < 0.0 {
            self.dual = self.dual.min(-z / dz);
        }
        let sums = [x * z, z * dx, x * dz, dx * dz];
        self.sums.iter_mut().zip(sums).for_each(|(sum, more)| *sum += more);
    }

    /// Of pairs whose steps are these parts of them.
    #[inline(always)]
    fn of_parts(x: &[f64], z: &[f64], u: &[f64], v: &[f64]) -> Reach {
        let mut lanes = Lanes { taken: [[0.0; LANES]; 2], sums: [[0.0; LANES]; 4] };
        let (of_x, of_z) = (x.as_chunks::<LANES>(), z.as_chunks::<LANES>());
        let (of_u, of_v) = (u.as_chunks::<LANES>(), v.as_chunks::<LANES>());
        for ((x, z), (u, v)) in of_x.0.iter().zip(of_z.0).zip(of_u.0.iter().zip(of_v.0)) {
            for lane in 0..LANES {
                lanes.pair(lane, (x[lane], z[lane]), (u[lane], v[lane]));
            }
        }
        for (lane, ((x, z), (u, v))) in of_x.1.iter().zip(of_z.1).zip(of_u.1.iter().zip(of_v.1)).enumerate() {
            lanes.pair(lane, (*x, *z), (*u, *v));
        }
        let [primal, dual] = lanes.taken.map(|taken| taken.into_iter().fold(0.0, f64::max));
        Reach { primal: 1.0 / primal, dual: 1.0 / dual, sums: lanes.sums.map(|sums| sums.into_iter().sum()) }
    }

    /// Complementarity after steps of these lengths.
    pub fn after(&self, primal: f64, dual: f64) -> f64 {
        self.sums[0] + primal * self.sums[1] + dual * self.sums[2] + primal * dual * self.sums[3]
    }
}

/// Where the pairs of columns should be after a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Aim {
    /// At nothing: plain Newton.
    Affine,
    /// At `mu`, less a part of what plain Newton left out.
    Centre { mu: f64, part: f64 },
    /// As before, and nearer to `mu` where a step as long as these would leave them far off.
    Corrected { mu: f64, primal: f64, dual: f64 },
    /// As before the last correction.
    Restored,
}

/// How far off is far, as parts of `mu`.
const LEAST: f64 = 0.3;
const MOST: f64 = 3.0;

impl Aim {
    /// The target of a pair, from the last one and the one before, and the step the last one led to.
    #[inline(always)]
    pub fn target(self, size: f64, (last, before): (f64, f64), (x, z): (f64, f64), (dx, dz): (f64, f64)) -> f64 {
        match self {
            Aim::Affine => 0.0,
            Aim::Centre { mu, part } => mu * size - part * dx * dz,
            Aim::Corrected { mu, primal, dual } => {
                let mu = mu * size;
                let trial = (x + primal * dx) * (z + dual * dz);
                last + (trial.max(LEAST * mu).min(MOST * mu) - trial).max(-MOST * mu)
            }
            Aim::Restored => before,
        }
    }

    /// The same for pairs next to each other, of one size. What they aimed at is kept in `before` by a correction.
    #[inline(always)]
    pub fn all(self, size: f64, of: Aimed<'_>) {
        let n = of.targets.len();
        let (targets, before) = (of.targets, &mut of.before[..n]);
        let (x, z, dx, dz) = (&of.x[..n], &of.z[..n], &of.dx[..n], &of.dz[..n]);
        // One loop for each aim: a loop that chooses in every round is not vectorised.
        match self {
            Aim::Affine => targets.fill(0.0),
            Aim::Restored => targets.copy_from_slice(before),
            Aim::Centre { .. } => {
                for k in 0..n {
                    targets[k] = self.target(size, (0.0, 0.0), (x[k], z[k]), (dx[k], dz[k])) as f32;
                }
            }
            Aim::Corrected { .. } => {
                before.copy_from_slice(targets);
                for k in 0..n {
                    targets[k] = self.target(size, (f64::from(before[k]), 0.0), (x[k], z[k]), (dx[k], dz[k])) as f32;
                }
            }
        }
    }
}

/// Columns without an upper bound, next to each other, whose targets are set.
pub(super) struct Aimed<'a> {
    pub x: &'a [f64],
    pub z: &'a [f64],
    pub dx: &'a [f64],
    pub dz: &'a [f64],
    pub targets: &'a mut [f32],
    pub before: &'a mut [f32],
}

/// Columns without an upper bound, next to each other.
pub(super) struct Steps<'a> {
    pub x: &'a [f64],
    pub z: &'a [f64],
    pub targets: &'a [f32],
    pub dx: &'a mut [f64],
    pub dz: &'a mut [f64],
}

impl Steps<'_> {
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// Sets their steps, `over` being the change of the reduced cost less the reduced cost.
    #[inline(always)]
    pub fn all(self, over: impl Fn(usize) -> f64) -> Reach {
        let n = self.x.len();
        let (x, z, targets) = (&self.x[..n], &self.z[..n], &self.targets[..n]);
        let (dx, dz) = (&mut self.dx[..n], &mut self.dz[..n]);
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
}

/// The same of several pairs at once, one in each lane.
struct Lanes {
    /// The largest parts of `x` and `z` that a step takes away.
    taken: [[f64; LANES]; 2],
    sums: [[f64; LANES]; 4],
}

impl Lanes {
    #[inline(always)]
    fn pair(&mut self, lane: usize, (x, z): (f64, f64), (u, v): (f64, f64)) {
        let product = x * z;
        self.sums[0][lane] += product;
        self.sums[1][lane] += product * u;
        self.sums[2][lane] += product * v;
        self.sums[3][lane] += product * u * v;
        let most = |most: f64, taken: f64| if taken > most { taken } else { most };
        self.taken[0][lane] = most(self.taken[0][lane], -u);
        self.taken[1][lane] = most(self.taken[1][lane], -v);
    }
}

impl Bounded {
    pub fn new(size: Vec<f64>) -> Bounded {
        let n = size.len();
        let zeros = || vec![0.0; n];
        Bounded {
            x: zeros(),
            z: zeros(),
            s: vec![f64::INFINITY; n],
            w: zeros(),
            dx: zeros(),
            dz: zeros(),
            dw: zeros(),
            targets: [zeros(), zeros()],
            before: [zeros(), zeros()],
            size,
        }
    }

    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// `1 / (z/x + w/s)`; zero where the column is fixed.
    #[inline]
    pub fn weight(&self, k: usize) -> f64 {
        if self.x[k] > 0.0 { 1.0 / (self.z[k] / self.x[k] + self.w[k] / self.s[k]) } else { 0.0 }
    }

    /// The weight for a first guess of prices.
    pub fn guess(&self, k: usize) -> f64 {
        self.x[k].min(self.s[k]).powi(2)
    }

    pub fn aim(&mut self, aim: Aim) {
        if let Aim::Corrected { .. } = aim {
            self.before = self.targets.clone();
        }
        for k in 0..self.len() {
            let (size, dx) = (self.size[k], self.dx[k]);
            let last = (self.targets[0][k], self.before[0][k]);
            self.targets[0][k] = aim.target(size, last, (self.x[k], self.z[k]), (dx, self.dz[k]));
            if self.s[k].is_finite() {
                let last = (self.targets[1][k], self.before[1][k]);
                self.targets[1][k] = aim.target(size, last, (self.s[k], self.w[k]), (-dx, self.dw[k]));
            }
        }
    }

    /// The reduced cost with what the targets add.
    #[inline]
    pub fn pull(&self, k: usize, reduced: f64) -> f64 {
        if self.x[k] <= 0.0 {
            return 0.0;
        }
        reduced - self.targets[0][k] / self.x[k] + self.targets[1][k] / self.s[k]
    }

    /// Sets the step, `moved` being what the change of duals does to the reduced cost.
    pub fn step(&mut self, k: usize, reduced: f64, moved: f64, reach: &mut Reach) {
        let (x, z, s, w) = (self.x[k], self.z[k], self.s[k], self.w[k]);
        if x <= 0.0 {
            return;
        }
        let dx = self.weight(k) * (moved - self.pull(k, reduced));
        let dz = (self.targets[0][k] - z * dx) / x - z;
        reach.pair((x, z), (dx, dz));
        if s.is_finite() {
            let dw = (self.targets[1][k] + w * dx) / s - w;
            reach.pair((s, w), (-dx, dw));
            self.dw[k] = dw;
        }
        (self.dx[k], self.dz[k]) = (dx, dz);
    }

    pub fn advance(&mut self, primal: f64, dual: f64) {
        for k in 0..self.len() {
            self.x[k] += primal * self.dx[k];
            self.s[k] -= primal * self.dx[k];
            self.z[k] += dual * self.dz[k];
            self.w[k] += dual * self.dw[k];
        }
    }

    /// Sizes of the pairs that take part in complementarity.
    pub fn sizes(&self) -> f64 {
        let pairs = (0..self.len()).filter(|&k| self.x[k] > 0.0);
        pairs.map(|k| if self.s[k].is_finite() { 2.0 * self.size[k] } else { self.size[k] }).sum()
    }

    /// Duals from reduced costs, all pairs at `mu` or more.
    pub fn start_duals(&mut self, k: usize, reduced: f64, mu: f64) {
        if self.x[k] <= 0.0 {
            return;
        }
        let mu = mu * self.size[k];
        self.z[k] = reduced.max(0.0) + mu / self.x[k];
        if self.s[k].is_finite() {
            self.w[k] = (-reduced).max(0.0) + mu / self.s[k];
        }
    }
}
