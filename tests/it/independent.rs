//! A second computation in Python, from the inputs of packs alone, agrees on every figure; on a pack with one watt-hour
//! moved it does not.

use crate::support::{Home, data};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the second computation over packs.
pub fn audit(packs: &[PathBuf]) -> Output {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent");
    Command::new("python3").args(["-m", "audit"]).args(packs).current_dir(here).output().expect("python3 runs")
}

pub fn agrees(packs: &[PathBuf]) {
    let done = audit(packs);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn it_agrees_on_the_demo_and_notices_one_watt_hour() {
    let home = Home::new("");
    home.run(&["demo"]).ok();
    let pack = home.path("hourmatch-demo/pack");
    agrees(std::slice::from_ref(&pack));
    let path = pack.join("allocations.csv");
    let text = std::fs::read_to_string(&path).expect("allocations");
    let (head, rows) = text.split_once('\n').expect("rows");
    let mut rows: Vec<Vec<String>> =
        rows.lines().map(|line| line.split(',').map(String::from).collect::<Vec<_>>()).collect();
    let moved = |cell: &str, by: i64| (cell.parse::<i64>().expect("Wh") + by).to_string();
    rows[10][3] = moved(&rows[10][3], 1);
    rows[11][3] = moved(&rows[11][3], -1);
    let lines: Vec<String> = rows.iter().map(|cells| cells.join(",")).collect();
    std::fs::write(&path, format!("{head}\n{}\n", lines.join("\n"))).expect("written");
    let done = audit(&[pack]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(
        !done.status.success() && said.contains("allocations.csv: 2026-03-02T00:00:00Z") && said.lines().count() == 2,
        "{said}"
    );
}

/// Packs of every worked example that a pack can be made of.
#[test]
fn it_agrees_on_every_worked_example() {
    let made = crate::worked::packs();
    let packs: Vec<PathBuf> = made.iter().map(|(_, pack)| pack.clone()).collect();
    assert!(packs.len() >= 60, "{}", packs.len());
    agrees(&packs);
}

fn python(args: &[&str]) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent");
    let done = Command::new("python3").args(args).current_dir(here).output().expect("python3 runs");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
}

/// The rules' own examples, through the second computation alone.
#[test]
fn it_holds_by_itself() {
    python(&["-B", "-m", "unittest", "discover", "-t", ".", "-s", "tests"]);
}

/// Some of each version; `tests/independent/README.md` says how to run ten thousand.
#[test]
fn it_agrees_on_random_portfolios() {
    let binary = env!("CARGO_BIN_EXE_hourmatch");
    for (ruleset, count) in [("hourly-2026@3", "100"), ("hourly-2026@2", "30")] {
        python(&["random_portfolios.py", "--bin", binary, "--seed", "8", "--count", count, "--ruleset", ruleset]);
    }
}

#[test]
fn it_agrees_on_real_years() {
    let Some(data) = data() else { return };
    let mut homes = Vec::new();
    let mut packs = Vec::new();
    for (area, label) in [("PJM", "start"), ("ERCO", "end")] {
        let home = crate::real_data::home(&data, area, label, |hour| 60 + hour % 24 * 3);
        home.run(&["pack", "--from", "2022-01-01", "--to", "2023-01-01", "-o", "pack"]).ok();
        packs.push(home.path("pack"));
        homes.push(home);
    }
    agrees(&packs);
}
