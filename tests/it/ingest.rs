//! Files in: whole or not at all, the same again adds nothing, corrections keep what they replace.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use std::io::Write;

fn load_of(home: &Home, extra: &[&str]) -> i64 {
    let mut args = vec!["report", "--from", "2026-01-01", "--to", "2026-01-01T02:00Z", "--format", "json"];
    args.extend(extra);
    home.run(&args).ok().json()["portfolio"]["load_wh"].as_i64().expect("load")
}

pub fn corrections_keep_the_old(home: &Home) {
    home.write("a.csv", &format!("{HEADER}{}", hourly("site/s/load", [0.001, 0.001])));
    home.run(&["ingest", "a.csv"]).ok();
    let again = home.run(&["ingest", "a.csv", "--format", "json"]).ok().json();
    assert_eq!((&again["files"][0]["added"], &again["files"][0]["unchanged"]), (&0.into(), &2.into()));
    assert_eq!(again["files"][0]["revision"], serde_json::Value::Null);
    assert_eq!(load_of(home, &[]), 2_000);
    let before = hourmatch::clock::Clock::recorded().instant() + 1;
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    // One hour of 1000 Wh corrected by four quarters of 240.
    let quarter = |i: i64| {
        let start = reports::time::Instant::parse("2026-01-01T00:00:00Z").expect("time") + 900 * i;
        format!("site/s/load,{start},{},240,Wh\n", start + 900)
    };
    home.write("b.csv", &format!("{HEADER}{}", (0..4).map(quarter).collect::<String>()));
    let corrected = home.run(&["ingest", "b.csv", "--format", "json"]).ok().json();
    assert_eq!(corrected["files"][0]["corrected"], 4);
    assert_eq!(load_of(home, &[]), 1_960);
    let as_of = before.to_string();
    assert_eq!(load_of(home, &["--as-of", &as_of]), 2_000, "the old value is still there to be asked for");
    // Retracted, the hour is missing and the report is blocked.
    home.write(
        "c.csv",
        "series,start,end,value,unit,quality\nsite/s/load,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,,Wh,missing\n",
    );
    home.run(&["ingest", "c.csv"]).ok();
    home.run(&["report", "--from", "2026-01-01", "--to", "2026-01-01T02:00Z"]).refused("1 of 2 intervals have no load");
}

#[test]
fn corrections_on_sqlite() {
    corrections_keep_the_old(&Home::new(ONE_SITE));
}

#[test]
fn corrections_on_postgres() {
    if let Some(home) = Home::on_postgres(ONE_SITE) {
        corrections_keep_the_old(&home);
    }
}

#[test]
fn partial_overlap_is_refused_with_file_and_line() {
    let home = Home::new(ONE_SITE);
    home.write("a.csv", &format!("{HEADER}{}", hourly("site/s/load", [1.0, 1.0])));
    home.run(&["ingest", "a.csv"]).ok();
    let before = home.stored();
    home.write("b.csv", &format!("{HEADER}site/s/load,2026-01-01T00:30:00Z,2026-01-01T01:30:00Z,1,MWh\n"));
    home.run(&["ingest", "b.csv"]).refused("b.csv:2: site/s/load").refused("overlaps the stored reading");
    assert_eq!(before, home.stored());
}

#[test]
fn rejects_are_written_and_can_be_mended() {
    let home = Home::new(ONE_SITE);
    let good = hourly("site/s/load", [1.0, 1.0]);
    let bad = "site/s/load,2026-01-01T02:00:00Z,2026-01-01T03:00:00Z,NaN,MWh\n";
    home.write("a.csv", &format!("{HEADER}{good}{bad}"));
    home.run(&["ingest", "a.csv"]).refused("a.csv:4: `NaN` is not a decimal number");
    assert_eq!(home.stored()[0], serde_json::json!([]), "nothing of a refused file is taken");
    let ran = home.run(&["ingest", "a.csv", "--reject", "bad.csv", "--format", "json"]).ok().json();
    assert_eq!((&ran["files"][0]["added"], &ran["rejected"]), (&2.into(), &1.into()));
    let rejected = home.read("bad.csv");
    assert!(rejected.contains("NaN,MWh,4,`NaN` is not a decimal number"), "{rejected}");
    home.write("bad.csv", &rejected.replace("NaN,MWh", "3,MWh"));
    home.run(&["ingest", "bad.csv"]).ok();
    let report = home.run(&["report", "--from", "2026-01-01", "--to", "2026-01-01T03:00Z", "--format", "json"]).ok();
    assert_eq!(report.json()["portfolio"]["load_wh"], 5_000_000);
}

#[test]
fn rejected_rows_go_to_standard_output_unless_the_answer_does() {
    let home = Home::new(ONE_SITE);
    let bad = "site/s/load,2026-01-01T02:00:00Z,2026-01-01T03:00:00Z,NaN,MWh\n";
    home.write("a.csv", &format!("{HEADER}{}{bad}", hourly("site/s/load", [1.0, 1.0])));
    home.run(&["ingest", "a.csv", "--reject", "-", "--format", "json"])
        .refused("both the answer and the rejected rows");
    assert_eq!(home.stored()[0], serde_json::json!([]), "nothing is taken");
    let ran = home.run(&["ingest", "a.csv", "--reject", "-", "--format", "json", "-o", "answer.json"]).ok();
    let rows = "series,start,end,value,unit,reject_line,reject_reason\n\
        site/s/load,2026-01-01T02:00:00Z,2026-01-01T03:00:00Z,NaN,MWh,4,`NaN` is not a decimal number\n";
    assert_eq!(ran.out, rows);
    assert!(home.read("answer.json").contains("\"rejected\": 1"), "{}", home.read("answer.json"));
    let again = home.run(&["ingest", "a.csv", "--reject", "-"]).ok();
    assert_eq!(again.out, rows);
    assert!(!home.path("-").exists(), "no file is called so");
}

#[test]
fn times_of_readings_may_lack_their_seconds() {
    let home = Home::new(ONE_SITE);
    let row = |start: &str, end: &str| format!("{HEADER}site/s/load,{start},{end},1,MWh\n");
    home.write("a.csv", &row("2026-01-01T00:00Z", "2026-01-01T02:00+01:00"));
    home.run(&["ingest", "a.csv"]).ok();
    // The same hour, written whole.
    home.write("b.csv", &row("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"));
    let same = home.run(&["ingest", "b.csv", "--format", "json"]).ok().json();
    assert_eq!((&same["files"][0]["added"], &same["files"][0]["unchanged"]), (&0.into(), &1.into()));
    home.write("c.csv", &row("2026-01-01T01:00+00", "2026-01-01T02:00+00"));
    home.run(&["ingest", "c.csv"]).refused("c.csv:2: `2026-01-01T01:00+00` has an offset without its minutes");
    home.write("d.csv", &row("2026-01-01T01:00", "2026-01-01T02:00"));
    home.run(&["ingest", "d.csv"]).refused("has no UTC offset");
}

#[test]
fn gzip_is_known_by_its_bytes_and_columns_by_their_names() {
    let home = Home::new(ONE_SITE);
    let csv =
        "unit,value,quality,end,start,series\nkWh,1.5,measured,2026-01-01T01:00:00Z,2026-01-01T00:00:00Z,site/s/load\n";
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(csv.as_bytes()).expect("compressed");
    std::fs::write(home.path("a.csv"), gz.finish().expect("compressed")).expect("written");
    home.run(&["ingest", "a.csv"]).ok();
    let report = home.run(&["report", "--from", "2026-01-01", "--to", "2026-01-01T01:00Z", "--format", "json"]).ok();
    assert_eq!(report.json()["portfolio"]["load_wh"], 1_500);
}

#[test]
fn eia930_needs_its_label_and_honours_it() {
    let home = Home::new(ONE_SITE);
    home.write("A.csv", "ts_utc,coal_mw,solar_mw\n2026-01-01T01:00:00Z,30,10\n2026-01-01T02:00:00Z,,5\n");
    home.run(&["ingest", "A.csv", "--source", "eia930", "--area", "A"]).refused("--label start or --label end");
    home.run(&["ingest", "A.csv", "--source", "eia930", "--area", "A", "--label", "end"]).ok();
    let held = home.run(&["check", "--format", "json"]).json();
    let coal = &held["series"][0];
    assert_eq!((coal["series"].as_str(), coal["readings"].as_i64()), (Some("grid/A/coal"), Some(1)));
    assert_eq!(coal["from"], "2026-01-01T00:00:00Z", "the label names the end");
    assert_eq!(held["series"][1]["readings"], 2, "an empty cell is not a reading");
}

#[test]
fn a_price_is_in_the_currency_of_the_portfolio() {
    let home = Home::new(ONE_SITE);
    let row = |unit: &str| format!("{HEADER}grid/A/price,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,50,{unit}\n");
    home.write("eur.csv", &row("EUR/MWh"));
    home.run(&["ingest", "eur.csv"]).refused("eur.csv:2: the price is in EUR, the portfolio's currency is USD");
    home.write("usd.csv", &row("USD/MWh"));
    home.run(&["ingest", "usd.csv"]).ok();
    // The same reading without the name.
    home.write("any.csv", &row("currency/MWh"));
    assert_eq!(home.run(&["ingest", "any.csv", "--format", "json"]).ok().json()["files"][0]["unchanged"], 1);
    home.write("lower.csv", &row("usd/MWh"));
    home.run(&["ingest", "lower.csv"]).refused("unknown unit `usd/MWh`");
}
