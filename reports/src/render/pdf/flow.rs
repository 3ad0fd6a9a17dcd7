//! Content from top to bottom over as many pages as it takes, with bookmarks and footers.

use super::canvas::{BOTTOM, Canvas, LEFT, RIGHT, TOP, WIDTH};
use super::fonts::Glyphs;
use super::footer::Footer;
use super::helvetica::Face;
use super::palette::{INK, RULE};
use super::text::{BODY, NOTE, Style};

const HEADING: Style = Style { face: Face::Bold, size: 14.0, colour: INK };
const HEADING_LINE: f32 = 18.0;
const SUBHEADING: Style = Style { face: Face::Bold, size: 9.0, colour: INK };
/// What must fit below a heading, or it moves to the next page.
const BELOW_HEADING: f32 = 80.0;

/// A bookmark.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub title: String,
    /// Counted from 0.
    pub page: usize,
    /// From the top of the page.
    pub y: f32,
}

/// Finished pages as content streams.
pub struct Sheets {
    pub pages: Vec<Vec<u8>>,
    pub marks: Vec<Mark>,
    /// What the pages and the footers show of the embedded fonts.
    pub glyphs: Glyphs,
}

pub struct Flow {
    done: Vec<Canvas>,
    canvas: Canvas,
    y: f32,
    marks: Vec<Mark>,
}

impl Flow {
    pub fn start() -> Self {
        Self { done: Vec::new(), canvas: Canvas::blank(), y: TOP, marks: Vec::new() }
    }

    pub fn canvas(&mut self) -> &mut Canvas {
        &mut self.canvas
    }

    /// What is left of the page.
    pub fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Starts a page, unless nothing stands on this one yet.
    pub fn page_break(&mut self) {
        if self.y <= TOP {
            return;
        }
        self.done.push(std::mem::replace(&mut self.canvas, Canvas::blank()));
        self.y = TOP;
    }

    /// Starts a page where this height does not fit. What is taller than a page starts one and runs over its end.
    pub fn need(&mut self, height: f32) {
        if height > self.room() {
            self.page_break();
        }
    }

    /// Sets a height apart to draw in and tells where it starts.
    pub fn block(&mut self, height: f32) -> f32 {
        self.need(height);
        let top = self.y;
        self.y += height;
        top
    }

    pub fn space(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    pub fn mark(&mut self, title: &str) {
        self.marks.push(Mark { title: title.to_string(), page: self.done.len(), y: self.y });
    }

    /// A heading with its bookmark and a line or two on what follows.
    pub fn section(&mut self, title: &str, lede: &str) {
        self.section_with(title, lede, BELOW_HEADING);
    }

    /// The same, kept on one page with so much of what follows.
    pub fn section_with(&mut self, title: &str, lede: &str, below: f32) {
        self.space(20.0);
        let lines = BODY.wrap(lede, WIDTH, 6).len() as f32;
        let titles = HEADING.wrap(title, WIDTH, usize::MAX);
        let tall = 8.0 + HEADING_LINE * titles.len().max(1) as f32;
        self.need(6.0 + tall + lines * BODY.leading() + below);
        self.mark(title);
        let top = self.block(tall);
        self.canvas.line(RULE, 0.6, &[(LEFT, top), (RIGHT, top)]);
        for (index, line) in titles.iter().enumerate() {
            self.canvas.text(HEADING, (LEFT, top + 17.0 + HEADING_LINE * index as f32), line);
        }
        if !lede.is_empty() {
            self.paragraph(BODY, lede);
            self.space(6.0);
        }
    }

    pub fn subheading(&mut self, title: &str, below: f32) {
        self.space(8.0);
        self.need(14.0 + below);
        let top = self.block(14.0);
        self.canvas.text(SUBHEADING, (LEFT, top + 9.0), title);
    }

    pub fn paragraph(&mut self, style: Style, text: &str) {
        for line in style.wrap(text, WIDTH, usize::MAX) {
            let top = self.block(style.leading());
            self.canvas.text(style, (LEFT, top + style.size), &line);
        }
    }

    pub fn note(&mut self, text: &str) {
        self.space(2.0);
        self.paragraph(NOTE, text);
    }

    /// One point of a list.
    pub fn point(&mut self, style: Style, text: &str) {
        let lines = style.wrap(text, WIDTH - 12.0, usize::MAX);
        self.need(style.leading() * lines.len().min(4) as f32);
        for (index, line) in lines.iter().enumerate() {
            let top = self.block(style.leading());
            if index == 0 {
                self.canvas.text(style, (LEFT, top + style.size), "\u{2022}");
            }
            self.canvas.text(style, (LEFT + 12.0, top + style.size), line);
        }
        self.space(2.5);
    }

    /// Every page with its footer, which tells how many there are.
    pub fn finish(mut self, footer: &Footer) -> Sheets {
        self.done.push(self.canvas);
        let total = self.done.len();
        let mut sheets = Sheets { pages: Vec::with_capacity(total), marks: self.marks, glyphs: Glyphs::new() };
        for (index, mut canvas) in self.done.into_iter().enumerate() {
            footer.draw(&mut canvas, index + 1, total);
            let (page, shown) = canvas.finish();
            sheets.pages.push(page);
            for (font, glyphs) in shown {
                sheets.glyphs.entry(font).or_default().extend(glyphs);
            }
        }
        sheets
    }
}
