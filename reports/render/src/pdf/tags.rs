//! The structure tree: what the parts of the document are and in which order they are read.

use super::canvas::Area;
use pdf_writer::types::StructRole;

/// What an element is.
#[derive(Debug, Clone, PartialEq)]
pub enum Tag {
    Document,
    /// Counted from 1.
    Heading(u8),
    Paragraph,
    /// A list of points.
    Points,
    /// A list of names with what stands behind each.
    Facts,
    Item,
    /// The bullet or the name of an item.
    Label,
    Body,
    Table,
    Caption,
    Row,
    /// The head of a column.
    Head,
    Cell,
    Figure {
        /// What it shows, for readers who cannot see it.
        alt: String,
        /// Where it is on its page.
        area: Area,
    },
}

impl Tag {
    pub fn role(&self) -> StructRole {
        match self {
            Self::Document => StructRole::Document,
            Self::Heading(..=1) => StructRole::H1,
            Self::Heading(2) => StructRole::H2,
            Self::Heading(_) => StructRole::H3,
            Self::Paragraph => StructRole::P,
            Self::Points | Self::Facts => StructRole::L,
            Self::Item => StructRole::LI,
            Self::Label => StructRole::Lbl,
            Self::Body => StructRole::LBody,
            Self::Table => StructRole::Table,
            Self::Caption => StructRole::Caption,
            Self::Row => StructRole::TR,
            Self::Head => StructRole::TH,
            Self::Cell => StructRole::TD,
            Self::Figure { .. } => StructRole::Figure,
        }
    }
}

/// What an element consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kid {
    Element(usize),
    /// Marked content: its page, counted from 0, and its number there.
    Content(usize, i32),
}

#[derive(Debug)]
pub struct Element {
    pub tag: Tag,
    /// None has only the document.
    pub parent: Option<usize>,
    pub kids: Vec<Kid>,
}

#[derive(Debug)]
pub struct Tree {
    /// Parents stand before their kids; the first is the document.
    pub elements: Vec<Element>,
    /// The element that is being drawn.
    open: usize,
}

impl Tree {
    pub fn start() -> Self {
        let document = Element { tag: Tag::Document, parent: None, kids: Vec::new() };
        Self { elements: vec![document], open: 0 }
    }

    /// Number and role of the open element.
    pub fn current(&self) -> (usize, StructRole) {
        (self.open, self.elements.get(self.open).map_or(StructRole::Document, |element| element.tag.role()))
    }

    pub fn open(&mut self, tag: Tag) {
        let number = self.elements.len();
        self.kid(Kid::Element(number));
        self.elements.push(Element { tag, parent: Some(self.open), kids: Vec::new() });
        self.open = number;
    }

    pub fn close(&mut self) {
        self.open = self.elements.get(self.open).and_then(|element| element.parent).unwrap_or(0);
    }

    /// Adds to the open element.
    pub fn kid(&mut self, kid: Kid) {
        if let Some(element) = self.elements.get_mut(self.open) {
            element.kids.push(kid);
        }
    }
}
