//! `/v1/windows`

use crate::clock::{parse_duration, parse_when};
use crate::serve::App;
use crate::serve::problem::Failure;
use crate::windows::{Ask, Draw, answer};
use axum::Json;
use axum::extract::{Query, State, rejection::QueryRejection};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::IntoParams;

/// What a scheduler asks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// How long the job runs, such as 4h
    duration: String,
    /// IT power it draws, in MW; this or gpus
    mw: Option<f64>,
    /// Accelerators it runs on, instead of its power
    gpus: Option<u32>,
    /// Pool those are of, at a site with several
    pool: Option<String>,
    /// Only this site
    site: Option<String>,
    /// Earliest start, RFC 3339
    after: Option<String>,
    /// Latest end, RFC 3339
    before: Option<String>,
    /// How many windows to answer with
    top: Option<usize>,
    /// Take the first window under this id
    reserve: Option<String>,
}

/// Ranks windows by the current plan; the first is held for 15 minutes, or reserved.
#[utoipa::path(
    get,
    path = "/v1/windows",
    params(Params),
    responses(
        (status = 200, description = "windows, ranked; flagged where it fell back"),
        (status = 400, description = "what is wrong with the question, as problem+json")
    )
)]
pub async fn windows(
    State(app): State<App>,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params.map_err(|e| {
        crate::error::Problem::new(e.body_text()).hint("/v1/windows?duration=4h&mw=2&site=&after=&before=")
    })?;
    let now_s = app.clock.now_s();
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let when = |text: Option<String>| given(text).map(|t| parse_when(&t, now_s, app.portfolio.zone)).transpose();
    let ask = Ask {
        now_s,
        duration_s: parse_duration(&params.duration)?,
        draw: Draw::of(params.mw, params.gpus, given(params.pool))?,
        site: given(params.site),
        after_s: when(params.after)?,
        before_s: when(params.before)?,
        top: params.top.unwrap_or(3),
        reserve: given(params.reserve),
    };
    Ok(Json(answer(&app.store, &app.portfolio, &ask).await?))
}
