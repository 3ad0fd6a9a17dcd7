//! Meters as they are: negative output at night, clocks off UTC, ends that name the last second, readings of a part.
//! What is taken, what is refused with its remedy, and when.

use crate::support::{HEADER, Home, ONE_SITE, Ran, hourly, verifier};
use reports::time::Instant;
use serde_json::Value;
use std::fmt::Write;
use std::process::Command;

const DAY: [&str; 4] = ["--from", "2026-01-01", "--to", "2026-01-02"];

fn home(resolution: &str, zone: &str) -> Home {
    let head = format!("[portfolio]\nresolution = \"{resolution}\"\ntime_zone = \"{zone}\"\n");
    Home::new(&ONE_SITE.replace("[portfolio]\n", &head))
}

fn ingest(home: &Home, rows: &str, more: &[&str]) -> Ran {
    home.write("a.csv", &format!("{HEADER}{rows}"));
    run(home, &[&["ingest", "a.csv"], more])
}

fn run(home: &Home, parts: &[&[&str]]) -> Ran {
    home.run(&parts.concat())
}

fn report(home: &Home, bounds: [&str; 4]) -> Value {
    run(home, &[&["report"], &bounds, &["--format", "json"]]).ok().json()
}

/// Load and matched Wh of a report.
fn matched(report: &Value) -> (i64, i64) {
    let of = |key: &str| report["portfolio"][key].as_i64().expect("Wh");
    (of("load_wh"), of("matched_wh"))
}

/// Code, series and Wh of each exception.
fn exceptions(report: &Value) -> Vec<String> {
    let rows = report["exceptions"].as_array().expect("rows").iter();
    let text = |row: &Value, key: &str| row[key].as_str().expect("text").to_string();
    rows.map(|row| format!("{} {} {}", text(row, "code"), text(row, "series"), row["wh"])).collect()
}

/// Rows of `count` intervals from an instant: of the i-th, load 100 + i kWh and generation 90 + 3 i.
fn both(start: &str, count: i64, minutes: i64) -> String {
    let start = Instant::parse(start).expect("time");
    (0..count).fold(String::new(), |mut rows, i| {
        let [from, to] = [i, i + 1].map(|i| start + i * minutes * 60);
        writeln!(rows, "site/s/load,{from},{to},{},kWh", 100 + i).expect("text");
        writeln!(rows, "contract/w/generation,{from},{to},{},kWh", 90 + 3 * i).expect("text");
        rows
    })
}

/// A day and night of wind: 13 hours of 21 kWh of the plant's own use, 11 of 6 MWh.
fn wind() -> impl Iterator<Item = f64> {
    (0..24).map(|hour| if (7..18).contains(&hour) { 6.0 } else { -0.021 })
}

#[test]
fn negative_generation_is_taken_and_counts_as_nothing() {
    let home = Home::new(ONE_SITE);
    let rows = hourly("site/s/load", [5.0; 24]) + &hourly("contract/w/generation", wind());
    ingest(&home, &rows, &[]).ok();
    let report = report(&home, DAY);
    assert_eq!(matched(&report), (120_000_000, 55_000_000), "11 hours of 5 of the 6 MWh");
    assert_eq!(report["portfolio"]["contracted_wh"], 66_000_000);
    let once = "negative_generation contract/w/generation -273000";
    assert_eq!(exceptions(&report), [once], "13 readings of -21 kWh are one line, and no gap");
    assert!(report["exceptions"][0]["message"].as_str().is_some_and(|m| m.starts_with("13 readings of 2026-01-01")));
    // Everything else takes them as well: the other forms, a pack and its verifier, a plan.
    let table = run(&home, &[&["report"], &DAY, &["--format", "csv", "--table", "exceptions"]]).ok();
    assert!(table.out.contains(",-273000,"), "{}", table.out);
    for format in ["html", "xlsx", "pdf"] {
        run(&home, &[&["report"], &DAY, &["--format", format, "-o", "r.out"]]).ok();
    }
    run(&home, &[&["pack"], &DAY, &["-o", "pack"]]).ok();
    let readings = home.read("pack/inputs/readings.csv");
    let raw = "contract/w/generation,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,-21000,Wh,measured,";
    assert!(readings.contains(raw), "kept as received: {readings}");
    let verified = Command::new(verifier()).arg(home.path("pack")).output().expect("runs");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let plan = home.run(&["plan", "--now", "2026-01-02T00:00Z", "--horizon", "24h", "--format", "json"]).ok().json();
    let mut steps = plan["balance"].as_array().expect("steps").iter();
    let fine = steps.all(|step| step["contracted_mw"].as_f64().is_some_and(|mw| mw >= 0.0));
    assert!(fine, "a plant is expected to draw: {}", plan["balance"]);
}

#[test]
fn a_negative_quarter_takes_nothing_off_the_others() {
    let home = Home::new(ONE_SITE);
    let start = Instant::parse("2026-01-01T00:00:00Z").expect("time");
    let quarters = (0..96).fold(hourly("site/s/load", [5.0; 24]), |mut rows, i| {
        let [from, to] = [i, i + 1].map(|i| start + 900 * i);
        let kwh = if i % 4 == 3 { -1 } else { 1_500 };
        writeln!(rows, "contract/w/generation,{from},{to},{kwh},kWh").expect("text");
        rows
    });
    ingest(&home, &quarters, &[]).ok();
    let report = report(&home, DAY);
    assert_eq!(matched(&report), (120_000_000, 24 * 4_500_000), "4.5 MWh an hour, not 4.499");
    assert_eq!(exceptions(&report), ["negative_generation contract/w/generation -24000"]);
}

#[test]
fn what_cannot_be_negative_stays_refused() {
    let home = Home::new(ONE_SITE);
    let row = |series: &str| format!("{series},2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,-1,kWh\n");
    for series in [
        "site/s/load",
        "site/s/import",
        "site/s/export",
        "storage/b/charge",
        "storage/b/discharge",
        "contract/w/resold",
        "grid/A/gas_issued",
    ] {
        ingest(&home, &row(series), &[]).refused(&format!("a.csv:2: {series} must not be negative"));
    }
    for series in ["plant/p/generation", "contract/w/generation", "site/s/onsite_generation", "grid/A/solar"] {
        ingest(&home, &row(series), &[]).ok();
    }
}

type Place = (&'static str, [&'static str; 2], &'static str, i64, i64, i64);

/// Days of places whose hours start off those of UTC: zone, date and the next, first instant, intervals, minutes, Wh of
/// load and matched Wh; of the i-th interval load is 100 + i kWh and generation 90 + 3 i, so that 30 kWh lack in all.
const PLACES: [Place; 6] = [
    ("Asia/Kolkata", ["2026-01-02", "2026-01-03"], "2026-01-01T18:30:00Z", 24, 60, 2_676_000),
    ("Asia/Kolkata", ["2026-01-02", "2026-01-03"], "2026-01-01T18:30:00Z", 48, 30, 5_928_000),
    ("Australia/Adelaide", ["2026-04-05", "2026-04-06"], "2026-04-04T13:30:00Z", 25, 60, 2_800_000),
    ("America/St_Johns", ["2026-03-08", "2026-03-09"], "2026-03-08T03:30:00Z", 23, 60, 2_553_000),
    ("Australia/Lord_Howe", ["2026-04-05", "2026-04-06"], "2026-04-04T13:00:00Z", 49, 30, 6_076_000),
    ("Australia/Lord_Howe", ["2026-10-04", "2026-10-05"], "2026-10-03T13:30:00Z", 47, 30, 5_781_000),
];

#[test]
fn meters_off_the_hours_of_utc_are_used_where_their_hours_divide() {
    for (zone, [from, to], start, count, minutes, load) in PLACES {
        let home = home("30min", zone);
        ingest(&home, &both(start, count, minutes), &[]).ok();
        let report = report(&home, ["--from", from, "--to", to]);
        assert_eq!(matched(&report), (load, load - 30_000), "{zone} {from}");
        assert!(exceptions(&report).iter().all(|row| row.starts_with("spread_")), "{}", report["exceptions"]);
        // What is spread is listed, what is not, is not.
        assert_eq!(exceptions(&report).is_empty(), minutes == 30, "{zone} {from}");
    }
    let home = home("15min", "Asia/Kathmandu");
    ingest(&home, &both("2026-01-01T18:15:00Z", 96, 15), &[]).ok();
    let report = report(&home, ["--from", "2026-01-02", "--to", "2026-01-03"]);
    assert_eq!(matched(&report), (14_160_000, 14_130_000));
}

#[test]
fn the_refusal_names_the_resolution_to_set() {
    for (zone, _, start, count, minutes, _) in PLACES.into_iter().filter(|place| place.4 == 60) {
        let home = home("60min", zone);
        let before = home.stored();
        ingest(&home, &both(start, count, minutes), &[])
            .refused("a.csv:3: contract/w/generation: the reading ")
            .refused("crosses the edges of 60-minute intervals; set `[portfolio] resolution = \"30min\"`");
        assert_eq!(before, home.stored(), "{zone}");
    }
    // A quarter past: no half-hour holds it either.
    let home = home("30min", "Asia/Kathmandu");
    ingest(&home, &both("2026-01-01T18:15:00Z", 1, 60), &[]).refused("set `[portfolio] resolution = \"15min\"`");
}

/// Hours from half past at 60 minutes: each interval takes a half of two. The first and the last hour of the day stay
/// out: 23 intervals of (100 + i) / 2 + (101 + i) / 2 kWh, i from 0 to 22.
#[test]
fn load_off_the_grid_is_spread_and_listed() {
    let home = home("60min", "Asia/Kolkata");
    let load: String = both("2026-01-01T18:30:00Z", 24, 60).lines().step_by(2).fold(String::new(), |mut rows, row| {
        writeln!(rows, "{row}").expect("text");
        rows
    });
    ingest(&home, &load, &[]).ok();
    let report = report(&home, ["--from", "2026-01-01T19:00Z", "--to", "2026-01-02T18:00Z"]);
    let wh: i64 = (0..23).map(|i| (100_000 + 1_000 * i) / 2 + (101_000 + 1_000 * i) / 2).sum();
    assert_eq!(matched(&report), (wh, 0));
    let spread: Vec<String> = exceptions(&report).into_iter().filter(|row| row.starts_with("spread_load")).collect();
    assert_eq!(spread, [format!("spread_load site/s/load {wh}")]);
}

/// Quarters of a local day that starts at half past: at 60 minutes its last half-hour lies in an interval of the next.
#[test]
fn a_local_day_that_ends_inside_an_interval_says_so() {
    let home = home("60min", "Asia/Kolkata");
    ingest(&home, &both("2026-01-01T18:30:00Z", 96, 15), &[]).ok();
    let day = ["report", "--from", "2026-01-02", "--to", "2026-01-03"];
    home.run(&day)
        .refused("1 of 24 intervals have no load reading for a part of them")
        .refused("first 2026-01-02T18:30:00Z to 2026-01-02T19:00:00Z")
        .refused("local days start off the 60-minute grid: set `[portfolio] resolution = \"30min\"`");
    let checked = home.run(&["check"]).ok();
    assert!(checked.out.contains("note: local days of Asia/Kolkata start at"), "{}", checked.out);
    home.write("hourmatch.toml", &home.read("hourmatch.toml").replace("60min", "30min"));
    assert_eq!(matched(&report(&home, ["--from", "2026-01-02", "--to", "2026-01-03"])), (14_160_000, 14_130_000));
}

/// A day in intervals of so many seconds that end so many too early: load 5 MWh and generation 4 MWh an hour.
fn short(long_s: i64, less_s: i64, unit: &str) -> String {
    let start = Instant::parse("2026-01-01T00:00:00Z").expect("time");
    (0..86_400 / long_s).fold(String::new(), |mut rows, i| {
        let (from, to) = (start + i * long_s, start + (i + 1) * long_s - less_s);
        // Energy of the interval, or power.
        let kilo = |mega: i64| if unit == "kW" { mega * 1_000 } else { mega * 1_000 * long_s / 3_600 };
        writeln!(rows, "site/s/load,{from},{to},{},{unit}", kilo(5)).expect("text");
        writeln!(rows, "contract/w/generation,{from},{to},{},{unit}", kilo(4)).expect("text");
        rows
    })
}

#[test]
fn ends_that_name_the_last_second_or_minute_are_refused_or_told() {
    for (long_s, less_s, unit, end, whole) in [
        (3_600, 1, "kWh", "00:59:59Z", "01:00:00Z"),
        (3_600, 60, "kWh", "00:59:00Z", "01:00:00Z"),
        (3_600, 1, "kW", "00:59:59Z", "01:00:00Z"),
        (900, 60, "kWh", "00:14:00Z", "00:15:00Z"),
        (900, 1, "kW", "00:14:59Z", "00:15:00Z"),
        (1_800, 60, "kW", "00:29:00Z", "00:30:00Z"),
    ] {
        let home = Home::new(ONE_SITE);
        let rows = short(long_s, less_s, unit);
        let before = home.stored();
        ingest(&home, &rows, &[])
            .refused("a.csv:2: site/s/load: ")
            .refused(&format!("write the end 2026-01-01T{whole} in place of 2026-01-01T{end}"))
            .refused("or ingest the file with `--ends inclusive`");
        assert_eq!(before, home.stored(), "{end} {unit}");
        ingest(&home, &rows, &["--ends", "inclusive"]).ok();
        let report = report(&home, DAY);
        assert_eq!(matched(&report), (120_000_000, 96_000_000), "{end} {unit}");
        assert!(exceptions(&report).is_empty(), "{end} {unit}: {}", report["exceptions"]);
        // Under the same option it is the same file; without it it is another, and refused as before.
        let again = ingest(&home, &rows, &["--ends", "inclusive", "--format", "json"]).ok().json();
        assert_eq!(again["files"][0]["revision"], Value::Null);
        ingest(&home, &rows, &[]).refused("--ends inclusive");
    }
}

#[test]
fn inclusive_ends_must_make_whole_intervals() {
    let home = Home::new(ONE_SITE);
    let row = |from: &str, to: &str| format!("site/s/load,2026-01-01T{from}Z,2026-01-01T{to}Z,1,kWh\n");
    for (from, to) in [("00:00:00", "01:00:00"), ("00:00:00", "00:37:00"), ("00:01:00", "00:59:00")] {
        ingest(&home, &row(from, to), &["--ends", "inclusive"])
            .refused("a.csv:2: 2026-01-01T")
            .refused("is not a whole interval");
    }
    // Generation alone ends early in a file whose load does not: the rows are named, and no option takes both.
    let mixed =
        hourly("site/s/load", [5.0; 2]) + "contract/w/generation,2026-01-01T00:00:00Z,2026-01-01T00:59:00Z,4,MWh\n";
    let said = ingest(&home, &mixed, &[]).refused("a.csv:4: contract/w/generation: ").err;
    assert!(!said.contains("site/s/load"), "{said}");
    ingest(&home, &mixed, &["--ends", "inclusive"])
        .refused("a.csv:2: 2026-01-01T00:00:00Z to 2026-01-01T01:00:00Z is not a whole");
    home.run(&["ingest", "a.csv", "--source", "eia930", "--area", "A", "--label", "end", "--ends", "inclusive"])
        .refused("--ends is only for readings and invoices");
}

#[test]
fn starts_a_minute_late_and_the_end_of_a_day_are_refused_with_what_to_write() {
    let home = Home::new(ONE_SITE);
    let row = |from: &str, to: &str| format!("site/s/load,2026-01-01T{from}Z,2026-01-01T{to}Z,1,kWh\n");
    ingest(&home, &row("00:01:00", "01:00:00"), &[])
        .refused("a.csv:2: site/s/load: ")
        .refused("write the start 2026-01-01T00:00:00Z in place of 2026-01-01T00:01:00Z");
    ingest(&home, &row("00:00:01", "01:00:00"), &[]).refused("write the start 2026-01-01T00:00:00Z");
    ingest(&home, &row("23:00:00", "24:00:00"), &[])
        .refused("a.csv:2: `2026-01-01T24:00:00Z` names the end of a day by 24:00")
        .refused("write the start of the next, 2026-01-02T00:00:00Z");
    // A meter exchanged at 10:59 was read until then, and the next from then on.
    ingest(&home, &(row("10:00:00", "10:59:00") + &row("10:59:00", "11:00:00")), &[]).ok();
    let report = report(&home, ["--from", "2026-01-01T10:00Z", "--to", "2026-01-01T11:00Z"]);
    assert_eq!(matched(&report).0, 2_000);
}

#[test]
fn bills_and_certificates_know_the_same_ends() {
    let home = Home::new(ONE_SITE);
    ingest(&home, &hourly("site/s/load", [1.0; 24]), &[]).ok();
    home.write("b.csv", "invoice,site,start,end,wh\n1,s,2026-01-01T00:00:00Z,2026-01-01T23:59:59Z,24000000\n");
    home.run(&["ingest", "b.csv"]).refused("b.csv:2: the invoice: ").refused("write the end 2026-01-02T00:00:00Z");
    home.run(&["ingest", "b.csv", "--ends", "inclusive"]).ok();
    assert_eq!(report(&home, DAY)["reconciliations"][0]["outcome"], "within");
    let certificate =
        "id,device,registry,technology,start,end,wh\nc,w,R,wind,2026-01-01T00:00:00Z,2026-01-01T00:59:59Z,1\n";
    home.write("c.csv", certificate);
    home.run(&["certificates", "import", "c.csv"]).refused("c.csv:2: ").refused("write the end 2026-01-01T01:00:00Z");
}

/// What was fine at one resolution is named by `check` before a report of another is asked for.
#[test]
fn a_finer_resolution_is_checked_against_what_is_stored() {
    let home = Home::new(ONE_SITE);
    ingest(&home, &(hourly("site/s/load", [1.0; 24]) + &hourly("contract/w/generation", [1.0; 24])), &[]).ok();
    home.run(&["check"]).ok();
    let toml = home.read("hourmatch.toml");
    home.write("hourmatch.toml", &toml.replace("[portfolio]\n", "[portfolio]\nresolution = \"15min\"\n"));
    let said =
        "contract/w/generation: the reading 2026-01-01T00:00:00Z to 2026-01-01T01:00:00Z is longer than 15 minutes";
    home.run(&["check"]).refused(said).refused("set `[portfolio] resolution = \"60min\"`");
    run(&home, &[&["report"], &DAY]).refused(said).refused("set `[portfolio] resolution = \"60min\"`");
    let found = home.run(&["check", "--format", "json"]).json();
    assert_eq!(
        (found["problems"].as_array().map(Vec::len), found["series"].as_array().map(Vec::len)),
        (Some(1), Some(2))
    );
}

/// A hole is no error of the readings: `check` says where it is, and what a report makes of it.
#[test]
fn check_says_where_load_lacks() {
    let home = Home::new(ONE_SITE);
    let rows = hourly("site/s/load", [1.0; 3]).replace("02:00:00Z,2026-01-01T03", "03:00:00Z,2026-01-01T04");
    let quarter = "site/s/load,2026-01-01T04:00:00Z,2026-01-01T04:15:00Z,1,kWh\n";
    let last = "site/s/load,2026-01-01T05:00:00Z,2026-01-01T06:00:00Z,1,kWh\n";
    ingest(&home, &format!("{rows}{quarter}{last}"), &[]).ok();
    let said = home.run(&["check"]).ok().out;
    let wanted = "note: site s: no load for 1 h 45 min in 2 spans between its readings, first 2026-01-01T02:00:00Z to \
        2026-01-01T03:00:00Z: a report that includes them is refused";
    assert!(said.contains(wanted), "{said}");
}

#[test]
fn a_missing_channel_is_named_and_what_comes_later_fills_it() {
    let battery = "[[storage]]\nid = \"b\"\nsite = \"s\"\n";
    let home = Home::new(&format!("{ONE_SITE}{battery}"));
    let rows = hourly("site/s/import", [50.0; 2])
        + &hourly("storage/b/discharge", [50.0])
        + &hourly("storage/b/charge", [0.0; 2]);
    ingest(&home, &rows, &[]).ok();
    let two = ["--from", "2026-01-01", "--to", "2026-01-01T02:00Z"];
    run(&home, &[&["report"], &two])
        .refused("site s: 1 of 2 intervals have no load reading, first 2026-01-01T01:00:00Z")
        .refused("ingest `storage/b/discharge`");
    let said = home.run(&["check"]).ok().out;
    assert!(said.contains("note: site s: no load for 1 h 0 min in 1 span "), "{said}");
    home.write("b.csv", &format!("{HEADER}storage/b/discharge,2026-01-01T01:00:00Z,2026-01-01T02:00:00Z,0,Wh\n"));
    home.run(&["ingest", "b.csv"]).ok();
    assert_eq!(matched(&report(&home, two)).0, 150_000_000);
}

/// Parts, missing channels, spread hours and negative readings among them, and an old version of the rules.
#[test]
fn packs_of_every_worked_example_verify() {
    for (_home, pack) in crate::worked::packs() {
        let verified = Command::new(verifier()).arg(&pack).output().expect("runs");
        let said = String::from_utf8_lossy(&verified.stdout);
        assert!(verified.status.success(), "{}: {said}", pack.display());
    }
}

#[test]
fn readings_of_what_nobody_knows_are_named_with_their_row() {
    let home = Home::new(ONE_SITE);
    let rows = hourly("site/s/load", [1.0]) + &hourly("site/t/load", [1.0]) + &hourly("storage/b/charge", [1.0]);
    let ran = ingest(&home, &rows, &[]).ok();
    for (line, series) in [(3, "site/t/load"), (4, "storage/b/charge")] {
        let wanted = format!("warning: a.csv:{line}: {series}: not in the portfolio: stored, but nothing uses it");
        assert!(ran.err.contains(&wanted), "{}", ran.err);
    }
    assert!(!ran.err.contains("site/s/load"), "{}", ran.err);
}
