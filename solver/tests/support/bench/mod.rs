//! The instances of `bench/README.md`, and those that are generated from a seed, as problems. Shared by the tests and the
//! example.

mod divisible;
pub mod durations;
pub mod generated;
mod grid;
pub mod hour;
mod jobs;
pub mod queue;
pub mod random;
mod read;
pub mod run;
mod storage_target;
mod training;
mod training_run;
mod two_boundary_target;
mod variants;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use hourmatch_solver::Problem;
use serde_json::Value;
use std::fs::File;
use std::io::{Read, Write};
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

/// A file, or an instance that its name says how to make.
pub fn load(path: &Path) -> Result<Instance, String> {
    let plain = |problem| Instance { problem, variants: Vec::new() };
    if let Some(made) = path.to_str().and_then(generated::named) {
        return made.map(plain);
    }
    let named = |e: String| format!("{}: {e}", path.display());
    let mut value = json(path).map_err(named)?;
    if value["problem"].is_object() {
        let read = serde_json::from_value(value["problem"].take()).map(plain);
        return read.map_err(|e| named(e.to_string()));
    }
    let read = match value["case"].as_str() {
        None => jobs::problem(&value).map(plain),
        Some("training-run") => training_run::instance(&value),
        Some("storage-target") => storage_target::instance(&value),
        Some("two-boundary-target") => two_boundary_target::instance(&value),
        Some(other) => Err(format!("case {other} is not one of training-run, storage-target, two-boundary-target")),
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

/// An instance as text that `load` reads: the problem in the units of the crate.
pub fn text(problem: &Problem) -> Result<Vec<u8>, String> {
    let mut text = br#"{"problem":"#.to_vec();
    serde_json::to_writer(&mut text, problem).map_err(|e| e.to_string())?;
    text.extend(b"}\n");
    Ok(text)
}

/// The same in a file, packed where its name ends in `.gz`.
pub fn write(path: &Path, problem: &Problem) -> Result<(), String> {
    let mut bytes = text(problem)?;
    let named = |e: std::io::Error| format!("{}: {e}", path.display());
    if path.extension().is_some_and(|e| e == "gz") {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&bytes).map_err(named)?;
        bytes = packed.finish().map_err(named)?;
    }
    std::fs::write(path, bytes).map_err(named)
}
