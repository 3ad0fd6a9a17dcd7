//! Pages into the bytes of a PDF file: objects, fonts, bookmarks, structure, title and language.
//!
//! No date and no random id: the file's id is the hash of what it shows, so the same report gives the same bytes.

use super::canvas::{LEFT, PAGE_HEIGHT, PAGE_WIDTH, resource};
use super::flow::{Mark, Sheets};
use super::fonts::Font;
use super::objects::Objects;
use super::{embed, metadata, structure};
use crate::digest::sha256_hex;
use pdf_writer::types::{PageMode, TabOrder};
use pdf_writer::writers::{Catalog, DocumentInfo};
use pdf_writer::{Chunk, Name, Rect, Ref, TextStr};

/// What a reader shows about the file.
pub struct Meta<'a> {
    pub title: &'a str,
    pub author: Option<&'a str>,
    pub subject: &'a str,
    /// Name and version of the program.
    pub engine: &'a str,
}

const CATALOG: i32 = 1;
const TREE: i32 = 2;
const INFO: i32 = 3;
const METADATA: i32 = 4;
const STRUCTURE: i32 = 5;
const OUTLINE: i32 = 6;
const FIRST_PAGE: usize = 7;

/// Numbers of the objects of a page, its content and the owners of it, a bookmark, an element and a font.
pub struct Numbers {
    pages: usize,
    marks: usize,
    elements: usize,
}

impl Numbers {
    pub fn page(&self, index: usize) -> Ref {
        number(FIRST_PAGE + index)
    }

    fn content(&self, index: usize) -> Ref {
        number(FIRST_PAGE + self.pages + index)
    }

    /// The elements that own the marked content of a page.
    pub fn owners(&self, index: usize) -> Ref {
        number(FIRST_PAGE + 2 * self.pages + index)
    }

    fn mark(&self, index: usize) -> Ref {
        number(FIRST_PAGE + 3 * self.pages + index)
    }

    pub fn element(&self, index: usize) -> Ref {
        number(FIRST_PAGE + 3 * self.pages + self.marks + index)
    }

    /// The first of the objects of a font, counted among those the document carries; past the last, the first free one.
    fn font(&self, index: usize) -> i32 {
        let first = count(FIRST_PAGE + 3 * self.pages + self.marks + self.elements);
        first.saturating_add(count(index).saturating_mul(embed::OBJECTS))
    }
}

fn number(value: usize) -> Ref {
    Ref::new(count(value).max(1))
}

fn count(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

pub fn write(meta: &Meta<'_>, sheets: &Sheets) -> Result<Vec<u8>, subsetter::Error> {
    let (pages, marks, elements) = (sheets.pages.len(), sheets.marks.len(), sheets.tree.elements.len());
    let numbers = Numbers { pages, marks, elements };
    let carried: Vec<Font> = sheets.glyphs.keys().copied().collect();
    let mut objects = Objects::start();
    objects.add(catalog);
    objects.add(|chunk| info(chunk, meta));
    objects.add(|chunk| {
        chunk.metadata(Ref::new(METADATA), metadata::xmp(meta).as_bytes());
    });
    objects.add(|chunk| tree(chunk, &numbers, &carried));
    for (index, sheet) in sheets.pages.iter().enumerate() {
        objects.add(|chunk| {
            let mut page = chunk.page(numbers.page(index));
            page.parent(Ref::new(TREE));
            page.contents(numbers.content(index));
            page.struct_parents(structure::key(index));
            page.tab_order(TabOrder::StructureOrder);
        });
        objects.add_packed(numbers.content(index), &sheet.content);
    }
    outline(&mut objects, &numbers, &sheets.marks);
    structure::write(&mut objects, Ref::new(STRUCTURE), &numbers, &sheets.tree, &sheets.pages);
    for (index, (font, glyphs)) in sheets.glyphs.iter().enumerate() {
        embed::write(&mut objects, numbers.font(index), *font, glyphs)?;
    }
    Ok(objects.finish(Ref::new(CATALOG), Ref::new(INFO), &file_id(meta, sheets), numbers.font(carried.len())))
}

fn file_id(meta: &Meta<'_>, sheets: &Sheets) -> Vec<u8> {
    let mut shown = meta.title.as_bytes().to_vec();
    for page in &sheets.pages {
        shown.extend_from_slice(&page.content);
    }
    sha256_hex(&shown).bytes().take(32).collect()
}

fn catalog(chunk: &mut Chunk) {
    let mut catalog: Catalog<'_> = chunk.indirect(Ref::new(CATALOG)).start();
    catalog.pages(Ref::new(TREE));
    catalog.outlines(Ref::new(OUTLINE));
    catalog.page_mode(PageMode::UseOutlines);
    catalog.lang(TextStr("en"));
    catalog.metadata(Ref::new(METADATA));
    catalog.mark_info().marked(true);
    catalog.pair(Name(b"StructTreeRoot"), Ref::new(STRUCTURE));
    catalog.viewer_preferences().display_doc_title(true);
}

fn info(chunk: &mut Chunk, meta: &Meta<'_>) {
    let mut info: DocumentInfo<'_> = chunk.indirect(Ref::new(INFO)).start();
    info.title(TextStr(meta.title));
    if let Some(author) = meta.author {
        info.author(TextStr(author));
    }
    info.subject(TextStr(meta.subject));
    info.creator(TextStr(meta.engine));
    info.producer(TextStr(meta.engine));
}

/// One flat tree; pages take their size and fonts from it.
fn tree(chunk: &mut Chunk, numbers: &Numbers, carried: &[Font]) {
    let mut tree = chunk.pages(Ref::new(TREE));
    tree.kids((0..numbers.pages).map(|index| numbers.page(index)));
    tree.count(count(numbers.pages));
    tree.media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT));
    let mut resources = tree.resources();
    let mut fonts = resources.fonts();
    for (index, font) in carried.iter().enumerate() {
        fonts.pair(resource(*font), Ref::new(numbers.font(index)));
    }
}

fn outline(objects: &mut Objects, numbers: &Numbers, marks: &[Mark]) {
    objects.add(|chunk| {
        let mut outline = chunk.outline(Ref::new(OUTLINE));
        if let Some(last) = marks.len().checked_sub(1) {
            outline.first(numbers.mark(0));
            outline.last(numbers.mark(last));
            outline.count(count(marks.len()));
        }
    });
    for (index, mark) in marks.iter().enumerate() {
        objects.add(|chunk| {
            let mut item = chunk.outline_item(numbers.mark(index));
            item.title(TextStr(&mark.title));
            item.parent(Ref::new(OUTLINE));
            if let Some(before) = index.checked_sub(1) {
                item.prev(numbers.mark(before));
            }
            if index + 1 < marks.len() {
                item.next(numbers.mark(index + 1));
            }
            item.dest().page(numbers.page(mark.page)).xyz(LEFT, (PAGE_HEIGHT - mark.y + 6.0).round(), None);
        });
    }
}
