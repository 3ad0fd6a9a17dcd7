//! Clients of every kind over real sockets, with limits short enough to wait for.

use super::*;
use crate::serve::gate::Gate;
use crate::serve::limits::Limits;
use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use serde_json::Value;
use std::io::Read;
use std::net::{SocketAddr, TcpStream as Client};
use tokio::task::JoinHandle;

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(20);
/// More than the system holds between two sockets.
const LARGE: usize = 64 << 20;

struct Wire {
    address: SocketAddr,
    counts: Arc<Counts>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

async fn panics() -> &'static str {
    panic!("on purpose, with a secret")
}

async fn slow() -> &'static str {
    tokio::time::sleep(SHORT * 2).await;
    "slow\n"
}

fn limits() -> Limits {
    Limits { header: LONG, body: LONG, write: LONG, linger: SHORT, ..Limits::default() }
}

async fn start(limits: Limits) -> Wire {
    let router = Router::new()
        .route("/fine", get(async || "fine\n"))
        .route("/large", get(async || vec![b'x'; LARGE]))
        .route("/panic", get(panics))
        .route("/slow", get(slow))
        .route("/length", post(async |body: Bytes| body.len().to_string()))
        .layer(DefaultBodyLimit::disable());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let counts = Arc::new(Counts::default());
    let front = Arc::new(Front::new(router, Gate::new(address, &[]), limits, counts.clone()));
    let (stop, stopping) = watch::channel(false);
    let task = tokio::spawn(serve(listener, front, stopping));
    Wire { address, counts, stop, task }
}

impl Wire {
    fn connect(&self) -> Client {
        let client = Client::connect(self.address).expect("connects");
        client.set_read_timeout(Some(LONG)).expect("set");
        client
    }

    /// Sends this and reads until the other side ends.
    fn tell(&self, text: &str) -> String {
        let mut client = self.connect();
        // What is too long may be refused before it is sent.
        let _ = client.write_all(text.as_bytes());
        rest(&mut client)
    }

    fn get(&self, path: &str) -> String {
        self.tell(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    }
}

fn rest(client: &mut Client) -> String {
    let mut bytes = Vec::new();
    // A connection that is reset has ended too.
    let _ = client.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Refused with this status, as problem+json.
#[track_caller]
fn refused(answer: &str, status: u16) -> Value {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    let head = head.to_ascii_lowercase();
    assert!(head.contains("content-type: application/problem+json"), "{head}");
    assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    let problem: Value = serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {body}"));
    assert_eq!(problem["status"], status);
    assert!(problem["detail"].is_string() && problem["hint"].is_string() && problem["errors"].is_array(), "{problem}");
    problem
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_that_does_not_come_ends_the_connection() {
    let wire = start(Limits { header: SHORT, ..limits() }).await;
    for begun in ["", "G", "GET /fine HTTP/1.1\r\nHost: loc", "\r\n\r\n"] {
        assert_eq!(wire.tell(begun), "", "{begun:?}");
    }
    // One byte now and then does not help.
    let mut client = wire.connect();
    for byte in "GET /fine HTTP/1.1\r\n".bytes() {
        std::thread::sleep(SHORT / 4);
        if client.write_all(&[byte]).is_err() {
            break;
        }
    }
    assert_eq!(rest(&mut client), "");
    // Nor does an answered request: between requests it is the same.
    let kept = wire.tell("GET /fine HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(kept.starts_with("HTTP/1.1 200 OK\r\n") && kept.ends_with("fine\n"), "{kept}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let wire = start(Limits { body: SHORT, ..limits() }).await;
    let head = "POST /length HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    refused(&wire.tell(&format!("{head}Content-Length: 10\r\n\r\nabc")), 408);
    refused(&wire.tell(&format!("{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")), 408);
    let whole = wire.tell(&format!("{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
    assert!(whole.ends_with("\r\n\r\n3"), "{whole}");
    refused(&wire.tell(&format!("{head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n")), 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_have_an_end_each_and_together() {
    let wire = start(Limits { body_bytes: 4_096, bodies_bytes: 8_192, ..limits() }).await;
    let post = |length: usize| {
        format!("POST /length HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n")
    };
    let whole = wire.tell(&(post(4_096) + &"x".repeat(4_096)));
    assert!(whole.ends_with("\r\n\r\n4096"), "{whole}");
    refused(&wire.tell(&post(4_097)), 413);
    refused(&wire.tell(&post(usize::MAX / 4)), 413);
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(4_096));
    let chunked = "POST /length HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    refused(&wire.tell(&format!("{chunked}{chunk}{chunk}0\r\n\r\n")), 413);
    // Two that came far take the memory; what they give back, others may have.
    let far: Vec<Client> = (0..2)
        .map(|_| {
            let mut client = wire.connect();
            client.write_all((post(4_096) + &"x".repeat(4_000)).as_bytes()).expect("sent");
            client
        })
        .collect();
    tokio::time::sleep(SHORT).await;
    refused(&wire.tell(&(post(2_048) + &"x".repeat(2_048))), 503);
    drop(far);
    tokio::time::sleep(SHORT).await;
    assert!(wire.tell(&(post(2_048) + &"x".repeat(2_048))).ends_with("\r\n\r\n2048"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_nobody_reads_ends() {
    let wire = start(Limits { write: SHORT * 3, connections: 1, ..limits() }).await;
    let mut client = wire.connect();
    client.write_all(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("asked");
    tokio::time::sleep(SHORT * 8).await;
    // Its seat is free again, though it never left.
    assert!(wire.get("/fine").ends_with("fine\n"));
    assert!(rest(&mut client).len() < LARGE);
    // Read as it comes, it comes whole.
    assert!(wire.get("/large").len() > LARGE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_panics_answers_and_is_counted() {
    let wire = start(limits()).await;
    let answer = wire.get("/panic");
    refused(&answer, 500);
    assert!(!answer.contains("secret") && !answer.contains(".rs"), "{answer}");
    assert!(wire.get("/fine").ends_with("fine\n"));
    assert_eq!(wire.counts.counted().panics, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_new_and_hasty_clients_are_answered() {
    let wire = start(limits()).await;
    let old = wire.tell("GET /fine HTTP/1.0\r\n\r\n");
    assert!(old.starts_with("HTTP/1.0 200 OK\r\n") && old.ends_with("fine\n"), "{old}");
    let first = "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let hasty = wire.tell(&format!("{first}GET /fine HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    let (slow, fine) = (hasty.find("slow\n").expect("the first"), hasty.find("fine\n").expect("the second"));
    assert!(slow < fine && hasty.matches("HTTP/1.1 200 OK").count() == 2, "{hasty}");
    // Who leaves in the middle of an answer, or of its own request, takes no seat with it.
    let few = start(Limits { connections: 1, ..limits() }).await;
    for _ in 0..3 {
        let mut gone = few.connect();
        gone.write_all(first.as_bytes()).expect("asked");
        drop(gone);
        tokio::time::sleep(SHORT * 3).await;
        assert!(few.get("/fine").ends_with("fine\n"));
    }
    assert_eq!(few.counts.counted().refused_connections, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_request_or_too_long_is_refused_as_a_problem() {
    let wire = start(limits()).await;
    let get =
        |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n");
    refused(&wire.tell("HELLO\r\n\r\n"), 400);
    refused(&wire.tell("GET /fine HTTP/9.9\r\n\r\n"), 400);
    refused(&wire.tell(&get("/fine", "no colon\r\n")), 400);
    for length in [9_000, 60_000, 70_000, 100_000] {
        refused(&wire.tell(&get(&format!("/{}", "a".repeat(length)), "")), 414);
    }
    for value in [40_000, 1 << 20] {
        refused(&wire.tell(&get("/fine", &format!("Cookie: {}\r\n", "a".repeat(value)))), 431);
    }
    refused(&wire.tell(&get("/fine", &"X-Line: 1\r\n".repeat(200))), 431);
    refused(&wire.tell("GET /fine HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n"), 421);
    refused(&wire.tell("GET /fine HTTP/1.1\r\nConnection: close\r\n\r\n"), 400);
    let method = wire.tell("PUT /fine HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    refused(&method, 405);
    assert!(method.to_ascii_lowercase().contains("\r\nallow: get,head\r\n"), "{method}");
    refused(&wire.get("/none"), 404);
    let fine = wire.get("/fine").to_ascii_lowercase();
    for header in
        ["x-frame-options: deny", "referrer-policy: no-referrer", "content-security-policy: default-src 'none'"]
    {
        assert!(fine.contains(header), "{header}: {fine}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_lock_nobody_out() {
    let wire = start(Limits { connections: 20, ..limits() }).await;
    let idle: Vec<Client> = (0..50).map(|_| wire.connect()).collect();
    for mut half in (0..30).map(|_| wire.connect()) {
        half.write_all(b"POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx").expect("sent");
        assert!(wire.get("/fine").ends_with("fine\n"));
    }
    assert!(wire.counts.counted().closed_connections >= 31, "{:?}", wire.counts.counted());
    assert_eq!(wire.counts.counted().refused_connections, 0);
    drop(idle);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_all_at_work_is_told() {
    let wire = start(Limits { connections: 2, ..limits() }).await;
    let mut at_work: Vec<Client> = (0..2).map(|_| wire.connect()).collect();
    for client in &mut at_work {
        client.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("asked");
    }
    tokio::time::sleep(SHORT / 2).await;
    refused(&rest(&mut wire.connect()), 503);
    assert_eq!(wire.counts.counted().refused_connections, 1);
    for client in &mut at_work {
        assert!(rest(client).ends_with("slow\n"), "those at work go on");
    }
    assert!(wire.get("/fine").ends_with("fine\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_it_finishes_what_is_under_way() {
    let wire = start(limits()).await;
    let (mut idle, mut slow) = (wire.connect(), wire.connect());
    slow.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("asked");
    tokio::time::sleep(SHORT / 2).await;
    wire.stop.send(true).expect("told");
    assert_eq!(rest(&mut idle), "");
    let answer = rest(&mut slow);
    assert!(answer.ends_with("slow\n"), "{answer:?}");
    drop((idle, slow));
    let ended = tokio::time::timeout(LONG, wire.task).await.expect("in time");
    assert!(ended.is_ok());
}
