//! What every chart has: a frame with its text alternative, and patterns beside colour.

use super::format::{escape, put};

/// What a chart says of itself to those who do not see it.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// Prefix of the ids inside the SVG; a page uses each once.
    pub id: &'a str,
    pub title: &'a str,
    pub desc: &'a str,
}

/// Opens an SVG; `more` is further attributes, escaped already.
pub fn open(svg: &mut String, class: &str, (width, height): (f64, f64), words: Words<'_>, more: &str) {
    let Words { id, title, desc } = words;
    let described = if desc.is_empty() { String::new() } else { format!(" aria-describedby=\"{id}-d\"") };
    put(
        svg,
        format_args!(
            "<svg class=\"{class}\" viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" aria-labelledby=\"{id}-t\"{described}{more}>\
             <title id=\"{id}-t\">{}</title>",
            escape(title)
        ),
    );
    if !desc.is_empty() {
        put(svg, format_args!("<desc id=\"{id}-d\">{}</desc>", escape(desc)));
    }
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

/// Text at a point.
pub fn text(svg: &mut String, class: &str, (x, y): (f64, f64), anchor: &str, words: &str) {
    put(
        svg,
        format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
            escape(words)
        ),
    );
}

/// Lines at every quarter of a percent scale between two heights, from `left` to `right`.
pub fn percent_grid(svg: &mut String, across: (f64, f64), between: (f64, f64)) {
    grid_to(svg, across, between, 100);
}

/// The same of a scale that ends at so many percent.
pub fn grid_to(svg: &mut String, (left, right): (f64, f64), (top, bottom): (f64, f64), percent: i128) {
    for quarter in 0..=4_u32 {
        let y = bottom - (bottom - top) * f64::from(quarter) / 4.0;
        put(svg, format_args!("<path class=\"grid\" d=\"M{left:.1} {y:.1}H{right:.1}\"/>"));
        text(svg, "ax", (left - 8.0, y + 4.0), "end", &format!("{} %", i128::from(quarter) * percent / 4));
    }
}
