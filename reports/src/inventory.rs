//! Location-based and market-based emissions, and the Scope 1 emission of own generation. Wh times mg/kWh is micrograms,
//! summed exactly; each printed gram is rounded up once.
//!
//! Location-based: `sum(purchased * intensity)`. Market-based, hourly (draft): `sum(allocated * own factor) +
//! sum(unmatched * fallback)` over the inventory ledger. Market-based, annual (2015): claims of the period in the
//! ruleset's order, at most the boundary's load, each at its own factor; the rest at the period's residual factor, else
//! the load-weighted hourly one. Never the grid average. Load served by own fossil generation is Scope 1.
//!
//! Under the equity-share approach a site's micrograms are multiplied by its ownership share before they are summed; the
//! annual ones of a boundary, which no site has by itself, by the shares weighted with its sites' load.

use crate::books::{Books, SiteBook};
use crate::definitions::Fraction;
use crate::matching::backing;
use crate::matching::crossing::{self, Crossing};
use crate::matching::{Ledger, LedgerRun, Matched, MatchingError, ledger, score};
use crate::ruleset::{OwnGeneration, Step};
use crate::units::ceil_div;
use ids::{BoundaryIndex, Index, InstrumentIndex, SiteIndex};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};
use serde::{Deserialize, Deserializer, Serialize};
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
type Certified = BTreeMap<(InstrumentIndex, BoundaryIndex), i128>;

const MICROGRAMS_PER_GRAM: i64 = 1_000_000;

#[derive(Debug, Clone)]
pub struct Inventory {
    pub portfolio: Emissions,
    pub boundaries: Vec<Emissions>,
    pub sites: Vec<Emissions>,
    /// By boundary.
    pub annual_claims: Vec<AnnualClaims>,
}

/// Whole grams, each the exact sum rounded up once; null where a factor was never supplied.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct Emissions {
    pub location_based_g: Option<i128>,
    pub market_based_annual_g: Option<i128>,
    pub market_based_hourly_g: Option<i128>,
    /// The hourly inventory as if legacy contracts did not exist; null where there are none.
    pub market_based_hourly_without_legacy_g: Option<i128>,
    /// Life-cycle minus direct of the grid energy used (Scope 3); null on a life-cycle basis.
    pub upstream_g: Option<i128>,
    /// Own generation that is not carbon-free, at direct factors; null where a technology has none. Left out under
    /// rulesets that set it beside contracts.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "stated")]
    pub scope_1_g: Option<Option<i128>>,
}

/// A figure that is there, null or not: one left out is the default.
fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i128>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What the annual inventory of a boundary counts under contracts, in Wh.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnnualClaims {
    pub claimed: i128,
    /// Of it, by cancelled certificates.
    pub backed: i128,
}

/// Exact micrograms before rounding; an integer but for ownership shares.
#[derive(Debug, Clone)]
struct Micrograms {
    location: Option<BigRational>,
    upstream: Option<BigRational>,
    hourly: BigRational,
    without_legacy: Option<BigRational>,
    annual: Option<BigRational>,
    scope_1: Option<BigRational>,
}

fn part_of(micrograms: i128, share: Fraction) -> BigRational {
    BigRational::new(BigInt::from(micrograms) * share.numerator, BigInt::from(share.denominator))
}

fn grams(micrograms: &BigRational, of: &str) -> Result<i128, InventoryError> {
    let grams = (micrograms / BigInt::from(MICROGRAMS_PER_GRAM)).ceil().to_integer();
    grams.to_i128().ok_or_else(|| InventoryError::Overflow(of.into()))
}

impl Micrograms {
    fn zero() -> Self {
        let zero = BigRational::zero;
        Self {
            location: Some(zero()),
            upstream: Some(zero()),
            hourly: zero(),
            without_legacy: Some(zero()),
            annual: Some(zero()),
            scope_1: Some(zero()),
        }
    }

    fn add(&mut self, other: &Self) {
        let both = |a: &mut Option<BigRational>, b: &Option<BigRational>| {
            *a = a.take().zip(b.as_ref()).map(|(a, b)| a + b);
        };
        both(&mut self.location, &other.location);
        both(&mut self.upstream, &other.upstream);
        self.hourly += &other.hourly;
        both(&mut self.without_legacy, &other.without_legacy);
        both(&mut self.annual, &other.annual);
        both(&mut self.scope_1, &other.scope_1);
    }

    fn printed(&self, books: &Books, of: &str) -> Result<Emissions, InventoryError> {
        let known = |ug: &Option<BigRational>| ug.as_ref().map(|ug| grams(ug, of)).transpose();
        let first = books.rules.own_generation == OwnGeneration::First;
        Ok(Emissions {
            location_based_g: known(&self.location)?,
            market_based_annual_g: known(&self.annual)?,
            market_based_hourly_g: Some(grams(&self.hourly, of)?),
            market_based_hourly_without_legacy_g: known(&self.without_legacy)?,
            upstream_g: known(&self.upstream)?,
            scope_1_g: if first { Some(known(&self.scope_1)?) } else { None },
        })
    }
}

pub fn compute(books: &Books, matched: &Matched) -> Result<Inventory, InventoryError> {
    let (mut boundaries, sites) = by_site(books, matched)?;
    let passed = crossing::find(books, &matched.inventory, &books.allocation_order)?;
    let certified = backing::by_boundary(books, &matched.inventory);
    let mut annual_claims = Vec::with_capacity(books.boundaries.len());
    let mut portfolio = Micrograms::zero();
    let ever = |b: BoundaryIndex, wh: fn(&SiteBook, usize) -> i64| {
        books.sites.iter().any(|s| (0..books.grid.len).any(|t| s.boundary.at(t) == b && wh(s, t) > 0))
    };
    for (b, boundary) in BoundaryIndex::each(&books.boundaries) {
        let sum = &mut boundaries[b];
        // Where no factor is known or applies, a boundary without sites has no figure either.
        sum.location = sum.location.take().filter(|_| boundary.intensity_mg_per_kwh.is_some());
        sum.upstream = sum.upstream.take().filter(|_| boundary.upstream_mg_per_kwh.is_some());
        let (micrograms, claims) = annual(books, &passed, &certified, b)?;
        annual_claims.push(claims);
        sum.annual = Some(micrograms);
        let mut part = sum.clone();
        if !ever(b, SiteBook::inventory_load) {
            // Nothing was purchased there, whatever the grid was like.
            let nothing = || Some(BigRational::zero());
            (part.location, part.upstream) = (part.location.or_else(nothing), part.upstream.or_else(nothing));
        }
        portfolio.add(&part);
    }
    // Direct and life-cycle figures are never summed.
    let used = |b: BoundaryIndex| ever(b, SiteBook::metered) || ever(b, SiteBook::inventory_load);
    let all = BoundaryIndex::all(&books.boundaries);
    if !all.clone().any(used) || bases_differ(books, all) {
        (portfolio.location, portfolio.upstream) = (None, None);
    }
    let printed = |(sum, id): (&Micrograms, &str)| sum.printed(books, id);
    let of_boundaries = boundaries.iter().zip(books.boundaries.iter().map(|b| b.id.as_str()));
    let of_sites = sites.iter().zip(books.sites.iter().map(|s| s.id.as_str()));
    Ok(Inventory {
        portfolio: portfolio.printed(books, "the portfolio")?,
        boundaries: of_boundaries.map(printed).collect::<Result<_, _>>()?,
        sites: of_sites.map(printed).collect::<Result<_, _>>()?,
        annual_claims,
    })
}

/// Sums by boundary and by site of all but annual figures, which belong to no site.
fn by_site(books: &Books, matched: &Matched) -> Result<(Vec<Micrograms>, Vec<Micrograms>), InventoryError> {
    let legacy = books.instruments.iter().any(|i| i.step == Step::Legacy);
    let steps: Vec<Step> = books.allocation_order.iter().copied().filter(|s| *s != Step::Legacy).collect();
    let without = legacy.then(|| ledger(books, Ledger::Inventory, &steps)).transpose()?;
    let mut sites = vec![Micrograms { annual: None, ..Micrograms::zero() }; books.sites.len()];
    let mut boundaries = vec![Micrograms { annual: None, ..Micrograms::zero() }; books.boundaries.len()];
    let hourly = market(books, &matched.inventory)?;
    let hourly_without = without.as_ref().map(|run| market(books, run)).transpose()?;
    for (s, site) in SiteIndex::each(&books.sites) {
        let is_here = |b: &BoundaryIndex| site.boundary.within(books.grid.len).any(|known| known == *b);
        let here: Vec<_> = BoundaryIndex::all(&books.boundaries).filter(is_here).collect();
        for b in here.iter().copied() {
            let part_of = |micrograms: i128| part_of(micrograms, site.inventory_share);
            let (location, upstream) = location(books, s, b)?;
            let part = Micrograms {
                location: location.map(part_of),
                upstream: upstream.map(part_of),
                hourly: part_of(hourly[s][b]),
                without_legacy: hourly_without.as_ref().map(|all| part_of(all[s][b])),
                annual: None,
                scope_1: scope_1(books, site, b)?.map(part_of),
            };
            boundaries[b].add(&part);
            sites[s].add(&part);
        }
        if bases_differ(books, here.into_iter()) {
            (sites[s].location, sites[s].upstream) = (None, None);
        }
    }
    Ok((boundaries, sites))
}

/// Scope 1 micrograms of own generation that is not carbon-free, while a site lies in a boundary; none where it has no
/// known factor.
fn scope_1(books: &Books, site: &SiteBook, b: BoundaryIndex) -> Result<Option<i128>, InventoryError> {
    let here = (0..books.grid.len).filter(|t| site.boundary.at(*t) == b);
    let wh: i128 = here.map(|t| i128::from(site.scope_1(t))).sum();
    let Some(own) = site.scope_1.as_ref().filter(|_| wh != 0) else { return Ok(Some(0)) };
    let weigh = |mg: i64| {
        let micrograms = wh.checked_mul(i128::from(mg));
        micrograms.ok_or_else(|| InventoryError::Overflow(site.id.to_string()))
    };
    own.mg_per_kwh.map(weigh).transpose()
}

fn bases_differ(books: &Books, mut boundaries: impl Iterator<Item = BoundaryIndex>) -> bool {
    let first = boundaries.next().map(|b| books.boundaries[b].factor_basis);
    boundaries.any(|b| Some(books.boundaries[b].factor_basis) != first)
}

/// Location-based and upstream micrograms of a site while in a boundary.
fn location(books: &Books, site: SiteIndex, b: BoundaryIndex) -> Result<(Option<i128>, Option<i128>), InventoryError> {
    let (book, boundary) = (&books.sites[site], &books.boundaries[b]);
    let over = || InventoryError::Overflow(book.id.to_string());
    let weigh = |factors: &Option<Vec<i64>>| -> Result<Option<i128>, InventoryError> {
        let Some(factors) = factors else { return Ok(None) };
        let mut sum = 0_i128;
        for t in (0..books.grid.len).filter(|t| book.boundary.at(*t) == b) {
            let wh = i128::from(book.from_grid(t));
            sum = sum.checked_add(wh * i128::from(factors[t])).ok_or_else(over)?;
        }
        Ok(Some(sum))
    };
    Ok((weigh(&boundary.intensity_mg_per_kwh)?, weigh(&boundary.upstream_mg_per_kwh)?))
}

/// What an instrument delivers to a boundary over the period: its own there, less what passes links, to load or to
/// storage, and what passes one on the way in.
fn volume(books: &Books, passed: &[Crossing], index: InstrumentIndex, b: BoundaryIndex) -> i128 {
    let instrument = &books.instruments[index];
    let here = |t: usize| score::boundary_of(books, instrument, t) == b;
    let own: i128 = (0..books.grid.len).filter(|t| here(*t)).map(|t| i128::from(instrument.delivered_wh[t])).sum();
    let mine = passed.iter().filter(|c| c.instrument == index);
    mine.fold(own, |sum, c| sum + c.wh * (i128::from(c.to == b) - i128::from(c.from == b)))
}

/// What of a site's load no instrument of the inventory ledger serves, its own fossil generation apart.
pub fn unmatched(books: &Books, run: &LedgerRun, site: SiteIndex, interval: usize) -> i64 {
    let book = &books.sites[site];
    let left = book.inventory_load(interval) - run.site_wh[site][interval];
    left - in_ledger(book, interval).min(left)
}

/// What a site's own fossil generation serves: Scope 1, whose factor in Scope 2 is 0.
pub fn own_fossil(books: &Books, run: &LedgerRun, site: SiteIndex, interval: usize) -> i64 {
    let book = &books.sites[site];
    match book.purchased_wh {
        Some(_) => book.scope_1(interval),
        None => in_ledger(book, interval).min(book.metered(interval) - run.site_wh[site][interval]),
    }
}

/// Own fossil generation within the load of the inventory ledger: none, where that is what was purchased.
fn in_ledger(book: &SiteBook, interval: usize) -> i64 {
    if book.purchased_wh.is_some() { 0 } else { book.scope_1(interval) }
}

/// Hourly market-based micrograms, `[site][boundary]`.
fn market(books: &Books, run: &LedgerRun) -> Result<Vec<Vec<i128>>, InventoryError> {
    let mut sums = vec![vec![0_i128; books.boundaries.len()]; books.sites.len()];
    for a in run.allocations.iter() {
        let ef = books.instruments[a.instrument].ef_mg_per_kwh;
        sums[a.site][books.sites[a.site].boundary.at(a.interval)] += i128::from(a.wh) * i128::from(ef);
    }
    for (s, site) in SiteIndex::each(&books.sites) {
        for t in 0..books.grid.len {
            let b = site.boundary.at(t);
            let rest = i128::from(unmatched(books, run, s, t));
            let more = rest * i128::from(books.boundaries[b].fallback_mg_per_kwh[t]);
            let sum = sums[s][b].checked_add(more);
            sums[s][b] = sum.ok_or_else(|| InventoryError::Overflow(site.id.to_string()))?;
        }
    }
    Ok(sums)
}

/// Annual market-based micrograms of a boundary, and on what its claims rest.
fn annual(
    books: &Books,
    passed: &[Crossing],
    certified: &Certified,
    b: BoundaryIndex,
) -> Result<(BigRational, AnnualClaims), InventoryError> {
    let boundary = &books.boundaries[b];
    let over = || InventoryError::Overflow(boundary.id.to_string());
    let (mut load, mut weighted, mut owned) = (0_i128, 0_i128, BigRational::zero());
    for site in &books.sites {
        let mut of_site = 0_i128;
        for t in (0..books.grid.len).filter(|t| site.boundary.at(*t) == b) {
            let wh = i128::from(site.scope_2(t));
            of_site += wh;
            weighted = weighted.checked_add(wh * i128::from(boundary.fallback_mg_per_kwh[t])).ok_or_else(over)?;
        }
        load += of_site;
        owned += part_of(of_site, site.inventory_share);
    }
    if load <= 0 {
        return Ok((BigRational::zero(), AnnualClaims::default()));
    }
    let factor = boundary.annual_mg_per_kwh.map_or_else(|| ceil_div(weighted, load), i128::from);
    let (mut left, mut sum, mut annual_claims) = (load, 0_i128, AnnualClaims::default());
    for step in books.allocation_order.iter().filter(|step| **step != Step::Storage) {
        let of_step = InstrumentIndex::each(&books.instruments).filter(|(_, claim)| claim.step == *step);
        let mut claims: Vec<_> = of_step.collect();
        claims.sort_by_key(|(_, claim)| (claim.sites.len(), &claim.id));
        for (index, claim) in claims {
            let taken = volume(books, passed, index, b).min(left);
            left -= taken;
            if backing::is_contract(*step) {
                annual_claims.claimed += taken;
                annual_claims.backed += certified.get(&(index, b)).copied().unwrap_or(0).clamp(0, taken.max(0));
            }
            sum += taken.checked_mul(i128::from(claim.ef_mg_per_kwh)).ok_or_else(over)?;
        }
    }
    let whole = left.checked_mul(factor).and_then(|rest| sum.checked_add(rest)).ok_or_else(over)?;
    Ok((owned * BigInt::from(whole) / BigInt::from(load), annual_claims))
}
