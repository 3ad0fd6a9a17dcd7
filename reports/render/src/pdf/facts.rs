//! Names with what stands behind them, one under the other.

use super::canvas::{LEFT, RIGHT, WIDTH};
use super::flow::Flow;
use super::fonts::Face;
use super::palette::{HAIR, INK, MUTED};
use super::tags::Tag;
use super::text::{Style, WARNING};

const NAME: Style = Style { face: Face::Regular, size: 8.0, colour: MUTED };
const VALUE: Style = Style { face: Face::Regular, size: 8.0, colour: INK };
const INDENT: f32 = 128.0;
const MOST_LINES: usize = 8;

pub struct Fact {
    pub name: &'static str,
    pub value: String,
    /// Something a reader must not miss.
    pub warns: bool,
}

pub fn fact(name: &'static str, value: impl Into<String>) -> Fact {
    Fact { name, value: value.into(), warns: false }
}

pub fn warning(name: &'static str, value: impl Into<String>) -> Fact {
    Fact { name, value: value.into(), warns: true }
}

pub fn draw(flow: &mut Flow, facts: &[Fact]) {
    if facts.is_empty() {
        return;
    }
    flow.within(Tag::Facts, |flow| {
        for fact in facts {
            flow.within(Tag::Item, |flow| item(flow, fact));
        }
    });
}

fn item(flow: &mut Flow, fact: &Fact) {
    let style = if fact.warns { WARNING.sized(VALUE.size) } else { VALUE };
    let lines = style.wrap(&fact.value, WIDTH - INDENT, MOST_LINES);
    let height = style.leading() * lines.len().max(1) as f32 + 3.0;
    let top = flow.block(height);
    if !fact.name.is_empty() {
        flow.tagged(Tag::Label).text(NAME, (LEFT, top + 8.6), &NAME.fit(fact.name, INDENT - 8.0));
    }
    {
        let mut pen = flow.tagged(Tag::Body);
        for (index, line) in lines.iter().enumerate() {
            pen.text(style, (LEFT + INDENT, top + 8.6 + index as f32 * style.leading()), line);
        }
    }
    flow.artifact().line(HAIR, 0.4, &[(LEFT, top + height), (RIGHT, top + height)]);
}
