//! Divisible work, jobs, and which waits for which.

use super::fields::{self, Checked, not_negative, share};
use super::pool::check_gpus;
use crate::problem::instance::Problem;
use crate::problem::work::{Job, Piece, Work};

pub(super) fn check(problem: &Problem) -> Checked {
    problem.work.iter().try_for_each(|w| work(problem, w))?;
    problem.jobs.iter().try_for_each(|j| job(problem, j))?;
    for after in &problem.after {
        for piece in [after.first, after.then] {
            match piece {
                Piece::Work(w) => fields::index("after", w, problem.work.len())?,
                Piece::Job(j) => fields::index("after", j, problem.jobs.len())?,
                Piece::Run(r) => fields::index("after", r, problem.runs.len())?,
            }
        }
        fields::shape("after", after.first != after.then, "a piece waits for itself")?;
    }
    Ok(())
}

fn work(problem: &Problem, w: &Work) -> Checked {
    let name = |field: &str| format!("work {} {field}", w.id);
    fields::sites(&name("sites"), &w.sites, problem.sites.len())?;
    let why = format!(
        "release {} and deadline {} must satisfy release < deadline <= {}",
        w.release, w.deadline, problem.steps
    );
    fields::shape(&name("window"), w.release < w.deadline && w.deadline <= problem.steps, &why)?;
    not_negative(&name("energy_mwh"), w.energy_mwh)?;
    not_negative(&name("max_mw"), w.max_mw)?;
    not_negative(&name("miss_price_per_mwh"), w.miss_price_per_mwh)?;
    if let Some(later) = &w.later {
        not_negative(&name("later max_mwh"), later.max_mwh)?;
        not_negative(&name("later cost_per_mwh"), later.cost_per_mwh)?;
    }
    check_gpus(problem, &name("gpus"), w.gpus.as_ref())?;
    let mut seen = std::collections::BTreeSet::new();
    for prior in &w.prior {
        let inside = w.sites.contains(&prior.site) && (w.release..w.deadline).contains(&prior.step);
        fields::shape(&name("prior"), inside, "an earlier placement lies outside sites or window")?;
        fields::shape(&name("prior"), seen.insert((prior.site, prior.step)), "a step has two earlier placements")?;
        not_negative(&name("prior mw"), prior.mw)?;
        not_negative(&name("prior price_per_mwh"), prior.price_per_mwh)?;
    }
    Ok(())
}

fn job(problem: &Problem, j: &Job) -> Checked {
    let name = |field: &str| format!("job {} {field}", j.id);
    fields::sites(&name("sites"), &j.sites, problem.sites.len())?;
    fields::window(&name("window"), j.release, j.deadline, problem.steps)?;
    fields::shape(&name("steps"), j.steps > 0, "it takes no step at all")?;
    fields::shape(&name("starts"), !j.starts().is_empty(), "no start leaves room for all its steps")?;
    let alone = j.running.is_none() || (j.sites.len() == 1 && j.count == 1);
    fields::shape(&name("running"), alone, "what runs already is one, at one site")?;
    share(&name("last"), j.last)?;
    not_negative(&name("mw"), j.mw)?;
    not_negative(&name("miss_price"), j.miss_price)?;
    if let Some(prior) = &j.prior {
        let inside = j.sites.contains(&prior.site) && j.starts().contains(&prior.step);
        fields::shape(&name("prior"), inside, "an earlier start lies outside sites or starts")?;
        not_negative(&name("prior price"), prior.price)?;
    }
    check_gpus(problem, &name("gpus"), j.gpus.as_ref())
}
