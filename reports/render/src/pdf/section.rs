//! A section, one block after the other.

use super::flow::Flow;
use super::text::BODY;
use super::{chart, facts};
use crate::content::blocks::{Fact, Print, Section};

pub fn draw(flow: &mut Flow, section: &Section) {
    let listed = !(section.figures.is_empty() && section.facts.is_empty() && section.points.is_empty());
    let below = section.charts.first().filter(|_| !listed).map_or(0.0, chart::height);
    flow.section(&section.title, &section.lede, below);
    let figures: Vec<Fact> = section.figures.iter().map(facts::of_figure).collect();
    facts::draw(flow, &figures);
    facts::draw(flow, &section.facts);
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
