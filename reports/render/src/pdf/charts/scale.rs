//! A vertical scale in round steps, with zero somewhere on it.

use crate::pdf::canvas::{Area, Pen};
use crate::pdf::figures::decimal;
use crate::pdf::palette::HAIR;
use crate::pdf::text::LABEL;

#[derive(Debug, Clone, Copy)]
pub struct Scale {
    step: f64,
    up: f64,
    down: f64,
    decimals: usize,
}

impl Scale {
    /// From `below` under zero to `above` over it, in about `steps` steps.
    pub fn over(above: f64, below: f64, steps: f64) -> Self {
        let total = above + below;
        if !total.is_finite() || total <= 0.0 {
            return Self { step: 1.0, up: 1.0, down: 0.0, decimals: 0 };
        }
        let step = round_step(total / steps);
        let (mut decimals, mut shown) = (0_usize, step);
        while shown < 0.999 && decimals < 9 {
            shown *= 10.0;
            decimals += 1;
        }
        Self { step, up: above * 1.04, down: below * 1.04, decimals }
    }

    pub fn y(&self, plot: Area, value: f64) -> f32 {
        plot.y + ((self.up - value) / (self.up + self.down)) as f32 * plot.h
    }

    /// The area of a bar between two values.
    pub fn bar(&self, plot: Area, x: f32, width: f32, low: f64, high: f64) -> Area {
        let top = self.y(plot, high);
        Area::new(x, top, width, self.y(plot, low) - top)
    }

    /// Lines across the plot, with figures to its left where wanted.
    pub fn grid(&self, pen: &mut Pen<'_>, plot: Area, labels: bool) {
        let steps = |span: f64| (span / self.step).floor() as i64;
        for tick in -steps(self.down)..=steps(self.up) {
            let value = tick as f64 * self.step;
            let y = self.y(plot, value);
            pen.line(HAIR, 0.4, &[(plot.x, y), (plot.right(), y)]);
            if labels {
                pen.text_right(LABEL, (plot.x - 4.0, y + 2.2), &decimal(value, self.decimals));
            }
        }
    }
}

/// The least of 1, 2, 5 times a power of ten that is not below `rough`, by multiplication alone.
fn round_step(rough: f64) -> f64 {
    let mut power = 1.0;
    for _ in 0..40 {
        if power * 10.0 <= rough {
            power *= 10.0;
        } else if power > rough {
            power /= 10.0;
        }
    }
    [1.0, 2.0, 5.0].map(|multiple| multiple * power).into_iter().find(|step| *step >= rough).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (rough, step) in [(0.7, 1.0), (1.0, 1.0), (1.4, 2.0), (3.0, 5.0), (7.0, 10.0), (4_200.0, 5_000.0)] {
            assert!((round_step(rough) - step).abs() < 1e-9, "{rough}");
        }
        assert!((round_step(0.003) - 0.005).abs() < 1e-9);
    }

    #[test]
    fn odd_spans_still_make_a_scale() {
        let plot = Area::new(0.0, 0.0, 10.0, 100.0);
        for (above, below) in [(0.0, 0.0), (f64::NAN, 1.0), (f64::INFINITY, 0.0), (1e-9, 0.0), (9e12, 9e12)] {
            let scale = Scale::over(above, below, 4.0);
            assert!(scale.y(plot, 0.0).is_finite() && scale.y(plot, scale.up).abs() < 0.01);
        }
    }
}
