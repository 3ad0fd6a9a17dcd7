//! Unknown is not free and missing is not zero: what stands for a series that ends or has holes, what is said of it, and
//! what is refused by name.

use crate::support::{HEADER, Home, Ran};
use serde_json::Value;
use std::fmt::Write;
use std::ops::Range;

const NOW: &str = "2026-05-11T09:00:00Z";
pub const TOML: &str = r#"
[portfolio]
name = "unknown"
synthetic = true
[[boundary]]
id = "A"
[[site]]
id = "s"
boundary = "A"
it_capacity_mw = 10.0
grid_limit_mw = 12.0
it_load_mw = 1.0
"#;
/// 80 a tonne on the default fossil factor, 760 g/kWh.
const CARBON: f64 = 60.8;

/// So many hours after now.
pub fn at(hour: i64) -> String {
    let now = reports::time::Instant::parse(NOW).expect("time");
    (now + 3_600 * hour).to_string()
}

/// Hourly rows, readings where nothing was issued.
pub fn rows(series: &str, hours: Range<i64>, unit: &str, issued: bool, value: impl Fn(i64) -> f64) -> String {
    let header = HEADER.trim_end();
    let mut csv = if issued { format!("{header},issued\n") } else { format!("{header}\n") };
    for hour in hours {
        let issue = if issued { format!(",{}", at(-1)) } else { String::new() };
        writeln!(csv, "{series},{},{},{},{unit}{issue}", at(hour), at(hour + 1), value(hour)).expect("text");
    }
    csv
}

/// A portfolio, files of rows taken in, and 10 MWh at up to 5 MW due in three days.
fn home(toml: &str, files: &[String]) -> Home {
    let home = Home::new(toml);
    for (index, rows) in files.iter().enumerate() {
        let name = format!("r{index}.csv");
        home.write(&name, rows);
        home.run(&["ingest", &name]).ok();
    }
    let work = format!("id,release,deadline,energy_mwh,max_mw\nx,{},{},10,5\n", at(0), at(72));
    home.write("w.csv", &work);
    home.run(&["work", "import", "w.csv"]).ok();
    home
}

pub fn plan(home: &Home, hour: i64, horizon: i64) -> Value {
    let (now, horizon) = (at(hour), format!("{horizon}h"));
    home.run(&["plan", "--now", &now, "--horizon", &horizon, "--format", "json"]).ok().json()
}

pub fn list<'p>(plan: &'p Value, key: &str) -> &'p [Value] {
    plan[key].as_array().unwrap_or_else(|| panic!("{key} of {plan}"))
}

/// The first reason with a code.
pub fn reason<'p>(plan: &'p Value, code: &str) -> Option<&'p Value> {
    list(plan, "reasons").iter().find(|r| r["code"] == code)
}

/// Code, steps and message of what is said of a series; one reason each.
fn reason_of<'p>(plan: &'p Value, series: &str) -> (&'p str, f64, &'p str) {
    let mine: Vec<&Value> = list(plan, "reasons").iter().filter(|r| r["subject"] == series).collect();
    assert_eq!(mine.len(), 1, "{series}: {}", plan["reasons"]);
    let text = |key: &str| mine[0][key].as_str().expect("text");
    assert_eq!(mine[0]["unit"], "steps");
    (text("code"), mine[0]["quantity"].as_f64().expect("steps"), text("message"))
}

fn number(plan: &Value, table: &str, hour: i64, key: &str) -> f64 {
    let row = list(plan, table).iter().find(|row| row["start"] == at(hour));
    row.and_then(|row| row[key].as_f64()).unwrap_or_else(|| panic!("{key} of {table} at {}", at(hour)))
}

/// What a MWh of the grid costs, carbon included.
fn cost(plan: &Value, hour: i64) -> f64 {
    number(plan, "balance", hour, "grid_cost_per_mwh")
}

pub fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-6, "{found} is not {wanted}");
}

/// Start, end and MW of a piece, in hours from now.
pub fn schedule(plan: &Value, work: &str) -> Vec<(i64, i64, f64)> {
    let now = reports::time::Instant::parse(NOW).expect("time");
    let hour =
        |value: &Value| (reports::time::Instant::parse(value.as_str().expect("time")).expect("time") - now) / 3_600;
    let mine = list(plan, "schedule").iter().filter(|row| row["work"] == work);
    mine.map(|row| (hour(&row["start"]), hour(&row["end"]), row["mw"].as_f64().expect("MW"))).collect()
}

/// 50 to 73 over the day, as the supplier has them.
fn day_ahead(hour: i64) -> f64 {
    50.0 + hour.rem_euclid(24) as f64
}

fn prices(hours: Range<i64>, issued: bool) -> String {
    rows("grid/A/price", hours, "currency/MWh", issued, day_ahead)
}

#[test]
fn prices_that_end_inside_the_horizon_are_not_free() {
    // Without history the day that is known repeats; with it, its last days say; the portfolio's own figure comes between.
    let with_default = TOML.replace("id = \"A\"\n[[site]]", "id = \"A\"\nprice_per_mwh = 45.0\n[[site]]");
    for (toml, files, code, words, after) in [
        (TOML, vec![prices(0..24, true)], "repeated_forecast", "repeated by time of day", day_ahead(30)),
        (TOML, vec![prices(0..24, true), prices(-72..0, false)], "history_forecast", "its last 14 days", day_ahead(30)),
        (with_default.as_str(), vec![prices(0..24, true)], "configured", "price_per_mwh of boundary A, 45", 45.0),
    ] {
        let made = plan(&home(toml, &files), 0, 96);
        near(cost(&made, 5), 55.0 + CARBON);
        near(cost(&made, 30), after + CARBON);
        let (found, steps, message) = reason_of(&made, "grid/A/price");
        assert_eq!((found, steps), (code, 72.0), "{message}");
        assert!(message.contains(words) && message.contains(&format!("{} to {}", at(24), at(96))), "{message}");
    }
    // The cheapest hours known: two of the first of each day, or any after the first where the default is lower.
    let made = plan(&home(TOML, &[prices(0..24, true)]), 0, 96);
    assert!(schedule(&made, "x").iter().all(|(from, to, _)| from % 24 == 0 && to - from == 1), "{}", made["schedule"]);
}

#[test]
fn a_hole_in_prices_is_no_hour_to_run_in() {
    let all = prices(0..48, true);
    let holes: String = all
        .lines()
        .filter(|l| !l.contains(&format!("price,{},", at(7))))
        .fold(String::new(), |csv, line| csv + line + "\n");
    let made = plan(&home(TOML, &[holes]), 0, 48);
    // The same hour of the next day is known.
    near(cost(&made, 7), 57.0 + CARBON);
    assert_eq!((reason_of(&made, "grid/A/price").0, reason_of(&made, "grid/A/price").1), ("repeated_forecast", 1.0));
}

#[test]
fn a_price_that_ended_long_ago_is_refused_by_name() {
    let old = prices(-24 * 30..-24 * 20, false);
    let stale = home(TOML, std::slice::from_ref(&old));
    let ran = stale.run(&["plan", "--now", NOW]).refused("grid/A/price: no data since 2026-04-21T09:00:00Z");
    assert!(ran.err.contains("set price_per_mwh of boundary A"), "{}", ran.err);
    stale.run(&["plan", "show"]).refused("there is no plan yet");
    let with_default = TOML.replace("id = \"A\"\n[[site]]", "id = \"A\"\nprice_per_mwh = 45.0\n[[site]]");
    let made = plan(&home(&with_default, &[old]), 0, 48);
    near(cost(&made, 0), 45.0 + CARBON);
    assert_eq!(reason_of(&made, "grid/A/price").0, "configured");
    // What was never supplied is nothing by contract, and said; a stated price stands for nothing.
    let made = plan(&home(TOML, &[]), 0, 48);
    near(cost(&made, 0), CARBON);
    let (code, _, message) = reason_of(&made, "grid/A/price");
    assert!(code == "no_forecast" && message.contains("states no price_per_mwh: energy counts as free"), "{message}");
    let made = plan(&home(&with_default, &[]), 0, 48);
    assert!(list(&made, "reasons").iter().all(|r| r["subject"] != "grid/A/price"), "{}", made["reasons"]);
}

#[test]
fn published_prices_are_known_and_measured_load_is_not() {
    // Dear until hour 20, 5 from then to hour 36: plain readings, none of which has ended.
    let published = rows("grid/A/price", 0..36, "currency/MWh", false, |h| if h < 20 { 80.0 - h as f64 } else { 5.0 });
    let load = rows("site/s/it_load", 0..36, "MW", false, |_| 9.0);
    let made = plan(&home(TOML, &[published.clone(), load]), 0, 96);
    near(cost(&made, 3), 77.0 + CARBON);
    near(cost(&made, 25), 5.0 + CARBON);
    assert!(schedule(&made, "x").iter().all(|(from, to, _)| *from >= 20 && *to <= 36), "{}", made["schedule"]);
    near(number(&made, "capacity", 3, "firm_mw"), 1.0);
    assert_eq!(reason_of(&made, "grid/A/price").1, 60.0);
    // They win over what was forecast of them before.
    let made = plan(&home(TOML, &[prices(0..48, true), published.clone()]), 0, 48);
    near(cost(&made, 25), 5.0 + CARBON);
    near(cost(&made, 40), day_ahead(40) + CARBON);
    // What its source publishes after its end is not known before.
    let late = Home::new(TOML);
    late.write("p.csv", &published);
    late.run(&["ingest", "p.csv", "--delay", "1h"]).ok();
    assert_eq!(reason_of(&plan(&late, 0, 48), "grid/A/price").0, "no_forecast");
}

#[test]
fn intensity_that_ends_is_the_default_fossil_factor() {
    let factor = |leaf: &str| rows(&format!("grid/A/{leaf}"), 0..24, "g/kWh", true, |_| 300.0);
    let made = plan(&home(TOML, &[factor("carbon_intensity"), factor("residual_intensity")]), 0, 96);
    near(cost(&made, 0), 24.0);
    near(cost(&made, 24), CARBON);
    let (code, steps, message) = reason_of(&made, "grid/A/residual_intensity");
    assert_eq!((code, steps), ("configured", 72.0), "{message}");
    assert!(message.contains("the default fossil factor, 760 g/kWh"), "{message}");
    assert_eq!(reason_of(&made, "grid/A/carbon_intensity").0, "repeated_forecast");
    // With history of its own it is that, and the fossil factor stands in where there is one.
    let own = rows("grid/A/residual_intensity", -48..0, "g/kWh", false, |_| 500.0);
    let made = plan(&home(TOML, &[factor("residual_intensity"), own]), 0, 96);
    near(cost(&made, 24), 40.0);
    assert_eq!(reason_of(&made, "grid/A/residual_intensity").0, "history_forecast");
    let fossil = rows("grid/A/fossil_intensity", 0..96, "g/kWh", true, |_| 700.0);
    let made = plan(&home(TOML, &[factor("residual_intensity"), fossil]), 0, 96);
    near(cost(&made, 24), 56.0);
    let (code, _, message) = reason_of(&made, "grid/A/residual_intensity");
    assert!(code == "other_series" && message.contains("as grid/A/fossil_intensity"), "{message}");
}

#[test]
fn pue_is_its_history_then_the_portfolios() {
    let ahead = || rows("site/s/pue", 0..24, "ratio", true, |_| 3.0);
    let made = plan(&home(TOML, &[ahead()]), 0, 48);
    near(number(&made, "capacity", 0, "pue"), 3.0);
    near(number(&made, "capacity", 24, "pue"), 1.0);
    let (code, steps, message) = reason_of(&made, "site/s/pue");
    assert!((code, steps) == ("configured", 24.0) && message.contains("the portfolio's pue, 1"), "{message}");
    let made = plan(&home(TOML, &[ahead(), rows("site/s/pue", -48..0, "ratio", false, |_| 1.5)]), 0, 48);
    near(number(&made, "capacity", 24, "pue"), 1.5);
    assert_eq!(reason_of(&made, "site/s/pue").0, "history_forecast");
    // Temperature makes it, and where temperature ends its own past goes on.
    let curve = TOML.replace("it_load_mw = 1.0", "it_load_mw = 1.0\npue_by_temperature = [[10.0, 1.1], [30.0, 1.3]]");
    let warm = rows("site/s/temperature", 0..24, "C", true, |_| 20.0);
    let before = rows("site/s/temperature", -48..0, "C", false, |_| 30.0);
    let made = plan(&home(&curve, &[warm, before]), 0, 48);
    near(number(&made, "capacity", 0, "pue"), 1.2);
    near(number(&made, "capacity", 24, "pue"), 1.3);
    // A load forecast is IT load by the PUE of its hour.
    let load = rows("site/s/load", 0..24, "MW", true, |_| 6.0);
    let made = plan(&home(TOML, &[ahead(), load]), 0, 24);
    near(number(&made, "capacity", 0, "firm_mw"), 2.0);
}

pub const POOL: &str = "[[pool]]\nid = \"h100\"\nsite = \"s\"\ncount = 1000\n";

#[test]
fn availability_goes_back_to_what_was_counted() {
    let announced = rows("pool/h100/available_gpus", 0..24, "gpus", true, |_| 100.0);
    let counted = rows("pool/h100/available_gpus", -2..0, "gpus", false, |_| 800.0);
    let home = home(&format!("{TOML}{POOL}"), &[announced, counted]);
    let header = "id,release,deadline,pool,gpus,hours";
    let window = format!("{},{}", at(0), at(48));
    home.write("jobs.csv", &format!("{header}\nfits,{window},h100,800,3\nnot,{window},h100,900,3\n"));
    home.run(&["work", "import", "jobs.csv"]).ok();
    let made = plan(&home, 0, 48);
    assert_eq!(schedule(&made, "fits").iter().map(|s| (s.0, s.1)).collect::<Vec<_>>(), [(24, 27)]);
    assert!(list(&made, "missed").iter().any(|m| m["work"] == "not"), "{}", made["missed"]);
    let (code, steps, message) = reason_of(&made, "pool/h100/available_gpus");
    assert_eq!((code, steps), ("history_forecast", 24.0));
    assert!(message.contains(&format!("not announced, as last counted, 800 at {}", at(0))), "{message}");
}

#[test]
fn load_and_targets_are_not_planned_on_what_is_long_gone() {
    let no_figure = TOML.replace("it_load_mw = 1.0\n", "");
    let old = rows("site/s/load", -24 * 30..-24 * 20, "MW", false, |_| 6.0);
    let ran = home(&no_figure, std::slice::from_ref(&old)).run(&["plan", "--now", NOW]);
    let ran = ran.refused("site/s/it_load: no data since 2026-04-21T09:00:00Z");
    assert!(ran.err.contains("set it_load_mw of site s"), "{}", ran.err);
    let made = plan(&home(TOML, &[old]), 0, 24);
    assert!(reason_of(&made, "site/s/it_load").2.contains("not supplied, the portfolio's it_load_mw, 1"));
    let share = rows("grid/A/cfe_share", -24 * 30..-24 * 20, "share", false, |_| 0.4);
    let made = plan(&home(TOML, std::slice::from_ref(&share)), 0, 24);
    assert_eq!(made["expected"]["cfe_score"], Value::Null);
    assert!(reason_of(&made, "grid/A/cfe_share").2.contains("no data since 2026-04-21T09:00:00Z: no CFE score"));
    let target = format!("{TOML}[[target]]\nscope = \"portfolio\"\nmetric = \"cfe_score\"\nshare = 0.5\n");
    home(&target, &[share]).run(&["plan", "--now", NOW]).refused("grid/A/cfe_share: no data since");
    let known = rows("grid/A/cfe_share", 0..12, "share", true, |_| 0.4);
    assert_eq!(reason_of(&plan(&home(&target, &[known]), 0, 24), "grid/A/cfe_share").0, "repeated_forecast");
}

/// Two days to look back on: 1 MW of firm load and 1 MWh of work an hour, at the prices there are.
fn two_days(price: impl Fn(i64) -> Option<f64>, toml: &str) -> Home {
    let home = Home::new(toml);
    let start = reports::time::Instant::parse("2026-03-01T00:00:00Z").expect("time");
    let at = |hour: i64| (start + 3_600 * hour).to_string();
    let (mut csv, mut work) = (HEADER.to_string(), String::from("id,release,deadline,energy_mwh,max_mw\n"));
    for hour in 0..144 {
        writeln!(csv, "site/s/it_load,{},{},1,MWh", at(hour), at(hour + 1)).expect("text");
        if let Some(price) = price(hour) {
            writeln!(csv, "grid/A/price,{},{},{price},currency/MWh", at(hour), at(hour + 1)).expect("text");
        }
    }
    for hour in 72..120 {
        writeln!(work, "w{hour},{},{},1,2", at(hour), at(hour + 24)).expect("text");
    }
    home.write("r.csv", &csv);
    home.run(&["ingest", "r.csv"]).ok();
    home.write("w.csv", &work);
    home.run(&["work", "import", "w.csv"]).ok();
    home
}

fn backtest(home: &Home) -> Ran {
    home.run(&["backtest", "--from", "2026-03-04", "--to", "2026-03-06", "--format", "json"])
}

const FREE_OF_CARBON: &str = "[portfolio]\nname = \"b\"\nsynthetic = true\n[policy]\ncarbon_price_per_t = 0.0\n[[boundary]]\n\
    id = \"A\"\n[[site]]\nid = \"s\"\nboundary = \"A\"\nit_capacity_mw = 10.0\n";

#[test]
fn foresight_does_not_pile_into_hours_without_a_price() {
    let full = backtest(&two_days(|_| Some(100.0), FREE_OF_CARBON)).ok().json();
    let noon = |hour: i64| (hour % 24 != 12 || hour < 72).then_some(100.0);
    let gap = backtest(&two_days(noon, FREE_OF_CARBON)).ok().json();
    for name in ["asap", "lowest-intensity", "lp", "lp-perfect"] {
        let of = |result: &Value| {
            let found = list(result, "strategies").iter().find(|s| s["name"] == name).expect("strategy").clone();
            [found["cost"].clone(), found["peak_mw"].clone(), found["missed_mwh"].clone()]
        };
        // 48 MWh of load and 48 MWh of work, in every hour at 100.
        assert_eq!(of(&full)[0], 9_600.0, "{name}");
        assert_eq!(of(&full), of(&gap), "{name}");
    }
    let note = |result: &Value| list(result, "notes").iter().find(|n| n["subject"] == "grid/A/price").cloned();
    assert_eq!(note(&full), None);
    let note = note(&gap).expect("a note");
    assert_eq!(note["quantity"], 2.0);
    assert_eq!(note["unit"], "steps");
    let message = note["message"].as_str().expect("text");
    assert!(message.contains("no reading, taken from the 14 days before") && message.contains("2026-03-04T12:00:00Z"));
    // Prices of other times only are no prices of these, and a figure of the portfolio is one.
    let later = |hour: i64| (hour >= 120).then_some(100.0);
    backtest(&two_days(later, FREE_OF_CARBON)).refused("grid/A/price: there is no reading in 2026-03-04T00:00:00Z");
    let stated = FREE_OF_CARBON.replace("id = \"A\"\n[[site]]", "id = \"A\"\nprice_per_mwh = 50.0\n[[site]]");
    let stated = backtest(&two_days(later, &stated)).ok().json();
    assert_eq!(list(&stated, "strategies")[0]["cost"], 4_800.0);
    let none = backtest(&two_days(|_| None, FREE_OF_CARBON)).ok().json();
    assert_eq!(list(&none, "strategies")[0]["cost"], 0.0);
    assert!(list(&none, "notes").iter().any(|n| n["subject"] == "grid/A/price" && n["code"] == "no_forecast"));
}
