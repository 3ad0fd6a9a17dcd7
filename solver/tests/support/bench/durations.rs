//! How long jobs of a queue run: as a stated distribution has it, or as the Philly trace does where it is at hand.

use super::random::Random;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Hours between which durations are drawn.
const LEAST: f64 = 1.0;
const MOST: f64 = 48.0;

/// Every twentieth of the trace's durations between 1 and 48 hours, in hours.
const STATED: [f64; 21] = [
    1.0, 1.08, 1.13, 1.23, 1.39, 1.48, 1.55, 1.62, 1.69, 2.03, 2.45, 2.77, 3.1, 3.63, 4.39, 5.96, 8.06, 12.88, 18.25,
    27.56, 47.99,
];

/// Hours, rising, between which durations are spread evenly.
#[derive(Debug, Clone, PartialEq)]
pub struct Durations(Vec<f64>);

impl Durations {
    pub fn stated() -> Durations {
        Durations(STATED.to_vec())
    }

    /// The trace of `HOURMATCH_DATA`.
    pub fn philly() -> Result<Durations, String> {
        let data = std::env::var_os("HOURMATCH_DATA");
        let data = data.ok_or("HOURMATCH_DATA is not set: it names the folder that holds philly-jobs/philly.csv.gz")?;
        let path = PathBuf::from(data).join("philly-jobs/philly.csv.gz");
        trace(&path).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Hours of the next job.
    pub fn draw(&self, random: &mut Random) -> f64 {
        self.at(random.draw())
    }

    /// Hours that a part of all durations, zero to one, are no longer than.
    pub fn at(&self, part: f64) -> f64 {
        let last = self.0.len() - 1;
        let at = part * last as f64;
        let low = (at as usize).min(last - 1);
        self.0[low] + (at - low as f64) * (self.0[low + 1] - self.0[low])
    }
}

fn trace(path: &Path) -> Result<Durations, String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|e| e.to_string())?;
    GzDecoder::new(file).read_to_string(&mut text).map_err(|e| e.to_string())?;
    let mut lines = text.lines();
    let column = lines.next().and_then(|head| head.split(',').position(|name| name == "duration"));
    let column = column.ok_or("it has no column `duration`")?;
    let mut hours = Vec::new();
    for (at, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let seconds = line.split(',').nth(column).and_then(|text| text.parse::<f64>().ok());
        hours.push(seconds.ok_or(format!("line {}: the duration is not a number", at + 2))? / 3600.0);
    }
    hours.retain(|h| (LEAST..=MOST).contains(h));
    hours.sort_by(f64::total_cmp);
    if hours.len() < 2 {
        Err("it has fewer than two durations between 1 and 48 hours".into())
    } else {
        Ok(Durations(hours))
    }
}
