//! The table against the parser: every key is read, examples and choices are taken, defaults are the defaults, and
//! what is of another kind is refused.

use super::file::FILE;
use super::kinds::{Key, Presence, Section, Takes};
use crate::portfolio::{Portfolio, parse};
use toml::{Table, Value};

fn value(literal: &str) -> Value {
    let table: Table = toml::from_str(&format!("v = {literal}")).unwrap_or_else(|e| panic!("{literal}: {e}"));
    table["v"].clone()
}

/// A table with what it needs.
fn needed(section: &Section) -> Value {
    let needed = section.keys.iter().filter(|key| key.is_needed());
    Value::Table(needed.map(|key| (key.name.to_string(), value(key.example()))).collect())
}

fn table_of(key: &Key, section: &Section) -> Value {
    match key.takes {
        Takes::Tables(_) => Value::Array(vec![needed(section)]),
        _ => needed(section),
    }
}

/// One of each table, with what each needs.
fn base() -> Table {
    let mut base = Table::new();
    for key in FILE.keys {
        let section = key.section().expect("the file holds tables");
        base.insert(key.name.to_string(), table_of(key, section));
    }
    // A link leads to another boundary, and certificates are cancelled for somebody.
    base["boundary"].as_array_mut().expect("a list").push(value("{ id = \"MISO\" }"));
    base["disclosure"] = value("{ reporting_entity = \"Example AI Ltd\" }");
    base
}

/// The table that these keys lead to, made where it is not there.
fn at<'a>(base: &'a mut Table, path: &[&'static Key]) -> &'a mut Table {
    let mut table = base;
    for key in path {
        let section = key.section().expect("a section");
        let entry = table.entry(key.name.to_string()).or_insert_with(|| table_of(key, section));
        table = match entry {
            Value::Array(list) => list[0].as_table_mut().expect("a table"),
            Value::Table(table) => table,
            other => panic!("{other} is not a table"),
        };
    }
    table
}

/// A portfolio in which the key has this value, and what goes with it.
fn with(path: &[&'static Key], name: &str, literal: &str) -> Table {
    let mut all = base();
    let table = at(&mut all, path);
    table.insert(name.to_string(), value(literal));
    let beside = match (name, literal) {
        ("annual_mwh", _) => Some(("kind", "\"legacy\"")),
        ("split", _) => Some(("allocation", "\"pro_rata_contract\"")),
        ("allocation", "\"pro_rata_contract\"") => Some(("split", "{ ashburn = \"3/5\" }")),
        _ => None,
    };
    if let Some((name, literal)) = beside {
        table.insert(name.to_string(), value(literal));
    }
    all
}

fn read(table: &Table) -> Result<Portfolio, String> {
    let text = toml::to_string(&Value::Table(table.clone())).expect("TOML");
    let read = parse(&text, "t.toml").map(|portfolio| Portfolio { text: None, ..portfolio });
    read.map_err(|problems| problems.to_string())
}

/// Every key that holds no table, with the keys that lead to it.
fn all() -> Vec<(Vec<&'static Key>, &'static Key)> {
    let (mut found, mut open) = (Vec::new(), sections());
    while let Some((path, section)) = open.pop() {
        let single = section.keys.iter().filter(|key| key.section().is_none());
        found.extend(single.map(|key| (path.clone(), key)));
    }
    found
}

/// Every section, with the keys that lead to it.
fn sections() -> Vec<(Vec<&'static Key>, &'static Section)> {
    let (mut found, mut open) = (Vec::new(), vec![(Vec::new(), &FILE)]);
    while let Some((path, section)) = open.pop() {
        for key in section.keys {
            let longer = path.iter().copied().chain([key]).collect();
            open.extend(key.section().map(|below| (longer, below)));
        }
        found.push((path, section));
    }
    found
}

/// A value of another kind.
fn of_another_kind(takes: Takes) -> &'static str {
    match takes {
        Takes::Text | Takes::Id | Takes::Choice(_) | Takes::Instant | Takes::Duration | Takes::Period => "7",
        Takes::Number(..) => "\"7\"",
        Takes::FractionText => "0.5",
        Takes::Flag | Takes::Texts | Takes::Pairs | Takes::Parts => "\"yes\"",
        Takes::Fraction | Takes::Table(_) | Takes::Tables(_) => "true",
        Takes::Words | Takes::Character | Takes::Cells | Takes::TextTable => "7",
    }
}

#[test]
fn every_key_takes_its_example_and_nothing_of_another_kind() {
    assert!(read(&base()).is_ok(), "{:?}", read(&base()).err());
    let keys = all();
    assert!(keys.len() > 100, "{} keys", keys.len());
    for (path, key) in keys {
        let taken = read(&with(&path, key.name, key.example()));
        assert!(taken.is_ok(), "{} = {}: {:?}", key.name, key.example(), taken.err());
        let wrong = of_another_kind(key.takes);
        let refused = read(&with(&path, key.name, wrong)).err().unwrap_or_else(|| panic!("{} = {wrong}", key.name));
        assert!(refused.contains(key.name) && !refused.contains("unknown key"), "{refused}");
    }
}

#[test]
fn what_stands_as_a_default_is_one() {
    let mut seen = 0;
    for (path, key) in all() {
        let Presence::Default(literal) = key.presence else { continue };
        let mut without = base();
        at(&mut without, &path);
        assert_eq!(read(&with(&path, key.name, literal)), read(&without), "{} = {literal}", key.name);
        seen += 1;
    }
    assert!(seen > 35, "{seen} defaults");
}

#[test]
fn what_is_needed_is() {
    for (path, key) in all() {
        let mut without = base();
        at(&mut without, &path).remove(key.name);
        assert_eq!(read(&without).is_err(), key.is_needed(), "{} of {:?}", key.name, path.last().map(|key| key.name));
    }
}

#[test]
fn choices_are_those_there_are() {
    let mut seen = 0;
    for (path, key) in all() {
        let Takes::Choice(words) = key.takes else { continue };
        for word in words {
            let taken = read(&with(&path, key.name, &format!("\"{word}\"")));
            assert!(taken.is_ok(), "{} = {word}: {:?}", key.name, taken.err());
        }
        assert!(read(&with(&path, key.name, "\"none-such\"")).is_err(), "{} takes any word", key.name);
        seen += 1;
    }
    assert!(seen > 12, "{seen} choices");
}

#[test]
fn no_table_takes_an_unknown_key() {
    for (path, section) in sections() {
        let refused = read(&with(&path, "none_such", "1")).expect_err(section.heading);
        // A source of any name is a form, which this is not.
        let wanted = if !section.others.is_empty() { "source.none_such" } else { "unknown key `none_such`" };
        assert!(refused.contains(wanted), "{}: {refused}", section.heading);
    }
}
