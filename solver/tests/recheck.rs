//! What `solve_instance --solution` writes, re-checked by `tests/independent` in Python; a changed solution is refused.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::{bench, instance};

/// `cargo test` builds the examples beside the folder this test lies in.
fn example() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let built = tests.parent().and_then(Path::parent).unwrap().join("examples/solve_instance");
    let built = built.with_extension(std::env::consts::EXE_EXTENSION);
    let hint = "build it first: cargo build --release -p hourmatch-solver --examples";
    assert!(built.exists(), "{} is not there; {hint}", built.display());
    built
}

fn file(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recheck");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// Solves an instance, or a variant of it, and leaves the solution in a file of its own for each that asks.
fn solution(instance: &Path, variant: Option<&str>, asker: &str) -> PathBuf {
    let stem = instance.file_name().unwrap().to_string_lossy().replace('.', "-");
    let out = file(&format!("{stem}-{}-{asker}.json", variant.unwrap_or("whole")));
    let mut command = Command::new(example());
    command.arg(instance).arg("--solution").arg(&out);
    if let Some(variant) = variant {
        command.args(["--variant", variant]);
    }
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    out
}

fn recheck(script: &str, instance: &Path, solution: &Path, variant: Option<&str>) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/independent").join(script);
    let mut command = Command::new("python3");
    command.arg(script).arg(instance).arg(solution).args(variant);
    command.output().unwrap()
}

fn accepted(script: &str, instance: &Path, solution: &Path, variant: Option<&str>) {
    let done = recheck(script, instance, solution, variant);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{} {variant:?}: {said}", instance.display());
}

/// What is done to a solution, and to which of its parts.
type Change = (&'static str, fn(&mut Value));

/// Every change made to a solution that is accepted as it stands makes the script refuse it, in words.
fn refused(script: &str, name: &str, changes: &[Change]) {
    let Some(path) = instance(name) else { return };
    let good = solution(&path, None, "refused");
    accepted(script, &path, &good, None);
    let stated: Value = serde_json::from_slice(&std::fs::read(&good).unwrap()).unwrap();
    for (at, (what, change)) in changes.iter().enumerate() {
        let mut other = stated.clone();
        change(&mut other);
        assert_ne!(other, stated, "{name}: {what} changed nothing");
        let bad = file(&format!("{name}-changed-{at}.json"));
        std::fs::write(&bad, other.to_string()).unwrap();
        let done = recheck(script, &path, &bad, None);
        let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert_eq!(done.status.code(), Some(1), "{name}: {what} is accepted: {said}");
        assert!(!said.trim().is_empty() && !said.contains("Traceback"), "{name}: {what}: {said}");
    }
}

fn add(value: &mut Value, more: f64) {
    *value = json!(value.as_f64().unwrap() + more);
}

/// The step in which a series has most.
fn highest(series: &Value) -> usize {
    let values: Vec<f64> = series.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    (0..values.len()).max_by(|a, b| values[*a].total_cmp(&values[*b])).unwrap()
}

#[test]
fn the_cases_and_their_variants_are_rechecked() {
    for name in ["training-run.json", "storage-target.json", "two-boundary-target.json"] {
        let Some(path) = instance(name) else { return };
        accepted("recheck_case.py", &path, &solution(&path, None, "accepted"), None);
        let variants = bench::load(&path).unwrap().variants;
        assert!(!variants.is_empty(), "{name}");
        for variant in variants.iter().filter(|v| !v.relaxed) {
            let made = solution(&path, Some(variant.name), "accepted");
            accepted("recheck_case.py", &path, &made, Some(variant.name));
        }
    }
}

#[test]
fn the_jobs_are_rechecked() {
    for name in ["jobs-500.json.gz", "jobs-500-target.json.gz"] {
        let Some(path) = instance(name) else { return };
        accepted("recheck_solution.py", &path, &solution(&path, None, "accepted"), None);
    }
}

#[test]
fn a_changed_training_run_is_refused() {
    let changes: [Change; 6] = [
        ("a step less on", |s| s["runs"][0]["on"][0] = json!(0)),
        ("a save less", |s| {
            let at = highest(&s["runs"][0]["save"]);
            s["runs"][0]["save"][at] = json!(0);
        }),
        ("less power for the same progress", |s| add(&mut s["runs"][0]["train_mw"][0], -1.0)),
        ("more progress", |s| add(&mut s["runs"][0]["progress"][0], 0.1)),
        ("a lower objective", |s| add(&mut s["objective"], -10.0)),
        ("a bound above the objective", |s| add(&mut s["bound"], 10.0)),
    ];
    refused("recheck_case.py", "training-run.json", &changes);
}

#[test]
fn a_changed_storage_is_refused() {
    let changes: [Change; 6] = [
        ("more discharge", |s| {
            let at = highest(&s["storage"][0]["discharge_clean"]);
            add(&mut s["storage"][0]["discharge_clean"][at], 0.1);
        }),
        ("less charge", |s| {
            let at = highest(&s["storage"][0]["charge_clean"]);
            add(&mut s["storage"][0]["charge_clean"][at], -0.1);
        }),
        ("less work", |s| add(&mut s["x"][0][3], -0.1)),
        ("less from the grid", |s| add(&mut s["grid"][0][2], -0.1)),
        ("a smaller shortfall", |s| add(&mut s["short"], -1.0)),
        ("a lower objective", |s| add(&mut s["objective"], -10.0)),
    ];
    refused("recheck_case.py", "storage-target.json", &changes);
}

#[test]
fn a_changed_plan_of_two_boundaries_is_refused() {
    let changes: [Change; 5] = [
        ("less work", |s| add(&mut s["x"][0][3], -0.1)),
        ("work at another step", |s| add(&mut s["x"][0][2], 1_000.0)),
        ("more of a contract", |s| add(&mut s["use"][0][2], 0.1)),
        ("a smaller shortfall", |s| add(&mut s["shorts"][0], -1.0)),
        ("a lower objective", |s| add(&mut s["objective"], -10.0)),
    ];
    refused("recheck_case.py", "two-boundary-target.json", &changes);
}

#[test]
fn a_changed_plan_of_jobs_is_refused() {
    let changes: [Change; 3] = [
        ("less work", |s| add(&mut s["x"][0][3], -0.1)),
        ("less from the grid", |s| {
            let rows = s["grid"].as_array_mut().unwrap();
            let most = rows.iter_mut().max_by(|a, b| a[2].as_f64().unwrap().total_cmp(&b[2].as_f64().unwrap()));
            add(&mut most.unwrap()[2], -0.1);
        }),
        ("a lower objective", |s| add(&mut s["objective"], -1_000.0)),
    ];
    refused("recheck_solution.py", "jobs-500.json.gz", &changes);
}
