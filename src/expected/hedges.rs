//! Supply that may not come: contracts of one list of sites together, in tiers by how often forecasts have been off.

use super::common::{ContractIndex, Expected, HOURS_PER_DAY, Index, Origin, Values};
use super::derive::{Derive, counts};
use super::quantiles::{LEVELS, Quantiles, quantile};
use super::track::{Track, hour_mean};
use super::view::Hedge;
use reports::definitions::SharingRule;
use std::collections::BTreeMap;
use std::ops::Range;

/// Days of errors, and the fewest that say anything.
const DAYS: usize = 56;
const LEAST_DAYS: usize = 14;
/// Leads with a pool of their own; later ones take that of the same hour of the second day.
const LEADS: usize = 48;

/// Contracts that serve the same sites under the same terms: they are hedged together.
#[derive(Debug, Clone)]
pub(super) struct List {
    contracts: Vec<ContractIndex>,
    issued: Issued,
    /// Actual total by hour of the span, NaN where not known.
    actual: Vec<f64>,
    per_hour: usize,
}

/// Contracts that count, are matched to the same sites by the same settlement, and have no fixed split.
pub(super) fn lists(derive: &Derive, tracks: &[Track], (hours, per_hour): (usize, usize)) -> Vec<List> {
    let contracts = &derive.portfolio.definitions.contracts;
    let mut found: Vec<List> = Vec::new();
    for (index, contract) in ContractIndex::each(contracts) {
        if !counts(&derive.rules, contract) || contract.allocation == SharingRule::ProRataContract {
            continue;
        }
        let alike = |list: &&mut List| {
            let one = &contracts[list.contracts[0]];
            (&one.boundary, &one.sites, one.settlement) == (&contract.boundary, &contract.sites, contract.settlement)
        };
        match found.iter_mut().find(alike) {
            Some(list) => list.contracts.push(index),
            None => {
                let (contracts, actual) = (vec![index], vec![0.0; hours]);
                found.push(List { contracts, issued: Issued::default(), actual, per_hour });
            }
        }
    }
    for list in &mut found {
        for &c in &list.contracts {
            for (sum, hour) in list.actual.iter_mut().zip(tracks[c].values().chunks(per_hour)) {
                *sum += hour_mean(hour).unwrap_or(f64::NAN);
            }
        }
    }
    found
}

impl List {
    /// What it delivers in steps of the span, with quantiles where nobody supplied it; none where somebody did in every
    /// step, or where too little has been issued to judge by.
    pub fn hedge(&mut self, steps: Range<usize>, tracks: &mut [Track], delivered: &[Expected]) -> Option<Hedge> {
        // A supplier's forecast has errors of its own, which ours say nothing of.
        let own = |step: usize| {
            let mut origins = self.contracts.iter().map(|c| delivered[*c].origins[step]);
            origins.all(|origin| matches!(origin, Origin::Learnt | Origin::History))
        };
        let hedged: Vec<bool> = (0..steps.len()).map(own).collect();
        if !hedged.contains(&true) {
            return None;
        }
        let issue = steps.start / self.per_hour;
        for at in Issued::wanted(issue) {
            if !self.issued.0.contains_key(&at)
                && let Some(total) = self.issue_total(tracks, at)
            {
                self.issued.0.insert(at, total);
            }
        }
        let leads = steps.len().div_ceil(self.per_hour) + 1;
        let pools = self.issued.quantiles(issue, leads, &self.actual)?;
        let total = Hedge::total(&self.contracts, delivered);
        let quantiles = |(step, at): (usize, usize)| -> Option<Quantiles> {
            let off = &pools[at / self.per_hour - issue];
            hedged[step].then(|| off.map(|error| (total.values[step] + error).max(0.0)))
        };
        let quantiles = steps.enumerate().map(quantiles).collect();
        Some(Hedge { contracts: self.contracts.clone(), total_mw: Expected { quantiles, ..total } })
    }

    /// Forecast of the total as issued at an hour; none where a contract was not known at all then.
    fn issue_total(&self, tracks: &mut [Track], at: usize) -> Option<Vec<f64>> {
        let mut total = vec![0.0; LEADS];
        for &c in &self.contracts {
            let own = tracks[c].own(at * self.per_hour, LEADS * self.per_hour);
            let known: Values = (0..own.values.len()).map(|step| own.known(step)).collect();
            for (sum, hour) in total.iter_mut().zip(known.chunks(self.per_hour)) {
                *sum += hour_mean(hour)?;
            }
        }
        Some(total)
    }

    /// Forgets issues that a forecast at an hour does not judge itself by.
    pub fn forget_before(&mut self, hour: usize) {
        self.issued.0 = self.issued.0.split_off(&Issued::wanted(hour).start);
    }
}

/// How far built-in forecasts have been off: quantiles of supply that a plan hedges with.
///
/// For issue h and lead k, the errors at the same lead of the issues of the last 56 days at the same hour of day and the
/// hours beside it, whose hour has passed: `q_i` their quantiles, `C_i = max(0, F + q_i)`. Forecasts of a total by the hour
/// they were issued at: means by hour from then on, `LEADS` of them.
#[derive(Debug, Clone, Default)]
struct Issued(BTreeMap<usize, Vec<f64>>);

impl Issued {
    /// Issues that a forecast at `issue` judges itself by: two days and an hour more than the days of errors.
    fn wanted(issue: usize) -> Range<usize> {
        issue.saturating_sub((DAYS + 3) * HOURS_PER_DAY)..issue
    }

    /// Error quantiles of each lead; none where too little has been issued. `actual` is the total by hour, of which
    /// nothing at or after `issue` is looked at.
    fn quantiles(&self, issue: usize, leads: usize, actual: &[f64]) -> Option<Vec<Quantiles>> {
        let mut pools: Vec<Quantiles> = Vec::with_capacity(leads);
        for lead in 0..leads {
            if lead >= LEADS {
                let alike = HOURS_PER_DAY + lead % HOURS_PER_DAY;
                pools.push(pools[alike]);
                continue;
            }
            pools.push(self.pool(issue, lead, actual)?);
        }
        Some(pools)
    }

    fn pool(&self, issue: usize, lead: usize, actual: &[f64]) -> Option<Quantiles> {
        let day = HOURS_PER_DAY as i64;
        let mut errors = Vec::with_capacity(3 * DAYS);
        for beside in -1..=1_i64 {
            let first = (beside + lead as i64).div_euclid(day) + 1;
            for n in 0..DAYS as i64 {
                let at = issue as i64 + beside - day * (first + n);
                let Ok(at) = usize::try_from(at) else { break };
                let error = self.0.get(&at).and_then(|f| Some(actual.get(at + lead)? - f.get(lead)?));
                errors.extend(error.filter(|e| e.is_finite()));
            }
        }
        if errors.len() < 3 * LEAST_DAYS {
            return None;
        }
        errors.sort_by(f64::total_cmp);
        Some(LEVELS.map(|level| quantile(&errors, level)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_those_of_hours_that_have_passed() {
        let issue = 24 * 70;
        // Forecasts of nothing; what came is 5 until the issue and a million after it.
        let mut issued = Issued::default();
        for at in Issued::wanted(issue) {
            issued.0.insert(at, vec![0.0; LEADS]);
        }
        let actual: Vec<f64> = (0..issue + 100).map(|i| if i < issue { 5.0 } else { 1e6 }).collect();
        let pools = issued.quantiles(issue, 60, &actual).expect("enough");
        assert!(pools.iter().flatten().all(|q| *q == 5.0));
        assert_eq!(pools.len(), 60);
        assert!(Issued::default().quantiles(issue, 1, &actual).is_none());
    }
}
