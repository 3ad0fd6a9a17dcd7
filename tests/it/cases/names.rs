//! Names in another case and units in other words: what is meant is said, and no figure takes what is not.

use crate::support::{HEADER, Home, ONE_SITE, hourly};

#[test]
fn ids_in_another_case_count_nowhere_and_are_answered_with_those_that_exist() {
    let home = Home::new(ONE_SITE);
    let right = hourly("site/s/load", [5.0; 24]) + &hourly("contract/w/generation", [4.0; 24]);
    let wrong = hourly("site/S/load", [7.0; 24]) + &hourly("contract/W/generation", [7.0; 24]);
    home.write("r.csv", &format!("{HEADER}{right}"));
    home.write("wrong.csv", &format!("{HEADER}{wrong}{}", hourly("grid/a/gas", [7.0; 24])));
    home.run(&["ingest", "r.csv"]).ok();
    let report = || {
        let day = ["report", "--from", "2026-01-01", "--to", "2026-01-02", "--format", "json"];
        home.run(&day).ok().json()["portfolio"].clone()
    };
    let before = report();
    let taken = home.run(&["ingest", "wrong.csv"]).ok();
    for meant in ["site/s/load", "contract/w/generation", "grid/A/gas"] {
        let said = format!("stored, but nothing uses it; did you mean {meant}?");
        assert!(taken.err.contains(&said), "no `{said}` in {}", taken.err);
    }
    assert_eq!(report(), before);
}

#[test]
fn units_in_other_words_are_refused_with_those_there_are() {
    let hour = "2026-01-01T00:00:00Z,2026-01-01T01:00:00Z";
    for (series, value, unit) in
        [("site/s/temperature", "20", "degC"), ("site/s/pue", "1.2", "x"), ("pool/p/available_gpus", "10", "GPUs")]
    {
        let home = Home::new(ONE_SITE);
        home.write("u.csv", &format!("{HEADER}{series},{hour},{value},{unit}\n"));
        home.run(&["ingest", "u.csv"])
            .refused(&format!("u.csv:2: unknown unit `{unit}`; use "))
            .refused("gpus, ratio, C");
        assert!(home.run(&["check"]).ok().out.contains("holds no readings yet"), "{unit}");
    }
}
