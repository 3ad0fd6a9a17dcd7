//! The service as a process of its own, asked over real sockets.

use crate::support::Home;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The demo's own now.
pub const NOW: &str = "2026-03-29T22:00Z";
/// What must come at all comes well before.
pub const LONG: Duration = Duration::from_secs(90);

pub struct Service {
    child: Child,
    pub address: String,
    said: Arc<Mutex<Vec<String>>>,
}

/// An answer, taken apart.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// In lower case.
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Refused with this status, and said why as problem+json, in which nothing stands that is nobody's business.
    #[track_caller]
    pub fn refused(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert!(self.head.contains("content-type: application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], status, "{self:?}");
        assert!(problem["detail"].is_string() && problem["hint"].is_string(), "{self:?}");
        assert!(problem["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{self:?}");
        let folder = std::env::temp_dir().display().to_string();
        for secret in ["select ", "insert ", "sqlite", "SQLITE", ".rs:", &folder, "panicked"] {
            assert!(!self.body.contains(secret), "`{secret}` is said: {self:?}");
        }
        problem
    }
}

impl Service {
    /// A demo, served on a free port as of the demo's own now.
    pub fn of_a_demo() -> (Self, Home) {
        let home = Home::new("");
        home.run(&["demo"]).ok();
        let service = Self::in_folder(&home, Some("hourmatch-demo"), NOW);
        (service, home)
    }

    /// What is in a home, served as of an instant.
    pub fn start(home: &Home, now: &str) -> Self {
        Self::in_folder(home, None, now)
    }

    fn in_folder(home: &Home, folder: Option<&str>, now: &str) -> Self {
        let mut command = home.command();
        if let Some(folder) = folder {
            command.current_dir(home.path(folder));
        }
        command.args(["serve", "--listen", "127.0.0.1:0", "--now", now, "--log", "info"]);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let address = loop {
            let line = lines.next().expect("it says where it listens").expect("text");
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.to_string();
            }
        };
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = said.clone();
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| heard.lock().expect("no panic").push(line));
        });
        Self { child, address, said }
    }

    /// What it said on standard error so far.
    pub fn log(&self) -> String {
        self.said.lock().expect("no panic").join("\n")
    }

    /// Whatever it is told, and all that it answers until it ends the connection.
    pub fn tell(&self, text: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        stream.set_read_timeout(Some(LONG)).expect("set");
        // What is too long is refused before it is all sent.
        let _ = stream.write_all(text.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A request with a head of one's own.
    pub fn ask(&self, request: &str, head: &str, body: &str) -> Answer {
        // As of version 1.0, so that a streamed answer ends with the connection and comes without chunks.
        let length = body.len();
        let answer = self.tell(&format!("{request} HTTP/1.0\r\n{head}Content-Length: {length}\r\n\r\n{body}"));
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{request}: {answer:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_string() }
    }

    pub fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        let head = format!("Host: {}\r\nConnection: close\r\nContent-Type: application/json\r\n", self.address);
        self.ask(&format!("{method} {path}"), &head, body)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    /// Asks until the answer is as wanted, which it must be in time.
    pub fn until(&self, what: &str, wanted: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !wanted(self) {
            assert!(began.elapsed() < LONG, "{what} did not come; it said:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Asked to stop by SIGTERM: how long that took. It exits 0.
    pub fn stop(mut self) -> Duration {
        let pid = self.child.id().to_string();
        let began = Instant::now();
        let asked = std::process::Command::new("kill").args(["-TERM", &pid]).status().expect("kill");
        assert!(asked.success());
        let ended = self.child.wait().expect("stops");
        assert!(ended.success(), "{ended:?}: a clean stop exits 0; it said:\n{}", self.log());
        began.elapsed()
    }

    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Service {
    /// A test that fails leaves no process behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// When each stored plan was made, newest first.
pub fn made(service: &Service) -> Vec<String> {
    let plans = service.json("/v1/plans?limit=1000")["plans"].clone();
    let made = |plan: &Value| plan["made"].as_str().expect("made").to_string();
    plans.as_array().expect("plans").iter().map(made).collect()
}

/// Runs statements on a home's SQLite store, behind everybody's back.
pub fn behind(store: &Path, statements: &[&str]) {
    with(store, async |pool| {
        for sql in statements {
            sqlx::query(sqlx::AssertSqlSafe(sql.to_string())).execute(pool).await.expect("done");
        }
    });
}

/// Rows of two columns of a home's SQLite store, as text.
pub fn rows(store: &Path, sql: &str) -> Vec<(String, String)> {
    with(store, async |pool| sqlx::query_as(sqlx::AssertSqlSafe(sql.to_string())).fetch_all(pool).await.expect("read"))
}

pub fn with<T>(store: &Path, work: impl AsyncFnOnce(&sqlx::SqlitePool) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(store);
        let pool = sqlx::SqlitePool::connect_with(options).await.expect("the store opens");
        let done = work(&pool).await;
        pool.close().await;
        done
    })
}
