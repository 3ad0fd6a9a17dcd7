//! A feed that wants a key is given it, and nobody else sees it: no message, no log, no answer, no row, no pack, no list
//! of processes, nor a stranger that the feed sends us to.

use crate::service::Service;
use crate::support::{HEADER, Home, ONE_SITE, Ran};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

pub const KEY: &str = "planted4hunter";
/// `u:planted4hunter` as basic authentication writes it.
pub const ENCODED: &str = "dTpwbGFudGVkNGh1bnRlcg==";
/// As those may write the key who repeat what they were asked with: alone, as a user, and as a password, in Base64.
pub const REPEATED: [&str; 4] = [KEY, "cGxhbnRlZDRodW50ZXI=", "cGxhbnRlZDRodW50ZXI6", ENCODED];
/// What stands in the Base64 of any text that holds the key, by where it begins.
const WITHIN: [&str; 3] = ["cGxhbnRlZDRodW50ZX", "BsYW50ZWQ0aHVudGVy", "wbGFudGVkNGh1bnRlc"];
const NOW: &str = "2026-01-20T13:30Z";
const PERIOD: [&str; 4] = ["--from", "2026-01-20T12:00Z", "--to", "2026-01-20T13:00Z"];

/// A server of canned answers on a free port, and what it was asked.
struct Feed {
    address: String,
    asked: Arc<Mutex<String>>,
}

impl Feed {
    /// Answers with what `answer` makes of the first line of a request.
    fn new(answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("address").to_string();
        let asked = Arc::new(Mutex::new(String::new()));
        let heard = asked.clone();
        // It ends with the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let head = head(&stream);
                heard.lock().expect("no panic").push_str(&head);
                let _ = (&stream).write_all(answer(head.lines().next().unwrap_or_default()).as_bytes());
            }
        });
        Self { address, asked }
    }

    /// One that has data.
    fn sound() -> Self {
        Self::new(|request| {
            let body = match request.contains("/generation/") {
                true => include_str!("../../fixtures/http/gb/generation.json"),
                false => include_str!("../../fixtures/http/gb/intensity.json"),
            };
            let repeated = format!("{{\"asked\": [\"{}\"], ", REPEATED.join("\", \""));
            answered("200 OK", "", &body.replacen('{', &repeated, 1))
        })
    }

    fn asked(&self) -> String {
        self.asked.lock().expect("no panic").clone()
    }
}

fn head(stream: &TcpStream) -> String {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).map(|line| line + "\n").collect()
}

fn answered(status: &str, head: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

pub fn shows(bytes: &[u8]) -> bool {
    [KEY, ENCODED].iter().chain(&WITHIN).any(|key| bytes.windows(key.len()).any(|window| window == key.as_bytes()))
}

pub fn silent(text: &str, what: &str) {
    assert!(!shows(text.as_bytes()) && !text.contains("panicked"), "{what}: {text}");
}

/// A portfolio whose feed is here.
fn home(url: &str) -> Home {
    let home = Home::new(&format!("{ONE_SITE}[source.gb]\nurl = \"{url}\"\n"));
    let rows: String = ["site/s/load", "contract/w/generation"]
        .map(|series| format!("{series},2026-01-20T12:00:00Z,2026-01-20T13:00:00Z,1,MWh\n"))
        .concat();
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home
}

/// Runs a command with everything logged.
pub fn quiet(home: &Home, args: &[&str]) -> Ran {
    let ran = home.run(&[args, &["--log", "trace"]].concat());
    silent(&ran.out, &format!("{args:?}, output"));
    silent(&ran.err, &format!("{args:?}, log"));
    ran
}

fn fetch() -> Vec<&'static str> {
    [&["ingest", "--source", "gb", "--area", "A", "--now", NOW], &PERIOD[..]].concat()
}

/// Files below a folder, none of which holds it but the portfolio itself.
fn clean(dir: &Path) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(dir).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            files += clean(&path);
        } else if !path.ends_with("hourmatch.toml") {
            assert!(!shows(&std::fs::read(&path).expect("read")), "{} holds it", path.display());
            files += 1;
        }
    }
    files
}

#[test]
fn a_key_that_is_used_is_seen_by_the_feed_alone() {
    for (form, sent) in [("http://HOST/v1?api_key=KEY", KEY), ("http://u:KEY@HOST/v1", ENCODED)] {
        let feed = Feed::sound();
        let home = home(&form.replace("HOST", &feed.address).replace("KEY", KEY));
        let taken = quiet(&home, &fetch()).ok();
        assert!(taken.err.contains("readings added"), "{}", taken.err);
        assert!(feed.asked().contains(sent), "the key is given to whom it is for: {}", feed.asked());
        for args in [
            &["ingest", "r.csv"][..],
            &["check", "--format", "json"],
            &["revisions", "--format", "json"],
            &["revisions", "--format", "csv"],
            &["revisions", "1"],
            &["plan", "--now", NOW, "--horizon", "24h"],
            &[&["report", "--format", "html", "-o", "report.html"], &PERIOD[..]].concat(),
            &[&["report", "--format", "json", "-o", "report.json"], &PERIOD[..]].concat(),
            &[&["pack", "-o", "pack"], &PERIOD[..]].concat(),
            &[&["pack", "-o", "pack.tar.zst"], &PERIOD[..]].concat(),
            &["verify", "pack"],
            &["revoke", "1", "--reason", "tried"],
        ] {
            quiet(&home, args).ok();
        }
        let rows = home.rows();
        assert!(rows.len() > 20 && rows.iter().all(|row| !shows(row.as_bytes())), "a row holds it");
        assert!(clean(&home.path("")) > 20);
        let service = Service::start(&home, NOW);
        for path in ["/healthz", "/metrics", "/v1/plans", "/openapi.json", "/"] {
            silent(&service.get(path).body, path);
        }
        silent(&service.log(), "the service's log");
    }
}

/// What refuses a key may repeat it, and may send us elsewhere with it.
#[test]
fn an_answer_that_repeats_the_key_is_not_repeated() {
    let stranger = Feed::sound();
    let elsewhere = format!("Location: http://{}/v1?api_key={KEY}\r\n", stranger.address);
    let said = format!("no such key: {}", REPEATED.join(" or "));
    for answer in [
        answered("401 Unauthorized", "", &said),
        answered("200 OK", &format!("Content-Type: {KEY}\r\nETag: \"{ENCODED}\"\r\n"), "{}"),
        answered("400 Bad Request", &format!("X-Key: {KEY}\r\n"), &format!("{{\"error\": \"{said}\"}}")),
        answered("302 Found", &elsewhere, ""),
        answered("200 OK", "", &format!("{{\"data\": \"{said}\"}}")),
        answered("200 OK", "", &format!("{{\"error\": \"{said}\"}}")),
        answered("200 OK", "", &said),
    ] {
        let what = answer.clone();
        let feed = Feed::new(move |_| answer.clone());
        let home = home(&format!("http://{}/v1?api_key={KEY}", feed.address));
        for format in ["text", "json"] {
            let ran = quiet(&home, &[&fetch()[..], &["--format", format]].concat());
            assert_eq!(ran.code, 1, "{what}\n{}", ran.err);
        }
        assert!(feed.asked().contains(KEY), "{what}");
        assert!(home.rows().iter().all(|row| !shows(row.as_bytes())), "{what}");
    }
    assert_eq!(stranger.asked(), "", "nobody else is asked");
}

/// Command lines of a process and of all that it started, as everybody on the machine may read them.
pub fn listed(child: &Child) -> String {
    let mut pids = vec![child.id().to_string()];
    let mut text = String::new();
    while let Some(pid) = pids.pop() {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(&line).replace('\0', " "));
        text.push('\n');
        for entry in std::fs::read_dir("/proc").expect("processes").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            // Behind the name, which may hold anything: state and parent.
            let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1));
            if parent == Some(pid.as_str()) {
                pids.push(name);
            }
        }
    }
    text
}

#[test]
fn no_list_of_processes_shows_a_key_while_it_is_used() {
    let (asked, hears): (Sender<()>, Receiver<()>) = channel();
    let (goes_on, waits): (Sender<()>, Receiver<()>) = channel();
    let feed = Feed::new(move |_| {
        // Whoever tests may be gone.
        let _ = asked.send(());
        let _ = waits.recv();
        answered("404 Not Found", "", "")
    });
    let home = home(&format!("http://u:{KEY}@{}/v1", feed.address));
    let mut command = home.command();
    command.args(fetch()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("runs");
    hears.recv_timeout(crate::service::LONG).expect("the feed is asked");
    let list = listed(&child);
    assert!(list.contains("--source gb"), "{list}");
    silent(&list, "the list of processes");
    assert!(feed.asked().contains(ENCODED), "the key is in use just now");
    goes_on.send(()).expect("the feed waits");
    assert_eq!(child.wait().expect("ends").code(), Some(1));
}
