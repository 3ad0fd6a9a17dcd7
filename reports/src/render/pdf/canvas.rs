//! One page to draw on, in points from its upper left corner.

use super::fonts::{self, Font, Glyph, Glyphs};
use super::helvetica::Face;
use super::palette::Colour;
use super::text::{Style, THIN_ADVANCE};
use super::winansi;
use pdf_writer::types::LineJoinStyle;
use pdf_writer::{Content, Name, Str};

pub const PAGE_WIDTH: f32 = 595.28;
pub const PAGE_HEIGHT: f32 = 841.89;
pub const LEFT: f32 = 48.0;
pub const RIGHT: f32 = PAGE_WIDTH - LEFT;
pub const WIDTH: f32 = RIGHT - LEFT;
pub const TOP: f32 = 48.0;
/// Content ends here; below is the footer.
pub const BOTTOM: f32 = 784.0;

pub type At = (f32, f32);

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl Area {
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    pub fn right(self) -> f32 {
        self.x + self.w
    }

    pub fn foot(self) -> f32 {
        self.y + self.h
    }
}

pub struct Canvas {
    content: Content,
    /// What the page shows of the embedded fonts.
    shown: Glyphs,
}

/// The name a page's resources give the font.
pub fn resource(face: Face) -> Name<'static> {
    match face {
        Face::Regular => Name(b"F1"),
        Face::Bold => Name(b"F2"),
    }
}

/// The same for a font the document carries.
pub fn embedded_resource(font: Font) -> Name<'static> {
    match font {
        Font::Sans => Name(b"F3"),
        Font::SansBold => Name(b"F4"),
        Font::EastAsian => Name(b"F5"),
    }
}

/// Hundredths of a point are finer than any print; what is no number is drawn at zero.
fn tidy(value: f32) -> f32 {
    if value.is_finite() { (value * 100.0).round() / 100.0 } else { 0.0 }
}

fn up(y: f32) -> f32 {
    tidy(PAGE_HEIGHT - y)
}

impl Canvas {
    pub fn blank() -> Self {
        Self { content: Content::with_capacity(16 * 1_024), shown: Glyphs::new() }
    }

    /// The page's content stream, and what it shows of the embedded fonts.
    pub fn finish(self) -> (Vec<u8>, Glyphs) {
        (self.content.finish().into_vec(), self.shown)
    }

    /// Text from `x` on, standing on the line `y`.
    pub fn text(&mut self, style: Style, (x, y): At, text: &str) {
        if text.is_empty() {
            return;
        }
        self.fill_colour(style.colour);
        self.content.begin_text();
        if winansi::covers(text) {
            self.content.set_font(resource(style.face), tidy(style.size));
            self.content.next_line(tidy(x), up(y));
            self.show(&winansi::parts(text), style.face.advance(b' '));
        } else {
            self.content.next_line(tidy(x), up(y));
            self.show_embedded(style, text);
        }
        self.content.end_text();
    }

    /// Text with letters the standard fonts lack, all of it in embedded fonts, so that a word has one look.
    fn show_embedded(&mut self, style: Style, text: &str) {
        let space = Glyph::find(style.face, ' ');
        for run in fonts::runs(style.face, text, &mut self.shown) {
            self.content.set_font(embedded_resource(run.font), tidy(style.size));
            self.show(&run.parts, space.font.advance(space.id));
        }
    }

    pub fn text_right(&mut self, style: Style, (right, y): At, text: &str) {
        self.text(style, (right - style.width(text), y), text);
    }

    /// Around `middle`, but inside the margins.
    pub fn text_centred(&mut self, style: Style, (middle, y): At, text: &str) {
        let width = style.width(text);
        let x = (middle - width / 2.0).min(RIGHT - width).max(LEFT);
        self.text(style, (x, y), text);
    }

    /// Parts end in a space that is narrowed, but for the last: copied text keeps its groups of digits apart.
    fn show(&mut self, parts: &[Vec<u8>], space_advance: u16) {
        if let [whole] = parts {
            self.content.show(Str(whole.as_slice()));
            return;
        }
        let narrower = f32::from(space_advance.saturating_sub(THIN_ADVANCE));
        let mut shown = self.content.show_positioned();
        let mut items = shown.items();
        for (index, part) in parts.iter().enumerate() {
            items.show(Str(part.as_slice()));
            if index + 1 < parts.len() {
                items.adjust(narrower);
            }
        }
    }

    pub fn fill(&mut self, colour: Colour, areas: &[Area]) {
        if areas.is_empty() {
            return;
        }
        self.fill_colour(colour);
        for area in areas {
            self.rect(*area);
        }
        self.content.fill_nonzero();
    }

    pub fn outline(&mut self, colour: Colour, width: f32, area: Area) {
        self.stroke_colour(colour, width);
        self.rect(area);
        self.content.stroke();
    }

    /// A filled area with a thin edge, left out where it has no height.
    pub fn bar(&mut self, fill: Colour, edge: Colour, area: Area) {
        if area.h < 0.02 || area.w < 0.02 {
            return;
        }
        self.fill(fill, &[area]);
        self.outline(edge, 0.4, area);
    }

    pub fn polygon(&mut self, colour: Colour, points: &[At]) {
        if points.len() > 2 {
            self.fill_colour(colour);
            self.path(points);
            self.content.close_path();
            self.content.fill_nonzero();
        }
    }

    pub fn line(&mut self, colour: Colour, width: f32, points: &[At]) {
        if points.len() > 1 {
            self.stroke_colour(colour, width);
            self.content.set_line_join(LineJoinStyle::RoundJoin);
            self.path(points);
            self.content.stroke();
        }
    }

    pub fn dashed(&mut self, colour: Colour, width: f32, points: &[At]) {
        self.content.save_state();
        self.content.set_dash_pattern([2.0, 2.0], 0.0);
        self.line(colour, width, points);
        self.content.restore_state();
    }

    fn path(&mut self, points: &[At]) {
        for (index, (x, y)) in points.iter().enumerate() {
            if index == 0 {
                self.content.move_to(tidy(*x), up(*y));
            } else {
                self.content.line_to(tidy(*x), up(*y));
            }
        }
    }

    fn rect(&mut self, area: Area) {
        self.content.rect(tidy(area.x), up(area.foot()), tidy(area.w.max(0.0)), tidy(area.h.max(0.0)));
    }

    fn fill_colour(&mut self, Colour(r, g, b): Colour) {
        self.content.set_fill_rgb(part(r), part(g), part(b));
    }

    fn stroke_colour(&mut self, Colour(r, g, b): Colour, width: f32) {
        self.content.set_stroke_rgb(part(r), part(g), part(b));
        self.content.set_line_width(tidy(width.max(0.0)));
    }
}

fn part(value: u8) -> f32 {
    (f32::from(value) / 255.0 * 1_000.0).round() / 1_000.0
}
