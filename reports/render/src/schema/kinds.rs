//! The few shapes a report's values have, as JSON Schema.

use serde_json::{Map, Value, json};

/// Six decimals, floored.
pub(super) const SIX_DECIMALS: &str = "^[0-9]+\\.[0-9]{6}$";
pub(super) const SHA256: &str = "^[0-9a-f]{64}$";
/// A fraction in lowest terms.
pub(super) const FRACTION: &str = "^[0-9]+/[0-9]+$";

/// An object with these fields, each required, and no others.
pub(super) fn object(about: &str, fields: Vec<(&'static str, Value)>) -> Value {
    object_but(about, fields, &[])
}

/// The same with fields that may be left out.
pub(super) fn object_but(about: &str, fields: Vec<(&'static str, Value)>, optional: &[&str]) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).filter(|name| !optional.contains(name)).collect();
    let properties: Map<String, Value> = fields.into_iter().map(|(name, schema)| (name.to_string(), schema)).collect();
    json!({
        "type": "object",
        "description": about,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

pub(super) fn text(about: &str) -> Value {
    json!({ "type": "string", "description": about })
}

/// One of a few words.
pub(super) fn words(about: &str, known: &[&str]) -> Value {
    json!({ "type": "string", "enum": known, "description": about })
}

pub(super) fn flag(about: &str) -> Value {
    json!({ "type": "boolean", "description": about })
}

pub(super) fn instant(about: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": about })
}

pub(super) fn digest(about: &str) -> Value {
    json!({ "type": "string", "pattern": SHA256, "description": about })
}

pub(super) fn score(about: &str) -> Value {
    json!({ "type": "string", "pattern": SIX_DECIMALS, "description": about })
}

pub(super) fn fraction(about: &str) -> Value {
    json!({ "type": "string", "pattern": FRACTION, "description": about })
}

/// An integer of either sign.
pub(super) fn integer(about: &str) -> Value {
    json!({ "type": "integer", "description": about })
}

/// An integer that is never negative.
pub(super) fn count(about: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "description": about })
}

/// The same, or null.
pub(super) fn nullable(mut schema: Value) -> Value {
    if let Some(kind) = schema.get_mut("type") {
        let named = kind.take();
        *kind = json!([named, "null"]);
    }
    if let Some(Value::Array(known)) = schema.get_mut("enum") {
        known.push(Value::Null);
    }
    schema
}

pub(super) fn texts(about: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": about })
}

/// A list of what `$defs` has under this name.
pub(super) fn list(about: &str, name: &str) -> Value {
    json!({ "type": "array", "items": reference(name), "description": about })
}

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

pub(super) fn reference_or_null(name: &str) -> Value {
    json!({ "anyOf": [reference(name), { "type": "null" }] })
}
