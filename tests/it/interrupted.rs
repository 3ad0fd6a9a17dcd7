//! A backtest that is interrupted prints what it has decided, and the same command goes on from there.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use serde_json::Value;
use std::fmt::Write;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const PERIOD: [&str; 5] = ["backtest", "--from", "2026-01-01", "--to", "2026-01-11"];
const HOURS: i64 = 10 * 24;

fn home_with_wind() -> Home {
    let home = Home::new(ONE_SITE);
    let wind = (0..HOURS + 48).map(|hour| 4.0 + 4.0 * ((hour * 37 % 53) as f64 / 53.0));
    home.write("r.csv", &format!("{HEADER}{}", hourly("contract/w/generation", wind)));
    home.run(&["ingest", "r.csv"]).ok();
    home
}

/// A queue that takes some hundredths of a second to plan each hour.
fn home() -> Home {
    let home = home_with_wind();
    let start = reports::time::Instant::parse("2026-01-01T00:00:00Z").expect("time");
    let at = |hour: i64| (start + 3_600 * hour).to_string();
    let mut work = String::from("id,release,deadline,energy_mwh,max_mw\n");
    for hour in 0..HOURS {
        for k in 0..12 {
            writeln!(work, "w{hour:03}-{k:02},{},{},0.4,2", at(hour), at(hour + 40)).expect("text");
        }
    }
    home.write("work.csv", &work);
    home.run(&["work", "import", "work.csv"]).ok();
    home
}

/// Jobs in one go, enough of them to be planned from the plan before.
fn many_jobs() -> Home {
    let home = home_with_wind();
    let mut work = String::from("id,release,deadline,energy_mwh,max_mw,divisible\n");
    for k in 0..240 {
        let (hours, mw) = (2 + k % 4, 0.02 * f64::from(1 + k % 9));
        writeln!(
            work,
            "j{k:03},2026-01-01T{:02}:00:00Z,2026-01-03T{:02}:00:00Z,{},{mw},false",
            k % 3,
            k % 24,
            f64::from(hours) * mw
        )
        .expect("text");
    }
    home.write("jobs.csv", &work);
    home.run(&["work", "import", "jobs.csv"]).ok();
    home
}

fn backtest(home: &Home, more: &[&str]) -> Command {
    let mut command = home.command();
    command
        .env("XDG_CACHE_HOME", home.path("cache"))
        .args(PERIOD)
        .args(["--strategy", "lp", "--format", "json"])
        .args(more);
    command
}

fn said(done: &Output) -> (Value, String) {
    let text = String::from_utf8_lossy(&done.stdout);
    (serde_json::from_str(&text).unwrap_or(Value::Null), String::from_utf8_lossy(&done.stderr).into_owned())
}

/// Sends SIGINT after some time.
fn interrupted(home: &Home, after: Duration) -> Output {
    let child = backtest(home, &[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
    std::thread::sleep(after);
    // It may have ended by itself.
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
    child.wait_with_output().expect("ends")
}

fn kept(home: &Home) -> usize {
    std::fs::read_dir(home.path("cache/hourmatch")).map_or(0, |entries| entries.count())
}

#[test]
fn what_was_decided_is_printed_and_continued() {
    let home = home();
    let whole = backtest(&home, &[]).output().expect("runs");
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
    let (result, _) = said(&whole);
    assert_eq!((&result["complete"], &result["strategies"][1]["decisions"]), (&Value::Bool(true), &HOURS.into()));
    assert_eq!(kept(&home), 0, "nothing is kept of what is finished");

    let mut after = Duration::from_millis(1_200);
    let (result, told) = loop {
        let done = interrupted(&home, after);
        let (result, told) = said(&done);
        if done.status.code() == Some(130) && result != Value::Null {
            break (result, told);
        }
        let sooner = if done.status.success() { after / 2 } else { after * 2 };
        assert!((Duration::from_millis(100)..Duration::from_secs(30)).contains(&sooner), "{told}");
        after = sooner;
    };
    // What there is of it: the hours that were decided, beside the work as submitted.
    let names: Vec<&str> =
        result["strategies"].as_array().expect("list").iter().map(|s| s["name"].as_str().expect("name")).collect();
    assert_eq!((names, &result["complete"]), (vec!["asap", "lp"], &Value::Bool(false)));
    let made = result["strategies"][1]["decisions"].as_u64().expect("decisions");
    let end = reports::time::Instant::parse(result["to"].as_str().expect("to")).expect("time");
    let start = reports::time::Instant::parse("2026-01-01T00:00:00Z").expect("time");
    assert_eq!(end - start, 3_600 * i64::try_from(made).expect("few"));
    assert!(told.contains(&format!("interrupted after {made} of {HOURS} decisions")), "{told}");
    assert!(told.contains("the same command goes on from there"), "{told}");
    // A question that differs is another one.
    let other = backtest(&home, &["--every", "120h", "--horizon", "120h"]).output().expect("runs");
    assert!(!said(&other).1.contains("continuing after"), "{}", said(&other).1);
    assert_eq!(kept(&home), 1);

    // What decides nothing makes no other question: a comment, and where a piece was reported to be.
    home.write("hourmatch.toml", &format!("# checked\n{ONE_SITE}"));
    let report = ["work", "update", "w000-00", "--state", "running", "--site", "s", "--now", "2026-01-01T01:00:00Z"];
    home.run(&report).ok();
    let resumed = backtest(&home, &[]).output().expect("runs");
    let told = said(&resumed).1;
    assert!(told.contains(&format!("continuing after {made} of {HOURS} decisions")), "{told}");
    assert_eq!(String::from_utf8_lossy(&resumed.stdout), String::from_utf8_lossy(&whole.stdout));
    assert_eq!(kept(&home), 0);
}

#[test]
fn plans_made_from_the_plan_before_are_continued_alike() {
    let home = many_jobs();
    let whole = backtest(&home, &[]).output().expect("runs");
    assert!(whole.status.success(), "{}", said(&whole).1);
    let mut after = Duration::from_millis(800);
    loop {
        let done = interrupted(&home, after);
        let resumed = backtest(&home, &[]).output().expect("runs");
        assert_eq!(String::from_utf8_lossy(&resumed.stdout), String::from_utf8_lossy(&whole.stdout));
        let told = said(&resumed).1;
        if told.contains("continuing after") {
            break;
        }
        let sooner = if done.status.success() { after / 2 } else { after * 2 };
        assert!((Duration::from_millis(50)..Duration::from_secs(30)).contains(&sooner), "{told}");
        after = sooner;
    }
}

#[test]
fn what_other_data_left_is_not_continued() {
    let home = home();
    let done = interrupted(&home, Duration::from_millis(1_500));
    home.write("more.csv", &format!("{HEADER}{}", hourly("contract/w/generation", [1.0])));
    home.run(&["ingest", "more.csv"]).ok();
    let again = backtest(&home, &[]).output().expect("runs");
    assert!(
        again.status.success() && !said(&again).1.contains("continuing after"),
        "{:?} {}",
        done.status,
        said(&again).1
    );
}

#[test]
fn a_decision_ends_at_its_time_limit_and_says_so() {
    let home = home();
    // Training and jobs that run in one go, too many to place in no time.
    let mut work = String::from("id,release,deadline,energy_mwh,max_mw,divisible\n");
    for k in 0..400 {
        let (from, hours) = (k % 30, 3 + k % 7);
        writeln!(
            work,
            "j{k},2026-01-0{}T{:02}:00:00Z,2026-01-04T{:02}:00:00Z,{},{},false",
            1 + from / 24,
            from % 24,
            k % 24,
            0.07 * hours as f64,
            0.07
        )
        .expect("text");
    }
    home.write("jobs.csv", &work);
    home.run(&["work", "import", "jobs.csv"]).ok();
    let args = ["--every", "120h", "--horizon", "240h", "--time-limit", "1s"];
    let done = backtest(&home, &args).output().expect("runs");
    let (result, told) = said(&done);
    assert!(done.status.success(), "{told}");
    assert_eq!(result["time_limit_s"], 1.0);
    let lp = &result["strategies"][1];
    assert_eq!(lp["decisions"], 2);
    let short = lp["cut_short"].as_u64().expect("a number");
    assert_eq!(told.contains(&format!("lp: {short} of 2 decisions ended at the time limit")), short > 0, "{told}");
    assert!(lp["largest_gap"].as_f64().expect("a gap") >= 0.0);
}
