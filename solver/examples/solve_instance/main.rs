//! Solves one instance of `bench/README.md` and prints one line of JSON.
//!
//! solve_instance FILE [--solution OUT] [--variant NAME] [--time-limit S] [--gap G]
//! [--method auto|simplex|interior|greedy]
//!
//! Without `--variant`, the variants a file lists are solved as well and stand under `variants`.

#[path = "../../tests/support/bench/mod.rs"]
mod bench;
mod solution;

use bench::Instance;
use hourmatch_solver::{
    Backend, HighsBackend, Limits, Outcome, Problem, Status, StructuredBackend, greedy, relaxed_model, solve_with,
};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

struct Arguments {
    file: PathBuf,
    solution: Option<PathBuf>,
    seconds: Option<f64>,
    gap: f64,
    method: String,
    variant: Option<String>,
}

fn arguments() -> Result<Arguments, String> {
    let mut parsed = Arguments {
        file: PathBuf::new(),
        solution: None,
        seconds: None,
        gap: 1e-8,
        method: "auto".to_string(),
        variant: None,
    };
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--solution" => parsed.solution = Some(PathBuf::from(value()?)),
            "--method" => parsed.method = value()?,
            "--variant" => parsed.variant = Some(value()?),
            "--time-limit" => {
                let seconds = value()?.parse::<f64>();
                parsed.seconds = Some(seconds.map_err(|_| "--time-limit needs seconds")?);
            }
            "--gap" => {
                let gap = value()?.parse::<f64>();
                parsed.gap = gap.map_err(|_| "--gap needs a part of the objective")?;
            }
            file if !file.starts_with('-') => parsed.file = PathBuf::from(file),
            other => return Err(format!("{other} is not an option")),
        }
    }
    if parsed.file.as_os_str().is_empty() {
        return Err("usage: solve_instance FILE [--solution OUT] [--variant NAME] [--time-limit S]".to_string());
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
    let mut instance = bench::load(&arguments.file)?;
    if let Some(name) = &arguments.variant {
        let known: Vec<&str> = instance.variants.iter().map(|v| v.name).collect();
        let at = known.iter().position(|v| v == name);
        let at = at.ok_or(format!("variant {name} is none of {}", known.join(", ")))?;
        let variant = instance.variants.swap_remove(at);
        if variant.relaxed {
            return relaxed(&variant.problem).map(|objective| json!({ "variant": name, "objective": objective }));
        }
        instance = Instance { problem: variant.problem, variants: Vec::new() };
    }
    let problem = &instance.problem;
    let start = Instant::now();
    let outcome = solved(problem, &arguments)?;
    let seconds = start.elapsed().as_secs_f64();
    if let Some(path) = &arguments.solution {
        let text = solution::json(problem, &outcome).to_string();
        std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    let mut variants = serde_json::Map::new();
    for variant in &instance.variants {
        let objective = match variant.relaxed {
            true => relaxed(&variant.problem)?,
            false => solved(&variant.problem, &arguments)?.objective,
        };
        variants.insert(variant.name.to_string(), json!(objective));
    }
    Ok(json!({
        "objective": outcome.objective,
        "bound": outcome.bound,
        "gap": outcome.gap,
        "solve_s": seconds,
        "peak_rss_mb": peak_rss_mb(),
        "method": method(problem, &outcome),
        "status": outcome.status,
        "rows": outcome.rows,
        "columns": outcome.columns,
        "iterations": outcome.iterations,
        "missed": outcome.jobs.iter().map(|job| job.missed).sum::<u32>(),
        "variants": variants,
    }))
}

fn solved(problem: &Problem, arguments: &Arguments) -> Result<Outcome, String> {
    let start = Instant::now();
    let over = || arguments.seconds.is_some_and(|seconds| start.elapsed().as_secs_f64() >= seconds);
    let soon = || arguments.seconds.is_some_and(|seconds| start.elapsed().as_secs_f64() >= 0.5 * seconds);
    let pieces = StructuredBackend { over: Some(&over), soon: Some(&soon), ..StructuredBackend::default() };
    let limits = Limits { seconds: arguments.seconds, gap: arguments.gap, ..Limits::default() };
    let outcome = match arguments.method.as_str() {
        "greedy" => greedy(problem),
        "auto" => solve_with(problem, &limits, &pieces),
        "interior" => solve_with(problem, &limits, &StructuredBackend { columns: 0, starts: 1, ..pieces }),
        "simplex" => solve_with(problem, &limits, &HighsBackend),
        other => return Err(format!("method {other} is none of auto, interior, simplex, greedy")),
    };
    outcome.map_err(|e| e.to_string())
}

/// The optimum without integers.
fn relaxed(problem: &Problem) -> Result<f64, String> {
    let model = relaxed_model(problem).map_err(|e| e.to_string())?;
    let raw = HighsBackend.solve(&model, &Limits::default()).map_err(|e| e.to_string())?;
    Ok(raw.objective)
}

fn method(problem: &Problem, outcome: &Outcome) -> &'static str {
    match outcome.status {
        Status::Greedy | Status::TimeLimit => "greedy",
        _ if problem.runs.is_empty() && problem.jobs.is_empty() => "linear",
        _ => "branch and bound",
    }
}

/// Largest resident size of this process so far; null where the system does not say.
fn peak_rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some((kilobytes / 1024.0).round())
}
