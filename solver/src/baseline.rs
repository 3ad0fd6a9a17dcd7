//! "Do nothing": each work, by release, as early as it can run at full power.

use crate::outcome::Placement;
use crate::problem::Problem;
use crate::rules::capacity;

const NEGLIGIBLE_MW: f64 = 1e-9;

pub fn asap(problem: &Problem) -> Vec<Placement> {
    let (mut room, _) = capacity::headroom(problem);
    let mut order: Vec<usize> = (0..problem.work.len()).collect();
    order.sort_by_key(|&w| (problem.work[w].release, w));
    let mut placements = Vec::new();
    for w in order {
        let work = &problem.work[w];
        let mut left = work.energy_mwh / problem.step_hours;
        for step in work.release..work.deadline {
            let mut rate = work.max_mw;
            for &site in &work.sites {
                let mw = left.min(rate).min(room[site][step]);
                if mw > NEGLIGIBLE_MW {
                    left -= mw;
                    rate -= mw;
                    room[site][step] -= mw;
                    placements.push(Placement { work: w, site, step, mw });
                }
            }
        }
    }
    placements.sort_by_key(|p| (p.work, p.step, p.site));
    placements
}
