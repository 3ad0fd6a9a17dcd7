//! The planning run: the week from now.

use crate::plan::{self, Plan, Request};
use crate::portfolio::Portfolio;
use crate::store::Store;
use reports::time::Instant;
use std::sync::Arc;

const HORIZON_S: i64 = 168 * 3_600;
const TIME_LIMIT_S: f64 = 300.0;

/// Plans the week from now and stores it.
pub async fn run(store: &Store, portfolio: &Arc<Portfolio>, now: Instant) -> anyhow::Result<Plan> {
    let request = Request { time_limit_s: Some(TIME_LIMIT_S), ..Request::new(now, HORIZON_S) };
    plan::make(store, portfolio, &request).await
}
