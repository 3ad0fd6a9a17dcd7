//! Room that is left, and draws taken out of it: sums over rows, whatever rule a row is of.

use crate::model::free::{Free, Of};
use crate::problem::Draw;
use ids::{PoolIndex, SiteIndex};
use std::collections::BTreeMap;

/// Slack for sums of rounded megawatts.
const EPSILON: f64 = 1e-6;

/// What is free by row, and the facility MW that an IT MW comes to, `[site][step]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    pub rows: Vec<Free>,
    pub pue: Vec<Vec<f64>>,
}

/// How a draw fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// IT MW that a draw alike could have at most, before this one.
    pub most_mw: f64,
    /// What going past paid peaks costs, currency.
    pub peaks: f64,
}

impl Room {
    /// None where a row has no room for it.
    pub fn fits(&self, draw: &Draw) -> Option<Fit> {
        let mw = draw.mw.iter().map(|m| m.1).fold(0.0, f64::max);
        let mut most_mw = f64::INFINITY;
        // By demand charge, the largest excess.
        let mut peaks: BTreeMap<usize, f64> = BTreeMap::new();
        for row in &self.rows {
            for (at, amount) in self.amounts(row, draw) {
                let over = amount - row.rise[at];
                if let Some((charge, per_mw)) = row.price {
                    let excess = peaks.entry(charge).or_default();
                    *excess = excess.max(per_mw * over);
                    continue;
                }
                if amount > 0.0 && over > EPSILON || row.fall.get(at).is_some_and(|fall| -amount > fall + EPSILON) {
                    return None;
                }
                if amount > 0.0 {
                    most_mw = most_mw.min(row.rise[at] / amount * mw);
                }
            }
        }
        Some(Fit { most_mw, peaks: peaks.values().sum() })
    }

    /// Takes a draw out, or with -1 gives it back.
    pub fn take(&mut self, draw: &Draw, times: f64) {
        let mut past: BTreeMap<usize, f64> = BTreeMap::new();
        for r in 0..self.rows.len() {
            for (at, amount) in self.amounts(&self.rows[r], draw) {
                let row = &mut self.rows[r];
                row.rise[at] -= times * amount;
                if let Some(fall) = row.fall.get_mut(at) {
                    *fall += times * amount;
                }
                if let Some((charge, _)) = row.price {
                    let lowest = past.entry(charge).or_default();
                    *lowest = lowest.min(row.rise[at]);
                }
            }
        }
        // A peak that was gone past is paid for: it is the new one.
        for row in &mut self.rows {
            let paid = row.price.and_then(|(charge, _)| past.get(&charge)).copied().unwrap_or(0.0);
            row.rise.iter_mut().for_each(|rise| *rise -= paid);
        }
    }

    /// IT MW that may be drawn beside everything at a site in a step, for whatever holds no GPUs.
    pub fn most_mw(&self, site: SiteIndex, step: usize) -> f64 {
        let one = Draw::flat(site, step..step + 1, 1.0, None);
        let rows = self.rows.iter().filter(|row| row.price.is_none());
        let left = rows.flat_map(|row| {
            let amounts = self.amounts(row, &one).into_iter();
            amounts.filter(|a| a.1 > 0.0).map(|(at, amount)| row.rise[at] / amount).collect::<Vec<f64>>()
        });
        left.fold(f64::INFINITY, f64::min)
    }

    /// GPUs of a pool that may be held beside everything in a step, in no account's name.
    pub fn most_gpus(&self, pool: PoolIndex, step: usize) -> f64 {
        let left = self.rows.iter().flat_map(|row| {
            let mine = row.coefficients.iter().filter(|coefficient| {
                coefficient.of == Of::Pool(pool) && coefficient.ahead == 0 && coefficient.weight > 0.0
            });
            mine.filter_map(|coefficient| Some(row.rise.get(step.checked_sub(row.from)?)? / coefficient.weight))
        });
        left.fold(f64::INFINITY, f64::min)
    }

    /// Rows a draw moves, by their number within `row`, and by how much.
    pub(crate) fn amounts(&self, row: &Free, draw: &Draw) -> Vec<(usize, f64)> {
        let steps = draw.steps();
        let mine = |of: Of| match of {
            Of::It(site) | Of::Facility(site) | Of::Work(site) => site == draw.site,
            Of::Pool(pool) => draw.gpus.is_some_and(|g| g.pool == pool),
            Of::Account(account) => draw.gpus.is_some_and(|g| g.account == Some(account)),
        };
        let mut amounts: BTreeMap<usize, f64> = BTreeMap::new();
        for coefficient in row.coefficients.iter().filter(|coefficient| mine(coefficient.of)) {
            for step in steps.clone() {
                let Some(at) = (step as isize - coefficient.ahead).checked_sub(row.from as isize) else { continue };
                if at < 0 || at as usize >= row.rise.len() {
                    continue;
                }
                let (mw, most_mw) = draw.mw[step - draw.from];
                let amount = match coefficient.of {
                    Of::It(_) => most_mw,
                    // What is billed is an average over the step.
                    Of::Facility(site) if draw.firm && row.price.is_none() => most_mw * self.pue[site][step],
                    Of::Facility(site) | Of::Work(site) => mw * self.pue[site][step],
                    Of::Pool(_) | Of::Account(_) => draw.gpus.map_or(0.0, |g| g.count),
                };
                *amounts.entry(at as usize).or_default() += coefficient.weight * amount;
            }
        }
        amounts.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::free::Coefficient;
    use crate::problem::Gpus;
    use ids::{AccountIndex, Index};

    fn s(site: usize) -> SiteIndex {
        SiteIndex::new(site)
    }

    fn row(coefficients: Vec<Coefficient>, rise: &[f64], fall: &[f64], price: Option<(usize, f64)>) -> Free {
        Free { rule: "r".into(), of: 0, from: 0, coefficients, rise: rise.to_vec(), fall: fall.to_vec(), price }
    }

    fn coefficient(of: Of, ahead: isize, weight: f64) -> Coefficient {
        Coefficient { of, ahead, weight }
    }

    fn room(rows: Vec<Free>) -> Room {
        Room { rows, pue: vec![vec![2.0; 4]; 2] }
    }

    #[test]
    fn a_level_holds_in_every_step_and_is_given_back() {
        let mut room = room(vec![row(vec![coefficient(Of::It(s(0)), 0, 1.0)], &[3.0, 1.0, 3.0, 3.0], &[], None)]);
        let draw = |from: usize| Draw::flat(s(0), from..from + 2, 2.0, None);
        assert_eq!(room.fits(&draw(0)), None);
        assert_eq!(room.fits(&draw(2)).map(|f| f.most_mw), Some(3.0));
        assert_eq!(room.fits(&Draw { site: s(1), ..draw(0) }).map(|f| f.most_mw), Some(f64::INFINITY));
        room.take(&draw(2), 1.0);
        assert_eq!((room.most_mw(s(0), 2), room.fits(&draw(2))), (1.0, None));
        room.take(&draw(2), -1.0);
        assert_eq!(room.rows[0].rise, [3.0, 1.0, 3.0, 3.0]);
    }

    #[test]
    fn a_ramp_binds_at_both_ends() {
        let coefficients = vec![coefficient(Of::Work(s(0)), -1, -1.0), coefficient(Of::Work(s(0)), 0, 1.0)];
        let room = room(vec![row(coefficients, &[5.0; 4], &[3.0; 4], None)]);
        // 2 MW of IT are 4 of the facility: up by 4 is allowed, down by 4 is not.
        assert_eq!(room.fits(&Draw::flat(s(0), 1..3, 2.0, None)), None);
        assert!(room.fits(&Draw::flat(s(0), 1..4, 2.0, None)).is_some(), "it ends with the horizon");
        assert!(room.fits(&Draw::flat(s(0), 1..3, 1.5, None)).is_some());
    }

    #[test]
    fn gpus_count_in_pools_accounts_and_sums_of_hours() {
        let a = AccountIndex::new;
        let gpus = |count: f64, account| Some(Gpus { pool: PoolIndex::new(0), count, account });
        let hours: Vec<Coefficient> = (0..4).map(|k| coefficient(Of::Account(a(0)), k, 1.0)).collect();
        let pool = row(vec![coefficient(Of::Pool(PoolIndex::new(0)), 0, 1.0)], &[8.0; 4], &[], None);
        let room = room(vec![pool, row(hours, &[10.0], &[], None)]);
        let asks = |count, account, steps| room.fits(&Draw::flat(s(0), 0..steps, 1.0, gpus(count, account))).is_some();
        assert!(asks(8.0, None, 4) && !asks(9.0, None, 1));
        assert!(asks(5.0, Some(a(0)), 2) && !asks(5.0, Some(a(0)), 3) && asks(8.0, Some(a(1)), 4));
    }

    #[test]
    fn a_peak_is_paid_once() {
        let mut room = room(vec![row(vec![coefficient(Of::Facility(s(0)), 0, 1.0)], &[1.0; 4], &[], Some((0, 10.0)))]);
        let peaks = |room: &Room, mw: f64| room.fits(&Draw::flat(s(0), 0..2, mw, None)).map(|f| f.peaks);
        assert_eq!((peaks(&room, 0.5), peaks(&room, 2.0)), (Some(0.0), Some(30.0)));
        room.take(&Draw::flat(s(0), 0..2, 2.0, None), 1.0);
        // 4 MW of the facility are the new peak, in every step of its window.
        assert_eq!(room.rows[0].rise, [0.0, 0.0, 4.0, 4.0]);
    }
}
