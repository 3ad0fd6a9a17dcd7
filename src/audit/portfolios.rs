//! The portfolio by record time: its text is kept when a command finds it changed, and read again for reports as of then.

use crate::error::{Kind, Problem};
use crate::portfolio::{self, Portfolio};
use crate::store::portfolios::{self, Recorded};
use crate::store::{Store, faults};
use reports::evidence::digest::sha256_hex;
use reports::time::{format_instant, format_micros};
use std::borrow::Cow;
use std::time::Duration;

/// How long whoever only reads waits for writers.
const BRIEFLY: Duration = Duration::from_secs(2);

/// Keeps the text of a portfolio unless it is the last one kept.
pub async fn keep(store: &Store, portfolio: &Portfolio, actor: Option<&str>, now_us: i64) -> anyhow::Result<()> {
    let Some(text) = changed(store, portfolio, actor, now_us).await? else { return Ok(()) };
    let mut write = store.write().await?;
    portfolios::add(&mut write, &text).await?;
    write.commit().await
}

/// The same for who reads: where the store cannot be written to now, the next command keeps it.
pub async fn keep_if_free(store: &Store, portfolio: &Portfolio, now_us: i64) -> anyhow::Result<()> {
    let Some(text) = changed(store, portfolio, None, now_us).await? else { return Ok(()) };
    let kept = async {
        let mut write = store.write_within(BRIEFLY).await?;
        portfolios::add(&mut write, &text).await?;
        write.commit().await
    };
    match kept.await.map_err(faults::said) {
        Err(error) if error.downcast_ref::<Problem>().is_some_and(|problem| problem.kind == Kind::Unavailable) => {
            tracing::warn!("the portfolio changed, and its text is not kept yet: {error}");
            Ok(())
        }
        done => done,
    }
}

/// The text to keep; none where it is the last one kept.
async fn changed(
    store: &Store,
    portfolio: &Portfolio,
    actor: Option<&str>,
    now_us: i64,
) -> anyhow::Result<Option<Recorded>> {
    let sha256 = sha256_hex(portfolio.text.as_bytes());
    if portfolios::last_sha256(store).await?.as_deref() == Some(sha256.as_str()) {
        return Ok(None);
    }
    let (actor, content) = (actor.map(String::from), portfolio.text.clone());
    Ok(Some(Recorded { recorded_us: now_us, sha256, actor, content }))
}

/// The portfolio a report is made of.
#[derive(Debug)]
pub struct Then<'a> {
    pub portfolio: Cow<'a, Portfolio>,
    /// Which one it is, where a record time was asked for.
    pub said: Option<String>,
}

/// The portfolio as it had been recorded by a second, itself included; the present one where no time is asked for or
/// nothing was recorded by then.
pub async fn at<'a>(store: &Store, present: &'a Portfolio, as_of_s: Option<i64>) -> anyhow::Result<Then<'a>> {
    let Some(as_of_s) = as_of_s else { return Ok(Then { portfolio: Cow::Borrowed(present), said: None }) };
    let Some(recorded) = portfolios::at(store, as_of_s.saturating_mul(1_000_000)).await? else {
        let said = format!("no portfolio had been recorded by {}: the present file is used", format_instant(as_of_s));
        return Ok(Then { portfolio: Cow::Borrowed(present), said: Some(said) });
    };
    let when = format_micros(recorded.recorded_us);
    let said = Some(format!("portfolio as recorded {when}, sha256 {}", recorded.sha256));
    if recorded.content == present.text {
        return Ok(Then { portfolio: Cow::Borrowed(present), said });
    }
    let then = portfolio::parse(&recorded.content, &format!("the portfolio recorded {when}"))?;
    Ok(Then { portfolio: Cow::Owned(then), said })
}
