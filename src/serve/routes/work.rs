//! `/v1/work`

use crate::error::Problem;
use crate::plan::work::listing::{self, After, Filter};
use crate::plan::work::state::Update;
use crate::plan::work::{Work, add, update};
use crate::serve::App;
use crate::serve::problem::Failure;
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use reports::time::format_instant;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only work that may run there, or that runs there
    site: Option<String>,
    /// Only work in this state: queued, running, paused, done, cancelled
    state: Option<String>,
}

/// The work there is, and where each piece stands.
#[utoipa::path(
    get,
    path = "/v1/work",
    params(Params),
    responses(
        (status = 200, description = "pieces of work, by id"),
        (status = 400, description = "what is wrong with the question, as problem+json")
    )
)]
pub async fn work_list(
    State(app): State<App>,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params.map_err(|e| Problem::new(e.body_text()).hint("/v1/work?site=ashburn&state=running"))?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let filter = Filter::of(&app.portfolio, given(params.site), given(params.state).as_deref())?;
    Ok(Json(listing::list(&app.store, &filter, app.portfolio.definitions.synthetic).await?))
}

/// Takes in a list of work, all of it or none; the columns of a work list are the keys of each piece.
#[utoipa::path(
    post,
    path = "/v1/work",
    request_body(content_type = "application/json", description = "a list of pieces of work"),
    responses(
        (status = 200, description = "how many were added, replaced, known already or kept"),
        (status = 400, description = "the first piece that is refused and why, as problem+json")
    )
)]
pub async fn work_add(
    State(app): State<App>,
    list: Result<Json<Vec<Work>>, JsonRejection>,
) -> Result<impl IntoResponse, Failure> {
    let Json(mut list) = list.map_err(|e| {
        Problem::new(e.body_text()).hint(
            r#"send JSON: [{"id":"eval","kind":"batch","release":"2026-03-30T00:00:00Z","deadline":"2026-03-31T00:00:00Z","energy_mwh":12}]"#,
        )
    })?;
    let mut seen = BTreeSet::new();
    for (index, work) in list.iter_mut().enumerate() {
        let twice = (!seen.insert(work.id.clone())).then(|| format!("`{}` is listed twice", work.id));
        if let Some(problem) = work.problem(&app.portfolio).or(twice) {
            return Err(Problem::new(format!("piece {} of the list: {problem}", index + 1))
                .hint("correct it and send the whole list again: nothing was added")
                .into());
        }
        // One way to write an instant, so that the same work from a file and from here is the same.
        let (release_s, deadline_s) = work.span_s();
        (work.release, work.deadline) = (format_instant(release_s), format_instant(deadline_s));
    }
    let counts = add::add(&app.store, &list, app.clock.now_us()).await?;
    Ok(Json(json!({
        "schema": "hourmatch/work/1", "engine": crate::ENGINE, "synthetic": app.portfolio.definitions.synthetic,
        "added": counts.added, "replaced": counts.replaced, "unchanged": counts.unchanged,
        "kept": counts.kept.len(), "kept_work": counts.kept, "rejected": 0,
    })))
}

/// Says where a piece of work stands: state, part done, last checkpoint, site. What is left out stays as it was.
#[utoipa::path(
    patch,
    path = "/v1/work/{id}",
    params(("id" = String, Path, description = "Which")),
    request_body(content_type = "application/json", description = "any of state, done, last_checkpoint, site, at"),
    responses(
        (status = 200, description = "where it stands now"),
        (status = 400, description = "why the report is refused, as problem+json"),
        (status = 404, description = "there is no such work")
    )
)]
pub async fn work_report(
    State(app): State<App>,
    Path(id): Path<String>,
    report: Result<Json<Update>, JsonRejection>,
) -> Result<impl IntoResponse, Failure> {
    let Json(report) = report.map_err(|e| {
        Problem::new(e.body_text())
            .hint(r#"send JSON: {"state":"running","done":0.42,"last_checkpoint":"2026-03-30T11:40:00Z"}"#)
    })?;
    let now = (app.clock.now_s(), app.clock.now_us());
    match update::apply(&app.store, &app.portfolio, &id, &report, now).await? {
        Some(state) => Ok(Json(After::of(&id, &state, app.portfolio.definitions.synthetic))),
        None => Err(Failure::not_found(&format!("there is no work `{id}`"), "GET /v1/work lists what there is")),
    }
}
