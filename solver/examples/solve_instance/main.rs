//! Solves one instance of `bench/README.md`, or one that is generated from its name (`tests/support/bench/generated.rs`), and
//! prints one line of JSON.
//!
//! solve_instance FILE|NAME [--solution OUT] [--variant NAME] [--time-limit S] [--gap G]
//! [--method auto|interior|pieces-first|cells-first|simplex|greedy|highs-simplex|highs-ipm|highs-hipo|highs-branch] [--instance OUT] [--mps OUT] [--again]
//!
//! `pieces-first` and `cells-first` are the interior-point method with one order of elimination, `interior` with the better one.
//! Methods named `highs-` are HiGHS alone on the whole model, what the others are measured against. With `--instance` or
//! `--mps` the instance, or its model, is written and nothing solved. Without `--variant`, the variants a file lists are
//! solved as well and stand under `variants`. With `--again` the instance is solved, changed as an hour changes it, and solved
//! again, from that plan and from scratch.

mod arguments;
#[path = "../../tests/support/bench/mod.rs"]
mod bench;
#[path = "../../tests/support/plain.rs"]
mod plain;
mod solution;

use arguments::{Arguments, USAGE, arguments};
use bench::Instance;
use bench::hour::an_hour_later;
use hourmatch_solver::{
    Backend, Eliminate, HighsBackend, Limits, Outcome, PreviousPlan, Problem, SolveError, Status, StructuredBackend,
    continue_previous, greedy, relaxed_model, solve_from, solve_with, write_mps,
};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

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
        let at = at.ok_or(format!("variant {name} is not one of {}", known.join(", ")))?;
        let variant = instance.variants.swap_remove(at);
        if variant.relaxed {
            return relaxed(&variant.problem).map(|objective| json!({ "variant": name, "objective": objective }));
        }
        instance = Instance { problem: variant.problem, variants: Vec::new() };
    }
    let problem = &instance.problem;
    if arguments.instance.is_some() || arguments.mps.is_some() {
        return written(problem, &arguments);
    }
    if let Some(method) = arguments.method.strip_prefix("highs-") {
        return by_highs(problem, method, &arguments);
    }
    let start = Instant::now();
    let outcome = solved(problem, &arguments)?;
    let seconds = start.elapsed().as_secs_f64();
    if let Some(path) = &arguments.solution {
        let text = solution::json(problem, &outcome).to_string();
        std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    if arguments.again {
        return again(problem, &outcome, seconds, &arguments);
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

/// The instance, or its model, in files.
fn written(problem: &Problem, arguments: &Arguments) -> Result<Value, String> {
    if let Some(path) = &arguments.instance {
        bench::write(path, problem)?;
    }
    if let Some(path) = &arguments.mps {
        mps(path, problem).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(json!({
        "sites": problem.sites.len(),
        "steps": problem.steps,
        "work": problem.work.len(),
        "jobs": problem.jobs.len(),
        "runs": problem.runs.len(),
    }))
}

fn mps(path: &Path, problem: &Problem) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    write_mps(problem, &mut out)?;
    out.flush()
}

fn by_highs(problem: &Problem, method: &str, arguments: &Arguments) -> Result<Value, String> {
    let limits = Limits { seconds: arguments.seconds, gap: arguments.gap, ..Limits::default() };
    let answer = plain::solve(problem, method, &limits)?;
    let gap = answer.objective.zip(answer.bound).map(|(o, b)| (o - b).max(0.0) / o.abs().max(1.0));
    Ok(json!({
        "objective": answer.objective,
        "bound": answer.bound,
        "gap": gap,
        "state_s": answer.state_s,
        "solve_s": answer.solve_s,
        "peak_rss_mb": peak_rss_mb(),
        "method": arguments.method,
        "status": answer.status,
        "rows": answer.rows,
        "columns": answer.columns,
    }))
}

fn solved(problem: &Problem, arguments: &Arguments) -> Result<Outcome, String> {
    solved_from(problem, None, arguments)
}

fn solved_from(problem: &Problem, from: Option<&Outcome>, arguments: &Arguments) -> Result<Outcome, String> {
    let start = Instant::now();
    let over = || arguments.seconds.is_some_and(|seconds| start.elapsed().as_secs_f64() >= seconds);
    let soon = || arguments.seconds.is_some_and(|seconds| start.elapsed().as_secs_f64() >= 0.5 * seconds);
    let pieces = StructuredBackend { over: Some(&over), soon: Some(&soon), ..StructuredBackend::default() };
    let limits = Limits { seconds: arguments.seconds, gap: arguments.gap, ..Limits::default() };
    let outcome = match arguments.method.as_str() {
        "greedy" => greedy(problem),
        "auto" => solve_from(problem, &limits, &pieces, from),
        "interior" => interior(problem, &limits, pieces),
        "pieces-first" => interior(problem, &limits, StructuredBackend { eliminate: Eliminate::Pieces, ..pieces }),
        "cells-first" => interior(problem, &limits, StructuredBackend { eliminate: Eliminate::Cells, ..pieces }),
        "simplex" => solve_with(problem, &limits, &HighsBackend),
        other => return Err(format!("method {other} is not one of those of --method\n{USAGE}")),
    };
    outcome.map_err(|e| e.to_string())
}

/// By the interior-point method, whatever the size.
fn interior(problem: &Problem, limits: &Limits, pieces: StructuredBackend<'_>) -> Result<Outcome, SolveError> {
    solve_with(problem, limits, &StructuredBackend { columns: 0, starts: 1, ..pieces })
}

/// An hour later, from the plan there is and from scratch.
fn again(before: &Problem, plan: &Outcome, seconds: f64, arguments: &Arguments) -> Result<Value, String> {
    let problem = an_hour_later(before, 1);
    let timed = |start: Option<&Outcome>| {
        let clock = Instant::now();
        let outcome = solved_from(&problem, start, arguments)?;
        Ok::<_, String>((outcome, clock.elapsed().as_secs_f64()))
    };
    let clock = Instant::now();
    let previous = PreviousPlan::of(plan);
    let limits = Limits { gap: arguments.gap, ..Limits::default() };
    let backend = StructuredBackend::default();
    let carried = continue_previous(&problem, &previous, &limits, &backend).map_err(|e| e.to_string())?;
    let (again, _) = timed(Some(&carried))?;
    let again_s = clock.elapsed().as_secs_f64();
    let (anew, anew_s) = timed(None)?;
    let of = |outcome: &Outcome, seconds: f64| {
        json!({
            "objective": outcome.objective,
            "bound": outcome.bound,
            "gap": outcome.gap,
            "short": outcome.searched.is_some_and(|searched| searched.short),
            "missed": outcome.jobs.iter().map(|job| job.missed).sum::<u32>(),
            "solve_s": seconds,
        })
    };
    Ok(json!({
        "before": of(plan, seconds),
        "carried": of(&carried, 0.0),
        "again": of(&again, again_s),
        "anew": of(&anew, anew_s),
        "times_faster": anew_s / again_s,
    }))
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
