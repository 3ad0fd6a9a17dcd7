//! Text in the one encoding every PDF reader knows for its standard fonts.

/// Stands for whatever the encoding lacks, where nothing better is at hand.
const UNKNOWN: u8 = b'?';

/// Spaces between groups of digits: drawn as a narrowed space, never broken at.
pub fn is_thin(letter: char) -> bool {
    matches!(letter, '\u{2009}' | '\u{202f}')
}

/// The code of a letter, where it has one.
pub fn code(letter: char) -> Option<u8> {
    match letter {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(letter).ok(),
        '\t' | '\n' | '\r' => Some(b' '),
        '\u{2082}' => Some(b'2'),
        '\u{2212}' => Some(0x96),
        _ if is_thin(letter) => Some(b' '),
        _ => special(letter),
    }
}

/// Whether every letter has a code.
pub fn covers(text: &str) -> bool {
    text.chars().all(|letter| code(letter).is_some())
}

fn special(letter: char) -> Option<u8> {
    SPECIAL.iter().find(|(known, _)| *known == letter).map(|(_, code)| *code)
}

/// Encoded text, cut behind its thin spaces. There is always at least one part.
pub fn parts(text: &str) -> Vec<Vec<u8>> {
    let mut parts = vec![Vec::new()];
    for letter in text.chars() {
        if let Some(part) = parts.last_mut() {
            part.push(code(letter).unwrap_or(UNKNOWN));
        }
        if is_thin(letter) {
            parts.push(Vec::new());
        }
    }
    parts
}

/// Codes 0x80 to 0x9f.
const SPECIAL: [(char, u8); 27] = [
    ('\u{20ac}', 0x80),
    ('\u{201a}', 0x82),
    ('\u{0192}', 0x83),
    ('\u{201e}', 0x84),
    ('\u{2026}', 0x85),
    ('\u{2020}', 0x86),
    ('\u{2021}', 0x87),
    ('\u{02c6}', 0x88),
    ('\u{2030}', 0x89),
    ('\u{0160}', 0x8a),
    ('\u{2039}', 0x8b),
    ('\u{0152}', 0x8c),
    ('\u{017d}', 0x8e),
    ('\u{2018}', 0x91),
    ('\u{2019}', 0x92),
    ('\u{201c}', 0x93),
    ('\u{201d}', 0x94),
    ('\u{2022}', 0x95),
    ('\u{2013}', 0x96),
    ('\u{2014}', 0x97),
    ('\u{02dc}', 0x98),
    ('\u{2122}', 0x99),
    ('\u{0161}', 0x9a),
    ('\u{203a}', 0x9b),
    ('\u{0153}', 0x9c),
    ('\u{017e}', 0x9e),
    ('\u{0178}', 0x9f),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_where_the_encoding_has_its_letters() {
        assert_eq!(parts("Zürich €"), vec![vec![b'Z', 0xfc, b'r', b'i', b'c', b'h', b' ', 0x80]]);
        assert!(covers("Zürich\u{2009}€") && !covers("Łódź") && !covers("日本") && !covers("\u{0}"));
        assert_eq!(parts("1\u{2009}234"), vec![b"1 ".to_vec(), b"234".to_vec()]);
        assert_eq!(parts(""), vec![Vec::<u8>::new()]);
    }

    #[test]
    fn the_special_codes_are_those_of_windows_1252() {
        assert!(SPECIAL.is_sorted_by(|a, b| a.1 < b.1));
        assert!(SPECIAL.iter().all(|(_, code)| (0x80..0xa0).contains(code)));
    }
}
