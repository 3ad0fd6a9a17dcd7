//! One text or several: `column = "MW"` and `column = ["MW", "MW_EMB"]`.

use serde::{Deserialize, Serialize};

/// One or more texts; written as a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Either")]
pub struct Words(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text or a list of texts")]
enum Either {
    One(String),
    Many(Vec<String>),
}

impl From<Either> for Words {
    fn from(either: Either) -> Self {
        match either {
            Either::One(word) => Self(vec![word]),
            Either::Many(words) => Self(words),
        }
    }
}

impl Words {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a cell is one of them; `INT*` is all that start with `INT`. Capitals do not matter.
    pub fn hold(&self, cell: &str) -> bool {
        self.0.iter().any(|word| is_like(word, cell))
    }
}

/// Whether a text is a word, or starts with one that ends with `*`. Capitals do not matter, nor how many blanks stand in a
/// row.
pub fn is_like(word: &str, text: &str) -> bool {
    if is_plain(word) && is_plain(text) {
        return match word.strip_suffix('*') {
            Some(start) => text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)),
            None => text.eq_ignore_ascii_case(word),
        };
    }
    let (word, text) = (folded(word), folded(text));
    match word.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text == word,
    }
}

/// Whether a text is folded but for its capitals: almost all are.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let blank = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_whitespace() || *byte == 0x0b);
    let doubled = bytes.windows(2).any(|pair| blank(pair.first()) && blank(pair.last()));
    let odd = bytes.iter().any(|byte| !byte.is_ascii() || (*byte != b' ' && blank(Some(byte))));
    !odd && !doubled && !blank(bytes.first()) && !blank(bytes.last())
}

fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for part in text.trim_start_matches('\u{feff}').split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(part.chars().flat_map(char::to_lowercase));
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_alike_whatever_their_capitals_and_blanks() {
        for (word, text, alike) in [
            ("Zone id", "zone  ID ", true),
            ("Zone id", "Zone ids", false),
            ("\u{feff}TYPE", "type", true),
            ("INT*", "intfr", true),
            ("INT*", "IN", false),
            ("*", "", true),
            ("gCO₂eq*", "GCO₂EQ/kWh", true),
            ("Müll", "MÜLL", true),
            ("", "", true),
            ("", "x", false),
            ("é*", "e", false),
            ("e*", "é", false),
        ] {
            assert_eq!(is_like(word, text), alike, "{word:?} {text:?}");
            // The way that is quick for plain texts says the same as the other.
            let (a, b) = (folded(word), folded(text));
            assert_eq!(a.strip_suffix('*').map_or(a == b, |start| b.starts_with(start)), alike, "{word:?} {text:?}");
        }
    }
}
