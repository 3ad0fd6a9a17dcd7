//! Columns of matched and unmatched energy above a line, surplus below it.

use super::format::{escape, grouped, put};

const WIDTH: f64 = 1_000.0;
const PLOT_HEIGHT: f64 = 250.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 26.0;

/// What a stacked chart says of itself.
#[derive(Debug, Clone, Copy)]
pub struct StackText<'a> {
    /// Prefix of the ids inside the SVG; a page uses each once.
    pub id: &'a str,
    /// The text alternative.
    pub about: &'a str,
    pub unit: &'a str,
}

/// The average day: mean MW by local clock hour, hour 0 first.
///
/// Load is what stands above the line, matched and unmatched; surplus hangs below it, since it is
/// never carried to another hour. The three slices run in parallel, usually 24 long.
pub fn average_day_svg(matched_mw: &[f64], unmatched_mw: &[f64], surplus_mw: &[f64]) -> String {
    let labels: Vec<String> = (0..matched_mw.len()).map(|hour| format!("{hour:02}")).collect();
    let text = StackText {
        id: "day",
        about: "Average day by local hour: matched and unmatched mean power above the line, together the load; \
                surplus below the line. The figures are in the table after the chart.",
        unit: "MW",
    };
    stacked_svg(text, &labels, matched_mw, unmatched_mw, surplus_mw)
}

/// Columns by label: matched and unmatched upwards, surplus downwards, one scale for both.
pub fn stacked_svg(
    text: StackText<'_>,
    labels: &[String],
    matched: &[f64],
    unmatched: &[f64],
    surplus: &[f64],
) -> String {
    let at =
        |values: &[f64], index: usize| values.get(index).copied().filter(|v| v.is_finite()).unwrap_or(0.0).max(0.0);
    let columns: Vec<[f64; 3]> =
        (0..labels.len()).map(|index| [at(matched, index), at(unmatched, index), at(surplus, index)]).collect();
    let above = columns.iter().map(|[m, u, _]| m + u).fold(0.0, f64::max);
    let below = columns.iter().map(|[_, _, s]| *s).fold(0.0, f64::max);
    let axis = Axis::over(above, below);
    let height = TOP + PLOT_HEIGHT + BOTTOM;
    let mut svg = String::with_capacity(8 * 1_024);
    put(
        &mut svg,
        format_args!(
            "<svg class=\"stack\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" role=\"img\" aria-label=\"{}\">",
            escape(text.about)
        ),
    );
    patterns(&mut svg, text.id);
    axis.draw(&mut svg, text.unit);
    let slot = (WIDTH - LEFT - RIGHT) / labels.len().max(1) as f64;
    let every = labels.len().div_ceil(24).max(1);
    for (index, (label, values)) in labels.iter().zip(&columns).enumerate() {
        let x = LEFT + slot * index as f64;
        column(&mut svg, text, &axis, label, *values, (x + slot * 0.14, slot * 0.72));
        if index % every == 0 {
            put(
                &mut svg,
                format_args!(
                    "<text class=\"ax\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    x + slot / 2.0,
                    height - 8.0,
                    escape(label)
                ),
            );
        }
    }
    put(
        &mut svg,
        format_args!("<path class=\"base\" d=\"M{LEFT:.1} {:.1}H{:.1}\"/></svg>", axis.y(0.0), WIDTH - RIGHT),
    );
    svg
}

/// Hatching and dots, so that no part is told by colour alone.
pub fn patterns(svg: &mut String, id: &str) {
    put(
        svg,
        format_args!(
            "<defs><pattern id=\"{id}-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect class=\"u0\" width=\"6\" height=\"6\"/><rect class=\"u1\" width=\"2\" height=\"6\"/></pattern>\
             <pattern id=\"{id}-dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
             <rect class=\"s0\" width=\"6\" height=\"6\"/><circle class=\"s1\" cx=\"3\" cy=\"3\" r=\"1.2\"/></pattern></defs>"
        ),
    );
}

fn column(svg: &mut String, text: StackText<'_>, axis: &Axis, label: &str, values: [f64; 3], (x, width): (f64, f64)) {
    let [matched, unmatched, surplus] = values;
    let shown = |value: f64| axis.figure(value, 1);
    put(
        svg,
        format_args!(
            "<g><title>{}: load {} {unit}, matched {}, unmatched {}, surplus {}</title>",
            escape(label),
            shown(matched + unmatched),
            shown(matched),
            shown(unmatched),
            shown(surplus),
            unit = escape(text.unit),
        ),
    );
    let mut bar = |class: &str, fill: &str, from: f64, to: f64| {
        let (y, tall) = (axis.y(to), axis.y(from) - axis.y(to));
        if tall >= 0.05 {
            put(
                svg,
                format_args!(
                    "<rect class=\"{class}\"{fill} x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{tall:.2}\"/>"
                ),
            );
        }
    };
    bar("sm", "", 0.0, matched);
    bar("su", &format!(" fill=\"url(#{}-hatch)\"", text.id), matched, matched + unmatched);
    bar("ss", &format!(" fill=\"url(#{}-dots)\"", text.id), -surplus, 0.0);
    svg.push_str("</g>");
}

/// A scale in round steps with zero somewhere on it.
struct Axis {
    step: f64,
    up: f64,
    down: f64,
    decimals: usize,
}

impl Axis {
    fn over(above: f64, below: f64) -> Self {
        let total = above + below;
        if total <= 0.0 || !total.is_finite() {
            return Self { step: 1.0, up: 1.0, down: 0.0, decimals: 0 };
        }
        let rough = total / 5.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= rough).unwrap_or(10.0 * power);
        let decimals = (0..9_i32).find(|d| step * 10_f64.powi(*d) >= 0.999).unwrap_or(9);
        Self { step, up: above * 1.03, down: below * 1.03, decimals: usize::try_from(decimals).unwrap_or(0) }
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (self.up - value) / (self.up + self.down) * PLOT_HEIGHT
    }

    fn figure(&self, value: f64, finer: usize) -> String {
        let decimals = self.decimals + finer;
        let text = format!("{:.decimals$}", value.abs());
        let (whole, part) = text.split_once('.').unwrap_or((text.as_str(), ""));
        let whole = whole.parse::<i128>().map_or_else(|_| whole.to_string(), grouped);
        if part.is_empty() { whole } else { format!("{whole}.{part}") }
    }

    fn draw(&self, svg: &mut String, unit: &str) {
        let steps = |span: f64| (span / self.step).floor() as i64;
        put(
            svg,
            format_args!(
                "<text class=\"ax\" x=\"{:.1}\" y=\"12\" text-anchor=\"end\">{}</text>",
                LEFT - 8.0,
                escape(unit)
            ),
        );
        for tick in -steps(self.down)..=steps(self.up) {
            let value = tick as f64 * self.step;
            let y = self.y(value);
            put(
                svg,
                format_args!(
                    "<path class=\"grid\" d=\"M{LEFT:.1} {y:.1}H{:.1}\"/><text class=\"ax\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                    WIDTH - RIGHT,
                    LEFT - 8.0,
                    y + 4.0,
                    self.figure(value, 0)
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_day_has_a_column_per_hour_and_its_figures() {
        let svg = average_day_svg(&[80.0; 24], &[20.0; 24], &[0.0; 24]);
        assert_eq!(svg.matches("class=\"sm\"").count(), 24);
        assert_eq!(svg.matches("class=\"su\"").count(), 24);
        assert_eq!(svg.matches("class=\"ss\"").count(), 0);
        assert!(svg.contains("<title>07: load 100.0 MW, matched 80.0, unmatched 20.0, surplus 0.0</title>"));
    }

    #[test]
    fn odd_figures_draw_without_harm() {
        for svg in [average_day_svg(&[], &[], &[]), average_day_svg(&[f64::NAN, 0.0], &[], &[f64::INFINITY])] {
            assert!(svg.ends_with("</svg>") && !svg.contains("NaN") && !svg.contains("inf"));
        }
        assert!(average_day_svg(&[4_000.0], &[12.5e-7], &[0.0]).contains("4,000"));
    }
}
