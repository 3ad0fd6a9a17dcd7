//! `[source.<name>]`: where public data are fetched, and the forms of other people's files.

use super::common::{BoundaryId, DeValue, Table, is_id};
use super::feeds::{self, FeedSource};
use super::keys::source::FEED;
use reports::received::forms::{EXPORTS, Form};
use reports::received::providers::{NAMES, named};
use reports::text::clip;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The feed that is there without a table.
const GB: &str = "gb";

/// Names that `--source` has of its own.
const TAKEN: [&str; 4] = ["readings", "gb", "eia930", "neso"];

/// What is fetched, and forms of files, each by the name that `--source` takes.
type Sources = (BTreeMap<String, FeedSource>, BTreeMap<String, Form>);

/// Feeds lie in boundaries, which are known by now.
pub(super) fn read(root: &mut Table<'_, '_>, boundaries: &BTreeSet<BoundaryId>) -> Sources {
    let (mut feeds, mut forms) = (BTreeMap::new(), BTreeMap::new());
    feeds.extend(FeedSource::gb().map(|gb| (gb.name.clone(), gb)));
    let Some(mut table) = root.table("source") else { return (feeds, forms) };
    if let (Some(source), Some(gb)) = (table.table(GB), named(GB)) {
        let own = gb_alone(source);
        feeds.extend(feeds::read((GB, gb), own, boundaries).map(|gb| (gb.name.clone(), gb)));
    }
    for (name, at, value) in table.others() {
        if let Err(what) = free(&name) {
            table.file.refuse(at, format!("source.{name}: {what}"), "choose another name");
            continue;
        }
        match (value, kind(value).and_then(named)) {
            (DeValue::Table(entries), Some(feed)) => {
                let source = Table::new(table.file, format!("source.{name}"), at, &FEED, entries);
                feeds.extend(feeds::read((name.as_str(), feed), source, boundaries).map(|feed| (name, feed)));
            }
            _ => match form(value) {
                Ok(form) => {
                    forms.insert(name, form);
                }
                Err(what) => {
                    table.file.refuse(at, format!("source.{name}: {what}"), "docs/sources.md lists the keys of a form")
                }
            },
        }
    }
    (feeds, forms)
}

/// The feed of that name is of no other kind.
fn gb_alone<'t, 'i>(mut source: Table<'t, 'i>) -> Table<'t, 'i> {
    source.name = format!("source.{GB}");
    let at = source.at_key("kind");
    if source.string("kind").is_some_and(|(kind, _)| kind != GB) {
        source.file.refuse(at, "source.gb: `kind` is another than `gb`", "give a source of another kind another name");
    }
    source
}

/// What a table says it is.
fn kind<'t>(value: &'t DeValue<'_>) -> Option<&'t str> {
    let (_, kind) = value.as_table()?.iter().find(|(key, _)| key.get_ref().as_ref() == "kind")?;
    kind.get_ref().as_str()
}

/// Whether a name is no other source's.
fn free(name: &str) -> Result<(), &'static str> {
    if !is_id(name) {
        return Err("a name has letters, digits, `-`, `_` and `.` only");
    }
    if TAKEN.contains(&name) || EXPORTS.iter().any(|export| export.name == name) {
        return Err("is the name of a source that comes with the program; choose another");
    }
    Ok(())
}

fn form(value: &DeValue<'_>) -> Result<Form, String> {
    let DeValue::Table(_) = value else { return Err("is not a table".into()) };
    let known = ["table", "nem12", "green-button-xml"];
    match kind(value) {
        Some(kind) if !known.contains(&kind) => {
            let kinds: Vec<&str> = known.into_iter().chain(NAMES.iter().copied()).collect();
            Err(format!("`kind` is not known: `{}`; there are {}", clip(kind), kinds.join(" ")))
        }
        _ => Form::of_json(json(value)),
    }
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
