//! The worked examples of the accounting rules and more, data-driven, through the binary.

use crate::support::{Home, Ran};
use serde_json::Value;
use std::path::Path;

#[test]
fn worked_examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/worked");
    let mut count = 0;
    let mut folders: Vec<_> = std::fs::read_dir(folder).expect("fixtures").map(|e| e.expect("entry").path()).collect();
    folders.sort();
    for case in folders {
        check(&case);
        count += 1;
    }
    assert!(count >= 12, "only {count} worked examples");
}

fn check(case: &Path) {
    let read = |name: &str| std::fs::read_to_string(case.join(name)).expect(name);
    let home = Home::new(&read("hourmatch.toml"));
    home.write("readings.csv", &read("readings.csv"));
    home.run(&["ingest", "readings.csv"]).ok();
    let expected: Value = serde_json::from_str(&read("expected.json")).expect("expected.json");
    let text = |key: &str| expected[key].as_str().expect(key).to_string();
    let report: Ran = home.run(&["report", "--from", &text("from"), "--to", &text("to"), "--format", "json"]).ok();
    let report = report.json();
    for (pointer, wanted) in expected["expect"].as_object().expect("expect") {
        let found = report.pointer(pointer).unwrap_or(&Value::String("absent".into())).clone();
        assert_eq!(&found, wanted, "{}: {pointer}", case.display());
    }
}

/// The order of rows and tables changes no byte of report or pack.
#[test]
fn permuted_input_gives_the_same_bytes() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/worked/e8");
    let read = |name: &str| std::fs::read_to_string(case.join(name)).expect(name);
    let toml = read("hourmatch.toml");
    let (head, tables) = toml.split_at(toml.find("\n[[").expect("tables"));
    let mut tables: Vec<&str> = tables.split("\n\n").collect();
    tables.reverse();
    let permuted = format!("{head}\n{}\n", tables.join("\n\n"));
    let csv = read("readings.csv");
    let (header, rows) = csv.split_once('\n').expect("rows");
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    let csv_permuted = format!("{header}\n{}\n", rows.join("\n"));
    let report = |toml: &str, csv: &str| {
        let home = Home::new(toml);
        home.write("readings.csv", csv);
        home.run(&["ingest", "readings.csv"]).ok();
        home.run(&["report", "--from", "2026-01-01", "--to", "2026-01-01T01:00Z", "--format", "json"]).ok().out
    };
    assert_eq!(report(&toml, &csv), report(&permuted, &csv_permuted));
}
