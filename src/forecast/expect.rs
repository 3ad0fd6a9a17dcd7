//! One expected series: each step from the best source that knows it.

use serde::Serialize;

/// Forecasts are made by hours of UTC days.
pub const HOURS_PER_DAY: usize = 24;

/// Where an expected value comes from, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Supplied: forecast, published or, of what came, metered.
    Supplier,
    /// Built in, learnt from how the series went before.
    Learnt,
    History,
    Configured,
    /// What is known of other steps, by time of day.
    Repeated,
    None,
}

/// Values per step of the horizon, and where they come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expected {
    /// Zero where nothing is known: the origin says so.
    pub values: Vec<f64>,
    pub origins: Vec<Origin>,
}

impl Expected {
    /// The same in every step, of no origin.
    pub fn flat(value: f64, len: usize) -> Self {
        Self { values: vec![value; len], origins: vec![Origin::None; len] }
    }

    /// The least good origin that was used.
    pub fn worst(&self) -> Origin {
        self.origins.iter().copied().max().unwrap_or(Origin::None)
    }

    /// Fills steps nothing was known of from another series.
    pub fn or(mut self, other: &Self) -> Self {
        for step in 0..self.values.len().min(other.values.len()) {
            if self.origins[step] == Origin::None {
                self.values[step] = other.values[step];
                self.origins[step] = other.origins[step];
            }
        }
        self
    }

    /// Fills steps nothing was known of from the others: their mean at that time of day, else over all of them.
    pub fn or_repeated(mut self, steps_per_day: usize) -> Self {
        let day = steps_per_day.max(1);
        let mut sums = vec![(0.0, 0_u32); day];
        let (mut total, mut count) = (0.0, 0_u32);
        for (step, value) in self.values.iter().enumerate().filter(|(step, _)| self.origins[*step] != Origin::None) {
            let sum = &mut sums[step % day];
            *sum = (sum.0 + value, sum.1 + 1);
            total += value;
            count += 1;
        }
        if count == 0 {
            return self;
        }
        let overall = total / f64::from(count);
        for step in 0..self.values.len() {
            if self.origins[step] == Origin::None {
                let (sum, n) = sums[step % day];
                self.values[step] = if n > 0 { sum / f64::from(n) } else { overall };
                self.origins[step] = Origin::Repeated;
            }
        }
        self
    }

    pub fn count(&self, origin: Origin) -> usize {
        self.origins.iter().filter(|o| **o == origin).count()
    }

    /// Whether nothing is known of some step.
    pub fn unknown(&self) -> bool {
        self.worst() == Origin::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_repeated_by_time_of_day() {
        let known = |values: &[Option<f64>]| Expected {
            values: values.iter().map(|v| v.unwrap_or(0.0)).collect(),
            origins: values.iter().map(|v| if v.is_some() { Origin::Supplier } else { Origin::None }).collect(),
        };
        // Days of three steps: the first is known twice, the second once, the third never: the mean of 10, 30 and 2.
        let of = known(&[Some(10.0), Some(2.0), None, Some(30.0), None, None]).or_repeated(3);
        assert_eq!(of.values, [10.0, 2.0, 14.0, 30.0, 2.0, 14.0]);
        assert_eq!((of.count(Origin::Supplier), of.count(Origin::Repeated), of.unknown()), (3, 3, false));
        let nothing = known(&[None, None]).or_repeated(24);
        assert!(nothing.unknown() && nothing.count(Origin::None) == 2);
    }
}
