//! What is known is not lost: a search that is cut short keeps a better plan, one plan that cannot be read stops nothing,
//! and what later plans read of a plan says what its document does.

use crate::support::Home;
use crate::unknown::{POOL, TOML, at, list, plan, reason, rows, schedule};
use serde_json::Value;
use std::fmt::Write as _;

fn objective(plan: &Value) -> f64 {
    plan["objective"].as_f64().expect("objective")
}

fn missed_mwh(plan: &Value) -> f64 {
    list(plan, "missed").iter().map(|m| m["missed_mwh"].as_f64().expect("MWh")).sum()
}

/// Prices of three days that never repeat.
fn prices() -> String {
    rows("grid/A/price", 0..72, "currency/MWh", true, |h| 20.0 + ((h * 37) % 71) as f64 + (h % 24) as f64)
}

/// Nine megawatts of room for three days, and 150 pieces that want most of it in windows of a few hours to a day.
fn crowded() -> Home {
    let home = Home::new(TOML);
    home.write("p.csv", &prices());
    home.run(&["ingest", "p.csv"]).ok();
    let mut work = String::from("id,release,deadline,energy_mwh,max_mw\n");
    for k in 0..150_i64 {
        let release = (k * 29) % 60;
        let deadline = (release + 5 + (k * 13) % 20).min(72);
        writeln!(work, "w{k},{},{},{},1.5", at(release), at(deadline), 2 + k % 4).expect("text");
    }
    home.write("w.csv", &work);
    home.run(&["work", "import", "w.csv"]).ok();
    home
}

fn limited(home: &Home, hour: i64, horizon: i64, limit: &[&str]) -> Value {
    let (now, horizon) = (at(hour), format!("{horizon}h"));
    let args = ["plan", "--now", &now, "--horizon", &horizon, "--format", "json"];
    home.run(&[&args[..], limit].concat()).ok().json()
}

const NO_ITERATION: [&str; 2] = ["--iteration-limit", "1"];

#[test]
fn a_plan_that_was_cut_short_never_replaces_a_better_one() {
    let home = crowded();
    let best = plan(&home, 0, 72);
    assert_eq!(best["status"], "optimal");
    assert!(list(&best, "missed").len() < 150 && best.get("candidates").is_none(), "{}", best["missed"]);
    // Without a plan before it, the same search is worse: there is something to lose.
    let alone = limited(&crowded(), 0, 72, &NO_ITERATION);
    assert!(objective(&alone) > objective(&best) + 0.01, "{} {}", objective(&alone), objective(&best));
    let slack = 1e-6 * objective(&best).abs();
    let current = |made: &Value| {
        let shown = home.run(&["plan", "show", "--format", "json"]).ok().json();
        assert_eq!(shown["id"], made["id"]);
    };
    for limit in [NO_ITERATION, ["--time-limit", "0s"]] {
        let again = limited(&home, 0, 72, &limit);
        current(&again);
        assert!(objective(&again) <= objective(&best) + slack, "{} {}", objective(&again), objective(&best));
        assert!(missed_mwh(&again) <= missed_mwh(&best) + 1e-6, "{}", again["missed"]);
        let bound = again["bound"].as_f64().expect("a number");
        assert!(bound <= objective(&best) + slack && again["gap"].as_f64().expect("a number") >= 0.0, "{bound}");
    }
    let again = limited(&home, 0, 72, &NO_ITERATION);
    assert_eq!(again["status"], "greedy");
    assert!(reason(&again, "iteration_limit").is_some(), "{}", again["reasons"]);
    let kept = reason(&again, "kept_previous").unwrap_or_else(|| panic!("{}", again["reasons"]));
    assert!(kept["message"].as_str().expect("text").contains("of the candidate plans the previous plan, p-"), "{kept}");
    let whats: Vec<&str> = list(&again, "candidates").iter().filter_map(|c| c["what"].as_str()).collect();
    assert_eq!(whats, ["found", "previous", "as_submitted"]);
    let least = list(&again, "candidates").iter().map(objective).fold(f64::INFINITY, f64::min);
    let kept: Vec<f64> = list(&again, "candidates").iter().filter(|c| c["kept"] == true).map(objective).collect();
    assert!(
        kept.len() == 1 && (kept[0] - least).abs() <= 1e-9 * least.abs() && kept[0] == objective(&again),
        "{kept:?}"
    );
    // What is explained is what was kept, whatever the search would have found.
    let work = list(&again, "schedule")[0]["work"].as_str().expect("a piece");
    let told = home.run(&["explain", work, "--format", "json"]).ok().json();
    assert!((objective(&told) - objective(&again)).abs() <= slack, "{} {}", objective(&told), objective(&again));
}

#[test]
fn the_plan_before_goes_on_into_the_hours_that_come() {
    let home = crowded();
    let best = plan(&home, 0, 72);
    // Three hours on, and new work beside it.
    let new = format!("id,release,deadline,energy_mwh,max_mw\nnew,{},{},3,1.5\n", at(3), at(70));
    home.write("new.csv", &new);
    home.run(&["work", "import", "new.csv"]).ok();
    let again = limited(&home, 3, 69, &NO_ITERATION);
    assert!(missed_mwh(&again) <= missed_mwh(&best) + 1e-3, "{}", again["missed"]);
    let mwh: f64 = schedule(&again, "new").iter().map(|s| (s.1 - s.0) as f64 * s.2).sum();
    assert!((mwh - 3.0).abs() < 1e-3, "{mwh}");
    // It is a plan of the same problem: no better than the best, and with a bound below that.
    let there = crowded();
    plan(&there, 0, 72);
    there.write("new.csv", &new);
    there.run(&["work", "import", "new.csv"]).ok();
    let solved = plan(&there, 3, 69);
    assert!(objective(&again) >= objective(&solved) - 1e-3);
    assert!(again["bound"].as_f64().expect("a number") <= objective(&solved) + 1e-3);
}

/// Jobs of a pool, training and an array, in hours whose prices differ.
#[test]
fn jobs_and_training_are_kept_as_well() {
    let home = Home::new(&format!("{TOML}{POOL}"));
    home.write("p.csv", &prices());
    home.run(&["ingest", "p.csv"]).ok();
    let mut work = String::from("id,kind,release,deadline,pool,gpus,hours,count,class\n");
    for k in 0..6_i64 {
        writeln!(work, "j{k},batch,{},{},h100,{},{},,", at(k), at(k + 40), 200 + 50 * (k % 4), 3 + k % 3)
            .expect("text");
    }
    writeln!(work, "arr,batch,{},{},h100,100,4,3,", at(0), at(44)).expect("text");
    writeln!(work, "run,training,{},{},h100,200,400,,flex-2", at(0), at(24 * 30)).expect("text");
    home.write("w.csv", &work);
    home.run(&["work", "import", "w.csv"]).ok();
    let best = plan(&home, 0, 48);
    assert_eq!(missed_mwh(&best), 0.0, "{}", best["missed"]);
    for _ in 0..2 {
        let again = limited(&home, 0, 48, &["--time-limit", "0s"]);
        let slack = 2e-4 * objective(&best).abs();
        assert!(objective(&again) <= objective(&best) + slack, "{} {}", objective(&again), objective(&best));
        assert_eq!(missed_mwh(&again), 0.0, "{}", again["missed"]);
        assert!(again["bound"].is_number() && again["gap"].is_number());
        if again["status"] == "time_limit" {
            assert!(reason(&again, "kept_previous").is_some(), "{}", again["reasons"]);
        }
        // Read back, it is a plan like any other.
        home.run(&["windows", "--duration", "2h", "--gpus", "50", "--now", &at(0)]).ok();
    }
}

fn pieces() -> String {
    let mut work = String::from("id,release,deadline,energy_mwh,max_mw\n");
    for k in 0..5 {
        writeln!(work, "w{k},{},{},6,2", at(k), at(k + 30)).expect("text");
    }
    work
}

fn planned(home: &Home) -> [Value; 2] {
    home.write("p.csv", &prices());
    home.run(&["ingest", "p.csv"]).ok();
    home.write("w.csv", &pieces());
    home.run(&["work", "import", "w.csv"]).ok();
    [plan(home, 0, 48), plan(home, 2, 48)]
}

fn id(plan: &Value) -> String {
    plan["id"].as_str().expect("id").to_string()
}

fn one_plan_that_cannot_be_read_stops_nothing(home: &Home) {
    let [first, second] = planned(home);
    assert_ne!(id(&first), id(&second));
    home.direct(&format!("update plans set document = 'lost' where id = '{}'", id(&second)));
    home.direct(&format!("delete from plan_parts where plan = '{}'", id(&second)));
    // The one before it stands, and what was set aside is said.
    let shown = home.run(&["plan", "show", "--format", "json"]).ok();
    assert_eq!(id(&shown.json()), id(&first));
    assert!(shown.err.contains(&id(&second)) && shown.err.contains("cannot be read"), "{}", shown.err);
    home.run(&["plan", "show", &id(&second)]).refused("cannot be read");
    home.run(&["explain", "w4", "--plan", &id(&first)]).ok();
    let now = at(2);
    let windows =
        home.run(&["windows", "--duration", "2h", "--mw", "1", "--now", &now, "--format", "json"]).ok().json();
    assert_eq!(windows["plan"]["id"], id(&first).as_str());
    assert!(windows["reason"].as_str().expect("said").contains(&id(&second)), "{windows}");
    assert!(!list(&windows, "windows").is_empty());
    let capacity = home.run(&["capacity", "--site", "s", "--now", &now, "--format", "json"]).ok().json();
    assert_eq!(capacity["plan"]["id"], id(&first).as_str());
    // The next plan is made, and says it.
    let next = plan(home, 4, 48);
    let aside = reason(&next, "plan_set_aside").unwrap_or_else(|| panic!("{}", next["reasons"]));
    assert_eq!(aside["subject"], id(&second).as_str());
    assert!(list(&next, "missed").is_empty(), "{}", next["missed"]);
    // A document that states no time where it should is no better.
    let third = plan(home, 5, 48);
    for key in ["made", "start"] {
        let (sound, unsound) = (format!("\"{key}\":\""), format!("\"{key}\":\"x"));
        let broken = third.to_string().replace(&sound, &unsound).replace('\'', "''");
        let sql = format!("update plans set document = '{broken}' where id = '{}'", id(&third));
        assert_eq!(home.direct(&sql), 1);
        assert_eq!(id(&home.run(&["plan", "show", "--format", "json"]).ok().json()), id(&next), "{key}");
    }
    // Nor is one whose head does and a row of which does not.
    let mut rows = third.clone();
    rows["capacity"][0]["start"] = "yesterday".into();
    let broken = rows.to_string().replace('\'', "''");
    assert_eq!(home.direct(&format!("update plans set document = '{broken}' where id = '{}'", id(&third))), 1);
    home.run(&["plan", "show", &id(&third)]).refused("yesterday");
    // Where none can be read, that is said: nothing stands for a plan.
    home.direct("update plans set document = 'lost'");
    home.run(&["plan", "show"]).refused("cannot be read");
    let windows =
        home.run(&["windows", "--duration", "2h", "--mw", "1", "--now", &now, "--format", "json"]).ok().json();
    assert_eq!((&windows["fallback"], &windows["plan"]), (&true.into(), &Value::Null));
    let why = windows["reason"].as_str().expect("said");
    assert!(why.contains("cannot be read") && !why.contains('\n'), "{why}");
}

#[test]
fn an_unreadable_plan_on_sqlite() {
    one_plan_that_cannot_be_read_stops_nothing(&Home::new(TOML));
}

#[test]
fn an_unreadable_plan_on_postgres() {
    if let Some(home) = Home::on_postgres(TOML) {
        one_plan_that_cannot_be_read_stops_nothing(&home);
    }
}

fn one_piece_that_cannot_be_read_stops_nothing(home: &Home) {
    planned(home);
    // One whose deadline is none, and one that nobody knows the state of.
    home.direct(r#"update work set content = replace(content, '"deadline":"', '"deadline":"x') where id = 'w3'"#);
    home.direct("update work set state = 'asleep', seq = 100 where id = 'w4'");
    let next = plan(home, 3, 48);
    let lost: Vec<(&str, &str)> = list(&next, "reasons")
        .iter()
        .filter(|r| r["code"] == "work_unreadable")
        .map(|r| (r["subject"].as_str().expect("id"), r["message"].as_str().expect("text")))
        .collect();
    assert_eq!(lost.iter().map(|l| l.0).collect::<Vec<_>>(), ["w3", "w4"]);
    assert!(lost[0].1.contains("hourmatch work cancel w3, and submit it again"), "{}", lost[0].1);
    assert!(lost[1].1.contains("unknown state `asleep`"), "{}", lost[1].1);
    for work in ["w0", "w1", "w2"] {
        assert!(list(&next, "missed").iter().all(|m| m["work"] != work), "{}", next["missed"]);
    }
    let told = home.run(&["work", "list", "--format", "json"]).ok().json();
    let ids: Vec<&str> = list(&told, "work").iter().filter_map(|w| w["work"]["id"].as_str()).collect();
    assert_eq!((ids, list(&told, "unreadable").len()), (vec!["w0", "w1", "w2"], 2));
    // What was lost since a plan counts as planned.
    home.direct("update work set content = 'gone', seq = 101 where id = 'w2'");
    let now = at(3);
    let windows =
        home.run(&["windows", "--duration", "2h", "--mw", "1", "--now", &now, "--format", "json"]).ok().json();
    assert!(windows["reason"].as_str().expect("said").contains("stored work w2 cannot be read"), "{windows}");
    // The remedy: cancelled and submitted again they are work like any other.
    for work in ["w2", "w3", "w4"] {
        home.run(&["work", "cancel", work]).ok();
    }
    let added = home.run(&["work", "import", "w.csv", "--format", "json"]).ok().json();
    assert_eq!((&added["added"], &added["unchanged"]), (&3.into(), &2.into()));
    let healed = plan(home, 3, 48);
    assert!(reason(&healed, "work_unreadable").is_none(), "{}", healed["reasons"]);
    assert!(list(&healed, "missed").is_empty(), "{}", healed["missed"]);
}

#[test]
fn unreadable_work_on_sqlite() {
    one_piece_that_cannot_be_read_stops_nothing(&Home::new(TOML));
}

#[test]
fn unreadable_work_on_postgres() {
    if let Some(home) = Home::on_postgres(TOML) {
        one_piece_that_cannot_be_read_stops_nothing(&home);
    }
}

/// Not even text, as a damaged page leaves it: it stops neither plans nor what is removed, and its id begins anew.
#[test]
fn work_that_is_no_text_stops_nothing() {
    let home = Home::new(TOML);
    planned(&home);
    assert_eq!(home.direct("update work set content = x'ff', added_us = 0 where id = 'w3'"), 1);
    assert!(reason(&plan(&home, 3, 48), "work_unreadable").is_some());
    home.run(&["migrate", "--prune", "--now", &at(3)]).ok();
    let told = home.run(&["work", "list", "--format", "json"]).ok().json();
    assert_eq!(list(&told, "unreadable")[0]["work"], "w3");
    home.run(&["work", "cancel", "w3"]).ok();
    let added = home.run(&["work", "import", "w.csv", "--format", "json"]).ok().json();
    assert_eq!((&added["added"], &added["unchanged"]), (&1.into(), &4.into()));
    assert!(reason(&plan(&home, 3, 48), "work_unreadable").is_none());
}

#[test]
fn plans_stored_without_parts_are_read_by_their_documents() {
    let battery = "[[storage]]\nid = \"b\"\nsite = \"s\"\nenergy_mwh = 4.0\ncharge_mw = 1.0\ndischarge_mw = 1.0\n\
        charge_from = \"grid\"\n";
    let home = Home::new(&format!("{TOML}{battery}{POOL}"));
    home.write("p.csv", &prices());
    home.run(&["ingest", "p.csv"]).ok();
    let columns = "id,kind,release,deadline,pool,gpus,hours,class";
    home.write("t.csv", &format!("{columns}\nrun,training,{},{},h100,200,300,flex-2\n", at(0), at(24 * 20)));
    home.write("w.csv", &pieces());
    for list in ["t.csv", "w.csv"] {
        home.run(&["work", "import", list]).ok();
    }
    for hour in [0, 3, 9] {
        plan(&home, hour, 30);
    }
    let dry = |hour: i64| limited(&home, hour, 30, &["--dry-run"]);
    let by_parts = dry(16);
    assert!(!list(&by_parts, "schedule").is_empty());
    assert_eq!(home.direct("delete from plan_parts"), 12, "three plans, cut after 1, 6 and 24 hours");
    assert_eq!(by_parts, dry(16));
    // One damaged part, and the document says it.
    plan(&home, 16, 30);
    let then = dry(20);
    assert_eq!(home.direct("update plan_parts set content = substr(content, 1, 9)"), 4);
    assert_eq!(then, dry(20));
}

/// A plan's document as builds before version 2 stored it: nothing says kind, state or unit of a stretch.
fn as_before(plan: &Value) -> String {
    let mut document = plan.clone();
    assert!(document.as_object_mut().expect("a plan").remove("version").is_some());
    for row in document["schedule"].as_array_mut().expect("schedule") {
        let row = row.as_object_mut().expect("a row");
        assert!(row.remove("kind").is_some() && row.remove("state").is_some());
        row.remove("unit");
    }
    document.to_string()
}

#[test]
fn plans_stored_by_earlier_builds_are_read_as_they_were() {
    let home = Home::new(&format!("{TOML}{POOL}"));
    let dear = |h: i64| if (4..8).contains(&h) { 5_000.0 } else { 20.0 + ((h * 7) % 5) as f64 };
    home.write("p.csv", &rows("grid/A/price", 0..72, "currency/MWh", true, dear));
    home.run(&["ingest", "p.csv"]).ok();
    // Training that pauses, two of three jobs at a time with half a step at their ends, and energy.
    let columns = "id,kind,release,deadline,energy_mwh,max_mw,pool,gpus,hours,class,count";
    let work = [
        format!("run,training,{},{},,,h100,200,300,flex-3,", at(0), at(20 * 24)),
        format!("arr,batch,{},{},,,h100,400,2.5,,3", at(0), at(30)),
        format!("some,batch,{},{},9,2,,,,,", at(0), at(20)),
    ];
    home.write("w.csv", &format!("{columns}\n{}\n", work.join("\n")));
    home.run(&["work", "import", "w.csv"]).ok();
    let made = plan(&home, 0, 30);
    assert_eq!(made["version"], 2);
    let said = |key: &str, value: &str| list(&made, "schedule").iter().any(|row| row[key] == value);
    assert!(said("kind", "training") && said("kind", "batch") && said("state", "paused"), "{}", made["schedule"]);
    let units = list(&made, "schedule").iter().filter(|row| row["work"] == "arr").map(|row| row["unit"].to_string());
    assert_eq!(units.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>(), ["0", "1", "2"]);
    let answers = || -> Vec<String> {
        let now = at(2);
        let asked: [&[&str]; 6] = [
            &["windows", "--duration", "2h", "--mw", "1", "--format", "json"],
            &["windows", "--duration", "2h", "--gpus", "100", "--format", "json"],
            &["capacity", "--site", "s", "--format", "json"],
            &["explain", "arr", "--format", "json"],
            &["plan", "show", "--all"],
            &["plan", "show", "--format", "csv"],
        ];
        let by = ["--now", now.as_str()];
        asked.map(|args| home.run(&[args, &by[..]].concat()).ok().out).into()
    };
    // Plans made while units run, in their last step, and while training is paused.
    let next = || -> Vec<Value> {
        let again = |hour: i64| {
            let mut plan = limited(&home, hour, 24, &["--dry-run"]);
            // Digests of what was read.
            for key in ["id", "input_sha256"] {
                assert!(plan.as_object_mut().expect("a plan").remove(key).is_some());
            }
            plan
        };
        [1, 2, 6].map(again).into()
    };
    let (told, planned) = (answers(), next());
    let document = as_before(&made).replace('\'', "''");
    assert_eq!(home.direct(&format!("update plans set document = '{document}'")), 1);
    assert!(home.direct("delete from plan_parts") > 0);
    for (before, after) in told.iter().zip(answers()) {
        assert_eq!(*before, after);
    }
    assert_eq!(planned, next());
}
