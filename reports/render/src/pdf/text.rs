//! Measuring, shortening and breaking text.

use super::fonts::{Face, Glyph};
use crate::palette::{Colour, INK, MUTED};

const ELLIPSIS: &str = "\u{2026}";
/// Sums of widths in binary fractions differ in their last bits.
const SLACK: f32 = 0.05;

/// How a piece of text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub face: Face,
    pub size: f32,
    pub colour: Colour,
}

pub const BODY: Style = Style { face: Face::Regular, size: 8.5, colour: INK };
pub const STRONG: Style = Style { face: Face::Bold, size: 8.5, colour: INK };
pub const NOTE: Style = Style { face: Face::Regular, size: 7.5, colour: MUTED };
pub const LABEL: Style = Style { face: Face::Regular, size: 6.5, colour: MUTED };

impl Style {
    pub const fn sized(self, size: f32) -> Self {
        Self { size, ..self }
    }

    pub const fn coloured(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// Width in points.
    pub fn width(self, text: &str) -> f32 {
        text.chars().map(|letter| self.letter(letter)).sum()
    }

    fn letter(self, letter: char) -> f32 {
        f32::from(Glyph::find(self.face, letter).advance()) * self.size / 1_000.0
    }

    /// From one line to the next.
    pub fn leading(self) -> f32 {
        self.size * 1.3
    }

    fn fits(self, text: &str, width: f32) -> bool {
        self.width(text) <= width + SLACK
    }

    /// The text; where it is wider, with an ellipsis in place of its middle, so that ids keep both ends.
    pub fn fit(self, text: &str, width: f32) -> String {
        if self.fits(text, width) {
            return text.to_string();
        }
        let letters: Vec<char> = text.chars().collect();
        let (mut head, mut tail) = (0, 0);
        let mut used = self.width(ELLIPSIS);
        while head + tail < letters.len() {
            let at_head = head <= 2 * tail;
            let index = if at_head { head } else { letters.len() - 1 - tail };
            used += letters.get(index).map_or(0.0, |letter| self.letter(*letter));
            if used > width {
                break;
            }
            if at_head {
                head += 1;
            } else {
                tail += 1;
            }
        }
        let start: String = letters.iter().take(head).collect();
        let end: String = letters.iter().skip(letters.len() - tail).collect();
        format!("{}{ELLIPSIS}{}", start.trim_end(), end.trim_start())
    }

    /// A word in pieces that fit, cut after a separator where one is in the latter half, else anywhere.
    fn pieces(self, word: &str, width: f32) -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let (mut pieces, mut start) = (Vec::new(), 0);
        while start < letters.len() {
            let (mut end, mut used) = (start, 0.0);
            while let Some(letter) = letters.get(end) {
                used += self.letter(*letter);
                if used > width + SLACK && end > start {
                    break;
                }
                end += 1;
            }
            let separator = letters[start..end].iter().rposition(|letter| "-_./:".contains(*letter));
            if let Some(at) = separator.filter(|at| end < letters.len() && at * 2 >= end - start) {
                end = start + at + 1;
            }
            pieces.push(letters[start..end].iter().collect());
            start = end;
        }
        pieces
    }

    /// The text in lines, broken at blanks, and inside a word only where it is wider than a line; what goes past `most`
    /// lines ends in an ellipsis. A line broken at a blank keeps it, so that words stay apart where the text is copied or
    /// read aloud.
    pub fn wrap(self, text: &str, width: f32, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty()) {
            let longer = if line.is_empty() { word.to_string() } else { format!("{line} {word}") };
            if self.fits(&longer, width) {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(format!("{line} "));
            }
            let mut pieces = self.pieces(word, width);
            line = pieces.pop().unwrap_or_default();
            lines.append(&mut pieces);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                last.truncate(last.trim_end().len());
                while !self.fits(&format!("{last} {ELLIPSIS}"), width) && last.pop().is_some() {}
                *last = format!("{} {ELLIPSIS}", last.trim_end());
            }
        }
        lines
    }

    /// The first of these sizes at which the text fits, or the last.
    pub fn fitted(self, text: &str, width: f32, sizes: &[f32]) -> Self {
        let fitting = sizes.iter().find(|size| self.sized(**size).fits(text, width));
        self.sized(fitting.or(sizes.last()).copied().unwrap_or(self.size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_keeps_both_ends_and_fits() {
        let id = "contract-of-a-very-long-name-in-the-north-of-the-country-42";
        for width in [20.0, 60.0, 120.0] {
            let cut = BODY.fit(id, width);
            assert!(BODY.width(&cut) <= width, "{cut}");
            assert!(cut.contains(ELLIPSIS));
        }
        let cut = BODY.fit(id, 120.0);
        assert!(cut.starts_with("contract") && cut.ends_with("42"), "{cut}");
        assert_eq!(BODY.fit(id, 1_000.0), id);
        assert_eq!(BODY.fit(id, 0.0), ELLIPSIS);
    }

    #[test]
    fn lines_break_at_blanks_and_never_inside_a_figure() {
        let text = "Matched energy is 1,234,567.8 MWh of the load in this period.";
        let lines = BODY.wrap(text, 90.0, 20);
        assert_eq!(lines.concat(), text);
        assert!(lines.len() > 2 && lines.iter().all(|line| BODY.width(line.trim_end()) <= 90.1));
        let cut = BODY.wrap(text, 90.0, 2);
        assert!(cut.len() == 2 && cut[1].ends_with(ELLIPSIS) && BODY.width(&cut[1]) <= 90.1);
        assert!(BODY.wrap("  ", 90.0, 2).is_empty());
    }

    #[test]
    fn a_word_wider_than_a_line_breaks_after_a_separator_and_loses_nothing() {
        let id = "site-of-a-very-long-name-in-the-north-of-the-country-042";
        let lines = BODY.wrap(id, 90.0, 20);
        assert_eq!(lines.concat(), id);
        assert!(lines.len() > 2 && lines.iter().all(|line| BODY.width(line) <= 90.1));
        assert!(lines.iter().rev().skip(1).all(|line| line.ends_with('-')), "{lines:?}");
        assert_eq!(BODY.wrap(&"x".repeat(200), 90.0, 99).concat(), "x".repeat(200));
    }
}
