//! Checks at the door: what cannot be is refused, what is doubtful is taken, flagged, and said wherever it counts.

use crate::packs::{Files, at_path, remade};
use crate::support::{HEADER, Home, ONE_SITE, Ran, data, hourly, verifier};
use reports::door::{self, Expected, Known};
use reports::evidence::trust::Trust;
use reports::evidence::verify;
use reports::inputs::{Point, Quality};
use reports::suspects::Suspect;
use reports::time::{Instant, Interval};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// A site behind a connection of 12 MW.
fn connected() -> String {
    ONE_SITE.replace("it_capacity_mw = 10.0", "it_capacity_mw = 10.0\ngrid_limit_mw = 12.0")
}

/// Load every five minutes of a day, and six MWh of generation an hour.
fn five_minutes(value: &str, unit: &str) -> String {
    let start = Instant::parse("2026-01-01T00:00:00Z").expect("time");
    let mut rows = hourly("contract/w/generation", [6.0; 24]);
    for step in 0..288 {
        let at = |step: i64| start + step * 300;
        writeln!(rows, "site/s/load,{},{},{value},{unit}", at(step), at(step + 1)).expect("text");
    }
    rows
}

fn ingest(home: &Home, rows: &str, options: &[&str]) -> Ran {
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&[&["ingest", "r.csv"][..], options].concat())
}

fn codes(home: &Home, from: &str, to: &str) -> BTreeSet<(String, String)> {
    let report = home.run(&["report", "--from", from, "--to", to, "--format", "json"]).ok().json();
    let rows = report["exceptions"].as_array().expect("exceptions").clone();
    let text = |row: &Value, key: &str| row[key].as_str().expect("text").to_string();
    rows.iter().map(|row| (text(row, "code"), text(row, "series"))).collect()
}

#[test]
fn a_unit_that_the_connection_cannot_carry_is_refused_with_the_one_that_fits() {
    let home = Home::new(&connected());
    let load = |values: [f64; 24]| hourly("site/s/load", values);
    let mut spike = [5.0; 24];
    spike[9] = 5_000.0;
    let register: [f64; 24] = std::array::from_fn(|hour| 22_981_102.0 + 5.0 * hour as f64);
    for (rows, said) in [
        (five_minutes("5000000", "Wh"), "with W read as Wh, or kW as kWh, it would be 5.000 MW"),
        (load([5_000.0; 24]), "with kWh read as MWh, or Wh as kWh, it would be 5.000 MW"),
        (load(spike), "r.csv:11: site/s/load: 5000.000 MW"),
        (load(register), "only rise, like a meter's register"),
    ] {
        ingest(&home, &rows, &[]).refused(said);
        assert!(home.run(&["check"]).ok().out.contains("holds no readings yet"), "{said}");
    }
    // The rest of a file with one bad row may be kept.
    let kept = ingest(&home, &load(spike), &["--reject", "bad.csv"]).ok();
    assert!(kept.err.contains("23 readings added, 1 row rejected"), "{}", kept.err);
    assert!(home.read("bad.csv").contains("more than twice the grid_limit_mw of site s"));

    // Plans rest on forecasts.
    let issued = load([5_000.0; 24]).replace(",MWh", ",MWh,2025-12-31T12:00:00Z");
    home.write("f.csv", &format!("series,start,end,value,unit,issued\n{issued}"));
    home.run(&["ingest", "f.csv"]).refused("f.csv:2: site/s/load: 5000.000 MW");

    let good = Home::new(&connected());
    let taken = ingest(&good, &five_minutes("5000000", "W"), &["--strict"]).ok();
    assert!(!taken.err.contains("suspect"), "{}", taken.err);
}

#[test]
fn generation_beyond_all_sites_is_suspect_and_a_stated_capacity_refuses_it() {
    let rows = hourly("site/s/load", [5.0; 24]) + &hourly("contract/w/generation", [3_000.0; 24]);
    let home = Home::new(&connected());
    ingest(&home, &rows, &["--strict"]).refused("kWh read as MWh?");
    let taken = ingest(&home, &rows, &[]).ok();
    let said = "r.csv:26: suspect: contract/w/generation, 2026-01-01T00:00:00Z to 2026-01-02T00:00:00Z";
    assert!(taken.err.contains(said) && taken.err.contains("24 readings suspect in 1 span"), "{}", taken.err);
    let wanted = ("suspect_unit".to_string(), "contract/w/generation".to_string());
    assert!(codes(&home, "2026-01-01", "2026-01-02").contains(&wanted));

    let stated = Home::new(&format!("{}capacity_mw = 10.0\n", connected()));
    ingest(&stated, &rows, &[]).refused("more than twice the capacity_mw of contract w, 10.000 MW");
    let mut above = [5.0; 24];
    (above[3], above[4]) = (10.1, 10.3);
    let rows = hourly("site/s/load", [5.0; 24]) + &hourly("contract/w/generation", above);
    let taken = ingest(&stated, &rows, &[]).ok();
    let said =
        "2026-01-01T04:00:00Z to 2026-01-01T05:00:00Z: 10.300 MW, above the capacity_mw of contract w, 10.000 MW";
    assert!(taken.err.contains(said) && taken.err.contains("1 reading suspect"), "{}", taken.err);
}

/// A portfolio that takes a file of a meter's register for the generation of its contract, which states no capacity.
fn with_register(key: &str) -> String {
    format!(
        "{ONE_SITE}\n[source.mine]\nkind = \"table\"\n\n[source.mine.time]\nend = \"at\"\nstep = \"1h\"\n\n\
         [[source.mine.series]]\nseries = \"contract/w/generation\"\ncolumn = \"register_kwh\"\nunit = \"kWh\"\n{key}"
    )
}

#[test]
fn a_register_by_mapping_is_doubted_and_taken_as_differences_where_the_form_says_so() {
    let start = Instant::parse("2026-01-01T00:00:00Z").expect("time");
    // 4 MWh an hour on a meter that has counted for years, and on one that was new.
    for first in [48_123_456, 0] {
        let mut rows = String::from("at,register_kwh\n");
        for hour in 0..=200_i64 {
            writeln!(rows, "{},{}", start + hour * 3_600, first + 4_000 * hour).expect("text");
        }
        let plain = Home::new(&with_register(""));
        plain.write("m.csv", &rows);
        let taken = plain.run(&["ingest", "m.csv", "--source", "mine"]).ok();
        assert!(taken.err.contains("register = true") && taken.err.contains("suspect"), "{}", taken.err);

        let home = Home::new(&with_register("register = true\n"));
        home.write("m.csv", &rows);
        let taken = home.run(&["ingest", "m.csv", "--source", "mine"]).ok();
        assert!(taken.err.contains("200 readings added"), "{}", taken.err);
        assert!(taken.err.contains("1 left out: no value of the register"), "{}", taken.err);
        ingest(&home, &hourly("site/s/load", [5.0; 24]), &[]).ok();
        home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-02", "-o", "pack"]).ok();
        let verified = Command::new(verifier()).arg(home.path("pack")).output().expect("runs");
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
        crate::independent::rebuild(&home.path("pack"), &[]).ok();
        let readings = home.read("pack/inputs/readings.csv");
        let first = "contract/w/generation,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,4000000,Wh";
        assert!(readings.contains(first), "{readings}");
    }
}

#[test]
fn a_measured_value_of_the_future_is_suspect_and_an_estimate_is_not() {
    let home = Home::new(ONE_SITE);
    // Later than any clock this runs by.
    let later = |rows: String| rows.replace("2026-01-", "2150-01-");
    let rows = later(hourly("site/s/load", [5.0; 24]) + &hourly("contract/w/generation", [5.0; 24]));
    ingest(&home, &rows, &["--strict"]).refused("measured, and recorded before it ended");
    let taken = ingest(&home, &rows, &["--format", "json"]).ok();
    assert!(taken.err.contains("48 readings suspect in 2 spans"), "{}", taken.err);
    let doubt = &taken.json()["files"][0]["suspects"][0];
    assert_eq!((&doubt["check"], &doubt["readings"], &doubt["row"]), (&"future".into(), &24.into(), &26.into()));
    let codes = codes(&home, "2150-01-01", "2150-01-02");
    for series in ["site/s/load", "contract/w/generation"] {
        assert!(codes.contains(&("suspect_future".to_string(), series.to_string())), "{series}: {codes:?}");
    }
    let other = Home::new(ONE_SITE);
    let estimated = rows.replace(",MWh", ",MWh,estimated");
    other.write("e.csv", &format!("series,start,end,value,unit,quality\n{estimated}"));
    assert!(!other.run(&["ingest", "e.csv"]).ok().err.contains("suspect"));
}

#[test]
fn an_id_in_another_case_and_a_unit_in_another_word_are_answered_with_the_right_ones() {
    let home = Home::new(ONE_SITE);
    let taken = ingest(&home, &(hourly("site/S/load", [5.0]) + &hourly("grid/a/gas", [5.0])), &[]).ok();
    for meant in ["did you mean site/s/load?", "did you mean grid/A/gas?"] {
        assert!(taken.err.contains(meant), "{}", taken.err);
    }
    let pool = "pool/p/available_gpus,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,10,GPUs\n";
    ingest(&home, pool, &[]).refused("gpus, ratio, C");
}

/// MWh an hour with an evening peak, and some unrest.
fn evening(hour: usize) -> f64 {
    let off = hour.abs_diff(hour / 24 * 24 + 18) as f64;
    let wh = 6_000.0 - 250.0 * off.min(24.0 - off) + (hour * 7_919 % 1_003) as f64 / 10.0;
    wh.round() / 1_000.0
}

/// Twenty days whose nineteenth has a spike at seven.
fn with_a_spike() -> Home {
    let home = Home::new(ONE_SITE);
    let values = (0..20 * 24).map(|hour| evening(hour) * if hour == 18 * 24 + 7 { 2.0 } else { 1.0 });
    let rows = hourly("site/s/load", [4.0; 20 * 24]) + &hourly("contract/w/generation", values);
    let taken = ingest(&home, &rows, &[]).ok();
    let span = "suspect: contract/w/generation, 2026-01-19T07:00:00Z to 2026-01-19T08:00:00Z: ";
    assert!(taken.err.contains(span) && taken.err.contains("1 reading suspect in 1 span"), "{}", taken.err);
    home
}

#[test]
fn what_is_suspect_counts_as_received_and_is_said_by_check_report_and_pack() {
    let home = with_a_spike();
    let checked = home.run(&["check", "--format", "json"]).ok().json();
    let suspects = checked["suspects"].as_array().expect("suspects");
    assert_eq!(suspects.len(), 1, "{suspects:?}");
    assert_eq!((&suspects[0]["check"], &suspects[0]["readings"]), (&"spike".into(), &1.into()));
    assert!(home.run(&["check"]).ok().out.contains("suspect: contract/w/generation, 2026-01-19T07:00:00Z"));

    let day = ["--from", "2026-01-19", "--to", "2026-01-20"];
    let report = |more: &[&str]| home.run(&[&["report"][..], &day[..], more].concat()).ok();
    let json = report(&["--format", "json"]).json();
    let sum: f64 = (18 * 24..19 * 24).map(|hour| evening(hour) * if hour == 18 * 24 + 7 { 2.0 } else { 1.0 }).sum();
    let delivered = json["contracts"][0]["delivered_wh"].as_i64().expect("Wh");
    assert!((delivered as f64 - sum * 1e6).abs() < 24.0, "{delivered} Wh are not {sum} MWh");
    assert!(codes(&home, day[1], day[3]).iter().any(|(code, _)| code == "suspect_spike"));
    assert!(report(&["--format", "html"]).out.contains("are suspect from 2026-01-19T07:00:00Z"));

    home.run(&[&["pack", "-o", "pack"][..], &day[..]].concat()).ok();
    let verified = Command::new(verifier()).arg(home.path("pack")).output().expect("runs");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let books = home.read("pack/inputs/books.json");
    for (what, other) in [("\"readings\": 1", "\"readings\": 2"), ("2026-01-19T08:00:00Z", "2026-01-19T09:00:00Z")] {
        assert!(books.contains(what), "{books}");
        let mut forged = at_path(&home.path("pack"));
        forged.insert("inputs/books.json".into(), books.replace(what, other).into_bytes());
        let findings = verify::verify(&Files(remade(forged)), &Trust::default()).expect_err("forged");
        assert!(findings.iter().any(|f| f.what.contains("does not name readings of the pack")), "{findings:?}");
    }
}

#[test]
fn a_period_without_the_spike_has_nothing_suspect_and_its_pack_no_word_of_it() {
    let home = with_a_spike();
    assert!(codes(&home, "2026-01-18", "2026-01-19").iter().all(|(code, _)| !code.starts_with("suspect")));
    home.run(&["pack", "--from", "2026-01-18", "--to", "2026-01-19", "-o", "pack"]).ok();
    assert!(!home.read("pack/inputs/books.json").contains("suspects"));
}

/// An hour of labelled demand: when it starts, MW where there are any, and what those who cleaned it say.
type Hour = (Instant, Option<i64>, String);

fn labelled(data: &Path, area: &str) -> Vec<Hour> {
    let gz = std::fs::File::open(data.join(format!("eia-cleaned-demand/{area}.csv.gz"))).expect("data");
    let mut rows = csv::Reader::from_reader(flate2::read::GzDecoder::new(gz));
    let hour = |row: csv::StringRecord| {
        let start = Instant::parse(&format!("{}Z", row[0].replace(' ', "T"))).expect("time");
        (start, row[1].parse().ok(), row[2].to_string())
    };
    rows.records().map(|row| hour(row.expect("row"))).collect()
}

fn points(hours: &[Hour], percent: impl Fn(usize) -> i64) -> Vec<Point> {
    let point = |(place, (start, mw, _)): (usize, &Hour)| {
        let value = (*mw)? * 10_000 * percent(place);
        let (end, row) = (*start + 3_600, place as i64 + 2);
        Some(Point { start: *start, end, value, quality: Quality::Measured, revision: 1, row })
    };
    hours.iter().enumerate().filter_map(point).collect()
}

/// Hours that some check doubts.
fn doubted(points: &[Point]) -> BTreeSet<Instant> {
    let all = Interval { start: points[0].start, end: points[points.len() - 1].end };
    let known = Known { expected: &Expected::default(), recorded: &|_| None };
    let hours =
        |Suspect { span, .. }: Suspect| (0..span.duration_s()).step_by(3_600).map(move |second| span.start + second);
    door::look("grid/A/demand", points, all, &known).into_iter().flat_map(hours).collect()
}

/// docs/checks.md prints these figures.
#[test]
fn gaps_and_anomalies_of_labelled_demand_are_found_and_good_hours_are_left_alone() {
    let Some(data) = data() else { return };
    let (mut found, mut all) = ([0_usize; 3], [0_usize; 3]);
    for area in ["PJM", "ERCO"] {
        let hours = labelled(&data, area);
        let points = points(&hours, |_| 100);
        let doubted = doubted(&points);
        let gaps = door::gaps(&points);
        let lacks = |s: Instant| gaps.iter().any(|gap| (gap.start..gap.end).contains(&s));
        let (mut of_area, mut each) = ([0_usize; 3], [0_usize; 3]);
        for (start, _, label) in &hours {
            let kind = ["MISSING", "OKAY"].iter().position(|known| known == label).unwrap_or(2);
            each[kind] += 1;
            of_area[kind] += usize::from(if kind == 0 { lacks(*start) } else { doubted.contains(start) });
        }
        println!(
            "{area}: missing {}/{}, good {}/{}, anomalous {}/{}",
            of_area[0], each[0], of_area[1], each[1], of_area[2], each[2]
        );
        for kind in 0..3 {
            found[kind] += of_area[kind];
            all[kind] += each[kind];
        }
    }
    assert!(all.iter().all(|count| *count > 0), "{all:?}");
    assert!(found[0] * 100 >= all[0] * 95, "missing: {} of {}", found[0], all[0]);
    assert!(found[1] * 1_000 < all[1] * 5, "good: {} of {}", found[1], all[1]);
    assert!(found[2] * 100 >= all[2] * 80, "anomalous: {} of {}", found[2], all[2]);
}

#[test]
fn planted_spikes_in_real_demand_are_found() {
    let Some(data) = data() else { return };
    for area in ["PJM", "ERCO"] {
        let hours = labelled(&data, area);
        let is_planted = |place: usize| place >= 800 && (place - 800).is_multiple_of(97) && hours[place].2 == "OKAY";
        let planted: Vec<Instant> =
            (0..hours.len()).filter(|&place| is_planted(place)).map(|place| hours[place].0).collect();
        for percent in [80, 120, 150] {
            let points = points(&hours, |place| if is_planted(place) { percent } else { 100 });
            let doubted = doubted(&points);
            let found = planted.iter().filter(|start| doubted.contains(*start)).count();
            println!("{area}, hours at {percent} %: {found} of {} found", planted.len());
            assert!(found * 100 >= planted.len() * 90, "{area}, {percent} %: {found} of {}", planted.len());
        }
    }
}
