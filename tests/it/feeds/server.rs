//! A server on a free port of this machine that answers as it is told to, and badly where it is told to.

use reports::received::providers::about::Rate;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub path: String,
    /// As it was encoded.
    pub query: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// How many came before it.
    pub before: usize,
    /// When it came, since the server was started.
    pub after: Duration,
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub manner: Manner,
}

/// How an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Whole,
    /// The connection ends after so many bytes of the body.
    Truncated(usize),
    /// A byte at a time, with this between two.
    Drip(Duration),
    /// Only after this.
    Late(Duration),
}

pub fn reply(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Reply {
    let headers = vec![("content-type".to_string(), content_type.to_string())];
    Reply { status, headers, body: body.into(), manner: Manner::Whole }
}

pub fn json(body: impl Into<Vec<u8>>) -> Reply {
    reply(200, "application/json; charset=utf-8", body)
}

impl Reply {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn manner(self, manner: Manner) -> Self {
        Self { manner, ..self }
    }
}

/// It answers until the test ends.
pub struct Server {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (asked, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(answer));
        let log = asked.clone();
        let started = Instant::now();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (answer.clone(), log.clone());
                // Whoever hangs up early has had enough.
                std::thread::spawn(move || drop(answered(&stream, started, &*answer, &log)));
            }
        });
        Self { url, asked }
    }

    /// The same replies one after another; the last one repeats.
    pub fn script(replies: Vec<Reply>) -> Self {
        Self::start(move |asked| replies[asked.before.min(replies.len() - 1)].clone())
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("asked").clone()
    }

    pub fn calls(&self) -> usize {
        self.asked().len()
    }

    /// Whether its log keeps a provider's limits. What is sent in time may come late, by as much as one limit's length: ten
    /// of them hold at most eleven times what one may.
    pub fn kept_within(&self, rates: &[Rate]) -> bool {
        let came: Vec<Duration> = self.asked().iter().map(|asked| asked.after).collect();
        rates.iter().all(|rate| {
            let (span, most) = (Duration::from_secs(10 * u64::from(rate.seconds)), 11 * rate.requests as usize);
            (0..came.len()).all(|at| came[at..].iter().take_while(|time| **time < came[at] + span).count() <= most)
        })
    }
}

fn answered(
    stream: &TcpStream,
    started: Instant,
    answer: &(impl Fn(&Asked) -> Reply + ?Sized),
    log: &Mutex<Vec<Asked>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    // A connection given up before its request is whole has asked for nothing.
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    let target = first.split(' ').nth(1).unwrap_or_default().to_string();
    let (path, query) = target.split_once('?').unwrap_or((target.as_str(), ""));
    let mut asked = Asked { path: path.into(), query: query.into(), ..Asked::default() };
    loop {
        let Some(line) = lines.next().transpose()? else { return Ok(()) };
        let Some((name, value)) = line.split_once(':') else { break };
        asked.headers.insert(name.to_ascii_lowercase(), value.trim().to_string());
    }
    {
        let mut log = log.lock().expect("asked");
        (asked.before, asked.after) = (log.len(), started.elapsed());
        log.push(asked.clone());
    }
    let Reply { status, headers, body, manner } = answer(&asked);
    if let Manner::Late(pause) = manner {
        std::thread::sleep(pause);
    }
    let mut out = stream;
    write!(out, "HTTP/1.1 {status} Said\r\ncontent-length: {}\r\nconnection: close\r\n", body.len())?;
    for (name, value) in headers {
        write!(out, "{name}: {value}\r\n")?;
    }
    write!(out, "\r\n")?;
    match manner {
        Manner::Whole | Manner::Late(_) => out.write_all(&body)?,
        Manner::Truncated(bytes) => out.write_all(&body[..bytes.min(body.len())])?,
        Manner::Drip(pause) => {
            for byte in body {
                out.write_all(&[byte])?;
                std::thread::sleep(pause);
            }
        }
    }
    out.flush()
}
