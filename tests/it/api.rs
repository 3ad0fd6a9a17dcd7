//! The service over real sockets: answers, refusals, a clean stop.

use crate::support::Home;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

struct Service {
    child: Child,
    address: String,
    home: Home,
}

impl Service {
    /// A demo, served on a free port as of the demo's own now.
    fn start() -> Self {
        let home = Home::new("");
        home.run(&["demo"]).ok();
        let mut command = home.command();
        command.current_dir(home.path("hourmatch-demo"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--now", "2026-03-29T22:00Z", "--log", "warn"]);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let address = loop {
            let line = lines.next().expect("it says where it listens").expect("text");
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.to_string();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, home }
    }

    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        // As of version 1.0, so that a streamed answer ends with the connection and comes without chunks.
        write!(stream, "GET {path} HTTP/1.0\r\nHost: x\r\nConnection: close\r\n\r\n").expect("asked");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("answered");
        let status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("status");
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_string()).expect("body");
        (status, body)
    }

    fn json(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    fn stop(mut self) -> Home {
        let pid = self.child.id().to_string();
        let asked = std::process::Command::new("kill").args(["-TERM", &pid]).status().expect("kill");
        assert!(asked.success());
        assert!(self.child.wait().expect("stops").success(), "a clean stop exits 0");
        self.home
    }
}

#[test]
fn it_answers_and_stops_cleanly() {
    let service = Service::start();
    assert_eq!(service.get("/healthz"), (200, "ok\n".into()));
    let plan = service.json("/v1/plans/current");
    assert_eq!((plan["schema"].as_str(), plan["synthetic"].as_bool()), (Some("hourmatch/plan/1"), Some(true)));
    let windows = service.json("/v1/windows?duration=4h&mw=2&site=&after=&before=");
    assert_eq!(windows["plan"]["id"], plan["id"]);
    assert_eq!(windows["windows"].as_array().map(Vec::len), Some(3));
    let report = service.json("/v1/reports?from=2026-03-02&to=2026-03-09");
    assert_eq!(report["period"]["intervals"], 168);
    let (status, page) = service.get("/");
    assert_eq!(status, 200);
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
        ("/v1/nothing", 404),
    ] {
        let (status, body) = service.get(path);
        assert_eq!(status, wanted, "{path}: {body}");
        let problem: Value = serde_json::from_str(&body).expect("problem+json");
        assert!(problem["detail"].is_string() && problem["hint"].is_string(), "{path}: {body}");
    }
    service.stop();
}

#[test]
fn the_api_is_described() {
    let mut api: Value = serde_json::to_value(hourmatch::serve::routes::openapi()).expect("openapi");
    let paths: Vec<&String> = api["paths"].as_object().expect("paths").keys().collect();
    assert_eq!(paths, ["/healthz", "/v1/plans/current", "/v1/reports", "/v1/windows"]);
    api["info"]["version"] = "[version]".into();
    insta::assert_json_snapshot!("openapi", api);
}
