//! One text or several: `column = "MW"` and `column = ["MW", "MW_EMB"]`.

use serde::{Deserialize, Deserializer, Serialize};

/// One or more texts; written as a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Words(pub Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a text or a list of texts")]
        enum Either {
            One(String),
            Many(Vec<String>),
        }
        Ok(match Either::deserialize(from)? {
            Either::One(word) => Self(vec![word]),
            Either::Many(words) => Self(words),
        })
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
    let (word, text) = (folded(word), folded(text));
    match word.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text == word,
    }
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
