//! A section, one block after the other.

use super::canvas::{LEFT, RIGHT, WIDTH};
use super::chart;
use super::flow::Flow;
use super::fonts::Face;
use super::tags::Tag;
use super::text::{BODY, Style};
use crate::content::blocks::{Fact, Figure, Print, Section, is_absent};
use crate::palette::{HAIR, INK, MUTED};

const NAME: Style = Style { face: Face::Regular, size: 8.0, colour: MUTED };
const VALUE: Style = Style { face: Face::Regular, size: 8.0, colour: INK };
const INDENT: f32 = 175.0;
const MOST_LINES: usize = 8;

pub fn draw(flow: &mut Flow, section: &Section) {
    let listed = !(section.figures.is_empty() && section.facts.is_empty() && section.points.is_empty());
    let below = section.charts.first().filter(|_| !listed).map_or(0.0, chart::height);
    flow.section(&section.title, &section.lede, below);
    let figures: Vec<Fact> = section.figures.iter().map(of_figure).collect();
    facts(flow, &figures);
    facts(flow, &section.facts);
    flow.points(BODY, &section.points);
    for part in section.charts.iter().filter(|chart| chart.print != Print::Nothing) {
        chart::draw(flow, part);
    }
    for table in &section.tables {
        table.draw(flow);
    }
    for note in &section.notes {
        flow.note(note);
    }
}

/// A figure with its unit and what of it is backed.
fn of_figure(figure: &Figure) -> Fact {
    let mut value = figure.value.clone();
    for (before, part) in [(" ", figure.unit), (", ", figure.meaning.as_str()), ("; ", figure.backed.as_str())] {
        if !part.is_empty() {
            value.push_str(before);
            value.push_str(part);
        }
    }
    Fact::new(figure.name, value)
}

/// Names with what stands behind them, one under the other.
pub fn facts(flow: &mut Flow, facts: &[Fact]) {
    if facts.is_empty() {
        return;
    }
    flow.within(Tag::Facts, |flow| {
        for fact in facts {
            flow.within(Tag::Item, |flow| item(flow, fact));
        }
    });
}

fn item(flow: &mut Flow, fact: &Fact) {
    let value = if is_absent(&fact.value) { VALUE.coloured(MUTED) } else { VALUE };
    let names = NAME.wrap(fact.name, INDENT - 8.0, MOST_LINES);
    let lines = value.wrap(&fact.value, WIDTH - INDENT, MOST_LINES);
    let height = VALUE.leading() * lines.len().max(names.len()).max(1) as f32 + 3.0;
    let top = flow.block(height);
    for (tag, style, x, lines) in [(Tag::Label, NAME, LEFT, names), (Tag::Body, value, LEFT + INDENT, lines)] {
        flow.tagged(tag).lines(style, (x, top + 8.6), &lines);
    }
    flow.artifact().line(HAIR, 0.4, &[(LEFT, top + height), (RIGHT, top + height)]);
}
