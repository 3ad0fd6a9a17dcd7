//! A file whose times were taken for starts of hours and name their ends.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use serde_json::Value;

/// A day of solar and gas, hour by hour; load of the same day.
fn home() -> Home {
    let home = Home::new(ONE_SITE);
    let row =
        |hour: usize| format!("2026-01-01T{hour:02}:00:00Z,{},{}\n", 100 * (12 - hour.abs_diff(12)), 5_000 + hour);
    home.write("eia.csv", &format!("ts_utc,solar_mw,nat_gas_mw\n{}", (0..24).map(row).collect::<String>()));
    home.write("load.csv", &format!("{HEADER}{}", hourly("site/s/load", [5.0; 24])));
    home.run(&["ingest", "load.csv"]).ok();
    home
}

fn take(home: &Home, label: &str) {
    home.run(&["ingest", "eia.csv", "--source", "eia930", "--area", "A", "--label", label]).ok();
}

fn revoke(home: &Home) {
    home.run(&["revoke", "2", "--reason", "times name the end of their hour"]).ok();
}

/// What a report says of every hour, and what it notes.
fn told(home: &Home) -> [Value; 2] {
    let day = ["report", "--from", "2026-01-01", "--to", "2026-01-02", "--format", "json"];
    let report = home.run(&day).ok().json();
    [report["boundaries"].clone(), report["exceptions"].clone()]
}

#[test]
fn a_wrong_label_that_is_taken_back_leaves_nothing_behind() {
    let right = home();
    take(&right, "end");
    let wanted = told(&right);
    let codes = wanted[1].to_string();
    assert!(codes.contains("2026-01-01T23:00:00Z"), "the last hour is not known: {codes}");

    let first = home();
    take(&first, "start");
    assert_ne!(told(&first), wanted);
    // An hour of the mistake outlives its correction: only taking it back ends it.
    let later = first.copied();
    take(&later, "end");
    assert_ne!(told(&later), wanted);
    revoke(&later);
    assert_eq!(told(&later), wanted, "taken in rightly, then taken back");
    revoke(&first);
    take(&first, "end");
    assert_eq!(told(&first), wanted, "taken back, then taken in rightly");
    let listed = first.run(&["revisions", "--format", "json"]).ok().out;
    assert!(listed.contains("times name the end of their hour"), "history shows both: {listed}");
}
