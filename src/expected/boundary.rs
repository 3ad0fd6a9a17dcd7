//! What the portfolio states of a boundary's grid, and the notes on its series without a supplied value: the same ahead
//! and looking back.

use super::common::{BoundaryId, BoundaryIndex, Expected, GridLeaf, GridSeries, Origin, SeriesName};
use super::derive::Derive;
use super::unknown::{Gaps, Words};
use crate::portfolio::CarbonBasis;

pub(super) struct Stated<'a> {
    pub id: &'a BoundaryId,
    fossil_g_per_kwh: f64,
    price_per_mwh: Option<f64>,
    pub carbon_basis: CarbonBasis,
}

impl<'a> Stated<'a> {
    pub fn new(derive: &'a Derive, boundary: BoundaryIndex) -> Self {
        let (portfolio, fossil_g_per_kwh) = (&derive.portfolio, derive.default_fossil_g_per_kwh(boundary));
        let price_per_mwh = portfolio.boundaries[boundary].price_per_mwh;
        let id = &portfolio.definitions.boundaries[boundary].id;
        Self { id, fossil_g_per_kwh, price_per_mwh, carbon_basis: portfolio.policy.carbon_basis }
    }

    /// What stands for each series where history does not.
    pub fn figures(&self) -> GridSeries<Option<f64>> {
        GridSeries { fossil: Some(self.fossil_g_per_kwh), price: self.price_per_mwh, ..GridSeries::default() }
    }

    /// A price that was never supplied is the portfolio's, or nothing by its contract; one that was known once is neither:
    /// `once` says when, and what to ingest.
    pub fn say_price(&self, gaps: &mut Gaps, price: &Expected, once: Option<(String, &str)>) {
        let (id, series) = (self.id, SeriesName::grid(self.id, GridLeaf::Price));
        let stated = once.is_none() && price.count(Origin::Configured) == price.origins.len();
        match once.filter(|_| price.unknown()) {
            Some((when, readings)) => {
                gaps.refuse(&series, &when, format!("ingest {readings}, or set price_per_mwh of boundary {id}"));
            }
            None if stated => {}
            None => {
                let figure = self.price_per_mwh.map_or(String::new(), |price| price.to_string());
                let words = Words {
                    configured: &format!("price_per_mwh of boundary {id}, {figure}"),
                    none: &format!(" and boundary {id} states no price_per_mwh: energy counts as free"),
                    ..gaps.words
                };
                gaps.say(&series, words, price);
            }
        }
    }

    /// Factors of the grid: what unmatched energy takes, and the average, for show or to price carbon by.
    pub fn say_factors(&self, gaps: &mut Gaps, GridSeries { average, residual, fossil, .. }: &GridSeries<Expected>) {
        let text = format!("the default fossil factor, {} g/kWh", self.fossil_g_per_kwh);
        let words = Words { configured: &text, ..gaps.words };
        let [shown, unmatched, other] =
            [GridLeaf::CarbonIntensity, GridLeaf::ResidualIntensity, GridLeaf::FossilIntensity]
                .map(|leaf| SeriesName::grid(self.id, leaf));
        if self.carbon_basis == CarbonBasis::Average {
            let fallback = residual.clone().or(fossil);
            gaps.say_with(&shown, words, (average, &fallback), &format!("as {unmatched}"));
        } else if !average.all_unknown() {
            gaps.say(&shown, words, average);
        }
        gaps.say_with(&unmatched, words, (residual, fossil), &format!("as {other}"));
    }
}
