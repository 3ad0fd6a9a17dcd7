//! Real hourly data, to the Wh. Skipped where HOURMATCH_DATA is not set.

use crate::support::{Home, data, root, verifier};
use reports::time::Instant;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

fn portfolio(area: &str) -> String {
    let contract = |technology: &str| {
        format!(
            "[[contract]]\nid = \"{technology}-a\"\nboundary = \"{area}\"\ntechnology = \"{technology}\"\n\
             profile = {{ series = \"grid/{area}/{technology}\", mean_mw = 50.0, over = \"2022\" }}\n"
        )
    };
    // E10 of the accounting rules is told on life-cycle factors.
    format!(
        "[portfolio]\nname = \"{area} 100 MW\"\nfactor_basis = \"life-cycle\"\n[policy]\ncarbon_price_per_t = 80.0\n[[boundary]]\nid = \"{area}\"\n\
         [[site]]\nid = \"dc\"\nboundary = \"{area}\"\nit_capacity_mw = 130.0\ngrid_limit_mw = 130.0\npue = 1.0\n{}{}",
        contract("solar"),
        contract("wind")
    )
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect("time")
}

/// The area's year with a load in MWh of each hour.
pub fn home(data: &Path, area: &str, label: &str, load: impl Fn(i64) -> i64) -> Home {
    let home = Home::new(&portfolio(area));
    let file = data.join(format!("eia930-generation/{area}.csv.gz"));
    let file = file.to_str().expect("path");
    let first =
        home.run(&["ingest", file, "--source", "eia930", "--area", area, "--label", label, "--format", "json"]).ok();
    assert!(first.json()["files"][0]["added"].as_i64() > Some(200_000));
    let again =
        home.run(&["ingest", file, "--source", "eia930", "--area", area, "--label", label, "--format", "json"]).ok();
    assert_eq!(again.json()["files"][0]["added"], 0);
    let mut csv = String::from("series,start,end,value,unit\n");
    let start = instant("2022-01-01T00:00:00Z");
    for hour in 0..8_760 {
        let s = start + hour * 3_600;
        writeln!(csv, "site/dc/load,{},{},{},MWh", s, s + 3_600, load(hour)).expect("text");
    }
    home.write("load.csv", &csv);
    home.run(&["ingest", "load.csv"]).ok();
    home
}

fn report(home: &Home) -> Value {
    home.run(&["report", "--from", "2022-01-01", "--to", "2023-01-01", "--format", "json"]).ok().json()
}

#[test]
fn e10_a_flat_year_in_pjm() {
    let Some(data) = data() else { return };
    let home = home(&data, "PJM", "start", |_| 100);
    let report = report(&home);
    let totals = &report["portfolio"];
    assert_eq!(totals["matched_wh"], 621_614_820_350_i64);
    assert_eq!((&totals["intervals_fully_matched"], &totals["intervals_with_load"]), (&3_551.into(), &8_760.into()));
    assert_eq!(totals["grid_cfe_wh"], 97_799_962_051_i64);
    assert_eq!(totals["cfe_score"], "0.821249");
    assert_eq!(totals["emissions"]["location_based_g"], 322_865_006_500_i64);
    home.run(&["pack", "--from", "2022-01-01", "--to", "2023-01-01", "-o", "pack"]).ok();
    let verified = Command::new(verifier()).arg(home.path("pack")).output().expect("runs");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    // An independent computation in another language agrees to the Wh and the gram.
    home.write("report.json", &serde_json::to_string(&report).expect("json"));
    independent(&data, "PJM", "start", "flat", &home);
}

#[test]
fn another_area_and_another_load_shape() {
    let Some(data) = data() else { return };
    let home = home(&data, "ERCO", "end", |hour| 60 + hour % 24 * 3);
    home.write("report.json", &serde_json::to_string(&report(&home)).expect("json"));
    independent(&data, "ERCO", "end", "daily", &home);
}

fn independent(data: &Path, area: &str, label: &str, shape: &str, home: &Home) {
    let script = root().join("tests/independent/year.py");
    let checked = Command::new("python3")
        .arg(script)
        .arg(data.join(format!("eia930-generation/{area}.csv.gz")))
        .args([label, shape])
        .arg(home.path("report.json"))
        .output()
        .expect("python3 runs");
    let said = format!("{}{}", String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    assert!(checked.status.success(), "{said}");
}

/// A week with foresight: 70 MW firm, 30 MWh of work an hour due in 24 h.
#[test]
fn a_planned_week_in_pjm() {
    let Some(data) = data() else { return };
    let home = home(&data, "PJM", "start", |_| 100);
    let start = instant("2022-03-07T00:00:00Z");
    let gz = std::fs::File::open(data.join("eia930-generation/PJM.csv.gz")).expect("data");
    let mut csv = csv::Reader::from_reader(flate2::read::GzDecoder::new(gz));
    let columns: Vec<String> = csv.headers().expect("header").iter().map(String::from).collect();
    let mut forecast = String::from("series,start,end,value,unit,issued\n");
    for record in csv.records() {
        let record = record.expect("row");
        let s = instant(&record[0]);
        if !(start..start + 168 * 3_600).contains(&s) {
            continue;
        }
        for (name, value) in columns.iter().zip(record.iter()).skip(1) {
            let fuel = name.trim_end_matches("_mw").replace("nat_gas", "gas");
            writeln!(forecast, "grid/PJM/{fuel},{s},{},{value},MWh,2022-03-06T12:00:00Z", s + 3_600).expect("text");
        }
        writeln!(forecast, "site/dc/it_load,{s},{},70,MW,2022-03-06T12:00:00Z", s + 3_600).expect("text");
    }
    home.write("forecast.csv", &forecast);
    home.run(&["ingest", "forecast.csv"]).ok();
    let mut work = String::from("id,release,deadline,energy_mwh\n");
    for hour in 0..168 {
        let due = (hour + 24).min(168);
        writeln!(work, "w{hour:03},{},{},30", start + hour * 3_600, start + due * 3_600).expect("text");
    }
    home.write("work.csv", &work);
    home.run(&["work", "import", "work.csv"]).ok();
    let plan = home.run(&["plan", "--now", "2022-03-07T00Z", "--horizon", "168h", "--format", "json"]).ok().json();
    assert_eq!(plan["status"], "optimal");
    let unmatched = plan["expected"]["unmatched_wh"].as_i64().expect("wh");
    assert!((unmatched - 3_799_687_476).abs() < 1_000, "{unmatched} Wh unmatched");
    assert_eq!(plan["expected"]["matched_share"], "0.773828");
    // 0.68804673..., floored.
    assert_eq!(plan["doing_nothing"]["matched_share"], "0.688046");
    let peak = plan["capacity"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|c| c["firm_mw"].as_f64().expect("mw") + c["planned_mw"].as_f64().expect("mw"));
    assert!(peak.fold(0.0, f64::max) <= 130.0 + 1e-6);
}
