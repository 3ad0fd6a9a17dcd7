//! Work not yet released, as far as the releases seen so far say: it will compete for the same clean hours.
//!
//! Energy expected at hour h+j: half the mean of the same hour of the last seven days, half that of the same hour of the
//! last four weeks; less what is known to be released then. Work of one width and one list of sites is one class.
//! It steers a plan and is never part of one: not placed, not scored, not reported.

use super::common::{HOURS_PER_DAY, SiteIndex};
use std::collections::BTreeMap;

/// A piece of work as its owner stated it; hours since 1970, rounded outwards from release, inwards to deadline.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub release_h: i64,
    pub deadline_h: i64,
    pub energy_mwh: f64,
    pub max_mw: f64,
    pub sites: Vec<SiteIndex>,
}

const DAYS: i64 = 7;
const WEEKS: i64 = 4;
/// Classes by energy, largest first: the others are too small to matter.
const MOST_CLASSES: usize = 8;
const NEGLIGIBLE_MWH: f64 = 1e-6;

/// Expected pieces released after `now_h` and due by `end_h`, hour by hour; empty until a day has been seen.
pub fn expected(seen: &[Piece], now_h: i64, end_h: i64) -> Vec<Piece> {
    let first = seen.iter().map(|p| p.release_h).min().unwrap_or(now_h);
    if now_h - first < HOURS_PER_DAY as i64 {
        return Vec::new();
    }
    let mut classes: BTreeMap<(u32, &[SiteIndex]), Class> = BTreeMap::new();
    for piece in seen {
        let width = (piece.deadline_h - piece.release_h).max(1);
        // Widths within a factor of one and a half are alike.
        let bucket = ((width as f64).ln() / 1.5_f64.ln()).round() as u32;
        let class = classes.entry((bucket, &piece.sites)).or_default();
        *class.by_hour.entry(piece.release_h).or_default() += piece.energy_mwh;
        class.energy += piece.energy_mwh;
        class.width += piece.energy_mwh * width as f64;
        class.power += piece.max_mw;
    }
    let mut largest: Vec<((u32, &[SiteIndex]), Class)> = classes.into_iter().collect();
    largest.sort_by(|a, b| b.1.energy.total_cmp(&a.1.energy).then(a.0.cmp(&b.0)));
    let mut all = Vec::new();
    for ((_, sites), class) in largest.into_iter().take(MOST_CLASSES) {
        let width = (class.width / class.energy).round().max(1.0) as i64;
        for release_h in now_h + 1..=end_h - width {
            let energy_mwh = class.at(release_h, now_h, first) - class.known(release_h);
            if energy_mwh > NEGLIGIBLE_MWH {
                let max_mw = class.power / class.energy * energy_mwh;
                let deadline_h = release_h + width;
                all.push(Piece { release_h, deadline_h, energy_mwh, max_mw, sites: sites.to_vec() });
            }
        }
    }
    all
}

#[derive(Debug, Default)]
struct Class {
    by_hour: BTreeMap<i64, f64>,
    energy: f64,
    /// Sums weighted by energy.
    width: f64,
    power: f64,
}

impl Class {
    fn known(&self, hour: i64) -> f64 {
        self.by_hour.get(&hour).copied().unwrap_or(0.0)
    }

    fn at(&self, hour: i64, now_h: i64, first: i64) -> f64 {
        let day = HOURS_PER_DAY as i64;
        let mean = |period: i64, count: i64| {
            // The latest whole periods back whose hour has been seen.
            let nearest = (hour - now_h + period - 1).div_euclid(period);
            let hours = (nearest..nearest + count).map(|m| hour - period * m).filter(|h| *h >= first);
            let (sum, n) = hours.fold((0.0, 0.0), |(sum, n), h| (sum + self.known(h), n + 1.0));
            (n > 0.0).then(|| sum / n)
        };
        match (mean(day, DAYS), mean(7 * day, WEEKS)) {
            (Some(days), Some(weeks)) => 0.5 * (days + weeks),
            (Some(days), None) => days,
            (None, weeks) => weeks.unwrap_or(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::Index;

    fn piece(release_h: i64, energy_mwh: f64) -> Piece {
        let sites = vec![SiteIndex::new(0)];
        Piece { release_h, deadline_h: release_h + 24, energy_mwh, max_mw: 2.0 * energy_mwh, sites }
    }

    #[test]
    fn what_comes_every_hour_is_expected_every_hour() {
        let seen: Vec<Piece> = (0..=240).map(|h| piece(h, 30.0)).collect();
        let ahead = expected(&seen, 240, 288);
        assert_eq!(ahead.len(), 24);
        assert!(ahead.iter().all(|p| (p.energy_mwh - 30.0).abs() < 1e-9 && (p.max_mw - 60.0).abs() < 1e-9));
        assert_eq!((ahead[0].release_h, ahead[0].deadline_h), (241, 265));
    }

    #[test]
    fn nothing_is_expected_of_a_first_day_or_of_what_is_known() {
        let first: Vec<Piece> = (0..=20).map(|h| piece(h, 30.0)).collect();
        assert_eq!(expected(&first, 20, 68), Vec::new());
        // The coming day is in the list already.
        let known: Vec<Piece> = (0..=300).map(|h| piece(h, 30.0)).collect();
        assert_eq!(expected(&known, 240, 288), Vec::new());
    }

    #[test]
    fn a_daily_batch_is_expected_at_its_hour() {
        let seen: Vec<Piece> = (0..20).map(|d| piece(24 * d + 8, 100.0)).collect();
        let ahead = expected(&seen, 24 * 20, 24 * 22);
        assert_eq!(ahead.iter().map(|p| p.release_h % 24).collect::<Vec<_>>(), [8]);
        assert!((ahead[0].energy_mwh - 100.0).abs() < 1e-9);
    }
}
