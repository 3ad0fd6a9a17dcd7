//! Damaged requests to the service: it answers each with a status of HTTP, and goes on.

use super::mutate::mutated;
use super::seeds::fixture;
use super::{cases, shown};
use crate::support::{Home, Random};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

const NOW: &str = "2026-01-03T00:00Z";

struct Service {
    child: Child,
    address: String,
    home: Home,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    /// The wide portfolio, with a plan.
    fn start() -> Self {
        let home = Home::new(&String::from_utf8_lossy(&fixture("fuzz/hourmatch.toml")));
        for name in ["readings.csv", "work.csv"] {
            std::fs::write(home.path(name), fixture(&format!("fuzz/{name}"))).expect("written");
        }
        home.run(&["ingest", "readings.csv", "--reject", "bad.csv"]).ok();
        home.run(&["work", "import", "work.csv"]).ok();
        home.run(&["plan", "--now", NOW, "--horizon", "48h", "--time-limit", "2s"]).ok();
        let mut command = home.command();
        command.args(["serve", "--listen", "127.0.0.1:0", "--now", NOW]);
        let said = File::create(home.path("said")).expect("made");
        let child = command.stdout(Stdio::null()).stderr(said).spawn().expect("starts");
        let mut service = Self { child, address: String::new(), home };
        for _ in 0..600 {
            let said = service.home.read("said");
            let listening = said.lines().find_map(|line| line.strip_prefix("listening on http://"));
            if let Some(address) = listening {
                service.address = address.trim().to_string();
                return service;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it does not listen: {}", service.home.read("said"));
    }

    /// The status of the answer; none where there is no answer. What may be half a request is said to be all there is:
    /// whoever hangs up like that after a whole one may be taken to have gone.
    fn status(&self, request: &[u8], all: bool) -> Option<u16> {
        let mut stream = TcpStream::connect(&self.address).expect("it still listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
        // It may answer before it has read everything.
        let _ = stream.write_all(request);
        if all {
            let _ = stream.shutdown(std::net::Shutdown::Write);
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|status| status.parse().ok())
    }

    fn request(&self, line: &str, body: &[u8]) -> Vec<u8> {
        let mut request = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        request
    }
}

const QUESTIONS: &[&str] = &[
    "GET /v1/windows?duration=4h&mw=2&site=s&after=2026-01-03T00:00Z&before=2026-01-04T00:00Z&top=3",
    "GET /v1/windows?duration=4h&gpus=64&pool=h100&account=acc",
    "GET /v1/capacity?site=s&from=2026-01-03T00:00Z&to=2026-01-03T12:00Z",
    "GET /v1/reports?from=2026-01-01&to=2026-01-02&as_of=now",
    "GET /v1/plans?limit=20",
    "GET /v1/plans/current",
    "GET /v1/plans/p-0123456789ab",
    "GET /v1/work?site=s&state=queued",
    "GET /v1/reservations?all=true",
    "GET /v1/reservations/job-17",
    "DELETE /v1/reservations/job-17",
    "GET /openapi.json",
    "GET /",
    "GET /healthz",
];
const UPDATE: &str = "PATCH /v1/work/a";
const RESERVE: &str =
    r#"{"id":"job-17","duration":"2h","mw":0.5,"site":"s","after":"2026-01-03T00:00Z","before":"2026-01-04T00:00Z"}"#;

/// What may stand in a request line; anything else is sent as `%41` is.
fn escaped(bytes: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(byte);
    bytes.iter().map(|byte| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[test]
fn the_service_answers_whatever_it_is_asked() {
    let service = Service::start();
    let healthy = || service.status(&service.request("GET /healthz", b""), false);
    assert_eq!(healthy(), Some(200), "{}", service.home.read("said"));
    let bodies = [
        ("POST /v1/work", fixture("fuzz/work.json")),
        (UPDATE, fixture("fuzz/update.json")),
        ("POST /v1/reservations", RESERVE.as_bytes().to_vec()),
    ];
    let mut random = Random::new(15);
    for case in 0..cases(400) {
        let request = match random.below(4) {
            // A question that is odd in its query.
            0 | 1 => {
                let question = QUESTIONS[random.below(QUESTIONS.len())];
                let (method, path) = question.split_once(' ').expect("a path");
                let odd = mutated(&mut random, &path.as_bytes()[1..], QUESTIONS[0].as_bytes());
                let odd: String = escaped(&odd).chars().take(60_000).collect();
                service.request(&format!("{method} /{odd}"), b"")
            }
            // A body that is.
            2 => {
                let (line, body) = &bodies[random.below(bodies.len())];
                let body = mutated(&mut random, body, &bodies[0].1);
                service.request(line, &body)
            }
            // Bytes that may be no request at all.
            _ => {
                let (line, body) = &bodies[random.below(bodies.len())];
                let whole = service.request(line, body);
                mutated(&mut random, &whole, &whole)
            }
        };
        let status = service.status(&request, true);
        assert!(
            status.is_none_or(|status| (200..600).contains(&status)),
            "case {case}: {status:?} to {}",
            shown(&request)
        );
        assert!(status != Some(500), "case {case}: a defect, {}", shown(&request));
    }
    assert_eq!(healthy(), Some(200));
    let said = service.home.read("said");
    assert!(!said.contains("panicked"), "{said}");
}
