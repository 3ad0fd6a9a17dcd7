//! The average day of each month, side by side on one scale.

use super::axis::{Axis, Plot};
use super::format::{escape, put};
use super::stack::{Parts, drawable, extent};
use super::svg::{self, Words};

const WIDTH: f64 = 1_000.0;
const COLUMNS: usize = 4;
const LEFT: f64 = 56.0;
const GAP: f64 = 14.0;
const TOP: f64 = 30.0;
const PLOT_HEIGHT: f64 = 110.0;
const ROW: f64 = TOP + PLOT_HEIGHT + 28.0;

/// One month: its name, and matched, unmatched and surplus by local hour.
#[derive(Debug, Clone)]
pub struct Panel {
    pub name: String,
    pub hours: Vec<Parts>,
}

pub fn multiples_svg(words: Words<'_>, unit: &str, panels: &[Panel]) -> String {
    let all: Vec<Parts> = panels.iter().flat_map(|panel| &panel.hours).map(|parts| drawable(*parts)).collect();
    let (above, below) = extent(&all);
    let rows = panels.len().div_ceil(COLUMNS).max(1);
    let mut svg = String::with_capacity(32 * 1_024);
    svg::open(&mut svg, "many", (WIDTH, ROW * rows as f64), words, "");
    svg::patterns(&mut svg, words.id);
    let width = (WIDTH - LEFT - GAP * COLUMNS as f64) / COLUMNS as f64;
    for row in 0..rows {
        let plot = Plot { left: LEFT, right: WIDTH - GAP, top: TOP + ROW * row as f64, height: PLOT_HEIGHT };
        let axis = Axis::over(above, below, plot);
        axis.draw(&mut svg, unit);
        for (column, panel) in panels.iter().skip(row * COLUMNS).take(COLUMNS).enumerate() {
            let left = LEFT + (width + GAP) * column as f64;
            put(&mut svg, format_args!("<g><title>{}</title>", escape(&panel.name)));
            svg::text(&mut svg, "lb", (left + 2.0, plot.top - 10.0), "start", &panel.name);
            bars(&mut svg, words.id, &axis, &panel.hours, (left, width));
            for hour in [0_u32, 6, 12, 18] {
                let x = left + width * (f64::from(hour) + 0.5) / 24.0;
                svg::text(&mut svg, "ax", (x, plot.top + PLOT_HEIGHT + 15.0), "middle", &format!("{hour:02}"));
            }
            svg.push_str("</g>");
        }
        axis.base(&mut svg);
    }
    svg.push_str("</svg>");
    svg
}

/// One path for each part of the columns.
fn bars(svg: &mut String, id: &str, axis: &Axis, hours: &[Parts], (left, width): (f64, f64)) {
    let mut paths = [String::new(), String::new(), String::new()];
    let slot = width / hours.len().max(1) as f64;
    for (hour, parts) in hours.iter().enumerate() {
        let [matched, unmatched, surplus] = drawable(*parts);
        let x = left + slot * (hour as f64 + 0.1);
        let spans = [(0.0, matched), (matched, matched + unmatched), (-surplus, 0.0)];
        for (path, (from, to)) in paths.iter_mut().zip(spans) {
            let (y, tall) = (axis.y(to), axis.y(from) - axis.y(to));
            if tall >= 0.05 {
                put(path, format_args!("M{x:.1} {y:.1}h{:.1}v{tall:.1}h-{:.1}z", slot * 0.8, slot * 0.8));
            }
        }
    }
    let fills = [String::new(), format!(" fill=\"url(#{id}-hatch)\""), format!(" fill=\"url(#{id}-dots)\"")];
    for ((class, fill), path) in ["sm", "su", "ss"].iter().zip(fills).zip(&paths) {
        if !path.is_empty() {
            put(svg, format_args!("<path class=\"{class}\"{fill} d=\"{path}\"/>"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_has_its_panel() {
        let panel = |name: &str| Panel { name: name.into(), hours: vec![[2.0, 1.0, 0.5]; 24] };
        let panels: Vec<Panel> = (0..12).map(|month| panel(&format!("<m{month}>"))).collect();
        let words = Words { id: "many", title: "t", desc: "d" };
        let svg = multiples_svg(words, "MW", &panels);
        assert_eq!(svg.matches("<path class=\"sm\"").count(), 12);
        assert_eq!(svg.matches("<path class=\"ss\"").count(), 12);
        assert!(svg.contains("&lt;m11&gt;") && !svg.contains("<m11>"));
        assert!(multiples_svg(words, "MW", &[]).ends_with("</svg>"));
    }
}
