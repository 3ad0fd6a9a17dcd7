//! The cap of one day: `cap[t] = min(limit[t], q95 firm[t] + theta * work[t])`, with the least theta that leaves
//! `sum h * min(limit[t] - q95 firm[t], theta * work[t])`, the energy a day may bring.
//!
//! Where the steps with planned work cannot hold that energy at any theta, they are opened to the limit and the
//! cheapest other steps take the rest: schedulers come before the shape of a plan.

/// One step of a site; IT megawatts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub hours: f64,
    /// What stands whatever batch work does: the firm load's q95, training, reservations.
    pub firm_mw: f64,
    /// Batch work, planned and still expected.
    pub work_mw: f64,
    pub limit_mw: f64,
    /// Of one more MWh of IT energy.
    pub price_per_mwh: f64,
}

impl Step {
    fn room_mw(&self) -> f64 {
        (self.limit_mw - self.firm_mw).max(0.0)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// None where no factor on planned work leaves the energy.
    pub theta: Option<f64>,
    /// Parallel to the steps.
    pub cap_mw: Vec<f64>,
    /// Energy the caps leave above what stands, and what is missing to the day's.
    pub left_mwh: f64,
    pub short_mwh: f64,
}

/// What a day's flexible energy is made of; IT MWh.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Brings {
    /// Planned, of work that is known.
    pub known_mwh: f64,
    /// Planned, of work still to come.
    pub expected_mwh: f64,
    /// Of such days, the mean and what 97 in 100 stay within.
    pub mean_mwh: f64,
    pub q97_mwh: f64,
}

impl Brings {
    /// What 97 in 100 such days stay within. What is known comes whatever other days brought; what is only expected
    /// varies as they did. Where the plan reckons with nothing to come, the days alone say what may.
    pub fn energy_mwh(&self) -> f64 {
        if self.expected_mwh > EPSILON_MWH && self.mean_mwh > EPSILON_MWH {
            return self.known_mwh + self.expected_mwh * (self.q97_mwh / self.mean_mwh).max(1.0);
        }
        (self.known_mwh + self.expected_mwh).max(self.q97_mwh)
    }
}

/// Planned work below this is a solver's last bits, and no shape.
const LEAST_MW: f64 = 1e-6;
const EPSILON_MWH: f64 = 1e-6;

/// The caps of a day's steps that leave `energy_mwh` for batch work.
pub fn day(steps: &[Step], energy_mwh: f64) -> Curve {
    let theta = theta(steps, energy_mwh);
    let extra = |s: &Step| match theta {
        Some(theta) => s.room_mw().min(theta * s.work_mw),
        None if s.work_mw > LEAST_MW => s.room_mw(),
        None => 0.0,
    };
    let mut extra_mw: Vec<f64> = steps.iter().map(extra).collect();
    let left = |extra_mw: &[f64]| steps.iter().zip(extra_mw).map(|(s, mw)| s.hours * mw).sum::<f64>();
    let short = energy_mwh - left(&extra_mw);
    if theta.is_none() && short > EPSILON_MWH {
        open(steps, &mut extra_mw, short);
    }
    let left_mwh = left(&extra_mw);
    let short_mwh = (energy_mwh - left_mwh).max(0.0);
    Curve {
        theta,
        cap_mw: steps.iter().zip(&extra_mw).map(|(s, mw)| (s.firm_mw + mw).min(s.limit_mw)).collect(),
        left_mwh,
        short_mwh: if short_mwh > EPSILON_MWH { short_mwh } else { 0.0 },
    }
}

/// The least factor on planned work that leaves the energy: the sum is piecewise linear, and its breakpoints are where a
/// step is full.
fn theta(steps: &[Step], energy_mwh: f64) -> Option<f64> {
    if energy_mwh <= 0.0 {
        return Some(0.0);
    }
    let shaped = steps.iter().filter(|s| s.work_mw > LEAST_MW);
    let mut breakpoints: Vec<(f64, f64, f64)> =
        shaped.map(|s| (s.room_mw() / s.work_mw, s.hours * s.room_mw(), s.hours * s.work_mw)).collect();
    breakpoints.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut full_mwh = 0.0;
    for (at, (full_from, room_mwh, _)) in breakpoints.iter().enumerate() {
        let slope_mwh: f64 = breakpoints[at..].iter().map(|b| b.2).sum();
        let theta = (energy_mwh - full_mwh) / slope_mwh;
        if theta <= full_from + 1e-9 {
            return Some(theta);
        }
        full_mwh += room_mwh;
    }
    None
}

/// Gives the cheapest steps without planned work what is still to be left.
fn open(steps: &[Step], extra_mw: &mut [f64], mut short_mwh: f64) {
    let mut closed: Vec<usize> = (0..steps.len()).filter(|t| steps[*t].work_mw <= LEAST_MW).collect();
    closed.sort_by(|a, b| steps[*a].price_per_mwh.total_cmp(&steps[*b].price_per_mwh).then(a.cmp(b)));
    for t in closed {
        let mw = steps[t].room_mw().min(short_mwh / steps[t].hours);
        extra_mw[t] = mw;
        short_mwh -= mw * steps[t].hours;
        if short_mwh <= EPSILON_MWH {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(firm_mw: f64, work_mw: f64, limit_mw: f64, price_per_mwh: f64) -> Step {
        Step { hours: 1.0, firm_mw, work_mw, limit_mw, price_per_mwh }
    }

    #[test]
    fn theta_scales_planned_work_until_a_step_is_full() {
        let steps = [step(4.0, 2.0, 10.0, 1.0), step(4.0, 1.0, 10.0, 2.0), step(4.0, 0.0, 10.0, 3.0)];
        // 2 theta + 1 theta = 6.
        let curve = day(&steps, 6.0);
        assert_eq!((curve.theta, curve.cap_mw), (Some(2.0), vec![8.0, 6.0, 4.0]));
        // The first is full at 6 MW: 6 + theta = 10.
        let curve = day(&steps, 10.0);
        assert_eq!((curve.theta, curve.cap_mw), (Some(4.0), vec![10.0, 8.0, 4.0]));
        assert_eq!(day(&steps, 0.0).cap_mw, [4.0; 3]);
    }

    #[test]
    fn what_is_known_is_certain_and_what_is_expected_varies() {
        let days = Brings { known_mwh: 30.0, expected_mwh: 20.0, mean_mwh: 40.0, q97_mwh: 60.0 };
        // 30 + 20 * 60/40.
        assert_eq!(days.energy_mwh(), 60.0);
        assert_eq!(Brings { expected_mwh: 0.0, ..days }.energy_mwh(), 60.0);
        assert_eq!(Brings { known_mwh: 90.0, expected_mwh: 0.0, ..days }.energy_mwh(), 90.0);
        assert_eq!(Brings { mean_mwh: 0.0, q97_mwh: 0.0, ..days }.energy_mwh(), 50.0);
    }

    #[test]
    fn other_hours_open_where_planned_ones_are_full() {
        let steps = [step(4.0, 2.0, 10.0, 9.0), step(5.0, 0.0, 10.0, 2.0), step(4.0, 0.0, 10.0, 1.0)];
        let curve = day(&steps, 14.0);
        assert_eq!((curve.theta, curve.cap_mw, curve.short_mwh), (None, vec![10.0, 7.0, 10.0], 0.0));
        let curve = day(&steps, 20.0);
        assert_eq!((curve.cap_mw, curve.left_mwh, curve.short_mwh), (vec![10.0; 3], 17.0, 3.0));
        // Firm load over the limit leaves nothing.
        assert_eq!(day(&[step(12.0, 1.0, 10.0, 0.0)], 1.0).cap_mw, [10.0]);
    }
}
