//! Page one: the headline, what it means, where it stands and what limits trust in it, the heat map, then the other
//! scores and under which rules they were made.

use super::canvas::{Area, At, LEFT, RIGHT, WIDTH};
use super::charts::heat;
use super::facts::{self, Fact, fact};
use super::figures::{NOT_STATED, count};
use super::flow::Flow;
use super::fonts::Face;
use super::frame::Frame;
use super::palette::{HAIR, INK, MATCHED, MUTED, RULE, UNMATCHED, WASH};
use super::scores::{self, Score};
use super::tags::Tag;
use super::text::{BODY, LABEL, STRONG, Style};
use crate::page_one;

const KIND: Style = Style { face: Face::Bold, size: 8.5, colour: MATCHED };
const TITLE: Style = Style { face: Face::Bold, size: 22.0, colour: INK };
const SUBTITLE: Style = Style { face: Face::Regular, size: 11.0, colour: INK };
const BADGE: Style = Style { face: Face::Bold, size: 8.5, colour: UNMATCHED };
const LEAD: Style = Style { face: Face::Bold, size: 40.0, colour: MATCHED };
const LEAD_NAME: Style = Style { face: Face::Bold, size: 12.0, colour: INK };
const MEANING: Style = Style { face: Face::Regular, size: 10.0, colour: INK };
const CARD_NAME: Style = Style { face: Face::Bold, size: 7.0, colour: MUTED };
const CARD_VALUE: Style = Style { face: Face::Bold, size: 13.0, colour: INK };
/// Height of the box of the first score.
const LEAD_BOX: f32 = 76.0;
/// Height of the cards, and lines of meaning on one.
const CARD: f32 = 92.0;
const CARD_LINES: usize = 5;
/// Lines of a name; no real one is longer.
const TITLE_LINES: usize = 8;

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    flow.mark("Summary");
    title(flow, frame);
    lead(flow, &scores::headline(frame));
    words(flow, frame);
    heat::draw(flow, frame);
    cards(flow, "Other scores of the same period", &scores::shares(frame));
    cards(flow, "Emissions, each by its own method and never added up", &scores::emissions(frame));
    let own = scores::own(frame.report);
    if !own.is_empty() {
        cards(flow, "Own generation that is not carbon-free, Scope 1", &own);
    }
    flow.space(10.0);
    facts::draw(flow, &identity(frame));
}

/// What the headline means, where it stands, and what limits trust in it.
fn words(flow: &mut Flow, frame: &Frame<'_>) {
    flow.space(8.0);
    flow.paragraph(MEANING, &page_one::meaning(frame.report, frame));
    flow.space(3.0);
    for line in page_one::standing(frame.report, frame.options.before.as_ref(), &frame.options.targets, frame) {
        flow.paragraph(STRONG, &line);
    }
    let limits: Vec<String> = page_one::limits(frame.report, frame).into_iter().map(|limit| limit.text).collect();
    if !limits.is_empty() {
        flow.subheading("What limits trust in these figures", 20.0);
    }
    flow.points(BODY, &limits);
}

fn title(flow: &mut Flow, frame: &Frame<'_>) {
    let report = frame.report;
    let top = flow.block(16.0);
    flow.tagged(Tag::Paragraph).text(KIND, (LEFT, top + 9.0), "Hourly matching report");
    if report.synthetic {
        let text = "Synthetic data: every figure comes from generated data";
        let width = BADGE.width(text);
        let edge = Area::new(RIGHT - width - 10.0, top - 1.5, width + 10.0, 15.0);
        flow.artifact().outline(UNMATCHED, 0.8, edge);
        flow.tagged(Tag::Paragraph).text(BADGE, (RIGHT - width - 5.0, top + 9.0), text);
    }
    flow.space(10.0);
    flow.heading(1, |flow| {
        for line in TITLE.wrap(&report.name, WIDTH, TITLE_LINES) {
            let top = flow.block(27.0);
            flow.content().text(TITLE, (LEFT, top + 20.0), &line);
        }
    });
    let entity = report.disclosure.stated.reporting_entity.as_deref().unwrap_or(NOT_STATED);
    for text in [format!("Reporting entity: {entity}"), frame.span.clone()] {
        flow.within(Tag::Paragraph, |flow| {
            for line in SUBTITLE.wrap(&text, WIDTH, TITLE_LINES) {
                let top = flow.block(15.0);
                flow.content().text(SUBTITLE, (LEFT, top + 11.0), &line);
            }
        });
    }
    flow.space(6.0);
}

fn identity(frame: &Frame<'_>) -> Vec<Fact> {
    let report = frame.report;
    let ruleset = &report.ruleset;
    let mut facts = vec![
        fact(
            "Period",
            format!("{} up to, not including, {}", frame.zone.label(frame.start_s), frame.zone.label(frame.end_s)),
        ),
        fact(
            "Intervals",
            format!(
                "{} of {}, days and hours in {}",
                count(report.period.intervals),
                report.resolution.replace("min", " min"),
                frame.zone.name()
            ),
        ),
        fact("Ruleset", format!("{}, version {}: {}", ruleset.id, ruleset.version, ruleset.title)),
        fact("Report version", version(report.version, report.replaces.as_ref())),
    ];
    if let Some(as_of) = &report.as_of {
        facts.push(fact("As recorded at", as_of.clone()));
    }
    facts
}

fn version(version: u32, replaces: Option<&String>) -> String {
    match replaces {
        Some(root) => format!("{version}, replaces the pack with root {root}"),
        None => format!("{version}, replaces none"),
    }
}

fn lead(flow: &mut Flow, score: &Score) {
    flow.space(12.0);
    let top = flow.block(LEAD_BOX);
    {
        let mut pen = flow.artifact();
        pen.fill(WASH, &[Area::new(LEFT, top, WIDTH, LEAD_BOX)]);
        pen.fill(MATCHED, &[Area::new(LEFT, top, 3.0, LEAD_BOX)]);
    }
    let style = LEAD.fitted(&score.value, 190.0, &[40.0, 32.0, 26.0, 20.0]);
    let x = LEFT + 222.0;
    // The name is read before the figure that stands left of it.
    flow.tagged(Tag::Paragraph).text(LEAD_NAME, (x, top + 22.0), &LEAD_NAME.fit(score.name, RIGHT - x - 10.0));
    let value = style.fit(&score.value, 190.0);
    flow.tagged(Tag::Paragraph).text(style, (LEFT + 16.0, top + 32.0 + style.size * 0.36), &value);
    let mut pen = flow.tagged(Tag::Paragraph);
    for (index, line) in BODY.wrap(&score.meaning, RIGHT - x - 10.0, 4).iter().enumerate() {
        pen.text(BODY, (x, top + 35.0 + index as f32 * BODY.leading()), line);
    }
}

/// Scores side by side under their names.
fn cards(flow: &mut Flow, caption: &str, scores: &[Score]) {
    flow.space(10.0);
    let top = flow.block(CARD);
    flow.heading(2, |flow| flow.content().text(CARD_NAME.coloured(INK).sized(8.0), (LEFT, top + 8.0), caption));
    flow.artifact().line(RULE, 0.6, &[(LEFT, top + 12.0), (RIGHT, top + 12.0)]);
    let slot = WIDTH / scores.len().max(1) as f32;
    flow.within(Tag::Facts, |flow| {
        for (index, score) in scores.iter().enumerate() {
            let x = LEFT + slot * index as f32 + if index > 0 { 7.0 } else { 0.0 };
            let room = slot - if index > 0 { 14.0 } else { 7.0 };
            if index > 0 {
                flow.artifact().line(HAIR, 0.6, &[(x - 7.0, top + 15.0), (x - 7.0, top + CARD - 2.0)]);
            }
            flow.within(Tag::Item, |flow| card(flow, score, (x, top), room));
        }
    });
}

fn card(flow: &mut Flow, score: &Score, (x, top): At, room: f32) {
    {
        let mut pen = flow.tagged(Tag::Label);
        for (line, text) in CARD_NAME.wrap(score.name, room, 2).iter().enumerate() {
            pen.text(CARD_NAME, (x, top + 22.0 + line as f32 * CARD_NAME.leading()), text);
        }
    }
    let plain = score.value.starts_with("not ");
    let value = if plain { CARD_VALUE.coloured(MUTED) } else { CARD_VALUE };
    let value = value.fitted(&score.value, room, &[13.0, 11.5, 10.0, 8.5, 7.5]);
    flow.within(Tag::Body, |flow| {
        flow.tagged(Tag::Paragraph).text(value, (x, top + 47.0), &value.fit(&score.value, room));
        let mut pen = flow.tagged(Tag::Paragraph);
        for (line, text) in LABEL.wrap(&score.meaning, room, CARD_LINES).iter().enumerate() {
            pen.text(LABEL, (x, top + 57.0 + line as f32 * LABEL.leading()), text);
        }
    });
}
