//! What was taken in is taken back: nothing of it counts any more, what it had replaced holds again, and what was held
//! before is still there to be asked for. The same on both engines.

use crate::kill::query;
use crate::support::{HEADER, Home, ONE_SITE, Ran, Random, hourly, in_full, verifier};
use hourmatch::clock::Clock;
use reports::inputs::Quality;
use reports::time::Instant;
use serde_json::Value;
use std::process::{Command, Stdio};

const FIRST: Instant = Instant::from_seconds(1_767_225_600);
const DAY: [&str; 4] = ["--from", "2026-01-01", "--to", "2026-01-02"];

fn each_store(test: impl Fn(&Home)) {
    test(&Home::new(ONE_SITE));
    if let Some(home) = Home::on_postgres(ONE_SITE) {
        test(&home);
    }
}

fn take(home: &Home, name: &str, rows: &str) -> Ran {
    home.write(name, &format!("{HEADER}{rows}"));
    home.run(&["ingest", name]).ok()
}

/// A day of load and wind: revision 1.
fn metered(home: &Home) {
    take(home, "r.csv", &(hourly("site/s/load", [1.0; 24]) + &hourly("contract/w/generation", [0.75; 24])));
}

/// The same day of another meter under these names, and coal that nobody burns there: revision 2.
fn mistaken(home: &Home) {
    let readings = hourly("site/s/load", [9.0; 24]) + &hourly("contract/w/generation", [0.5; 24]);
    take(home, "bad.csv", &(readings + &hourly("grid/A/coal", [7.0; 3]) + &hourly("plant/p/generation", [1.0; 3])));
}

fn revoke(home: &Home, args: &[&str]) -> Ran {
    home.run(&[&["revoke"], args, &["--reason", "wrong meter", "--actor", "j.doe"]].concat())
}

fn report(home: &Home, more: &[&str]) -> Ran {
    home.run(&[&["report", "--format", "json"], &DAY[..], more].concat()).ok()
}

/// MWh of load by hour.
fn load(home: &Home) -> Vec<i64> {
    let report = report(home, &[]).json();
    let rows = report["boundaries"][0]["intervals"].as_array().expect("intervals");
    rows.iter().map(|row| row["load_wh"].as_i64().expect("Wh") / 1_000_000).collect()
}

fn count(home: &Home, from: &str) -> i64 {
    query(home, &format!("select cast(count(*) as text) from {from}")).parse().expect("a number")
}

/// Everything that a report or a check says of the store.
fn told(home: &Home) -> [String; 2] {
    [report(home, &[]).out, home.run(&["check", "--format", "json"]).ok().out]
}

/// The end of the second that now is in, and past it: record times are asked for by the second.
fn past_this_second() -> String {
    let until = (Clock::recorded().instant() + 1).to_string();
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    until
}

#[test]
fn a_wrong_series_leaves_nothing_behind_and_history_shows_both() {
    each_store(|home| {
        metered(home);
        let before = told(home);
        mistaken(home);
        let with = told(home);
        assert_ne!(with, before, "it has a hand in all of it");
        let until = past_this_second();
        let done = revoke(home, &["2"]).ok();
        let said = "revision 3 withdraws revision 2, bad.csv: 54 readings of 4 series; 48 earlier rows hold again";
        assert!(done.err.contains(said), "{}", done.err);
        assert_eq!(told(home), before);
        // Nothing was deleted.
        let then = report(home, &["--as-of", &until]).json();
        let with: Value = serde_json::from_str(&with[0]).expect("json");
        assert_eq!((&then["portfolio"], &then["exceptions"]), (&with["portfolio"], &with["exceptions"]));
        assert_eq!(count(home, "readings where revision = 2"), 54);
    });
}

#[test]
fn a_part_is_withdrawn_and_then_the_rest() {
    each_store(|home| {
        metered(home);
        mistaken(home);
        let hours = ["--from", "2026-01-01T05:00Z", "--to", "2026-01-01T07:00Z"];
        let part = revoke(home, &[&["2", "--series", "site/s/load"], &hours[..]].concat()).ok();
        assert!(part.err.contains("2 readings of 1 series; 2 earlier rows hold again"), "{}", part.err);
        let wanted: Vec<i64> = (0..24).map(|hour| if (5..7).contains(&hour) { 1 } else { 9 }).collect();
        assert_eq!(load(home), wanted);
        let none = revoke(home, &[&["2", "--series", "site/s/load"], &hours[..]].concat());
        none.refused("nothing of revision 2, bad.csv, is left to withdraw")
            .refused("it reaches from 2026-01-01T00:00:00Z");
        revoke(home, &["2", "--series", "site/s/load"]).ok();
        assert_eq!(load(home), [1; 24]);
        let rest = revoke(home, &["2"]).ok();
        assert!(rest.err.contains("30 readings of 3 series; 24 earlier rows hold again"), "{}", rest.err);
        revoke(home, &["2"]).refused("is left to withdraw").refused("revision 5 did it already");
        assert_eq!(count(home, "readings where until_revision is null"), 48);
    });
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let home = Home::new(ONE_SITE);
    revoke(&home, &["1"]).refused("there is no revision 1").refused("nothing has been ingested yet");
    metered(&home);
    mistaken(&home);
    let before = home.rows();
    revoke(&home, &["99"]).refused("there is no revision 99").refused("the nearest is 2, bad.csv");
    let other = revoke(&home, &["1", "--series", "site/s/laod"]);
    other.refused("revision 1, r.csv, has no rows of `site/s/laod`").refused("did you mean `site/s/load`?");
    home.run(&["revoke", "2", "--reason", " "]).refused("--reason is blank");
    for args in
        [&["revoke", "2"][..], &["revoke", "0", "--reason", "x"], &["revoke", "2", "--reason", "x", "--to", "now"]]
    {
        assert_eq!(home.run(args).code, 2, "{args:?}");
    }
    let dry = revoke(&home, &["2", "--dry-run", "--format", "json"]).ok();
    assert!(dry.err.contains("would withdraw revision 2, bad.csv: 54 readings of 4 series"), "{}", dry.err);
    let answer = dry.json();
    assert_eq!((&answer["dry_run"], &answer["revoked"]["readings"]), (&true.into(), &54.into()));
    assert_eq!(home.rows(), before, "nothing of all this changed the store");
}

#[test]
fn a_later_revision_stays_and_brings_back_nothing_that_was_withdrawn() {
    each_store(|home| {
        metered(home);
        mistaken(home);
        take(home, "right.csv", &hourly("site/s/load", [2.0; 24]));
        let done = revoke(home, &["2"]).ok();
        assert!(done.err.contains("54 readings of 4 series; 24 earlier rows hold again"), "{}", done.err);
        assert_eq!(load(home), [2; 24]);
        revoke(home, &["3"]).ok();
        assert_eq!(load(home), [1; 24], "not what revision 2 said");
        // In the other order it comes to the same.
        mistaken(home);
        take(home, "other.csv", &hourly("site/s/load", [3.0; 24]));
        assert_eq!(load(home), [3; 24]);
        revoke(home, &["7"]).ok();
        assert_eq!(load(home), [9; 24]);
        revoke(home, &["6"]).ok();
        assert_eq!(load(home), [1; 24]);
    });
}

#[test]
fn a_withdrawal_is_undone_by_taking_it_back() {
    each_store(|home| {
        metered(home);
        mistaken(home);
        let with = told(home);
        revoke(home, &["2"]).ok();
        let without = told(home);
        let back = revoke(home, &["3"]).ok();
        assert!(
            back.err.contains("revision 4 puts back what revision 3 withdrew of bad.csv: 54 readings"),
            "{}",
            back.err
        );
        assert_eq!(told(home), with);
        revoke(home, &["4"]).refused("restored what revision 3 had withdrawn").refused("hourmatch revoke 2");
        revoke(home, &["3"]).refused("nothing that revision 3 withdrew of revision 2 is left to put back");
        revoke(home, &["2"]).ok();
        assert_eq!(told(home), without);
        let lines = home.run(&["revisions", "--format", "json"]).ok().json();
        let undone: Vec<(&Value, &Value)> =
            lines["revisions"].as_array().expect("list").iter().map(|r| (&r["withdraws"], &r["undone_by"])).collect();
        let none = serde_json::json!([]);
        let by_four = serde_json::json!([4]);
        let [two, three] = [Value::from(2), Value::from(3)];
        assert_eq!(undone[..3], [(&two, &none), (&three, &none), (&two, &by_four)]);
    });
}

/// An hour, then its quarters, then one of them once more.
#[test]
fn what_would_hold_again_in_part_is_refused_and_told_what_is_in_its_way() {
    each_store(|home| {
        let quarter = |n: i64, value: f64| {
            let at = |n: i64| (FIRST + 900 * n).to_string();
            format!("site/s/load,{},{},{value},MWh\n", at(n), at(n + 1))
        };
        take(home, "r.csv", &(hourly("site/s/load", [1.0; 24]) + &hourly("contract/w/generation", [0.75; 24])));
        take(home, "quarters.csv", &(0..4).map(|n| quarter(n, 1.0)).collect::<String>());
        take(home, "one.csv", &quarter(1, 2.0));
        assert_eq!(load(home)[0], 5);
        let refused = revoke(home, &["2"]);
        refused.refused("of revision 1 would hold again, but revision 3 states").refused("hourmatch revoke 3");
        let half = ["--from", "2026-01-01T00:00Z", "--to", "2026-01-01T00:15Z"];
        revoke(home, &[&["2"], &half[..]].concat()).refused("would hold again");
        assert_eq!(load(home)[0], 5, "nothing of it was done");
        revoke(home, &["3"]).ok();
        assert_eq!(load(home)[0], 4);
        revoke(home, &["2"]).ok();
        assert_eq!(load(home)[0], 1);
    });
}

#[test]
fn a_file_may_be_taken_in_again_and_what_was_corrected_stays_so() {
    each_store(|home| {
        metered(home);
        // Of these, the first 24 hours say what is stored.
        take(home, "late.csv", &hourly("site/s/load", (0..36).map(|hour| if hour < 24 { 1.0 } else { 4.0 })));
        take(home, "right.csv", &hourly("site/s/load", [2.0]));
        assert_eq!(load(home), [&[2][..], &[1; 23]].concat());
        revoke(home, &["1"]).ok();
        assert_eq!(count(home, "readings where until_revision is null"), 13, "12 hours of late.csv, one corrected");
        let again = home.run(&["ingest", "late.csv"]).ok();
        assert!(again.err.contains("late.csv: 23 readings added, 13 already stored"), "{}", again.err);
        let again = home.run(&["ingest", "late.csv"]).ok();
        assert!(again.err.contains("36 already stored in 1 series; nothing new"), "{}", again.err);
        let all = home.run(&["ingest", "r.csv"]).ok();
        assert!(all.err.contains("24 readings added, 24 already stored"), "{}", all.err);
        assert_eq!(load(home), [&[2][..], &[1; 23]].concat());
    });
}

#[test]
fn what_was_packed_with_withdrawn_rows_gets_a_new_version_that_says_why() {
    each_store(|home| {
        metered(home);
        let pack = |to: &str| home.run(&[&["pack", "-o", to, "--format", "json"], &DAY[..]].concat()).ok();
        let good = pack("v1").json();
        mistaken(home);
        pack("v2");
        revoke(home, &["2"]).ok();
        // The inputs are those of the first version again, and the second stays published.
        let next = report(home, &[]).json();
        assert_eq!((&next["version"], &next["portfolio"]["load_wh"]), (&3.into(), &24_000_000.into()));
        let third = pack("v3");
        let said = "restated by j.doe: data withdrawn since: bad.csv; because: wrong meter";
        assert!(third.err.contains(said), "{}", third.err);
        assert_eq!((&third.json()["version"], &third.json()["intervals_allocated"]), (&3.into(), &24.into()));
        assert_ne!(third.json()["root"], good["root"]);
        let again = pack("v3-again").json();
        assert_eq!((&again["root"], &again["rows_posted"]), (&third.json()["root"], &0.into()));
        for dir in ["v1", "v2", "v3"] {
            let done = Command::new(verifier()).arg(home.path(dir)).output().expect("runs");
            assert!(done.status.success(), "{dir}: {}", String::from_utf8_lossy(&done.stdout));
        }
        // What was restored is in the file and row that it came in; the withdrawn file is not part of the evidence.
        let same = ["inputs/readings.csv", "inputs/revisions.csv", "intervals.csv", "site_intervals.csv"];
        for table in same {
            assert_eq!(home.read(&format!("v3/{table}")), home.read(&format!("v1/{table}")), "{table}");
        }
        assert_eq!(std::fs::read_dir(home.path("v3/inputs/received")).expect("files").count(), 1);
        revoke(home, &["3"]).ok();
        let fourth = pack("v4");
        assert!(fourth.err.contains("withdrawn data put back since: bad.csv"), "{}", fourth.err);
        home.run(&["verify", "v4"]).ok();
    });
}

#[test]
fn invoices_are_withdrawn_and_those_before_them_hold_again() {
    each_store(|home| {
        metered(home);
        let month = "s,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z";
        for (file, rows) in
            [("a.csv", format!("I-1,{month},1000\n")), ("b.csv", format!("I-1,{month},9000\nI-2,{month},5\n"))]
        {
            home.write(file, &format!("invoice,site,start,end,wh\n{rows}"));
            home.run(&["ingest", file]).ok();
        }
        let held = || query(home, "select cast(sum(wh) as text) from invoices where until_revision is null");
        assert_eq!(held(), "9005");
        revoke(home, &["3", "--series", "site/s/load"]).refused("has no rows of");
        let done = revoke(home, &["3"]).ok();
        assert!(done.err.contains("b.csv: 2 invoices; 1 earlier row holds again"), "{}", done.err);
        assert_eq!(held(), "1000");
        revoke(home, &["4"]).ok();
        assert_eq!(held(), "9005");
        revoke(home, &["2"]).ok();
        revoke(home, &["3"]).ok();
        assert_eq!(count(home, "invoices where until_revision is null"), 0, "neither is left");
    });
}

#[test]
fn a_withdrawn_forecast_makes_room_for_the_one_that_was_issued() {
    each_store(|home| {
        metered(home);
        let forecast = |file: &str, value: &str| {
            let row = format!(
                "contract/w/generation,2026-01-02T00:00:00Z,2026-01-02T01:00:00Z,{value},MWh,2026-01-01T12:00:00Z\n"
            );
            home.write(file, &format!("series,start,end,value,unit,issued\n{row}"));
            home.run(&["ingest", file])
        };
        let held = || {
            query(home, "select coalesce(cast(sum(value) as text), '-') from forecasts where until_revision is null")
        };
        forecast("wrong.csv", "7").ok();
        forecast("right.csv", "3").refused("an issued forecast never changes");
        let done = revoke(home, &["2"]).ok();
        assert!(done.err.contains("wrong.csv: 1 forecast value of 1 series"), "{}", done.err);
        assert_eq!(held(), "-");
        forecast("right.csv", "3").ok();
        assert_eq!(held(), "3000000");
        // Put back, the earlier one stands behind the later; without that, it holds.
        revoke(home, &["3"]).ok();
        assert_eq!(held(), "3000000");
        revoke(home, &["4"]).ok();
        assert_eq!(held(), "7000000");
    });
}

#[test]
fn the_list_says_what_became_of_each() {
    each_store(|home| {
        metered(home);
        mistaken(home);
        take(home, "right.csv", &hourly("site/s/load", [2.0]));
        revoke(home, &["2", "--series", "grid/A/coal"]).ok();
        let list = |more: &[&str]| -> Vec<Value> {
            let listed = home.run(&[&["revisions", "--format", "json"], more].concat()).ok().json();
            listed["revisions"].as_array().expect("a list").clone()
        };
        let all = list(&[]);
        let ids = |list: &[Value]| -> Vec<i64> { list.iter().map(|r| r["revision"].as_i64().expect("id")).collect() };
        assert_eq!(ids(&all), [4, 3, 2, 1]);
        let of = |line: &Value, name: &str| line[name].clone();
        assert_eq!((of(&all[3], "standing"), of(&all[3], "superseded")), (0.into(), 48.into()));
        assert_eq!(all[3]["superseded_by"], serde_json::json!([2]));
        let bad = &all[2];
        assert_eq!((of(bad, "series"), of(bad, "readings"), of(bad, "file")), (4.into(), 54.into(), "bad.csv".into()));
        assert_eq!((of(bad, "standing"), of(bad, "superseded"), of(bad, "withdrawn")), (50.into(), 1.into(), 3.into()));
        assert_eq!((of(bad, "superseded_by"), of(bad, "withdrawn_by")), (vec![3].into(), vec![4].into()));
        assert_eq!((of(&all[0], "withdraws"), of(&all[0], "actor")), (2.into(), "j.doe".into()));
        assert_eq!(ids(&list(&["--series", "grid/A/coal"])), [4, 2]);
        assert_eq!(ids(&list(&["--source", "withdrawal"])), [4]);
        assert_eq!(ids(&list(&["--source", "readings", "--limit", "2"])), [3, 2]);
        assert_eq!(ids(&list(&["--since", "now+1h"])), Vec::<i64>::new());
        let text = home.run(&["revisions"]).ok().out;
        assert!(text.contains("1 superseded by 3, 3 withdrawn by 4") && text.contains("takes back 2"), "{text}");
        let one = list(&["2"]);
        let parts = one[0]["parts"].as_array().expect("parts");
        let coal = parts.iter().find(|part| part["series"] == "grid/A/coal").expect("coal");
        assert_eq!((of(coal, "readings"), of(coal, "to")), (3.into(), "2026-01-01T03:00:00Z".into()));
        assert_eq!((of(coal, "withdrawn"), of(coal, "standing")), (3.into(), 0.into()));
        home.run(&["revisions", "9"]).refused("there is no revision 9");
        let csv = home.run(&["revisions", "--format", "csv"]).ok().out;
        assert!(csv.starts_with("revision,recorded,file,sha256,") && csv.lines().count() == 5, "{csv}");
        assert!(csv.contains(",50,1,3,3,4,,"), "{csv}");
    });
}

/// Writers take turns: whatever the order, a withdrawal and files beside it come to the same.
#[test]
fn files_taken_in_beside_a_withdrawal_are_all_there() {
    each_store(|home| {
        metered(home);
        mistaken(home);
        for file in 0..4 {
            let row = format!("site/s/load,2026-01-1{file}T00:00:00Z,2026-01-1{file}T01:00:00Z,5,MWh\n");
            home.write(&format!("{file}.csv"), &format!("{HEADER}{row}"));
        }
        let start = |args: &[&str]| {
            let mut command = home.command();
            command.args(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("runs")
        };
        let names: Vec<String> = (0..4).map(|file| format!("{file}.csv")).collect();
        let mut running: Vec<_> = names[..2].iter().map(|name| start(&["ingest", name])).collect();
        running.push(start(&["revoke", "2", "--reason", "wrong meter"]));
        running.extend(names[2..].iter().map(|name| start(&["ingest", name])));
        for child in running {
            let ended: Ran = child.wait_with_output().expect("ends").into();
            ended.ok();
        }
        assert_eq!(load(home), [1; 24]);
        assert_eq!([count(home, "revisions"), count(home, "readings where until_revision is null")], [7, 52]);
    });
}

/// Every reading that holds, by series and start.
fn held(home: &Home) -> String {
    let missing = Quality::Missing.code();
    let lines = format!(
        "select s.name || '@' || r.start_s || '=' || r.value as line from readings r join series s on s.id = r.series_id \
         where r.until_revision is null and r.quality <> {missing} order by s.name, r.start_s"
    );
    query(home, &format!("select coalesce(group_concat(line, ' '), '') from ({lines})"))
}

/// Some hours of two series, a value for each file; one file retracts what there is.
fn hours(random: &mut Random, file: usize) -> String {
    let mut text = String::from("series,start,end,value,unit,quality\n");
    for series in ["site/s/load", "grid/A/coal"] {
        let first = random.below(12);
        for hour in first..first + 1 + random.below(8) {
            let at = |hour: usize| (FIRST + 3_600 * hour as i64).to_string();
            let (value, quality) = if file == 3 { (String::new(), "missing") } else { (file.to_string(), "measured") };
            text.push_str(&format!("{series},{},{},{value},MWh,{quality}\n", at(hour), at(hour + 1)));
        }
    }
    text
}

/// Whatever is withdrawn of what came in whatever order, and put back: the store is that of the files that are left.
#[test]
fn a_store_is_as_if_what_was_withdrawn_had_never_come() {
    let mut random = Random::new(15);
    let rounds = if in_full() { 60 } else { 6 };
    for round in 0..rounds {
        let (home, fresh) = (Home::new(ONE_SITE), Home::new(ONE_SITE));
        let mut revisions = Vec::new();
        for file in 1..=6 {
            let name = format!("{file}.csv");
            let text = hours(&mut random, file);
            home.write(&name, &text);
            fresh.write(&name, &text);
            let taken = home.run(&["ingest", &name, "--format", "json"]).ok().json();
            revisions.push(taken["files"][0]["revision"].as_i64());
        }
        let mut gone = [false; 6];
        for _ in 0..4 {
            let file = random.below(6);
            let Some(revision) = revisions[file].filter(|_| !gone[file]) else { continue };
            let done = revoke(&home, &[&revision.to_string(), "--format", "json"]).ok().json();
            gone[file] = !random.one_in(3);
            if !gone[file] {
                revoke(&home, &[&done["revoked"]["revision"].to_string()]).ok();
            }
        }
        let last = hours(&mut random, 7);
        for store in [&home, &fresh] {
            store.write("7.csv", &last);
        }
        for (file, _) in gone.iter().enumerate().filter(|(_, gone)| !**gone) {
            fresh.run(&["ingest", &format!("{}.csv", file + 1)]).ok();
        }
        assert_eq!(held(&home), held(&fresh), "round {round}, withdrawn: {gone:?}");
        for store in [&home, &fresh] {
            store.run(&["ingest", "7.csv"]).ok();
        }
        assert_eq!(held(&home), held(&fresh), "round {round}, and one more file");
    }
}
