//! Work still to come competes for the same hours; it stands behind all other work and is never part of a plan.

use super::stated::Stated;
use crate::plan::codes;
use crate::plan::snapshot::Snapshot;
use reports::time::{HOUR_S, Instant};

/// What ids of work still to come begin with; no work of a user's can.
pub const EXPECTED: &str = "expected/";

pub(super) fn add(snapshot: &Snapshot, stated: &mut Stated) {
    let grid = snapshot.grid;
    let mut mwh = 0.0;
    for (index, piece) in snapshot.expected_work.iter().enumerate() {
        let step = |hour: i64| {
            let ahead_s = Instant::from_seconds(hour * HOUR_S) - grid.start;
            ahead_s.div_euclid(grid.step_s).clamp(0, grid.len as i64) as usize
        };
        let (release, deadline) = (step(piece.release_h), step(piece.deadline_h));
        if release >= deadline {
            continue;
        }
        mwh += piece.energy_mwh;
        stated.problem.work.push(solver::Work {
            id: format!("{EXPECTED}{index}"),
            sites: piece.sites.clone(),
            release,
            deadline,
            energy_mwh: piece.energy_mwh,
            max_mw: piece.max_mw,
            miss_price_per_mwh: snapshot.portfolio.policy.miss_price_per_mwh,
            ..solver::Work::default()
        });
    }
    if mwh > 0.0 {
        let message = format!(
            "the plan allows for {mwh:.1} MWh of work not released yet, estimated from the releases of the last \
             four weeks"
        );
        stated.say(codes::WORK_EXPECTED, "work", mwh, "MWh", message);
    }
}
