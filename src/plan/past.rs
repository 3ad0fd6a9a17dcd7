//! What earlier plans placed before now. Until state comes back, work is taken to have run as planned.

use super::Plan;
use super::work::Work;
use crate::portfolio::Portfolio;
use crate::store::{Store, plans};
use reports::time::{Grid, Interval, parse_instant};
use std::collections::BTreeMap;

/// Two weeks of four plans a day.
const PLANS_READ: i64 = 56;

/// A plan and the time in which it was the newest that had begun.
#[derive(Debug)]
pub struct Past {
    plan: Plan,
    ruled: Interval,
}

/// Plans made before now that touch the history, oldest first.
pub async fn load(store: &Store, history: Grid, now_s: i64) -> anyhow::Result<Vec<Past>> {
    let period = history.period();
    let mut list: Vec<Past> = Vec::new();
    for row in plans::touching(store, period.start_s, period.end_s, PLANS_READ).await? {
        if row.made_s > now_s {
            continue;
        }
        while list.last().is_some_and(|last| last.ruled.start_s >= row.start_s) {
            list.pop();
        }
        if let Some(last) = list.last_mut() {
            last.ruled.end_s = last.ruled.end_s.min(row.start_s);
        }
        let ruled = Interval { start_s: row.start_s, end_s: row.end_s };
        list.push(Past { plan: super::read(&row)?, ruled });
    }
    Ok(list)
}

/// IT megawatts of planned work, `[site][step]` of the history.
pub fn drawn_mw(past: &[Past], portfolio: &Portfolio, history: Grid) -> Vec<Vec<f64>> {
    let mut drawn = vec![vec![0.0; history.len]; portfolio.sites.len()];
    for Past { plan, ruled } in past.iter().filter(|p| p.plan.step_s() == history.step_s) {
        for c in &plan.capacity {
            let start_s = parse_instant(&c.start).unwrap_or(0);
            if let (true, Some(site), Some(step)) =
                (start_s < ruled.end_s, portfolio.site(&c.site), history.index_of(start_s))
            {
                drawn[site][step] = c.planned_mw;
            }
        }
    }
    drawn
}

/// IT MWh of each piece of work placed before an instant.
pub fn done_mwh(past: &[Past], work: &[Work], before_s: i64) -> Vec<f64> {
    let mut done: BTreeMap<&str, f64> = BTreeMap::new();
    for Past { plan, ruled } in past {
        let ruled = Interval { start_s: ruled.start_s, end_s: ruled.end_s.min(before_s) };
        for s in &plan.schedule {
            let at = |text: &str| parse_instant(text).unwrap_or(0);
            let ran_s = Interval { start_s: at(&s.start), end_s: at(&s.end) }.overlap_s(ruled);
            *done.entry(s.work.as_str()).or_default() += s.mw * ran_s as f64 / 3_600.0;
        }
    }
    work.iter().map(|w| done.get(w.id.as_str()).copied().unwrap_or(0.0)).collect()
}
