//! The schema against documents: everything a document has is described, everything described occurs.

use super::json_schema;
use crate::json;
use crate::tests::sample::{START, sample_report};
use reports::matching::Ledger;
use reports::report::{AllocationRow, Report};
use serde_json::Value;
use std::collections::BTreeSet;

/// Six decimals, floored.
const SIX_DECIMALS: &str = "^[0-9]+\\.[0-9]{6}$";
const SHA256: &str = "^[0-9a-f]{64}$";
/// A fraction in lowest terms.
const FRACTION: &str = "^[0-9]+/[0-9]+$";

/// Every list and option of it filled.
fn filled() -> Report {
    let allocation = AllocationRow {
        site: "hall-1".into(),
        contract: "solar-a".into(),
        start: START,
        wh: 100,
        ledger: Ledger::Matching,
        rule: "proportional".into(),
    };
    Report { allocations: vec![allocation], ..sample_report() }
}

fn document(report: &Report) -> Value {
    serde_json::from_str(&json::document(report, "hourmatch test").expect("document")).expect("JSON")
}

struct Walk {
    schema: Value,
    /// `totals.load_wh`, by definition.
    seen: BTreeSet<String>,
    faults: Vec<String>,
}

impl Walk {
    fn over(document: &Value) -> Self {
        let schema = json_schema();
        let mut walk = Self { schema: schema.clone(), seen: BTreeSet::new(), faults: Vec::new() };
        walk.value("report", &schema, document);
        walk
    }

    fn fault(&mut self, at: &str, what: &str) {
        self.faults.push(format!("{at}: {what}"));
    }

    fn value(&mut self, at: &str, schema: &Value, value: &Value) {
        if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
            assert_eq!(choices.get(1).and_then(|null| null.get("type")), Some(&Value::from("null")), "{at}");
            if !value.is_null() {
                self.value(at, &choices[0], value);
            }
            return;
        }
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let pointer = name.strip_prefix('#').expect("a local reference");
            let part = self.schema.pointer(pointer).expect("a definition").clone();
            let at = name.rsplit('/').next().expect("a name");
            return self.value(at, &part, value);
        }
        if schema.get("const").is_some_and(|constant| constant != value) {
            self.fault(at, "is another constant");
        }
        if schema.get("const").is_none() && !is_of_type(schema, value) {
            self.fault(at, &format!("{value} is of another type"));
        }
        if schema.get("enum").and_then(Value::as_array).is_some_and(|known| !known.contains(value)) {
            self.fault(at, &format!("{value} is not among the words"));
        }
        match value {
            Value::String(text) if !text_fits(schema, text) => self.fault(at, &format!("{text} has another form")),
            Value::Number(_) if schema.get("minimum").and_then(Value::as_i64) > value.as_i64() => {
                self.fault(at, &format!("{value} is too small"));
            }
            Value::Array(items) => items.iter().for_each(|item| self.value(at, &schema["items"], item)),
            Value::Object(_) => self.object(at, schema, value),
            _ => {}
        }
    }

    fn object(&mut self, at: &str, schema: &Value, value: &Value) {
        let members = value.as_object().expect("an object");
        assert_eq!(schema.get("additionalProperties"), Some(&Value::Bool(false)), "{at}");
        for name in schema["required"].as_array().expect("required").iter().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                self.fault(at, &format!("lacks {name}"));
            }
        }
        for (name, member) in members {
            match schema["properties"].get(name) {
                Some(part) => {
                    self.seen.insert(format!("{at}.{name}"));
                    self.value(&format!("{at}.{name}"), part, member);
                }
                None => self.fault(at, &format!("{name} is not described")),
            }
        }
    }
}

fn is_of_type(schema: &Value, value: &Value) -> bool {
    let fits = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        _ => false,
    };
    match schema.get("type") {
        Some(Value::String(kind)) => fits(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    }
}

/// The formats and patterns the schema uses, each by hand.
fn text_fits(schema: &Value, text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let instant = schema.get("format").and_then(Value::as_str).is_none_or(|format| {
        assert_eq!(format, "date-time");
        chrono::DateTime::parse_from_rfc3339(text).is_ok()
    });
    let pattern = schema.get("pattern").and_then(Value::as_str).is_none_or(|pattern| match pattern {
        SIX_DECIMALS => {
            text.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part) && part.len() == 6)
        }
        SHA256 => text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        FRACTION => text.split_once('/').is_some_and(|(top, bottom)| digits(top) && digits(bottom)),
        _ => false,
    });
    instant && pattern
}

/// Every property of every definition, as [`Walk::seen`] names them.
fn described(schema: &Value) -> BTreeSet<String> {
    let mut parts = vec![("report", schema)];
    let definitions = schema["$defs"].as_object().expect("definitions");
    parts.extend(definitions.iter().map(|(name, part)| (name.as_str(), part)));
    let names = |(at, part): (&str, &Value)| -> Vec<String> {
        part["properties"].as_object().expect("properties").keys().map(|name| format!("{at}.{name}")).collect()
    };
    parts.into_iter().flat_map(names).collect()
}

#[test]
fn a_filled_document_has_what_is_described_and_nothing_else() {
    let walk = Walk::over(&document(&filled()));
    assert!(walk.faults.is_empty(), "{:#?}", walk.faults);
    let never: Vec<String> = described(&walk.schema).difference(&walk.seen).cloned().collect();
    assert!(never.is_empty(), "described, in no document: {never:#?}");
}

#[test]
fn results_of_a_pack_and_a_first_version_fit_too() {
    let first = Report { version: 1, as_of: None, replaces: None, restatement: None, ..sample_report() };
    let mut value = serde_json::to_value(&first).expect("JSON");
    assert!(value.get("engine").is_none());
    value["portfolio"]["matched_share"] = Value::Null;
    value["disclosure"]["stated"]["restatement_threshold"] = Value::Null;
    value["contracts"][0]["settlement"] = Value::Null;
    let walk = Walk::over(&value);
    assert!(walk.faults.is_empty(), "{:#?}", walk.faults);
}

#[test]
fn what_does_not_belong_is_found() {
    for (pointer, wrong) in [
        ("/portfolio/matched_share", Value::from("0.61")),
        ("/portfolio/load_wh", Value::from(0.5)),
        ("/portfolio/matched_wh", Value::from(-1)),
        ("/period/start", Value::from("2026-03-29")),
        ("/ruleset/headline", Value::from("best_of_all")),
        ("/schema", Value::from("hourmatch/report/1")),
        ("/replaces", Value::from("abc")),
        ("/contracts/0/settlement", Value::from("barter")),
    ] {
        let mut value = document(&filled());
        *value.pointer_mut(pointer).expect("a value") = wrong;
        assert!(!Walk::over(&value).faults.is_empty(), "{pointer}");
    }
    let mut value = document(&filled());
    value["extra"] = Value::Bool(true);
    assert_eq!(Walk::over(&value).faults, ["report: extra is not described"]);
}

#[test]
fn the_schema_names_itself() {
    let schema = json_schema();
    assert_eq!(schema["$id"], "urn:hourmatch:report:2");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(!schema["required"].as_array().expect("required").contains(&Value::from("engine")));
}

#[test]
fn what_may_be_left_out_is_listed() {
    let schema = json_schema();
    let mut parts = vec![("report", &schema)];
    parts.extend(schema["$defs"].as_object().expect("definitions").iter().map(|(name, part)| (name.as_str(), part)));
    let left_out = |(at, part): (&str, &Value)| -> Vec<String> {
        let needed = part["required"].as_array().expect("required");
        let names = part["properties"].as_object().expect("properties").keys();
        names.filter(|name| !needed.contains(&Value::from(name.as_str()))).map(|name| format!("{at}.{name}")).collect()
    };
    let found: BTreeSet<String> = parts.into_iter().flat_map(left_out).collect();
    let known = [
        "claim.backed_wh",
        "emissions.scope_1_g",
        "interval.backed_wh",
        "report.engine",
        "report.inputs_sha256",
        "report.overlaps",
        "report.unmatched",
        "totals.backed",
        "totals.purchased_wh",
        "totals.scope_1_share",
        "totals.scope_1_wh",
        "totals.storage_losses_wh",
    ];
    assert_eq!(found, known.map(String::from).into());
}
