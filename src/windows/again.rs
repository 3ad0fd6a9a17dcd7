//! What to do where a plan does not reach the time asked for.

use crate::plan::Plan;
use crate::plan::assemble::{LONGEST, first_step};
use reports::time::Instant;

/// Says how to plan so that a stretch from an instant on is covered: a plan made anew reaches as far as its horizon.
pub(super) fn again(plan: &Plan, now: Instant, (from, duration_s): (Instant, i64)) -> String {
    remedy((plan.step_s(), plan.end - plan.start), now, (from, duration_s))
}

fn remedy((step_s, horizon_s): (i64, i64), now: Instant, (from, duration_s): (Instant, i64)) -> String {
    let start = first_step(now, step_s);
    let needed_s = from.max(start) + duration_s - start;
    if needed_s <= horizon_s {
        return "plan again: hourmatch plan".into();
    }
    if needed_s > LONGEST * step_s {
        return "no plan reaches that far".into();
    }
    let hours = needed_s.div_euclid(3_600) + i64::from(needed_s % 3_600 > 0);
    format!("plan at least {hours} h ahead: hourmatch plan --horizon {hours}h")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_horizon_is_named_where_only_that_helps() {
        let (hour, week) = (3_600, 168 * 3_600);
        let at = Instant::from_seconds;
        let remedy = |now_s, from_s, hours| remedy((hour, week), at(now_s), (at(from_s), hours * hour));
        // The step that has begun is no part of a plan.
        assert_eq!(remedy(1_800, 1_800, 200), "plan at least 200 h ahead: hourmatch plan --horizon 200h");
        assert_eq!(remedy(0, 1_800, 168), "plan at least 169 h ahead: hourmatch plan --horizon 169h");
        assert_eq!(remedy(1_800, 1_800, 168), "plan again: hourmatch plan");
        assert_eq!(remedy(0, 400 * 24 * hour, 1), "no plan reaches that far");
    }
}
