//! One series on the portfolio's grid, and what is expected of it from any step on.
//!
//! Each step from the best that knows it: the supplier, the ridge for the day ahead, the blend, the portfolio's figure.
//! The ridge works in hours, whatever the grid: finer steps take the hour's value.

use super::common::{Expected, HOURS_PER_DAY, Origin, Values, blend};
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

    fn within(self, value: f64) -> f64 {
        value.clamp(self.least, self.most)
    }
}

/// A series as it was metered, and what is learnt of it.
#[derive(Debug, Clone)]
pub struct Track {
    values: Values,
    per_hour: usize,
    bounds: Bounds,
    /// Steps by which readings come late.
    lag: usize,
    ridge: Option<Ridge>,
}

impl Track {
    /// One that nothing is learnt of.
    pub fn new(values: Values, per_hour: usize, bounds: Bounds) -> Self {
        Self { values, per_hour, bounds, lag: 0, ridge: None }
    }

    /// `base` is the hour of the first value, counted since 1970. Only steps before `fit_end`, if any, teach.
    pub fn learning(mut self, base: i64, fit_end: Option<usize>) -> Self {
        let per_hour = self.per_hour;
        let hours = self.values.chunks(per_hour).map(|hour| hour_mean(hour).unwrap_or(f64::NAN));
        let hours: Vec<f64> = hours.collect();
        let known = hours.iter().filter(|v| v.is_finite()).count();
        // Less than this and every fit would be refused anyway.
        self.ridge = (known > 90 * HOURS_PER_DAY)
            .then(|| Ridge::new(hours, base, HOURS_PER_DAY, fit_end.map(|end| end / per_hour)));
        self
    }

    pub fn late_by(self, lag: usize) -> Self {
        Self { lag, ..self }
    }

    pub fn values(&self) -> &[Option<f64>] {
        &self.values
    }

    /// What came in `steps` from `first` on. Holes are what the blend expected as they began, else `configured`: whoever
    /// looks back sees the same, and nothing that came after a hole.
    pub fn came(&self, first: usize, steps: usize, configured: Option<f64>) -> Expected {
        let known = part(&self.values, first, steps);
        let mut came = Expected::supplied(&known);
        let mut seen = 0;
        while let Some(from) = (seen..steps).find(|step| known[*step].is_none()) {
            let end = (from..steps).find(|step| known[*step].is_some()).unwrap_or(steps);
            let start = first + from;
            let blended = self.blended(start, start.min(self.values.len()), end - from);
            for (step, value) in (from..end).zip(blended.into_iter().flatten()) {
                came.put(step, self.bounds.within(value), Origin::History);
            }
            seen = end;
        }
        came.or_configured(configured)
    }

    /// The blend of the days before `start`, of which what comes from `issue` on is not known.
    fn blended(&self, start: usize, issue: usize, steps: usize) -> Option<Vec<f64>> {
        let day = HOURS_PER_DAY * self.per_hour;
        let from = start.saturating_sub(blend::DAYS * day);
        let mut history = vec![None; blend::DAYS * day - (start - from)];
        history.extend((from..start).map(|i| if i < issue { self.values[i] } else { None }));
        blend::forecast(&history, day, 1.0 / self.per_hour as f64, steps)
    }

    /// The step of the last value known at `start`.
    pub fn last_known(&self, start: usize) -> Option<usize> {
        last_before(self.values(), start.saturating_sub(self.lag))
    }

    /// What is expected from step `start` on, as known then: by suppliers, its own forecast, or the portfolio.
    pub fn expect(&mut self, start: usize, supplied: &[Option<f64>], configured: Option<f64>) -> Expected {
        let supplied = Expected::supplied(supplied);
        let steps = supplied.values.len();
        let known = if supplied.unknown() { supplied.or(&self.own(start, steps)) } else { supplied };
        known.or_configured(configured)
    }

    /// Built-in forecast of each step: the ridge where it reaches, else the blend.
    pub fn own(&mut self, start: usize, steps: usize) -> Expected {
        // The first step of which nothing is known.
        let issue = self.last_known(start).map_or(0, |last| last + 1);
        let blended = self.blended(start, issue, steps);
        let (per_hour, bounds) = (self.per_hour, self.bounds);
        let issue_hour = issue / per_hour;
        let mut own = Expected::nothing(steps);
        for step in 0..steps {
            let lead = ((start + step) / per_hour).checked_sub(issue_hour);
            let learnt = self.ridge.as_mut().zip(lead).and_then(|(ridge, lead)| ridge.predict(issue_hour, lead));
            match (learnt, &blended) {
                (Some(value), _) => own.put(step, bounds.within(value), Origin::Learnt),
                (None, Some(blended)) => own.put(step, bounds.within(blended[step]), Origin::History),
                (None, None) => {}
            }
        }
        own
    }

    /// Forgets fits that later steps do not need.
    pub fn forget_before(&mut self, start: usize) {
        let hour = start / self.per_hour;
        if let Some(ridge) = &mut self.ridge {
            ridge.forget_before(hour);
        }
    }
}

/// The last step before `end` of which something is known.
pub fn last_before(values: &[Option<f64>], end: usize) -> Option<usize> {
    values[..end.min(values.len())].iter().rposition(Option::is_some)
}

/// Steps from `first` on; nothing is known beyond the last.
pub fn part(values: &[Option<f64>], first: usize, steps: usize) -> Values {
    (first..first + steps).map(|step| values.get(step).copied().flatten()).collect()
}

/// Mean of an hour's steps; none unless all are known.
pub fn hour_mean(steps: &[Option<f64>]) -> Option<f64> {
    let known: Option<f64> = steps.iter().copied().sum();
    known.map(|sum| sum / steps.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(values: Vec<Option<f64>>) -> Track {
        Track::new(values, 1, Bounds::ANY)
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
