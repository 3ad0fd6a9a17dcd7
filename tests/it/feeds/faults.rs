//! Nothing that a provider does wrong is taken for data, and nothing of it stays.

use super::gb::{Asker, Gb, INTENSITY, at, retry};
use super::server::{Manner, Reply, Server, json, reply};
use hourmatch::ingest::fetch::RetryPolicy;
use hourmatch::store::revisions;
use reports::time::{Instant, Interval};
use std::io::Write;
use std::time::Duration;

const BODY: &str = include_str!("../../../fixtures/http/gb/intensity.json");

fn period() -> Interval {
    Interval { start: at("2026-01-20T12:00:00Z"), end: at("2026-01-20T14:00:00Z") }
}

fn now() -> Instant {
    at("2026-01-20T13:30:00Z")
}

/// What a fault is said to be, after how many calls; nothing is stored.
async fn refused(reply: Reply, wanted: &str, calls: usize, retry: RetryPolicy) {
    let server = Server::script(vec![reply]);
    let asker = Asker::new(&server.url).await;
    let error = asker.fill(period(), now(), retry).await.expect_err(wanted);
    assert!(error.contains(wanted), "`{wanted}` not in {error}");
    assert_eq!(server.calls(), calls, "{wanted}");
    assert!(revisions::all(&asker.store).await.expect("revisions").is_empty(), "{wanted}");
    asker.store.close().await;
}

#[tokio::test]
async fn statuses_are_told_apart() {
    for (reply, wanted, calls) in [
        (reply(500, "text/plain", ""), "answered 500", 3),
        (reply(503, "text/plain", "").header("retry-after", "0"), "answered 503", 3),
        (reply(429, "text/plain", "").header("retry-after", "0"), "answered 429", 3),
        (reply(429, "text/plain", "").header("retry-after", "3600"), "asks to wait 3600 s", 1),
        (reply(429, "text/plain", ""), "asks to wait 60 s", 1),
        (reply(503, "text/plain", "").header("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"), "asks to wait", 1),
        (reply(400, "application/json", "{}"), "answered 400", 1),
        (reply(401, "application/json", "{}"), "answered 401", 1),
        (reply(403, "application/json", "{}"), "answered 403", 1),
    ] {
        refused(reply, wanted, calls, retry()).await;
    }
}

#[tokio::test]
async fn bodies_that_are_none_are_refused() {
    for (reply, wanted, calls) in [
        (reply(200, "text/html", "<html>down</html>"), "answered with `text/html`, not with application/json", 3),
        (json("<html>down</html>"), "changed the form", 1),
        (json(r#"{"data":[{"from":"now"}]}"#), "changed the form", 1),
        (json(&BODY[..BODY.len() / 2]), "changed the form", 1),
        (json(BODY).manner(Manner::Truncated(BODY.len() / 2)), "broke off", 3),
        (json(vec![0xff, 0xfe]), "not UTF-8", 1),
        (json(BODY).header("content-encoding", "br"), "encoding that was not asked for", 1),
        (json(vec![b' '; (32 << 20) + 1]), "the answer is larger than 33554432 bytes", 1),
        (json(squeezed(&vec![b' '; 40 << 20])).header("content-encoding", "gzip"), "the answer is larger than", 1),
    ] {
        refused(reply, wanted, calls, retry()).await;
    }
}

fn squeezed(text: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(text).expect("memory");
    gz.finish().expect("memory")
}

#[tokio::test]
async fn who_drips_is_not_waited_for() {
    let impatient = RetryPolicy { timeout: Duration::from_millis(1_500), tries: 2, ..retry() };
    let drip = json(BODY).manner(Manner::Drip(Duration::from_secs(5)));
    refused(drip, "answer within", 2, impatient).await;
}

#[tokio::test]
async fn nobody_there_is_said() {
    let asker = Asker::new("http://127.0.0.1:9").await;
    let error = asker.fill(period(), now(), retry()).await.expect_err("nobody");
    assert!(error.contains("not reached") && error.contains("tried 3 times"), "{error}");
    asker.store.close().await;
}

#[tokio::test]
async fn redirects_lead_nowhere_but_within_the_host() {
    let other = Server::script(vec![json(BODY)]);
    let elsewhere = format!("{}/intensity/2026-01-20T12:00Z/2026-01-20T14:00Z", other.url);
    for status in [301, 302, 303, 307, 308] {
        let there = reply(status, "text/plain", "").header("location", &elsewhere);
        refused(there, &format!("answered {status}"), 1, retry()).await;
    }
    assert_eq!(other.calls(), 0, "another port of the same machine is another host");
    let circle = reply(302, "text/plain", "").header("location", "/intensity/2026-01-20T12:00Z/2026-01-20T14:00Z");
    refused(circle, "redirecting to another host or in a loop", 4, retry()).await;
}

#[tokio::test]
async fn faults_that_pass_lose_and_double_nothing() {
    let gb = Gb { now: now(), revised: 0 };
    let server = Server::start(move |asked| match asked.before % 3 {
        0 => reply(503, "text/plain", "").header("retry-after", "0"),
        1 => json(BODY).manner(Manner::Truncated(10)),
        _ => gb.answer(asked),
    });
    let asker = Asker::new(&server.url).await;
    asker.fill(period(), now(), retry()).await.expect("filled");
    assert_eq!(server.calls(), 6, "two faults before each of two answers");
    let held: Vec<Instant> = asker.held(INTENSITY, period()).await.iter().map(|point| point.start).collect();
    // The half-hour that ended just now has no actual yet.
    assert_eq!(held, [0, 1_800].map(|after| period().start + after));
    asker.store.close().await;
}

#[tokio::test]
async fn packed_answers_are_read() {
    let gb = Gb { now: now(), revised: 0 };
    let server = Server::start(move |asked| {
        assert_eq!(asked.headers.get("accept-encoding").map(String::as_str), Some("gzip"));
        let plain = gb.answer(asked);
        Reply { body: squeezed(&plain.body), ..plain }.header("content-encoding", "gzip")
    });
    let asker = Asker::new(&server.url).await;
    asker.fill(period(), now(), retry()).await.expect("filled");
    assert_eq!(asker.held(INTENSITY, period()).await.len(), 2);
    asker.store.close().await;
}

/// One bad value of an answer is left out and said; the others are taken, and unknown is no value.
#[tokio::test]
async fn a_bad_value_is_left_out() {
    let negative = BODY.replace("\"actual\": 263", "\"actual\": -263");
    assert_ne!(negative, BODY);
    let gb = Gb { now: now(), revised: 0 };
    let server = Server::start(move |asked| match asked.path.starts_with("/intensity") {
        true => json(negative.as_str()),
        false => gb.answer(asked),
    });
    let asker = Asker::new(&server.url).await;
    let filled = asker.fill(period(), now(), retry()).await.expect("filled");
    assert_eq!(filled.outcomes[0].rejected, 1);
    assert!(filled.notes[0].contains("must not be negative"), "{:?}", filled.notes);
    let held: Vec<i64> = asker.held(INTENSITY, period()).await.iter().map(|point| point.value).collect();
    assert_eq!(held, [259_000, 255_000]);
    asker.store.close().await;
}
