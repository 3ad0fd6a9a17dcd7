//! Content from top to bottom over as many pages as it takes, with bookmarks and footers.

use super::canvas::{Area, BOTTOM, Canvas, LEFT, Pen, RIGHT, Sheet, TOP, WIDTH};
use super::fonts::{Face, Glyphs};
use super::tags::{Kid, Tag, Tree};
use super::text::{BODY, NOTE, Style};
use crate::content::Document;
use crate::english::count;
use crate::palette::{INK, MUTED, RULE, UNMATCHED};

const HEADING: Style = Style { face: Face::Bold, size: 14.0, colour: INK };
const HEADING_LINE: f32 = 18.0;
const SUBHEADING: Style = Style { face: Face::Bold, size: 9.0, colour: INK };
const FOOTER: Style = Style { face: Face::Regular, size: 7.0, colour: MUTED };
const FOOTER_NAME: Style = Style { face: Face::Bold, size: 7.0, colour: MUTED };
const SYNTHETIC: Style = Style { face: Face::Bold, size: 7.0, colour: UNMATCHED };
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

/// Finished pages.
pub struct Sheets {
    pub pages: Vec<Sheet>,
    pub marks: Vec<Mark>,
    /// What the pages and the footers show of the fonts.
    pub glyphs: Glyphs,
    pub tree: Tree,
}

pub struct Flow {
    done: Vec<Canvas>,
    canvas: Canvas,
    y: f32,
    marks: Vec<Mark>,
    tree: Tree,
    /// Of the heading before.
    level: u8,
}

impl Flow {
    pub fn start() -> Self {
        let (canvas, tree) = (Canvas::blank(), Tree::start());
        Self { done: Vec::new(), canvas, y: TOP, marks: Vec::new(), tree, level: 0 }
    }

    /// For what says nothing: rules, backgrounds, what is repeated.
    pub fn artifact(&mut self) -> Pen<'_> {
        self.canvas.artifact()
    }

    /// An element around all that is drawn in it, over as many pages as that takes.
    pub fn within(&mut self, tag: Tag, draw: impl FnOnce(&mut Self)) {
        self.tree.open(tag);
        draw(self);
        self.tree.close();
    }

    /// More of the element that is open.
    pub fn content(&mut self) -> Pen<'_> {
        let (element, role) = self.tree.current();
        self.tree.kid(Kid::Content(self.done.len(), self.canvas.next_id()));
        self.canvas.content(element, role)
    }

    /// An element in one piece.
    pub fn tagged(&mut self, tag: Tag) -> Pen<'_> {
        self.tree.open(tag);
        let (element, role) = self.tree.current();
        self.tree.kid(Kid::Content(self.done.len(), self.canvas.next_id()));
        self.tree.close();
        self.canvas.content(element, role)
    }

    /// A chart of this height, and where it starts.
    pub fn figure(&mut self, alt: String, height: f32) -> (Pen<'_>, f32) {
        let top = self.block(height);
        (self.tagged(Tag::Figure { alt, area: Area::new(LEFT, top, WIDTH, height) }), top)
    }

    /// A heading, at most one level below the one before, since none may be skipped.
    pub fn heading(&mut self, level: u8, draw: impl FnOnce(&mut Self)) {
        self.level = level.min(self.level + 1);
        self.within(Tag::Heading(self.level), draw);
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

    /// A heading with its bookmark and some lines on what follows, kept on one page with so much of that.
    pub fn section(&mut self, title: &str, lede: &str, below: f32) {
        self.space(20.0);
        let lines = BODY.wrap(lede, WIDTH, usize::MAX).len() as f32;
        let titles = HEADING.wrap(title, WIDTH, usize::MAX);
        let tall = 8.0 + HEADING_LINE * titles.len().max(1) as f32;
        self.need(6.0 + tall + lines * BODY.leading() + below.max(BELOW_HEADING));
        self.mark(title);
        let top = self.block(tall);
        self.artifact().line(RULE, 0.6, &[(LEFT, top), (RIGHT, top)]);
        self.heading(2, |flow| {
            let mut pen = flow.content();
            for (index, line) in titles.iter().enumerate() {
                pen.text(HEADING, (LEFT, top + 17.0 + HEADING_LINE * index as f32), line);
            }
        });
        if !lede.is_empty() {
            self.paragraph(BODY, lede);
            self.space(6.0);
        }
    }

    pub fn subheading(&mut self, title: &str, below: f32) {
        self.space(8.0);
        self.need(14.0 + below);
        let top = self.block(14.0);
        self.heading(3, |flow| flow.content().text(SUBHEADING, (LEFT, top + 9.0), title));
    }

    pub fn paragraph(&mut self, style: Style, text: &str) {
        let lines = style.wrap(text, WIDTH, usize::MAX);
        self.within(Tag::Paragraph, |flow| flow.lines(style, LEFT, (style.leading(), style.size), &lines));
    }

    /// Lines of the element that is open, each of this height and standing so far below its top.
    pub fn lines(&mut self, style: Style, x: f32, (height, foot): (f32, f32), lines: &[String]) {
        for line in lines {
            let top = self.block(height);
            self.content().text(style, (x, top + foot), line);
        }
    }

    pub fn note(&mut self, text: &str) {
        self.space(2.0);
        self.paragraph(NOTE, text);
    }

    pub fn points(&mut self, style: Style, texts: &[String]) {
        if texts.is_empty() {
            return;
        }
        self.within(Tag::Points, |flow| {
            for text in texts {
                flow.within(Tag::Item, |flow| flow.point(style, text));
            }
        });
    }

    /// One point of a list.
    fn point(&mut self, style: Style, text: &str) {
        let lines = style.wrap(text, WIDTH - 12.0, usize::MAX);
        if lines.is_empty() {
            return;
        }
        self.need(style.leading() * lines.len().min(4) as f32);
        let bullet = self.y + style.size;
        self.tagged(Tag::Label).text(style, (LEFT, bullet), "\u{2022}");
        self.within(Tag::Body, |flow| flow.lines(style, LEFT + 12.0, (style.leading(), style.size), &lines));
        self.space(2.5);
    }

    /// Every page with its footer, which tells how many there are.
    pub fn finish(mut self, document: &Document) -> Sheets {
        self.done.push(self.canvas);
        let total = self.done.len();
        let (marks, tree) = (self.marks, self.tree);
        let mut sheets = Sheets { pages: Vec::with_capacity(total), marks, glyphs: Glyphs::new(), tree };
        for (index, mut canvas) in self.done.into_iter().enumerate() {
            footer(&mut canvas.pagination(), document, index + 1, total);
            let (page, shown) = canvas.finish();
            sheets.pages.push(page);
            for (font, glyphs) in shown {
                sheets.glyphs.entry(font).or_default().extend(glyphs);
            }
        }
        sheets
    }
}

/// What stands at the foot of every page; `page` counts from 1.
fn footer(pen: &mut Pen<'_>, document: &Document, page: usize, pages: usize) {
    let Document { name, span, version, ruleset, synthetic, .. } = document;
    let details = format!("{span}; report version {version}; ruleset {ruleset}");
    pen.line(RULE, 0.5, &[(LEFT, 797.0), (RIGHT, 797.0)]);
    pen.text(FOOTER_NAME, (LEFT, 807.0), &FOOTER_NAME.fit(name, 380.0));
    pen.text_right(FOOTER, (RIGHT, 807.0), &format!("Page {} of {}", count(page), count(pages)));
    pen.text(FOOTER, (LEFT, 816.5), &FOOTER.fit(&details, 400.0));
    if *synthetic {
        pen.text_right(SYNTHETIC, (RIGHT, 816.5), "Synthetic data");
    }
}
