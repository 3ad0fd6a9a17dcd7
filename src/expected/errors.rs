//! How far built-in forecasts have been off: quantiles of supply that a plan hedges with.
//!
//! For issue h and lead k, the errors at the same lead of the issues of the last 56 days at the same hour of day and the
//! hours beside it, whose hour has passed: `q_i` their quantiles, `C_i = max(0, F + q_i)`.

use super::expect::HOURS_PER_DAY;
use super::quantiles::{LEVELS, Quantiles, quantile};
use std::collections::BTreeMap;

/// Days of errors, and the fewest that say anything.
const DAYS: usize = 56;
const LEAST_DAYS: usize = 14;
/// Leads with a pool of their own; later ones take that of the same hour of the second day.
pub const LEADS: usize = 48;

/// Forecasts of a total as they were issued, by hour, and what came.
#[derive(Debug, Clone, Default)]
pub struct Issued {
    forecasts: BTreeMap<usize, Vec<f64>>,
}

impl Issued {
    pub fn has(&self, issue: usize) -> bool {
        self.forecasts.contains_key(&issue)
    }

    /// Means by hour from the issue on, `LEADS` of them.
    pub fn add(&mut self, issue: usize, forecast: Vec<f64>) {
        self.forecasts.insert(issue, forecast);
    }

    pub fn forget_before(&mut self, issue: usize) {
        self.forecasts = self.forecasts.split_off(&issue);
    }

    /// Issues that a forecast at `issue` judges itself by: two days and an hour more than the days of errors.
    pub fn wanted(issue: usize) -> std::ops::Range<usize> {
        issue.saturating_sub((DAYS + 3) * HOURS_PER_DAY)..issue
    }

    /// Error quantiles of each lead; none where too little has been issued. `actual` is the total by hour, of which
    /// nothing at or after `issue` is looked at.
    pub fn quantiles(&self, issue: usize, leads: usize, actual: &[f64]) -> Option<Vec<Quantiles>> {
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
                let error = self.forecasts.get(&at).and_then(|f| Some(actual.get(at + lead)? - f.get(lead)?));
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
            issued.add(at, vec![0.0; LEADS]);
        }
        let actual: Vec<f64> = (0..issue + 100).map(|i| if i < issue { 5.0 } else { 1e6 }).collect();
        let pools = issued.quantiles(issue, 60, &actual).expect("enough");
        assert!(pools.iter().flatten().all(|q| *q == 5.0));
        assert_eq!(pools.len(), 60);
        assert!(Issued::default().quantiles(issue, 1, &actual).is_none());
    }
}
