//! Charts drawn as vector paths. No meaning rests on colour alone: parts also differ in lightness and place.

pub mod day;
pub mod duration;
pub mod heat;
pub mod months;
pub mod scale;
pub mod sources;
pub mod waterfall;

use super::canvas::{Area, LEFT, RIGHT};
use super::flow::Flow;
use super::palette::{Colour, MATCHED, SURPLUS, SURPLUS_PALE, UNMATCHED, UNMATCHED_PALE};
use super::tags::Tag;
use super::text::LABEL;
use crate::captions;

/// One entry of a legend.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub fill: Colour,
    pub edge: Colour,
    pub label: &'static str,
}

/// The parts of load and of what load did not need.
pub const STACK: [Key; 3] = [
    Key { fill: MATCHED, edge: MATCHED, label: captions::MATCHED },
    Key { fill: UNMATCHED_PALE, edge: UNMATCHED, label: captions::UNMATCHED },
    Key { fill: SURPLUS_PALE, edge: SURPLUS, label: "surplus" },
];

/// Swatches with their labels, in as many lines as they need.
pub fn legend(flow: &mut Flow, keys: &[Key]) {
    flow.space(3.0);
    flow.within(Tag::Facts, |flow| {
        let (mut top, mut x) = (flow.block(12.0), LEFT);
        for key in keys {
            let width = 13.0 + LABEL.width(key.label) + 11.0;
            if x > LEFT && x + width - 11.0 > RIGHT {
                top = flow.block(11.0);
                x = LEFT;
            }
            flow.artifact().bar(key.fill, key.edge, Area::new(x, top + 2.5, 9.0, 6.0));
            flow.within(Tag::Item, |flow| {
                flow.tagged(Tag::Body).text(LABEL, (x + 13.0, top + 8.0), key.label);
            });
            x += width;
        }
    });
    flow.space(2.0);
}
