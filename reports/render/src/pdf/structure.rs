//! The structure tree as objects of the file, and the way back from marked content to its elements.

use super::canvas::{PAGE_HEIGHT, Sheet};
use super::numbers::{Numbers, int};
use super::objects::Objects;
use super::tags::{Element, Kid, Tag, Tree};
use pdf_writer::types::{ListNumbering, TableHeaderScope};
use pdf_writer::writers::{StructElement, StructTreeRoot};
use pdf_writer::{Rect, Ref, TextStr};

pub fn write(objects: &mut Objects, root: Ref, numbers: &Numbers, tree: &Tree, pages: &[Sheet]) {
    objects.add(|chunk| {
        let mut written: StructTreeRoot<'_> = chunk.indirect(root).start();
        written.child(numbers.element(0));
        let mut parents = written.parent_tree();
        let mut entries = parents.nums();
        for index in 0..pages.len() {
            entries.insert(int(index), numbers.owners(index));
        }
    });
    for (index, page) in pages.iter().enumerate() {
        let owners = page.owners.iter().map(|element| numbers.element(*element));
        objects.add(|chunk| {
            chunk.indirect(numbers.owners(index)).array().items(owners);
        });
    }
    for (index, element) in tree.elements.iter().enumerate() {
        let parent = element.parent.map_or(root, |parent| numbers.element(parent));
        objects.add(|chunk| {
            let mut written = chunk.struct_element(numbers.element(index));
            written.kind(element.tag.role());
            written.parent(parent);
            attributes(&mut written, &element.tag);
            kids(&mut written, numbers, element);
        });
    }
}

fn attributes(written: &mut StructElement<'_>, tag: &Tag) {
    match tag {
        Tag::Figure { alt, area } => {
            written.alt(TextStr(alt));
            let place = Rect::new(area.x, PAGE_HEIGHT - area.foot(), area.right(), PAGE_HEIGHT - area.y);
            written.attributes().push().layout().bbox(place);
        }
        Tag::Head => {
            written.attributes().push().table().scope(TableHeaderScope::Column);
        }
        Tag::Points => {
            written.attributes().push().list().list_numbering(ListNumbering::Disc);
        }
        _ => {}
    }
}

/// An element names its page once, and any other page at the content that is there.
fn kids(written: &mut StructElement<'_>, numbers: &Numbers, element: &Element) {
    let first = element.kids.iter().find_map(|kid| match kid {
        Kid::Content(page, _) => Some(*page),
        Kid::Element(_) => None,
    });
    if let Some(page) = first {
        written.page(numbers.page(page));
    }
    let mut list = written.children();
    for kid in &element.kids {
        match kid {
            Kid::Element(index) => {
                list.struct_element(numbers.element(*index));
            }
            Kid::Content(page, id) if Some(*page) == first => {
                list.marked_content_id(*id);
            }
            Kid::Content(page, id) => {
                list.marked_content_ref().page(numbers.page(*page)).marked_content_id(*id);
            }
        }
    }
}
