//! Numbers of the objects of a file.

use pdf_writer::Ref;

pub const CATALOG: i32 = 1;
pub const TREE: i32 = 2;
pub const INFO: i32 = 3;
pub const METADATA: i32 = 4;
pub const STRUCTURE: i32 = 5;
pub const OUTLINE: i32 = 6;
const FIRST_PAGE: usize = 7;
/// Objects a font takes.
pub const OF_A_FONT: i32 = 6;

/// Numbers of the objects of a page, its content and the owners of it, a bookmark, an element and a font.
pub struct Numbers {
    pub pages: usize,
    pub marks: usize,
    pub elements: usize,
}

impl Numbers {
    pub fn page(&self, index: usize) -> Ref {
        number(FIRST_PAGE + index)
    }

    pub fn content(&self, index: usize) -> Ref {
        number(FIRST_PAGE + self.pages + index)
    }

    /// The elements that own the marked content of a page.
    pub fn owners(&self, index: usize) -> Ref {
        number(FIRST_PAGE + 2 * self.pages + index)
    }

    pub fn mark(&self, index: usize) -> Ref {
        number(FIRST_PAGE + 3 * self.pages + index)
    }

    pub fn element(&self, index: usize) -> Ref {
        number(FIRST_PAGE + 3 * self.pages + self.marks + index)
    }

    /// The first of the objects of a font, counted among those the document carries; past the last, the first free one.
    pub fn font(&self, index: usize) -> i32 {
        let first = int(FIRST_PAGE + 3 * self.pages + self.marks + self.elements);
        first.saturating_add(int(index).saturating_mul(OF_A_FONT))
    }
}

/// A whole number as a file states it. No document has as many of anything as `i32` counts: its tables, and so its pages,
/// are limited.
pub fn int(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn number(value: usize) -> Ref {
    Ref::new(int(value).max(1))
}
