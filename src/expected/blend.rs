//! The history blend: hour-of-day climatology over 14 days, decaying towards it from the last observation.
//!
//! `f(t) = clim(slot(t)) + (last - clim(slot(last))) * decay^(hours ahead)`

use reports::time::{DAY_S, Grid};

/// Days of history behind the climatology.
pub const DAYS: usize = 14;
/// What is left of today's deviation after an hour. 0.90 to 0.95 did best on wind and solar of 2019-2021.
const DECAY_PER_HOUR: f64 = 0.92;

/// The steps of those days, before a horizon.
pub fn behind(horizon: Grid) -> Grid {
    let Grid { start, step_s, .. } = horizon;
    Grid { start: start - DAYS as i64 * DAY_S, step_s, len: DAYS * (DAY_S / step_s) as usize }
}

/// `history[i]` is the value of step `i` before `start`, oldest first, so that its last entry is the step just
/// before the horizon. None where nothing was known. Returns `steps` values, or none without any history.
pub fn forecast(history: &[Option<f64>], steps_per_day: usize, step_hours: f64, steps: usize) -> Option<Vec<f64>> {
    if steps_per_day == 0 {
        return None;
    }
    // Slots count backwards from the horizon's start, so slot 0 is the first step of the horizon's day.
    let slot_of = |index: usize| {
        let back = (history.len() - index) % steps_per_day;
        (steps_per_day - back) % steps_per_day
    };
    let known = history.iter().enumerate().filter_map(|(index, value)| value.map(|value| (slot_of(index), value)));
    let (by_slot, overall) = means(known, steps_per_day);
    let overall = overall?;
    let climatology: Vec<f64> = by_slot.into_iter().map(|mean| mean.unwrap_or(overall)).collect();
    let last = history.iter().enumerate().rev().find_map(|(index, value)| value.map(|v| (index, v)));
    let (age, deviation) =
        last.map_or((0, 0.0), |(index, value)| (history.len() - index, value - climatology[slot_of(index)]));
    let value = |step: usize| {
        let hours = (step + age) as f64 * step_hours;
        climatology[step % steps_per_day] + deviation * DECAY_PER_HOUR.powf(hours)
    };
    Some((0..steps).map(value).collect())
}

/// Means of values by the slot that each falls in, and over all of them; none of no values.
pub fn means(values: impl Iterator<Item = (usize, f64)>, slots: usize) -> (Vec<Option<f64>>, Option<f64>) {
    let (mut sums, mut all) = (vec![(0.0, 0.0); slots], (0.0, 0.0));
    for (slot, value) in values {
        for sum in [&mut sums[slot], &mut all] {
            *sum = (sum.0 + value, sum.1 + 1.0);
        }
    }
    let mean = |(sum, count): (f64, f64)| (count > 0.0).then(|| sum / count);
    (sums.into_iter().map(mean).collect(), mean(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeating_day_repeats() {
        let day = [1.0, 2.0, 3.0, 4.0];
        let history: Vec<Option<f64>> = (0..40).map(|i| Some(day[i % 4])).collect();
        let ahead = forecast(&history, 4, 6.0, 8).expect("history");
        assert_eq!(ahead, [1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn todays_deviation_fades() {
        let mut history: Vec<Option<f64>> = vec![Some(10.0); 24 * 14];
        if let Some(last) = history.last_mut() {
            *last = Some(24.0);
        }
        let ahead = forecast(&history, 24, 1.0, 48).expect("history");
        assert!(ahead[0] > 20.0 && ahead[0] < 24.0, "{}", ahead[0]);
        assert!(ahead[46] < 10.5);
        assert!(ahead.windows(2).take(20).all(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn nothing_known_forecasts_nothing() {
        assert_eq!(forecast(&[None; 10], 24, 1.0, 3), None);
        assert_eq!(forecast(&[], 24, 1.0, 3), None);
        // A slot without history of its own takes the mean.
        assert_eq!(forecast(&[Some(4.0), None], 2, 12.0, 2).map(|f| f[1] > 3.9), Some(true));
    }
}
