//! `/healthz`, `/readyz`

use super::query::{App, Failure, IntoResponse, Json, State};

/// Liveness: the process answers, plans and has its store.
#[utoipa::path(get, path = "/healthz", responses(
    (status = 200, description = "the process answers", body = String),
    (status = 503, description = "planning has stopped, or the store's file is gone, as problem+json")
))]
pub async fn healthz(State(app): State<App>) -> Result<&'static str, Failure> {
    let problems = app.health.problems();
    if problems.is_empty() { Ok("ok\n") } else { Err(Failure::not_ready(problems)) }
}

/// Readiness: whether the store can be read and written, what is due to be planned, and what has gone wrong.
#[utoipa::path(get, path = "/readyz", responses(
    (status = 200, description = "ready, and the counts"),
    (status = 503, description = "what is wrong, as problem+json with the same members")
))]
pub async fn readyz(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    let (ready, problems) = app.health.ready(app.clock, app.portfolio.definitions.synthetic).await;
    if problems.is_empty() {
        return Ok(Json(ready));
    }
    let more = serde_json::to_value(&ready).ok().and_then(|ready| ready.as_object().cloned());
    Err(Failure::not_ready(problems).with(more.unwrap_or_default()))
}
