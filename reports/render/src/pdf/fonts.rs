//! The fonts of the document: which glyph stands for a letter, and how wide it is.
//!
//! Glyphs are one to a letter: scripts that join their letters or run from right to left are not shaped.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A weight of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Regular,
    Bold,
}

reports::named! {
    /// A font a document carries where it shows letters of it, by what its file calls itself.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Font {
        Sans = "LiberationSans",
        SansBold = "LiberationSans-Bold",
        /// Chinese, Japanese and Korean, in one weight.
        EastAsian = "DroidSansFallback",
    }
}

/// The glyphs a document shows of each font, and the letter each stands for.
pub type Glyphs = BTreeMap<Font, BTreeMap<u16, char>>;

static PARSED: LazyLock<[Option<ttf_parser::Face<'static>>; 3]> =
    LazyLock::new(|| Font::ALL.map(|font| ttf_parser::Face::parse(font.bytes(), 0).ok()));

impl Font {
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Sans => include_bytes!("../../fonts/LiberationSans-Regular.ttf"),
            Self::SansBold => include_bytes!("../../fonts/LiberationSans-Bold.ttf"),
            Self::EastAsian => include_bytes!("../../fonts/DroidSansFallback.ttf"),
        }
    }

    pub fn parsed(self) -> Option<&'static ttf_parser::Face<'static>> {
        PARSED.get(self as usize).and_then(Option::as_ref)
    }

    /// Thousandths of the font size that a glyph takes.
    pub fn advance(self, id: u16) -> u16 {
        let Some(face) = self.parsed() else { return 0 };
        let advance = u32::from(face.glyph_hor_advance(ttf_parser::GlyphId(id)).unwrap_or(0));
        let em = u32::from(face.units_per_em()).max(1);
        u16::try_from((advance * 1_000 + em / 2) / em).unwrap_or(u16::MAX)
    }

    fn find(self, letter: char) -> Option<u16> {
        self.parsed()?.glyph_index(letter).map(|id| id.0).filter(|id| *id != 0)
    }
}

fn sans(face: Face) -> Font {
    match face {
        Face::Regular => Font::Sans,
        Face::Bold => Font::SansBold,
    }
}

/// Drawn for a letter no font has.
const BOX: char = '\u{25a1}';

/// What is drawn for a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    pub font: Font,
    pub id: u16,
    /// What a reader finds when it copies the text.
    pub letter: char,
}

impl Glyph {
    /// The glyph of the first font that has the letter; a box, read back as U+FFFD, where none has.
    pub fn find(face: Face, letter: char) -> Self {
        // Narrow spaces and those that do not break have glyphs of their own; as a space they are found in a search.
        let blank = letter.is_ascii_whitespace() || matches!(letter, '\u{a0}' | '\u{2009}' | '\u{202f}');
        let letter = if blank { ' ' } else { letter };
        let found = [sans(face), Font::EastAsian].into_iter().find_map(|font| font.find(letter).map(|id| (font, id)));
        match found {
            Some((font, id)) => Self { font, id, letter },
            None => {
                let font = sans(face);
                Self { font, id: font.find(BOX).unwrap_or(0), letter: char::REPLACEMENT_CHARACTER }
            }
        }
    }

    /// Thousandths of the font size.
    pub fn advance(self) -> u16 {
        self.font.advance(self.id)
    }
}

/// A stretch of text in one font.
pub struct Run {
    pub font: Font,
    /// Glyph numbers of two bytes each.
    pub glyphs: Vec<u8>,
}

/// Text by the fonts it is set in; what it shows is noted in `shown`.
pub fn runs(face: Face, text: &str, shown: &mut Glyphs) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for letter in text.chars() {
        let glyph = Glyph::find(face, letter);
        shown.entry(glyph.font).or_default().entry(glyph.id).or_insert(glyph.letter);
        if runs.last().is_none_or(|run| run.font != glyph.font) {
            runs.push(Run { font: glyph.font, glyphs: Vec::new() });
        }
        if let Some(run) = runs.last_mut() {
            run.glyphs.extend_from_slice(&glyph.id.to_be_bytes());
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_and_as_wide_as_the_font_says() {
        for (letter, regular, bold) in [(' ', 278, 278), ('0', 556, 556), ('W', 944, 944), ('i', 222, 278)] {
            let widths = [Face::Regular, Face::Bold].map(|face| Glyph::find(face, letter).advance());
            assert_eq!(widths, [regular, bold], "{letter}");
        }
        for letter in "\u{2212}\u{2082}\u{2013}\u{2022}\u{2026}\u{20ac}".chars() {
            assert_eq!(Glyph::find(Face::Regular, letter).letter, letter);
        }
        assert_eq!(Glyph::find(Face::Bold, '\u{a0}'), Glyph::find(Face::Bold, ' '));
        for (letters, font) in
            [("Łódźğř", Font::Sans), ("ΑθήναСофия", Font::Sans), ("東京かな台北서울", Font::EastAsian)]
        {
            for letter in letters.chars() {
                let glyph = Glyph::find(Face::Regular, letter);
                assert_eq!((glyph.font, glyph.letter), (font, letter));
                assert!(glyph.id != 0 && glyph.advance() > 0, "{letter}");
            }
        }
    }

    #[test]
    fn a_letter_of_no_font_is_a_box_that_says_so() {
        let unknown = Glyph::find(Face::Bold, '\u{12000}');
        let drawn = Glyph::find(Face::Bold, BOX);
        assert_eq!((unknown.font, unknown.letter), (Font::SansBold, '\u{fffd}'));
        assert!(unknown.id != 0 && unknown.id == drawn.id, "no reference to a glyph that is not defined");
    }

    #[test]
    fn runs_follow_the_fonts() {
        let mut shown = Glyphs::new();
        let runs = runs(Face::Regular, "1\u{2009}2東", &mut shown);
        let fonts: Vec<Font> = runs.iter().map(|run| run.font).collect();
        assert_eq!(fonts, [Font::Sans, Font::EastAsian]);
        assert_eq!(runs.iter().map(|run| run.glyphs.len()).collect::<Vec<_>>(), [6, 2]);
        assert_eq!(shown[&Font::Sans].values().copied().collect::<String>(), " 12");
        assert_eq!(shown[&Font::EastAsian].values().copied().collect::<String>(), "東");
    }
}
