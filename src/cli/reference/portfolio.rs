//! Every key of the portfolio, and a JSON Schema of its file for editors, from the table that the parser reads by. The
//! schema says what a file may hold and of what kind; what must hold between keys, `hourmatch check` says.

use super::page::{Page, Part, code};
use crate::portfolio::keys::file::FILE;
use crate::portfolio::keys::kinds::{Key, Presence, Section, Takes};
use serde_json::{Map, Value, json};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
const ID: &str = "urn:hourmatch:portfolio:1";
/// As `reports::series::name::is_id` has it.
const ID_PATTERN: &str = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$";
const FRACTION_PATTERN: &str = "^ *[0-9]+ */ *[0-9]+ *$|^[0-9]*\\.?[0-9]+$|^[0-9]+\\.$";
const DURATION_PATTERN: &str = "^[0-9]+(s|min|m|h|d)$";

pub fn page() -> Page {
    let mut parts = vec![part(&FILE)];
    add_below(&FILE, &mut parts);
    let about = format!(
        "{} Keys that are not listed are refused with their line, and `hourmatch check` reports every problem at once. \
         Instants are RFC 3339 or a local date in `[portfolio] time_zone`; a local day owns the intervals that start \
         in it.\n\n`hourmatch reference schema -o hourmatch.schema.json` writes a JSON Schema of the file. Editors \
         that know Taplo's convention check the file as it is typed if its first line is `#:schema \
         ./hourmatch.schema.json`.",
        FILE.about
    );
    Page { title: "Portfolio file", about, parts }
}

fn add_below(section: &'static Section, parts: &mut Vec<Part>) {
    for below in section.keys.iter().filter_map(Key::section).chain(section.others.iter().copied()) {
        parts.push(part(below));
        add_below(below, parts);
    }
}

fn part(section: &Section) -> Part {
    let rows = section.keys.iter().map(row);
    let mut about =
        if section.heading == FILE.heading { "The tables of the file.".into() } else { section.about.to_string() };
    if !section.others.is_empty() {
        about
            .push_str(" A table of any other name is one of those below; [sources](../sources.md) says how they work.");
    }
    Part::table(section.heading, about, &["key", "value", "unit", "without it", "meaning", "example"], rows.collect())
}

fn row(key: &Key) -> Vec<String> {
    let without = match key.presence {
        Presence::Needed(_) => "required".to_string(),
        Presence::Default(literal) => code(literal),
        Presence::Else(words, _) => words.to_string(),
    };
    // What a table holds has a table of its own.
    let example =
        if key.section().is_some() { String::new() } else { code(&format!("{} = {}", key.name, key.example())) };
    vec![code(key.name), takes(key.takes), key.unit.to_string(), without, key.meaning.to_string(), example]
}

fn takes(takes: Takes) -> String {
    match takes {
        Takes::Text => "text".into(),
        Takes::Id => "id".into(),
        Takes::Choice(words) => words.iter().map(|word| code(&format!("\"{word}\""))).collect::<Vec<_>>().join(" "),
        Takes::Number(low, high) => format!("{low} to {high}"),
        Takes::Fraction => "0 to 1, or text such as `\"1/3\"`".into(),
        Takes::FractionText => "text such as `\"1/3\"` or `\"0.5\"`".into(),
        Takes::Flag => "`true` `false`".into(),
        Takes::Texts => "list of texts".into(),
        Takes::Pairs => "list of pairs of numbers".into(),
        Takes::Parts => "table of sites and shares".into(),
        Takes::Words => "text, or list of texts".into(),
        Takes::Character => "one character".into(),
        Takes::Cells => "table of columns, and a cell or a list of cells of each".into(),
        Takes::TextTable => "table of names and texts".into(),
        Takes::Instant => "date or instant, as text".into(),
        Takes::Duration => "text such as `\"2h\"`, `\"30min\"`, `\"7d\"`".into(),
        Takes::Period => "year, or two instants".into(),
        Takes::Table(_) => "table".into(),
        Takes::Tables(_) => "list of tables".into(),
    }
}

pub fn schema() -> Value {
    let mut schema = table(&FILE);
    if let Value::Object(root) = &mut schema {
        root.insert("$schema".into(), DRAFT.into());
        root.insert("$id".into(), ID.into());
        root.insert("title".into(), "hourmatch portfolio".into());
    }
    schema
}

fn table(section: &Section) -> Value {
    let properties: Map<String, Value> = section.keys.iter().map(|key| (key.name.to_string(), property(key))).collect();
    let required: Vec<&str> = section.keys.iter().filter(|key| key.is_needed()).map(|key| key.name).collect();
    let others: Vec<Value> = section.others.iter().map(|other| table(other)).collect();
    let others = if others.is_empty() { Value::Bool(false) } else { json!({ "anyOf": others }) };
    json!({
        "type": "object",
        "description": section.about,
        "properties": properties,
        "required": required,
        "additionalProperties": others,
    })
}

fn property(key: &Key) -> Value {
    let mut value = value_schema(key.takes);
    if let Value::Object(members) = &mut value {
        members.insert("description".into(), described(key).into());
        if let Presence::Default(literal) = key.presence
            && let Some(default) = as_json(literal)
        {
            members.insert("default".into(), default);
        }
        // One of each is needed where a list is.
        if key.is_needed() && matches!(key.takes, Takes::Tables(_)) {
            members.insert("minItems".into(), 1.into());
        }
    }
    value
}

/// What it means, in what unit, and what holds without it.
fn described(key: &Key) -> String {
    let unit = if key.unit.is_empty() { String::new() } else { format!(" Unit: {}.", key.unit) };
    let without = match key.presence {
        Presence::Needed(_) => String::new(),
        Presence::Default(literal) => format!(" Without it: {literal}."),
        Presence::Else(words, _) => format!(" Without it: {words}."),
    };
    format!("{}{unit}{without}", key.meaning)
}

fn value_schema(takes: Takes) -> Value {
    match takes {
        Takes::Text | Takes::Instant => json!({ "type": "string" }),
        Takes::Id => json!({ "type": "string", "pattern": ID_PATTERN }),
        Takes::Choice(words) => json!({ "enum": words }),
        Takes::Number(low, high) => number(low, high),
        Takes::Fraction => json!({ "anyOf": [number(0.0, 1.0), fraction()] }),
        Takes::FractionText => fraction(),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Takes::Pairs => {
            let pair = json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
            json!({ "type": "array", "items": pair })
        }
        Takes::Parts => json!({ "type": "object", "additionalProperties": fraction() }),
        Takes::Words => words(),
        Takes::Character => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
        Takes::Cells => json!({ "type": "object", "additionalProperties": words() }),
        Takes::TextTable => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Takes::Duration => json!({ "type": "string", "pattern": DURATION_PATTERN }),
        Takes::Period => {
            let bounds = json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 });
            json!({ "anyOf": [{ "type": "string", "pattern": "^[0-9]{4}$" }, bounds] })
        }
        Takes::Table(section) => table(section),
        Takes::Tables(section) => json!({ "type": "array", "items": table(section) }),
    }
}

fn number(low: f64, high: f64) -> Value {
    json!({ "type": "number", "minimum": low, "maximum": high })
}

fn words() -> Value {
    json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
}

fn fraction() -> Value {
    json!({ "type": "string", "pattern": FRACTION_PATTERN })
}

fn as_json(literal: &str) -> Option<Value> {
    let table: Map<String, Value> = toml::from_str(&format!("v = {literal}")).ok()?;
    table.get("v").cloned()
}
