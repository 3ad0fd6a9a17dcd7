//! Why work runs when it does: the limit that binds, and alternatives that cost what they are said to.

use crate::support::{HEADER, Home};
use serde_json::Value;
use std::fmt::Write;

const TOML: &str = r#"
[portfolio]
name = "one"
synthetic = true
[policy]
carbon_price_per_t = 80.0
[[boundary]]
id = "A"
price_per_mwh = 50.0
[[site]]
id = "s"
boundary = "A"
it_capacity_mw = 10.0
it_load_mw = 4.0
[[pool]]
id = "p"
site = "s"
gpu = "H100"
count = 3000
kw_per_gpu = 1.0
[[contract]]
id = "w"
boundary = "A"
technology = "wind"
"#;

const NOW: &str = "2026-01-01T00:00:00Z";

/// Wind by hour of the day, known a day ahead.
fn forecast(by_hour: impl Fn(i64) -> f64) -> String {
    let start = reports::time::Instant::parse("2026-01-01T00:00:00Z").expect("time");
    let at = |hour: i64| start + 3_600 * hour;
    let mut csv = HEADER.trim_end().to_string() + ",issued\n";
    for hour in 0..24 {
        let mw = by_hour(hour);
        writeln!(csv, "contract/w/generation,{},{},{mw:.2},MW,2025-12-31T12:00:00Z", at(hour), at(hour + 1))
            .expect("text");
    }
    csv
}

/// Little wind before noon, more and more of it after.
fn afternoon(hour: i64) -> f64 {
    if hour < 12 { 2.0 } else { 5.0 + 0.6 * (hour - 12) as f64 }
}

const COLUMNS: &str = "id,release,deadline,energy_mwh,max_mw,pool,gpus,hours\n";
const PIECE: &str = "a,2026-01-01T02:00:00Z,2026-01-01T22:00:00Z,6,3,,,\n";
const OTHER: &str = "b,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,40,4,,,\n";
const JOB: &str = "j,2026-01-01T01:00:00Z,2026-01-01T20:00:00Z,,,p,1500,3\n";

fn home(work: &str) -> Home {
    let home = Home::new(TOML);
    home.write("wind.csv", &forecast(afternoon));
    home.run(&["ingest", "wind.csv"]).ok();
    home.write("work.csv", &format!("{COLUMNS}{work}"));
    home.run(&["work", "import", "work.csv"]).ok();
    home
}

fn plan(home: &Home) -> f64 {
    let args = ["plan", "--now", NOW, "--horizon", "24h", "--gap", "1e-9", "--format", "json"];
    home.run(&args).ok().json()["objective"].as_f64().expect("objective")
}

fn explain(home: &Home, args: &[&str]) -> Value {
    home.run(&[&["explain", "--format", "json"], args].concat()).ok().json()
}

fn alternative<'a>(of: &'a Value, code: &str) -> &'a Value {
    let list = of["alternatives"].as_array().expect("alternatives");
    list.iter().find(|a| a["code"] == code).unwrap_or_else(|| panic!("{code} in {of}"))
}

/// The cost said, and what planning with the piece held there costs.
fn costs_what_it_says(said: &Value, before: f64, held: &str, rest: &str) {
    let after = plan(&home(&format!("{held}{rest}")));
    let cost = said["cost"].as_f64().expect("a cost");
    assert!(cost > 0.01 && (after - before - cost).abs() < 1e-6, "said {cost}, {} by planning", after - before);
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().expect("text")
}

#[test]
fn energy_moved_to_its_alternative_costs_what_it_says() {
    let rest = format!("{OTHER}{JOB}");
    let there = home(&format!("{PIECE}{rest}"));
    let before = plan(&there);
    let said = explain(&there, &["a"]);
    assert_eq!(said["kind"], "work");
    assert!(said["price_per_mwh"].as_f64() < said["window_price_per_mwh"].as_f64());
    let earliest = alternative(&said, "earliest");
    let runs = earliest["runs"].as_array().expect("runs");
    assert_eq!((runs.len(), text(&runs[0], "start")), (1, "2026-01-01T02:00:00Z"), "{earliest}");
    let held = format!("a,{},{},6,3,,,\n", text(&runs[0], "start"), text(&runs[0], "end"));
    costs_what_it_says(earliest, before, &held, &rest);
    let at = explain(&there, &["a", "--at", "2026-01-01T08:00:00Z"]);
    costs_what_it_says(alternative(&at, "at"), before, "a,2026-01-01T08:00:00Z,2026-01-01T10:00:00Z,6,3,,,\n", &rest);
    // Anywhere else is no dearer than one place in particular.
    let cost = |of: &Value| of["cost"].as_f64().expect("cost");
    let elsewhere = alternative(&said, "elsewhere");
    assert!(cost(elsewhere) >= 0.0 && cost(elsewhere) <= cost(earliest), "{said}");
    let sum: f64 =
        earliest["parts"].as_array().expect("parts").iter().map(|p| p["amount"].as_f64().expect("amount")).sum();
    assert!((sum - cost(earliest)).abs() < 0.05, "{earliest}");
}

#[test]
fn a_job_moved_to_its_alternative_costs_what_it_says() {
    // Others would fill its hours in the wind at once.
    let rest = String::new();
    let there = home(JOB);
    let before = plan(&there);
    let said = explain(&there, &["j"]);
    assert_eq!(said["kind"], "job");
    let earliest = alternative(&said, "earliest");
    assert_eq!(text(&earliest["runs"][0], "start"), "2026-01-01T01:00:00Z");
    costs_what_it_says(earliest, before, "j,2026-01-01T01:00:00Z,2026-01-01T04:00:00Z,,,p,1500,3\n", &rest);
    let elsewhere = alternative(&said, "elsewhere");
    assert_ne!(text(&elsewhere["runs"][0], "start"), text(&said["runs"][0], "start"));
}

/// Jobs by the hundred, each of another size or length, over the day.
fn queue() -> String {
    let mut rows = String::new();
    for j in 0..320 {
        let (release, gpus, hours) = (j % 5, 8 * (1 + j % 11), 1.0 + f64::from(j % 7) / 4.0 + f64::from(j) / 1_000.0);
        writeln!(rows, "q{j},2026-01-01T{release:02}:00:00Z,2026-01-02T00:00:00Z,,,p,{gpus},{hours}").expect("text");
    }
    rows
}

#[test]
fn of_many_jobs_one_moves_and_the_others_stay() {
    let there = home(&queue());
    let plan = |now: &str| {
        let args = ["plan", "--now", now, "--horizon", "24h", "--format", "json"];
        there.run(&args).ok().json()
    };
    let first = plan(NOW);
    // The next search is held against what was proved without branching, which the reason states in cents.
    let number = |of: &str| first[of].as_f64().unwrap_or_else(|| panic!("{first}"));
    let proved = text(reason(&first), "message").split("at least ").nth(1).and_then(|rest| rest.split(';').next());
    let proved: f64 = proved.and_then(|proved| proved.parse().ok()).expect("a bound");
    let gap = (number("objective") - proved) / number("objective");
    assert!((number("searched_gap") - gap).abs() < 0.01 / number("objective"), "{first}");
    let said = explain(&there, &["q100"]);
    let earliest = alternative(&said, "earliest");
    assert_eq!(text(&earliest["runs"][0], "start"), "2026-01-01T00:00:00Z");
    assert!(earliest["cost"].as_f64().expect("cost") > 0.0, "{earliest}");
    assert!(text(earliest, "message").contains("the other jobs where they are unless in its way"), "{earliest}");
    let elsewhere = alternative(&said, "elsewhere");
    assert_ne!(text(&elsewhere["runs"][0], "start"), text(&said["runs"][0], "start"));
    assert!(elsewhere["cost"].as_f64() <= earliest["cost"].as_f64(), "{said}");
    // An hour later the plan is made from this one.
    let second = plan("2026-01-01T01:00:00Z");
    assert_eq!(second["searched_gap"], first["searched_gap"]);
    assert!(text(reason(&second), "message").contains(text(&first, "id")), "{second}");
}

/// What a plan says of its integers.
fn reason(plan: &Value) -> &Value {
    let reasons = plan["reasons"].as_array().expect("reasons");
    reasons.iter().find(|r| r["code"] == "whole_numbers").expect("a reason")
}

#[test]
fn the_limit_that_binds_is_named() {
    // More work than the windy hours have room for: the site is full then.
    let there = home(&format!("{PIECE}b,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,80,6,,,\n"));
    plan(&there);
    let said = explain(&there, &["a"]);
    let limits = said["limits"].as_array().expect("limits");
    let full = limits.iter().find(|l| l["code"] == "site_capacity").unwrap_or_else(|| panic!("{said}"));
    assert_eq!(full["subject"], "s");
    assert!(full["steps"].as_u64() > Some(0) && full["per_mwh"].as_f64() > Some(0.0));
    let text = there.run(&["explain", "a"]).ok().out;
    assert!(text.contains("s: the site's IT capacity is full in") && text.contains(" USD\n"), "{text}");
    // A spell a line, in the site's own time.
    assert!(text.contains("; times in UTC\n  runs Thu 1 Jan "), "{text}");
    // Alone in the afternoon it takes all it can draw in the windiest hours.
    let there = home("a,2026-01-01T02:00:00Z,2026-01-01T22:00:00Z,30,3,,,\n");
    plan(&there);
    let said = explain(&there, &["a"]);
    let codes: Vec<&str> = said["limits"].as_array().expect("limits").iter().map(text_of).collect();
    assert!(codes.contains(&"max_mw"), "{said}");
}

fn text_of(limit: &Value) -> &str {
    limit["code"].as_str().expect("code")
}

#[test]
fn a_plan_is_explained_as_it_was_made() {
    let there = home(&format!("{PIECE}{OTHER}"));
    plan(&there);
    let said = explain(&there, &["a"]);
    there.write("calm.csv", &forecast(|_| 1.0).replace("2025-12-31T12:00:00Z", "2025-12-31T18:00:00Z"));
    there.run(&["ingest", "calm.csv"]).ok();
    assert_eq!(explain(&there, &["a"]), said);
    let first = text(&said, "plan").to_string();
    plan(&there);
    assert_ne!(explain(&there, &["a"]), said);
    assert_eq!(explain(&there, &["a", "--plan", &first]), said);
}

#[test]
fn what_cannot_be_explained_says_what_to_do() {
    let there = home(PIECE);
    there.run(&["explain", "a"]).refused("make one: hourmatch plan");
    there.run(&["plan", "--now", NOW, "--horizon", "24h", "--strategy", "asap"]).ok();
    there.run(&["explain", "a"]).refused("which weighs no alternatives");
    plan(&there);
    there.run(&["explain", "zz"]).refused("hourmatch work list");
    there.run(&["explain", "a", "--plan", "p-none"]).refused("there is no plan `p-none`");
    there.run(&["explain", "a", "--at", "2027-01-01T00:00Z"]).refused("--at lies outside the plan");
    there.run(&["explain", "a", "--at", "2026-01-01T21:30:00Z"]).refused("does not fit");
}

#[test]
fn the_store_keeps_what_plans_were_made_of_on_postgres_too() {
    let Some(there) = Home::on_postgres(TOML) else { return };
    there.write("wind.csv", &forecast(afternoon));
    there.run(&["ingest", "wind.csv"]).ok();
    there.write("work.csv", &format!("{COLUMNS}{PIECE}"));
    there.run(&["work", "import", "work.csv"]).ok();
    plan(&there);
    assert!(explain(&there, &["a"])["alternatives"][0]["cost"].as_f64() > Some(0.0));
}
