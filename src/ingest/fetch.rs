//! The one HTTP client: one GET at a time, with time-outs, a bounded body, and secrets that stay where they belong.

use crate::clock::Clock;
use crate::error::{Fault, Kind};
use crate::secret::{Secret, Token};
use chrono::DateTime;
use flate2::read::MultiGzDecoder;
use reports::received::bytes::Bounded;
use reports::received::providers::about::Credential;
use reports::received::providers::exchange::LARGEST_BODY;
use reports::time::Instant;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Proxy, RequestBuilder, Response, StatusCode, header};
use std::io::Read;
use std::time::Duration;

/// No answer is led farther away.
const MOST_REDIRECTS: usize = 3;

/// How long to wait and how often to try; tests use shorter waits.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    pub timeout: Duration,
    pub first_wait: Duration,
    pub longest_wait: Duration,
    pub tries: usize,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(20),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(20),
            tries: 4,
        }
    }
}

/// One GET.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// Address and path.
    pub url: Secret,
    pub query: &'a [(String, String)],
    /// A secret and where it goes.
    pub carried: Option<(Credential, Token)>,
    pub accept: &'static str,
    /// What an earlier answer was marked with: if nothing changed, the answer is a 304 without a body.
    pub etag: Option<&'a str>,
    pub modified: Option<&'a str>,
}

/// What came back, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Got {
    pub status: StatusCode,
    /// In lower case, without parameters.
    pub content_type: String,
    pub etag: Option<String>,
    pub modified: Option<String>,
    /// `Last-Modified` as an instant.
    pub published: Option<Instant>,
    /// How long the server asks to be left alone, in seconds.
    pub retry_after: Option<i64>,
    /// Unpacked.
    pub body: Vec<u8>,
}

/// Nothing came back that could be read.
#[derive(Debug)]
pub enum Trouble {
    /// Another try may do.
    Passing(String),
    Final(String),
}

#[derive(Debug, Clone)]
pub struct Fetcher {
    client: Client,
    timeout: Duration,
}

impl Fetcher {
    /// By the environment's proxy unless one is stated, and trusting `ca`, certificates as PEM, beside the system's.
    ///
    /// # Errors
    /// A proxy or certificates that are none.
    pub fn new(timeout: Duration, proxy: Option<&Secret>, ca: &[u8]) -> Result<Self, Fault> {
        // A second installation, as in tests, keeps the first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .timeout(timeout)
            .connect_timeout(timeout.min(Duration::from_secs(10)))
            .redirect(within_host())
            .user_agent(crate::ENGINE.replace(' ', "/"));
        if let Some(proxy) = proxy {
            let made = Proxy::all(proxy.expose());
            builder = builder.proxy(made.map_err(|_| Fault::new(format!("`{proxy}` is not a proxy")))?);
        }
        if !ca.is_empty() {
            let read = Certificate::from_pem_bundle(ca).ok().filter(|list| !list.is_empty());
            let list = read.ok_or_else(|| Fault::new("`ca_file` holds no certificate in PEM"))?;
            builder = builder.tls_certs_merge(list);
        }
        let client =
            builder.build().map_err(|e| Fault::new(format!("no HTTP client: {}", root_cause(e))).kind(Kind::Defect))?;
        Ok(Self { client, timeout })
    }

    /// Asks once.
    ///
    /// # Errors
    /// Where nobody answers in time, or with what cannot be held.
    pub async fn once(&self, call: &Call<'_>) -> Result<Got, Trouble> {
        let request = self.request(call)?;
        let broken = |e: reqwest::Error, late: &str, why: &str| {
            let late = format!("{late} within {:?}", self.timeout);
            Trouble::Passing(if e.is_timeout() { late } else { format!("{why}: {}", root_cause(e)) })
        };
        let mut response = request.send().await.map_err(|e| broken(e, "no answer", "not reached"))?;
        let packed = is_packed(response.headers())?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| broken(e, "no whole answer", "broke off"))? {
            if body.len() + chunk.len() > LARGEST_BODY {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let body = if packed { unpacked(&body)? } else { body };
        Ok(got(&response, body))
    }

    fn request(&self, call: &Call<'_>) -> Result<RequestBuilder, Trouble> {
        let mut request = self.client.get(call.url.expose());
        if !call.query.is_empty() {
            request = request.query(call.query);
        }
        let stated = [
            (header::ACCEPT, Some(call.accept)),
            (header::ACCEPT_ENCODING, Some("gzip")),
            (header::IF_NONE_MATCH, call.etag),
            (header::IF_MODIFIED_SINCE, call.modified),
        ];
        for (name, value) in stated {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        Ok(match &call.carried {
            // A login is made by whoever asks, and gives what goes into a header.
            None | Some((Credential::None | Credential::Login { .. }, _)) => request,
            Some((Credential::Query { name }, token)) => request.query(&[(name.as_ref(), token.expose())]),
            Some((Credential::Basic, token)) => {
                let (user, password) = token.expose().split_once(':').unwrap_or((token.expose(), ""));
                request.basic_auth(user, Some(password))
            }
            Some((Credential::Header { name, before }, token)) => {
                let no = |_| Trouble::Final("the credential cannot stand in a header".to_string());
                let mut value = HeaderValue::from_str(&format!("{before}{}", token.expose())).map_err(no)?;
                value.set_sensitive(true);
                let no = |_| Trouble::Final("the name of the credential's header is none".to_string());
                request.header(HeaderName::from_bytes(name.as_bytes()).map_err(no)?, value)
            }
        })
    }
}

fn got(response: &Response, body: Vec<u8>) -> Got {
    let headers = response.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_string);
    let content_type = text(header::CONTENT_TYPE).unwrap_or_default();
    let content_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let modified = text(header::LAST_MODIFIED);
    Got {
        status: response.status(),
        content_type,
        etag: text(header::ETAG),
        published: modified.as_deref().and_then(http_date),
        modified,
        retry_after: text(header::RETRY_AFTER).and_then(|text| retry_after(&text, Clock::recorded().instant())),
        body,
    }
}

/// Whether the body is gzip: that alone was asked for.
fn is_packed(headers: &HeaderMap) -> Result<bool, Trouble> {
    match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity" | b"") => Ok(false),
        Some(b"gzip" | b"x-gzip") => Ok(true),
        Some(_) => Err(Trouble::Final("answered in an encoding that was not asked for".into())),
    }
}

/// Never more than an answer may hold, however little it was on the way.
fn unpacked(body: &[u8]) -> Result<Vec<u8>, Trouble> {
    let mut text = Vec::new();
    let read = Bounded::new(MultiGzDecoder::new(body), LARGEST_BODY as u64).read_to_end(&mut text);
    match read {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(too_large()),
        Err(_) => Err(Trouble::Passing("broke off: its gzip is not whole".into())),
    }
}

fn too_large() -> Trouble {
    Trouble::Final(format!("the answer is larger than {LARGEST_BODY} bytes"))
}

/// Seconds from now, in either of the forms that servers have for it.
fn retry_after(text: &str, now: Instant) -> Option<i64> {
    match text.trim().parse::<i64>() {
        Ok(seconds) => (seconds >= 0).then_some(seconds),
        Err(_) => http_date(text).map(|at| (at - now).max(0)),
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<Instant> {
    let time = DateTime::parse_from_rfc2822(text.trim()).ok()?;
    Instant::from_seconds(time.timestamp()).in_range(text).ok()
}

/// A few redirects within the scheme, host and port that were asked; any other is an answer like others, and no good one.
/// Who is asked for data is named in the portfolio, not by whoever answers.
fn within_host() -> Policy {
    Policy::custom(|attempt| {
        let asked = attempt.previous().first().map(|url| url.origin());
        if asked == Some(attempt.url().origin()) && attempt.previous().len() <= MOST_REDIRECTS {
            attempt.follow()
        } else {
            attempt.stop()
        }
    })
}

/// In the system's words, without the address.
fn root_cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn servers_ask_to_wait_in_two_ways() {
        let now = Instant::from_seconds(20);
        assert_eq!(retry_after("120", now), Some(120));
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:01:00 GMT", now), Some(40));
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:00:00 GMT", now), Some(0));
        for text in ["", "-1", "soon", "1.5", "Sun, 06 Nov 19940 08:49:37 GMT"] {
            assert_eq!(retry_after(text, now), None, "{text}");
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let squeezed = |bytes: usize| {
            let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            for _ in 0..bytes / 4_096 {
                gz.write_all(&[b' '; 4_096]).expect("memory");
            }
            gz.finish().expect("memory")
        };
        assert!(unpacked(&squeezed(LARGEST_BODY)).is_ok_and(|text| text.len() == LARGEST_BODY));
        let bomb = squeezed(2 * LARGEST_BODY);
        assert!(bomb.len() < LARGEST_BODY / 100);
        assert!(matches!(unpacked(&bomb), Err(Trouble::Final(what)) if what.contains("larger than 33554432 bytes")));
        let whole = squeezed(4_096);
        assert!(matches!(unpacked(&whole[..whole.len() - 4]), Err(Trouble::Passing(_))), "cut off");
    }
}
