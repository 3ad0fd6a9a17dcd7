//! The duration curve: how large a part of the intervals reaches which matched share.

use super::scene::{Anchor, At, Letters, Mark, Scene, Stroke, WIDTH};
use crate::english;
use crate::hours::Slot;
use reports::units::Floored;

const LEFT: f64 = 64.0;
const RIGHT: f64 = WIDTH - 12.0;
const TOP: f64 = 16.0;
const FLOOR: f64 = TOP + 230.0;
const HEIGHT: f64 = FLOOR + 40.0;
/// Past so many intervals several share one stretch of the line, at the smallest share of them.
const STRETCHES: usize = 500;
pub const WHOLE: i128 = 1_000_000;

/// Matched shares of the intervals with load in millionths, largest first; a whole only where nothing is unmatched.
pub fn shares(slots: &[Slot]) -> Vec<i128> {
    let mut shares: Vec<i128> = slots.iter().filter_map(|slot| slot.sums.share()).map(Floored::millionths).collect();
    shares.sort_unstable_by(|a, b| b.cmp(a));
    shares
}

/// How many reach a share.
pub fn at_least(shares: &[i128], level: i128) -> usize {
    shares.partition_point(|share| *share >= level)
}

/// What the curve says, in words.
pub fn in_words(shares: &[i128]) -> String {
    let all = shares.len();
    let (full, some) = (at_least(shares, WHOLE), at_least(shares, 1));
    let of = |part: usize| english::share(part as i128, all as i128);
    let half = shares.get(all.saturating_sub(1) / 2).map_or(0, |share| share / 100);
    format!(
        "{} of {} intervals with load are fully matched ({}). Half of all reach {} or more. {} have no matched energy \
         at all ({}).",
        english::count(full),
        english::count(all),
        of(full),
        english::percent_of(half),
        english::count(all - some),
        of(all - some)
    )
}

/// Shares from the largest to the smallest, intervals from left to right; left of the dashed line nothing is unmatched.
pub fn curve(shares: &[i128]) -> Scene {
    let mut scene = Scene::new("curve", (WIDTH, HEIGHT));
    scene.percent_grid((LEFT, RIGHT), (TOP, FLOOR), 100);
    if !shares.is_empty() {
        let line = outline(shares);
        let mut area = line.clone();
        area.extend([(RIGHT, FLOOR), (LEFT, FLOOR)]);
        scene.marks.extend([Mark::Area(area), Mark::Line(Stroke::Curve, line)]);
    }
    let full = at_least(shares, WHOLE);
    if full > 0 {
        let x = LEFT + (RIGHT - LEFT) * full as f64 / shares.len() as f64;
        scene.marks.push(Mark::Line(Stroke::Tie, vec![(x, TOP), (x, FLOOR)]));
    }
    for quarter in 0..=4_u32 {
        let x = LEFT + (RIGHT - LEFT) * f64::from(quarter) / 4.0;
        // Zero stands clear of the zero beside it, larger on a phone.
        let anchor = match quarter {
            0 => Anchor::Start,
            4 => Anchor::End,
            _ => Anchor::Middle,
        };
        scene.text(Letters::Axis, (x, FLOOR + 16.0), anchor, format!("{} %", quarter * 25));
    }
    scene.text(Letters::Axis, (RIGHT, FLOOR + 34.0), Anchor::End, "of intervals with load");
    scene.across(Stroke::Base, (LEFT, RIGHT), FLOOR);
    scene
}

/// The steps of the curve, from the left edge to the right one.
fn outline(shares: &[i128]) -> Vec<At> {
    let (all, stretches) = (shares.len(), shares.len().min(STRETCHES));
    let y = |share: i128| FLOOR - (FLOOR - TOP) * share as f64 / WHOLE as f64;
    let least = |stretch: usize| shares.get(((stretch + 1) * all / stretches).saturating_sub(1)).copied().unwrap_or(0);
    let mut level = least(0);
    let mut points = vec![(LEFT, y(level))];
    for stretch in 1..stretches {
        let next = least(stretch);
        if next != level {
            let x = LEFT + (RIGHT - LEFT) * stretch as f64 / stretches as f64;
            points.extend([(x, y(level)), (x, y(next))]);
            level = next;
        }
    }
    points.push((RIGHT, y(level)));
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::Sums;
    use crate::tests::sample::START;

    fn slots(matched: &[i128]) -> Vec<Slot> {
        let sums = |m: i128| Sums { load: 10_000_000, matched: m, unmatched: 10_000_000 - m, ..Sums::default() };
        matched.iter().map(|m| Slot { start: START, sums: sums(*m) }).collect()
    }

    #[test]
    fn almost_all_is_not_all() {
        let mut all = slots(&[9_999_999, 10_000_000, 0, 5_000_000]);
        all.push(Slot { start: START, sums: Sums::default() });
        let shares = shares(&all);
        assert_eq!(shares, [1_000_000, 999_999, 500_000, 0]);
        let words = in_words(&shares);
        assert!(words.starts_with("1 of 4 intervals with load are fully matched (25.00 %)."), "{words}");
        assert!(
            words.contains("Half of all reach 99.99 % or more. 1 have no matched energy at all (25.00 %)."),
            "{words}"
        );
    }

    #[test]
    fn long_and_empty_periods_draw() {
        assert!(curve(&[]).marks.iter().all(|mark| !matches!(mark, Mark::Area(_))));
        let many: Vec<i128> = (0..9_000).map(|i| i * 1_111).collect();
        let line = outline(&shares(&slots(&many)));
        assert!(line.len() <= 2 * STRETCHES && line.is_sorted_by(|a, b| a.0 <= b.0 && a.1 <= b.1));
    }

    /// Letters of 19 units, as on a phone: the scale's zero ends where that of the intervals has not begun.
    #[test]
    fn the_two_zeros_do_not_touch() {
        let zero = |mark: &&Mark| matches!(mark, Mark::Text { at, anchor: Anchor::Start, words, .. } if *at == (LEFT, FLOOR + 16.0) && words == "0 %");
        assert_eq!(curve(&[WHOLE, 0]).marks.iter().filter(zero).count(), 1);
    }
}
