//! The portfolio by record time: its text is kept when a command finds it changed, and read again for reports as of then.

use crate::error::{Kind, kind_of};
use crate::portfolio::{self, Portfolio};
use crate::store::portfolios::{self, Recorded};
use crate::store::{Store, faults};
use reports::evidence::digest::sha256_hex;
use reports::time::{Instant, RecordTime};
use std::borrow::Cow;
use std::time::Duration;

/// How long whoever only reads waits for writers.
const BRIEFLY: Duration = Duration::from_secs(2);

/// Said where no text is kept.
pub const NOT_KEPT: &str = "warning: the portfolio's text is not kept: [store], [retention], [serve] and [source] cannot be \
    cut out of it; write them as tables of their own";

/// The text of a portfolio as it is to be kept; none of one whose secrets cannot be told from the rest.
pub fn text(portfolio: &Portfolio, actor: Option<&str>, record_time: RecordTime) -> Option<Recorded> {
    let content = portfolio.text.clone()?;
    let sha256 = sha256_hex(content.as_bytes());
    Some(Recorded { recorded: record_time, sha256, actor: actor.map(String::from), content })
}

/// Whether a text is the last one kept.
async fn is_kept(store: &Store, text: &Recorded) -> anyhow::Result<bool> {
    Ok(portfolios::last_sha256(store).await?.as_ref() == Some(&text.sha256))
}

/// Keeps a changed text for a command that only reads: where the store cannot be written to now, the next one does.
pub async fn keep_if_free(store: &Store, text: &Recorded) -> anyhow::Result<()> {
    if is_kept(store, text).await? {
        return Ok(());
    }
    let kept = async {
        let mut write = store.write_within(BRIEFLY).await?;
        portfolios::add(&mut write, text).await?;
        write.commit().await
    };
    match kept.await.map_err(faults::explained) {
        Err(error) if matches!(kind_of(&error), Kind::Unavailable | Kind::Undecided) => {
            tracing::warn!("the portfolio changed, and its text is not kept yet: {error}");
            Ok(())
        }
        done => done,
    }
}

/// The portfolio a report is made of.
#[derive(Debug)]
pub struct Then<'a> {
    pub portfolio: Cow<'a, Portfolio>,
    /// Which one it is, where a record time was asked for.
    pub note: Option<String>,
}

/// The portfolio as it had been recorded by a second, itself included; the present one where no time is asked for or
/// nothing was recorded by then.
pub async fn at<'a>(store: &Store, present: &'a Portfolio, as_of: Option<Instant>) -> anyhow::Result<Then<'a>> {
    let unchanged = |note| Ok(Then { portfolio: Cow::Borrowed(present), note });
    let Some(as_of) = as_of else { return unchanged(None) };
    let Some(recorded) = portfolios::at(store, as_of.into()).await? else {
        return unchanged(Some(format!("no portfolio had been recorded by {as_of}: the present file is used")));
    };
    let note = Some(note(&recorded));
    if present.text.as_ref() == Some(&recorded.content) {
        return unchanged(note);
    }
    let then = portfolio::parse(&recorded.content, &format!("the portfolio recorded {}", recorded.recorded))?;
    Ok(Then { portfolio: Cow::Owned(then), note })
}

/// The same for a command that keeps the present text itself once it is done: asked for by then, that is the one.
pub async fn at_once_kept<'a>(
    store: &Store,
    present: &'a Portfolio,
    as_of: Option<Instant>,
    text: Option<&Recorded>,
) -> anyhow::Result<Then<'a>> {
    if let (Some(as_of), Some(text)) = (as_of, text)
        && text.recorded <= RecordTime::from(as_of)
        && !is_kept(store, text).await?
    {
        return Ok(Then { portfolio: Cow::Borrowed(present), note: Some(note(text)) });
    }
    at(store, present, as_of).await
}

fn note(of: &Recorded) -> String {
    format!("portfolio as recorded {}, sha256 {}", of.recorded, of.sha256)
}
