//! What stands at the foot of every page.

use super::canvas::{LEFT, Pen, RIGHT};
use super::fonts::Face;
use super::text::Style;
use crate::content::Document;
use crate::english::count;
use crate::palette::{MUTED, RULE, UNMATCHED};

const PLAIN: Style = Style { face: Face::Regular, size: 7.0, colour: MUTED };
const NAME: Style = Style { face: Face::Bold, size: 7.0, colour: MUTED };
const MARK: Style = Style { face: Face::Bold, size: 7.0, colour: UNMATCHED };

pub struct Footer {
    name: String,
    details: String,
    synthetic: bool,
}

impl Footer {
    pub fn new(document: &Document) -> Self {
        let Document { span, version, ruleset, .. } = document;
        Self {
            name: document.name.clone(),
            details: format!("{span}; report version {version}; ruleset {ruleset}"),
            synthetic: document.synthetic,
        }
    }

    /// `page` counts from 1.
    pub fn draw(&self, pen: &mut Pen<'_>, page: usize, pages: usize) {
        pen.line(RULE, 0.5, &[(LEFT, 797.0), (RIGHT, 797.0)]);
        pen.text(NAME, (LEFT, 807.0), &NAME.fit(&self.name, 380.0));
        pen.text_right(PLAIN, (RIGHT, 807.0), &format!("Page {} of {}", count(page), count(pages)));
        pen.text(PLAIN, (LEFT, 816.5), &PLAIN.fit(&self.details, 400.0));
        if self.synthetic {
            pen.text_right(MARK, (RIGHT, 816.5), "Synthetic data");
        }
    }
}
