//! Credentials go where they belong and nowhere else, and answers that did not change are not sent again.

use super::gb::{Asker, Gb, INTENSITY, at, retry};
use super::server::{Reply, Server, json, reply};
use hourmatch::clock::Clock;
use hourmatch::feeds::client::{Client, Reply as Said};
use hourmatch::feeds::failure::Failure;
use hourmatch::feeds::pace::Paces;
use hourmatch::portfolio::{FeedSource, TokenFrom};
use hourmatch::secret::Secret;
use reports::received::Refused;
use reports::received::providers::about::{ANY, About, Asked, Credential, Gives, Limits, Rate};
use reports::received::providers::{Answer, Ask, Fault, Feed, Next, Request, Sink, Wanted};
use reports::time::{Instant, Interval};
use std::borrow::Cow;
use std::path::Path;

/// What nobody may see.
const PLANTED: &str = "hunter2";
const PERIOD: Interval = Interval { start: Instant::FIRST, end: Instant::from_seconds(3_600) };

/// A feed of this test, whose credential goes where its `settings` say.
struct Probe;

static ABOUT: About = About {
    name: "probe",
    title: "Probe",
    url: None,
    docs: "https://example.org",
    licence: "none",
    zone: Asked::Never,
    credential: Credential::None,
    needs_credential: true,
    gives: &[Gives { leaf: ANY, unit: "MWh", resolution_s: 3_600, horizon_s: 0 }],
    limits: Limits { span_s: 86_400, rates: &[Rate { requests: 1_000, seconds: 1 }], ban_s: 600 },
    accept: "application/json",
    types: &["application/json"],
    statuses: &[404],
    every_s: 3_600,
    overlap_s: 0,
    settings: &[],
};

impl Feed for Probe {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn credential(&self, wanted: &Wanted) -> Credential {
        match wanted.setting("where") {
            Some("header") => Credential::Header { name: Cow::Borrowed("auth-token"), before: Cow::Borrowed("") },
            Some("query") => Credential::Query { name: Cow::Borrowed("api_key") },
            Some("basic") => Credential::Basic,
            _ => Credential::Login { path: "/login", field: "token" },
        }
    }

    fn requests(&self, _: &Ask) -> Result<Vec<Request>, Refused> {
        Ok(vec![request()])
    }

    fn parse(&self, _: &Ask, _: &Request, _: &Answer<'_>, _: &mut dyn Sink) -> Result<Next, Fault> {
        Ok(Next::Done)
    }
}

fn request() -> Request {
    Request::new("/data", PERIOD).with("zone", "A B").with("data[]", "value")
}

fn client(url: &str, credential: &str, folder: &Path) -> Result<Client, Failure> {
    let gb = FeedSource::gb().expect("a source");
    let mut source = FeedSource {
        name: "probe".into(),
        feed: &Probe,
        url: Secret::from(url),
        token: TokenFrom::File("token".into()),
        ..gb
    };
    source.wanted.settings.insert("where".into(), credential.into());
    Client::new(
        &source,
        folder,
        (retry(), Paces::default().pace(&ABOUT, &source.url), Clock::fixed(at("2026-01-20T13:30:00Z"))),
    )
}

fn folder(token: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), token).expect("written");
    folder
}

#[tokio::test]
async fn a_credential_goes_where_the_provider_wants_it_and_into_nothing_that_is_kept() {
    let folder = folder(&format!("{PLANTED}\n"));
    for (credential, name, value) in
        [("header", "auth-token", "hunter2"), ("query", "", ""), ("basic", "authorization", "Basic aHVudGVyMjo=")]
    {
        let server = Server::script(vec![json("{}")]);
        let client = client(&server.url, credential, folder.path()).expect("a client");
        let said = client.ask(&request(), None).await.expect("an answer");
        let asked = &server.asked()[0];
        let key = if credential == "query" { "&api_key=hunter2" } else { "" };
        assert_eq!(asked.query, format!("zone=A+B&data%5B%5D=value{key}"));
        assert_eq!(asked.headers.get(name).map_or("", String::as_str), value);
        assert!(!format!("{said:?} {client:?}").contains(PLANTED), "{said:?}");
    }
}

#[tokio::test]
async fn an_expired_token_is_asked_for_once_more() {
    let folder = folder("user:hunter2");
    // The first token is refused from its second use on.
    let server = Server::start(|asked| match asked.path.as_str() {
        "/login" if asked.headers["authorization"] == "Basic dXNlcjpodW50ZXIy" => {
            json(format!("{{\"token\":\"t{}\"}}", asked.before))
        }
        "/login" => reply(401, "application/json", "{}"),
        _ if asked.headers["authorization"] == "Bearer t0" && asked.before > 1 => reply(401, "application/json", "{}"),
        _ => json("{}"),
    });
    let client = client(&server.url, "login", folder.path()).expect("a client");
    for _ in 0..3 {
        client.ask(&request(), None).await.expect("an answer");
    }
    let paths: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths, ["/login", "/data", "/data", "/login", "/data", "/data"]);
}

#[tokio::test]
async fn a_login_that_is_refused_is_not_tried_again_and_again() {
    let server = Server::script(vec![reply(401, "application/json", "{}")]);
    let refused = folder("user:other");
    let client = client(&server.url, "login", refused.path()).expect("a client");
    let failure = client.ask(&request(), None).await.expect_err("refused");
    assert_eq!(failure, Failure::Denied("the login is refused".into()));
    assert_eq!(server.calls(), 1);
    // Nor is a new token that is refused like the one before.
    let server = Server::start(|asked| match asked.path.as_str() {
        "/login" => json(r#"{"token":"t"}"#),
        _ => reply(401, "application/json", "{}"),
    });
    let client = super::client::client(&server.url, "login", refused.path()).expect("a client");
    let failure = client.ask(&request(), None).await.expect_err("refused");
    assert!(matches!(failure, Failure::Denied(_)), "{failure:?}");
    assert_eq!(server.calls(), 4);
}

#[tokio::test]
async fn a_credential_that_is_none_is_said_before_anybody_is_asked() {
    for (text, wanted) in [("", "empty"), ("a\nb", "more than one line")] {
        let folder = folder(text);
        let failure = client("http://127.0.0.1:9", "header", folder.path()).expect_err(wanted);
        assert!(failure.to_string().contains(wanted), "{failure}");
    }
    let nothing = tempfile::tempdir().expect("a folder");
    let failure = client("http://127.0.0.1:9", "header", nothing.path()).expect_err("no file");
    assert!(failure.to_string().contains("token cannot be read"), "{failure}");
}

#[tokio::test]
async fn a_status_that_the_feed_reads_is_read() {
    let server = Server::script(vec![reply(404, "application/json", "{\"none\":true}")]);
    let folder = folder(PLANTED);
    let said = client(&server.url, "header", folder.path()).expect("a client").ask(&request(), None).await;
    match said.expect("an answer") {
        Said::Answer(exchange, mark) => {
            assert_eq!((exchange.status, exchange.body.as_str(), mark), (404, "{\"none\":true}", None));
        }
        Said::Same => panic!("nothing was marked"),
    }
}

/// Followed twice, an answer that did not change is not sent again; one that did is taken.
#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let now = at("2026-01-20T13:30:00Z");
    let server = Server::start(move |asked| {
        let revised = i64::from(asked.before >= 4) * 7;
        let tag = format!("\"{revised}\"");
        match asked.headers.get("if-none-match") == Some(&tag) {
            true => Reply { body: Vec::new(), ..reply(304, "", "") },
            false => Gb { now, revised }.answer(asked).header("etag", &tag),
        }
    });
    let asker = Asker::new(&server.url).await;
    let follower = hourmatch::feeds::follow::Follower::new(asker.asking(now, retry()));
    let which = hourmatch::feeds::follow::Which::Named("gb".into());
    let mut came = Vec::new();
    for _ in 0..3 {
        let turned = follower.turn(&which).await.expect("a turn").remove(0);
        assert_eq!(turned.error, None);
        came.push((turned.added, turned.corrected));
    }
    let day = Interval { start: now - 86_400, end: now };
    let held = asker.held(INTENSITY, day).await;
    // A day of half-hours but the last, of intensity and, with it, of the mix.
    assert_eq!(came, [(47 + 48, 0), (0, 0), (0, 47)]);
    assert_eq!(held.len(), 47);
    assert!(held.iter().all(|point| point.value == (super::gb::grams(point.start) + 7) * 1_000));
    asker.store.close().await;
}
