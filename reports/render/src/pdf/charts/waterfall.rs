//! From what was contracted to the hourly score: what was never contracted, what time and place cost, what the grid adds.

use crate::pdf::canvas::{Area, LEFT, Pen, WIDTH};
use crate::pdf::figures::percent_of_hundredths;
use crate::pdf::flow::Flow;
use crate::pdf::fonts::Face;
use crate::pdf::frame::Frame;
use crate::pdf::palette::{Colour, HAIR, INK, MATCHED, MUTED, SURPLUS, SURPLUS_PALE, UNMATCHED, UNMATCHED_PALE};
use crate::pdf::text::{LABEL, Style};
use crate::waterfall::{Kind, Step, scale, steps};

const HEIGHT: f32 = 150.0;
const LABELS: f32 = 30.0;
const VALUE: Style = Style { face: Face::Bold, size: 8.0, colour: INK };

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    flow.section_with(
        "From what was contracted to the hourly score",
        "Shares of all load. Contracted less stored, beyond what load lacked, at other hours and elsewhere (surplus of \
         the same hour in another boundary, or for other sites) is matched; so is all load less never contracted, at \
         other hours and elsewhere. Scores are rounded down; a step is what lies between two of them as shown.",
        HEIGHT + 44.0,
    );
    let steps = steps(frame.report);
    if steps.is_empty() {
        flow.note("Without load there is no share: not applicable.");
        return;
    }
    let (mut pen, top) = flow.figure(in_words(&steps), HEIGHT + 44.0);
    let plot = Area::new(LEFT + LABELS, top + 12.0, WIDTH - LABELS, HEIGHT);
    bars(&mut pen, plot, &steps);
}

/// What the chart shows, for readers who cannot see it.
fn in_words(steps: &[Step]) -> String {
    let steps: Vec<String> = steps.iter().map(|step| format!("{} {}", step.name, label(step))).collect();
    format!("Waterfall of shares of all load. {}.", steps.join("; "))
}

fn label(step: &Step) -> String {
    format!("{}{}", step.sign(), percent_of_hundredths(step.share()))
}

fn colours(kind: Kind) -> (Colour, Colour) {
    match kind {
        Kind::Level => (MATCHED, MATCHED),
        Kind::Loss => (UNMATCHED_PALE, UNMATCHED),
        Kind::Gain => (SURPLUS_PALE, SURPLUS),
    }
}

fn bars(pen: &mut Pen<'_>, plot: Area, steps: &[Step]) {
    let whole = scale(steps);
    let y = |share: i128| plot.foot() - share.clamp(0, whole) as f32 / whole as f32 * plot.h;
    for quarter in 0..=4_i128 {
        let level = y(quarter * whole / 4);
        pen.line(HAIR, 0.4, &[(plot.x, level), (plot.right(), level)]);
        pen.text_right(LABEL, (plot.x - 4.0, level + 2.2), &format!("{} %", quarter * whole / 400));
    }
    let slot = plot.w / steps.len().max(1) as f32;
    let width = slot * 0.66;
    for (index, step) in steps.iter().enumerate() {
        let x = plot.x + slot * index as f32 + (slot - width) / 2.0;
        let (low, high) = (step.from.share.min(step.to.share), step.from.share.max(step.to.share));
        let area = Area::new(x, y(high), width, y(low) - y(high));
        let (fill, edge) = colours(step.kind);
        pen.bar(fill, edge, area);
        if index + 1 < steps.len() {
            let level = y(step.to.share);
            pen.line(MUTED, 0.5, &[(x + width, level), (x + slot, level)]);
        }
        let middle = x + width / 2.0;
        pen.text_centred(VALUE, (middle, area.y - 3.5), &label(step));
        for (line, text) in step.lines.iter().enumerate() {
            pen.text_centred(LABEL, (middle, plot.foot() + 10.0 + line as f32 * LABEL.leading()), text);
        }
    }
    pen.line(MUTED, 0.7, &[(plot.x, plot.foot()), (plot.right(), plot.foot())]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::sample_report;

    #[test]
    fn steps_are_labelled_as_in_every_format() {
        let report = sample_report();
        let labels: Vec<String> = steps(&report).iter().map(label).collect();
        let expected = [
            "70.00 %",
            "\u{2212}0.67 %",
            "\u{2212}30.67 %",
            "\u{2212}8.33 %",
            "0.00 %",
            "61.00 %",
            "+13.33 %",
            "74.33 %",
        ];
        assert_eq!(labels, expected);
    }
}
