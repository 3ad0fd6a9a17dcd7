//! The waterfall as a chart and a table.

use super::english;
use super::format::{Cut, put};
use super::svg::{self, Words};
use super::table::{Chart, Key, Section, Table, figure, text};
use super::view::View;
use crate::waterfall::{Kind, Step, scale, steps};

const WIDTH: f64 = 1_000.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = WIDTH - 8.0;
const TOP: f64 = 26.0;
const FLOOR: f64 = TOP + 250.0;
const HEIGHT: f64 = FLOOR + 52.0;

fn shown(step: &Step) -> String {
    format!("{}{}", step.sign(), english::percent_of(step.share()))
}

fn waterfall_svg(id: &str, steps: &[Step]) -> String {
    let desc: Vec<String> = steps.iter().map(|step| format!("{}: {}", step.name, shown(step))).collect();
    let desc = format!("{}.", desc.join("; "));
    let title = "From what was contracted to the hourly scores";
    let mut svg = String::with_capacity(8 * 1_024);
    svg::open(&mut svg, "fall", (WIDTH, HEIGHT), Words { id, title, desc: &desc }, "");
    svg::patterns(&mut svg, id);
    let whole = scale(steps);
    svg::grid_to(&mut svg, (LEFT, RIGHT), (TOP, FLOOR), whole / 100);
    let slot = (RIGHT - LEFT) / steps.len().max(1) as f64;
    let y = |share: i128| FLOOR - (FLOOR - TOP) * (share.clamp(0, whole) as f64 / whole as f64);
    for (index, step) in steps.iter().enumerate() {
        let (x, width) = (LEFT + slot * (index as f64 + 0.14), slot * 0.72);
        let (from, to) = (step.from.share, step.to.share);
        let (top, bottom) = (y(from.max(to)), y(from.min(to)));
        let tall = (bottom - top).max(0.75);
        let paint = match step.kind {
            Kind::Level => "class=\"sm\"".to_string(),
            Kind::Loss => format!("class=\"su\" fill=\"url(#{id}-hatch)\""),
            Kind::Gain => format!("class=\"ss\" fill=\"url(#{id}-dots)\""),
        };
        put(
            &mut svg,
            format_args!("<rect {paint} x=\"{x:.2}\" y=\"{top:.2}\" width=\"{width:.2}\" height=\"{tall:.2}\"/>"),
        );
        let middle = x + width / 2.0;
        svg::text(&mut svg, "lb", (middle, top - 6.0), "middle", &shown(step));
        for (line, words) in step.lines.iter().enumerate() {
            svg::text(&mut svg, "ax", (middle, FLOOR + 18.0 + 15.0 * line as f64), "middle", words);
        }
        if index + 1 < steps.len() {
            let end = y(to);
            put(&mut svg, format_args!("<path class=\"tie\" d=\"M{:.2} {end:.2}H{:.2}\"/>", x + width, x + slot));
        }
    }
    put(&mut svg, format_args!("<path class=\"base\" d=\"M{LEFT:.1} {FLOOR:.1}H{RIGHT:.1}\"/></svg>"));
    svg
}

/// The chart and its figures; nothing without load.
pub fn section(view: &View<'_>) -> Option<Section> {
    let report = view.report;
    let steps = steps(report);
    if steps.is_empty() {
        return None;
    }
    let mut section = Section::new(
        "waterfall",
        "From what was contracted to every hour",
        "Contracted energy over all load, whenever and wherever it was generated; what of it remains once it has to be \
         generated in the boundary and the interval that uses it; and why load went unmatched: never contracted, \
         contracted at other hours, or elsewhere in that hour. Contracted less stored, beyond what load lacked, at other \
         hours and elsewhere is matched; so is all load less never contracted, at other hours and elsewhere. Scores are \
         floored; a step is what lies between two of them as shown, so that the steps add up.",
    );
    section.charts.push(Chart {
        class: "scroll",
        svg: waterfall_svg("fall", &steps),
        caption: "Part of the portfolio's load".into(),
        keys: vec![
            Key { class: "km", label: "a score" },
            Key { class: "ku", label: "contracted, not matched; or of the load, never contracted" },
            Key { class: "ks", label: "what the grid adds" },
        ],
        data: String::new(),
        tables: vec![table(&steps, view)],
    });
    Some(section)
}

/// The same steps with their energy: load cut upwards, scores downwards, and what lies between them as shown.
fn table(steps: &[Step], view: &View<'_>) -> Table {
    let (energy, load) = (view.energy, view.report.portfolio.load_wh);
    let cut = |wh: i128| if wh == load { Cut::Up } else { Cut::Down };
    let mut table =
        Table::new("Steps from what was contracted", [text("Step"), figure("Energy", "MWh"), figure("of load", "")]);
    for step in steps {
        let (from, to) = (step.from.wh, step.to.wh);
        let wh = match step.kind {
            Kind::Level => energy.shown(to, cut(to)),
            Kind::Loss | Kind::Gain => energy.between((from, cut(from)), (to, cut(to))),
        };
        table.push(step.name, vec![wh, shown(step)]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::sample_report;

    #[test]
    fn the_chart_and_its_table_print_the_same_steps() {
        let report = sample_report();
        let all = steps(&report);
        let levels: Vec<i128> = all.iter().filter(|s| s.kind == Kind::Level).map(|s| s.to.wh).collect();
        assert_eq!(levels, [420, 366, 446]);
        let svg = waterfall_svg("fall", &all);
        let view = View::new(&report).expect("view");
        let shares: Vec<String> = table(&all, &view).lines.into_iter().map(|line| line.cells[1].text.clone()).collect();
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
        assert_eq!(shares, expected);
        assert!(expected.iter().all(|share| svg.contains(&format!(">{share}<"))));
    }

    #[test]
    fn no_load_draws_nothing() {
        assert!(waterfall_svg("fall", &[]).ends_with("</svg>"));
    }
}
