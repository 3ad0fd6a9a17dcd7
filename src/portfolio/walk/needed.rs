//! Keys that must be there: a table without one is refused, with a line to add as the table of keys shows it.

use super::{ID_HINT, Table};
use crate::portfolio::keys::kinds::Key;
use reports::series::name::is_id;

impl Table<'_, '_> {
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
    pub fn named_by_id(&mut self, noun: &str) -> Option<String> {
        let (id, _) = self.id()?;
        self.name = format!("{noun} {id}");
        Some(id)
    }

    /// An id: letters, digits, `-`, `_`, `.`.
    pub fn id(&mut self) -> Option<(String, usize)> {
        let (id, at) = self.needed_string("id")?;
        if is_id(&id) {
            return Some((id, at));
        }
        self.file.refuse(at, format!("`{id}` is not an id"), ID_HINT);
        None
    }
}
