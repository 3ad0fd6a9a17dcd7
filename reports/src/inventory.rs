//! Location-based and market-based emissions. Wh times mg/kWh is micrograms, summed exactly in 128
//! bits; each printed gram is rounded up once.
//!
//! Location-based: `sum((load - self-generated) * intensity)`. Market-based, hourly (draft): `sum(allocated * own
//! factor) + sum(unmatched * fallback)` over the inventory ledger. Market-based, annual (2015): claims of the period in
//! the ruleset's order, at most the boundary's load, each at its own factor; the rest at the period's residual factor,
//! else the load-weighted hourly one. Never the grid average. Load served by own fossil generation is Scope 1.

use crate::books::Books;
use crate::matching::backing;
use crate::matching::crossing::{self, Crossing};
use crate::matching::{Ledger, LedgerRun, Matched, MatchingError, ledger, score};
use crate::report::Emissions;
use crate::ruleset::Step;
use crate::units::ceil_div;
use std::collections::BTreeMap;
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum InventoryError {
    #[error("emissions of {0} overflow 128 bits")]
    Overflow(String),
    #[error(transparent)]
    Matching(#[from] MatchingError),
}

/// Wh with cancelled certificates by instrument and boundary.
type Certified = BTreeMap<(usize, usize), i128>;

const MICROGRAMS_PER_GRAM: i128 = 1_000_000;

#[derive(Debug, Clone)]
pub struct Inventory {
    pub portfolio: Emissions,
    pub boundaries: Vec<Emissions>,
    pub sites: Vec<Emissions>,
    /// By boundary.
    pub annual_claims: Vec<AnnualClaims>,
}

/// What the annual inventory of a boundary counts under contracts, in Wh.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnnualClaims {
    pub claimed: i128,
    /// Of it, by cancelled certificates.
    pub backed: i128,
}

/// Exact micrograms before rounding.
#[derive(Debug, Clone, Copy, Default)]
struct Micrograms {
    location: Option<i128>,
    upstream: Option<i128>,
    hourly: i128,
    without_legacy: Option<i128>,
    annual: Option<i128>,
}

impl Micrograms {
    fn zero() -> Self {
        Self { location: Some(0), upstream: Some(0), hourly: 0, without_legacy: Some(0), annual: Some(0) }
    }

    fn add(&mut self, other: &Self, of: &str) -> Result<(), InventoryError> {
        let sum = |a: i128, b: i128| a.checked_add(b).ok_or_else(|| InventoryError::Overflow(of.into()));
        let both = |a: Option<i128>, b: Option<i128>| a.zip(b).map(|(a, b)| sum(a, b)).transpose();
        self.location = both(self.location, other.location)?;
        self.upstream = both(self.upstream, other.upstream)?;
        self.hourly = sum(self.hourly, other.hourly)?;
        self.without_legacy = both(self.without_legacy, other.without_legacy)?;
        self.annual = both(self.annual, other.annual)?;
        Ok(())
    }

    fn printed(self) -> Emissions {
        let grams = |ug: i128| ceil_div(ug, MICROGRAMS_PER_GRAM);
        Emissions {
            location_based_g: self.location.map(grams),
            market_based_annual_g: self.annual.map(grams),
            market_based_hourly_g: Some(grams(self.hourly)),
            market_based_hourly_without_legacy_g: self.without_legacy.map(grams),
            upstream_g: self.upstream.map(grams),
        }
    }
}

pub fn of(books: &Books, matched: &Matched) -> Result<Inventory, InventoryError> {
    let legacy = books.instruments.iter().any(|i| i.step == Step::Legacy);
    let without = match legacy {
        true => {
            let steps: Vec<Step> = books.allocation_order.iter().copied().filter(|s| *s != Step::Legacy).collect();
            Some(ledger(books, Ledger::Inventory, &steps)?)
        }
        false => None,
    };
    let mut sites = vec![Micrograms { annual: None, ..Micrograms::zero() }; books.sites.len()];
    let mut boundaries = vec![Micrograms { annual: None, ..Micrograms::zero() }; books.boundaries.len()];
    let hourly = market(books, &matched.inventory)?;
    let hourly_without = without.as_ref().map(|run| market(books, run)).transpose()?;
    for (s, site) in books.sites.iter().enumerate() {
        let mut parts: Vec<(usize, Micrograms)> = Vec::new();
        for b in 0..books.boundaries.len() {
            if !site.boundary.within(books.grid.len).any(|known| known == b) {
                continue;
            }
            let (location, upstream) = location(books, s, b)?;
            let without_legacy = hourly_without.as_ref().map(|all| all[s][b]);
            parts.push((b, Micrograms { location, upstream, hourly: hourly[s][b], without_legacy, annual: Some(0) }));
        }
        let mixed = bases_differ(books, parts.iter().map(|(b, _)| *b));
        for (b, part) in parts {
            boundaries[b].add(&part, &books.boundaries[b].id)?;
            sites[s].add(&part, &site.id)?;
        }
        if mixed {
            (sites[s].location, sites[s].upstream) = (None, None);
        }
    }
    let passed = crossing::of(books, &matched.inventory, &books.allocation_order)?;
    let certified = backing::by_boundary(books, &matched.inventory);
    let mut annual_claims = Vec::with_capacity(books.boundaries.len());
    let mut portfolio = Micrograms::zero();
    let loaded =
        |b: usize| books.sites.iter().any(|s| (0..books.grid.len).any(|t| s.boundary.at(t) == b && s.metered(t) > 0));
    for (b, sum) in boundaries.iter_mut().enumerate() {
        // Where no factor is known or applies, a boundary without sites has no figure either.
        sum.location = sum.location.filter(|_| books.boundaries[b].intensity_mg_per_kwh.is_some());
        sum.upstream = sum.upstream.filter(|_| books.boundaries[b].upstream_mg_per_kwh.is_some());
        let (micrograms, claims) = annual(books, &passed, &certified, b)?;
        annual_claims.push(claims);
        sum.annual = Some(micrograms);
        let mut part = *sum;
        if !loaded(b) {
            // Nothing was used there, whatever the grid was like.
            (part.location, part.upstream) = (part.location.or(Some(0)), part.upstream.or(Some(0)));
        }
        portfolio.add(&part, "the portfolio")?;
    }
    if !(0..books.boundaries.len()).any(loaded) {
        (portfolio.location, portfolio.upstream) = (None, None);
    }
    if bases_differ(books, 0..books.boundaries.len()) {
        // Direct and life-cycle figures are never summed.
        (portfolio.location, portfolio.upstream) = (None, None);
    }
    Ok(Inventory {
        portfolio: portfolio.printed(),
        boundaries: boundaries.into_iter().map(Micrograms::printed).collect(),
        sites: sites.into_iter().map(Micrograms::printed).collect(),
        annual_claims,
    })
}

fn bases_differ(books: &Books, mut boundaries: impl Iterator<Item = usize>) -> bool {
    let first = boundaries.next().map(|b| books.boundaries[b].factor_basis);
    boundaries.any(|b| Some(books.boundaries[b].factor_basis) != first)
}

/// Location-based and upstream micrograms of a site while in a boundary.
fn location(books: &Books, site: usize, b: usize) -> Result<(Option<i128>, Option<i128>), InventoryError> {
    let (book, boundary) = (&books.sites[site], &books.boundaries[b]);
    let over = || InventoryError::Overflow(book.id.clone());
    let weigh = |factors: &Option<Vec<i64>>| -> Result<Option<i128>, InventoryError> {
        let Some(factors) = factors else { return Ok(None) };
        let mut sum = 0_i128;
        for t in (0..books.grid.len).filter(|t| book.boundary.at(*t) == b) {
            let bought = i128::from(book.metered(t) - book.onsite_used(t));
            sum = sum.checked_add(bought * i128::from(factors[t])).ok_or_else(over)?;
        }
        Ok(Some(sum))
    };
    Ok((weigh(&boundary.intensity_mg_per_kwh)?, weigh(&boundary.upstream_mg_per_kwh)?))
}

/// What an instrument delivers to a boundary over the period: its own there, less what passes links, to load or to
/// storage, and what passes one on the way in.
fn volume(books: &Books, passed: &[Crossing], index: usize, b: usize) -> i128 {
    let instrument = &books.instruments[index];
    let here = |t: usize| score::boundary_of(books, instrument, t) == b;
    let own: i128 = (0..books.grid.len).filter(|t| here(*t)).map(|t| i128::from(instrument.delivered_wh[t])).sum();
    let mine = passed.iter().filter(|c| c.instrument == index);
    mine.fold(own, |sum, c| sum + c.wh * (i128::from(c.to == b) - i128::from(c.from == b)))
}

/// What of a site's metered load no instrument of a ledger serves, its own fossil generation apart.
pub fn unmatched(books: &Books, run: &LedgerRun, site: usize, interval: usize) -> i64 {
    let book = &books.sites[site];
    let left = book.metered(interval) - run.site_wh[site][interval];
    left - book.scope_1(interval).min(left)
}

/// Hourly market-based micrograms, `[site][boundary]`.
fn market(books: &Books, run: &LedgerRun) -> Result<Vec<Vec<i128>>, InventoryError> {
    let mut sums = vec![vec![0_i128; books.boundaries.len()]; books.sites.len()];
    for a in run.allocations.iter() {
        let (t, s) = (a.interval as usize, a.site as usize);
        let ef = books.instruments[a.instrument as usize].ef_mg_per_kwh;
        sums[s][books.sites[s].boundary.at(t)] += i128::from(a.wh) * i128::from(ef);
    }
    for (s, site) in books.sites.iter().enumerate() {
        for t in 0..books.grid.len {
            let b = site.boundary.at(t);
            let rest = i128::from(unmatched(books, run, s, t));
            let more = rest * i128::from(books.boundaries[b].fallback_mg_per_kwh[t]);
            let sum = sums[s][b].checked_add(more);
            sums[s][b] = sum.ok_or_else(|| InventoryError::Overflow(site.id.clone()))?;
        }
    }
    Ok(sums)
}

/// Annual market-based micrograms of a boundary, and on what its claims rest.
fn annual(
    books: &Books,
    passed: &[Crossing],
    certified: &Certified,
    b: usize,
) -> Result<(i128, AnnualClaims), InventoryError> {
    let boundary = &books.boundaries[b];
    let over = || InventoryError::Overflow(boundary.id.clone());
    let (mut load, mut weighted) = (0_i128, 0_i128);
    for site in &books.sites {
        for t in (0..books.grid.len).filter(|t| site.boundary.at(*t) == b) {
            let wh = i128::from(site.metered(t) - site.scope_1(t));
            load += wh;
            weighted = weighted.checked_add(wh * i128::from(boundary.fallback_mg_per_kwh[t])).ok_or_else(over)?;
        }
    }
    if load <= 0 {
        return Ok((0, AnnualClaims::default()));
    }
    let factor = boundary.annual_mg_per_kwh.map_or_else(|| ceil_div(weighted, load), i128::from);
    let (mut left, mut sum, mut told) = (load, 0_i128, AnnualClaims::default());
    for step in books.allocation_order.iter().filter(|step| **step != Step::Storage) {
        let mut claims: Vec<usize> =
            (0..books.instruments.len()).filter(|i| books.instruments[*i].step == *step).collect();
        claims.sort_by_key(|i| (books.instruments[*i].sites.len(), books.instruments[*i].id.as_str()));
        for index in claims {
            let claim = &books.instruments[index];
            let taken = volume(books, passed, index, b).min(left);
            left -= taken;
            if backing::is_contract(*step) {
                told.claimed += taken;
                told.backed += certified.get(&(index, b)).copied().unwrap_or(0).clamp(0, taken.max(0));
            }
            sum += taken.checked_mul(i128::from(claim.ef_mg_per_kwh)).ok_or_else(over)?;
        }
    }
    let sum = left.checked_mul(factor).and_then(|rest| sum.checked_add(rest)).ok_or_else(over)?;
    Ok((sum, told))
}
