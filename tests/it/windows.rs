//! Windows: within the limits whoever asks, spread out, and never a block.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use reports::time::Instant;
use serde_json::Value;
use std::collections::BTreeMap;

const NOW: &str = "2026-01-15T00:00Z";

fn prepare(home: &Home) {
    let wind = (0..14 * 24).map(|h| if h % 24 < 10 { 9.0 } else { 2.0 });
    let readings = hourly("site/s/it_load", [4.0; 14 * 24]) + &hourly("contract/w/generation", wind);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home.run(&["plan", "--now", NOW, "--horizon", "96h"]).ok();
}

fn ask(home: &Home, extra: &[&str]) -> Value {
    let mut args = vec!["windows", "--duration", "3h", "--mw", "0.5", "--now", NOW, "--format", "json"];
    args.extend(extra);
    home.run(&args).ok().json()
}

fn at(value: &Value) -> Instant {
    Instant::parse(value.as_str().expect("time")).expect("time")
}

/// 60 askers, half of them only asking, some at once: what is reserved stays within the limit and off the grid.
pub fn askers_stay_within_the_limit(home: &Home) {
    prepare(home);
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6)
            .map(|thread| {
                scope.spawn(move || {
                    (0..10)
                        .map(|i| {
                            let id = format!("job-{thread}-{i}");
                            if i % 2 == 0 { ask(home, &["--reserve", &id]) } else { ask(home, &[]) }
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|t| t.join().expect("asked")).collect()
    });
    let mut drawn: BTreeMap<Instant, f64> = BTreeMap::new();
    for answer in &answers {
        assert_eq!(answer["fallback"], false, "{answer}");
        let window = &answer["windows"][0];
        let reserved = if answer["reserved"].is_string() { 1.0 } else { 0.0 };
        let start = at(&window["start"]);
        for second in (0..at(&window["end"]) - start).step_by(3_600) {
            *drawn.entry(start + second).or_default() += reserved * window["mw"].as_f64().expect("mw");
        }
    }
    // 10 MW of capacity less 4 MW of firm load.
    let most = drawn.values().copied().fold(0.0, f64::max);
    assert!(most <= 6.0 + 1e-6, "{most} MW promised");
    // Clean hours hold 5 MW each, 40 of them in the horizon: 45 MWh of draws fit without the grid.
    let unmatched: f64 = answers.iter().map(|a| a["windows"][0]["unmatched_mwh"].as_f64().expect("mwh")).sum();
    assert!(unmatched < 0.05 * 90.0, "{unmatched} MWh unmatched");
    assert!(answers.iter().filter(|a| a["reserved"].is_string()).count() == 30);
    let list = home.run(&["reservations", "list", "--now", NOW, "--format", "json"]).ok().json();
    assert_eq!(list["reservations"].as_array().map(Vec::len), Some(30));
}

#[test]
fn askers_on_sqlite() {
    askers_stay_within_the_limit(&Home::new(ONE_SITE));
}

#[test]
fn askers_on_postgres() {
    if let Some(home) = Home::on_postgres(ONE_SITE) {
        askers_stay_within_the_limit(&home);
    }
}

#[test]
fn asking_takes_no_room_and_a_reservation_is_made_once() {
    let home = Home::new(ONE_SITE);
    prepare(&home);
    // All the room of all hours, as often as it is asked for.
    let big = |extra: &[&str]| {
        let mut args = vec!["windows", "--duration", "96h", "--mw", "5", "--now", NOW, "--format", "json"];
        args.extend(extra);
        home.run(&args)
    };
    for _ in 0..3 {
        assert_eq!(big(&[]).ok().json()["windows"].as_array().map(Vec::len), Some(1));
    }
    let first = ask(&home, &["--reserve", "job"]);
    let again = ask(&home, &["--reserve", "job"]);
    assert_eq!(first["windows"][0]["start"], again["windows"][0]["start"]);
    home.run(&["windows", "--duration", "5h", "--mw", "0.5", "--now", NOW, "--reserve", "job"])
        .refused("exists with 0.5 MW");
    let all = big(&["--reserve", "all"]).ok().json();
    assert_eq!(all["reserved"], "all");
    // 0.5 MW are left beside it: what was asked is answered, and no more is reserved.
    let none = big(&[]).ok().json();
    assert_eq!(none["windows"].as_array().map(Vec::len), Some(0));
    assert!(none["reason"].as_str().expect("reason").contains("no window of 5 MW"), "{none}");
    big(&["--reserve", "more"]).refused("nothing is reserved: no window of 5 MW");
    let text = home.run(&["windows", "--duration", "96h", "--mw", "5", "--now", NOW]).ok();
    assert_eq!(
        (text.out.as_str(), text.err.contains("note: no window of 5 MW")),
        ("no window fits\n", true),
        "{}",
        text.err
    );
    // No plan of that horizon reaches so far: the one that does is named.
    let long = ["windows", "--duration", "200h", "--mw", "1", "--now", NOW, "--format", "json"];
    let long = home.run(&long).ok().json();
    let reason = long["reason"].as_str().expect("reason");
    assert!(reason.contains("plan at least 200 h ahead: hourmatch plan --horizon 200h"), "{reason}");
    home.run(&["reservations", "release", "all", "--now", NOW]).ok();
    home.run(&["reservations", "release", "all", "--now", NOW]).ok();
    home.run(&["reservations", "release", "none", "--now", NOW]).refused("there is no reservation `none`");
    home.run(&["reservations", "release", "job", "--now", "2026-01-20T00:00Z"]).refused("ended at");
    assert_eq!(big(&["--reserve", "all"]).ok().json()["reserved"], "all", "the room is there again, under the same id");
    let list = home.run(&["reservations", "list", "--all", "--now", NOW, "--format", "json"]).ok().json();
    let told: Vec<(&str, &str)> = list["reservations"]
        .as_array()
        .expect("list")
        .iter()
        .map(|r| (r["id"].as_str().expect("id"), r["state"].as_str().expect("state")))
        .collect();
    // The job waits for a clean hour; the rest of them began at once.
    assert_eq!(told.iter().filter(|r| **r == ("all", "released")).count(), 1, "{told:?}");
    assert!(told.contains(&("all", "started")) && told.iter().any(|r| r.0 == "job"), "{told:?}");
}

/// Work and reservations share one space of ids: neither takes the room of the other twice.
#[test]
fn an_id_is_work_or_a_reservation() {
    let home = Home::new(ONE_SITE);
    prepare(&home);
    home.write("w.csv", "id,release,deadline,energy_mwh\na,2026-01-15T02:00:00Z,2026-01-15T09:00:00Z,12\n");
    home.run(&["work", "import", "w.csv"]).ok();
    home.run(&["windows", "--duration", "1h", "--mw", "1", "--now", NOW, "--reserve", "a"])
        .refused("is a piece of work");
    ask(&home, &["--reserve", "b"]);
    home.write("w.csv", "id,release,deadline,energy_mwh\nb,2026-01-15T02:00:00Z,2026-01-15T09:00:00Z,12\n");
    home.run(&["work", "import", "w.csv", "--now", NOW]).refused("`b` is a reservation");
    home.run(&["reservations", "release", "b", "--now", NOW]).ok();
    home.run(&["work", "import", "w.csv", "--now", NOW]).ok();
}

#[test]
fn re_planning_keeps_what_is_reserved() {
    let home = Home::new(ONE_SITE);
    prepare(&home);
    let answer =
        home.run(&["windows", "--duration", "4h", "--mw", "5.5", "--now", NOW, "--reserve", "big", "--format", "json"]);
    let start = answer.ok().json()["windows"][0]["start"].clone();
    let plan = home.run(&["plan", "--now", NOW, "--horizon", "96h", "--format", "json"]).ok().json();
    let hour =
        plan["capacity"].as_array().expect("capacity").iter().find(|c| c["start"] == start).expect("hour").clone();
    assert!((hour["firm_mw"].as_f64().expect("mw") - 9.5).abs() < 1e-6, "{hour}");
    assert_eq!(plan["reserved"], serde_json::json!(["big"]));
    // Counted once, not in the firm load and again as pending.
    let more = ask(&home, &["--after", start.as_str().expect("time")]);
    assert_eq!(more["windows"].as_array().map(Vec::len), Some(3));
}

/// Half hours take their whole step, from windows and from the next plan, and no fallback ignores the plan.
#[test]
fn promises_survive_planning_and_the_end_of_a_plan() {
    let home = Home::new(ONE_SITE);
    prepare(&home);
    let hour = |extra: &[&str]| {
        let mut args = vec!["windows", "--duration", "60min", "--mw", "4", "--now", NOW, "--format", "json"];
        args.extend(extra);
        home.run(&args).ok().json()
    };
    let span = ["--after", "2026-01-15T02:30Z", "--before", "2026-01-15T03:30Z"];
    let made = hour(&[&span[..], &["--reserve", "half"]].concat());
    assert_eq!(made["windows"][0]["start"], "2026-01-15T02:30:00Z");
    home.write("w.csv", "id,release,deadline,energy_mwh,max_mw\na,2026-01-15T02:00:00Z,2026-01-15T04:00:00Z,12,6\n");
    home.run(&["work", "import", "w.csv"]).ok();
    let plan = home.run(&["plan", "--now", NOW, "--horizon", "96h", "--format", "json"]).ok().json();
    for c in plan["capacity"].as_array().expect("capacity").iter().skip(2).take(2) {
        // Half of its energy in each of the two hours, all of its power.
        assert_eq!(c["firm_mw"], 6.0, "{c}");
        let drawn = 8.0 + c["planned_mw"].as_f64().expect("mw");
        assert!(drawn <= 10.0 + 1e-6, "{drawn} MW of 10: {c}");
    }
    assert_eq!(hour(&span)["windows"].as_array().map(Vec::len), Some(0), "the hours are full");
    // Past the plan's end it falls back, and still knows the firm load.
    let beyond =
        home.run(&["windows", "--duration", "4h", "--mw", "7", "--now", "2026-01-18T22:00Z", "--format", "json"]);
    let beyond = beyond.ok().json();
    assert_eq!((&beyond["fallback"], beyond["windows"].as_array().map(Vec::len)), (&true.into(), Some(0)), "{beyond}");
}

#[test]
fn without_a_plan_there_is_still_an_answer() {
    let home = Home::new(ONE_SITE);
    let answer = ask(&home, &[]);
    assert_eq!((&answer["fallback"], &answer["plan"]), (&true.into(), &Value::Null));
    assert!(answer["reason"].as_str().expect("reason").contains("there is no plan yet"));
    assert_eq!(answer["windows"][0]["start"], "2026-01-15T00:00:00Z");
    prepare(&home);
    let stale =
        home.run(&["windows", "--duration", "4h", "--mw", "1", "--now", "2026-03-01T00:00Z", "--format", "json"]).ok();
    let stale = stale.json();
    assert_eq!(stale["fallback"], true);
    assert!(stale["reason"].as_str().expect("reason").contains("the plan covers"));
}
