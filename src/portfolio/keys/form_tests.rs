//! The keys of forms against the reader of forms: the same names, examples that are taken, defaults that are.

use super::file::FILE;
use super::kinds::{Key, Presence, Section, Takes};
use reports::received::forms::Form;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

fn value(literal: &str) -> Value {
    let table: Map<String, Value> = toml::from_str(&format!("v = {literal}")).unwrap_or_else(|e| panic!("{e}"));
    table["v"].clone()
}

fn forms() -> &'static [&'static Section] {
    let source = FILE.below("source").expect("a section");
    // Behind the forms stand feeds, which are no files.
    assert_eq!(source.others.len(), 4);
    &source.others[..3]
}

/// A form with what it needs.
fn needed(form: &Section) -> Value {
    let needed = form.keys.iter().filter(|key| key.is_needed());
    needed.map(|key| (key.name.to_string(), value(key.example()))).collect()
}

/// The names that the reader knows, as it lists them of an unknown one; a form's `kind` tells which reader.
fn known(unknown: Value) -> BTreeSet<String> {
    let error = Form::of_json(unknown).expect_err("an unknown field");
    assert!(error.starts_with("unknown field `no_such`"), "{error}");
    error.split('`').skip(3).step_by(2).map(String::from).collect()
}

fn names(section: &Section) -> BTreeSet<String> {
    section.keys.iter().map(|key| key.name.to_string()).filter(|name| name != "kind").collect()
}

#[test]
fn the_table_has_the_names_that_the_reader_has() {
    for form in forms() {
        let kind = &needed(form)["kind"];
        // Fields are read in their order: the unknown one first.
        assert_eq!(names(form), known(json!({ "kind": kind, "no_such": 1 })), "{}", form.heading);
        for below in form.keys.iter().filter(|key| key.section().is_some()) {
            let inner = json!({ "no_such": 1 });
            let inner = if matches!(below.takes, Takes::Tables(_)) { json!([inner]) } else { inner };
            let unknown = known(json!({ "kind": kind, (below.name): inner }));
            assert_eq!(below.section().map(names), Some(unknown), "{} of {}", below.name, form.heading);
        }
    }
}

/// A form in which the key has this value; of a table in a list, in its first.
fn with(form: &Section, path: Option<&Key>, name: &str, literal: &str) -> Value {
    let mut all = needed(form);
    let table = match path {
        None => &mut all,
        Some(key) if matches!(key.takes, Takes::Tables(_)) => &mut all[key.name][0],
        Some(key) => &mut all[key.name],
    };
    table[name] = value(literal);
    all
}

#[test]
fn examples_are_of_their_kind_and_defaults_are_the_defaults() {
    for form in forms() {
        let plain = Form::of_json(needed(form)).unwrap_or_else(|e| panic!("{}: {e}", form.heading));
        let below = form.keys.iter().filter_map(|key| Some((Some(key), key.section()?)));
        for (path, section) in below.chain([(None, *form)]) {
            for key in section.keys.iter().filter(|key| key.section().is_none()) {
                let read = Form::of_json(with(form, path, key.name, key.example()));
                // What must hold between keys is another matter.
                let wrong = ["unknown field", "invalid type", "missing field", "unknown variant", "is not known"];
                let fault = read.as_ref().err().filter(|error| wrong.iter().any(|word| error.contains(word)));
                assert_eq!(fault, None, "{} = {}", key.name, key.example());
                if let Presence::Default(_) = key.presence {
                    assert_eq!(read.as_ref(), Ok(&plain), "{} = {}", key.name, key.example());
                }
            }
        }
    }
}
