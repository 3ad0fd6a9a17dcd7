//! Divisible work, jobs, and which waits for which; pins inside what they pin; pools, accounts and what holds GPUs of them.

use super::fields::{self, Checked, NOT_NEGATIVE, none_negative, not_negative, series, shape, share};
use crate::problem::instance::Problem;
use crate::problem::pool::Gpus;
use crate::problem::work::{Job, Piece, Pin, Work};

pub(super) fn check(problem: &Problem) -> Checked {
    problem.work.iter().try_for_each(|w| work(problem, w))?;
    problem.jobs.iter().try_for_each(|j| job(problem, j))?;
    for after in &problem.after {
        for piece in [after.first, after.then] {
            match piece {
                Piece::Work(w) => fields::index("after", w, &problem.work)?,
                Piece::Job(j) => fields::index("after", j, &problem.jobs)?,
                Piece::Run(r) => fields::index("after", r, &problem.runs)?,
            }
        }
        shape("after", after.first != after.then, "a piece waits for itself")?;
    }
    Ok(())
}

fn work(problem: &Problem, w: &Work) -> Checked {
    let name = |field: &str| format!("work {} {field}", w.id);
    fields::sites(&name("sites"), &w.sites, &problem.sites)?;
    let (from, to, steps) = (w.release, w.deadline, problem.steps);
    let why = format!("release {from} and deadline {to} must satisfy release < deadline <= {steps}");
    shape(&name("window"), from < to && to <= steps, &why)?;
    none_negative!(name, w; energy_mwh, max_mw, miss_price_per_mwh)?;
    if let Some(later) = &w.later {
        not_negative(&name("later max_mwh"), later.max_mwh)?;
        not_negative(&name("later cost_per_mwh"), later.cost_per_mwh)?;
    }
    check_gpus(problem, &name("gpus"), w.gpus.as_ref())?;
    let mut seen = std::collections::BTreeSet::new();
    for prior in &w.prior {
        let inside = w.sites.contains(&prior.site) && (w.release..w.deadline).contains(&prior.step);
        shape(&name("prior"), inside, "an earlier placement lies outside sites or window")?;
        shape(&name("prior"), seen.insert((prior.site, prior.step)), "a step has two earlier placements")?;
        not_negative(&name("prior mw"), prior.mw)?;
        not_negative(&name("prior price_per_mwh"), prior.price_per_mwh)?;
    }
    Ok(())
}

fn job(problem: &Problem, j: &Job) -> Checked {
    let name = |field: &str| format!("job {} {field}", j.id);
    fields::sites(&name("sites"), &j.sites, &problem.sites)?;
    fields::window(&name("window"), j.release, j.deadline, problem.steps)?;
    shape(&name("steps"), j.steps > 0, "it takes no step at all")?;
    shape(&name("starts"), !j.starts().is_empty(), "no start leaves room for all its steps")?;
    let alone = j.running.is_none() || (j.sites.len() == 1 && j.count == 1);
    shape(&name("running"), alone, "what runs already is one, at one site")?;
    share(&name("last"), j.last)?;
    none_negative!(name, j; mw, miss_price)?;
    if let Some(prior) = &j.prior {
        let inside = j.sites.contains(&prior.site) && j.starts().contains(&prior.step);
        shape(&name("prior"), inside, "an earlier start lies outside sites or starts")?;
        not_negative(&name("prior price"), prior.price)?;
    }
    check_gpus(problem, &name("gpus"), j.gpus.as_ref())
}

pub(super) fn check_pins(problem: &Problem) -> Checked {
    for pin in &problem.pins {
        match *pin {
            Pin::Place { work, site, step, least_mw, most_mw } => {
                fields::index("pin work", work, &problem.work)?;
                let w = &problem.work[work];
                let inside = w.sites.contains(&site) && (w.release..w.deadline).contains(&step);
                shape("pin", inside, "it lies outside the sites or the window of its work")?;
                not_negative("pin least_mw", least_mw)?;
                shape("pin", least_mw <= most_mw, "its least is more than its most")?;
            }
            Pin::Start { job, site, step, least, most } => {
                fields::index("pin job", job, &problem.jobs)?;
                let j = &problem.jobs[job];
                let inside = j.sites.contains(&site) && j.starts().contains(&step);
                shape("pin", inside, "it lies outside the sites or the starts of its job")?;
                shape("pin", least <= most, "its least is more than its most")?;
            }
        }
    }
    Ok(())
}

pub(super) fn check_pools(problem: &Problem) -> Checked {
    for pool in &problem.pools {
        let what = format!("pool {}", pool.id);
        series(&what, &pool.available, problem.steps, NOT_NEGATIVE)?;
        fields::optional(&what, &pool.held, problem.steps, NOT_NEGATIVE)?;
    }
    for account in &problem.accounts {
        let what = format!("account {}", account.id);
        if let Some(most) = account.max_gpus {
            not_negative(&what, most)?;
        }
        fields::optional(&what, &account.held, problem.steps, NOT_NEGATIVE)?;
        for &(from, to, hours) in &account.gpu_hours {
            fields::window(&what, from, to, problem.steps)?;
            not_negative(&what, hours)?;
        }
    }
    Ok(())
}

/// What something holds is of a pool and an account that there are.
pub(super) fn check_gpus(problem: &Problem, what: &str, gpus: Option<&Gpus>) -> Checked {
    let Some(gpus) = gpus else { return Ok(()) };
    fields::index(what, gpus.pool, &problem.pools)?;
    if let Some(account) = gpus.account {
        fields::index(what, account, &problem.accounts)?;
    }
    not_negative(what, gpus.count)
}
