//! Planning again: what is known stays as it was, what was reported is where it goes on, and targets count what has been.

use crate::support::{HEADER, Home};
use serde_json::Value;
use std::fmt::Write;

const TOML: &str = r#"
[portfolio]
name = "one"
synthetic = true
factor_basis = "life-cycle"
[policy]
carbon_price_per_t = 100.0
revenue_per_gpu_hour = 0.08
min_utilisation = 0.5
[[boundary]]
id = "A"
price_per_mwh = 45.0
[[site]]
id = "s"
boundary = "A"
it_capacity_mw = 12.0
grid_limit_mw = 9.0
pue = 1.0
it_load_mw = 2.0
[[pool]]
id = "p"
site = "s"
gpu = "H100"
count = 6000
kw_per_gpu = 1.0
[[contract]]
id = "w"
boundary = "A"
technology = "wind"
[[storage]]
id = "b"
site = "s"
energy_mwh = 4.0
charge_mw = 1.0
discharge_mw = 1.0
eff_charge = 0.9
eff_discharge = 1.0
"#;

fn at(hour: i64) -> String {
    let start = reports::time::Instant::parse("2026-04-01T00:00:00Z").expect("time");
    (start + 3_600 * hour).to_string()
}

/// `count` hours of a series in MW, as a forecast issued before all of them or as readings.
fn series(name: &str, hours: std::ops::Range<i64>, mw: impl Fn(i64) -> f64, forecast: bool) -> String {
    let issued = if forecast { format!(",{}", at(-6)) } else { String::new() };
    let mut csv = String::new();
    for hour in hours {
        writeln!(csv, "{name},{},{},{:.3},MW{issued}", at(hour), at(hour + 1), mw(hour)).expect("text");
    }
    csv
}

/// Comes and goes by half days, never twice the same.
fn wind(hour: i64) -> f64 {
    if (hour / 12) % 2 == 0 { 1.0 + (hour * 7 % 5) as f64 / 10.0 } else { 6.0 + (hour * 11 % 13) as f64 / 5.0 }
}

const COLUMNS: &str = "id,kind,release,deadline,energy_mwh,max_mw,pool,gpus,hours,class,max_pauses_day,notice_min\n";

fn home(toml: &str, work: &str, mw: impl Fn(i64) -> f64) -> Home {
    let home = Home::new(toml);
    let header = HEADER.trim_end();
    home.write("wind.csv", &format!("{header},issued\n{}", series("contract/w/generation", 0..96, mw, true)));
    home.run(&["ingest", "wind.csv"]).ok();
    if !work.is_empty() {
        home.write("work.csv", &format!("{COLUMNS}{work}"));
        home.run(&["work", "import", "work.csv"]).ok();
    }
    home
}

fn work() -> String {
    let mut csv = format!("train,training,{},{},,,p,2000,900,flex-3,2,\n", at(0), at(24 * 60));
    for (k, from) in [0, 3, 9, 20, 30].iter().enumerate() {
        writeln!(csv, "job{k},batch,{},{},,,p,800,3,,,", at(*from), at(from + 20)).expect("text");
        writeln!(csv, "energy{k},batch,{},{},5,2,,,,,,", at(*from), at(from + 20)).expect("text");
    }
    csv
}

fn plan(home: &Home, hour: i64, horizon: i64, extra: &[&str]) -> Value {
    let (now, horizon) = (at(hour), format!("{horizon}h"));
    let args = ["plan", "--now", &now, "--horizon", &horizon, "--gap", "1e-7", "--format", "json"];
    home.run(&[&args[..], extra].concat()).ok().json()
}

/// Work, site, step, IT MW of every step from an hour on, to the kilowatt.
fn steps(plan: &Value, from: i64) -> Vec<(String, String, i64)> {
    let instant = |text: &Value| reports::time::Instant::parse(text.as_str().expect("time")).expect("time");
    let first = reports::time::Instant::parse(&at(from)).expect("time");
    let mut all = Vec::new();
    for row in plan["schedule"].as_array().expect("schedule") {
        let kw = (1e3 * row["mw"].as_f64().expect("MW")).round() as i64;
        let start = instant(&row["start"]);
        let steps = (0..instant(&row["end"]) - start).step_by(3_600).map(|second| start + second);
        for start in steps.filter(|start| *start >= first) {
            let work = row["work"].as_str().expect("work").to_string();
            all.push((work, start.to_string(), kw));
        }
    }
    all.sort();
    all
}

#[test]
fn an_unchanged_forecast_changes_no_step() {
    let home = home(TOML, &work(), wind);
    let first = plan(&home, 0, 72, &[]);
    assert!(first["events"].as_array().expect("events").iter().any(|e| e["kind"] == "pause" || e["kind"] == "cap"));
    for hour in [1, 5, 14] {
        // The same end of the horizon: nothing new comes into view.
        let again = plan(&home, hour, 72 - hour, &[]);
        let (now, then) = (steps(&again, hour), steps(&first, hour));
        let changed: Vec<_> =
            now.iter().filter(|s| !then.contains(s)).chain(then.iter().filter(|s| !now.contains(s))).collect();
        assert!(changed.is_empty(), "at hour {hour}: {changed:?}");
    }
}

#[test]
fn a_run_reported_at_42_percent_at_noon_is_planned_from_there() {
    let train = format!("train,training,{},{},,,p,2000,40,flex-3,,\n", at(0), at(90));
    let home = home(TOML, &train, wind);
    plan(&home, 0, 96, &[]);
    let noon = at(12);
    home.run(&["work", "update", "train", "--state", "running", "--done", "0.42", "--site", "s", "--now", &noon]).ok();
    let again = plan(&home, 12, 84, &[]);
    let hours: f64 = again["schedule"]
        .as_array()
        .expect("schedule")
        .iter()
        .filter(|row| row["work"] == "train")
        .map(|row| row["progress_hours"].as_f64().expect("progress"))
        .sum();
    // 58 % of 40 hours are left, whatever the plan of midnight had had it do by noon.
    assert!((hours - 0.58 * 40.0).abs() < 0.01, "{hours}");
    assert!(again["missed"].as_array().expect("missed").is_empty(), "{}", again["missed"]);
}

#[test]
fn a_megawatt_more_is_worth_what_planning_with_it_saves() {
    let planned = |toml: &str, more: f64| {
        let mean = (0..48).map(wind).sum::<f64>() / 48.0;
        plan(&home(toml, &work(), |hour| wind(hour) * (1.0 + more / mean)), 0, 48, &["--values"])
    };
    let plan = planned(TOML, 0.0);
    let objective = |plan: &Value| plan["objective"].as_f64().expect("objective");
    let worth = |kind: &str| {
        let values = plan["values"].as_array().expect("values");
        let value = values.iter().find(|v| v["kind"] == kind).unwrap_or_else(|| panic!("{kind} in {values:?}"));
        value["worth"].as_f64().expect("worth")
    };
    let more_storage = TOML
        .replace("energy_mwh = 4.0", "energy_mwh = 8.0")
        .replace("\ncharge_mw = 1.0", "\ncharge_mw = 2.0")
        .replace("discharge_mw = 1.0", "discharge_mw = 2.0");
    let cases = [
        ("connection", planned(&TOML.replace("grid_limit_mw = 9.0", "grid_limit_mw = 10.0"), 0.0)),
        ("contract", planned(TOML, 1.0)),
        ("storage", planned(&more_storage, 0.0)),
    ];
    for (kind, with) in cases {
        let saved = objective(&plan) - objective(&with);
        let said = worth(kind);
        assert!((said - saved).abs() <= 0.01 * saved.abs().max(0.01), "{kind}: said {said}, saved {saved}");
        assert!(saved > 0.0, "{kind}");
    }
}

#[test]
fn values_that_limits_were_too_short_for_are_left_out_and_counted() {
    let home = home(TOML, &work(), wind);
    let left_out = |plan: &Value| {
        let reasons = plan["reasons"].as_array().expect("reasons");
        reasons.iter().find(|r| r["code"] == "values_left_out").map(|r| r["quantity"].as_f64().expect("quantity"))
    };
    let whole = plan(&home, 0, 48, &["--values"]);
    let found = whole["values"].as_array().expect("values").len();
    assert_eq!((found > 3, left_out(&whole)), (true, None));
    let cut = plan(&home, 0, 48, &["--values", "--iteration-limit", "3"]);
    assert_eq!(cut["values"].as_array().expect("values").len(), 0);
    assert_eq!(left_out(&cut), Some(found as f64));
    // Nobody asked for them.
    assert_eq!(left_out(&plan(&home, 0, 48, &["--iteration-limit", "3"])), None);
}

/// 6 000 MWh so far with 4 800 of them matched, and 4 000 to come of a month that should be matched to 90 %.
#[test]
fn a_month_that_is_lost_is_said_early() {
    let toml = "[portfolio]\nname = \"m\"\nsynthetic = true\n[[target]]\nscope = \"portfolio\"\nshare = 0.9\n\
        period = \"month\"\n[[boundary]]\nid = \"A\"\n[[site]]\nid = \"s\"\nboundary = \"A\"\nit_capacity_mw = 20.0\n\
        pue = 1.0\n[[contract]]\nid = \"w\"\nboundary = \"A\"\ntechnology = \"wind\"\n";
    let home = Home::new(toml);
    let readings = format!(
        "{HEADER}{}{}",
        series("site/s/load", 0..400, |_| 15.0, false),
        series("contract/w/generation", 0..400, |_| 12.0, false)
    );
    home.write("readings.csv", &readings);
    let header = HEADER.trim_end();
    home.write("ahead.csv", &format!("{header},issued\n{}", series("site/s/it_load", 400..720, |_| 12.5, true)));
    home.run(&["ingest", "readings.csv", "ahead.csv"]).ok();
    let plan = plan(&home, 400, 320, &[]);
    let lost = plan["reasons"].as_array().expect("reasons").iter().find(|r| r["code"] == "target_lost");
    let lost = lost.unwrap_or_else(|| panic!("{}", plan["reasons"]));
    assert!((lost["quantity"].as_f64().expect("quantity") - 200.0).abs() < 1e-6, "{lost}");
    let target = &plan["targets"][0];
    assert_eq!((&target["start"], &target["end"]), (&Value::from(at(0)), &Value::from(at(720))));
    assert_eq!(target["score_to_date"], 0.8);
    assert!((target["lost_mwh"].as_f64().expect("lost") - 200.0).abs() < 1e-6, "{target}");
    assert!((target["needed_of_rest"].as_f64().expect("needed") - 1.05).abs() < 1e-9, "{target}");
}

#[test]
fn a_horizon_over_the_end_of_a_month_counts_in_both() {
    let toml = "[portfolio]\nname = \"m\"\nsynthetic = true\n[[target]]\nscope = \"portfolio\"\nshare = 0.9\n\
        period = \"month\"\n[[boundary]]\nid = \"A\"\n[[site]]\nid = \"s\"\nboundary = \"A\"\nit_capacity_mw = 20.0\n\
        pue = 1.0\nit_load_mw = 10.0\n[[contract]]\nid = \"w\"\nboundary = \"A\"\ntechnology = \"wind\"\n";
    let home = Home::new(toml);
    let header = HEADER.trim_end();
    home.write("w.csv", &format!("{header},issued\n{}", series("contract/w/generation", 708..756, |_| 9.0, true)));
    home.run(&["ingest", "w.csv"]).ok();
    let plan = plan(&home, 708, 48, &[]);
    let targets = plan["targets"].as_array().expect("targets");
    assert_eq!(targets.len(), 2, "{targets:?}");
    for (target, hours) in targets.iter().zip([12.0, 36.0]) {
        assert_eq!(target["load_here_mwh"], 10.0 * hours);
        assert_eq!(target["score_here"], 0.9);
    }
    assert_eq!(targets[0]["load_rest_mwh"], 0.0);
    assert_eq!((&targets[0]["end"], &targets[1]["start"]), (&Value::from(at(720)), &Value::from(at(720))));
    let text = home.run(&["plan", "--now", &at(708), "--horizon", "48h"]).ok().out;
    assert!(text.contains("target 90.00 % matched of portfolio, month from 2026-05-01T00:00:00Z"), "{text}");
}

/// Hours of a piece that a plan still places, over all its units.
fn placed_hours(plan: &Value, work: &str, mw: f64) -> f64 {
    let rows = plan["schedule"].as_array().expect("schedule").iter().filter(|row| row["work"] == work);
    let instant = |text: &Value| reports::time::Instant::parse(text.as_str().expect("time")).expect("time");
    rows.map(|row| {
        row["mw"].as_f64().expect("MW") / mw * (instant(&row["end"]) - instant(&row["start"])) as f64 / 3_600.0
    })
    .sum()
}

#[test]
fn units_of_an_array_go_on_and_reports_correct_them() {
    // Six units of five hours, and room for four at a time; another waits for all of them.
    let toml = TOML.replace("count = 6000", "count = 2000");
    let columns = "id,kind,release,deadline,pool,gpus,hours,count,after\n";
    let there = || {
        let home = home(&toml, "", |_| 9.0);
        let list = format!(
            "{columns}arr,batch,{},{},p,500,5,6,\nnxt,batch,{},{},p,200,4,,arr\n",
            at(0),
            at(48),
            at(0),
            at(48)
        );
        home.write("array.csv", &list);
        home.run(&["work", "import", "array.csv"]).ok();
        plan(&home, 0, 48, &[]);
        home
    };
    let first_of = |plan: &Value, work: &str| {
        let rows = plan["schedule"].as_array().expect("schedule").iter().filter(|row| row["work"] == work);
        rows.map(|row| row["start"].as_str().expect("start").to_string()).min().expect("a row")
    };
    let home = there();
    let again = plan(&home, 2, 46, &[]);
    assert!((placed_hours(&again, "arr", 0.5) - 22.0).abs() < 1e-6, "{}", again["schedule"]);
    assert_eq!(first_of(&again, "nxt"), at(10), "it still waits for every unit");
    // Two hours in, nothing of it had begun after all.
    home.run(&["work", "update", "arr", "--state", "queued", "--done", "0", "--now", &at(2)]).ok();
    assert!((placed_hours(&plan(&home, 2, 46, &[]), "arr", 0.5) - 30.0).abs() < 1e-6);
    // By six four units should have been done: three are.
    let home = there();
    home.run(&["work", "update", "arr", "--state", "running", "--done", "0.5", "--now", &at(6)]).ok();
    assert!((placed_hours(&plan(&home, 6, 42, &[]), "arr", 0.5) - 15.0).abs() < 1e-6);
}
