//! One file per resource.

mod capacity;
mod health;
mod metrics;
mod plans;
mod query;
mod reports;
mod reservations;
mod today;
mod windows;
mod work;

use super::app::App;
use super::problem::{Failure, SEE};
use crate::error::Fault;
use axum::extract::DefaultBodyLimit;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "hourmatch",
    description = "When to run, what was planned and what was matched. Listens on loopback only."
))]
struct Description;

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(windows::windows))
        .routes(routes!(reservations::reservation_list, reservations::reservation_add))
        .routes(routes!(reservations::reservation, reservations::reservation_release))
        .routes(routes!(capacity::capacity))
        .routes(routes!(plans::plan_list))
        .routes(routes!(plans::current))
        .routes(routes!(plans::plan))
        .routes(routes!(work::work_list, work::work_add))
        .routes(routes!(work::work_report))
        .routes(routes!(reports::report))
}

/// The description of every route under `/v1`, and of `/healthz` and `/readyz`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

pub fn router(app: App) -> Router {
    let (router, api) = described().split_for_parts();
    router
        .route("/openapi.json", axum::routing::get(async move || Json(api)))
        .route("/", axum::routing::get(today::page))
        .route("/metrics", axum::routing::get(metrics::metrics))
        .fallback(async || Failure::from(Fault::no_such("such page").hint(SEE)))
        // Bodies are received whole, within their limit, before they come here.
        .layer(DefaultBodyLimit::disable())
        .with_state(app)
}
