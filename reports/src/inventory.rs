//! Location-based and market-based emissions. Wh times mg/kWh is micrograms, summed exactly in 128
//! bits; each printed gram is rounded up once.
//!
//! Location-based: `sum(load * intensity)`. Market-based, hourly (draft): `sum(allocated * own factor) +
//! sum(unmatched * fallback)`. Market-based, annual (2015): `max(0, load - contracted)` of the period times
//! the load-weighted fallback, per boundary. Never the grid average.

use crate::books::Books;
use crate::definitions::Definitions;
use crate::matching::Matched;
use crate::matching::score::Scores;
use crate::report::Emissions;
use crate::units::ceil_div;
use std::collections::BTreeMap;
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum InventoryError {
    #[error("emissions of {0} overflow 128 bits")]
    Overflow(String),
}

const MICROGRAMS_PER_GRAM: i128 = 1_000_000;

#[derive(Debug, Clone)]
pub struct Inventory {
    pub portfolio: Emissions,
    pub boundaries: Vec<Emissions>,
    pub sites: Vec<Emissions>,
}

/// Exact micrograms before rounding.
#[derive(Debug, Clone, Copy, Default)]
struct Micrograms {
    location: Option<i128>,
    hourly: i128,
    annual: i128,
}

impl Micrograms {
    fn printed(self, with_annual: bool) -> Emissions {
        let grams = |ug: i128| ceil_div(ug, MICROGRAMS_PER_GRAM);
        Emissions {
            location_based_g: self.location.map(grams),
            market_based_annual_g: with_annual.then(|| grams(self.annual)),
            market_based_hourly_g: Some(grams(self.hourly)),
            upstream_g: None,
        }
    }
}

pub fn of(
    definitions: &Definitions,
    books: &Books,
    matched: &Matched,
    scores: &Scores,
) -> Result<Inventory, InventoryError> {
    let own: BTreeMap<&str, i128> =
        definitions.contracts.iter().map(|c| (c.id.as_str(), i128::from(c.ef_mg_per_kwh.unwrap_or(0)))).collect();
    let mut given = vec![vec![0_i64; books.grid.len]; books.sites.len()];
    let mut sites: Vec<Micrograms> = vec![Micrograms::default(); books.sites.len()];
    for a in &matched.allocations {
        given[a.site][a.interval] += a.wh;
        let factor = own.get(books.contracts[a.contract].id.as_str()).copied().unwrap_or(0);
        sites[a.site].hourly += i128::from(a.wh) * factor;
    }
    let mut boundaries: Vec<Micrograms> = books
        .boundaries
        .iter()
        .map(|b| Micrograms { location: b.intensity_mg_per_kwh.is_some().then_some(0), ..Micrograms::default() })
        .collect();
    for (s, site) in books.sites.iter().enumerate() {
        let boundary = &books.boundaries[site.boundary];
        let overflow = || InventoryError::Overflow(site.id.clone());
        let unmatched: Vec<i64> = site.load_wh.iter().zip(&given[s]).map(|(load, wh)| load - wh).collect();
        let rest = product_sum(&unmatched, &boundary.fallback_mg_per_kwh).ok_or_else(overflow)?;
        sites[s].hourly = sites[s].hourly.checked_add(rest).ok_or_else(overflow)?;
        if let Some(intensity) = &boundary.intensity_mg_per_kwh {
            sites[s].location = Some(product_sum(&site.load_wh, intensity).ok_or_else(overflow)?);
        }
        let sum = &mut boundaries[site.boundary];
        sum.hourly = sum.hourly.checked_add(sites[s].hourly).ok_or_else(overflow)?;
        sum.location = sum.location.zip(sites[s].location).map(|(a, b)| a + b);
    }
    for (b, boundary) in books.boundaries.iter().enumerate() {
        let overflow = || InventoryError::Overflow(boundary.id.clone());
        let loads: Vec<i64> = scores.cells[b].iter().map(|cell| cell.load).collect();
        let (load, contracted) = (scores.boundaries[b].load, scores.boundaries[b].contracted);
        if load > 0 {
            let weighted = product_sum(&loads, &boundary.fallback_mg_per_kwh).ok_or_else(overflow)?;
            let factor = ceil_div(weighted, load);
            boundaries[b].annual = (load - contracted).max(0).checked_mul(factor).ok_or_else(overflow)?;
        }
    }
    let mut portfolio = Micrograms { location: Some(0), ..Micrograms::default() };
    for sum in &boundaries {
        portfolio.location = portfolio.location.zip(sum.location).map(|(a, b)| a + b);
        portfolio.hourly += sum.hourly;
        portfolio.annual += sum.annual;
    }
    Ok(Inventory {
        portfolio: portfolio.printed(true),
        boundaries: boundaries.into_iter().map(|sum| sum.printed(true)).collect(),
        sites: sites.into_iter().map(|sum| sum.printed(false)).collect(),
    })
}

fn product_sum(wh: &[i64], mg_per_kwh: &[i64]) -> Option<i128> {
    wh.iter().zip(mg_per_kwh).try_fold(0_i128, |sum, (wh, mg)| sum.checked_add(i128::from(*wh) * i128::from(*mg)))
}
