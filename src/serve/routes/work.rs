//! `/v1/work`

use super::query::{
    App, Asked, Body, Deserialize, Failure, Id, IntoParams, IntoResponse, Json, Path, Query, State, given, limit,
};
use crate::error::{Fault, Faults};
use crate::portfolio::Portfolio;
use crate::work::listing::{self, After, Filter, Page};
use crate::work::state::Update;
use crate::work::{Work, add, no_work, update};
use axum::extract::rejection::JsonRejection;
use ids::{SiteId, WorkId};
use serde_json::json;
use std::collections::BTreeSet;
use std::error::Error;

/// Pieces refused that are named one by one.
const MOST_NAMED: usize = 200;
const EXAMPLE: &str = r#"send JSON: [{"id":"eval","kind":"batch","release":"2026-03-30T00:00:00Z","deadline":"2026-03-31T00:00:00Z","energy_mwh":12}]"#;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only work that may run there, or that runs there
    #[param(value_type = Option<String>)]
    site: Option<SiteId>,
    /// Only work in this state: queued, running, paused, done, cancelled
    state: Option<String>,
    /// How many, 1 to 10000; by default 1000
    limit: Option<usize>,
    /// Only those after this id: `next` of the previous page
    after: Option<String>,
}

/// All work, and the state of each piece.
#[utoipa::path(get, path = "/v1/work", params(Params), responses(
    (status = 200, description = "pieces of work, by id"),
    (status = 400, description = "what is wrong with the request, as problem+json")
))]
pub async fn work_list(State(app): State<App>, params: Asked<Params>) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params.map_err(|e| Failure::query(&e, "/v1/work?site=ashburn&state=running"))?;
    let filter = Filter::parse(&app.portfolio, given(params.site), given(params.state).as_deref())?;
    let page = Page { limit: limit(params.limit)?, after: given(params.after) };
    Ok(Json(listing::list(&app.store, &filter, Some(&page), app.portfolio.definitions.synthetic).await?))
}

/// Adds a list of work, all of it or none; the columns of a work list are the keys of each piece.
#[utoipa::path(post, path = "/v1/work", request_body(
    content_type = "application/json", description = "a list of pieces of work"
), responses(
    (status = 200, description = "how many were added, replaced, known already or kept"),
    (status = 400, description = "the refused pieces and why, as problem+json")
))]
pub async fn work_add(State(app): State<App>, list: Body<Vec<Work>>) -> Result<impl IntoResponse, Failure> {
    let Json(mut list) = list.map_err(|e| match misstated(&e) {
        Some(what) => Fault::new(what).hint(EXAMPLE).into(),
        None => Failure::json(&e, EXAMPLE),
    })?;
    list.iter_mut().for_each(|work| work.complete(app.portfolio.zone));
    refuse(&list, &app.portfolio)?;
    for work in &mut list {
        // One way to write an instant, so that the same work from a file and from here is the same.
        let span = work.span().map_err(anyhow::Error::from)?;
        (work.release, work.deadline) = (span.start.to_string(), span.end.to_string());
    }
    let counts = add::add(&app.store, &list, app.clock.record_time()).await?;
    Ok(Json(json!({
        "schema": "hourmatch/work/1", "engine": crate::ENGINE, "synthetic": app.portfolio.definitions.synthetic,
        "added": counts.added, "replaced": counts.replaced, "unchanged": counts.unchanged,
        "kept": counts.kept.len(), "kept_work": counts.kept, "rejected": 0,
    })))
}

/// What of a list is no piece of work: `[1].kind: ...`, as the reader of JSON says it, is of the second piece.
fn misstated(rejection: &JsonRejection) -> Option<String> {
    let JsonRejection::JsonDataError(error) = rejection else { return None };
    let text = error.source()?.to_string();
    let (index, rest) = text.strip_prefix('[')?.split_once(']')?;
    let (key, what) = rest.split_once(": ")?;
    let key = key.replacen('.', ", ", 1);
    Some(format!("piece {} of the list{key}: {what}", index.parse::<usize>().ok()?.saturating_add(1)))
}

/// Every piece that cannot be taken, each with its reason.
fn refuse(list: &[Work], portfolio: &Portfolio) -> Result<(), Failure> {
    let (mut seen, mut problems) = (BTreeSet::new(), Vec::new());
    for (index, work) in list.iter().enumerate() {
        let twice = (!seen.insert(&work.id)).then(|| format!("`{}` is listed twice", work.id));
        let problem = work.problem(portfolio).or(twice);
        problems.extend(problem.map(|problem| {
            Fault::new(format!("piece {} of the list: {problem}", index + 1))
                .hint("correct it and send the whole list again: nothing was added")
        }));
    }
    let more = problems.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        problems.truncate(MOST_NAMED);
        problems.push(Fault::new(format!("and {more} pieces more")).hint("correct these first"));
    }
    Ok(Faults::refuse(problems)?)
}

/// Reports the state of a piece of work: state, part done, last checkpoint, site. What is left out stays as it was.
#[utoipa::path(patch, path = "/v1/work/{id}", params(
    ("id" = String, Path, description = "Id of the work")
), request_body(
    content_type = "application/json", description = "any of state, done, last_checkpoint, site, at"
), responses(
    (status = 200, description = "its state now"),
    (status = 400, description = "why the report is refused, as problem+json"),
    (status = 404, description = "there is no such work")
))]
pub async fn work_report(
    State(app): State<App>,
    id: Id<WorkId>,
    report: Body<Update>,
) -> Result<impl IntoResponse, Failure> {
    let Path(id) = id.map_err(|e| Failure::path(&e))?;
    let Json(report) = report.map_err(|e| {
        Failure::json(&e, r#"send JSON: {"state":"running","done":0.42,"last_checkpoint":"2026-03-30T11:40:00Z"}"#)
    })?;
    let now = (app.clock.now(), app.clock.record_time());
    match update::apply(&app.store, &app.portfolio, &id, &report, now).await? {
        Some(state) => Ok(Json(After::new(&id, &state, app.portfolio.definitions.synthetic))),
        None => Err(no_work(&id).into()),
    }
}
