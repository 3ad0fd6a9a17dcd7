//! Solves one instance of `bench/README.md` and prints one line of JSON.
//!
//! solve_instance FILE [--solution OUT] [--time-limit S] [--method auto|simplex|greedy]

#[path = "../tests/support/bench.rs"]
mod bench;

use hourmatch_solver::{Duals, Limits, Outcome, Problem, Status, greedy, size, solve};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Beyond this simplex has nothing to give within memory and patience.
const SIMPLEX_COLUMNS: usize = 3_000_000;

struct Arguments {
    file: PathBuf,
    solution: Option<PathBuf>,
    seconds: Option<f64>,
    method: String,
}

fn arguments() -> Result<Arguments, String> {
    let mut parsed = Arguments { file: PathBuf::new(), solution: None, seconds: None, method: "auto".to_string() };
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--solution" => parsed.solution = Some(PathBuf::from(value()?)),
            "--method" => parsed.method = value()?,
            "--time-limit" => {
                let seconds = value()?.parse::<f64>();
                parsed.seconds = Some(seconds.map_err(|_| "--time-limit needs seconds")?);
            }
            file if !file.starts_with('-') => parsed.file = PathBuf::from(file),
            other => return Err(format!("{other} is not an option")),
        }
    }
    if parsed.file.as_os_str().is_empty() {
        return Err("usage: solve_instance FILE [--solution OUT] [--time-limit S]".to_string());
    }
    Ok(parsed)
}

fn main() -> ExitCode {
    match run() {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<Value, String> {
    let arguments = arguments()?;
    let problem = bench::load(&arguments.file)?;
    let (_, columns) = size(&problem).map_err(|e| e.to_string())?;
    let large = columns > SIMPLEX_COLUMNS;
    let limits = Limits { iterations: None, seconds: arguments.seconds };
    let start = Instant::now();
    let outcome = match arguments.method.as_str() {
        "greedy" => greedy(&problem),
        "auto" if large => greedy(&problem),
        "auto" | "simplex" => solve(&problem, &limits),
        other => return Err(format!("method {other} is none of auto, simplex, greedy")),
    };
    let outcome = outcome.map_err(|e| e.to_string())?;
    let seconds = start.elapsed().as_secs_f64();
    if let Some(path) = &arguments.solution {
        let text = solution(&problem, &outcome).to_string();
        std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    let method = match outcome.status {
        Status::Optimal | Status::Feasible => "simplex",
        Status::Greedy | Status::TimeLimit => "greedy",
    };
    Ok(json!({
        "objective": outcome.objective,
        "bound": outcome.bound,
        "gap": outcome.gap,
        "solve_s": seconds,
        "peak_rss_mb": peak_rss_mb(),
        "method": method,
        "status": outcome.status,
        "rows": outcome.rows,
        "columns": outcome.columns,
        "iterations": outcome.iterations,
    }))
}

/// Largest resident size of this process so far; null where the system does not say.
fn peak_rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some((kilobytes / 1024.0).round())
}

/// `[name, step, value]` for a table of one row per name.
fn cells<'a>(names: impl Iterator<Item = &'a String>, table: &[Vec<f64>]) -> Vec<Value> {
    let mut all = Vec::new();
    for (name, row) in names.zip(table) {
        for (step, value) in row.iter().enumerate() {
            all.push(json!([name, step, value]));
        }
    }
    all
}

/// The same as objects, the form of duals.
fn duals<'a>(kind: &str, names: impl Iterator<Item = &'a String>, table: &[Vec<f64>]) -> Vec<Value> {
    let mut all = Vec::new();
    for (name, row) in names.zip(table) {
        for (step, value) in row.iter().enumerate() {
            all.push(json!({ kind: name, "step": step, "value": value }));
        }
    }
    all
}

fn solution(problem: &Problem, outcome: &Outcome) -> Value {
    let boundaries = || problem.boundaries.iter().map(|b| &b.id);
    let sites = || problem.sites.iter().map(|s| &s.id);
    let x: Vec<Value> = outcome
        .placements
        .iter()
        .map(|p| json!([problem.work[p.work].id, problem.sites[p.site].id, p.step, p.mw]))
        .collect();
    let miss: Map<String, Value> =
        problem.work.iter().zip(&outcome.miss_mwh).map(|(w, mwh)| (w.id.clone(), json!(mwh))).collect();
    let read = Duals::of(problem, &outcome.duals);
    let energy: Vec<Value> =
        problem.work.iter().zip(&read.energy).map(|(w, value)| json!({ "work": w.id, "value": value })).collect();
    json!({
        "objective": outcome.objective,
        "bound": outcome.bound,
        "x": x,
        "miss": miss,
        // One contract per boundary, in the same order.
        "use": cells(boundaries(), &outcome.used_mw),
        "grid": cells(boundaries(), &outcome.grid_mw),
        "short": outcome.short_mwh.first(),
        "duals": {
            "balance": duals("boundary", boundaries(), &read.balance),
            "capacity": duals("site", sites(), &read.capacity),
            "energy": energy,
            "target": read.target.first(),
        },
        "prices": cells(sites(), &outcome.prices),
    })
}
