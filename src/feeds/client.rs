//! One request to a provider: in its turn, with its credential, tried again where that may help.

use super::credential;
use super::failure::Failure;
use super::pace::Pace;
use super::tally::Tally;
use crate::clock::Clock;
use crate::ingest::fetch::{Call, Fetcher, Got, RetryPolicy, Trouble};
use crate::portfolio::FeedSource;
use crate::secret::Token;
use crate::store::feeds::Mark;
use backon::{BackoffBuilder, ExponentialBuilder};
use reports::received::Refused;
use reports::received::providers::about::{About, Credential};
use reports::received::providers::{Exchange, Request};
use reqwest::StatusCode;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Who asks the provider of one source.
#[derive(Debug)]
pub struct Client {
    source: FeedSource,
    about: &'static About,
    credential: Credential,
    token: Option<Token>,
    /// What no answer is kept with.
    secrets: Vec<Token>,
    /// What a login gave.
    session: Mutex<Option<Token>>,
    fetcher: Fetcher,
    retry: RetryPolicy,
    pace: Arc<Pace>,
    /// Where its requests and answers are counted.
    pub(super) tally: Arc<Tally>,
    clock: Clock,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An answer to read, and what it was marked with.
    Answer(Box<Exchange>, Option<Mark>),
    /// Nothing has changed since the answer that was marked so.
    Same,
}

/// Why one try gave no answer.
enum Tried {
    /// Another try may do, after so long where the server says it.
    Again { what: String, wait_s: Option<i64> },
    /// The token of a login is not valid any more.
    Expired,
    /// Another try is of no use.
    Failed(Failure),
}

impl From<Failure> for Tried {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Trouble> for Tried {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Passing(what) => Self::Again { what, wait_s: None },
            Trouble::Final(what) => Failure::refused(what).into(),
        }
    }
}

impl Client {
    /// `folder` is the portfolio's: files are named relative to it.
    pub fn new(
        source: &FeedSource,
        folder: &Path,
        (retry, pace, clock): (RetryPolicy, Arc<Pace>, Clock),
    ) -> Result<Self, Failure> {
        let ca = credential::certificates(source, folder)?;
        let token = credential::token(source, folder)?;
        let of_problem = |problem: crate::error::Fault| Failure::refused(problem.what);
        Ok(Self {
            about: source.feed.about(),
            credential: source.feed.credential(&source.wanted),
            secrets: credential::secrets(source, token.as_ref()),
            token,
            session: Mutex::new(None),
            fetcher: Fetcher::new(retry.timeout, source.proxy.as_ref(), &ca).map_err(of_problem)?,
            source: source.clone(),
            retry,
            pace,
            tally: Arc::default(),
            clock,
        })
    }

    /// Asks until there is an answer, or no use in asking.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn ask(&self, request: &Request, mark: Option<&Mark>) -> Result<Reply, Failure> {
        let (mut waits, mut renewed) = (waits(self.retry), false);
        loop {
            let (what, wait_s) = match self.once(request, mark).await {
                Ok(reply) => return Ok(reply),
                Err(Tried::Failed(failure)) => return Err(failure),
                Err(Tried::Expired) if renewed => {
                    return Err(Failure::denied("a new token is refused like the one before"));
                }
                Err(Tried::Expired) => {
                    renewed = true;
                    *self.session.lock().await = None;
                    continue;
                }
                Err(Tried::Again { what, wait_s }) => (what, wait_s),
            };
            let asked = wait_s.map(|wait_s| Duration::from_secs(u64::try_from(wait_s).unwrap_or(0)));
            if let Some(wait_s) = wait_s.filter(|_| asked > Some(self.retry.longest_wait)) {
                return Err(Failure::Later { what, wait_s });
            }
            let Some(planned) = waits.next() else {
                return Err(Failure::Passing(format!("{what}; tried {} times", self.retry.tries)));
            };
            // What the server asks for wins over our own schedule.
            let wait = asked.unwrap_or(planned);
            tracing::warn!("{}: {what}; trying again in {wait:?}", self.source.name);
            tokio::time::sleep(wait).await;
        }
    }

    async fn once(&self, request: &Request, mark: Option<&Mark>) -> Result<Reply, Tried> {
        let carried = self.carried().await?;
        let given = match &carried {
            Some((Credential::Header { .. }, token)) => Some(token.clone()),
            _ => None,
        };
        let call = Call {
            url: self.source.url.page(&request.path),
            query: &request.query,
            carried,
            accept: self.about.accept,
            etag: mark.and_then(|mark| mark.etag.as_deref()),
            modified: mark.and_then(|mark| mark.modified.as_deref()),
        };
        self.turn().await?;
        let got = self.send(&call).await?;
        if got.status == StatusCode::NOT_MODIFIED && mark.is_some() {
            return Ok(Reply::Same);
        }
        self.refused(&got)?;
        self.read(request, got, given.as_ref())
    }

    /// Sends one request; request and answer are counted.
    async fn send(&self, call: &Call<'_>) -> Result<Got, Trouble> {
        self.tally.asked(&self.source.name);
        let got = self.fetcher.once(call).await;
        self.tally.answered(&self.source.name, got.as_ref().ok().map(|got| got.status.as_u16()));
        got
    }

    /// The credential and where it goes; a login is made first where there is none.
    async fn carried(&self) -> Result<Option<(Credential, Token)>, Tried> {
        let Some(token) = self.token.clone() else { return Ok(None) };
        let Credential::Login { path, field } = &self.credential else {
            return Ok(Some((self.credential.clone(), token)));
        };
        let mut session = self.session.lock().await;
        let held = match session.clone() {
            Some(held) => held,
            None => self.login(path, field, token).await?,
        };
        *session = Some(held.clone());
        Ok(Some((Credential::Header { name: "authorization".into(), before: "Bearer ".into() }, held)))
    }

    /// Waits for a turn; not where the provider wants to be left alone for long.
    async fn turn(&self) -> Result<(), Tried> {
        self.pace.turn(self.retry.longest_wait).await.map_err(|wait_s| {
            let what = "the provider asked to be left alone".to_string();
            Failure::Later { what, wait_s: wait_s.ceil() as i64 }.into()
        })
    }

    async fn login(&self, path: &str, field: &str, token: Token) -> Result<Token, Tried> {
        let call = Call {
            url: self.source.url.page(path),
            query: &[],
            carried: Some((Credential::Basic, token)),
            accept: "application/json",
            etag: None,
            modified: None,
        };
        self.turn().await?;
        let got = self.send(&call).await?;
        self.refused(&got).map_err(|tried| match tried {
            Tried::Expired => Failure::denied("the login is refused").into(),
            other => other,
        })?;
        let answer: Option<serde_json::Value> = serde_json::from_slice(&got.body).ok();
        let token = answer.as_ref().and_then(|answer| answer.get(field)?.as_str()).filter(|token| !token.is_empty());
        token.map(Token::new).ok_or_else(|| Tried::Again { what: "the login gave no token".into(), wait_s: None })
    }

    /// What a status says, where it is none whose answer is read.
    fn refused(&self, got: &Got) -> Result<(), Tried> {
        let status = got.status;
        if status == StatusCode::OK || self.about.statuses.contains(&status.as_u16()) {
            return Ok(());
        }
        let what = format!("answered {status}");
        Err(match status {
            StatusCode::TOO_MANY_REQUESTS => {
                let wait_s = got.retry_after.unwrap_or(self.about.limits.ban_s);
                // Whoever else asks this provider waits as well.
                self.pace.block(wait_s.min(86_400) as f64);
                Tried::Again { what, wait_s: Some(wait_s) }
            }
            _ if status.is_server_error() => Tried::Again { what, wait_s: got.retry_after },
            StatusCode::UNAUTHORIZED if matches!(self.credential, Credential::Login { .. }) => Tried::Expired,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::Denied(what).into(),
            _ if status.is_redirection() => {
                Failure::refused(format!("{what}, redirecting to another host or in a loop")).into()
            }
            _ => Failure::Refused(Refused::new(what).hint("check the request; the service refused it")).into(),
        })
    }

    /// `given` is what a login gave, or the credential.
    fn read(&self, request: &Request, got: Got, given: Option<&Token>) -> Result<Reply, Tried> {
        let Got { status, content_type, etag, modified, published, body, .. } = got;
        let hidden = |text: String| credential::hidden(text, self.secrets.iter().chain(given));
        let content_type = hidden(content_type);
        // A mark is sent back as it came, or not at all.
        let [etag, modified] = [etag, modified].map(|mark| mark.filter(|text| hidden(text.clone()) == *text));
        let types = self.about.types;
        if !types.is_empty() && !content_type.is_empty() && !types.contains(&content_type.as_str()) {
            let what = format!("answered with `{content_type}`, not with {}", types.join(" or "));
            return Err(Tried::Again { what, wait_s: None });
        }
        let body = String::from_utf8(body).map_err(|_| Failure::refused("the answer is not UTF-8 text"))?;
        let body = hidden(body);
        let marked = etag.is_some() || modified.is_some();
        let mark = marked.then(|| Mark { request: request.to_string(), etag, modified });
        let (status, fetched) = (status.as_u16(), self.clock.now());
        let exchange = Exchange { request: request.clone(), status, content_type, fetched, published, body };
        Ok(Reply::Answer(Box::new(exchange), mark))
    }
}

/// Pauses between tries. Those of two questions differ: of many that fail at once, not all come back at once.
fn waits(retry: RetryPolicy) -> impl Iterator<Item = Duration> {
    let mut seed = [0; 8];
    // Without random bytes nothing is spread.
    let _ = getrandom::fill(&mut seed);
    ExponentialBuilder::default()
        .with_min_delay(retry.first_wait)
        .with_max_delay(retry.longest_wait)
        .with_max_times(retry.tries.saturating_sub(1))
        .with_jitter()
        // Without a seed it is the same for all.
        .with_jitter_seed(u64::from_le_bytes(seed))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_that_fail_at_once_are_not_asked_again_at_once() {
        let retry = RetryPolicy { tries: 6, ..RetryPolicy::default() };
        let [one, other]: [Vec<Duration>; 2] = [(); 2].map(|()| waits(retry).collect());
        assert_eq!((one.len(), other.len()), (5, 5));
        assert_ne!(one, other);
        assert!(one.iter().all(|wait| *wait >= retry.first_wait && *wait <= 2 * retry.longest_wait));
    }
}
