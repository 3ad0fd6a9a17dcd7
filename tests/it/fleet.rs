//! A month of an AI factory, known in advance: what throttling and pausing are each worth, and that tokens have their price.

use crate::support::{Home, data, fixture, in_full};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const TOML: &str = include_str!("../../fixtures/fleet/hourmatch.toml");
const GAP: f64 = 1e-4;

/// Plans the month with one of the fixture's work lists, tokens at so many times their stated price.
fn planned(files: &Path, list: &str, times: f64) -> Value {
    let stated = "revenue_per_gpu_hour = 2.0";
    assert!(TOML.contains(stated));
    let home = Home::new(&TOML.replace(stated, &format!("revenue_per_gpu_hour = {:.1}", 2.0 * times)));
    let file = |name: &str| files.join(name).display().to_string();
    home.run(&["ingest", &file("forecasts.csv")]).ok();
    home.run(&["work", "import", &file(&format!("work-{list}.csv"))]).ok();
    let gap = GAP.to_string();
    let args = ["plan", "--now", "2026-03-01T00:00Z", "--horizon", "720h", "--gap", &gap, "--time-limit", "1800s"];
    home.run(&[&args[..], &["--format", "json"]].concat()).ok().json()
}

fn number(plan: &Value, key: &str) -> f64 {
    plan[key].as_f64().unwrap_or_else(|| panic!("{key} of {plan}"))
}

fn pauses(plan: &Value) -> usize {
    plan["events"].as_array().expect("events").iter().filter(|e| e["kind"] == "pause").count()
}

/// Stretches of training under full power that hold neither a save nor a restart.
fn throttled(plan: &Value) -> usize {
    plan["events"].as_array().expect("events").iter().filter(|e| e["kind"] == "cap").count()
}

#[test]
fn throttling_and_pausing_pay_at_the_price_of_tokens_and_not_at_ten_times_it() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let make = fixture("fleet/make.py");
    let mut command = Command::new("python3");
    command.arg(make).arg(dir.path());
    if let Some(data) = data() {
        command.arg("--philly").arg(data.join("philly-jobs/philly.csv.gz"));
    }
    assert!(command.status().expect("python3 runs").success());
    let made = |list: &str| planned(dir.path(), list, 1.0);
    let (all, neither) = (made("all"), made("neither"));
    let mut plans = vec![&all, &neither];
    // Half a minute for each.
    let more = in_full().then(|| (made("no-pause"), made("no-throttle")));
    plans.extend(more.iter().flat_map(|(no_pause, no_throttle)| [no_pause, no_throttle]));
    for plan in plans {
        assert!(number(plan, "gap") <= GAP, "{} {}", plan["status"], plan["gap"]);
        let utilisation = plan["economics"]["utilisation"].as_f64().expect("utilisation");
        assert!(utilisation >= 0.9, "{utilisation}");
    }
    let of = |plan: &Value| number(plan, "objective");
    assert!(of(&all) < of(&neither) * (1.0 - GAP), "{} {}", of(&all), of(&neither));
    assert!(throttled(&all) >= 1 && pauses(&all) >= 1, "{}", all["events"]);
    assert_eq!((pauses(&neither), throttled(&neither)), (0, 0));
    let Some((no_pause, no_throttle)) = &more else { return };
    for one in [no_pause, no_throttle] {
        assert!(of(&all) <= of(one) && of(one) <= of(&neither));
    }
    assert!(of(&all) < of(no_throttle) * (1.0 - GAP) && of(no_throttle) < of(&neither) * (1.0 - GAP));
    assert_eq!((pauses(no_pause), throttled(no_throttle)), (0, 0));
    let dear = planned(dir.path(), "all", 10.0);
    assert!(number(&dear, "gap") <= GAP);
    assert_eq!((pauses(&dear), throttled(&dear)), (0, 0));
}
