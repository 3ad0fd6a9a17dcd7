//! One expected series: each step from the best source that knows it, and its quantiles where it is in doubt.

use super::blend;
use super::quantiles::Quantiles;
use serde::Serialize;
use std::ops::Range;

/// Forecasts are made by hours of UTC days.
pub const HOURS_PER_DAY: usize = 24;

/// Values of a grid's steps; none where nothing is known.
pub type Values = Vec<Option<f64>>;

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

/// What is expected of a series from an instant on, step by step: a value, where it comes from, and its quantiles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expected {
    /// Zero where nothing is known: the origin says so.
    pub values: Vec<f64>,
    pub origins: Vec<Origin>,
    /// None in steps that are certain; empty where all are.
    pub quantiles: Vec<Option<Quantiles>>,
}

impl Expected {
    /// Of which nothing is known.
    pub fn nothing(len: usize) -> Self {
        Self { values: vec![0.0; len], origins: vec![Origin::None; len], quantiles: Vec::new() }
    }

    pub fn supplied(values: &[Option<f64>]) -> Self {
        Self::nothing(values.len()).fill(|step| values[step].map(|value| (value, Origin::Supplier)))
    }

    pub fn put(&mut self, step: usize, value: f64, origin: Origin) {
        (self.values[step], self.origins[step]) = (value, origin);
    }

    /// Fills steps nothing was known of.
    fn fill(mut self, find: impl Fn(usize) -> Option<(f64, Origin)>) -> Self {
        for step in 0..self.values.len() {
            if self.origins[step] == Origin::None
                && let Some((value, origin)) = find(step)
            {
                self.put(step, value, origin);
            }
        }
        self
    }

    /// Fills them from another series.
    pub fn or(self, other: &Self) -> Self {
        self.fill(|step| other.known(step).map(|value| (value, other.origins[step])))
    }

    /// Fills them with the portfolio's figure, where it states one.
    pub fn or_configured(self, figure: Option<f64>) -> Self {
        self.fill(|_| figure.map(|value| (value, Origin::Configured)))
    }

    /// Fills them with one value.
    pub fn or_constant(self, value: f64, origin: Origin) -> Self {
        self.fill(|_| Some((value, origin)))
    }

    /// Fills them from the others: their mean at that time of day, else over all of them.
    pub fn or_repeated(self, steps_per_day: usize) -> Self {
        let day = steps_per_day.max(1);
        let known = (0..self.values.len()).filter_map(|step| self.known(step).map(|value| (step % day, value)));
        let (by_slot, overall) = blend::means(known, day);
        self.fill(|step| by_slot[step % day].or(overall).map(|mean| (mean, Origin::Repeated)))
    }

    /// The value of a step; none where nothing is known of it.
    pub fn known(&self, step: usize) -> Option<f64> {
        let value = self.values.get(step).copied()?;
        (self.origins[step] != Origin::None).then_some(value)
    }

    pub fn count(&self, origin: Origin) -> usize {
        self.origins.iter().filter(|o| **o == origin).count()
    }

    /// The least good origin that was used.
    pub fn worst(&self) -> Origin {
        self.origins.iter().copied().max().unwrap_or(Origin::None)
    }

    /// Whether nothing is known of some step.
    pub fn unknown(&self) -> bool {
        self.worst() == Origin::None
    }

    /// Whether nothing is known of any step.
    pub fn all_unknown(&self) -> bool {
        self.count(Origin::None) == self.origins.len()
    }

    pub fn part(&self, steps: Range<usize>) -> Self {
        let quantiles = self.quantiles.get(steps.clone()).map_or(Vec::new(), <[_]>::to_vec);
        Self { values: self.values[steps.clone()].to_vec(), origins: self.origins[steps].to_vec(), quantiles }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_repeated_by_time_of_day() {
        // Days of three steps: the first is known twice, the second once, the third never: the mean of 10, 30 and 2.
        let of = Expected::supplied(&[Some(10.0), Some(2.0), None, Some(30.0), None, None]).or_repeated(3);
        assert_eq!(of.values, [10.0, 2.0, 14.0, 30.0, 2.0, 14.0]);
        assert_eq!((of.count(Origin::Supplier), of.count(Origin::Repeated), of.unknown()), (3, 3, false));
        let nothing = Expected::supplied(&[None, None]).or_repeated(24);
        assert!(nothing.unknown() && nothing.all_unknown());
    }

    #[test]
    fn each_step_is_from_the_first_that_knows_it() {
        let other = Expected::supplied(&[Some(5.0), Some(6.0), None]);
        let of = Expected::supplied(&[Some(1.0), None, None]).or(&other).or_configured(Some(9.0));
        assert_eq!(of.values, [1.0, 6.0, 9.0]);
        assert_eq!(of.origins, [Origin::Supplier, Origin::Supplier, Origin::Configured]);
        assert_eq!(of.clone().or_configured(Some(7.0)), of, "nothing is left to fill");
        let unstated = Expected::nothing(2).or_configured(None);
        assert!(unstated.all_unknown() && unstated.known(0).is_none());
    }

    #[test]
    fn a_part_has_the_quantiles_of_its_steps() {
        let whole = Expected { quantiles: vec![None, Some([1.0; 7])], ..Expected::supplied(&[Some(1.0), Some(2.0)]) };
        assert_eq!(whole.part(1..2).quantiles, [Some([1.0; 7])]);
        assert!(Expected::supplied(&[Some(1.0)]).part(0..1).quantiles.is_empty());
    }
}
