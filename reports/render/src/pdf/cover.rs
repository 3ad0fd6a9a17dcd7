//! Page one: the headline, what it means, where it stands and what limits trust in it, the heat map, then the other
//! figures and under which rules they were made.

use super::canvas::{Area, At, LEFT, RIGHT, WIDTH};
use super::flow::Flow;
use super::fonts::Face;
use super::section;
use super::tags::Tag;
use super::text::{BODY, LABEL, STRONG, Style};
use crate::content::blocks::{Figure, Group, is_absent};
use crate::content::{Document, Front};
use crate::palette::{HAIR, INK, MATCHED, MUTED, RULE, UNMATCHED, WASH};

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
/// Cards side by side, at most.
const ACROSS: usize = 3;
const CARD_LINES: usize = 8;
/// Of a card above its meaning.
const CARD_HEAD: f32 = 52.0;
/// Lines of a name; no real one is longer.
const TITLE_LINES: usize = 8;

pub fn draw(flow: &mut Flow, document: &Document) {
    let front = &document.front;
    flow.mark("Summary");
    title(flow, document);
    lead(flow, &front.lead);
    words(flow, front);
    front.opening.iter().for_each(|opening| section::draw(flow, opening));
    front.groups.iter().for_each(|group| cards(flow, group));
    flow.space(10.0);
    section::facts(flow, &front.facts);
}

/// What the headline means, where it stands, and what limits trust in it.
fn words(flow: &mut Flow, front: &Front) {
    flow.space(8.0);
    flow.paragraph(MEANING, &front.meaning);
    flow.space(3.0);
    for line in &front.standing {
        flow.paragraph(STRONG, line);
    }
    let limits: Vec<String> = front.warnings.iter().map(|warning| warning.text.clone()).collect();
    if !limits.is_empty() {
        flow.subheading("What limits trust in these figures", 20.0);
    }
    flow.points(BODY, &limits);
}

fn title(flow: &mut Flow, document: &Document) {
    let top = flow.block(16.0);
    flow.tagged(Tag::Paragraph).text(KIND, (LEFT, top + 9.0), "Hourly matching report");
    if document.synthetic {
        let text = "Synthetic data: every figure comes from generated data";
        let width = BADGE.width(text);
        let edge = Area::new(RIGHT - width - 10.0, top - 1.5, width + 10.0, 15.0);
        flow.artifact().outline(UNMATCHED, 0.8, edge);
        flow.tagged(Tag::Paragraph).text(BADGE, (RIGHT - width - 5.0, top + 9.0), text);
    }
    flow.space(10.0);
    let lines = TITLE.wrap(&document.name, WIDTH, TITLE_LINES);
    flow.heading(1, |flow| flow.lines(TITLE, LEFT, (27.0, 20.0), &lines));
    for text in [format!("Reporting entity: {}", document.entity), document.span.clone()] {
        let lines = SUBTITLE.wrap(&text, WIDTH, TITLE_LINES);
        flow.within(Tag::Paragraph, |flow| flow.lines(SUBTITLE, LEFT, (15.0, 11.0), &lines));
    }
    flow.space(6.0);
}

/// What a figure means, and what of it is backed.
fn meaning(figure: &Figure) -> String {
    let mut letters = figure.backed.chars();
    match letters.next() {
        Some(first) => format!("{} {}{}.", figure.meaning, first.to_uppercase(), letters.as_str()),
        None => figure.meaning.clone(),
    }
}

fn lead(flow: &mut Flow, score: &Figure) {
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
    let lines = BODY.wrap(&meaning(score), RIGHT - x - 10.0, 4);
    flow.tagged(Tag::Paragraph).lines(BODY, (x, top + 35.0), &lines);
}

/// Figures side by side under their names.
fn cards(flow: &mut Flow, group: &Group) {
    let slot = WIDTH / ACROSS as f32;
    let lines = |figure: &Figure| LABEL.wrap(&meaning(figure), slot - 14.0, CARD_LINES).len();
    for (row, figures) in group.figures.chunks(ACROSS).enumerate() {
        let most = figures.iter().map(lines).max().unwrap_or(0) as f32;
        let tall = CARD_HEAD + most * LABEL.leading() + 6.0;
        if row == 0 {
            flow.space(10.0);
            flow.need(12.0 + tall);
            let top = flow.block(12.0);
            let style = CARD_NAME.coloured(INK).sized(8.0);
            flow.heading(2, |flow| flow.content().text(style, (LEFT, top + 8.0), &group.title));
            flow.artifact().line(RULE, 0.6, &[(LEFT, top + 12.0), (RIGHT, top + 12.0)]);
        }
        let top = flow.block(tall);
        flow.within(Tag::Facts, |flow| {
            for (index, figure) in figures.iter().enumerate() {
                let x = LEFT + slot * index as f32 + if index > 0 { 7.0 } else { 0.0 };
                if index > 0 {
                    flow.artifact().line(HAIR, 0.6, &[(x - 7.0, top + 3.0), (x - 7.0, top + tall - 4.0)]);
                }
                flow.within(Tag::Item, |flow| card(flow, figure, (x, top), slot - 14.0));
            }
        });
    }
}

fn card(flow: &mut Flow, figure: &Figure, (x, top): At, room: f32) {
    flow.tagged(Tag::Label).lines(CARD_NAME, (x, top + 12.0), &CARD_NAME.wrap(figure.name, room, 2));
    let style = if is_absent(&figure.value) { CARD_VALUE.coloured(MUTED) } else { CARD_VALUE };
    let unit = LABEL.width(figure.unit) + 4.0;
    let style = style.fitted(&figure.value, room - unit, &[13.0, 11.5, 10.0, 8.5, 7.5]);
    let value = style.fit(&figure.value, room - unit);
    flow.within(Tag::Body, |flow| {
        flow.tagged(Tag::Paragraph).text(style, (x, top + 36.0), &value);
        if !figure.unit.is_empty() {
            let beside = x + style.width(&value) + 4.0;
            flow.tagged(Tag::Paragraph).text(LABEL, (beside, top + 36.0), figure.unit);
        }
        let lines = LABEL.wrap(&meaning(figure), room, CARD_LINES);
        flow.tagged(Tag::Paragraph).lines(LABEL, (x, top + 47.0), &lines);
    });
}
