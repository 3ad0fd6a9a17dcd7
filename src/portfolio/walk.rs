//! Reading a TOML table key by key, gathering every problem with its line.

use super::file::File;
use super::keys::kinds::{Key, Section};
use reports::series::name::is_id;
use reports::text::did_you_mean;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use std::fmt;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

pub const ID_HINT: &str = "use letters, digits, `-`, `_` and `.`, at most 64 of them";

/// One table being read; keys that its section does not have, or that nobody asked for, are refused by `close`.
#[derive(Debug)]
pub struct Table<'t, 'i> {
    pub file: &'t File<'t>,
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
    value.span().start
}

impl<'t, 'i> Table<'t, 'i> {
    pub fn new(
        file: &'t File<'t>,
        name: impl Into<String>,
        at: usize,
        section: &'static Section,
        entries: &'t DeTable<'i>,
    ) -> Self {
        Self { file, name: name.into(), at, section, entries, asked: Vec::new() }
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

    /// A value of whatever kind.
    pub fn value(&mut self, key: &'static str) -> Option<&'t DeValue<'i>> {
        self.get(key).map(Spanned::get_ref)
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

    /// Refuses what stands in this table at a place.
    pub fn refuse(&self, at: usize, what: impl fmt::Display, hint: impl Into<String>) {
        self.file.refuse(at, format!("{}: {what}", self.name), hint);
    }

    /// The same as what was to be read: nothing.
    pub fn refused<T>(&self, at: usize, what: impl fmt::Display, hint: impl Into<String>) -> Option<T> {
        self.refuse(at, what, hint);
        None
    }

    /// Refuses what a key says, or the table without it, if it is wrong.
    pub fn refuse_if(&self, wrong: bool, key: &str, what: impl fmt::Display, hint: &str) {
        if wrong {
            self.refuse(self.at_key(key), what, hint);
        }
    }

    fn wrong<T>(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) -> Option<T> {
        let what = format!("`{key}` is {}, not {wanted}", kind(value));
        self.refused(span_start(value), what, format!("write {key} = {wanted}"))
    }

    /// What a value is read as, and its place; refused if it is not what is wanted.
    fn read<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&'t DeValue<'i>) -> Option<T>,
    ) -> Option<(T, usize)> {
        let value = self.get(key)?;
        let found = read(value.get_ref()).map(|found| (found, span_start(value)));
        found.or_else(|| self.wrong(key, value, wanted))
    }

    pub fn string(&mut self, key: &'static str) -> Option<(String, usize)> {
        self.read(key, "a string in quotes", |value| value.as_str().map(String::from))
    }

    /// A string that fits, which others are not: ``plant `a b` is not an id``.
    pub fn fitting(
        &mut self,
        key: &'static str,
        fits: impl FnOnce(&str) -> bool,
        (wanted, hint): (&str, &str),
    ) -> Option<String> {
        let (text, at) = self.string(key)?;
        if fits(&text) { Some(text) } else { self.refused(at, format!("{key} `{text}` is not {wanted}"), hint) }
    }

    /// What one of the words that the key has stands for.
    pub fn choice<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<T> {
        let (text, at) = self.string(key)?;
        let words = self.section.words(key);
        if !words.contains(&text.as_str()) {
            let hint = format!("write {}", either(words));
            return self.refused(at, format!("{key} `{text}` is not known"), hint);
        }
        let word: StrDeserializer<'_, Error> = text.as_str().into_deserializer();
        T::deserialize(word).ok()
    }

    /// A finite number within the bounds that the key has.
    pub fn number(&mut self, key: &'static str) -> Option<f64> {
        let value = self.get(key)?;
        let (low, high) = self.section.range(key);
        if !matches!(value.get_ref(), DeValue::Integer(_) | DeValue::Float(_)) {
            return self.wrong(key, value, "a number");
        }
        match finite(value.get_ref()) {
            Some(number) if number >= low && number <= high => Some(number),
            _ => {
                let range =
                    if high.is_finite() { format!("between {low} and {high}") } else { format!("at least {low}") };
                let what = format!("`{key}` is out of range");
                self.refused(span_start(value), what, format!("write a number {range}"))
            }
        }
    }

    /// A number or a string, as written: for what must be exact.
    pub fn exact(&mut self, key: &'static str) -> Option<(String, usize)> {
        self.read(key, "a number", |value| match value {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(text) if text.radix() == 10 => Some(text.as_str().to_string()),
            DeValue::Float(text) => Some(text.as_str().to_string()),
            _ => None,
        })
    }

    /// `[[0.5, 0.63], ...]`
    pub fn pairs(&mut self, key: &'static str) -> Option<Vec<(f64, f64)>> {
        let pair = |value: &DeValue<'_>| match value {
            DeValue::Array(items) if items.len() == 2 => finite(items[0].get_ref()).zip(finite(items[1].get_ref())),
            _ => None,
        };
        let pairs = self.read(key, "a list of pairs of numbers", |value| {
            value.as_array()?.iter().map(|item| pair(item.get_ref())).collect::<Option<Vec<_>>>()
        });
        pairs.map(|(pairs, _)| pairs)
    }

    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        self.read(key, "true or false", DeValue::as_bool).map(|(flag, _)| flag)
    }

    /// Strings of an array, each with its place.
    pub fn strings(&mut self, key: &'static str) -> Option<Vec<(String, usize)>> {
        let (items, _) = self.read(key, "a list of strings", DeValue::as_array)?;
        let text = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
            DeValue::String(text) => Some((text.to_string(), span_start(item))),
            _ => self.wrong(key, item, "a list of strings"),
        };
        Some(items.iter().filter_map(text).collect())
    }

    pub fn table(&mut self, key: &'static str) -> Option<Table<'t, 'i>> {
        let section = self.section.below(key)?;
        let (entries, at) = self.read(key, "a table", DeValue::as_table)?;
        Some(Table::new(self.file, format!("{}.{key}", self.name), at, section, entries))
    }

    /// Every key of a table of strings, such as `split`.
    pub fn string_pairs(&mut self, key: &'static str) -> Option<Vec<(String, String, usize)>> {
        let (entries, _) = self.read(key, "a table of strings", DeValue::as_table)?;
        let pair = |(name, value): (&Spanned<DeString<'i>>, &Spanned<DeValue<'i>>)| match value.get_ref() {
            DeValue::String(text) => Some((name.get_ref().to_string(), text.to_string(), span_start(value))),
            _ => self.wrong(key, value, "a table of strings"),
        };
        Some(entries.iter().filter_map(pair).collect())
    }

    /// `[[key]]`, each table with its place.
    pub fn tables(&mut self, key: &'static str) -> Vec<Table<'t, 'i>> {
        let Some((value, section)) = self.get(key).zip(self.section.below(key)) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            let hint = format!("write [[{key}]] once for each, or {key} = [{{ ... }}]");
            self.file.refuse(span_start(value), format!("`{key}` is {}", kind(value)), hint);
            return Vec::new();
        };
        let table = |item: &'t Spanned<DeValue<'i>>| match item.get_ref() {
            DeValue::Table(entries) => {
                Some(Table::new(self.file, format!("[[{key}]]"), span_start(item), section, entries))
            }
            _ => self.wrong(key, item, "a table"),
        };
        items.iter().filter_map(table).collect()
    }

    /// Whether a key that must be there is; refuses the table where it is not, with the example of the table of keys.
    pub fn needs(&mut self, key: &'static str) -> bool {
        let example = self.section.key(key).map_or("...", Key::example);
        self.needs_or(key, format!("add {key} = {example}"))
    }

    fn needs_or(&mut self, key: &'static str, hint: String) -> bool {
        let present = self.entries.iter().any(|(known, _)| known.get_ref().as_ref() == key);
        if !present {
            self.ask(key);
            self.file.refuse(self.at, format!("{} has no `{key}`", self.name), hint);
        }
        present
    }

    pub fn needed_string(&mut self, key: &'static str) -> Option<(String, usize)> {
        if self.needs(key) { self.string(key) } else { None }
    }

    /// The same with a hint of its own for where it is missing.
    pub fn needed_string_or(&mut self, key: &'static str, hint: String) -> Option<(String, usize)> {
        if self.needs_or(key, hint) { self.string(key) } else { None }
    }

    /// The name of something else in the file: where it is missing, the hint names one that there is.
    pub fn needed_name(&mut self, key: &'static str, known: Option<&str>) -> Option<(String, usize)> {
        match known {
            Some(known) => self.needed_string_or(key, format!("add {key} = \"{known}\"")),
            None => self.needed_string(key),
        }
    }

    pub fn needed_number(&mut self, key: &'static str) -> Option<f64> {
        if self.needs(key) { self.number(key) } else { None }
    }

    /// Its id, by which problems of the table call it from then on: `site ashburn`.
    pub fn named_by_id<T: From<String>>(&mut self, noun: &str) -> Option<T> {
        let id: String = self.id()?;
        self.name = format!("{noun} {id}");
        Some(id.into())
    }

    /// An id: letters, digits, `-`, `_`, `.`.
    pub fn id<T: From<String>>(&mut self) -> Option<T> {
        let (id, at) = self.needed_string("id")?;
        if !is_id(&id) {
            self.file.refuse(at, format!("`{id}` is not an id"), ID_HINT);
            return None;
        }
        Some(id.into())
    }

    /// Refuses every key that was never asked for.
    pub fn close(self) {
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
            self.refuse(span_start(key), format!("unknown key `{name}`"), hint);
        }
    }
}
