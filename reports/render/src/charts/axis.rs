//! A scale in round steps with zero somewhere on it.

use super::english;
use super::format::put;
use super::svg;

/// Where the scale lies on its chart.
#[derive(Debug, Clone, Copy)]
pub struct Plot {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub height: f64,
}

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

    pub fn y(&self, value: f64) -> f64 {
        self.plot.top + (self.up - value) / (self.up + self.down) * self.plot.height
    }

    /// A value with `finer` decimals more than the marks have.
    pub fn figure(&self, value: f64, finer: usize) -> String {
        english::float(value, self.decimals + finer)
    }

    pub fn draw(&self, out: &mut String, unit: &str) {
        let steps = |span: f64| (span / self.step).floor() as i64;
        let Plot { left, right, .. } = self.plot;
        svg::text(out, "ax", (left - 8.0, self.plot.top - 14.0), "end", unit);
        for tick in -steps(self.down)..=steps(self.up) {
            let value = tick as f64 * self.step;
            let y = self.y(value);
            put(out, format_args!("<path class=\"grid\" d=\"M{left:.1} {y:.1}H{right:.1}\"/>"));
            svg::text(out, "ax", (left - 8.0, y + 4.0), "end", &self.figure(value, 0));
        }
    }

    /// The line at zero.
    pub fn base(&self, out: &mut String) {
        put(
            out,
            format_args!(
                "<path class=\"base\" d=\"M{:.1} {:.1}H{:.1}\"/>",
                self.plot.left,
                self.y(0.0),
                self.plot.right
            ),
        );
    }
}
