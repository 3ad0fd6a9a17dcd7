//! How much batch energy a day of a site may bring: what schedulers that the planner does not own must be left.
//!
//! Of the last `DAYS` local days that are over, the energy released in each; then the value of rank
//! `ceil(.97 * (days + 1))` from below, which one more day alike stays within with probability .97 or more. Under 33
//! days there is no such rank, and the largest day stands for it.

use super::common::{DAY_S, Index, Instant, Interval, Portfolio, SiteIndex};
use super::document::{Flexible, tidy};
use crate::work::Work;
use crate::work::terms::{self, Terms};
use std::collections::BTreeMap;

/// A quarter of whole weeks.
pub const DAYS: i64 = 91;
/// The fewest days of which a rank can promise the quantile.
pub const LEAST_DAYS: usize = 33;
const QUANTILE: f64 = 0.97;

/// Parallel to the portfolio's sites; work of several sites counts at each by the IT power there can be.
pub fn seen(work: &[(Work, Interval)], portfolio: &Portfolio, now: Instant) -> Vec<Flexible> {
    let counts = |(work, span): &&(Work, Interval)| {
        !work.is_training() && span.start < now && span.start >= now - (DAYS + 2) * DAY_S
    };
    let of_work = |(work, span): &(Work, Interval)| (span.start, terms::derive(work, portfolio));
    let released: Vec<(Instant, Terms)> = work.iter().filter(counts).map(of_work).collect();
    SiteIndex::all(&portfolio.sites).map(|site| of_site(&released, portfolio, site, now)).collect()
}

fn of_site(released: &[(Instant, Terms)], portfolio: &Portfolio, site: SiteIndex, now: Instant) -> Flexible {
    let zone = portfolio.sites[site].zone;
    let mut by_day: BTreeMap<i64, f64> = BTreeMap::new();
    for (at, terms) in released.iter().filter(|(_, terms)| terms.sites.contains(&site)) {
        let all: f64 = terms.sites.iter().map(|s| portfolio.sites[*s].cap_mw()).sum();
        let part = if all > 0.0 { portfolio.sites[site].cap_mw() / all } else { 0.0 };
        *by_day.entry(zone.day_number(*at)).or_default() += part * terms.all_energy_mwh();
    }
    let today = zone.day_number(now);
    // A day without a release counts too, from the first day on that had one.
    let first = by_day.keys().next().map_or(today, |first| (*first).max(today - DAYS));
    let days: Vec<f64> = (first..today).map(|day| by_day.get(&day).copied().unwrap_or(0.0)).collect();
    let mean_mwh = tidy(days.iter().sum::<f64>() / days.len().max(1) as f64);
    let (site, q97_mwh) = (portfolio.definitions.sites[site].id.clone(), q97(&days).unwrap_or(0.0));
    Flexible { site, days: days.len(), mean_mwh, q97_mwh }
}

/// The value that one more such day stays within with probability .97; the largest under `LEAST_DAYS`, none of no days.
pub fn q97(days: &[f64]) -> Option<f64> {
    let mut sorted = days.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (QUANTILE * (sorted.len() as f64 + 1.0) - 1e-9).ceil() as usize;
    sorted.get(rank.min(sorted.len()).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_leaves_three_days_in_a_hundred() {
        let days: Vec<f64> = (1..=99).map(f64::from).collect();
        // ceil(.97 * 100) = 97
        assert_eq!(q97(&days), Some(97.0));
        // ceil(.97 * 34) = 33: all of them; and no rank at all of fewer.
        assert_eq!(q97(&days[..LEAST_DAYS]), Some(33.0));
        assert_eq!(q97(&days[..5]), Some(5.0));
        assert_eq!(q97(&[]), None);
    }
}
