//! `/v1/plans`

use crate::error::Problem;
use crate::plan::{self, listing};
use crate::serve::App;
use crate::serve::problem::Failure;
use axum::Json;
use axum::extract::{Path, Query, State, rejection::QueryRejection};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::IntoParams;

const LISTED: i64 = 50;
const MOST_LISTED: i64 = 1_000;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only plans for this site
    site: Option<String>,
    /// How many of the newest plans are looked at, 1 to 1000; without it, 50
    limit: Option<i64>,
}

/// The newest plans, newest first, each with its objective, its bound and the gap between them.
#[utoipa::path(
    get,
    path = "/v1/plans",
    params(Params),
    responses(
        (status = 200, description = "a line for each plan"),
        (status = 400, description = "what is wrong with the question, as problem+json")
    )
)]
pub async fn plan_list(
    State(app): State<App>,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params.map_err(|e| Problem::new(e.body_text()).hint("/v1/plans?site=ashburn&limit=20"))?;
    let limit = params.limit.unwrap_or(LISTED);
    if !(1..=MOST_LISTED).contains(&limit) {
        return Err(Problem::new(format!("limit {limit} is not between 1 and {MOST_LISTED}")).hint("limit=20").into());
    }
    let site = params.site.filter(|site| !site.is_empty());
    Ok(Json(listing::list(&app.store, &app.portfolio, site.as_deref(), limit).await?))
}

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

/// A plan by its id, whole.
#[utoipa::path(
    get,
    path = "/v1/plans/{id}",
    params(("id" = String, Path, description = "Which")),
    responses((status = 200, description = "the plan"), (status = 404, description = "there is no such plan"))
)]
pub async fn plan(State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse, Failure> {
    match plan::load(&app.store, Some(&id)).await? {
        Some(plan) => Ok(Json(plan)),
        None => Err(Failure::not_found(&format!("there is no plan `{id}`"), "GET /v1/plans lists what there is")),
    }
}
