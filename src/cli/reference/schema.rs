//! A JSON Schema of the portfolio file, for editors: from the table that the parser reads by. It says what a file may
//! hold and of what kind; what must hold between keys, `hourmatch check` says.

use crate::portfolio::keys::file::FILE;
use crate::portfolio::keys::kinds::{Key, Presence, Section, Takes};
use serde_json::{Map, Value, json};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
const ID: &str = "urn:hourmatch:portfolio:1";
/// As `reports::series::name::is_id` has it.
const ID_PATTERN: &str = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$";
const FRACTION_PATTERN: &str = "^ *[0-9]+ */ *[0-9]+ *$|^[0-9]*\\.?[0-9]+$|^[0-9]+\\.$";
const DURATION_PATTERN: &str = "^[0-9]+(s|min|m|h|d)$";

pub fn portfolio() -> Value {
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

/// A default, which is TOML, as JSON.
fn as_json(literal: &str) -> Option<Value> {
    let table: Map<String, Value> = toml::from_str(&format!("v = {literal}")).ok()?;
    table.get("v").cloned()
}
