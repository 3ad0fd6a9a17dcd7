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
