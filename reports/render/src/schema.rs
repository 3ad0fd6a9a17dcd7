//! The published JSON Schema of the report document, draft 2020-12.
//!
//! Written by hand; a test holds it against a document with every part filled, so a field added to the report and not
//! here fails, and so does one described here that no document has.

mod backed;
mod figures;
mod kinds;
mod ledgers;
mod page_one;
#[cfg(test)]
mod tests;

use kinds::{digest, flag, instant, list, nullable, object_but, reference, reference_or_null, text, words};
use reports::report::SCHEMA;
use serde_json::{Map, Value, json};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
const ID: &str = "urn:hourmatch:report:2";

/// The schema of what `report --format json` writes and of a pack's `results.json`.
pub fn json_schema() -> Value {
    let parts = [page_one::all(), figures::all(), backed::all(), ledgers::all()];
    let definitions: Map<String, Value> =
        parts.into_iter().flatten().map(|(name, schema)| (name.to_string(), schema)).collect();
    let mut schema = report();
    if let Value::Object(root) = &mut schema {
        root.insert("$schema".to_string(), json!(DRAFT));
        root.insert("$id".to_string(), json!(ID));
        root.insert("title".to_string(), json!("Hourly matching report"));
        root.insert("$defs".to_string(), Value::Object(definitions));
    }
    schema
}

fn report() -> Value {
    let about = "One period of one portfolio under one ruleset. Energy is whole Wh, emissions whole grams; both may \
                 pass 2^53, so read them as integers, not as floating point. Scores are strings with six decimals, \
                 floored. Times are RFC 3339 in UTC, intervals half-open.";
    let mut fields = identity();
    fields.extend([
        ("disclosure", reference("disclosure")),
        ("portfolio", reference("totals")),
        ("unmatched", reference("unmatched")),
        ("boundaries", list("Market boundaries, sorted by id.", "boundary")),
        ("sites", list("Sites, sorted by id.", "site")),
        ("contracts", list("Instruments, sorted by id.", "contract")),
        ("storage", list("Storage, sorted by id.", "storage")),
        ("reconciliations", list("Hourly sums against invoices.", "reconciliation")),
        ("overlaps", list("Published reports of other periods that share hours with this one.", "overlap")),
        (
            "revisions",
            list("Files and acts on certificates these figures rest on, where somebody said who or why.", "revision"),
        ),
        ("allocations", list("Every allocation of both ledgers; empty in packs, which hold a table.", "allocation")),
        ("exceptions", list("What an auditor should know; empty in packs, which hold a table.", "exception")),
    ]);
    object_but(about, fields, &["engine", "inputs_sha256", "unmatched", "overlaps"])
}

/// What the report is of, and under which rules.
fn identity() -> Vec<(&'static str, Value)> {
    vec![
        ("schema", json!({ "const": SCHEMA })),
        ("engine", text("Program and version that made the document; packs name none.")),
        ("synthetic", flag("Every figure comes from generated data.")),
        ("name", text("The portfolio's name.")),
        ("period", reference("period")),
        ("ruleset", reference("ruleset")),
        ("version", json!({ "type": "integer", "minimum": 1, "description": "1, and one more for each restatement." })),
        ("as_of", nullable(instant("Record time asked for; null for everything known."))),
        ("replaces", nullable(digest("Merkle root of the pack this version replaces."))),
        ("restatement", reference_or_null("restatement")),
        (
            "g_basis",
            text("How the grid's carbon-free share is counted: production, consumption, residual, or several."),
        ),
        ("factor_basis", text("direct, life-cycle, or both where boundaries differ; never summed across.")),
        ("time_zone", text("IANA zone of the portfolio's local dates.")),
        ("resolution", words("Length of an interval.", &["5min", "15min", "30min", "60min"])),
        ("currency", text("Currency of prices.")),
        ("portfolio_sha256", digest("Hash of the definitions as used.")),
        (
            "inputs_sha256",
            digest(
                "Hash of all that decides these figures, not of who recorded it and when; not in packs of format 2.",
            ),
        ),
    ]
}
