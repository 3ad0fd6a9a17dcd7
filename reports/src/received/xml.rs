//! XML within limits, and its elements by name, in whatever namespace.

use super::Refused;
use super::bytes::longest_tag;
use roxmltree::{Document, Node, ParsingOptions};

/// A reader of XML holds attributes against each other: no element that is read here has as many as go into this.
const LONGEST_TAG: usize = 64 << 10;

/// The document that a text is, of at most so many nodes.
pub(super) fn parse(xml: &str, nodes_limit: u32) -> Result<Document<'_>, Refused> {
    if longest_tag(xml.as_bytes()) > LONGEST_TAG {
        return Err(Refused::new(format!("has an element of more than {} KiB", LONGEST_TAG >> 10)));
    }
    let options = ParsingOptions { nodes_limit, ..ParsingOptions::default() };
    Document::parse_with_options(xml, options)
        .map_err(|error| Refused::new(format!("is not XML: {error}")).line(u64::from(error.pos().row)))
}

/// Whether an element has this name.
pub(super) fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// Child elements of a name.
pub(super) fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| is(*child, name))
}

/// All text of a child, though comments stand in it.
pub(super) fn text_of(node: Node<'_, '_>, name: &str) -> Option<String> {
    let child = node.children().find(|child| is(*child, name))?;
    let text: String = child.children().filter(Node::is_text).filter_map(|node| node.text()).collect();
    Some(text.trim().to_string())
}
