//! A scale in round steps with zero somewhere on it.

use super::scene::{Anchor, Letters, Paint, Rect, Scene, Stroke};
use crate::english;

/// Where the scale lies on its chart.
#[derive(Debug, Clone, Copy)]
pub struct Plot {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub height: f64,
}

/// Matched, unmatched and surplus of one column.
pub type Parts = [f64; 3];

/// One, two or five times a power of ten, for about five marks over a span; one over none.
pub fn round_step(span: f64) -> f64 {
    let rough = span / 5.0;
    if !(rough > 0.0 && rough.is_finite()) {
        return 1.0;
    }
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= rough).unwrap_or(10.0 * power)
}

#[derive(Debug, Clone, Copy)]
pub struct Axis {
    plot: Plot,
    step: f64,
    up: f64,
    down: f64,
    decimals: usize,
}

impl Axis {
    /// A scale that holds columns of these parts: matched and unmatched upwards, surplus downwards.
    pub fn holding(columns: &[Parts], plot: Plot) -> Self {
        let above = columns.iter().map(|[matched, unmatched, _]| matched + unmatched).fold(0.0, f64::max);
        let below = columns.iter().map(|[_, _, surplus]| *surplus).fold(0.0, f64::max);
        Self::over(above, below, plot)
    }

    /// A scale that holds `above` upwards and `below` downwards.
    pub fn over(above: f64, below: f64, plot: Plot) -> Self {
        let total = above + below;
        if total <= 0.0 || !total.is_finite() {
            return Self { plot, step: 1.0, up: 1.0, down: 0.0, decimals: 0 };
        }
        let step = round_step(total);
        let decimals = (0..9_i32).find(|d| step * 10_f64.powi(*d) >= 0.999).unwrap_or(9);
        let decimals = usize::try_from(decimals).unwrap_or(0);
        Self { plot, step, up: above * 1.03, down: below * 1.03, decimals }
    }

    /// The same scale elsewhere.
    pub fn on(self, plot: Plot) -> Self {
        Self { plot, ..self }
    }

    fn y(&self, value: f64) -> f64 {
        self.plot.top + (self.up - value) / (self.up + self.down) * self.plot.height
    }

    /// The bars of a column: matched, unmatched above it, surplus below the line.
    pub fn bars(&self, parts: &Parts, (x, width): (f64, f64)) -> [(Paint, Rect); 3] {
        let [matched, unmatched, surplus] = *parts;
        let bar = |from: f64, to: f64| Rect { x, y: self.y(to), width, height: self.y(from) - self.y(to) };
        [
            (Paint::Matched, bar(0.0, matched)),
            (Paint::Unmatched, bar(matched, matched + unmatched)),
            (Paint::Surplus, bar(-surplus, 0.0)),
        ]
    }

    /// A value with `finer` decimals more than the marks have.
    pub fn figure(&self, value: f64, finer: usize) -> String {
        english::float(value, self.decimals + finer)
    }

    pub fn draw(&self, scene: &mut Scene, unit: &str) {
        let steps = |span: f64| (span / self.step).floor() as i64;
        let Plot { left, right, top, .. } = self.plot;
        scene.text(Letters::Axis, (left - 8.0, top - 14.0), Anchor::End, unit);
        for tick in -steps(self.down)..=steps(self.up) {
            let value = tick as f64 * self.step;
            let y = self.y(value);
            scene.across(Stroke::Grid, (left, right), y);
            scene.text(Letters::Axis, (left - 8.0, y + 4.0), Anchor::End, self.figure(value, 0));
        }
    }

    /// The line at zero.
    pub fn base(&self, scene: &mut Scene) {
        scene.across(Stroke::Base, (self.plot.left, self.plot.right), self.y(0.0));
    }
}

/// Negative and impossible values count as nothing.
pub fn drawable(parts: Parts) -> Parts {
    parts.map(|value| if value.is_finite() { value.max(0.0) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (span, step) in [(3.5, 1.0), (5.0, 1.0), (7.0, 2.0), (15.0, 5.0), (35.0, 10.0), (21_000.0, 5_000.0)] {
            assert!((round_step(span) - step).abs() < 1e-9, "{span}");
        }
        assert!((round_step(0.015) - 0.005).abs() < 1e-9);
    }

    #[test]
    fn odd_spans_still_make_a_scale() {
        let plot = Plot { left: 0.0, right: 10.0, top: 0.0, height: 100.0 };
        for (above, below) in [(0.0, 0.0), (f64::NAN, 1.0), (f64::INFINITY, 0.0), (1e-9, 0.0), (9e12, 9e12)] {
            let axis = Axis::over(above, below, plot);
            assert!(axis.y(0.0).is_finite() && axis.y(axis.up).abs() < 0.01);
        }
    }
}
