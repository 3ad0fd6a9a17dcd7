//! Pages into the bytes of a PDF file: objects, fonts, bookmarks, structure, title and language.
//!
//! No date and no random id: the file's id is the hash of what it shows, so the same report gives the same bytes.

use super::canvas::{LEFT, PAGE_HEIGHT, PAGE_WIDTH, resource};
use super::flow::{Mark, Sheets};
use super::fonts::Font;
use super::metadata::Meta;
use super::numbers::{CATALOG, INFO, METADATA, Numbers, OUTLINE, STRUCTURE, TREE, int};
use super::objects::Objects;
use super::{embed, metadata, structure};
use pdf_writer::types::{PageMode, TabOrder};
use pdf_writer::writers::{Catalog, DocumentInfo};
use pdf_writer::{Chunk, Name, Rect, Ref, TextStr};
use reports::digest::sha256_hex;

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
            page.struct_parents(int(index));
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
    tree.count(int(numbers.pages));
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
            outline.count(int(marks.len()));
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
