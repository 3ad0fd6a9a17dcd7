//! A second computation in Python, from the inputs of packs alone, agrees on every figure; on a pack with one watt-hour
//! moved it does not. Another checks packs from `docs/pack-format.md` alone; one byte changed and it does not hold.

use crate::support::{HEADER, Home, ONE_SITE, Ran, data, fixture, hourly, in_full, root};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs a module of `tests/independent`.
fn python<I: AsRef<OsStr>>(module: &str, args: impl IntoIterator<Item = I>) -> Output {
    let here = root().join("tests/independent");
    Command::new("python3").args(["-m", module]).args(args).current_dir(here).output().expect("python3 runs")
}

/// Runs the second computation over packs.
pub fn audit(packs: &[PathBuf]) -> Output {
    python("audit", packs)
}

/// Checks a pack from the page on its format.
pub fn rebuild(pack: &Path, more: &[&OsStr]) -> Ran {
    python("rebuild", std::iter::once(pack.as_os_str()).chain(more.iter().copied())).into()
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

/// Some of each version; `./dev test --full` takes ten thousand.
#[test]
fn it_agrees_on_random_portfolios() {
    let binary = env!("CARGO_BIN_EXE_hourmatch");
    let counts = if in_full() { ["10000", "1000"] } else { ["100", "30"] };
    for (ruleset, count) in ["hourly-2026@4", "hourly-2026@2"].into_iter().zip(counts) {
        let asked = ["--bin", binary, "--seed", "8", "--count", count, "--jobs", "2", "--ruleset", ruleset];
        Ran::from(python("random_portfolios", asked)).ok();
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

#[test]
fn packs_hold_by_the_page_alone() {
    let home = Home::new("");
    home.run(&["demo"]).ok();
    let demo = rebuild(&home.path("hourmatch-demo/pack"), &[]).ok();
    assert!(demo.out.contains("received rows: "), "{}", demo.out);
    let committed = fixture("packs");
    for entry in std::fs::read_dir(committed).expect("packs") {
        let pack = entry.expect("entry").path();
        if pack.is_dir() {
            rebuild(&pack, &[]).ok();
        }
    }
}

/// Units as providers write them, and times without seconds.
#[test]
fn intensities_of_carbon_dioxide_hold_by_the_page() {
    let home = Home::new(ONE_SITE);
    let readings = hourly("site/s/load", [1.0, 1.0]) + &hourly("contract/w/generation", [0.5, 0.5]);
    let intensity = "grid/A/carbon_intensity,2026-01-01T00:00Z,2026-01-01T01:00Z,310,gCO2eq/kWh\n\
        grid/A/carbon_intensity,2026-01-01T01:00Z,2026-01-01T02:00Z,870,lbs CO2/MWh\n";
    home.write("r.csv", &format!("{HEADER}{readings}{intensity}"));
    home.run(&["ingest", "r.csv"]).ok();
    home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-01T02:00Z", "-o", "pack"]).ok();
    let kept = home.read("pack/inputs/readings.csv");
    assert!(kept.contains(",310000,mg/kWh,") && kept.contains(",394626,mg/kWh,"), "{kept}");
    rebuild(&home.path("pack"), &[]).ok();
}

#[test]
fn a_signed_pack_and_its_proof_hold_by_the_page_and_one_byte_breaks_them() {
    let home = Home::new(ONE_SITE);
    let readings = hourly("site/s/load", [1.0, 0.5, 0.25]) + &hourly("contract/w/generation", [0.5, 0.75, 0.0]);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    let key = home.run(&["keys", "new", "k"]).ok().out;
    let period = ["--from", "2026-01-01", "--to", "2026-01-01T03:00Z", "--sign-with", "k"];
    home.run(&[&["pack", "-o", "pack"], &period[..]].concat()).ok();
    home.run(&["verify", "pack", "--prove", "s@2026-01-01T01:00:00Z", "-o", "proof.json"]).ok();
    let (pack, proof) = (home.path("pack"), home.path("proof.json"));
    let known = [OsStr::new("--key"), OsStr::new(key.trim()), OsStr::new("--proof"), proof.as_os_str()];
    let held = rebuild(&pack, &known).ok();
    assert!(held.out.contains("the key given") && held.out.contains("made again to the same bytes"), "{}", held.out);

    let path = pack.join("allocations.csv");
    let mut bytes = std::fs::read(&path).expect("allocations");
    let last = bytes.len() - 2;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).expect("written");
    let broken = rebuild(&pack, &known);
    assert!(broken.code == 1 && broken.out.contains("allocations.csv: listed as"), "{}{}", broken.out, broken.err);
}

/// The examples of the rules and of the page, changed packs, forms of received files.
#[test]
fn its_own_tests_hold() {
    let done: Ran = python("unittest", ["discover", "-t", ".", "-s", "tests"]).into();
    done.ok();
}
