//! The instances of `bench/README.md` as problems. Shared by the tests and the example.

mod jobs;
pub mod queue;
pub mod random;
mod read;
mod storage_target;
mod training_run;
mod two_boundary_target;

use flate2::read::GzDecoder;
use hourmatch_solver::Problem;
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// An instance, as it stands and in each variant its file lists.
#[derive(Debug)]
pub struct Instance {
    pub problem: Problem,
    pub variants: Vec<Variant>,
}

#[derive(Debug)]
pub struct Variant {
    pub name: &'static str,
    pub problem: Problem,
    /// Whole numbers are relaxed.
    pub relaxed: bool,
}

impl Variant {
    pub fn new(name: &'static str, problem: Problem) -> Variant {
        Variant { name, problem, relaxed: false }
    }
}

pub fn load(path: &Path) -> Result<Instance, String> {
    if let Some(problem) = path.to_str().and_then(queue::named) {
        return Ok(Instance { problem, variants: Vec::new() });
    }
    let named = |e: String| format!("{}: {e}", path.display());
    let value = json(path).map_err(named)?;
    let read = match value["case"].as_str() {
        None => jobs::problem(&value).map(|problem| Instance { problem, variants: Vec::new() }),
        Some("training-run") => training_run::instance(&value),
        Some("storage-target") => storage_target::instance(&value),
        Some("two-boundary-target") => two_boundary_target::instance(&value),
        Some(other) => Err(format!("case {other} is none of training-run, storage-target, two-boundary-target")),
    };
    read.map_err(named)
}

fn json(path: &Path) -> Result<Value, String> {
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(|e| e.to_string())?;
    let packed = path.extension().is_some_and(|e| e == "gz");
    let read = if packed { GzDecoder::new(file).read_to_end(&mut bytes) } else { file.read_to_end(&mut bytes) };
    read.map_err(|e| e.to_string())?;
    serde_json::from_slice(&bytes).map_err(|e| e.to_string())
}
