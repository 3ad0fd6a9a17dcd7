//! How far forecasts were off, by how far ahead they looked.
//!
//! With e = forecast - actual: mean absolute error `sum |e| / n`, bias `sum e / n`, RMSE `sqrt(sum e² / n)`, and the
//! share of actuals inside the stated quantile band, ends included. The lead is the time from issue to the interval's
//! end; an interval that had ended when it was issued counts for nothing.

use reports::time::Instant;
use serde::Serialize;

/// No lead is longer, in hours.
const LONGEST: i64 = i64::MAX / 3_600;
/// Lead times told apart, each above so many hours and up to so many; then all together.
const BUCKETS: [(&str, i64, i64); 6] = [
    ("0-6 h", 0, 6),
    ("6-24 h", 6, 24),
    ("24-48 h", 24, 48),
    ("48-96 h", 48, 96),
    (">96 h", 96, LONGEST),
    ("all", 0, LONGEST),
];

/// Between which quantiles an actual was said to come, and with what probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    pub low: f64,
    pub high: f64,
    pub stated: f64,
}

/// A forecast of an interval and what came, in the series' unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub issued: Instant,
    /// Of the interval forecast.
    pub end: Instant,
    pub forecast: f64,
    pub actual: f64,
    pub band: Option<Band>,
}

/// Errors of one bucket, in the series' unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    pub lead: &'static str,
    pub count: usize,
    pub mae: f64,
    /// Positive where forecasts were too high.
    pub bias: f64,
    pub rmse: f64,
    /// Part of the actuals inside the band, of those forecast with one, and the part that was stated.
    pub inside_share: Option<f64>,
    pub stated_share: Option<f64>,
}

/// Figures of each bucket that holds anything, then of all.
pub fn by_lead(pairs: &[Pair]) -> Vec<Figures> {
    let figures = |(lead, above, to): (&'static str, i64, i64)| {
        let inside = |p: &&Pair| p.end - p.issued > above * 3_600 && p.end - p.issued <= to * 3_600;
        compute(lead, pairs.iter().filter(inside))
    };
    BUCKETS.into_iter().filter_map(figures).collect()
}

fn compute<'p>(lead: &'static str, pairs: impl Iterator<Item = &'p Pair>) -> Option<Figures> {
    let (mut count, mut sum, mut size, mut square) = (0_usize, 0.0, 0.0, 0.0);
    let (mut banded, mut inside, mut stated) = (0_usize, 0_usize, 0.0);
    for pair in pairs {
        let error = pair.forecast - pair.actual;
        count += 1;
        sum += error;
        size += error.abs();
        square += error * error;
        if let Some(band) = pair.band {
            banded += 1;
            inside += usize::from((band.low..=band.high).contains(&pair.actual));
            stated += band.stated;
        }
    }
    if count == 0 {
        return None;
    }
    let n = count as f64;
    let of_banded = |part: f64| (banded > 0).then(|| part / banded as f64);
    let (mae, bias, rmse) = (size / n, sum / n, (square / n).sqrt());
    let (inside_share, stated_share) = (of_banded(inside as f64), of_banded(stated));
    Some(Figures { lead, count, mae, bias, rmse, inside_share, stated_share })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(lead_h: i64, forecast: f64, actual: f64) -> Pair {
        let [issued, end] = [0, lead_h * 3_600].map(Instant::from_seconds);
        Pair { issued, end, forecast, actual, band: None }
    }

    #[test]
    fn errors_fall_into_the_bucket_of_their_lead() {
        let pairs =
            [pair(0, 9e9, 0.0), pair(1, 12.0, 10.0), pair(6, 6.0, 10.0), pair(7, 11.0, 10.0), pair(200, 3.0, 3.0)];
        let figures = by_lead(&pairs);
        let leads: Vec<(&str, usize)> = figures.iter().map(|f| (f.lead, f.count)).collect();
        assert_eq!(leads, [("0-6 h", 2), ("6-24 h", 1), (">96 h", 1), ("all", 4)], "what had ended counts nowhere");
        assert_eq!((figures[0].mae, figures[0].bias, figures[0].rmse), (3.0, -1.0, 10.0_f64.sqrt()));
        assert_eq!(figures[0].inside_share, None);
        assert!(by_lead(&[]).is_empty());
    }

    #[test]
    fn bands_are_held_against_what_came() {
        let band = |low, high| Some(Band { low, high, stated: 0.8 });
        let pairs = [
            Pair { band: band(8.0, 10.0), ..pair(1, 9.0, 10.0) },
            Pair { band: band(8.0, 10.0), ..pair(2, 9.0, 10.5) },
            pair(3, 9.0, 99.0),
        ];
        let all = by_lead(&pairs).pop().expect("all");
        assert_eq!((all.inside_share, all.stated_share), (Some(0.5), Some(0.8)));
    }
}
