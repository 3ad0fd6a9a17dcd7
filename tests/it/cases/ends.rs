//! Files whose ends name the last minute or second of an interval: what the refusal says leads to the right figures.

use crate::support::{HEADER, Home, ONE_SITE, hourly};

const DAY: [&str; 6] = ["report", "--from", "2026-01-01", "--to", "2026-01-02", "--format"];

/// 24 hours of generation, 4 MWh each, of which each ends so.
fn generation(end: &str) -> String {
    let row =
        |hour: usize| format!("contract/w/generation,2026-01-01T{hour:02}:00:00Z,2026-01-01T{hour:02}:{end}Z,4,MWh\n");
    (0..24).map(row).collect()
}

/// Wh of load, and those that are matched.
fn matched(home: &Home) -> [i64; 2] {
    let report = home.run(&[&DAY[..], &["json"]].concat()).ok().json();
    ["load_wh", "matched_wh"].map(|key| report["portfolio"][key].as_i64().expect("Wh"))
}

/// Load is right, generation ends early: rows of both kinds are in one file, and no option fits all of them.
#[test]
fn a_file_with_both_kinds_of_ends_is_taken_in_two_steps() {
    for end in ["59:00", "59:59"] {
        let home = Home::new(ONE_SITE);
        home.write("r.csv", &format!("{HEADER}{}{}", hourly("site/s/load", [5.0; 24]), generation(end)));
        home.run(&["ingest", "r.csv"]).refused("r.csv:26: contract/w/generation: ").refused("--reject FILE");
        home.run(&["ingest", "r.csv", "--ends", "inclusive"]).refused("without `--ends inclusive`");
        assert!(home.run(&["check"]).ok().out.contains("holds no readings yet"), "{end}");

        let taken = home.run(&["ingest", "r.csv", "--reject", "rest.csv"]).ok();
        assert!(taken.err.contains("24 readings added, 24 rows rejected"), "{}", taken.err);
        let taken = home.run(&["ingest", "rest.csv", "--ends", "inclusive"]).ok();
        assert!(taken.err.contains("24 readings added in 1 series"), "{}", taken.err);
        assert_eq!(matched(&home), [120_000_000, 96_000_000], "{end}");
    }
}
