//! One page to draw on, in points from its upper left corner.

use super::fonts::{self, Font, Glyphs};
use super::numbers::int;
use super::text::Style;
use crate::palette::Colour;
use pdf_writer::types::{ArtifactType, LineJoinStyle, StructRole};
use pdf_writer::{Content, Name, Settings, Str};

pub const PAGE_WIDTH: f32 = 595.28;
pub const PAGE_HEIGHT: f32 = 841.89;
pub const LEFT: f32 = 48.0;
pub const RIGHT: f32 = PAGE_WIDTH - LEFT;
pub const WIDTH: f32 = RIGHT - LEFT;
pub const TOP: f32 = 48.0;
/// Content ends here; below is the footer.
pub const BOTTOM: f32 = 784.0;

const ARTIFACT: Name<'static> = Name(b"Artifact");

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

/// A page. Only a pen draws on it, and a pen is had for an element of the structure tree or for an artifact.
pub struct Canvas {
    content: Content,
    /// What the page shows of the fonts.
    shown: Glyphs,
    /// The elements its marked content belongs to, by the number of that content.
    owners: Vec<usize>,
}

/// A finished page.
pub struct Sheet {
    /// Its content stream.
    pub content: Vec<u8>,
    /// As of the canvas.
    pub owners: Vec<usize>,
}

/// Draws one sequence of marked content, which ends with it.
pub struct Pen<'a> {
    canvas: &'a mut Canvas,
}

/// Without blanks nobody reads: the structure tree is thousands of small objects.
pub const COMPACT: Settings = Settings { pretty: false };

/// The name a page's resources give the font.
pub fn resource(font: Font) -> Name<'static> {
    match font {
        Font::Sans => Name(b"F1"),
        Font::SansBold => Name(b"F2"),
        Font::EastAsian => Name(b"F3"),
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
        let content = Content::with_settings_and_capacity(COMPACT, 16 * 1_024);
        Self { content, shown: Glyphs::new(), owners: Vec::new() }
    }

    pub fn finish(self) -> (Sheet, Glyphs) {
        (Sheet { content: self.content.finish().into_vec(), owners: self.owners }, self.shown)
    }

    /// The number of the next marked content.
    pub fn next_id(&self) -> i32 {
        int(self.owners.len())
    }

    /// For what an element of the structure tree says or shows.
    pub fn content(&mut self, element: usize, role: StructRole) -> Pen<'_> {
        let id = self.next_id();
        self.owners.push(element);
        self.content.begin_marked_content_with_properties(role.to_name()).properties().identify(id);
        Pen { canvas: self }
    }

    /// For what says nothing: rules, backgrounds, what is repeated.
    pub fn artifact(&mut self) -> Pen<'_> {
        self.content.begin_marked_content(ARTIFACT);
        Pen { canvas: self }
    }

    /// For what stands on every page.
    pub fn pagination(&mut self) -> Pen<'_> {
        let mut marked = self.content.begin_marked_content_with_properties(ARTIFACT);
        marked.properties().artifact().kind(ArtifactType::Pagination);
        drop(marked);
        Pen { canvas: self }
    }
}

impl Drop for Pen<'_> {
    fn drop(&mut self) {
        self.canvas.content.end_marked_content();
    }
}

impl Pen<'_> {
    /// Text from `x` on, standing on the line `y`.
    pub fn text(&mut self, style: Style, (x, y): At, text: &str) {
        if text.is_empty() {
            return;
        }
        self.fill_colour(style.colour);
        let runs = fonts::runs(style.face, text, &mut self.canvas.shown);
        self.canvas.content.begin_text();
        self.canvas.content.next_line(tidy(x), up(y));
        for run in runs {
            self.canvas.content.set_font(resource(run.font), tidy(style.size));
            self.canvas.content.show(Str(run.glyphs.as_slice()));
        }
        self.canvas.content.end_text();
    }

    /// Lines of text, the first standing on the line `y`.
    pub fn lines(&mut self, style: Style, (x, y): At, lines: &[String]) {
        for (index, line) in lines.iter().enumerate() {
            self.text(style, (x, y + index as f32 * style.leading()), line);
        }
    }

    pub fn text_right(&mut self, style: Style, (right, y): At, text: &str) {
        self.text(style, (right - style.width(text.trim_end()), y), text);
    }

    /// Around `middle`, but inside the margins.
    pub fn text_centred(&mut self, style: Style, (middle, y): At, text: &str) {
        let width = style.width(text.trim_end());
        let x = (middle - width / 2.0).min(RIGHT - width).max(LEFT);
        self.text(style, (x, y), text);
    }

    pub fn fill(&mut self, colour: Colour, areas: &[Area]) {
        if areas.is_empty() {
            return;
        }
        self.fill_colour(colour);
        for area in areas {
            self.rect(*area);
        }
        self.canvas.content.fill_nonzero();
    }

    pub fn outline(&mut self, colour: Colour, width: f32, area: Area) {
        self.stroke_colour(colour, width);
        self.rect(area);
        self.canvas.content.stroke();
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
            self.canvas.content.close_path();
            self.canvas.content.fill_nonzero();
        }
    }

    pub fn line(&mut self, colour: Colour, width: f32, points: &[At]) {
        if points.len() > 1 {
            self.stroke_colour(colour, width);
            self.canvas.content.set_line_join(LineJoinStyle::RoundJoin);
            self.path(points);
            self.canvas.content.stroke();
        }
    }

    pub fn dashed(&mut self, colour: Colour, width: f32, points: &[At]) {
        self.canvas.content.save_state();
        self.canvas.content.set_dash_pattern([2.0, 2.0], 0.0);
        self.line(colour, width, points);
        self.canvas.content.restore_state();
    }

    fn path(&mut self, points: &[At]) {
        for (index, (x, y)) in points.iter().enumerate() {
            if index == 0 {
                self.canvas.content.move_to(tidy(*x), up(*y));
            } else {
                self.canvas.content.line_to(tidy(*x), up(*y));
            }
        }
    }

    fn rect(&mut self, area: Area) {
        self.canvas.content.rect(tidy(area.x), up(area.foot()), tidy(area.w.max(0.0)), tidy(area.h.max(0.0)));
    }

    fn fill_colour(&mut self, Colour(r, g, b): Colour) {
        self.canvas.content.set_fill_rgb(part(r), part(g), part(b));
    }

    fn stroke_colour(&mut self, Colour(r, g, b): Colour, width: f32) {
        self.canvas.content.set_stroke_rgb(part(r), part(g), part(b));
        self.canvas.content.set_line_width(tidy(width.max(0.0)));
    }
}

fn part(value: u8) -> f32 {
    (f32::from(value) / 255.0 * 1_000.0).round() / 1_000.0
}
