//! Draws the marks of a chart on a page.

use super::canvas::{Area, At, Pen, WIDTH};
use super::fonts::Face;
use super::text::Style;
use crate::charts::heat::NO_LOAD;
use crate::charts::scene::{self, Anchor, Letters, Map, Mark, Paint, Rect, Scene, Stroke};
use crate::palette::{
    Colour, HAIR, HEAT, INK, MATCHED, MATCHED_PALE, MUTED, RULE, SURPLUS, SURPLUS_PALE, UNMATCHED, UNMATCHED_PALE,
};

/// Points of a unit: what is narrower than a page is not drawn larger.
fn scale(scene: &Scene) -> f32 {
    WIDTH / scene.size.0.max(scene::WIDTH) as f32
}

pub fn height(scene: &Scene) -> f32 {
    scene.size.1 as f32 * scale(scene)
}

/// Fill and edge of a part.
pub fn colours(paint: Paint) -> (Colour, Colour) {
    match paint {
        Paint::Matched => (MATCHED, MATCHED),
        Paint::Unmatched => (UNMATCHED_PALE, UNMATCHED),
        Paint::Surplus => (SURPLUS_PALE, SURPLUS),
        Paint::Step(step) => (HEAT.get(step).copied().unwrap_or(HAIR), RULE),
        Paint::Doubt => (UNMATCHED, UNMATCHED),
    }
}

/// Where a scene lies on a page.
#[derive(Clone, Copy)]
struct Plane {
    left: f32,
    top: f32,
    scale: f32,
}

impl Plane {
    fn at(self, (x, y): scene::At) -> At {
        (self.left + x as f32 * self.scale, self.top + y as f32 * self.scale)
    }

    fn area(self, rect: &Rect) -> Area {
        let (x, y) = self.at((rect.x, rect.y));
        Area::new(x, y, rect.width as f32 * self.scale, rect.height as f32 * self.scale)
    }
}

pub fn draw(pen: &mut Pen<'_>, scene: &Scene, (left, top): At) {
    let plane = Plane { left, top, scale: scale(scene) };
    for mark in &scene.marks {
        match mark {
            Mark::Bars(paint, bars) => {
                let (fill, edge) = colours(*paint);
                bars.iter().for_each(|bar| pen.bar(fill, edge, plane.area(bar)));
            }
            Mark::Area(points) => {
                let points: Vec<At> = points.iter().map(|at| plane.at(*at)).collect();
                pen.polygon(MATCHED_PALE, &points);
            }
            Mark::Line(stroke, points) => {
                let points: Vec<At> = points.iter().map(|at| plane.at(*at)).collect();
                line(pen, *stroke, &points);
            }
            Mark::Text { letters, at, anchor, words } => {
                let style = style(*letters, plane.scale);
                match anchor {
                    Anchor::Start => pen.text(style, plane.at(*at), words),
                    Anchor::Middle => pen.text_centred(style, plane.at(*at), words),
                    Anchor::End => pen.text_right(style, plane.at(*at), words),
                }
            }
            Mark::Wedge((x, y)) => {
                pen.polygon(INK, &[(*x, *y), (x + 4.0, y + 6.0), (x - 4.0, y + 6.0)].map(|at| plane.at(at)));
            }
            Mark::Map(map) => cells(pen, map, plane),
            Mark::Named(_) | Mark::End => {}
        }
    }
}

fn style(letters: Letters, scale: f32) -> Style {
    let colour = if letters == Letters::Label { INK } else { MUTED };
    Style { face: Face::Regular, size: letters.size() as f32 * scale, colour }
}

fn line(pen: &mut Pen<'_>, stroke: Stroke, points: &[At]) {
    let (colour, width) = match stroke {
        Stroke::Grid => (HAIR, 0.4),
        Stroke::Base => (MUTED, 0.7),
        Stroke::Tie => return pen.dashed(MUTED, 0.6, points),
        Stroke::Curve => (MATCHED, 1.2),
        Stroke::Tick => (MUTED, 0.4),
        Stroke::Doubt => (UNMATCHED, 1.4),
    };
    pen.line(colour, width, points);
}

/// Neighbours overlap by a hair, so that no seam shows; an hour without load is a thin dash.
fn cells(pen: &mut Pen<'_>, map: &Map, plane: Plane) {
    let (width, height) = (map.cell.0 as f32 * plane.scale, map.cell.1 as f32 * plane.scale);
    let (left, top) = plane.at(map.at);
    let gap = if map.roomy { -0.6 } else { 0.08 };
    for (step, runs) in map.runs.iter().enumerate() {
        let place = |day: usize, row: u32| (left + width * day as f32, top + height * row as f32);
        let areas: Vec<Area> = if step == NO_LOAD {
            let rows = runs.iter().flat_map(|run| (run.first..run.next).map(move |row| place(run.day, row)));
            rows.map(|(x, y)| Area::new(x, y + 0.4 * height, width + gap, 0.2 * height)).collect()
        } else {
            let whole = |run: &scene::Run| {
                let ((x, y), rows) = (place(run.day, run.first), run.next - run.first);
                Area::new(x, y, width + gap, height * rows as f32 + gap)
            };
            runs.iter().map(whole).collect()
        };
        let colour = if step == NO_LOAD { RULE } else { colours(Paint::Step(step)).0 };
        pen.fill(colour, &areas);
    }
}
