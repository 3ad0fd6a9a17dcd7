//! `/v1/reports`

use crate::audit::settle;
use crate::clock::{parse_period, parse_when};
use crate::serve::App;
use crate::serve::problem::Failure;
use axum::extract::{Query, State, rejection::QueryRejection};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Start of the period: RFC 3339 or a date
    from: String,
    /// End of the period, itself not included
    to: String,
    /// With what had been recorded by then
    as_of: Option<String>,
}

/// The matching report of a period.
#[utoipa::path(
    get,
    path = "/v1/reports",
    params(Params),
    responses(
        (status = 200, description = "the report"),
        (status = 400, description = "what stands in its way, as problem+json")
    )
)]
pub async fn report(
    State(app): State<App>,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params
        .map_err(|e| crate::error::Problem::new(e.body_text()).hint("/v1/reports?from=2022-01-01&to=2023-01-01"))?;
    let now_s = app.clock.now_s();
    let portfolio = &app.portfolio;
    let period = parse_period(&params.from, &params.to, now_s, portfolio.zone, portfolio.resolution())?;
    let as_of = params.as_of.map(|t| parse_when(&t, now_s, app.portfolio.zone)).transpose()?;
    let (_, computed) = settle::report(&app.store, &app.portfolio, period, as_of).await?;
    let body = reports::render::json::document(&computed.document(), crate::ENGINE).map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body))
}
