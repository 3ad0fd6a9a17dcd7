//! Horizontal bars of a certain part and a lesser part: sources, data quality.

use super::format::{escape, put};
use super::stack::patterns;

/// One bar: lengths in any common unit, and the figures as text.
#[derive(Debug, Clone)]
pub struct Bar {
    pub label: String,
    pub solid: i128,
    pub light: i128,
    pub figures: String,
}

const LEFT: f64 = 150.0;
const WIDTH: f64 = 1_000.0;
const ROW: f64 = 46.0;

/// Bars from one zero; solid is the part that counts, dotted the rest.
pub fn bars_svg(id: &str, about: &str, bars: &[Bar]) -> String {
    let largest = bars.iter().map(|bar| bar.solid.max(0) + bar.light.max(0)).max().unwrap_or(0).max(1) as f64;
    let room = WIDTH - LEFT - 4.0;
    let mut svg = String::new();
    put(
        &mut svg,
        format_args!(
            "<svg class=\"bars\" viewBox=\"0 0 {WIDTH:.0} {:.0}\" role=\"img\" aria-label=\"{}\">",
            ROW * bars.len() as f64,
            escape(about)
        ),
    );
    patterns(&mut svg, id);
    for (index, bar) in bars.iter().enumerate() {
        let y = ROW * index as f64;
        let solid = bar.solid.max(0) as f64 / largest * room;
        let light = bar.light.max(0) as f64 / largest * room;
        put(
            &mut svg,
            format_args!(
                "<text class=\"lb\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
                 <text class=\"ax\" x=\"{LEFT:.1}\" y=\"{:.1}\">{}</text>\
                 <rect class=\"sm\" x=\"{LEFT:.1}\" y=\"{:.1}\" width=\"{solid:.2}\" height=\"18\"/>",
                LEFT - 12.0,
                y + 33.0,
                escape(&bar.label),
                y + 14.0,
                escape(&bar.figures),
                y + 19.0,
            ),
        );
        if light >= 0.05 {
            put(
                &mut svg,
                format_args!(
                    "<rect class=\"ss\" fill=\"url(#{id}-dots)\" x=\"{:.2}\" y=\"{:.1}\" width=\"{light:.2}\" height=\"18\"/>",
                    LEFT + solid,
                    y + 19.0
                ),
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped() {
        let bar = Bar { label: "<b>".into(), solid: 3, light: 1, figures: "a & b".into() };
        let svg = bars_svg("x", "\"", &[bar]);
        assert!(svg.contains("&lt;b&gt;") && svg.contains("a &amp; b") && !svg.contains("<b>"));
    }
}
