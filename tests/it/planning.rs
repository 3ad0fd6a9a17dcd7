//! Plans through the binary: better than the baseline, honest about what does not fit, the same bytes again.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use reports::time::Instant;
use serde_json::Value;

const NOW: &str = "2026-01-15T00:00Z";

/// Two weeks of history in which wind blows from 00 to 12 h, and a queue.
fn home(work: &str) -> Home {
    let home = Home::new(ONE_SITE);
    let wind = (0..14 * 24).map(|h| if h % 24 < 12 { 9.0 } else { 1.0 });
    let readings = hourly("site/s/it_load", [4.0; 14 * 24]) + &hourly("contract/w/generation", wind);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home.write("w.csv", &format!("id,release,deadline,energy_mwh,max_mw\n{work}"));
    home.run(&["work", "import", "w.csv"]).ok();
    home
}

fn plan(home: &Home, extra: &[&str]) -> Value {
    let mut args = vec!["plan", "--now", NOW, "--horizon", "48h", "--format", "json"];
    args.extend(extra);
    home.run(&args).ok().json()
}

const DAY: &str = "a,2026-01-15T12:00:00Z,2026-01-16T12:00:00Z,24,6\n";

#[test]
fn work_goes_where_the_wind_blows() {
    let home = home(DAY);
    let made = plan(&home, &[]);
    assert_eq!(made["status"], "optimal");
    let share = |totals: &Value| totals["matched_share"].as_str().expect("share").parse::<f64>().expect("number");
    assert!(share(&made["expected"]) > share(&made["doing_nothing"]) + 0.05);
    let placed: f64 = made["schedule"]
        .as_array()
        .expect("schedule")
        .iter()
        .map(|s| {
            let hours = (at(&s["end"]) - at(&s["start"])) as f64 / 3_600.0;
            assert!(at(&s["start"]) >= at(&"2026-01-16T00:00:00Z".into()), "{s}");
            s["mw"].as_f64().expect("mw") * hours
        })
        .sum();
    assert!((placed - 24.0).abs() < 1e-6, "{placed}");
    assert_eq!(home.run(&["plan", "show", "--format", "json"]).ok().json(), made);
}

fn at(value: &Value) -> Instant {
    Instant::parse(value.as_str().expect("time")).expect("time")
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let first = home(DAY);
    let (a, b) = (plan(&first, &[]), plan(&home(DAY), &[]));
    assert_eq!(a, b);
    assert_eq!(a, plan(&first, &["--dry-run"]));
}

#[test]
fn the_digest_of_the_inputs_covers_what_bounds_a_plan_and_no_remark() {
    let home = home(DAY);
    let digest = |portfolio: &str| {
        home.write("hourmatch.toml", portfolio);
        plan(&home, &["--dry-run"])["input_sha256"].as_str().expect("a digest").to_string()
    };
    let battery = "[[storage]]\nid = \"b\"\nsite = \"s\"\nenergy_mwh = 4.0\ncharge_mw = 2.0\ndischarge_mw = 2.0\n\
        eff_charge = 0.95\neff_discharge = 0.95\n";
    let base = format!("{ONE_SITE}{battery}");
    let mut seen = vec![digest(&base)];
    assert_eq!(digest(&format!("{base}# a remark\n")), seen[0]);
    let [from, to] = ["2026-01-15T12:00Z", "2026-01-15T14:00Z"];
    for more in [
        format!("[[event]]\nsite = \"s\"\nstart = \"{from}\"\nend = \"{to}\"\nmax_mw = 8.0\n"),
        "[[limit]]\nid = \"feeder\"\nmax_mw = 9.0\n".into(),
        "[[limit]]\nid = \"feeder\"\nmax_mw = 9.5\n".into(),
        "[[account]]\nid = \"team\"\nmax_gpus = 8\n".into(),
        "[[demand_charge]]\nsite = \"s\"\nper_mw = 9000.0\n".into(),
    ] {
        seen.push(digest(&format!("{base}{more}")));
    }
    seen.push(digest(&base.replace("\ncharge_mw = 2.0", "\ncharge_mw = 1.5")));
    seen.push(digest(&base.replace("eff_charge = 0.95", "eff_charge = 0.9")));
    let different: std::collections::BTreeSet<&String> = seen.iter().collect();
    assert_eq!(different.len(), seen.len(), "{seen:?}");
}

#[test]
fn what_cannot_be_done_is_named_and_the_rest_planned() {
    let work = "short,2026-01-15T00:00:00Z,2026-01-15T02:00:00Z,24,6\n\
        past,2026-01-14T00:00:00Z,2026-01-14T12:00:00Z,5,6\n\
        long-past,2026-01-10T00:00:00Z,2026-01-11T00:00:00Z,5,6\n\
        sliver,2026-01-15T00:10:00Z,2026-01-15T00:50:00Z,1,6\n\
        fine,2026-01-15T12:00:00Z,2026-01-16T12:00:00Z,10,6\n\
        later,2026-02-15T12:00:00Z,2026-02-16T12:00:00Z,10,6\n";
    let home = home(work);
    let made = plan(&home, &[]);
    let code = |id: &str| {
        let missed = made["missed"].as_array().expect("missed").iter().find(|m| m["work"] == id);
        missed.map(|m| (m["code"].as_str().expect("code").to_string(), m["missed_mwh"].as_f64().expect("mwh")))
    };
    assert_eq!(code("short"), Some(("window_too_short".into(), 12.0)));
    assert_eq!(code("past"), Some(("deadline_past".into(), 5.0)));
    assert_eq!(code("sliver").map(|c| c.0), Some("window_too_short".into()));
    assert_eq!(code("fine"), None);
    for wanted in ["after_horizon", "expired"] {
        assert!(made["reasons"].as_array().expect("reasons").iter().any(|r| r["code"] == wanted), "{wanted}");
    }
    assert!(made["reasons"].to_string().contains("left out: long-past; `hourmatch work cancel ID`"), "{made}");
    let said = home.run(&["plan", "--now", NOW, "--horizon", "48h"]).ok();
    assert!(said.err.contains("missed: "), "{}", said.err);
}

#[test]
fn an_iteration_limit_gives_a_greedy_plan_that_says_so() {
    let home = home(DAY);
    let best = plan(&home, &[]);
    let greedy = plan(&home, &["--iteration-limit", "1"]);
    assert_eq!(greedy["status"], "greedy");
    let number = |plan: &Value, key: &str| plan[key].as_f64().expect("number");
    let optimum = number(&best, "objective");
    assert!(number(&greedy, "bound") <= optimum + 1e-6 && optimum <= number(&greedy, "objective") + 1e-6);
}

#[test]
fn supplier_forecasts_come_before_history() {
    let home = home(DAY);
    // The supplier says that tomorrow the wind blows in the afternoon of the 15th instead.
    let mut text = String::from("series,start,end,value,unit,issued\n");
    for hour in 0..48 {
        let start = at(&"2026-01-15T00:00:00Z".into()) + hour * 3_600;
        let mw = if (12..24).contains(&hour) { 9.0 } else { 0.0 };
        let end = start + 3_600;
        text.push_str(&format!("contract/w/generation,{start},{end},{mw},MW,2026-01-14T18:00:00Z\n"));
    }
    home.write("f.csv", &text);
    home.run(&["ingest", "f.csv"]).ok();
    let made = plan(&home, &[]);
    for s in made["schedule"].as_array().expect("schedule") {
        assert!(at(&s["end"]) <= at(&"2026-01-16T00:00:00Z".into()), "{s}");
    }
    // Issued after now, it is not known yet.
    home.write("f2.csv", &text.replace("2026-01-14T18:00", "2026-01-15T00:30").replace(",9,", ",0,"));
    home.run(&["ingest", "f2.csv"]).ok();
    assert_eq!(plan(&home, &[])["schedule"], made["schedule"]);
}

#[test]
fn nothing_to_plan_is_a_plan() {
    let home = Home::new(ONE_SITE);
    let made = plan(&home, &[]);
    assert_eq!((made["status"].as_str(), made["schedule"].as_array().map(Vec::len)), (Some("optimal"), Some(0)));
    let codes: Vec<&str> =
        made["reasons"].as_array().expect("reasons").iter().filter_map(|r| r["code"].as_str()).collect();
    assert!(codes.contains(&"no_forecast") && codes.contains(&"configured"), "{codes:?}");
}

#[test]
fn the_model_is_written_for_other_solvers() {
    let home = home(DAY);
    home.run(&["plan", "--now", NOW, "--horizon", "48h", "--model", "m.mps", "--dry-run"]).ok();
    let mps = home.read("m.mps");
    assert!(mps.contains("ROWS") && mps.contains("COLUMNS") && mps.trim_end().ends_with("ENDATA"));
    home.run(&["plan", "show"]).refused("there is no plan yet");
}

/// Two contracts on one profile series, and one sold in fixed parts: both plan.
#[test]
fn shared_profiles_and_fixed_parts_plan() {
    let toml = r#"
[portfolio]
name = "two"
synthetic = true
[[boundary]]
id = "A"
[[site]]
id = "one"
boundary = "A"
it_capacity_mw = 20.0
it_load_mw = 2.0
[[site]]
id = "two"
boundary = "A"
it_capacity_mw = 90.0
it_load_mw = 60.0
[[contract]]
id = "x"
boundary = "A"
technology = "wind"
allocation = "pro_rata_contract"
split = { one = "1/2", two = "1/2" }
profile = { series = "grid/A/wind", mean_mw = 40.0, over = ["2026-01-01T00:00:00Z", "2026-01-15T00:00:00Z"] }
[[contract]]
id = "y"
boundary = "A"
technology = "wind"
profile = { series = "grid/A/wind", mean_mw = 10.0, over = ["2026-01-01T00:00:00Z", "2026-01-15T00:00:00Z"] }
"#;
    let home = Home::new(toml);
    home.write("r.csv", &format!("{HEADER}{}", hourly("grid/A/wind", [100.0; 14 * 24])));
    home.run(&["ingest", "r.csv"]).ok();
    let made = plan(&home, &[]);
    let hour = &made["balance"][0];
    // Half of 40 MW serves the 60 MW site, 2 MW of the other half the small one, 10 MW go where load is left.
    assert_eq!((&hour["matched_mw"], &hour["surplus_mw"]), (&32.0.into(), &18.0.into()), "{hour}");
}

/// Planned again a day later, work that an earlier plan placed by then is not planned a second time.
#[test]
fn what_ran_is_not_planned_again() {
    let home = home(DAY);
    let first = plan(&home, &[]);
    assert!(!first["schedule"].as_array().expect("schedule").is_empty());
    let later = home.run(&["plan", "--now", "2026-01-16T12:00Z", "--horizon", "24h", "--format", "json"]).ok().json();
    assert_eq!(
        (later["schedule"].as_array().map(Vec::len), later["missed"].as_array().map(Vec::len)),
        (Some(0), Some(0))
    );
}

/// The meter sees batch work too: what a plan placed is not firm load the day after.
#[test]
fn planned_work_is_not_firm_load() {
    let home = Home::new(ONE_SITE);
    let wind = (0..14 * 24).map(|h| if h % 24 < 12 { 9.0 } else { 1.0 });
    let readings = hourly("site/s/load", [4.0; 14 * 24]) + &hourly("contract/w/generation", wind);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home.write("w.csv", &format!("id,release,deadline,energy_mwh,max_mw\n{DAY}"));
    home.run(&["work", "import", "w.csv"]).ok();
    let first = plan(&home, &[]);
    let mut csv = String::from(HEADER);
    for c in first["capacity"].as_array().expect("capacity") {
        let start = at(&c["start"]);
        let mw = 4.0 + c["planned_mw"].as_f64().expect("mw");
        csv.push_str(&format!("site/s/load,{start},{},{mw},MWh\n", start + 3_600));
    }
    home.write("day.csv", &csv);
    home.run(&["ingest", "day.csv"]).ok();
    home.run(&["work", "cancel", "a"]).ok();
    let next = home.run(&["plan", "--now", "2026-01-17T00:00Z", "--horizon", "24h", "--format", "json"]).ok().json();
    for c in next["capacity"].as_array().expect("capacity") {
        let firm = c["firm_mw"].as_f64().expect("mw");
        assert!((firm - 4.0).abs() < 1e-3, "{c}");
    }
}
