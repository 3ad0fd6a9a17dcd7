//! Draws the marks of a chart as SVG, with its text alternative and patterns beside colour.

use super::text::{escape, put};
use crate::charts::heat::{NO_LOAD, STEPS};
use crate::charts::scene::{Anchor, At, Letters, Map, Mark, Paint, Rect, Run, Scene, Stroke};

/// What a chart says of itself to those who do not see it.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// Prefix of the ids inside the SVG; a page uses each once.
    pub id: &'a str,
    pub title: &'a str,
    pub desc: &'a str,
}

pub fn svg(scene: &Scene, words: Words<'_>) -> String {
    let map = scene.marks.iter().find_map(|mark| match mark {
        Mark::Map(map) => Some(map),
        _ => None,
    });
    let mut svg = String::with_capacity(16 * 1_024);
    open(&mut svg, scene, words, map);
    if scene.marks.iter().any(|mark| matches!(mark, Mark::Bars(..))) {
        patterns(&mut svg, words.id);
    }
    for mark in &scene.marks {
        draw(&mut svg, mark, words.id);
    }
    if let Some(Map { cell: (width, height), .. }) = map {
        svg.push_str(&format!(
            "<rect class=\"cursor\" width=\"{width:.4}\" height=\"{height:.1}\" visibility=\"hidden\"/>"
        ));
    }
    svg.push_str("</svg>");
    svg
}

/// The script that reads out a map finds where its cells lie.
fn open(svg: &mut String, scene: &Scene, Words { id, title, desc }: Words<'_>, map: Option<&Map>) {
    let (kind, (width, height)) = (scene.kind, scene.size);
    let roomy = if map.is_some_and(|map| map.roomy) { " roomy" } else { "" };
    svg.push_str(&format!(
        "<svg class=\"{kind}{roomy}\" viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" aria-labelledby=\"{id}-t\""
    ));
    if !desc.is_empty() {
        put(svg, format_args!(" aria-describedby=\"{id}-d\""));
    }
    if let Some(Map { at: (x, y), cell: (w, h), .. }) = map {
        put(svg, format_args!(" data-x=\"{x:.1}\" data-y=\"{y:.1}\" data-w=\"{w:.4}\" data-h=\"{h:.1}\""));
    }
    put(svg, format_args!("><title id=\"{id}-t\">{}</title>", escape(title)));
    if !desc.is_empty() {
        put(svg, format_args!("<desc id=\"{id}-d\">{}</desc>", escape(desc)));
    }
}

/// Hatching and dots, so that no part is told by colour alone.
fn patterns(svg: &mut String, id: &str) {
    svg.push_str(&format!(
        "<defs><pattern id=\"{id}-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect class=\"u0\" width=\"6\" height=\"6\"/><rect class=\"u1\" width=\"2\" height=\"6\"/></pattern>\
         <pattern id=\"{id}-dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
         <rect class=\"s0\" width=\"6\" height=\"6\"/><circle class=\"s1\" cx=\"3\" cy=\"3\" r=\"1.2\"/></pattern></defs>"
    ));
}

fn draw(svg: &mut String, mark: &Mark, id: &str) {
    match mark {
        Mark::Bars(paint, bars) => draw_bars(svg, *paint, bars, id),
        Mark::Area(points) => put(svg, format_args!("<path class=\"area\" d=\"{}z\"/>", path(points))),
        Mark::Line(stroke, points) => {
            put(svg, format_args!("<path class=\"{}\" d=\"{}\"/>", class_of(*stroke), path(points)));
        }
        Mark::Text { letters, at: (x, y), anchor, words } => svg.push_str(&format!(
            "<text class=\"{}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{}\">{}</text>",
            match letters {
                Letters::Axis => "ax",
                Letters::AxisIfRoom => "ax odd",
                Letters::Label => "lb",
            },
            match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            },
            escape(words)
        )),
        Mark::Wedge((x, y)) => put(svg, format_args!("<path class=\"mark\" d=\"M{x:.1} {y:.1}l4 6h-8z\"/>")),
        Mark::Map(map) => draw_map(svg, map, id),
        Mark::Named(name) => put(svg, format_args!("<g><title>{}</title>", escape(name))),
        Mark::End => svg.push_str("</g>"),
    }
}

fn class_of(stroke: Stroke) -> &'static str {
    match stroke {
        Stroke::Grid => "grid",
        Stroke::Base => "base",
        Stroke::Tie => "tie",
        Stroke::Curve => "line",
        Stroke::Tick => "tick",
        Stroke::Doubt => "doubt",
    }
}

/// Several bars share one path.
fn draw_bars(svg: &mut String, paint: Paint, bars: &[Rect], id: &str) {
    let (class, fill) = match paint {
        Paint::Unmatched => ("su", format!(" fill=\"url(#{id}-hatch)\"")),
        Paint::Surplus => ("ss", format!(" fill=\"url(#{id}-dots)\"")),
        _ => ("sm", String::new()),
    };
    if let [Rect { x, y, width, height }] = bars {
        svg.push_str(&format!(
            "<rect class=\"{class}\"{fill} x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\"/>"
        ));
        return;
    }
    put(svg, format_args!("<path class=\"{class}\"{fill} d=\""));
    for Rect { x, y, width, height } in bars {
        put(svg, format_args!("M{x:.1} {y:.1}h{width:.1}v{height:.1}h-{width:.1}z"));
    }
    svg.push_str("\"/>");
}

/// The points, level and upright stretches in short.
fn path(points: &[At]) -> String {
    let mut path = String::new();
    let mut last: Option<At> = None;
    for (x, y) in points.iter().copied() {
        match last {
            None => put(&mut path, format_args!("M{x:.1} {y:.1}")),
            Some((_, same)) if same == y => put(&mut path, format_args!("H{x:.1}")),
            Some((same, _)) if same == x => put(&mut path, format_args!("V{y:.1}")),
            Some(_) => put(&mut path, format_args!("L{x:.1} {y:.1}")),
        }
        last = Some((x, y));
    }
    path
}

/// In units of a cell; hours of the same step share one path, those without load a dash each.
fn draw_map(svg: &mut String, map: &Map, id: &str) {
    let ((x, y), (width, height)) = (map.at, map.cell);
    svg.push_str(&format!(
        "<defs><pattern id=\"{id}-void\" width=\"1\" height=\"1\" patternUnits=\"userSpaceOnUse\"><rect class=\"hv\" y=\".4\" width=\"1\" height=\".2\"/></pattern></defs>\
         <g transform=\"translate({x:.1} {y:.1}) scale({width:.4} {height:.1})\">"
    ));
    for (step, (key, runs)) in STEPS.iter().zip(&map.runs).enumerate() {
        if runs.is_empty() {
            continue;
        }
        let fill = if step == NO_LOAD { format!(" fill=\"url(#{id}-void)\"") } else { String::new() };
        put(svg, format_args!("<path class=\"{}\"{fill} d=\"", key_class(key.paint)));
        for Run { day, first, next } in runs {
            put(svg, format_args!("M{day} {first}h1v{}h-1z", next - first));
        }
        svg.push_str("\"/>");
    }
    svg.push_str("</g>");
}

/// The class of a swatch, and of the cells of a step.
pub fn key_class(paint: Paint) -> &'static str {
    const CELLS: [&str; 7] = ["h0", "h1", "h2", "h3", "h4", "h5", "h6"];
    match paint {
        Paint::Matched => "km",
        Paint::Unmatched => "ku",
        Paint::Surplus => "ks",
        Paint::Doubt => "kd",
        Paint::Step(step) => CELLS.get(step).copied().unwrap_or("hx"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::bars::{Bar, bars};
    use crate::charts::curve::curve;
    use crate::charts::heat::heat;
    use crate::charts::multiples::{Panel, multiples};
    use crate::charts::stack::stacked;
    use crate::hours::{Sums, local_days};
    use crate::tests::sample::slots;
    use reports::time::Zone;
    use std::collections::BTreeSet;

    const WORDS: Words<'static> = Words { id: "x", title: "a <b>", desc: "\"" };

    #[test]
    fn names_and_words_are_escaped() {
        let bar =
            Bar { label: "<b>".into(), parts: vec![(Paint::Matched, 3), (Paint::Surplus, 1)], figures: "a & b".into() };
        let bars = svg(&bars(&[bar]), WORDS);
        assert!(bars.contains("&lt;b&gt;") && bars.contains("a &amp; b") && !bars.contains("<b>"));
        let columns = svg(&stacked("\"", &["<i>".to_string()], &[[1.0, 0.0, 0.0]]), WORDS);
        assert!(!columns.contains("<i>") && columns.ends_with("</svg>"));
    }

    #[test]
    fn each_part_of_a_panel_is_one_path() {
        let panel = |name: &str| Panel { name: name.into(), hours: vec![[2.0, 1.0, 0.5]; 24] };
        let panels: Vec<Panel> = (0..12).map(|month| panel(&format!("<m{month}>"))).collect();
        let svg = svg(&multiples("MW", &panels), WORDS);
        assert_eq!(svg.matches("<path class=\"sm\"").count(), 12);
        assert_eq!(svg.matches("<path class=\"ss\"").count(), 12);
        assert!(svg.contains("&lt;m11&gt;") && !svg.contains("<m11>"));
    }

    #[test]
    fn a_long_curve_stays_small() {
        let shares: Vec<i128> = (0..9_000).rev().map(|i| i * 111).collect();
        let svg = svg(&curve(&shares), WORDS);
        assert!(svg.len() < 30_000 && !svg.contains("NaN"), "{} bytes", svg.len());
    }

    #[test]
    fn a_map_draws_the_hours_of_a_step_in_one_path_and_maps_of_one_page_share_no_id() {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let span = zone.day("2026-10-25".parse().expect("date"));
        let sums = Sums { load: 100, matched: 50, unmatched: 50, ..Sums::default() };
        let slots = slots(span.start, span.end, 3_600, sums);
        let days = local_days(zone, 3_600, &slots);
        let svg = svg(&heat(&days, 1, &BTreeSet::new()), Words { id: "b-1-heat", ..WORDS });
        assert_eq!(svg.matches("h1v1h-1z").count(), 25);
        assert!(svg.contains("M0 2h1v1") && svg.contains("M0 24h1v1") && svg.contains(">again<"));
        assert!(svg.contains("id=\"b-1-heat-void\"") && !svg.contains("\"heat-") && svg.contains("a &lt;b&gt;"));
    }
}
