//! What the service refuses, and what nobody may take from others; over real sockets. Limits too long to wait for here
//! are held to in `src/serve/wire/tests.rs`.

use crate::service::Service;
use crate::support::{Home, ONE_SITE};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const NOW: &str = "2026-01-15T00:00Z";

/// 1 010 connections that ask nothing, of another process, whose files they are: everybody else is answered.
#[test]
fn idle_connections_lock_nobody_out() {
    let home = Home::new(ONE_SITE);
    let service = Service::start(&home, NOW);
    let script = "import socket, sys, time\n\
        host, port = sys.argv[1].rsplit(':', 1)\n\
        held = []\n\
        for i in range(1010):\n    \
            one = socket.create_connection((host, int(port)))\n    \
            one.sendall(b'GET /healthz HT' if i % 2 else b'')\n    \
            held.append(one)\n\
        print('held', flush=True)\n\
        sys.stdin.read()\n";
    let Ok(mut crowd) = Command::new("python3")
        .args(["-c", script, &service.address])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    else {
        println!("skipped: no python3");
        return;
    };
    let mut held = [0; 5];
    crowd.stdout.as_mut().expect("stdout").read_exact(&mut held).expect("all are connected");
    for path in ["/healthz", "/readyz", "/v1/windows?duration=1h&mw=1", "/v1/plans", "/"] {
        let asked = Instant::now();
        assert_eq!(service.get(path).status, 200, "{path}");
        assert!(asked.elapsed() < Duration::from_secs(5), "{path} took {:?}", asked.elapsed());
    }
    // There are 512 seats: those that waited longest made room.
    let counts = &service.json("/readyz")["counts"];
    assert!(counts["closed_connections"].as_u64().is_some_and(|closed| closed > 0), "{counts}");
    assert_eq!(counts["refused_connections"], 0, "{counts}");
    drop(crowd.stdin.take());
    crowd.wait().expect("it leaves");
    assert!(service.stop() < Duration::from_secs(10));
}

/// A header that never ends, and a connection that asks nothing more, are over within the time there is.
#[test]
fn slow_clients_are_let_go() {
    let home = Home::new(ONE_SITE);
    let service = Service::start(&home, NOW);
    let began = Instant::now();
    let clients: Vec<TcpStream> =
        ["GET /healthz HTTP/1.1\r\nHost: loc", "", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"]
            .iter()
            .map(|begun| {
                let mut client = TcpStream::connect(&service.address).expect("connects");
                client.set_read_timeout(Some(Duration::from_secs(60))).expect("set");
                client.write_all(begun.as_bytes()).expect("sent");
                client
            })
            .collect();
    let ended: Vec<String> = clients
        .into_iter()
        .map(|mut client| {
            let mut text = String::new();
            client.read_to_string(&mut text).expect("it ends");
            text
        })
        .collect();
    let took = began.elapsed();
    assert!(took > Duration::from_secs(5) && took < Duration::from_secs(40), "{took:?}");
    assert_eq!((ended[0].as_str(), ended[1].as_str()), ("", ""));
    assert!(ended[2].ends_with("ok\n"), "{:?}", ended[2]);
    service.stop();
}

#[test]
fn only_our_hosts_and_origins_are_answered() {
    let home = Home::new(&format!("{ONE_SITE}\n[serve]\nhosts = [\"plans.example.org\"]\n"));
    let service = Service::start(&home, NOW);
    let own = service.address.clone();
    let port = own.rsplit(':').next().expect("a port").to_string();
    let ask = |head: &str| service.ask("GET /v1/plans", head, "");
    for head in [
        String::new(),
        format!("Host: {own}\r\n"),
        format!("Host: localhost:{port}\r\n"),
        "Host: plans.example.org\r\n".into(),
        format!("Host: {own}\r\nOrigin: http://{own}\r\n"),
        format!("Host: {own}\r\nOrigin: https://plans.example.org\r\n"),
    ] {
        let answer = ask(&head);
        assert_eq!(answer.status, 200, "{head}: {answer:?}");
    }
    for host in ["evil.example.com", "127.0.0.1.evil.example.com", "x", "evil.example.com:80"] {
        ask(&format!("Host: {host}\r\n")).refused(421);
    }
    for origin in ["http://evil.example.com", "http://localhost:1", "null", "https://evil.plans.example.org"] {
        ask(&format!("Host: {own}\r\nOrigin: {origin}\r\n")).refused(403);
    }
    // Nothing was taken in a page's name.
    let body = r#"{"id":"x","duration":"1h","mw":1}"#;
    let head = format!("Host: {own}\r\nOrigin: http://evil.example.com\r\nContent-Type: application/json\r\n");
    service.ask("POST /v1/reservations", &head, body).refused(403);
    assert_eq!(service.json("/v1/reservations")["reservations"], serde_json::json!([]));
    let none = Home::new(&format!("{ONE_SITE}\n[serve]\nhosts = [\"https://plans.example.org\"]\n"));
    none.run(&["check"]).refused("is not a host name");
}

#[test]
fn every_refusal_is_a_problem() {
    let home = Home::new(ONE_SITE);
    let service = Service::start(&home, NOW);
    let own = format!("Host: {}\r\n", service.address);
    for (method, path, status) in [
        ("PUT", "/v1/work", 405),
        ("POST", "/v1/plans", 405),
        ("DELETE", "/", 405),
        ("OPTIONS", "/v1/windows", 405),
        ("GET", "/v1/plans/%ff", 400),
        ("GET", "/v1/reservations/%ff", 400),
        ("DELETE", "/v1/reservations/%c3%28", 400),
        ("PATCH", "/v1/work/%ff", 400),
        ("GET", "/v1/plans?limit=many", 400),
        ("GET", "/v1/plans?before=p-none", 404),
        ("GET", "/v1/work?limit=0", 400),
        ("GET", "/v1/work?limit=10001", 400),
        ("GET", "/v1/reservations?after=here", 400),
        ("GET", "/v1/reservations?all=perhaps", 400),
        ("GET", "/v1/plans/current/more", 404),
        ("GET", "//", 404),
    ] {
        let answer = service.send(method, path, "");
        answer.refused(status);
        assert_eq!(answer.head.contains("\r\nallow: "), status == 405, "{method} {path}: {answer:?}");
    }
    service.get(&format!("/v1/plans/{}", "p".repeat(20_000))).refused(414);
    service.ask("GET /healthz", &format!("{own}Cookie: {}\r\n", "c".repeat(50_000)), "").refused(431);
    let post = |kind: &str, body: &str| service.ask("POST /v1/work", &format!("{own}{kind}"), body);
    post("", "[]").refused(415);
    post("Content-Type: text/plain\r\n", "[]").refused(415);
    post("Content-Type: application/json\r\n", "[").refused(400);
    post("Content-Type: application/json\r\n", &format!("[{}]", "[".repeat(10_000))).refused(400);
    let announced = format!("POST /v1/work HTTP/1.1\r\n{own}Connection: close\r\nContent-Length: 99999999999\r\n\r\n");
    assert!(service.tell(&announced).starts_with("HTTP/1.1 413 "));
    assert!(service.tell("NO REQUEST\r\n\r\n").contains("application/problem+json"));
    // Each piece that is wrong is named, and none is taken.
    let one = |id: &str, deadline: &str| {
        format!(r#"{{"id":"{id}","release":"2026-01-15T00:00:00Z","deadline":"{deadline}","energy_mwh":1}}"#)
    };
    let list = [one("a", "2026-01-16T00:00:00Z"), one("b", "2026-01-14T00:00:00Z"), one("a", "2026-01-16T00:00:00Z")];
    let problem = post("Content-Type: application/json\r\n", &format!("[{}]", list.join(","))).refused(400);
    let said: Vec<&str> =
        problem["errors"].as_array().expect("list").iter().filter_map(|e| e["what"].as_str()).collect();
    assert!(said.len() == 2 && said[0].contains("piece 2") && said[1].contains("`a` is listed twice"), "{said:?}");
    assert_eq!(service.json("/v1/work")["work"], serde_json::json!([]));
}

/// The page runs its own scripts and styles and nothing else; every other answer runs nothing.
#[test]
fn answers_say_what_may_run() {
    let (service, _home) = Service::of_a_demo();
    let policy = |head: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix("content-security-policy: "));
        line.expect("a policy").to_string()
    };
    let page = service.get("/");
    let allowed = policy(&page.head);
    let nonce =
        allowed.split_once("script-src 'nonce-").and_then(|(_, rest)| rest.split_once('\'')).expect("a nonce").0;
    assert!(nonce.len() == 32 && allowed.contains(&format!("style-src 'nonce-{nonce}'")), "{allowed}");
    for part in
        ["default-src 'none'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]
    {
        assert!(allowed.contains(part), "{allowed}");
    }
    for tag in ["<script", "<style"] {
        for (at, _) in page.body.match_indices(tag) {
            let tag = page.body[at..].split('>').next().expect("a tag");
            let runs = !tag.contains("application/json");
            assert_eq!(tag.contains(&format!("nonce=\"{nonce}\"")), runs, "{tag}");
        }
    }
    // What a nonce does not allow the page has none of.
    for attribute in [" style=", " onclick=", " onload=", "javascript:", "<link", "<img", "<iframe"] {
        assert!(!page.body.contains(attribute), "{attribute}");
    }
    assert_ne!(policy(&service.get("/").head), allowed, "each answer has its own");
    for path in ["/v1/plans", "/healthz", "/openapi.json", "/none", "/v1/plans/current"] {
        let head = service.get(path).head;
        assert_eq!(policy(&head), "default-src 'none'; frame-ancestors 'none'", "{path}");
        for line in ["x-content-type-options: nosniff", "x-frame-options: deny", "referrer-policy: no-referrer"] {
            assert!(head.contains(line), "{path}: {head}");
        }
    }
}

/// Pages of every list: each row once, in order, whatever the size of a page.
#[test]
fn lists_come_in_pages() {
    let home = Home::new(ONE_SITE);
    let service = Service::start(&home, NOW);
    let piece = |n: usize| {
        format!(
            r#"{{"id":"w{n}","release":"2026-01-15T00:00:00Z","deadline":"2026-01-17T00:00:00Z","energy_mwh":1,"max_mw":1}}"#
        )
    };
    let list: Vec<String> = (0..7).map(piece).collect();
    assert_eq!(service.send("POST", "/v1/work", &format!("[{}]", list.join(","))).status, 200);
    for n in 0..5 {
        let body = format!(r#"{{"id":"r{n}","duration":"1h","mw":0.1}}"#);
        assert_eq!(service.send("POST", "/v1/reservations", &body).status, 201);
    }
    let ids = |list: &Value, rows: &str| -> Vec<String> {
        let id = |row: &Value| row["work"]["id"].as_str().or(row["id"].as_str()).expect("an id").to_string();
        list[rows].as_array().expect("rows").iter().map(id).collect()
    };
    for (path, rows, count) in [("/v1/work", "work", 7), ("/v1/reservations", "reservations", 5)] {
        let whole = service.json(path);
        assert_eq!(ids(&whole, rows).len(), count);
        assert_eq!(whole["next"], Value::Null);
        for limit in [1, 2, 4, count, 100] {
            let (mut paged, mut after) = (Vec::new(), String::new());
            loop {
                let page = service.json(&format!("{path}?limit={limit}&after={after}"));
                assert!(ids(&page, rows).len() <= limit);
                paged.extend(ids(&page, rows));
                match page["next"].as_str() {
                    Some(next) => after = next.to_string(),
                    None => break,
                }
            }
            assert_eq!(paged, ids(&whole, rows), "{path} by {limit}");
        }
    }
}
