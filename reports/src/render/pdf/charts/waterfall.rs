//! From all load to the hourly score: what is never contracted, what timing costs, what the grid adds.

use crate::render::pdf::canvas::{Area, Canvas, LEFT, WIDTH};
use crate::render::pdf::figures::{hundredths, percent_of_hundredths};
use crate::render::pdf::flow::Flow;
use crate::render::pdf::frame::Frame;
use crate::render::pdf::helvetica::Face;
use crate::render::pdf::palette::{
    Colour, HAIR, INK, MATCHED, MATCHED_PALE, MUTED, STORED, SURPLUS, SURPLUS_PALE, UNMATCHED, UNMATCHED_PALE,
};
use crate::render::pdf::text::{LABEL, Style};
use crate::report::Totals;
use std::cmp::Ordering;

const HEIGHT: f32 = 150.0;
const LABELS: f32 = 30.0;
const VALUE: Style = Style { face: Face::Bold, size: 8.0, colour: INK };
/// All load, in hundredths of a percent.
const ALL: i128 = 10_000;

/// A bar from `low` to `high`, in hundredths of a percent of load.
struct Step {
    name: &'static str,
    low: i128,
    high: i128,
    label: String,
    fill: Colour,
    edge: Colour,
    /// Where the next bar takes over.
    level: i128,
}

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    let totals = &frame.report.portfolio;
    flow.section_with(
        "From the annual share to the hourly score",
        "Shares of all load. The annual share, capped, takes energy from any hour for any other; the matched share \
         only what was there in the same interval. Between them lies what went to surplus, to storage losses or to \
         sites a contract does not serve.",
        HEIGHT + 44.0,
    );
    let Some(steps) = steps(totals) else {
        flow.note("Without load there is no share: not applicable.");
        return;
    };
    let top = flow.block(HEIGHT + 44.0);
    let plot = Area::new(LEFT + LABELS, top + 12.0, WIDTH - LABELS, HEIGHT);
    bars(flow.canvas(), plot, &steps);
    if let Some(annual) = totals.annual_share.as_deref().and_then(hundredths).filter(|annual| *annual > ALL) {
        flow.note(&format!("Uncapped, contracted energy is {} of load.", percent_of_hundredths(annual)));
    }
}

fn steps(totals: &Totals) -> Option<Vec<Step>> {
    let annual = totals.annual_share_capped.as_deref().and_then(hundredths)?.min(ALL);
    let mut matched = totals.matched_share.as_deref().and_then(hundredths)?.min(ALL);
    if matched == ALL && totals.unmatched_wh > 0 {
        matched = ALL - 1;
    }
    let mut steps = vec![
        whole("All load", ALL, MATCHED_PALE),
        change("Never contracted", ALL, annual, (UNMATCHED_PALE, UNMATCHED)),
        whole("Annual volumetric, capped", annual, STORED),
        change("Lost to surplus and timing", annual, matched, (SURPLUS_PALE, SURPLUS)),
        whole("Matched share, hourly", matched, MATCHED),
    ];
    if let Some(cfe) = totals.cfe_score.as_deref().and_then(hundredths) {
        let cfe = cfe.clamp(matched, ALL);
        steps.push(change("Grid's carbon-free share of the rest", matched, cfe, (MATCHED_PALE, MATCHED)));
        steps.push(whole("CFE score", cfe, STORED));
    }
    Some(steps)
}

fn whole(name: &'static str, level: i128, fill: Colour) -> Step {
    Step { name, low: 0, high: level, label: percent_of_hundredths(level), fill, edge: MATCHED, level }
}

/// What is between two levels; the labels on a page add up.
fn change(name: &'static str, from: i128, to: i128, (fill, edge): (Colour, Colour)) -> Step {
    let sign = match to.cmp(&from) {
        Ordering::Less => "\u{2212}",
        Ordering::Equal => "",
        Ordering::Greater => "+",
    };
    let label = format!("{sign}{}", percent_of_hundredths((to - from).abs()));
    Step { name, low: from.min(to), high: from.max(to), label, fill, edge, level: to }
}

fn bars(canvas: &mut Canvas, plot: Area, steps: &[Step]) {
    let y = |level: i128| plot.foot() - level as f32 / ALL as f32 * plot.h;
    for quarter in 0..=4_i128 {
        let level = y(quarter * ALL / 4);
        canvas.line(HAIR, 0.4, &[(plot.x, level), (plot.right(), level)]);
        canvas.text_right(LABEL, (plot.x - 4.0, level + 2.2), &format!("{} %", quarter * 25));
    }
    let slot = plot.w / steps.len().max(1) as f32;
    let width = slot * 0.66;
    for (index, step) in steps.iter().enumerate() {
        let x = plot.x + slot * index as f32 + (slot - width) / 2.0;
        let area = Area::new(x, y(step.high), width, y(step.low) - y(step.high));
        canvas.bar(step.fill, step.edge, area);
        if index + 1 < steps.len() {
            let level = y(step.level);
            canvas.line(MUTED, 0.5, &[(x + width, level), (x + slot, level)]);
        }
        let middle = x + width / 2.0;
        canvas.text_centred(VALUE, (middle, area.y - 3.5), &step.label);
        for (line, text) in LABEL.wrap(step.name, slot - 6.0, 3).iter().enumerate() {
            canvas.text_centred(LABEL, (middle, plot.foot() + 10.0 + line as f32 * LABEL.leading()), text);
        }
    }
    canvas.line(MUTED, 0.7, &[(plot.x, plot.foot()), (plot.right(), plot.foot())]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(annual: &str, matched: &str, cfe: Option<&str>) -> Totals {
        Totals {
            load_wh: 100,
            unmatched_wh: 45,
            annual_share_capped: Some(annual.into()),
            matched_share: Some(matched.into()),
            cfe_score: cfe.map(Into::into),
            ..Totals::default()
        }
    }

    fn labels(totals: &Totals) -> Vec<String> {
        steps(totals).map(|steps| steps.into_iter().map(|step| step.label).collect()).unwrap_or_default()
    }

    #[test]
    fn what_is_printed_adds_up() {
        let shown = labels(&totals("0.675999", "0.550000", Some("0.682500")));
        let minus = "\u{2212}";
        let expected = [
            "100.00 %".to_string(),
            format!("{minus}32.41 %"),
            "67.59 %".to_string(),
            format!("{minus}12.59 %"),
            "55.00 %".to_string(),
            "+13.25 %".to_string(),
            "68.25 %".to_string(),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn almost_all_is_not_all_and_nothing_is_not_applicable() {
        assert_eq!(labels(&totals("1.000000", "1.000000", None)).last().map(String::as_str), Some("99.99 %"));
        assert!(steps(&Totals::default()).is_none());
        assert_eq!(hundredths("1.5"), Some(15_000));
        assert_eq!(hundredths("x"), None);
    }
}
