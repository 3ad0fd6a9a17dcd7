//! What a plan was made of: its problem, and whose each item of it is. Kept beside the plan, so that it can be explained as
//! it was made, whatever has been ingested since.

use super::common::{Deserialize, Fault, Grid, Instant, ItemIndex, Limits, PreviousPlan, Serialize, Snapshot, WorkId};
use super::problem::Stated;
use super::request::{Request, Strategy};
use crate::store::gzip;
use crate::work::word;
use reports::time::instant::as_seconds;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Basis {
    #[serde(rename = "start_s", with = "as_seconds")]
    pub start: Instant,
    pub step_s: i64,
    pub problem: solver::Problem,
    /// Ids of the problem's work; what stands behind is work still to come.
    pub work: Vec<WorkId>,
    /// By job: members, and how many each is.
    pub jobs: Vec<Vec<(WorkId, u32)>>,
    pub runs: Vec<WorkId>,
    /// What the plan before had for it.
    #[serde(default)]
    pub earlier: Option<PreviousPlan>,
    pub strategy: String,
    pub iteration_limit: Option<u64>,
    pub time_limit_s: Option<f64>,
    pub gap: f64,
}

impl Basis {
    pub fn new(snapshot: &Snapshot, request: &Request, stated: &Stated, earlier: Option<&PreviousPlan>) -> Self {
        let id = |item: &ItemIndex| snapshot.work[*item].work.id.clone();
        let members = |all: &Vec<(ItemIndex, u32)>| all.iter().map(|(item, count)| (id(item), *count)).collect();
        let limits = request.limits();
        Self {
            start: snapshot.grid.start,
            step_s: snapshot.grid.step_s,
            problem: stated.problem.clone(),
            work: stated.work.iter().map(id).collect(),
            jobs: stated.jobs.iter().map(members).collect(),
            runs: stated.runs.iter().map(id).collect(),
            earlier: earlier.cloned(),
            strategy: request.strategy.into_str().into(),
            iteration_limit: limits.iterations,
            time_limit_s: limits.seconds,
            gap: limits.gap,
        }
    }

    pub fn ids(&self) -> Vec<&str> {
        let jobs = self.jobs.iter().flatten().map(|(id, _)| id);
        self.work.iter().chain(jobs).chain(&self.runs).map(WorkId::as_str).collect()
    }

    pub fn grid(&self) -> Grid {
        Grid { start: self.start, step_s: self.step_s, len: self.problem.steps }
    }

    pub fn limits(&self) -> Limits {
        Limits { iterations: self.iteration_limit, seconds: self.time_limit_s, gap: self.gap, ..Limits::default() }
    }

    pub fn strategy(&self) -> Result<Strategy, Fault> {
        word("strategy", &self.strategy)
    }

    pub fn pack(&self) -> anyhow::Result<Vec<u8>> {
        Ok(gzip::pack(&serde_json::to_vec(self)?)?)
    }

    pub fn unpack(packed: &[u8]) -> anyhow::Result<Self> {
        Ok(serde_json::from_slice(&gzip::unpack(packed)?)?)
    }
}
