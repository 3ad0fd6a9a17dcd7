//! The waterfall: columns from what was contracted to the hourly scores.

use super::scene::{Anchor, Letters, Paint, Rect, Scene, Stroke, WIDTH};
use crate::english;
use crate::waterfall::{Kind, Step, scale};

const LEFT: f64 = 64.0;
const RIGHT: f64 = WIDTH - 8.0;
const TOP: f64 = 26.0;
const FLOOR: f64 = TOP + 250.0;
const HEIGHT: f64 = FLOOR + 52.0;
/// Of a step of nothing.
const THIN: f64 = 0.75;

/// What is printed of a step.
pub fn shown(step: &Step) -> String {
    format!("{}{}", step.sign(), english::percent_of(step.share()))
}

/// The same of all steps, in words.
pub fn in_words(steps: &[Step]) -> String {
    let steps: Vec<String> = steps.iter().map(|step| format!("{}: {}", step.name, shown(step))).collect();
    format!("{}.", steps.join("; "))
}

pub fn fall(steps: &[Step]) -> Scene {
    let mut scene = Scene::new("fall", (WIDTH, HEIGHT));
    let whole = scale(steps);
    scene.percent_grid((LEFT, RIGHT), (TOP, FLOOR), whole / 100);
    let slot = (RIGHT - LEFT) / steps.len().max(1) as f64;
    let y = |share: i128| FLOOR - (FLOOR - TOP) * (share.clamp(0, whole) as f64 / whole as f64);
    for (index, step) in steps.iter().enumerate() {
        let (x, width) = (LEFT + slot * (index as f64 + 0.14), slot * 0.72);
        let (from, to) = (step.from.share, step.to.share);
        let (top, bottom) = (y(from.max(to)), y(from.min(to)));
        let paint = match step.kind {
            Kind::Level => Paint::Matched,
            Kind::Loss => Paint::Unmatched,
            Kind::Gain => Paint::Surplus,
        };
        scene.bars(paint, [Rect { x, y: top, width, height: (bottom - top).max(THIN) }]);
        let middle = x + width / 2.0;
        scene.text(Letters::Label, (middle, top - 6.0), Anchor::Middle, shown(step));
        for (line, words) in step.lines.iter().enumerate() {
            scene.text(Letters::Axis, (middle, FLOOR + 18.0 + 15.0 * line as f64), Anchor::Middle, *words);
        }
        if index + 1 < steps.len() {
            scene.across(Stroke::Tie, (x + width, x + slot), y(to));
        }
    }
    scene.across(Stroke::Base, (LEFT, RIGHT), FLOOR);
    scene
}

#[cfg(test)]
mod tests {
    use super::super::scene::Mark;
    use super::*;
    use crate::tests::sample::sample_report;
    use crate::waterfall::steps;

    #[test]
    fn every_step_is_labelled_with_what_is_printed_of_it() {
        let steps = steps(&sample_report());
        let minus = |text: &str| format!("\u{2212}{text}");
        let expected = [
            "70.00 %".to_string(),
            minus("0.67 %"),
            minus("30.67 %"),
            minus("8.33 %"),
            "0.00 %".to_string(),
            "61.00 %".to_string(),
            "+13.33 %".to_string(),
            "74.33 %".to_string(),
        ];
        assert_eq!(steps.iter().map(shown).collect::<Vec<_>>(), expected);
        let labels: Vec<String> = fall(&steps)
            .marks
            .into_iter()
            .filter_map(|mark| match mark {
                Mark::Text { letters: Letters::Label, words, .. } => Some(words),
                _ => None,
            })
            .collect();
        assert_eq!(labels, expected);
        assert!(fall(&[]).marks.iter().all(|mark| !matches!(mark, Mark::Bars(..))));
    }
}
