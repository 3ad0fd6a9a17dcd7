//! The steps of a page as one shell session, as a reader would have it who types them in.

use super::page::Step;
use crate::support::{root, verifier};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

/// The end of the demo's data.
pub const NOW: &str = "2026-03-29T22:00:00Z";

/// Before the output of each step, with its line; nothing prints this.
const MARK: char = '\u{1e}';

const PRELUDE: &str = include_str!("prelude.sh");
const BASE: &str = include_str!("base.toml");

/// Where a session takes place.
pub struct Place<'a> {
    pub folder: &'a Path,
    /// For the session's own files, and as the home of whoever types.
    pub home: &'a Path,
    /// Stands for the clock from the start, if given.
    pub now: Option<&'a str>,
    /// Stands for the pages' `postgres://hourmatch@db.example/hourmatch`.
    pub postgres: &'a str,
}

/// What each step printed, by its line, and what failed.
#[derive(Debug)]
pub struct Session {
    pub printed: BTreeMap<usize, String>,
    pub failed: Option<String>,
}

/// Runs the steps one after another, until one fails.
pub fn run(steps: &[(usize, Step)], place: &Place<'_>) -> Session {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
    let here = |text: &str, from: u16, to: u16| {
        ["localhost", "127.0.0.1"]
            .iter()
            .fold(text.to_string(), |text, host| text.replace(&format!("{host}:{from}"), &format!("{host}:{to}")))
    };
    let text = script(steps).replace("postgres://hourmatch@db.example/hourmatch", place.postgres);
    let (file, output) = (place.home.join("page.sh"), place.home.join("page.out"));
    std::fs::write(&file, here(&text, 8_080, port)).expect("written");
    let out = File::create(&output).expect("made");
    let mut command = Command::new("sh");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HOURMATCH_") {
            command.env_remove(&name);
        }
    }
    if let Some(now) = place.now {
        command.env("HOURMATCH_NOW", now);
    }
    let programs = verifier().parent().expect("a folder").to_path_buf();
    let found = std::env::var_os("PATH").unwrap_or_default();
    let path = [place.home.join("bin"), programs].into_iter().chain(std::env::split_paths(&found));
    let status = command
        .arg("-eu")
        .arg(&file)
        .current_dir(place.folder)
        .env("PATH", std::env::join_paths(path).expect("a path"))
        .env("HOME", place.home)
        .env("REPO", root())
        .env("TZ", "UTC")
        .env("LC_ALL", "C.UTF-8")
        .env("HOURMATCH_LISTEN", format!("127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .stdout(out.try_clone().expect("twice"))
        .stderr(out)
        .status()
        .expect("sh runs");
    let bytes = std::fs::read(&output).expect("read");
    let all = here(&String::from_utf8_lossy(&bytes), port, 8_080);
    let mut parts = all.split(MARK);
    let before = parts.next().unwrap_or_default().to_string();
    let mut printed = BTreeMap::new();
    let mut last = (0, before);
    for part in parts {
        let (line, text) = part.split_once('\n').expect("a line after the mark");
        last = (line.parse().expect("a number"), text.to_string());
        printed.insert(last.0, last.1.clone());
    }
    let failed = (!status.success()).then(|| format!("line {}: {status}:\n{}", last.0, last.1));
    Session { printed, failed }
}

fn script(steps: &[(usize, Step)]) -> String {
    let mut script = String::from(PRELUDE);
    for (line, step) in steps {
        let _ = writeln!(script, "printf '\\036{line}\\n'");
        let checked = format!("HOURMATCH_STORE=\"sqlite://$HOME/check-{line}.db\" hourmatch check -c");
        let _ = match step {
            Step::Run { text, fails: false } => writeln!(script, "{}", served(text)),
            Step::Run { text, fails: true } => writeln!(script, "set +e\n{text}\ndocs_failed $?\nset -e"),
            Step::File { name, text, added } => {
                let (into, gap) = if *added { (">>", "\n") } else { (">", "") };
                let _ = writeln!(script, "cat {into} {name} <<'DOCS_END'\n{gap}{text}DOCS_END");
                // A portfolio that is shown is one that is read.
                if name.ends_with(".toml") { writeln!(script, "{checked} {name}") } else { Ok(()) }
            }
            Step::Keys(text) => {
                let file = format!("\"$HOME/keys-{line}.toml\"");
                writeln!(script, "cat > {file} <<'DOCS_END'\n{BASE}\n{text}DOCS_END\n{checked} {file}")
            }
            Step::Shown(_) | Step::Skipped => Ok(()),
        };
    }
    script
}

/// A service in the background is waited for, one in the foreground is stopped once it answers.
fn served(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let command = line.split(" #").next().unwrap_or_default().trim_end();
        if !command.starts_with("hourmatch serve") {
            lines.push(line.to_string());
        } else if command.ends_with('&') {
            lines.extend([line.to_string(), "docs_listening".into()]);
        } else {
            lines.push(format!("docs_briefly {line}"));
        }
    }
    lines.join("\n")
}
