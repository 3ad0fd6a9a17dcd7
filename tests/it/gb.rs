//! The GB client against a local server that speaks its shapes and its faults.

use crate::support::{Home, ONE_SITE};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hourmatch::ingest::fetch::RetryPolicy;
use hourmatch::ingest::gb;
use hourmatch::secret::Secret;
use hourmatch::store::Store;
use reports::time::{Interval, parse_instant};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the service says next to a call for intensity; the last one repeats.
#[derive(Clone)]
struct Reply {
    status: u16,
    body: Vec<u8>,
    delay: Duration,
    location: String,
}

fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply { status, body: body.into(), delay: Duration::ZERO, location: String::new() }
}

fn redirect(status: u16, location: impl Into<String>) -> Reply {
    Reply { location: location.into(), ..reply(status, "") }
}

type Script = Arc<Mutex<(Vec<Reply>, usize)>>;

/// The service on a free port of this machine.
struct Server {
    url: String,
    script: Script,
}

impl Server {
    async fn start(replies: Vec<Reply>) -> Self {
        let script: Script = Arc::new(Mutex::new((replies, 0)));
        let router =
            axum::Router::new().route("/{kind}/{from}/{to}", axum::routing::get(answer)).with_state(script.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, script }
    }

    fn address(&self) -> Secret {
        Secret::from(self.url.as_str())
    }

    fn calls(&self) -> usize {
        self.script.lock().expect("script").1
    }
}

async fn answer(State(script): State<Script>, Path((kind, ..)): Path<(String, String, String)>) -> Response {
    if kind == "generation" {
        return GENERATION.into_response();
    }
    let next = {
        let mut script = script.lock().expect("script");
        let next = script.0[script.1.min(script.0.len() - 1)].clone();
        script.1 += 1;
        next
    };
    tokio::time::sleep(next.delay).await;
    let status = StatusCode::from_u16(next.status).expect("status");
    let mut response = (status, [("retry-after", "0")], next.body).into_response();
    if !next.location.is_empty() {
        response.headers_mut().insert("location", next.location.parse().expect("a header"));
    }
    response
}

const INTENSITY: &str = include_str!("../../fixtures/http/gb/intensity.json");
const GENERATION: &str = include_str!("../../fixtures/http/gb/generation.json");

/// Patient with the answer itself: on a loaded machine even a prompt server is late.
fn retry_policy() -> RetryPolicy {
    RetryPolicy {
        timeout: Duration::from_secs(60),
        first_wait: Duration::from_millis(5),
        longest_wait: Duration::from_millis(20),
        tries: 3,
    }
}

fn period() -> Interval {
    let at = |text: &str| parse_instant(text).expect("time");
    Interval { start_s: at("2026-01-20T12:00:00Z"), end_s: at("2026-01-20T14:00:00Z") }
}

/// Between the third and the fourth half-hour.
fn issued_s() -> i64 {
    parse_instant("2026-01-20T13:30:00Z").expect("time")
}

#[tokio::test]
async fn what_it_answers_is_stored_with_issue_times_and_once() {
    // Two faults pass before it answers.
    let server = Server::start(vec![reply(503, ""), reply(503, ""), reply(200, INTENSITY)]).await;
    let home = Home::new(ONE_SITE);
    let store = Store::open(&format!("sqlite://{}", home.path("s.db").display())).await.expect("store");
    for added in [7, 0] {
        let fetched = gb::fetch(&server.address(), "A", period(), issued_s(), retry_policy()).await.expect("fetched");
        let outcome = gb::store(&store, fetched, &hourmatch::ingest::Options::own_form(0)).await.expect("stored");
        assert_eq!(outcome.added, added, "{outcome:?}");
    }
    let spans = std::collections::BTreeMap::from([("grid/A/carbon_intensity".to_string(), vec![period()])]);
    let held =
        hourmatch::store::readings::load(&store, &spans, hourmatch::store::readings::Cut::NONE).await.expect("held");
    let actuals: Vec<i64> = held["grid/A/carbon_intensity"].iter().map(|p| p.value).collect();
    assert_eq!(actuals, [263_000, 259_000, 255_000], "null actuals are no readings");
    let latest = async |known_s| {
        let points = hourmatch::store::forecasts::latest(&store, "grid/A/carbon_intensity", period(), known_s).await;
        points.expect("forecasts").iter().map(|p| p.value).collect::<Vec<_>>()
    };
    assert_eq!(latest(issued_s()).await, [248_000]);
    assert_eq!(latest(issued_s() - 1).await, Vec::<i64>::new(), "not known before it was issued");
    store.close().await;
}

#[tokio::test]
async fn faults_are_told_apart() {
    let slow = Reply { delay: Duration::from_secs(30), ..reply(200, INTENSITY) };
    let negative = INTENSITY.replace("\"actual\": 263", "\"actual\": -263");
    let cases = [
        (reply(500, ""), "answered 500", 3),
        (reply(429, ""), "answered 429", 3),
        (reply(400, "{}"), "answered 400", 1),
        (reply(200, "<html>down</html>"), "changed the form", 1),
        (reply(200, r#"{"data":[{"from":"now"}]}"#), "changed the form", 1),
        (slow, "no answer within", 3),
        (reply(200, vec![0xff, 0xfe]), "not UTF-8", 1),
        (reply(200, negative), "must not be negative", 1),
    ];
    for (reply, wanted, calls) in cases {
        let server = Server::start(vec![reply]).await;
        let late = wanted == "no answer within";
        let retry_policy =
            if late { RetryPolicy { timeout: Duration::from_millis(1500), ..retry_policy() } } else { retry_policy() };
        let fetched = gb::fetch(&server.address(), "A", period(), issued_s(), retry_policy).await;
        let error = fetched.expect_err("a fault").to_string();
        assert!(error.contains(wanted), "`{wanted}` not in {error}");
        assert_eq!(server.calls(), calls, "{wanted}");
    }
    let nobody = Secret::from("http://127.0.0.1:9");
    let gone = gb::fetch(&nobody, "A", period(), issued_s(), retry_policy()).await.expect_err("nobody there");
    assert!(gone.to_string().contains("not reached"), "{gone}");
}

#[tokio::test]
async fn redirects_lead_nowhere_but_within_the_host() {
    let there = redirect(302, "/intensity/2026-01-20T12:00Z/2026-01-20T14:00Z");
    let server = Server::start(vec![there.clone(), there.clone(), reply(200, INTENSITY)]).await;
    gb::fetch(&server.address(), "A", period(), issued_s(), retry_policy()).await.expect("found where it moved to");
    assert_eq!(server.calls(), 3);
    let looping = Server::start(vec![there]).await;
    let error = gb::fetch(&looping.address(), "A", period(), issued_s(), retry_policy())
        .await
        .expect_err("a circle")
        .to_string();
    assert!(error.contains("answered 302 Found, redirecting to another host or in a loop"), "{error}");
    assert_eq!(looping.calls(), 4, "the question and three redirects");
    // Another port of the same machine is another host, and is never asked; so is another scheme.
    let other = Server::start(vec![reply(200, INTENSITY)]).await;
    let path = "intensity/2026-01-20T12:00Z/2026-01-20T14:00Z";
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start(vec![redirect(status, format!("{}/{path}", other.url))]).await;
        let secure =
            Server::start(vec![redirect(status, format!("https{}/{path}", &server.url["http".len()..]))]).await;
        for asked in [&server, &secure] {
            let error =
                gb::fetch(&asked.address(), "A", period(), issued_s(), retry_policy()).await.expect_err("elsewhere");
            assert!(error.to_string().contains(&format!("answered {status} ")), "{error}");
            assert_eq!(asked.calls(), 1, "{status} is final");
        }
    }
    assert_eq!(other.calls(), 0);
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_held() {
    let server = Server::start(vec![reply(200, vec![b' '; (32 << 20) + 1])]).await;
    let error = gb::fetch(&server.address(), "A", period(), issued_s(), retry_policy())
        .await
        .expect_err("too large")
        .to_string();
    assert!(error.contains("the answer is larger than 33554432 bytes"), "{error}");
    assert_eq!(server.calls(), 1);
    let long = Interval { start_s: 0, end_s: 300_001 * 1_800 };
    let error =
        gb::fetch(&server.address(), "A", long, long.end_s, retry_policy()).await.expect_err("too long").to_string();
    assert!(error.contains("300001 half-hours are more than one fetch takes, 300000"), "{error}");
    assert_eq!(server.calls(), 1, "nothing was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_command_line() {
    let server = Server::start(vec![reply(200, INTENSITY)]).await;
    let home = Home::new(&format!("{ONE_SITE}\n[source.gb]\nurl = \"{}\"\n", server.url));
    let run = tokio::task::spawn_blocking(move || {
        home.run(&[
            "ingest",
            "--source",
            "gb",
            "--area",
            "A",
            "--from",
            "2026-01-20T12:00Z",
            "--to",
            "2026-01-20T14:00Z",
            "--now",
            "2026-01-20T13:30Z",
            "--format",
            "json",
        ])
    });
    let outcome = run.await.expect("ran").ok().json();
    assert_eq!(outcome["files"][0]["added"], 7);
    assert_eq!(outcome["files"][0]["forecasts_added"], 1);
}
