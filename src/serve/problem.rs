//! Errors as problem+json, with everything that is wrong in `errors`. What others' programs say of the store, of files
//! and of this program itself goes to the log, never into an answer.

use crate::error::{Fault, Faults, Kind, is_ours, kind_of, told, undisclosed};
use crate::store::faults;
use axum::body::Body;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::path::Path;

pub const TYPE: &str = "application/problem+json";
/// Seconds after which what is taken or away may be asked for again.
const RETRY_S: &str = "2";
pub const SEE: &str = "see /openapi.json for the API";

/// What a handler answers when it cannot do what was asked.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    problems: Vec<Fault>,
    /// Members of its own beside those that every problem has.
    more: Map<String, Value>,
}

impl Failure {
    /// Refused with a status of HTTP itself, which no kind of problem has.
    pub fn new(status: StatusCode, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { status, problems: vec![Fault::new(what).hint(hint)], more: Map::new() }
    }

    /// Not ready, whatever the reason: to be asked again later.
    pub fn not_ready(problems: Vec<Fault>) -> Self {
        Self::of_kind(Kind::Unavailable, problems)
    }

    /// A handler panicked, which is counted and logged where it was caught.
    pub fn defect() -> Self {
        undisclosed(Kind::Defect).into()
    }

    /// With members of its own in the document.
    pub fn with(mut self, more: Map<String, Value>) -> Self {
        self.more = more;
        self
    }

    fn of_kind(kind: Kind, problems: Vec<Fault>) -> Self {
        Self { status: status(kind), problems, more: Map::new() }
    }

    /// A body that is no JSON, none of the wanted shape, too large, or said to be something else.
    pub fn json(rejection: &JsonRejection, hint: &str) -> Self {
        match rejection.status() {
            status @ (StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::PAYLOAD_TOO_LARGE) => {
                Self::new(status, rejection.body_text(), hint)
            }
            _ => Fault::new(rejection.body_text()).hint(hint).into(),
        }
    }

    pub fn query(rejection: &QueryRejection, hint: &str) -> Self {
        Fault::new(rejection.body_text()).hint(hint).into()
    }

    pub fn path(rejection: &PathRejection) -> Self {
        Fault::new(rejection.body_text()).hint("percent-encode the id as UTF-8").into()
    }

    fn document(&self) -> Value {
        let errors: Vec<Value> = self.problems.iter().map(|problem| shown(problem, self.status)).collect();
        let first = errors.first().cloned().unwrap_or_default();
        let mut document = self.more.clone();
        document.insert("type".into(), "about:blank".into());
        document.insert("title".into(), self.status.canonical_reason().into());
        document.insert("status".into(), self.status.as_u16().into());
        document.insert("detail".into(), first["what"].clone());
        document.insert("hint".into(), first["hint"].clone());
        document.insert("errors".into(), errors.into());
        document.into()
    }
}

/// The status that a kind of problem has.
pub fn status(kind: Kind) -> StatusCode {
    StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A problem as callers may see it: of a file its name, not where it lies.
fn shown(problem: &Fault, status: StatusCode) -> Value {
    let file = problem.file.as_deref().and_then(|file| Path::new(file).file_name()).map(|name| name.to_string_lossy());
    let hint = problem.hint.as_deref().unwrap_or(if status.is_server_error() { "ask again later" } else { SEE });
    let told = |text: &str| if status.is_server_error() { without_folders(text) } else { text.into() };
    json!({"what": told(&problem.what), "file": file, "line": problem.line, "hint": told(hint)})
}

/// What is wrong with the store names its file: where that lies on this machine is nobody's business.
fn without_folders(text: &str) -> String {
    let word = |word: &str| match word.rsplit_once('/') {
        Some((folder, name)) if folder.contains('/') && !folder.starts_with("/v1") => name.to_string(),
        _ => word.to_string(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// An error in a line for a page, without what is nobody's business.
pub fn one_line(error: anyhow::Error) -> String {
    let problems = problems(&faults::explained(error));
    problems.iter().map(|problem| problem.what.as_str()).collect::<Vec<_>>().join("; ")
}

/// Logged where it is no answer to what was asked, and told as far as it may be.
fn problems(error: &anyhow::Error) -> Vec<Fault> {
    let kind = kind_of(error);
    if !is_ours(error) || kind.status() >= 500 {
        tracing::error!("{error:#}");
    }
    told(error)
}

impl From<Fault> for Failure {
    fn from(problem: Fault) -> Self {
        Self::of_kind(problem.kind, vec![problem])
    }
}

impl From<Faults> for Failure {
    fn from(problems: Faults) -> Self {
        anyhow::Error::from(problems).into()
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let error = faults::explained(error);
        Self::of_kind(kind_of(&error), problems(&error))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.document().to_string()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(TYPE));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_S));
        }
        response
    }
}

/// An answer as it leaves: what refuses without being a problem becomes one. What a method may be asked for stays.
pub fn translated(response: Response, method: &Method) -> Response {
    let status = response.status();
    let is_problem = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == TYPE);
    if is_problem || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let failure = if status == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = allow.as_ref().and_then(|allow| allow.to_str().ok()).unwrap_or("");
        Failure::new(status, format!("{method} is not allowed here"), format!("use {allowed}"))
    } else {
        Failure::new(status, status_text(status), SEE)
    };
    let mut problem = failure.into_response();
    if let Some(allow) = allow {
        problem.headers_mut().insert(header::ALLOW, allow);
    }
    problem
}

/// A status in words; of those that the server itself gives to what is no request, too.
pub fn status_text(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "this is not an HTTP/1.1 request",
        StatusCode::URI_TOO_LONG => "the address is too long",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "the header is too long, or holds too many lines",
        StatusCode::SERVICE_UNAVAILABLE => "the service is answering as many requests as it can",
        _ => status.canonical_reason().unwrap_or("refused"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of an error of the store no SQL, of a file no folder, and of a list each.
    #[test]
    fn answers_say_what_is_wrong_and_nothing_else() {
        let sql =
            anyhow::Error::from(sqlx::Error::Protocol("select secret from plans".into())).context("reading /srv/x");
        let failure = Failure::from(sql);
        assert_eq!(failure.status, StatusCode::SERVICE_UNAVAILABLE);
        let text = failure.document().to_string();
        assert!(!text.contains("secret") && !text.contains("/srv"), "{text}");

        let listed = Faults(vec![
            Fault::new("one").file("/srv/data/r.csv").line(3),
            Fault::new("two").kind(Kind::Conflict).hint("mend it"),
        ]);
        let failure = Failure::from(anyhow::Error::from(listed));
        assert_eq!(failure.status, StatusCode::BAD_REQUEST);
        let document = failure.document();
        assert_eq!(document["detail"], "one");
        assert_eq!(document["errors"][0], json!({"what": "one", "file": "r.csv", "line": 3, "hint": SEE}));
        assert_eq!(document["errors"][1]["what"], "two");
        assert_eq!(document["errors"].as_array().map(Vec::len), Some(2));
        assert!(!document.to_string().contains("/srv"));

        let gone =
            Fault::new("the store's file /srv/data/h.db is gone").kind(Kind::Unavailable).hint("/readyz says so");
        let document = Failure::from(gone).document();
        assert_eq!(document["detail"], "the store's file h.db is gone");
        assert_eq!(document["hint"], "/readyz says so");
    }

    #[test]
    fn what_refuses_becomes_a_problem_and_keeps_what_is_allowed() {
        let mut response = Response::new(Body::from("no"));
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        let problem = translated(response, &Method::PUT);
        assert_eq!(problem.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(problem.headers()[header::CONTENT_TYPE], TYPE);
        assert_eq!(problem.headers()[header::ALLOW], "GET,HEAD");
        let fine = translated(Response::new(Body::from("yes")), &Method::GET);
        assert!(!fine.headers().contains_key(header::CONTENT_TYPE));
    }
}
