//! Stored periods again: what a planner would have kept of foresight's gain, and that it sees nothing of what comes.

use crate::support::{HEADER, Home, data, in_full};
use reports::time::Instant;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect("time")
}

fn strategy<'a>(result: &'a Value, name: &str) -> &'a Value {
    let list = result["strategies"].as_array().expect("strategies");
    list.iter().find(|s| s["name"] == name).unwrap_or_else(|| panic!("{name} in {result}"))
}

fn percent(result: &Value, name: &str, key: &str) -> f64 {
    100.0 * strategy(result, name)[key].as_f64().unwrap_or_else(|| panic!("{key} of {name}"))
}

/// Backtests 2022, or without `HOURMATCH_FULL` its first five weeks: 70 MW of firm load, 130 MW of connection, and every
/// hour 30 MWh due a day later, against 50 MW mean of solar and wind.
fn backtested(data: &Path, area: &str, label: &str) -> Value {
    let contract = |technology: &str| {
        format!(
            "[[contract]]\nid = \"{technology}\"\nboundary = \"{area}\"\ntechnology = \"{technology}\"\n\
             profile = {{ series = \"grid/{area}/{technology}\", mean_mw = 50.0, over = \"2022\" }}\n"
        )
    };
    let home = Home::new(&format!(
        "[portfolio]\nname = \"{area}\"\n[policy]\ncarbon_price_per_t = 80.0\n[[boundary]]\nid = \"{area}\"\n[[site]]\n\
         id = \"dc\"\nboundary = \"{area}\"\nit_capacity_mw = 130.0\ngrid_limit_mw = 130.0\npue = 1.0\nit_load_mw = 70.0\n{}{}",
        contract("solar"),
        contract("wind")
    ));
    let file = data.join(format!("eia930-generation/{area}.csv.gz"));
    home.run(&["ingest", file.to_str().expect("path"), "--source", "eia930", "--area", area, "--label", label]).ok();
    let mut work = String::from("id,release,deadline,energy_mwh,max_mw\n");
    let start = instant("2022-01-01T00:00:00Z");
    for hour in 0..8_760 {
        let release = start + hour * 3_600;
        writeln!(work, "w{hour:04},{release},{},30,60", release + 86_400).expect("text");
    }
    home.write("work.csv", &work);
    home.run(&["work", "import", "work.csv"]).ok();
    let to = if in_full() { "2023-01-01" } else { "2022-02-05" };
    home.run(&["backtest", "--from", "2022-01-01", "--to", to, "--format", "json"]).ok().json()
}

fn within(result: &Value, name: &str, share: f64) {
    let got = percent(result, name, "matched_share");
    assert!((got - share).abs() <= 0.3, "{name}: {got} and not {share}");
}

/// Herding is worse than as submitted, foresight is best, and the planner lies close below it.
fn in_order(result: &Value) {
    let order = ["lowest-intensity", "asap", "lp", "lp-perfect"].map(|name| percent(result, name, "matched_share"));
    assert!(order.is_sorted() && order[2] > order[1] + 5.0, "{order:?}");
}

#[test]
fn pjm_keeps_most_of_the_gain_of_foresight() {
    let Some(data) = data() else { return };
    let result = backtested(&data, "PJM", "start");
    if in_full() {
        within(&result, "asap", 70.96);
        within(&result, "lowest-intensity", 59.36);
        within(&result, "lp-perfect", 80.75);
    }
    in_order(&result);
    assert!(percent(&result, "lp", "gain_kept") >= 90.0, "{}", strategy(&result, "lp"));
    assert_eq!(strategy(&result, "lp")["missed_mwh"], 0.0);
    assert_eq!(strategy(&result, "lp")["peak_mw"], 130.0);
    assert_eq!(strategy(&result, "lowest-intensity")["feasible"], false);
}

#[test]
fn ercot_keeps_most_of_the_gain_of_foresight() {
    let Some(data) = data() else { return };
    let result = backtested(&data, "ERCO", "end");
    if in_full() {
        within(&result, "asap", 74.64);
        within(&result, "lowest-intensity", 64.57);
        within(&result, "lp-perfect", 84.56);
    }
    in_order(&result);
    assert!(percent(&result, "lp", "gain_kept") >= 95.0, "{}", strategy(&result, "lp"));
    assert_eq!(strategy(&result, "lp")["missed_mwh"], 0.0);
}

const SMALL: &str = r#"
[portfolio]
name = "small"
synthetic = true
[policy]
carbon_price_per_t = 100.0
revenue_per_gpu_hour = 0.1
tokens_per_gpu_hour = 1e6
min_utilisation = 0.8
[[boundary]]
id = "A"
price_per_mwh = 40.0
[[site]]
id = "s"
boundary = "A"
it_capacity_mw = 12.0
it_load_mw = 2.0
[[pool]]
id = "p"
site = "s"
gpu = "H100"
count = 6000
kw_per_gpu = 1.4
[[contract]]
id = "w"
boundary = "A"
technology = "wind"
"#;

/// Wind that comes and goes by the day, never quite the same; from `changed` on something else altogether.
fn wind(days: i64, changed: Instant) -> String {
    let start = instant("2026-01-10T00:00:00Z");
    let mut csv = String::from(HEADER);
    for hour in 0..24 * days {
        let s = start + 3_600 * hour;
        let day = (hour / 24) % 5;
        let usual = if day < 2 { 0.0 } else { 6.0 + (hour % 24) as f64 / 4.0 + (hour * 7_919 % 13) as f64 / 10.0 };
        let mw = if s < changed { usual } else { 14.0 - usual };
        writeln!(csv, "contract/w/generation,{s},{},{mw:.3},MW", s + 3_600).expect("text");
    }
    csv
}

/// Training for weeks, a job in one go and an array each day, and energy that divides.
fn work(days: i64) -> String {
    let mut csv = String::from(
        "id,kind,release,deadline,energy_mwh,max_mw,pool,gpus,hours,count,class,checkpoint_min,min_off_h,max_pauses_day\n",
    );
    let start = instant("2026-01-25T00:00:00Z");
    let end = start + 86_400 * 40;
    writeln!(csv, "train,training,{start},{end},,,p,2000,600,,flex-3,120,2,2").expect("text");
    for day in 0..days {
        let (from, to) = (start + 86_400 * day, start + 86_400 * (day + 1));
        writeln!(csv, "job{day},batch,{from},{to},,,p,500,4,,,,,").expect("text");
        writeln!(csv, "array{day},batch,{from},{to},,,p,300,2.5,3,,,,").expect("text");
        writeln!(csv, "energy{day},batch,{from},{to},6,3,,,,,,,,").expect("text");
    }
    csv
}

fn small(changed: Instant) -> Home {
    let home = Home::new(SMALL);
    home.write("wind.csv", &wind(40, changed));
    home.run(&["ingest", "wind.csv"]).ok();
    home.write("work.csv", &work(8));
    home.run(&["work", "import", "work.csv"]).ok();
    home
}

fn ten_days(home: &Home, format: &[&str]) -> String {
    let args = ["backtest", "--from", "2026-01-25", "--to", "2026-02-04", "--every", "6h", "--strategy", "lp"];
    let args = [&args[..], &["--strategy", "clean-first", "--strategy", "lowest-intensity"], format].concat();
    home.run(&args).ok().out
}

/// January's share of a period that ends in February.
fn january(result: &Value, name: &str) -> Value {
    strategy(result, name)["months"][0].clone()
}

#[test]
fn a_planner_sees_nothing_of_what_comes() {
    let february = instant("2026-02-01T00:00:00Z");
    let [usual, other] = [Instant::LAST, february]
        .map(|changed| serde_json::from_str(&ten_days(&small(changed), &["--format", "json"])).expect("json"))
        .map(|v: Value| v);
    for name in ["asap", "clean-first", "lp"] {
        assert_eq!(january(&usual, name), january(&other, name), "{name}");
        assert_ne!(strategy(&usual, name)["months"][1], strategy(&other, name)["months"][1], "{name}");
    }
}

#[test]
fn training_jobs_and_arrays_run_in_a_backtest() {
    let home = small(Instant::LAST);
    let result: Value = serde_json::from_str(&ten_days(&home, &["--format", "json"])).expect("json");
    assert_eq!(result["pieces_of_work"], 1 + 8 * (1 + 3 + 1));
    // Of 600 h of training at 2.8 MW the 240 h of the period; each day 0.7 MW * 4 h, three of 0.42 MW * 2.5 h, and 6 MWh.
    let within = 2.8 * 240.0 + 8.0 * (0.7 * 4.0 + 3.0 * 0.42 * 2.5 + 6.0);
    assert!((result["work_mwh"].as_f64().expect("MWh") - within).abs() < 1e-6, "{} of {within}", result["work_mwh"]);
    let (asap, lp) = (strategy(&result, "asap"), strategy(&result, "lp"));
    for s in [asap, lp] {
        assert_eq!(s["missed_mwh"], 0.0, "{s}");
        assert!(s["peak_mw"].as_f64().expect("peak") <= 12.0 + 1e-9, "{s}");
    }
    // 2 000 GPUs for 10 days, saves taken off.
    let full = 2_000.0 * 10.0 * 24.0;
    let hours = |s: &Value| s["gpu_hours"].as_f64().expect("GPU-hours");
    assert!(hours(asap) > 0.9 * full && hours(asap) <= full, "{asap}");
    assert!(hours(lp) >= 0.8 * hours(asap), "{lp}");
    assert_eq!(lp["tokens"].as_f64().map(f64::round), Some((1e6 * hours(lp)).round()));
    // With tokens this cheap it is better to wait for the wind.
    assert!(lp["pauses"].as_u64() > Some(0) && asap["pauses"] == 0, "{lp}");
    assert!(lp["matched_share"].as_f64() > asap["matched_share"].as_f64());
    assert!(lp["utilisation"].as_f64() >= Some(0.8));
}

#[test]
fn the_page_shows_what_the_document_says() {
    let home = small(Instant::LAST);
    let result: Value = serde_json::from_str(&ten_days(&home, &["--format", "json"])).expect("json");
    let page = ten_days(&home, &["--format", "html"]);
    let floor = |v: f64| format!("{:.2} %", (v * 1e4).floor() / 100.0);
    for s in result["strategies"].as_array().expect("strategies") {
        assert!(page.contains(s["name"].as_str().expect("name")));
        assert!(page.contains(&floor(s["matched_share"].as_f64().expect("share"))), "{s}");
    }
    assert!(page.contains("Synthetic data"));
    assert_eq!(page.matches("<svg viewBox=\"0 0 640").count(), 3);
    assert!(!page.contains("http"), "it stands alone");
    // People read what a strategy is, and beside it what to type.
    for words in ["as submitted <code>asap</code>", "planned <code>lp</code>", "with foresight <code>lp-perfect</code>"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("A plan every 6 h") && page.contains("keeps no limit"));
    let text = ten_days(&home, &[]);
    assert!(text.contains("lp-perfect") && text.contains("synthetic"), "{text}");
    assert!(text.contains("a plan every 6 h") && text.contains("keeps no limit"), "{text}");
    // Nothing is said of what is not there.
    let args = ["backtest", "--from", "2026-01-25", "--to", "2026-01-27", "--every", "12h", "--strategy", "lp"];
    let text = home.run(&args).ok().out;
    assert!(text.contains("a plan every 12 h") && !text.contains("keeps no limit"), "{text}");
    assert!(text.contains("asap: as submitted; lp: planned; lp-perfect: with foresight"), "{text}");
}

#[test]
fn a_period_of_nothing_is_refused() {
    let home = Home::new(SMALL);
    let args = ["backtest", "--from", "2026-01-25", "--to", "2026-02-08"];
    home.run(&args).refused("no contract has a reading");
    home.run(&["backtest", "--from", "2026-02-08", "--to", "2026-01-25"]).refused("--to is not after --from");
    home.run(&[&args[..], &["--strategy", "best"]].concat()).refused("use one of asap, lowest-intensity");
}
