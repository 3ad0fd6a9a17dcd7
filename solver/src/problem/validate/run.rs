//! Training runs and their curves.

use super::fields::{self, Checked, none_negative, not_negative, shape, share};
use super::work::check_gpus;
use crate::problem::instance::Problem;
use crate::problem::run::{Checkpoint, Run};

pub(super) fn check(problem: &Problem, r: &Run) -> Checked {
    let name = |field: &str| format!("run {} {field}", r.id);
    fields::sites(&name("sites"), &r.sites, &problem.sites)?;
    fields::window(&name("window"), r.release, r.deadline, problem.steps)?;
    none_negative!(name, r; rated_mw, weight, lost_price_per_hour, pause_cost, save_h, save_mw, restart_h)?;
    none_negative!(name, r; restart_mw, paused_mw, must_hours, late_price_per_hour, move_mwh)?;
    not_negative(&name("need_hours"), r.need_hours.unwrap_or(0.0))?;
    share(&name("floor"), r.floor)?;
    share(&name("cap"), r.cap)?;
    shape(&name("floor"), r.floor <= r.cap, "the floor lies above the cap")?;
    curve(&name("curve"), &r.curve)?;
    match r.checkpoint {
        Checkpoint::Steps { every, .. } => shape(&name("checkpoint"), every > 0, "an interval of no steps")?,
        Checkpoint::Within { factor } => share(&name("checkpoint factor"), factor)?,
    }
    shape(&name("min_on"), r.min_on > 0 && r.min_off > 0, "least times on and off are one step or more")?;
    let span = |&(from, to, _): &(usize, usize, usize)| fields::window(&name("max_pauses"), from, to, problem.steps);
    r.max_pauses.iter().try_for_each(span)?;
    if let Some(site) = r.before.site() {
        shape(&name("before"), r.sites.contains(&site), "it was at a site it may not use")?;
    }
    if let Some(class) = &r.class {
        share(&name("class"), class.mean)?;
        shape(&name("class"), class.window > 0, "a window of no steps")?;
    }
    for prior in &r.prior {
        let inside = r.sites.contains(&prior.site) && r.window().contains(&prior.step);
        shape(&name("prior"), inside, "an earlier state lies outside sites or window")?;
        not_negative(&name("prior price"), prior.price)?;
        not_negative(&name("prior save_price"), prior.save_price)?;
    }
    check_gpus(problem, &name("gpus"), r.gpus.as_ref())
}

/// Rising and concave, so that the pieces bound progress from above exactly.
fn curve(what: &str, points: &[(f64, f64)]) -> Checked {
    shape(what, points.len() >= 2, "it has fewer than two points")?;
    let inside = points.iter().all(|(p, y)| (0.0..=1.0).contains(p) && (0.0..=1.0).contains(y));
    shape(what, inside, "a point lies outside 0 to 1")?;
    let rising = points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
    shape(what, rising, "its points do not rise in power and progress")?;
    let slope = |a: (f64, f64), b: (f64, f64)| (b.1 - a.1) / (b.0 - a.0);
    let concave = points.windows(3).all(|t| slope(t[1], t[2]) <= slope(t[0], t[1]) + 1e-9);
    shape(what, concave, "it is not concave: repair it first")
}
