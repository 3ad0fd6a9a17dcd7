//! Reading a TOML table key by key, gathering every problem with its line.

mod needed;

use super::file::File;
use super::keys::kinds::Section;
use reports::text::did_you_mean;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One table being read; keys that its section does not have, or that nobody asked for, are refused by `close`.
#[derive(Debug)]
pub struct Table<'t, 'i> {
    pub name: String,
    pub at: usize,
    section: &'static Section,
    entries: &'t DeTable<'i>,
    asked: Vec<&'static str>,
}

/// What a value is: "an array", "a string".
fn kind(value: &Spanned<DeValue<'_>>) -> String {
    let kind = value.get_ref().type_str();
    let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {kind}")
}

/// The number that a value is, where it is one and finite.
fn finite(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(text) => i64::from_str_radix(text.as_str(), text.radix()).ok().map(|n| n as f64),
        DeValue::Float(text) => text.as_str().parse::<f64>().ok().filter(|n| n.is_finite()),
        _ => None,
    }
}

/// `"a", "b" or "c"`.
fn either(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => quoted.concat(),
    }
}

fn span_start<T>(value: &Spanned<T>) -> usize {
    let range: Range<usize> = value.span();
    range.start
}

impl<'t, 'i> Table<'t, 'i> {
    pub fn new(name: impl Into<String>, at: usize, section: &'static Section, entries: &'t DeTable<'i>) -> Self {
        Self { name: name.into(), at, section, entries, asked: Vec::new() }
    }

    /// Whether the section has the key.
    fn ask(&mut self, key: &'static str) -> bool {
        let known = self.section.key(key).is_some();
        if known && !self.asked.contains(&key) {
            self.asked.push(key);
        }
        known
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        if !self.ask(key) {
            return None;
        }
        self.entries.iter().find(|(known, _)| known.get_ref().as_ref() == key).map(|(_, value)| value)
    }

    /// The keys that nobody asked for, each with its place and value; asked for by this.
    pub fn others(&self) -> Vec<(String, usize, &'t DeValue<'i>)> {
        let unasked = self.entries.iter().filter(|(key, _)| !self.asked.contains(&key.get_ref().as_ref()));
        unasked.map(|(key, value)| (key.get_ref().to_string(), span_start(key), value.get_ref())).collect()
    }

    /// Where a key stands, or the table where it is absent.
    pub fn at_key(&self, key: &str) -> usize {
        let found = self.entries.iter().find(|(known, _)| known.get_ref().as_ref() == key);
        found.map_or(self.at, |(known, _)| span_start(known))
    }

    fn wrong(&self, file: &mut File<'_>, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let what = format!("{}: `{key}` is {}, not {wanted}", self.name, kind(value));
        file.refuse(span_start(value), what, format!("write {key} = {wanted}"));
    }

    pub fn string(&mut self, file: &mut File<'_>, key: &'static str) -> Option<(String, usize)> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some((text.to_string(), span_start(value))),
            _ => {
                self.wrong(file, key, value, "a string in quotes");
                None
            }
        }
    }

    /// One of the words that the key has.
    pub fn choice(&mut self, file: &mut File<'_>, key: &'static str) -> Option<&'static str> {
        let (text, at) = self.string(file, key)?;
        let words = self.section.words(key);
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            let what = format!("{}: {key} `{text}` is not known", self.name);
            file.refuse(at, what, format!("write {}", either(words)));
        }
        found
    }

    /// A finite number within the bounds that the key has.
    pub fn number(&mut self, file: &mut File<'_>, key: &'static str) -> Option<f64> {
        let value = self.get(key)?;
        let (low, high) = self.section.range(key);
        if !matches!(value.get_ref(), DeValue::Integer(_) | DeValue::Float(_)) {
            self.wrong(file, key, value, "a number");
            return None;
        }
        match finite(value.get_ref()) {
            Some(number) if number >= low && number <= high => Some(number),
            _ => {
                let range =
                    if high.is_finite() { format!("between {low} and {high}") } else { format!("at least {low}") };
                file.refuse(
                    span_start(value),
                    format!("{}: `{key}` is out of range", self.name),
                    format!("write a number {range}"),
                );
                None
            }
        }
    }

    /// A number or a string, as written: for what must be exact.
    pub fn exact(&mut self, file: &mut File<'_>, key: &'static str) -> Option<(String, usize)> {
        let value = self.get(key)?;
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(text) if text.radix() == 10 => text.as_str().to_string(),
            DeValue::Float(text) => text.as_str().to_string(),
            _ => {
                self.wrong(file, key, value, "a number");
                return None;
            }
        };
        Some((text, span_start(value)))
    }

    /// `[[0.5, 0.63], ...]`
    pub fn pairs(&mut self, file: &mut File<'_>, key: &'static str) -> Option<Vec<(f64, f64)>> {
        let value = self.get(key)?;
        let pair = |value: &DeValue<'_>| match value {
            DeValue::Array(items) if items.len() == 2 => finite(items[0].get_ref()).zip(finite(items[1].get_ref())),
            _ => None,
        };
        let pairs = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| pair(item.get_ref())).collect(),
            _ => None,
        };
        if pairs.is_none() {
            self.wrong(file, key, value, "a list of pairs of numbers");
        }
        pairs
    }

    pub fn boolean(&mut self, file: &mut File<'_>, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => {
                self.wrong(file, key, value, "true or false");
                None
            }
        }
    }

    /// Strings of an array, each with its place.
    pub fn strings(&mut self, file: &mut File<'_>, key: &'static str) -> Option<Vec<(String, usize)>> {
        let value = self.get(key)?;
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(file, key, value, "a list of strings");
            return None;
        };
        let mut list = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => list.push((text.to_string(), span_start(item))),
                _ => self.wrong(file, key, item, "a list of strings"),
            }
        }
        Some(list)
    }

    pub fn table(&mut self, file: &mut File<'_>, key: &'static str) -> Option<Table<'t, 'i>> {
        let value = self.get(key)?;
        let section = self.section.below(key)?;
        match value.get_ref() {
            DeValue::Table(entries) => {
                Some(Table::new(format!("{}.{key}", self.name), span_start(value), section, entries))
            }
            _ => {
                self.wrong(file, key, value, "a table");
                None
            }
        }
    }

    /// Every key of a table of strings, such as `split`.
    pub fn string_pairs(&mut self, file: &mut File<'_>, key: &'static str) -> Option<Vec<(String, String, usize)>> {
        let value = self.get(key)?;
        let DeValue::Table(entries) = value.get_ref() else {
            self.wrong(file, key, value, "a table of strings");
            return None;
        };
        let mut pairs = Vec::new();
        for (name, value) in entries.iter() {
            match value.get_ref() {
                DeValue::String(text) => pairs.push((name.get_ref().to_string(), text.to_string(), span_start(value))),
                _ => self.wrong(file, key, value, "a table of strings"),
            }
        }
        Some(pairs)
    }

    /// `[[key]]`, each table with its place.
    pub fn tables(&mut self, file: &mut File<'_>, key: &'static str) -> Vec<Table<'t, 'i>> {
        let Some((value, section)) = self.get(key).zip(self.section.below(key)) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            file.refuse(
                span_start(value),
                format!("`{key}` is {}", kind(value)),
                format!("write [[{key}]] once for each, or {key} = [{{ ... }}]"),
            );
            return Vec::new();
        };
        let mut list = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(entries) => {
                    list.push(Table::new(format!("[[{key}]]"), span_start(item), section, entries));
                }
                _ => self.wrong(file, key, item, "a table"),
            }
        }
        list
    }

    /// Refuses every key that was never asked for.
    pub fn close(self, file: &mut File<'_>) {
        for (key, _) in self.entries.iter() {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let known = || format!("known keys: {}", self.asked.join(" "));
            let hint = match name {
                "name" => format!("only sites and contracts have a display name; {}", known()),
                _ => did_you_mean(name, &self.asked, known),
            };
            file.refuse(span_start(key), format!("{}: unknown key `{name}`", self.name), hint);
        }
    }
}
