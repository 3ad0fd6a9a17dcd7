//! `/v1/plans`

use crate::plan;
use crate::serve::App;
use crate::serve::problem::Failure;
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;

/// The current plan, whole.
#[utoipa::path(
    get,
    path = "/v1/plans/current",
    responses((status = 200, description = "the plan"), (status = 404, description = "there is no plan yet"))
)]
pub async fn current(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    match plan::load(&app.store, None).await? {
        Some(plan) => Ok(Json(plan)),
        None => Err(Failure::not_found("there is no plan yet", "run `hourmatch plan`, or set plan_at for a site")),
    }
}
