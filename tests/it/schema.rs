//! The portfolio's JSON Schema takes every portfolio that the parser takes, and refuses unknown keys and wrong kinds.

use crate::portfolio::full;
use crate::support::root;
use hourmatch::portfolio::{parse, template::TEMPLATE};
use regex::Regex;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn schema() -> Value {
    let text = std::fs::read_to_string(root().join("docs/reference/portfolio.schema.json"));
    serde_json::from_str(&text.expect("run `hourmatch reference --write docs/reference`")).expect("JSON")
}

/// Keywords that say something about a schema, and nothing about a value.
const ABOUT: [&str; 5] = ["$schema", "$id", "title", "description", "default"];

/// What a schema does not take of a value, by the keywords of draft 2020-12 that it uses; any other is a fault of this
/// test.
fn faults(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Value::Object(keywords) = schema else { panic!("{at}: {schema} is not a schema") };
    let mut found = Vec::new();
    for (keyword, stated) in keywords {
        let holds = match keyword.as_str() {
            "type" => is_of(stated.as_str().expect("a type"), value),
            "enum" => stated.as_array().expect("a list").contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= stated.as_f64().expect("a number")),
            "maximum" => value.as_f64().is_none_or(|number| number <= stated.as_f64().expect("a number")),
            "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= stated.as_u64().expect("a number")),
            "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= stated.as_u64().expect("a number")),
            "minLength" => value.as_str().is_none_or(|text| length(text) >= stated.as_u64().expect("a number")),
            "maxLength" => value.as_str().is_none_or(|text| length(text) <= stated.as_u64().expect("a number")),
            "pattern" => {
                let pattern = Regex::new(stated.as_str().expect("a pattern")).expect("a pattern");
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "anyOf" => stated.as_array().expect("a list").iter().any(|one| faults(one, value, at).is_empty()),
            "required" => {
                let names: Vec<&str> = stated.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
                value.as_object().is_none_or(|table| names.iter().all(|name| table.contains_key(*name)))
            }
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                found.extend(items.flat_map(|(index, item)| faults(stated, item, &format!("{at}[{index}]"))));
                true
            }
            "properties" => {
                let members = value.as_object().into_iter().flatten();
                let known = members.filter_map(|(name, value)| Some((name, stated.get(name)?, value)));
                found.extend(known.flat_map(|(name, of, value)| faults(of, value, &format!("{at}.{name}"))));
                true
            }
            "additionalProperties" => {
                let known = &keywords.get("properties").cloned().unwrap_or_default();
                let others = value.as_object().into_iter().flatten().filter(|(name, _)| known.get(name).is_none());
                for (name, value) in others {
                    match stated {
                        Value::Bool(false) => found.push(format!("{at}.{name} is unknown")),
                        of => found.extend(faults(of, value, &format!("{at}.{name}"))),
                    }
                }
                true
            }
            about => {
                assert!(ABOUT.contains(&about), "{at}: this test does not know `{about}`");
                true
            }
        };
        if !holds {
            found.push(format!("{at}: {value} is against {keyword} {stated}"));
        }
    }
    found
}

fn length(text: &str) -> u64 {
    text.chars().count() as u64
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("this test does not know the type `{other}`"),
    }
}

fn refused(schema: &Value, text: &str) -> Vec<String> {
    let value: Value = toml::from_str(text).unwrap_or_else(|e| panic!("{e} in:\n{text}"));
    faults(schema, &value, "")
}

/// Every portfolio below a folder.
fn portfolios(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            portfolios(&path, found);
        } else if path.file_name().is_some_and(|name| name == "hourmatch.toml") {
            found.push(path);
        }
    }
}

#[test]
fn every_portfolio_there_is_keeps_to_the_schema() {
    let schema = schema();
    let mut found = Vec::new();
    portfolios(&root().join("fixtures"), &mut found);
    assert!(found.len() > 100, "{} portfolios", found.len());
    let texts = found.iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("text")));
    let own = [("init".to_string(), TEMPLATE.to_string()), ("docs".to_string(), full())];
    let mut taken = 0;
    // Some of the worked examples are of portfolios that are refused.
    for (name, text) in texts.chain(own).filter(|(name, text)| parse(text, name).is_ok()) {
        let faults = refused(&schema, &text);
        assert!(faults.is_empty(), "{name}: {faults:#?}");
        taken += 1;
    }
    assert!(taken > 150, "{taken} portfolios are taken");
}

/// Each is a change of the template: the parser and the schema refuse it both.
#[test]
fn what_the_parser_refuses_of_names_and_kinds_the_schema_refuses() {
    let schema = schema();
    for (from, to) in [
        ("[store]", "[stroe]"),
        ("currency", "curency"),
        ("name = \"my-portfolio\"", "name = 7"),
        ("name = \"my-portfolio\"\n", ""),
        ("\"60min\"", "\"20min\""),
        ("\"60min\"", "60"),
        ("target = 0.90", "target = 1.5"),
        ("target = 0.90", "target = \"0.90\""),
        ("\"residual\"", "\"grid\""),
        ("carbon_price_per_t = 80.0", "carbon_price_per_t = -1"),
        ("[[boundary]]", "[boundary]"),
        ("boundary = \"PJM\"\ntime_zone", "time_zone"),
        ("pue = 1.2", "pue = 0.9"),
        ("it_capacity_mw = 100.0", "it_capacity_mw = true"),
        ("id = \"ashburn\"", "id = \"ash burn\""),
        ("technology = \"solar\"", "technology = [\"solar\"]"),
        ("mean_mw = 50.0, ", ""),
        ("over = \"2022\" }\n\n[[contract]]", "over = 2022 }\n\n[[contract]]"),
        ("over = \"2022\" }\n\n[[contract]]", "over = \"2022\", under = 1 }\n\n[[contract]]"),
        ("share = \"1/2\"", "share = 0.5"),
        ("share = \"1/2\"", "share = \"half\""),
        ("share = \"1/2\"", "share_changes = [{ from = \"2026-07-01\" }]"),
        ("share = \"1/2\"", "settlement = \"virtual\""),
        ("share = \"1/2\"", "sites = \"ashburn\""),
        ("share = \"1/2\"", "allocation = \"pro_rata_contract\"\nsplit = { ashburn = 1 }"),
        ("share = \"1/2\"", "[[storage]]\nid = \"b\"\nsite = \"ashburn\"\neff_charge = 1.2"),
        ("share = \"1/2\"", "[[event]]\nsite = \"ashburn\"\nstart = \"2026-07-01T16:00Z\"\nmax_mw = 4.0"),
        ("share = \"1/2\"", "[retention]\nplans = \"a month\""),
        ("share = \"1/2\"", "[serve]\nhosts = \"a.example\""),
        ("share = \"1/2\"", "[[curve]]\nid = \"c\"\npoints = [[0.5, 0.6, 0.7], [1.0, 1.0]]"),
        ("share = \"1/2\"", "[source]\nmine = \"a.csv\""),
        ("share = \"1/2\"", "[source.mine]\nkind = \"nem12\""),
        (
            "share = \"1/2\"",
            "[source.mine]\nkind = \"green-button-xml\"\nseries = \"site/a/load\"\nfloe = \"received\"",
        ),
    ] {
        assert!(TEMPLATE.contains(from), "{from} is not in the template");
        let text = TEMPLATE.replacen(from, to, 1);
        assert!(parse(&text, "hourmatch.toml").is_err(), "the parser takes {to}");
        assert!(!refused(&schema, &text).is_empty(), "the schema takes {to}");
    }
}
