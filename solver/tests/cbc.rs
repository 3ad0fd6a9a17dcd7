//! Another solver reads the MPS text and finds the same optimum: COIN-OR's CBC, where it is installed.
//!
//! `./dev test` installs it (Debian: coinor-cbc), and there its absence is a failure.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{Limits, Problem, solve, write_mps};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use support::{bench, hand, instance, near, small};

fn installed() -> bool {
    let found = Command::new("cbc").arg("-quit").stdin(Stdio::null()).output().is_ok();
    if !found {
        let whole = std::env::var_os("HOURMATCH_TEST_POSTGRES").is_some();
        assert!(!whole, "cbc is not on PATH: apt-get install coinor-cbc");
        println!("skipped: cbc is not on PATH (Debian: coinor-cbc)");
    }
    found
}

/// CBC's proven optimum of the model as it is written.
fn optimum(name: &str, problem: &Problem) -> f64 {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cbc");
    std::fs::create_dir_all(&folder).unwrap();
    let (model, solution) = (folder.join(format!("{name}.mps")), folder.join(format!("{name}.txt")));
    let mut file = BufWriter::new(File::create(&model).unwrap());
    write_mps(problem, &mut file).unwrap();
    file.flush().unwrap();
    // Its preprocessing now and then calls a model infeasible that it then solves without it.
    let mut said = String::new();
    for preprocess in ["sos", "off"] {
        // An answer left from an earlier run is none.
        let _ = std::fs::remove_file(&solution);
        let mut command = Command::new("cbc");
        let exact = ["-primalT", "1e-9", "-dualT", "1e-9", "-integerT", "1e-9", "-ratio", "0", "-allow", "0"];
        command.arg(&model).args(["-preprocess", preprocess]).args(exact).args(["-sec", "300", "-solve"]);
        let done = command.arg("-solution").arg(&solution).arg("-quit").stdin(Stdio::null()).output().unwrap();
        said = String::from_utf8_lossy(&done.stdout).into_owned();
        let text = std::fs::read_to_string(&solution).unwrap_or_else(|e| panic!("{name}: {e}\n{said}"));
        let first = text.lines().next().unwrap_or_default();
        if let Some(value) = first.strip_prefix("Optimal - objective value") {
            return value.trim().parse().unwrap();
        }
    }
    panic!("{name}: no optimum by CBC\n{said}")
}

fn agrees(name: &str, problem: &Problem) {
    let ours = solve(problem, &Limits { gap: 1e-9, ..Limits::default() }).unwrap().objective;
    let theirs = optimum(name, problem);
    assert!(near(ours, theirs, 1e-6), "{name}: {ours} here, {theirs} by CBC");
}

#[test]
fn cbc_agrees_on_the_hand_numbers() {
    if !installed() {
        return;
    }
    let mut with_integers = 0;
    for (name, problem, stated) in hand::all() {
        let theirs = optimum(&name, &problem);
        assert!(near(theirs, stated, 1e-6), "{name}: {stated} by hand, {theirs} by CBC");
        agrees(&name, &problem);
        with_integers += usize::from(hourmatch_solver::model(&problem).unwrap().has_integers());
    }
    assert!(with_integers >= 10, "only {with_integers} of them have whole numbers");
}

#[test]
fn cbc_agrees_on_the_bench_cases() {
    if !installed() {
        return;
    }
    let files = [
        "jobs-500.json.gz",
        "jobs-500-target.json.gz",
        "training-run.json",
        "storage-target.json",
        "two-boundary-target.json",
    ];
    for file in files {
        let Some(path) = instance(file) else { return };
        let name = file.split('.').next().unwrap_or(file);
        let made = bench::load(&path).unwrap();
        agrees(name, &made.problem);
        for variant in made.variants.iter().filter(|v| !v.relaxed) {
            agrees(&format!("{name}-{}", variant.name), &variant.problem);
        }
    }
}

#[test]
fn cbc_agrees_on_random_problems() {
    if !installed() {
        return;
    }
    let mut stored = 0;
    for seed in 0..100 {
        let problem = small::small(seed);
        stored += problem.storage.len();
        agrees(&format!("small-{seed}"), &problem);
    }
    assert!(stored > 4, "only {stored} of them have storage");
}

/// The comparison can fail: a model with one price changed has another optimum.
#[test]
fn cbc_sees_a_changed_model() {
    if !installed() {
        return;
    }
    let (name, mut problem, stated) = hand::all().swap_remove(0);
    problem.boundaries[0].buy_per_mwh[0] += 1.0;
    let theirs = optimum(&format!("{name}-changed"), &problem);
    assert!(!near(theirs, stated, 1e-3), "{theirs}");
}
