//! `kill -9` during ingest leaves all of a file or nothing.

use crate::support::{HEADER, Home, ONE_SITE};
use std::time::Duration;

fn many_rows() -> String {
    let start = reports::time::parse_instant("2020-01-01T00:00:00Z").expect("time");
    let at = reports::time::format_instant;
    let mut text = String::from(HEADER);
    for i in 0..120_000_i64 {
        let s = start + 300 * i;
        text.push_str(&format!("site/s/load,{},{},1,kWh\n", at(s), at(s + 300)));
    }
    text
}

fn count(home: &Home) -> i64 {
    let held = home.run(&["check", "--format", "json"]).ok().json();
    held["series"].as_array().expect("series").iter().map(|s| s["readings"].as_i64().expect("count")).sum()
}

fn all_or_nothing(home: &Home) {
    home.run(&["migrate"]).ok();
    home.write("many.csv", &many_rows());
    let mut killed = 0;
    for wait_ms in [15, 40, 80, 120, 160, 200, 260, 330, 420, 600] {
        let mut child = home.command().args(["ingest", "many.csv"]).spawn().expect("runs");
        std::thread::sleep(Duration::from_millis(wait_ms));
        killed += i32::from(child.kill().is_ok() && child.wait().is_ok_and(|s| s.code().is_none()));
        let held = count(home);
        assert!(held == 0 || held == 120_000, "{held} readings of 120000 after {wait_ms} ms");
    }
    assert!(killed > 0, "no run was killed in time");
    home.run(&["ingest", "many.csv"]).ok();
    assert_eq!(count(home), 120_000);
}

#[test]
fn on_sqlite() {
    all_or_nothing(&Home::new(ONE_SITE));
}

#[test]
fn on_postgres() {
    if let Some(home) = Home::on_postgres(ONE_SITE) {
        all_or_nothing(&home);
    }
}
