//! A solution and its duals, for a script outside the crate to check again.

use hourmatch_solver::{Duals, Outcome, Problem, RunOutcome, StorageOutcome};
use serde_json::{Map, Value, json};

/// `[name, step, value]` for a table of one row per name.
fn cells<'a>(names: impl Iterator<Item = &'a str>, table: &[Vec<f64>]) -> Vec<Value> {
    let mut all = Vec::new();
    for (name, row) in names.zip(table) {
        for (step, value) in row.iter().enumerate() {
            all.push(json!([name, step, value]));
        }
    }
    all
}

/// The same as objects, the form of duals.
fn duals<'a>(kind: &str, names: impl Iterator<Item = &'a str>, table: &[Vec<f64>]) -> Vec<Value> {
    let mut all = Vec::new();
    for (name, row) in names.zip(table) {
        for (step, value) in row.iter().enumerate() {
            all.push(json!({ kind: name, "step": step, "value": value }));
        }
    }
    all
}

pub fn json(problem: &Problem, outcome: &Outcome) -> Value {
    let boundaries = || problem.boundaries.iter().map(|b| b.id.as_str());
    let sites = || problem.sites.iter().map(|s| s.id.as_str());
    let x: Vec<Value> = outcome
        .placements
        .iter()
        .map(|p| json!([problem.work[p.work].id, problem.sites[p.site].id, p.step, p.mw]))
        .collect();
    let miss: Map<String, Value> =
        problem.work.iter().zip(&outcome.miss_mwh).map(|(w, mwh)| (w.id.to_string(), json!(mwh))).collect();
    let read = Duals::new(problem, &outcome.duals);
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
        "shorts": outcome.short_mwh,
        "runs": problem.runs.iter().zip(&outcome.runs).map(|(r, made)| run(&r.id, made)).collect::<Vec<_>>(),
        "storage": problem.storage.iter().zip(&outcome.storage).map(|(k, flows)| storage(&k.id, flows)).collect::<Vec<_>>(),
        "peaks_mw": outcome.peaks_mw,
        "costs": outcome.costs,
        "duals": {
            "balance": duals("boundary", boundaries(), &read.balance),
            "capacity": duals("site", sites(), &read.capacity),
            "energy": energy,
            "target": read.target.first(),
            "targets": read.target,
        },
        "prices": cells(sites(), &outcome.prices),
    })
}

fn run(id: &str, made: &RunOutcome) -> Value {
    let each = |of: &dyn Fn(&hourmatch_solver::RunStep) -> Value| made.steps.iter().map(of).collect::<Vec<_>>();
    json!({
        "id": id,
        "on": each(&|s| json!(u8::from(s.on))),
        "start": each(&|s| json!(u8::from(s.start))),
        "save": each(&|s| json!(u8::from(s.save))),
        "train_mw": each(&|s| json!(s.train_mw)),
        "draw_mw": each(&|s| json!(s.mw)),
        "progress": each(&|s| json!(s.progress)),
        "pauses": made.pauses,
    })
}

fn storage(id: &str, flows: &StorageOutcome) -> Value {
    let mut value = json!(flows);
    value["id"] = json!(id);
    value
}
