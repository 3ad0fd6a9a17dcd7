//! Columns of matched and unmatched energy above a line, surplus below it.

use super::axis::{Axis, Plot};
use super::format::{escape, put};
use super::svg::{self, Words};

const WIDTH: f64 = 1_000.0;
const BOTTOM: f64 = 26.0;
const PLOT: Plot = Plot { left: 64.0, right: WIDTH - 8.0, top: 26.0, height: 250.0 };

/// What a stacked chart says of itself.
#[derive(Debug, Clone, Copy)]
pub struct StackText<'a> {
    /// Prefix of the ids inside the SVG; a page uses each once.
    pub id: &'a str,
    /// The text alternative.
    pub about: &'a str,
    pub unit: &'a str,
}

/// Matched, unmatched and surplus of one column.
pub type Parts = [f64; 3];

/// The average day: mean MW by local clock hour, hour 0 first.
///
/// Load is what stands above the line, matched and unmatched; surplus hangs below it, since it is
/// never carried to another hour. The three slices run in parallel, usually 24 long.
pub fn average_day_svg(matched_mw: &[f64], unmatched_mw: &[f64], surplus_mw: &[f64]) -> String {
    let labels: Vec<String> = (0..matched_mw.len()).map(|hour| format!("{hour:02}")).collect();
    let text = StackText {
        id: "day",
        about: "Average day by local hour: matched and unmatched mean power above the line, together the load; \
                surplus below the line.",
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
    let at = |values: &[f64], index: usize| values.get(index).copied().unwrap_or(0.0);
    let columns: Vec<Parts> = (0..labels.len()).map(|i| [at(matched, i), at(unmatched, i), at(surplus, i)]).collect();
    let words = Words { id: text.id, title: text.about, desc: "" };
    stacked(words, text.unit, labels, &columns)
}

/// The same with its own text alternative.
pub fn stacked(words: Words<'_>, unit: &str, labels: &[String], columns: &[Parts]) -> String {
    let columns: Vec<Parts> = columns.iter().map(|parts| drawable(*parts)).collect();
    let (above, below) = extent(&columns);
    let axis = Axis::over(above, below, PLOT);
    let height = PLOT.top + PLOT.height + BOTTOM;
    let mut svg = String::with_capacity(8 * 1_024);
    svg::open(&mut svg, "stack", (WIDTH, height), words, "");
    svg::patterns(&mut svg, words.id);
    axis.draw(&mut svg, unit);
    let slot = (PLOT.right - PLOT.left) / labels.len().max(1) as f64;
    let every = labels.len().div_ceil(24).max(1);
    for (index, (label, parts)) in labels.iter().zip(&columns).enumerate() {
        let x = PLOT.left + slot * index as f64;
        hover_text(&mut svg, label, unit, parts, &axis);
        bars(&mut svg, words.id, &axis, parts, (x + slot * 0.14, slot * 0.72));
        svg.push_str("</g>");
        if index % every == 0 {
            // Every second label gives way where the chart is small.
            let class = if (index / every) % 2 == 1 { "ax odd" } else { "ax" };
            svg::text(&mut svg, class, (x + slot / 2.0, height - 8.0), "middle", label);
        }
    }
    axis.base(&mut svg);
    svg.push_str("</svg>");
    svg
}

/// Negative and impossible values count as nothing.
pub fn drawable(parts: Parts) -> Parts {
    parts.map(|value| if value.is_finite() { value.max(0.0) } else { 0.0 })
}

/// How far the columns reach above and below the line.
pub fn extent(columns: &[Parts]) -> (f64, f64) {
    let above = columns.iter().map(|[matched, unmatched, _]| matched + unmatched).fold(0.0, f64::max);
    let below = columns.iter().map(|[_, _, surplus]| *surplus).fold(0.0, f64::max);
    (above, below)
}

fn hover_text(svg: &mut String, label: &str, unit: &str, parts: &Parts, axis: &Axis) {
    let [matched, unmatched, surplus] = *parts;
    put(
        svg,
        format_args!(
            "<g><title>{}: load {} {}, matched {}, unmatched {}, surplus {}</title>",
            escape(label),
            axis.figure(matched + unmatched, 1),
            escape(unit),
            axis.figure(matched, 1),
            axis.figure(unmatched, 1),
            axis.figure(surplus, 1),
        ),
    );
}

fn bars(svg: &mut String, id: &str, axis: &Axis, parts: &Parts, (x, width): (f64, f64)) {
    let [matched, unmatched, surplus] = *parts;
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
    bar("su", &format!(" fill=\"url(#{id}-hatch)\""), matched, matched + unmatched);
    bar("ss", &format!(" fill=\"url(#{id}-dots)\""), -surplus, 0.0);
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
    fn every_second_label_may_give_way() {
        let svg = average_day_svg(&[1.0; 24], &[0.0; 24], &[0.0; 24]);
        assert_eq!(svg.matches("class=\"ax odd\"").count(), 12);
        assert!(svg.contains(">00</text>") && !svg.contains("odd\" x=\"83.3\""));
    }

    #[test]
    fn odd_figures_draw_without_harm() {
        for svg in [average_day_svg(&[], &[], &[]), average_day_svg(&[f64::NAN, 0.0], &[], &[f64::INFINITY])] {
            assert!(svg.ends_with("</svg>") && !svg.contains("NaN") && !svg.contains("inf"));
        }
        assert!(average_day_svg(&[4_000.0], &[12.5e-7], &[0.0]).contains("4,000"));
    }

    #[test]
    fn a_title_is_escaped() {
        let text = StackText { id: "x", about: "<b>", unit: "\"" };
        let svg = stacked_svg(text, &["<i>".to_string()], &[1.0], &[], &[]);
        assert!(!svg.contains("<b>") && !svg.contains("<i>"));
    }
}
