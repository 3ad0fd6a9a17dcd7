//! Pools and accounts, and what holds GPUs of them.

use super::fields::{self, Checked, NOT_NEGATIVE, not_negative, positive_or_zero, series};
use crate::problem::instance::Problem;
use crate::problem::pool::Gpus;

pub(super) fn check(problem: &Problem) -> Checked {
    for pool in &problem.pools {
        let what = format!("pool {}", pool.id);
        series(&what, &pool.available, problem.steps, NOT_NEGATIVE, positive_or_zero)?;
        fields::optional(&what, &pool.held, problem.steps, NOT_NEGATIVE, positive_or_zero)?;
    }
    for account in &problem.accounts {
        let what = format!("account {}", account.id);
        if let Some(most) = account.max_gpus {
            not_negative(&what, most)?;
        }
        fields::optional(&what, &account.held, problem.steps, NOT_NEGATIVE, positive_or_zero)?;
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
    fields::index(what, gpus.pool, problem.pools.len())?;
    if let Some(account) = gpus.account {
        fields::index(what, account, problem.accounts.len())?;
    }
    not_negative(what, gpus.count)
}
