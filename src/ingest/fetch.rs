//! The one HTTP client: time-outs, a bounded body, back-off on what may pass.

use crate::error::Problem;
use crate::secret::Secret;
use backon::{ExponentialBuilder, Retryable};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use std::time::Duration;

/// No answer of a source is larger.
const LARGEST_BODY: usize = 32 << 20;
/// Nor is one farther away.
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

#[derive(Debug, Clone)]
pub struct Fetcher {
    client: Client,
    retry: RetryPolicy,
}

#[derive(Debug)]
enum Failure {
    Passing { what: String, wait: Option<Duration> },
    Final(String),
}

impl Fetcher {
    pub fn new(retry: RetryPolicy) -> Result<Self, Problem> {
        // A second installation, as in tests, keeps the first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(retry.timeout)
            .connect_timeout(retry.timeout.min(Duration::from_secs(10)))
            .redirect(within_host())
            .user_agent(crate::ENGINE.replace(' ', "/"))
            .build()
            .map_err(|e| Problem::new(format!("no HTTP client: {e}")))?;
        Ok(Self { client, retry })
    }

    /// The body of a page as text. Time-outs, 429 and 5xx are tried again; other answers are final.
    pub async fn get(&self, url: &Secret) -> Result<String, Problem> {
        let policy = ExponentialBuilder::default()
            .with_min_delay(self.retry.first_wait)
            .with_max_delay(self.retry.longest_wait)
            .with_max_times(self.retry.tries.saturating_sub(1))
            .with_jitter();
        let longest = self.retry.longest_wait;
        let answer = (|| self.once(url))
            .retry(policy)
            .when(|failure| matches!(failure, Failure::Passing { .. }))
            .adjust(move |failure, planned| match failure {
                // What the server asks for wins over our own schedule, within reason.
                Failure::Passing { wait: Some(wait), .. } => planned.map(|_| (*wait).min(longest)),
                _ => planned,
            })
            .notify(|failure, wait| {
                if let Failure::Passing { what, .. } = failure {
                    tracing::warn!("{url}: {what}; trying again in {wait:?}");
                }
            })
            .await;
        answer.map_err(|failure| {
            let (what, hint) = match failure {
                Failure::Passing { what, .. } => (what, format!("tried {} times; try again later", self.retry.tries)),
                Failure::Final(what) => (what, "check the request; the service refused it".to_string()),
            };
            Problem::new(format!("{url}: {what}")).hint(hint)
        })
    }

    async fn once(&self, url: &Secret) -> Result<String, Failure> {
        let passing = |what: String| Failure::Passing { what, wait: None };
        let mut response = self.client.get(url.expose()).send().await.map_err(|e| {
            if e.is_timeout() {
                return passing(format!("no answer within {:?}", self.retry.timeout));
            }
            passing(format!("not reached: {}", root_cause(&e)))
        })?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            let header = response.headers().get("retry-after").and_then(|v| v.to_str().ok());
            let wait = header.and_then(|v| v.parse().ok()).map(Duration::from_secs);
            return Err(Failure::Passing { what: format!("answered {status}"), wait });
        }
        if status.is_redirection() {
            let what = format!("answered {status}, redirecting to another host or in a loop");
            return Err(Failure::Final(what));
        }
        if !status.is_success() {
            return Err(Failure::Final(format!("answered {status}")));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| passing(format!("broke off: {}", root_cause(&e))))? {
            if body.len() + chunk.len() > LARGEST_BODY {
                return Err(Failure::Final(format!("the answer is larger than {LARGEST_BODY} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        String::from_utf8(body).map_err(|_| Failure::Final("the answer is not UTF-8 text".into()))
    }
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

fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
