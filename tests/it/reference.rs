//! The reference that is committed is what the program writes, and the program takes what it lists from nowhere else.

use crate::support::{Home, root};
use hourmatch::plan::codes;
use reports::exceptions;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_committed_reference_is_fresh() {
    let home = Home::new("");
    home.run(&["reference", "--write", "fresh"]).ok();
    let committed = root().join("docs/reference");
    let fresh = names(&home.path("fresh"));
    assert!(fresh.len() == 8 && fresh.contains("portfolio.schema.json"), "{fresh:?}");
    let remedy = "run `hourmatch reference --write docs/reference` and commit what it writes";
    let mut there = names(&committed);
    there.remove("README.md");
    assert_eq!(there, fresh, "{remedy}");
    for name in fresh {
        let old = std::fs::read_to_string(committed.join(&name)).expect("text");
        let new = home.read(&format!("fresh/{name}"));
        let line = old.lines().zip(new.lines()).position(|(a, b)| a != b);
        assert!(old == new, "docs/reference/{name} is stale, first in line {:?}; {remedy}", line.map(|at| at + 1));
    }
}

#[test]
fn pages_are_text_and_data_and_write_no_files_unasked() {
    let home = Home::new("");
    let before = home.tree();
    let units = home.run(&["reference", "units"]).ok().out;
    assert!(units.starts_with("# Units\n") && units.contains("| `lb/MWh` | 45359237/100000 x mg/kWh |"), "{units}");
    let series = home.run(&["reference", "series", "--format", "json"]).ok().json();
    assert_eq!(series["title"], "Series");
    let rows = |part: &Value| part["rows"].as_array().map_or(0, Vec::len);
    let count: usize = series["parts"].as_array().expect("parts").iter().map(rows).sum();
    // Leaves, ten fuels, three volumes, six qualities.
    assert!(count > 35, "{count} series");
    let all = home.run(&["reference", "--format", "json"]).ok().json();
    assert_eq!(all.as_array().map(Vec::len), Some(7));
    let schema = home.run(&["reference", "schema"]).ok().json();
    assert_eq!(schema["properties"]["portfolio"]["required"], serde_json::json!(["name"]));
    assert_eq!(home.tree(), before);
    home.run(&["reference", "series", "--format", "csv"]).refused("does not write that format");
    assert_eq!(home.run(&["reference", "series", "--write", "x"]).code, 2);
}

/// What `settings` falls back to stands in words in the table of keys.
#[test]
fn defaults_of_this_machine_are_those_of_the_program() {
    let page = Home::new("").run(&["reference", "portfolio"]).ok().out;
    for default in [hourmatch::settings::DEFAULT_STORE, hourmatch::settings::DEFAULT_LISTEN] {
        assert!(page.contains(&format!("| `{default}` |")), "{default} is no default in:\n{page}");
    }
    assert!(page.contains(&format!("`{}` unless", hourmatch::settings::DEFAULT_CONFIG)), "{page}");
}

/// A code written out where it is used stands in no table.
#[test]
fn no_code_is_written_out() {
    let calls = [
        "Reason::new(\"",
        " reason(\"",
        "(reason(\"",
        "cost(\"",
        "code: \"",
        "stated.say(\"",
        "Found::None(\"",
        "left_mwh, \"",
        "limit(\"",
        "Status::Greedy, \"",
        "say(Some(site), t, \"",
    ];
    let mut seen = 0;
    for folder in ["src/plan", "src/expected", "src/backtest", "solver/src", "reports/src/series"] {
        for path in rust_files(&root().join(folder)) {
            let text = std::fs::read_to_string(&path).expect("source");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            let found: Vec<&&str> = calls.iter().filter(|call| text.contains(**call)).collect();
            assert!(found.is_empty(), "{}: {found:?}: take the code from the table of codes", path.display());
            seen += usize::from(text.contains("codes::") || text.contains("exceptions::"));
        }
    }
    assert!(seen > 30, "only {seen} files use the tables");
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn no_table_has_a_code_twice() {
    for table in [
        codes::REASONS,
        hourmatch::expected::codes::NOTES,
        codes::BINDINGS,
        codes::ALTERNATIVES,
        codes::events::ALL,
        exceptions::ALL,
        solver::codes::REASONS,
        solver::codes::COSTS,
    ] {
        let names: BTreeSet<&str> = table.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), table.len(), "{table:?}");
        assert!(table.iter().all(|(_, meaning)| !meaning.is_empty()));
    }
}

/// Those that the worked examples expect of reports.
#[test]
fn exceptions_of_the_examples_are_listed() {
    let mut seen = BTreeSet::new();
    for name in names(&root().join("fixtures/worked")) {
        let path = root().join("fixtures/worked").join(name).join("expected.json");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let expected: Value = serde_json::from_str(&text).expect("JSON");
        let questions = expected["reports"].as_array().cloned().unwrap_or_else(|| vec![expected.clone()]);
        for question in questions {
            seen.extend(question["exceptions"].as_object().into_iter().flatten().map(|(code, _)| code.clone()));
        }
    }
    assert!(seen.len() > 15, "{seen:?}");
    for code in seen {
        assert!(exceptions::ALL.iter().any(|(known, _)| *known == code), "{code} is in no table");
    }
}
