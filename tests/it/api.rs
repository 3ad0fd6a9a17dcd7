//! The service over real sockets: answers, refusals, a clean stop.

use crate::service::{NOW, Service};
use crate::support::{Home, Ran};
use serde_json::Value;
use std::time::Duration;

#[test]
fn it_answers_and_stops_cleanly() {
    let (service, _home) = Service::of_a_demo();
    let health = service.get("/healthz");
    assert_eq!((health.status, health.body.as_str()), (200, "ok\n"));
    let ready = service.json("/readyz");
    assert_eq!((&ready["ready"], &ready["synthetic"]), (&true.into(), &true.into()), "{ready}");
    assert_eq!(ready["store"]["schema"], ready["store"]["schema_known"], "{ready}");
    let plan = service.json("/v1/plans/current");
    assert_eq!((plan["schema"].as_str(), plan["synthetic"].as_bool()), (Some("hourmatch/plan/1"), Some(true)));
    let windows = service.json("/v1/windows?duration=4h&mw=2&site=&after=&before=");
    assert_eq!(windows["plan"]["id"], plan["id"]);
    assert_eq!(windows["windows"].as_array().map(Vec::len), Some(3));
    let report = service.json("/v1/reports?from=2026-03-02&to=2026-03-09");
    assert_eq!(report["period"]["intervals"], 168);
    let page = service.get("/");
    assert_eq!(page.status, 200);
    let page = page.body;
    for part in ["Today's plan", "Matched so far this year", "<svg", "Synthetic data"] {
        assert!(page.contains(part), "{part} is not on the page");
    }
    assert!(!page.contains("https://"), "the page loads something from elsewhere");
    for (path, wanted) in [
        ("/v1/windows", 400),
        ("/v1/windows?duration=4h&mw=two", 400),
        ("/v1/windows?duration=4h&mw=2&colour=red", 400),
        ("/v1/windows?duration=4h&mw=2&site=nowhere", 400),
        ("/v1/reports?from=2026-03-02&to=2026-03-01", 400),
        ("/v1/reports?from=2036-03-02&to=2036-03-03", 400),
        ("/v1/windows?duration=4h", 400),
        ("/v1/windows?duration=4h&mw=2&gpus=8", 400),
        ("/v1/capacity", 400),
        ("/v1/capacity?site=nowhere", 400),
        ("/v1/capacity?site=ashburn&from=2036-01-01", 400),
        ("/v1/work?state=asleep", 400),
        ("/v1/work?site=nowhere", 400),
        ("/v1/plans?limit=0", 400),
        ("/v1/plans/p-none", 404),
        ("/v1/nothing", 404),
    ] {
        service.get(path).refused(wanted);
    }
    assert!(service.stop() < Duration::from_secs(10));
}

/// What the command line prints of the same store, as of the service's now.
fn printed(home: &Home, args: &[&str]) -> Value {
    let mut command = home.command();
    command.current_dir(home.path("hourmatch-demo")).args(args).args(["--format", "json", "--now", NOW]);
    Ran::from(command.output().expect("runs")).ok().json()
}

#[test]
fn capacity_and_plans_are_those_of_the_command_line() {
    let (service, home) = Service::of_a_demo();
    let current = service.json("/v1/plans/current");
    let plans = service.json("/v1/plans?site=ashburn");
    let first = &plans["plans"][0];
    assert_eq!(plans["plans"].as_array().map(Vec::len), Some(1), "{plans}");
    for key in ["id", "made", "status", "objective", "bound", "gap"] {
        assert_eq!(first[key], current[key], "{key}");
    }
    let id = current["id"].as_str().expect("id");
    assert_eq!(service.json(&format!("/v1/plans/{id}")), current);
    let curve = service.json("/v1/capacity?site=ashburn&from=&to=");
    assert_eq!(curve["plan"]["id"], current["id"]);
    assert_eq!(curve, printed(&home, &["capacity", "--site", "ashburn"]));
    for interval in curve["intervals"].as_array().expect("intervals") {
        let mw = |key: &str| interval[key].as_f64().expect("mw");
        assert!(mw("cap_mw") <= mw("limit_mw") + 1e-9, "{interval}");
        assert!(mw("cap_mw") >= mw("firm_q95_mw").min(mw("limit_mw")) - 1e-9, "{interval}");
    }
    let some = service.json("/v1/windows?duration=4h&gpus=512&site=ashburn");
    assert_eq!(some["windows"][0]["gpus"], 512, "{some}");
    service.stop();
}

#[test]
fn work_is_added_and_reported_over_http() {
    let (service, home) = Service::of_a_demo();
    let piece = r#"[{"id":"eval","release":"2026-03-30T02:00:00+02:00","deadline":"2026-03-31T00:00:00Z","energy_mwh":12,"sites":["ashburn"]}]"#;
    let added = |body: &str| {
        let answer = service.send("POST", "/v1/work", body);
        assert_eq!(answer.status, 200, "{answer:?}");
        let counts = answer.json();
        ["added", "unchanged", "replaced"].map(|key| counts[key].as_u64().expect("count"))
    };
    assert_eq!(added(piece), [1, 0, 0]);
    assert_eq!(added(piece), [0, 1, 0]);
    assert_eq!(added(&piece.replace(":12,", ":13,")), [0, 0, 1]);
    let report = r#"{"state":"running","done":0.25,"site":"ashburn","last_checkpoint":"2026-03-29T21:40:00Z"}"#;
    let answer = service.send("PATCH", "/v1/work/eval", report);
    assert_eq!(answer.status, 200, "{answer:?}");
    let state = answer.json();
    assert_eq!((state["work"].as_str(), state["state"].as_str()), (Some("eval"), Some("running")));
    let running = service.json("/v1/work?state=running&site=ashburn");
    assert_eq!(running["work"].as_array().map(Vec::len), Some(1), "{running}");
    assert_eq!(service.json("/v1/work?state=running&site=columbus")["work"], serde_json::json!([]));
    let all = service.json("/v1/work");
    for ((method, path, body), wanted) in [
        (("PATCH", "/v1/work/none", report), 404),
        (("PATCH", "/v1/work/eval", r#"{"state":"asleep"}"#), 400),
        (("PATCH", "/v1/work/eval", r#"{"done":1.5}"#), 400),
        (("PATCH", "/v1/work/eval", r#"{"colour":"red"}"#), 400),
        (("PATCH", "/v1/work/eval", r#"{"at":"2026-03-29T23:00:00Z"}"#), 400),
        (("PATCH", "/v1/work/eval", "no json"), 400),
        (("POST", "/v1/work", r#"[{"id":"a b","release":"x","deadline":"y"}]"#), 400),
        (("POST", "/v1/work", "{}"), 400),
    ] {
        service.send(method, path, body).refused(wanted);
    }
    let wrong = piece.replace("}]", r#"},{"id":"b","kind":"trainig"}]"#);
    let answer = service.send("POST", "/v1/work", &wrong).refused(400);
    let what = answer["detail"].as_str().expect("what is wrong");
    let wanted = "piece 2 of the list, kind: `trainig` is not one of batch, training at line 1 column ";
    assert!(what.starts_with(wanted), "{what}");
    let one = r#"{"id":"two","release":"2026-03-30T00:00:00Z","deadline":"2026-03-31T00:00:00Z","energy_mwh":1}"#;
    let twice = format!("[{one},{one}]");
    service.send("POST", "/v1/work", &twice).refused(400);
    assert_eq!(service.json("/v1/work"), all, "what was refused left nothing behind");
    service.stop();
    let listed = printed(&home, &["work", "list", "--state", "running"]);
    let work = &listed["work"][0];
    assert_eq!((&work["work"]["id"], &work["done"], &work["site"]), (&"eval".into(), &0.25.into(), &"ashburn".into()));
    assert_eq!(work["last_checkpoint"], "2026-03-29T21:40:00Z");
    assert_eq!(work["work"]["release"], "2026-03-30T00:00:00Z");
}

const PATHS: &[&str] = &[
    "/healthz",
    "/readyz",
    "/v1/capacity",
    "/v1/plans",
    "/v1/plans/current",
    "/v1/plans/{id}",
    "/v1/reports",
    "/v1/reservations",
    "/v1/reservations/{id}",
    "/v1/windows",
    "/v1/work",
    "/v1/work/{id}",
];

#[test]
fn the_api_is_described() {
    let mut api: Value = serde_json::to_value(hourmatch::serve::routes::openapi()).expect("openapi");
    let paths: Vec<&String> = api["paths"].as_object().expect("paths").keys().collect();
    assert_eq!(paths, PATHS);
    api["info"]["version"] = "[version]".into();
    insta::assert_json_snapshot!("openapi", api);
}
