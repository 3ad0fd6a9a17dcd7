//! The published JSON Schema of the report document, draft 2020-12.
//!
//! `schema/report.schema.json` is written by hand; a test holds it against a document with every part filled, so a field
//! added to the report and not there fails, and so does one described there that no document has.

#[cfg(test)]
mod tests;

use serde_json::Value;

const TEXT: &str = include_str!("../schema/report.schema.json");

/// The schema of what `report --format json` writes and of a pack's `results.json`.
pub fn json_schema() -> Value {
    // The tests read it.
    serde_json::from_str(TEXT).unwrap_or_default()
}
