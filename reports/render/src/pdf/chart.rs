//! Charts with their captions, legends and, where these stand in print, their figures.

use super::canvas::{Area, LEFT, RIGHT, WIDTH};
use super::flow::Flow;
use super::fonts::Face;
use super::scene;
use super::tags::Tag;
use super::text::{LABEL, Style};
use crate::charts::heat::{self, Key, heat};
use crate::charts::scene::Scene;
use crate::content::blocks::{Chart, Drawing, Print};
use crate::hours::Day;
use crate::palette::INK;
use chrono::Datelike;

const CAPTION: Style = Style { face: Face::Bold, size: 8.5, colour: INK };
/// Of a caption and a legend, about.
const AROUND: f32 = 42.0;
/// Days one map holds; longer periods get a map per calendar year.
const LONGEST: usize = 371;

/// What a chart takes at least with all that belongs to it.
pub fn height(chart: &Chart) -> f32 {
    pictures(chart).first().map_or(0.0, |(scene, _)| scene::height(scene)) + AROUND
}

pub fn draw(flow: &mut Flow, chart: &Chart) {
    flow.space(8.0);
    flow.need(height(chart));
    flow.paragraph(CAPTION, &chart.caption);
    for (scene, about) in pictures(chart) {
        let alt = format!("{}. {about}", chart.caption);
        let (mut pen, top) = flow.figure(alt, scene::height(&scene));
        scene::draw(&mut pen, &scene, (LEFT, top));
    }
    legend(flow, &chart.keys);
    for table in chart.tables.iter().filter(|_| chart.print == Print::Tables) {
        table.draw(flow);
    }
}

/// What is drawn, each with its words: a long heat map in several pieces, all on one scale.
fn pictures(chart: &Chart) -> Vec<(Scene, String)> {
    match &chart.drawing {
        Drawing::Marks(scene) => vec![(scene.clone(), chart.about.clone())],
        Drawing::Heat { days, doubted, .. } => {
            let strips = strips(days);
            let longest = strips.iter().map(|days| days.len()).max().unwrap_or(0);
            let about = |days: &[Day]| match days.first().filter(|_| strips.len() > 1) {
                Some(day) => format!("{}: {}", day.date.year(), heat::in_words(days)),
                None => heat::in_words(days),
            };
            strips.iter().map(|days| (heat(days, longest, doubted), about(days))).collect()
        }
    }
}

fn strips(days: &[Day]) -> Vec<&[Day]> {
    if days.len() <= LONGEST {
        return vec![days];
    }
    days.chunk_by(|a, b| a.date.year() == b.date.year()).collect()
}

/// Swatches with their labels, in as many lines as they need.
fn legend(flow: &mut Flow, keys: &[Key]) {
    if keys.is_empty() {
        return;
    }
    flow.space(3.0);
    flow.within(Tag::Facts, |flow| {
        let (mut top, mut x) = (flow.block(12.0), LEFT);
        for key in keys {
            let label = LABEL.fit(key.label, WIDTH - 13.0);
            let width = 13.0 + LABEL.width(&label) + 11.0;
            if x > LEFT && x + width - 11.0 > RIGHT {
                top = flow.block(11.0);
                x = LEFT;
            }
            let (fill, edge) = scene::colours(key.paint);
            flow.artifact().bar(fill, edge, Area::new(x, top + 2.5, 9.0, 6.0));
            flow.within(Tag::Item, |flow| {
                flow.tagged(Tag::Body).text(LABEL, (x + 13.0, top + 8.0), &label);
            });
            x += width;
        }
    });
    flow.space(2.0);
}
