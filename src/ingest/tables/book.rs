//! What the cells of a workbook refer to, and its elements.

use super::serial::Shows;
use roxmltree::Node;

/// What cells refer to.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub strings: Vec<String>,
    /// By the number of a cell's style.
    pub shows: Vec<Shows>,
    pub since_1904: bool,
}

/// Elements of a name, whatever the namespace: there are two of them.
pub(super) fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}
