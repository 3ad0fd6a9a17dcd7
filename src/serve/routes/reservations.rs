//! `/v1/reservations`

use super::query::{App, Asked, Body, Failure, Id, IntoParams, IntoResponse, Json, Path, Query, State, given, limit};
use super::windows::Params;
use crate::windows::{Reserved, reserve};
use crate::work::listing::Page;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

/// What is reserved, and under which id; the rest is as for `GET /v1/windows`.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    id: String,
    #[serde(flatten)]
    window: Params,
}

#[derive(Debug, Serialize)]
struct Answered {
    schema: &'static str,
    engine: &'static str,
    synthetic: bool,
    reservation: Reserved,
    /// Without a plan that covers it, and why.
    fallback: bool,
    reason: Option<String>,
    price_per_mwh: Option<f64>,
    unmatched_mwh: Option<f64>,
}

/// Reserves the best window that fits, under an id. The same id and terms again return the same reservation.
#[utoipa::path(post, path = "/v1/reservations", request_body(
    content_type = "application/json",
    description = "id and duration, and mw or gpus; optionally pool, account, site, after, before"
), responses(
    (status = 201, description = "the reservation"),
    (status = 200, description = "the reservation already made under this id"),
    (status = 400, description = "what is wrong with the request, as problem+json"),
    (status = 409, description = "no window fits, or the id is taken, as problem+json")
))]
pub async fn reservation_add(State(app): State<App>, wanted: Body<Wanted>) -> Result<impl IntoResponse, Failure> {
    let Json(Wanted { id, window }) = wanted
        .map_err(|e| Failure::json(&e, r#"send JSON: {"id":"job-17","duration":"4h","mw":2,"site":"ashburn"}"#))?;
    let ask = window.ask(&app.portfolio, app.clock)?;
    let made = reserve::reserve(&app.desk, &ask, &id, app.clock.record_time()).await?;
    let first = made.answer.windows.first();
    let answered = Answered {
        schema: reserve::SCHEMA,
        engine: crate::ENGINE,
        synthetic: app.portfolio.definitions.synthetic,
        fallback: made.answer.fallback,
        price_per_mwh: first.and_then(|w| w.price_per_mwh),
        unmatched_mwh: first.and_then(|w| w.unmatched_mwh),
        reason: made.answer.reason,
        reservation: made.reserved,
    };
    Ok((if made.new { StatusCode::CREATED } else { StatusCode::OK }, Json(answered)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Include those that have ended or were released
    #[serde(default)]
    all: bool,
    /// How many, 1 to 10000; by default 1000
    limit: Option<usize>,
    /// Only those after this place: `next` of the previous page
    after: Option<String>,
}

/// Reservations by start.
#[utoipa::path(get, path = "/v1/reservations", params(Which), responses(
    (status = 200, description = "reservations that have not ended; with all=true every one"),
    (status = 400, description = "what is wrong with the request, as problem+json")
))]
pub async fn reservation_list(State(app): State<App>, which: Asked<Which>) -> Result<impl IntoResponse, Failure> {
    let Query(which) = which.map_err(|e| Failure::query(&e, "/v1/reservations?all=true"))?;
    let page = Page { limit: limit(which.limit)?, after: given(which.after) };
    Ok(Json(reserve::list(&app.desk, app.clock.now(), which.all, Some(&page)).await?))
}

/// One reservation: reserved, started, done or released.
#[utoipa::path(get, path = "/v1/reservations/{id}", params(
    ("id" = String, Path, description = "Id of the reservation")
), responses(
    (status = 200, description = "the newest reservation under this id"),
    (status = 404, description = "there is no such reservation")
))]
pub async fn reservation(State(app): State<App>, id: Id) -> Result<impl IntoResponse, Failure> {
    let Path(id) = id.map_err(|e| Failure::path(&e))?;
    Ok(Json(reserve::get(&app.desk, &id, app.clock.now()).await?))
}

/// Releases a reservation.
#[utoipa::path(delete, path = "/v1/reservations/{id}", params(
    ("id" = String, Path, description = "Id of the reservation")
), responses(
    (status = 200, description = "the reservation, released"),
    (status = 404, description = "there is no such reservation"),
    (status = 409, description = "the reservation has ended")
))]
pub async fn reservation_release(State(app): State<App>, id: Id) -> Result<impl IntoResponse, Failure> {
    let Path(id) = id.map_err(|e| Failure::path(&e))?;
    Ok(Json(reserve::release(&app.desk, &id, (app.clock.now(), app.clock.record_time())).await?))
}
