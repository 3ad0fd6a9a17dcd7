//! The series of a boundary's grid, one of each kind: values, tracks, or what is expected.

use super::expect::{Expected, Values};
use super::view::BoundaryExpectation;
use crate::portfolio::CarbonBasis;

/// g/kWh, a share, and currency per MWh.
#[derive(Debug, Clone, Default)]
pub struct GridSeries<T> {
    pub cfe_share: T,
    pub average: T,
    pub residual: T,
    pub fossil: T,
    pub price: T,
}

impl<T> GridSeries<T> {
    pub fn each(&self) -> GridSeries<&T> {
        let Self { cfe_share, average, residual, fossil, price } = self;
        GridSeries { cfe_share, average, residual, fossil, price }
    }

    pub fn each_mut(&mut self) -> GridSeries<&mut T> {
        let Self { cfe_share, average, residual, fossil, price } = self;
        GridSeries { cfe_share, average, residual, fossil, price }
    }

    pub fn zip<U>(self, other: GridSeries<U>) -> GridSeries<(T, U)> {
        GridSeries {
            cfe_share: (self.cfe_share, other.cfe_share),
            average: (self.average, other.average),
            residual: (self.residual, other.residual),
            fossil: (self.fossil, other.fossil),
            price: (self.price, other.price),
        }
    }

    pub fn map<U>(self, mut one: impl FnMut(T) -> U) -> GridSeries<U> {
        GridSeries {
            cfe_share: one(self.cfe_share),
            average: one(self.average),
            residual: one(self.residual),
            fossil: one(self.fossil),
            price: one(self.price),
        }
    }
}

impl GridSeries<Values> {
    /// Of which nothing is known.
    pub fn nothing(len: usize) -> Self {
        GridSeries::<()>::default().map(|()| vec![None; len])
    }
}

impl GridSeries<Expected> {
    /// What is known in some steps only is repeated by time of day in the others; factors of unmatched energy have a default.
    pub fn repeated(self, steps_per_day: usize) -> Self {
        Self {
            cfe_share: self.cfe_share.or_repeated(steps_per_day),
            average: self.average.or_repeated(steps_per_day),
            price: self.price.or_repeated(steps_per_day),
            ..self
        }
    }

    /// As planning and scoring take it.
    pub fn expectation(self, by: CarbonBasis) -> BoundaryExpectation {
        let fallback = self.residual.or(&self.fossil);
        BoundaryExpectation {
            cfe_share: self.cfe_share,
            carbon_g_per_kwh: match by {
                CarbonBasis::Residual => fallback.clone(),
                CarbonBasis::Fossil => self.fossil,
                CarbonBasis::Average => self.average.clone().or(&fallback),
            },
            average_g_per_kwh: self.average,
            fallback_g_per_kwh: fallback,
            price_per_mwh: self.price,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unmatched_energy_takes_the_factor_of_the_basis_or_the_next_one_known() {
        let carbon = |average: Option<f64>, residual: Option<f64>, by: CarbonBasis| {
            let series = GridSeries { cfe_share: None, average, residual, fossil: Some(700.0), price: None };
            let expectation = series.map(|value| Expected::supplied(&[value])).expectation(by);
            (expectation.carbon_g_per_kwh.values[0], expectation.fallback_g_per_kwh.values[0])
        };
        assert_eq!(carbon(Some(300.0), Some(400.0), CarbonBasis::Average), (300.0, 400.0));
        assert_eq!(carbon(None, Some(400.0), CarbonBasis::Average), (400.0, 400.0));
        assert_eq!(carbon(Some(300.0), Some(400.0), CarbonBasis::Residual), (400.0, 400.0));
        assert_eq!(carbon(Some(300.0), None, CarbonBasis::Residual), (700.0, 700.0));
        assert_eq!(carbon(Some(300.0), Some(400.0), CarbonBasis::Fossil), (700.0, 400.0));
    }

    #[test]
    fn each_kind_meets_its_own() {
        let mut kinds = GridSeries { cfe_share: 1, average: 2, residual: 3, fossil: 4, price: 5 };
        kinds.each_mut().map(|kind| *kind *= 10);
        let pairs = kinds.each().zip(kinds.each().map(|kind| kind / 10)).map(|(ten, one)| (*ten, one));
        let GridSeries { cfe_share, average, residual, fossil, price } = pairs;
        assert_eq!([cfe_share, average, residual, fossil, price], [(10, 1), (20, 2), (30, 3), (40, 4), (50, 5)]);
    }
}
