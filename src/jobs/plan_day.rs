//! The planning run: on each site's cron, and at the start when no plan covers now.

use super::schedule;
use crate::clock::Clock;
use crate::plan::{self, Plan, Request};
use crate::portfolio::Portfolio;
use crate::store::Store;
use std::sync::Arc;
use std::time::Duration;

const HORIZON_S: i64 = 168 * 3_600;
const TIME_LIMIT_S: f64 = 300.0;
/// Wake at least this often, so that a clock that was set finds its way back.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Plans the week from now and stores it.
pub async fn run(store: &Store, portfolio: &Arc<Portfolio>, now_s: i64) -> anyhow::Result<Plan> {
    let request = Request { time_limit_s: Some(TIME_LIMIT_S), ..Request::new(now_s, HORIZON_S) };
    plan::make(store, portfolio, &request).await
}

/// Plans whenever a site is due, until the task is dropped.
pub async fn on_schedule(store: Store, portfolio: Arc<Portfolio>, clock: Clock) {
    let covered = match plan::load(&store, None).await {
        Ok(plan) => plan.is_some_and(|p| p.start_s() <= clock.now_s() + p.step_s() && clock.now_s() < p.end_s()),
        Err(error) => {
            tracing::error!("the current plan cannot be read: {error:#}");
            false
        }
    };
    if !covered {
        tracing::info!("no plan covers now: planning");
        say(run(&store, &portfolio, clock.now_s()).await);
    }
    let mut after_s = clock.now_s();
    while let Some(due) = schedule::next(&portfolio, after_s) {
        let wait = due.at_s - clock.now_s();
        if wait > 0 {
            let seconds = Duration::from_secs(wait.unsigned_abs());
            tokio::time::sleep(seconds.min(LONGEST_SLEEP)).await;
            continue;
        }
        tracing::info!("planning for {}, due {}", due.site, reports::time::format_instant(due.at_s));
        say(run(&store, &portfolio, clock.now_s()).await);
        after_s = due.at_s.max(clock.now_s());
    }
    tracing::info!("no site has plan_at: nothing is planned on time");
    std::future::pending::<()>().await;
}

fn say(done: anyhow::Result<Plan>) {
    match done {
        Ok(plan) => tracing::info!(
            "plan {} {}: matched share {}, {} missed",
            plan.id,
            plan.status,
            plan.expected.matched_share.as_deref().unwrap_or("n/a"),
            plan.missed.len()
        ),
        // The last plan stays current and windows say when it goes stale.
        Err(error) => tracing::error!("planning failed, the last plan stays: {error:#}"),
    }
}
