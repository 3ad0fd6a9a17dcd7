//! The waterfall: what lies between 100 % of load on an annual claim and the hourly scores.
//!
//! `100 % - never contracted = annual share, capped; - stored and not re-issued - surplus of other hours = matched
//! share; + the grid's carbon-free share = CFE score`. Each step is an exact sum over boundaries.

use super::format::put;
use super::language::Language;
use super::svg::{self, Words};
use super::table::{Chart, Key, Section, Table, figure, text};
use super::view::View;
use crate::report::{BoundaryReport, Totals};

const WIDTH: f64 = 1_000.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = WIDTH - 8.0;
const TOP: f64 = 26.0;
const FLOOR: f64 = TOP + 250.0;
const HEIGHT: f64 = FLOOR + 52.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Level,
    Loss,
    Gain,
}

/// One column, from one level of Wh to another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    name: &'static str,
    /// The name on the chart, in lines that fit a column.
    lines: &'static [&'static str],
    kind: Kind,
    from: i128,
    to: i128,
}

impl Step {
    fn wh(&self) -> i128 {
        (self.to - self.from).abs()
    }
}

/// The steps of a portfolio; empty without load.
fn steps(portfolio: &Totals, boundaries: &[BoundaryReport]) -> Vec<Step> {
    let load = portfolio.load_wh;
    if load <= 0 {
        return Vec::new();
    }
    let (mut annual, mut held) = (0, 0);
    for totals in boundaries.iter().map(|boundary| &boundary.totals) {
        let capped = (totals.contracted_wh - totals.reissued_wh).min(totals.load_wh);
        let lost = (capped - totals.matched_wh).max(0);
        annual += capped;
        held += (totals.stored_wh - totals.reissued_wh).clamp(0, lost);
    }
    let matched = portfolio.matched_wh;
    let level = |name, lines, to| Step { name, lines, kind: Kind::Level, from: 0, to };
    let loss = |name, lines, from, to| Step { name, lines, kind: Kind::Loss, from, to };
    let mut steps = vec![
        level("All load, as an annual claim of 100 %", &["100 % of load,", "annual claim"], load),
        loss("Not contracted in its boundary, whenever generated", &["never", "contracted"], load, annual),
        level("Annual volumetric share, capped", &["annual share,", "capped"], annual),
    ];
    if held > 0 {
        steps.push(loss(
            "Stored and not re-issued in the period",
            &["stored, not", "re-issued"],
            annual,
            annual - held,
        ));
    }
    steps.push(loss(
        "Contracted, but generated in hours that did not need it",
        &["surplus of", "other hours"],
        annual - held,
        matched,
    ));
    steps.push(level("Matched share, hourly", &["matched share,", "hourly"], matched));
    if portfolio.cfe_score.is_some() {
        let with_grid = matched + portfolio.grid_cfe_wh;
        steps.push(Step {
            name: "The grid's own carbon-free share of what was left",
            lines: &["grid's own", "carbon-free"],
            kind: Kind::Gain,
            from: matched,
            to: with_grid,
        });
        steps.push(level("CFE score", &["CFE score"], with_grid));
    }
    steps
}

fn shown(step: &Step, load: i128, language: Language) -> String {
    let sign = match step.kind {
        Kind::Level => "",
        Kind::Loss => "\u{2212}",
        Kind::Gain => "+",
    };
    format!("{sign}{}", language.share(step.wh(), load))
}

fn waterfall_svg(id: &str, steps: &[Step], load: i128, language: Language) -> String {
    let desc: Vec<String> =
        steps.iter().map(|step| format!("{}: {}", step.name, shown(step, load, language))).collect();
    let desc = format!("{}.", desc.join("; "));
    let title = "From 100 % of load on an annual claim to the hourly scores";
    let mut svg = String::with_capacity(8 * 1_024);
    svg::open(&mut svg, "fall", (WIDTH, HEIGHT), Words { id, title, desc: &desc }, "");
    svg::patterns(&mut svg, id);
    svg::percent_grid(&mut svg, (LEFT, RIGHT), (TOP, FLOOR));
    let slot = (RIGHT - LEFT) / steps.len().max(1) as f64;
    let y = |wh: i128| FLOOR - (FLOOR - TOP) * (wh.clamp(0, load) as f64 / load.max(1) as f64);
    for (index, step) in steps.iter().enumerate() {
        let (x, width) = (LEFT + slot * (index as f64 + 0.14), slot * 0.72);
        let (top, bottom) = (y(step.from.max(step.to)), y(step.from.min(step.to)));
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
        svg::text(&mut svg, "lb", (middle, top - 6.0), "middle", &shown(step, load, language));
        for (line, words) in step.lines.iter().enumerate() {
            svg::text(&mut svg, "ax", (middle, FLOOR + 18.0 + 15.0 * line as f64), "middle", words);
        }
        if index + 1 < steps.len() {
            let end = y(step.to);
            put(&mut svg, format_args!("<path class=\"tie\" d=\"M{:.2} {end:.2}H{:.2}\"/>", x + width, x + slot));
        }
    }
    put(&mut svg, format_args!("<path class=\"base\" d=\"M{LEFT:.1} {FLOOR:.1}H{RIGHT:.1}\"/></svg>"));
    svg
}

/// The chart and its figures; nothing without load.
pub fn section(view: &View<'_>) -> Option<Section> {
    let report = view.report;
    let (load, steps) = (report.portfolio.load_wh, steps(&report.portfolio, &report.boundaries));
    if steps.is_empty() {
        return None;
    }
    let mut section = Section::new(
        "waterfall",
        "From 100 % a year to every hour",
        "An annual claim counts all contracted energy against all load. Here is what of it remains once energy has to \
         be generated in the boundary and the interval that uses it. Steps are floored and may differ from their sums in \
         the last digit.",
    );
    section.charts.push(Chart {
        class: "scroll",
        svg: waterfall_svg("fall", &steps, load, view.language),
        caption: "Part of the portfolio's load".into(),
        keys: vec![
            Key { class: "km", label: "a score" },
            Key { class: "ku", label: "what the next score leaves out" },
            Key { class: "ks", label: "what the grid adds" },
        ],
        data: String::new(),
        tables: vec![table(&steps, load, view)],
    });
    Some(section)
}

/// The same steps with their energy.
fn table(steps: &[Step], load: i128, view: &View<'_>) -> Table {
    let energy = view.energy;
    let mut table =
        Table::new("Steps from the annual claim", [text("Step"), figure("Energy", "MWh"), figure("of load", "")]);
    for step in steps {
        let wh = if step.kind == Kind::Loss { energy.up(step.wh()) } else { energy.down(step.wh()) };
        table.push(step.name, vec![wh, shown(step, load, view.language)]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::html::sample::sample_report;

    #[test]
    fn steps_hang_together() {
        let report = sample_report();
        let steps = steps(&report.portfolio, &report.boundaries);
        let levels: Vec<i128> = steps.iter().filter(|s| s.kind == Kind::Level).map(|s| s.to).collect();
        assert_eq!(levels, [600, 420, 366, 446]);
        let lost: Vec<i128> = steps.iter().filter(|s| s.kind == Kind::Loss).map(Step::wh).collect();
        assert_eq!(lost, [180, 4, 50]);
        for pair in steps.windows(2) {
            let next = if pair[1].kind == Kind::Level { pair[1].to } else { pair[1].from };
            assert_eq!(pair[0].to, next, "{}", pair[1].name);
        }
        let svg = waterfall_svg("fall", &steps, 600, Language::En);
        assert!(svg.contains(">70.00 %<") && svg.contains(">61.00 %<") && svg.contains(">74.33 %<"));
    }

    #[test]
    fn no_load_has_no_steps() {
        assert!(steps(&Totals::default(), &[]).is_empty());
        assert!(waterfall_svg("fall", &[], 0, Language::En).ends_with("</svg>"));
    }
}
