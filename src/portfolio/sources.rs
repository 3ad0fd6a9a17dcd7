//! `[source.<name>]`: where public data are fetched, and the forms of other people's files.

use super::checked::GbSource;
use super::file::File;
use super::walk::Table;
use crate::secret::Secret;
use reports::received::forms::{EXPORTS, Form};
use reports::series::name::is_id;
use serde_json::Value;
use std::collections::BTreeMap;
use toml::de::DeValue;

/// Names that `--source` has of its own.
const TAKEN: [&str; 4] = ["readings", "gb", "eia930", "neso"];

pub fn read(file: &mut File<'_>, root: &mut Table<'_, '_>) -> (GbSource, BTreeMap<String, Form>) {
    let (mut gb, mut forms) = (GbSource::default(), BTreeMap::new());
    let Some(mut table) = root.table(file, "source") else { return (gb, forms) };
    if let Some(mut source) = table.table(file, "gb") {
        if let Some((url, at)) = source.string(file, "url") {
            if url.starts_with("http://") || url.starts_with("https://") {
                gb.url = Secret::new(url);
            } else {
                let what = format!("source.gb: `{}` is no web address", Secret::new(url));
                file.refuse(at, what, "write https://...");
            }
        }
        source.close(file);
    }
    for (name, at, value) in table.others() {
        match form(&name, value) {
            Ok(form) => {
                forms.insert(name, form);
            }
            Err(what) => file.refuse(at, format!("source.{name}: {what}"), "docs/sources.md lists the keys of a form"),
        }
    }
    (gb, forms)
}

fn form(name: &str, value: &DeValue<'_>) -> Result<Form, String> {
    if !is_id(name) {
        return Err("a name has letters, digits, `-`, `_` and `.` only".into());
    }
    if TAKEN.contains(&name) || EXPORTS.iter().any(|export| export.name == name) {
        return Err("is the name of a source that comes with the program; choose another".into());
    }
    let DeValue::Table(_) = value else { return Err("is not a table".into()) };
    Form::of_json(json(value))
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Null, |number| Value::Number(number.into())),
        DeValue::Float(number) => Value::String(number.as_str().to_string()),
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(entries) => {
            entries.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect()
        }
    }
}
