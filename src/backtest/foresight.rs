//! `lp-perfect`: the same planner told everything, a week at a time with three days beyond it in view.

use super::common::{Ran, Request, Stage};
use super::planner::Planner;
use crate::plan;
use reports::time::DAY_S;

const KEPT_DAYS: i64 = 7;
const SEEN_DAYS: i64 = 10;
/// Ten days of pauses and jobs as integers: closer than this costs minutes and moves no figure shown.
const GAP: f64 = 1e-3;

pub fn run(stage: &Stage, request: &Request) -> anyhow::Result<Ran> {
    let per_day = (DAY_S / stage.grid.step_s) as usize;
    let asked = plan::Request { gap: GAP, ..request.of_each_plan() };
    let mut planner = Planner::new(stage, asked);
    // Each plan for itself: what it does not keep, the next looks at anew.
    planner.recalls = false;
    let mut from = 0;
    while from < stage.grid.len {
        let len = (SEEN_DAYS as usize * per_day).min(stage.grid.len - from);
        let kept = if from + len == stage.grid.len { len } else { KEPT_DAYS as usize * per_day };
        planner.release_until(from + len);
        planner.decide(stage.actual.part(from, len), from, kept)?;
        from += kept;
    }
    Ok(planner.ran.close(stage))
}
