//! One series on the portfolio's grid, and what is expected of it from any step on.
//!
//! Each step from the best that knows it: the supplier, the ridge for the day ahead, the blend, the portfolio's figure.
//! The ridge works in hours, whatever the grid: finer steps take the hour's value.

use super::expect::{Expected, Origin};
use super::ridge::Ridge;
use super::{HOURS_PER_DAY, blend};

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

    fn steps_per_day(&self) -> usize {
        HOURS_PER_DAY * self.per_hour
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
        let day = self.steps_per_day();
        let from = start.saturating_sub(blend::DAYS * day);
        let mut history = vec![None; blend::DAYS * day - (start - from)];
        history.extend((from..start).map(|i| if i < issue { self.values[i] } else { None }));
        let blended = blend::forecast(&history, day, 1.0 / self.per_hour as f64, steps);
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

    /// Forgets fits that later steps do not need.
    pub fn forget_before(&mut self, start: usize) {
        let hour = start / self.per_hour;
        if let Some(ridge) = &mut self.ridge {
            ridge.forget_before(hour);
        }
    }
}

/// NaN unless every step of the hour is known.
fn hour_mean(steps: &[Option<f64>]) -> f64 {
    let known: Option<f64> = steps.iter().copied().sum();
    known.map_or(f64::NAN, |sum| sum / steps.len() as f64)
}
