//! `check` says what the portfolio needs and the store has not, what that changes, and what to ingest.

use crate::support::{HEADER, Home, hourly};

const PORTFOLIO: &str = r#"
[portfolio]
name = "lacks"
synthetic = true
resolution = "60min"
[[boundary]]
id = "A"
default_fossil_g_per_kwh = 900.0
[[site]]
id = "s"
boundary = "A"
it_capacity_mw = 1.0
grid_limit_mw = 1.3
[[contract]]
id = "w"
boundary = "A"
technology = "wind"
[[contract]]
id = "v"
boundary = "A"
technology = "solar"
profile = { series = "grid/A/solar", mean_mw = 1.0, over = "2025" }
"#;

fn notes(home: &Home) -> Vec<String> {
    let checked = home.run(&["check", "--format", "json"]).json();
    let notes = checked["notes"].as_array().expect("notes");
    notes.iter().map(|note| note.as_str().expect("text").to_string()).collect()
}

fn one(notes: &[String], words: &[&str]) {
    let found = notes.iter().filter(|note| words.iter().all(|word| note.contains(word))).count();
    assert_eq!(found, 1, "{words:?} in {notes:#?}");
}

#[test]
fn what_is_not_there_at_all_is_said_before_anything_is_ingested() {
    let home = Home::new(PORTFOLIO);
    for _ in 0..2 {
        let notes = notes(&home);
        one(&notes, &["site s: no load:", "ingest site/s/load, or site/s/import"]);
        one(&notes, &["contract w: no generation:", "ingest contract/w/generation, or state its `profile`"]);
        one(&notes, &["contract v: no generation:", "ingest contract/v/generation or grid/A/solar"]);
        one(&notes, &["boundary A: no data about its grid", "900 g/kWh", "--area A"]);
        assert_eq!(notes.len(), 4, "{notes:#?}");
        // A store that is there and empty lacks the same.
        home.run(&["migrate"]).ok();
    }
}

#[test]
fn what_is_there_in_part_is_said_with_its_spans() {
    let home = Home::new(PORTFOLIO);
    let rows = hourly("site/s/load", [1.0, 1.0, 1.5, 1.0, 2.0, 1.0])
        + &hourly("contract/w/generation", [0.5, 0.5])
        + &hourly("contract/v/generation", [0.5; 6])
        + &hourly("grid/A/cfe_share", [0.4, 0.5, 0.5]).replace(",MWh", ",share");
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "r.csv"]).ok();
    let notes = notes(&home);
    one(
        &notes,
        &["contract w: no generation for 4 h 0 min in 1 span, first 2026-01-01T02:00:00Z to 2026-01-01T06:00:00Z"],
    );
    one(&notes, &["boundary A: carbon-free share not known for 3 h 0 min in 1 span", "grid/A/cfe_share"]);
    one(&notes, &["boundary A: no residual or fossil factor for 6 h 0 min", "900 g/kWh", "grid/A/residual_intensity"]);
    one(
        &notes,
        &["site s: 2 readings above its grid_limit_mw of 1.3 MW, the highest 2.000 MW, first 2026-01-01T02:00:00Z"],
    );
    one(&notes, &["site s: no IT load", "ingest site/s/it_load, or set it_load_mw of site s"]);
    assert_eq!(notes.len(), 5, "{notes:#?}");
    let stated = Home::new(&PORTFOLIO.replace("grid_limit_mw = 1.3", "grid_limit_mw = 1.3\nit_load_mw = 0.5"));
    stated.write("r.csv", &format!("{HEADER}{rows}"));
    stated.run(&["ingest", "r.csv"]).ok();
    assert!(!self::notes(&stated).iter().any(|note| note.contains("no IT load")));
}
