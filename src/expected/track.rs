//! One series on the portfolio's grid, and what is expected of it from any step on.
//!
//! Each step from the best that knows it: the supplier, the ridge for the day ahead, the blend, the portfolio's figure.
//! The ridge works in hours, whatever the grid: finer steps take the hour's value.

use super::blend;
use super::expect::{Expected, HOURS_PER_DAY, Origin};
use super::ridge::Ridge;

/// Bounds an expected value keeps within.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub least: f64,
    pub most: f64,
}

impl Bounds {
    pub const NOT_NEGATIVE: Self = Self { least: 0.0, most: f64::INFINITY };
    pub const SHARE: Self = Self { least: 0.0, most: 1.0 };
    pub const ANY: Self = Self { least: f64::NEG_INFINITY, most: f64::INFINITY };
}

#[derive(Debug, Clone)]
pub struct Track {
    /// None where nothing was metered.
    values: Vec<Option<f64>>,
    /// Steps of an hour.
    per_hour: usize,
    /// Steps by which readings come late.
    lag: usize,
    bounds: Bounds,
    ridge: Option<Ridge>,
}

impl Track {
    /// `base` is the hour of the first value, counted since 1970. Learns only from steps before `fit_end`, where one is
    /// given.
    pub fn new(values: Vec<Option<f64>>, per_hour: usize, base: i64, bounds: Bounds, fit_end: Option<usize>) -> Self {
        let hours: Vec<f64> = values.chunks(per_hour).map(hour_mean).collect();
        let known = hours.iter().filter(|v| v.is_finite()).count();
        // Less than this and every fit would be refused anyway.
        let ridge = (known > 90 * HOURS_PER_DAY)
            .then(|| Ridge::new(hours, base, HOURS_PER_DAY, fit_end.map(|end| end / per_hour)));
        Self { values, per_hour, lag: 0, bounds, ridge }
    }

    pub fn late_by(mut self, steps: usize) -> Self {
        self.lag = steps;
        self
    }

    pub fn values(&self) -> &[Option<f64>] {
        &self.values
    }

    /// First step of which nothing is known at `start`.
    fn issue(&self, start: usize) -> usize {
        let end = start.saturating_sub(self.lag).min(self.values.len());
        let last = self.values[..end].iter().rposition(Option::is_some);
        last.map_or(0, |last| last + 1)
    }

    /// What is expected from step `start` on, as known then; `ahead` is what suppliers forecast.
    pub fn expect(&mut self, start: usize, steps: usize, ahead: &[Option<f64>], configured: Option<f64>) -> Expected {
        let mut expected = Expected { values: Vec::with_capacity(steps), origins: Vec::with_capacity(steps) };
        let known_ahead = ahead.iter().take(steps).filter(|v| v.is_some()).count();
        let own = if known_ahead < steps { self.own(start, steps) } else { Vec::new() };
        for step in 0..steps {
            let (value, origin) = match (ahead.get(step).copied().flatten(), own.get(step).copied().flatten()) {
                (Some(value), _) => (value, Origin::Supplier),
                (None, Some(own)) => own,
                (None, None) => match configured {
                    Some(value) => (value, Origin::Configured),
                    None => (0.0, Origin::None),
                },
            };
            expected.values.push(value);
            expected.origins.push(origin);
        }
        expected
    }

    /// Built-in forecast of each step: the ridge where it reaches, else the blend.
    pub fn own(&mut self, start: usize, steps: usize) -> Vec<Option<(f64, Origin)>> {
        let issue = self.issue(start);
        let blended = blended(&self.values, self.per_hour, start, issue, steps);
        let issue_hour = issue / self.per_hour;
        (0..steps)
            .map(|step| {
                let lead = ((start + step) / self.per_hour).checked_sub(issue_hour);
                let learnt = self.ridge.as_mut().zip(lead).and_then(|(ridge, lead)| ridge.predict(issue_hour, lead));
                let (value, origin) = match (learnt, &blended) {
                    (Some(value), _) => (value, Origin::Learnt),
                    (None, Some(blended)) => (blended[step], Origin::History),
                    (None, None) => return None,
                };
                Some((value.clamp(self.bounds.least, self.bounds.most), origin))
            })
            .collect()
    }

    /// What came from step `first` on, as `came` has it.
    pub fn came(&self, first: usize, steps: usize, configured: Option<f64>) -> Expected {
        came(&self.values, (self.per_hour, self.bounds), (first, steps), configured)
    }

    /// The step of the last value known at `start`.
    pub fn last_known(&self, start: usize) -> Option<usize> {
        self.issue(start).checked_sub(1)
    }

    /// Forgets fits that later steps do not need.
    pub fn forget_before(&mut self, start: usize) {
        let hour = start / self.per_hour;
        if let Some(ridge) = &mut self.ridge {
            ridge.forget_before(hour);
        }
    }
}

/// The blend of the days before `start`, of which what comes from `issue` on is not known.
fn blended(values: &[Option<f64>], per_hour: usize, start: usize, issue: usize, steps: usize) -> Option<Vec<f64>> {
    let day = HOURS_PER_DAY * per_hour;
    let from = start.saturating_sub(blend::DAYS * day);
    let mut history = vec![None; blend::DAYS * day - (start - from)];
    history.extend((from..start).map(|i| if i < issue { values[i] } else { None }));
    blend::forecast(&history, day, 1.0 / per_hour as f64, steps)
}

/// What came in `steps` from `first` on. Holes are what the blend expected as they began, else `configured`: whoever looks
/// back sees the same, and nothing that came after a hole.
pub fn came(
    values: &[Option<f64>],
    (per_hour, bounds): (usize, Bounds),
    (first, steps): (usize, usize),
    configured: Option<f64>,
) -> Expected {
    let known = |step: usize| values.get(first + step).copied().flatten();
    let mut came = Expected { values: vec![0.0; steps], origins: vec![Origin::None; steps] };
    let mut step = 0;
    while step < steps {
        if let Some(value) = known(step) {
            (came.values[step], came.origins[step]) = (value, Origin::Supplier);
            step += 1;
            continue;
        }
        let end = (step..steps).find(|s| known(*s).is_some()).unwrap_or(steps);
        let start = first + step;
        let blended = blended(values, per_hour, start, start.min(values.len()), end - step);
        for at in step..end {
            let own = blended.as_ref().map(|b| (b[at - step].clamp(bounds.least, bounds.most), Origin::History));
            if let Some(found) = own.or(configured.map(|value| (value, Origin::Configured))) {
                (came.values[at], came.origins[at]) = found;
            }
        }
        step = end;
    }
    came
}

/// NaN unless every step of the hour is known.
fn hour_mean(steps: &[Option<f64>]) -> f64 {
    let known: Option<f64> = steps.iter().copied().sum();
    known.map_or(f64::NAN, |sum| sum / steps.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(values: Vec<Option<f64>>) -> Track {
        Track::new(values, 1, 0, Bounds::ANY, None)
    }

    #[test]
    fn holes_in_what_came_are_what_was_expected_as_they_began() {
        // A day of 0 to 23 three times, and two hours of the third not metered.
        let mut values: Vec<Option<f64>> = (0..72).map(|h| Some(f64::from(h % 24))).collect();
        (values[60], values[61]) = (None, None);
        let came = track(values.clone()).came(48, 30, Some(7.0));
        assert_eq!((came.values[11], came.values[12], came.values[13], came.values[14]), (11.0, 12.0, 13.0, 14.0));
        assert_eq!((came.count(Origin::Supplier), came.count(Origin::History)), (22, 8));
        // Beyond the last value the day goes on as it does: nothing is configured where history knows.
        assert_eq!(came.values[24..], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let before = track([vec![None; 3], values].concat()).came(0, 5, Some(7.0));
        assert_eq!(before.values, [7.0, 7.0, 7.0, 0.0, 1.0]);
        assert_eq!(before.count(Origin::Configured), 3);
        assert_eq!(track(vec![None; 9]).came(0, 4, None).count(Origin::None), 4);
    }

    #[test]
    fn nothing_later_fills_a_hole() {
        let hole = |after: f64| vec![Some(5.0), Some(5.0), None, Some(after)];
        assert_eq!(track(hole(5.0)).came(2, 1, None), track(hole(900.0)).came(2, 1, None));
    }

    #[test]
    fn the_last_value_known_is_the_one_published() {
        let values = vec![Some(1.0), None, Some(1.0), Some(1.0), None];
        assert_eq!(track(values.clone()).last_known(5), Some(3));
        assert_eq!(track(values.clone()).late_by(3).last_known(5), Some(0));
        assert_eq!(track(values).last_known(0), None);
    }
}
