//! The GB client against a local server that speaks its shapes and its faults.

use crate::support::{Home, ONE_SITE};
use hourmatch::ingest::fetch::Patience;
use hourmatch::ingest::gb;
use hourmatch::store::Store;
use reports::time::{Interval, parse_instant};
use std::time::Duration;
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

const INTENSITY: &str = include_str!("../../fixtures/http/gb/intensity.json");
const GENERATION: &str = include_str!("../../fixtures/http/gb/generation.json");

fn patience() -> Patience {
    Patience {
        timeout: Duration::from_millis(300),
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

async fn answering(server: &MockServer, name: &str, response: ResponseTemplate) {
    Mock::given(method("GET")).and(path_regex(format!("^/{name}/"))).respond_with(response).mount(server).await;
}

async fn both(server: &MockServer) {
    answering(server, "intensity", ResponseTemplate::new(200).set_body_string(INTENSITY)).await;
    answering(server, "generation", ResponseTemplate::new(200).set_body_string(GENERATION)).await;
}

#[tokio::test]
async fn what_it_answers_is_stored_with_issue_times_and_once() {
    let server = MockServer::start().await;
    // Two faults pass before it answers.
    Mock::given(method("GET"))
        .and(path_regex("^/intensity/"))
        .respond_with(ResponseTemplate::new(503).insert_header("retry-after", "0"))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    both(&server).await;
    let home = Home::new(ONE_SITE);
    let store = Store::open(&format!("sqlite://{}", home.path("s.db").display())).await.expect("store");
    for added in [7, 0] {
        let fetched = gb::fetch(&server.uri(), "A", period(), issued_s(), patience()).await.expect("fetched");
        let outcome = gb::store(&store, fetched, 0).await.expect("stored");
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
    let fetch = async |server: &MockServer| {
        gb::fetch(&server.uri(), "A", period(), issued_s(), patience()).await.expect_err("a fault").to_string()
    };
    let cases = [
        (ResponseTemplate::new(500), "answered 500", 3),
        (ResponseTemplate::new(429).insert_header("retry-after", "0"), "answered 429", 3),
        (ResponseTemplate::new(400).set_body_string("{}"), "answered 400", 1),
        (ResponseTemplate::new(200).set_body_string("<html>down</html>"), "another form", 1),
        (ResponseTemplate::new(200).set_body_string(r#"{"data":[{"from":"now"}]}"#), "another form", 1),
        (
            ResponseTemplate::new(200).set_body_string(INTENSITY).set_delay(Duration::from_secs(2)),
            "no answer within",
            3,
        ),
        (ResponseTemplate::new(200).set_body_bytes(vec![0xff, 0xfe]), "not UTF-8", 1),
        (
            ResponseTemplate::new(200).set_body_string(INTENSITY.replace("\"actual\": 263", "\"actual\": -263")),
            "must not be negative",
            1,
        ),
    ];
    for (response, wanted, calls) in cases {
        let server = MockServer::start().await;
        answering(&server, "intensity", response).await;
        answering(&server, "generation", ResponseTemplate::new(200).set_body_string(GENERATION)).await;
        let error = fetch(&server).await;
        assert!(error.contains(wanted), "`{wanted}` not in {error}");
        let made = server.received_requests().await.expect("recorded");
        let made = made.iter().filter(|r| r.url.path().starts_with("/intensity")).count();
        assert_eq!(made, calls, "{wanted}");
    }
    let gone = gb::fetch("http://127.0.0.1:9", "A", period(), issued_s(), patience()).await.expect_err("nobody there");
    assert!(gone.to_string().contains("not reached"), "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_command_line() {
    let server = MockServer::start().await;
    both(&server).await;
    let home = Home::new(&format!("{ONE_SITE}\n[source.gb]\nurl = \"{}\"\n", server.uri()));
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
