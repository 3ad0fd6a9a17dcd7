//! What a key is: its name, what it takes, and what holds without it.

/// A table of the file and the keys it may have.
#[derive(Debug)]
pub struct Section {
    /// As a file writes it: `[policy]`, `[[site]]`, `profile` of a contract.
    pub heading: &'static str,
    pub about: &'static str,
    pub keys: &'static [Key],
    /// What a table of any other name is one of, where there may be such.
    pub others: &'static [&'static Section],
}

#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub takes: Takes,
    /// Empty where it has none.
    pub unit: &'static str,
    pub presence: Presence,
    pub meaning: &'static str,
}

/// Whether a key must be there. What is written here is TOML, but for the words of `Else`.
#[derive(Debug, Clone, Copy)]
pub enum Presence {
    /// Required; such as this.
    Needed(&'static str),
    /// What holds without it.
    Default(&'static str),
    /// In words what holds without it, and an example.
    Else(&'static str, &'static str),
}

#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// One line of text.
    Text,
    /// Letters, digits, `-`, `_` and `.`.
    Id,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Between these, both allowed.
    Number(f64, f64),
    /// A number between 0 and 1, or a string such as "1/3": exact.
    Fraction,
    /// The same as a string alone.
    FractionText,
    Flag,
    Texts,
    /// `[[0.5, 0.63], ...]`
    Pairs,
    /// Sites and the part of each.
    Parts,
    /// One text or a list of them.
    Words,
    /// A single character.
    Character,
    /// Columns, and one cell or several of each.
    Cells,
    /// Names, and a text of each.
    TextTable,
    /// A date or an instant.
    Instant,
    /// `2h`, `30min`, `7d`.
    Duration,
    /// A year, or two instants.
    Period,
    Table(&'static Section),
    /// `[[key]]`, or a list of tables in braces.
    Tables(&'static Section),
}

impl Section {
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Between what a number lies; without bounds where the key takes none.
    pub fn range(&self, name: &str) -> (f64, f64) {
        match self.key(name).map(|key| key.takes) {
            Some(Takes::Number(low, high)) => (low, high),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// The words of which a key takes one; none where it takes something else.
    pub fn words(&self, name: &str) -> &'static [&'static str] {
        match self.key(name).map(|key| key.takes) {
            Some(Takes::Choice(words)) => words,
            _ => &[],
        }
    }

    /// The section of a table that the key holds.
    pub fn below(&self, name: &str) -> Option<&'static Section> {
        self.key(name).and_then(Key::section)
    }
}

impl Key {
    pub fn section(&self) -> Option<&'static Section> {
        match self.takes {
            Takes::Table(section) | Takes::Tables(section) => Some(section),
            _ => None,
        }
    }

    pub fn is_needed(&self) -> bool {
        matches!(self.presence, Presence::Needed(_))
    }

    /// A value as TOML writes it.
    pub fn example(&self) -> &'static str {
        match self.presence {
            Presence::Needed(text) | Presence::Default(text) | Presence::Else(_, text) => text,
        }
    }
}
