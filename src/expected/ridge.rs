//! Ridge regression per lead and hour of day, for the day ahead: where the series has been in the last hours, on the
//! days before, and how the same hours have gone from there in this season of earlier years.
//!
//! `y(t)/m = ȳ + z·β` with m the mean of the last 42 days, z ten standardised features, and
//! `(ZᵀWZ + (3e-4*Σw + 0.1)*I) β = ZᵀW(Y - ȳ)`. One model per lead k, slot r of the issue and season; rows weigh by
//! `exp(-½(days from the season's centre / σ)²)`. It knows no area and no technology: a slot that is dark, or that a
//! feed gets wrong every day, is learnt like any other. Constants were chosen on 2021 and confirmed on 2022.

use nalgebra::{SMatrix, SVector};
use std::collections::BTreeMap;

const FEATURES: usize = 10;
/// Days behind the scale.
const SCALE_DAYS: usize = 42;
/// Days behind the climatology features.
const CLIM_DAYS: usize = 14;
const SEASONS: f64 = 24.0;
const YEAR_DAYS: f64 = 365.25;
const SIGMA_DAYS: f64 = 30.0;
const WIDEST_DAYS: f64 = 200.0;
/// Less weight than this is too little to learn from.
const LEAST_WEIGHT: f64 = 80.0;
const NEGLIGIBLE_WEIGHT: f64 = 0.01;
const PENALTY: (f64, f64) = (3e-4, 0.1);
const LEAST_SPREAD: f64 = 0.02;

type Features = SVector<f64, FEATURES>;

#[derive(Debug, Clone)]
struct Model {
    centre: Features,
    spread: Features,
    weights: Features,
    mean: f64,
}

/// A series on its grid and what has been learnt of it. Unknown values are NaN.
#[derive(Debug, Clone)]
pub struct Ridge {
    z: Vec<f64>,
    /// Step of the first value, counted since 1970.
    base: i64,
    per_day: usize,
    /// Mean of the `CLIM_DAYS` values a day apart before each.
    clim: Vec<f64>,
    /// Mean of the last `SCALE_DAYS` before each.
    scale: Vec<f64>,
    /// Models by season, then slot and lead.
    seasons: BTreeMap<i64, Vec<Option<Model>>>,
    /// Nothing at or after this index teaches; none: each season learns from what lies before it.
    fit_end: Option<usize>,
}

impl Ridge {
    pub fn new(z: Vec<f64>, base: i64, per_day: usize, fit_end: Option<usize>) -> Self {
        let clim = (0..z.len()).map(|at| mean_of(&z, at, per_day).unwrap_or(f64::NAN)).collect();
        let scale = scales(&z, per_day);
        Self { z, base, per_day, clim, scale, seasons: BTreeMap::new(), fit_end }
    }

    /// The value `lead` steps after the first unknown one, `issue`; none where too little is known.
    pub fn predict(&mut self, issue: usize, lead: usize) -> Option<f64> {
        if lead >= self.per_day || issue > self.z.len() {
            return None;
        }
        let m = self.scale_at(issue)?;
        let x = self.features(issue, lead, m)?;
        let season = self.season_of(issue);
        if !self.seasons.contains_key(&season) {
            let models = self.learn(season, issue);
            self.seasons.insert(season, models);
        }
        let slot = self.slot_of(issue);
        let model = self.seasons[&season][slot * self.per_day + lead].as_ref()?;
        let z = (x - model.centre).component_div(&model.spread);
        Some(m * (model.mean + z.dot(&model.weights)))
    }

    /// Forgets what belongs to seasons long gone.
    pub fn forget_before(&mut self, issue: usize) {
        let season = self.season_of(issue);
        self.seasons = self.seasons.split_off(&(season - 8));
    }

    fn slot_of(&self, issue: usize) -> usize {
        (self.base + issue as i64).rem_euclid(self.per_day as i64) as usize
    }

    /// Days since 1970.
    fn day_of(&self, issue: usize) -> f64 {
        (self.base + issue as i64) as f64 / self.per_day as f64
    }

    fn season_of(&self, issue: usize) -> i64 {
        (self.day_of(issue) / YEAR_DAYS * SEASONS).floor() as i64
    }

    fn scale_at(&self, issue: usize) -> Option<f64> {
        let m = *self.scale.get(issue)?;
        (m.is_finite() && m.abs() > 1e-9).then_some(m)
    }

    fn back(&self, issue: usize, steps: usize) -> Option<f64> {
        issue.checked_sub(steps).map(|at| self.z[at]).filter(|v| v.is_finite())
    }

    fn features(&self, issue: usize, lead: usize, m: f64) -> Option<Features> {
        let day = self.per_day;
        let target = issue + lead;
        // The step after the target's, a day before it: not known yet for the last lead.
        let after = if lead + 1 < day { day - 1 } else { 2 * day - 1 };
        let lags = [(issue, 1), (issue, 2), (issue, 3), (issue, day + 1), (issue, day + 2)];
        let days = [(target, day), (target, day + 1), (target, after)];
        let mut x = Features::zeros();
        for (i, (at, back)) in lags.into_iter().chain(days).enumerate() {
            x[i] = self.back(at, back)? / m;
        }
        let clim = |at: usize| self.clim.get(at).copied().filter(|v| v.is_finite());
        x[8] = self.clim_ahead(target)? / m;
        x[9] = issue.checked_sub(1).and_then(clim)? / m;
        Some(x)
    }

    /// Climatology of a step that may lie beyond the last known one.
    fn clim_ahead(&self, target: usize) -> Option<f64> {
        match self.clim.get(target) {
            Some(value) => value.is_finite().then_some(*value),
            None => mean_of(&self.z, target, self.per_day),
        }
    }

    /// Models of one season for every slot and lead.
    fn learn(&self, season: i64, issue: usize) -> Vec<Option<Model>> {
        let day = self.per_day;
        let first = (season as f64 * YEAR_DAYS / SEASONS * day as f64).ceil() as i64 - self.base;
        let first = usize::try_from(first.max(0)).unwrap_or(0);
        // What lies before the season's first day, on which every slot agrees.
        let rolling = first.saturating_sub(self.slot_of(first));
        let end = self.fit_end.unwrap_or(rolling).min(issue).min(self.z.len());
        let centre = ((season.rem_euclid(SEASONS as i64)) as f64 + 0.5) * YEAR_DAYS / SEASONS;
        let mut models = Vec::with_capacity(day * day);
        for slot in 0..day {
            let offset = (slot as i64 - self.base).rem_euclid(day as i64) as usize;
            let issues: Vec<usize> = (offset..end).step_by(day).filter(|g| self.scale_at(*g).is_some()).collect();
            models.extend((0..day).map(|lead| self.fit(&issues, lead, end, centre)));
        }
        models
    }

    fn fit(&self, issues: &[usize], lead: usize, end: usize, centre: f64) -> Option<Model> {
        let known: Vec<usize> = issues.iter().copied().filter(|g| g + lead < end).collect();
        let mut sigma = SIGMA_DAYS;
        let weights = loop {
            let weights: Vec<f64> = known.iter().map(|g| self.weight(*g, centre, sigma)).collect();
            let sum: f64 = weights.iter().sum();
            if sum >= LEAST_WEIGHT {
                break weights;
            }
            sigma *= 1.5;
            if sigma > WIDEST_DAYS * 1.5 {
                return None;
            }
        };
        let row = |(g, w): (usize, f64)| {
            let (m, y) = (self.scale_at(g)?, self.z[g + lead]);
            self.features(g, lead, m).filter(|_| y.is_finite()).map(|x| (x, y / m, w))
        };
        let weighed = known.into_iter().zip(weights).filter(|(_, w)| *w > NEGLIGIBLE_WEIGHT);
        let rows: Vec<(Features, f64, f64)> = weighed.filter_map(row).collect();
        regress(&rows)
    }

    fn weight(&self, issue: usize, centre: f64, sigma: f64) -> f64 {
        let apart = (self.day_of(issue).rem_euclid(YEAR_DAYS) - centre).abs();
        let apart = apart.min(YEAR_DAYS - apart);
        (-0.5 * (apart / sigma).powi(2)).exp()
    }
}

fn regress(rows: &[(Features, f64, f64)]) -> Option<Model> {
    let sum: f64 = rows.iter().map(|r| r.2).sum();
    if sum < 0.5 * LEAST_WEIGHT {
        return None;
    }
    let centre: Features = rows.iter().map(|(x, _, w)| x * *w).sum::<Features>() / sum;
    let square = |x: &Features| (x - centre).map(|v| v * v);
    let variance: Features = rows.iter().map(|(x, _, w)| square(x) * *w).sum::<Features>() / sum;
    let spread = variance.map(|v| v.sqrt().max(LEAST_SPREAD));
    let mean = rows.iter().map(|(_, y, w)| y * w).sum::<f64>() / sum;
    let mut normal = SMatrix::<f64, FEATURES, FEATURES>::zeros();
    let mut right = Features::zeros();
    for (x, y, w) in rows {
        let z = (x - centre).component_div(&spread);
        normal += z * z.transpose() * *w;
        right += z * (*w * (y - mean));
    }
    for i in 0..FEATURES {
        normal[(i, i)] += PENALTY.0 * sum + PENALTY.1;
    }
    let weights = normal.cholesky()?.solve(&right);
    weights.iter().all(|b| b.is_finite()).then_some(Model { centre, spread, weights, mean })
}

/// Mean over the known ones of the `CLIM_DAYS` steps a day apart before a step; most must be known.
fn mean_of(z: &[f64], at: usize, per_day: usize) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_usize);
    for j in 1..=CLIM_DAYS {
        let value = at.checked_sub(j * per_day).and_then(|i| z.get(i)).copied().unwrap_or(f64::NAN);
        if value.is_finite() {
            sum += value;
            count += 1;
        }
    }
    (count * 4 >= CLIM_DAYS * 3).then(|| sum / count as f64)
}

/// Means of the last days before each step and before the one after the last.
fn scales(z: &[f64], per_day: usize) -> Vec<f64> {
    let window = SCALE_DAYS * per_day;
    let (mut sum, mut count) = (0.0, 0_usize);
    let mut scales = Vec::with_capacity(z.len() + 1);
    for at in 0..=z.len() {
        let enough = at >= window && count * 4 >= window * 3;
        scales.push(if enough { sum / count as f64 } else { f64::NAN });
        if let Some(value) = z.get(at).filter(|v| v.is_finite()) {
            sum += value;
            count += 1;
        }
        if at >= window && z[at - window].is_finite() {
            sum -= z[at - window];
            count -= 1;
        }
    }
    scales
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A year and a half in which wind follows yesterday's half and its own last hour.
    fn series() -> Vec<f64> {
        let mut state = 1_u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5
        };
        let mut z = Vec::new();
        let mut level: f64 = 10.0;
        for i in 0..24 * 550 {
            level = (level + noise() * 2.0 - (level - 10.0) * 0.05).max(0.5);
            z.push(level + 3.0 * (std::f64::consts::TAU * (i % 24) as f64 / 24.0).sin() + 4.0);
        }
        z
    }

    fn mean_error(z: &[f64], lead: usize, forecast: &mut dyn FnMut(usize) -> f64) -> f64 {
        let issues: Vec<usize> = (24 * 500..24 * 540).collect();
        issues.iter().map(|g| (forecast(*g) - z[g + lead]).abs()).sum::<f64>() / issues.len() as f64
    }

    #[test]
    fn it_beats_the_same_hour_of_yesterday_and_the_last_value() {
        let z = series();
        let mut ridge = Ridge::new(z.clone(), 0, 24, None);
        for lead in [0, 5, 23] {
            let own = mean_error(&z, lead, &mut |g| ridge.predict(g, lead).expect("learnt"));
            let yesterday = mean_error(&z, lead, &mut |g| z[g + lead - 24]);
            let last = mean_error(&z, lead, &mut |g| z[g - 1]);
            assert!(own < yesterday && own < last, "lead {lead}: {own} against {yesterday} and {last}");
        }
    }

    #[test]
    fn nothing_later_is_seen() {
        let z = series();
        let cut = 24 * 520 + 7;
        let mut ridge = Ridge::new(z.clone(), 0, 24, None);
        let mut changed = z;
        changed[cut..].iter_mut().for_each(|v| *v = 1e6);
        let mut other = Ridge::new(changed, 0, 24, None);
        for lead in 0..24 {
            assert_eq!(ridge.predict(cut, lead), other.predict(cut, lead), "lead {lead}");
        }
    }

    #[test]
    fn too_little_history_gives_nothing() {
        let mut ridge = Ridge::new(series()[..24 * 60].to_vec(), 0, 24, None);
        assert_eq!(ridge.predict(24 * 60, 0), None);
        assert_eq!(ridge.predict(24 * 60, 24), None);
        let mut empty = Ridge::new(Vec::new(), 0, 24, None);
        assert_eq!(empty.predict(0, 0), None);
    }
}
