//! Errors as problem+json.

use crate::error::{Kind, Problem, problems_of};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// What a handler answers when it cannot do what was asked.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    problems: Vec<Problem>,
}

impl Failure {
    pub fn not_found(what: &str, hint: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, problems: vec![Problem::new(what).kind(Kind::NotFound).hint(hint)] }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { status: status(problem.kind), problems: vec![problem] }
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Input => StatusCode::BAD_REQUEST,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Stored | Kind::Defect => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let error = crate::store::faults::said(error);
        let known = error.is::<Problem>() || error.is::<crate::error::Problems>();
        let problems = problems_of(&error);
        let kind = problems.first().map(|p| p.kind).unwrap_or_default();
        let status = if known { status(kind) } else { StatusCode::INTERNAL_SERVER_ERROR };
        if !known {
            tracing::error!("{error:#}");
        }
        Self { status, problems }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let first = self.problems.first().cloned().unwrap_or_else(|| Problem::new("unknown error"));
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "detail": first.what,
            "hint": first.hint,
        });
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], Json(body).into_response()).into_response()
    }
}
