//! `--from`, `--to` and `--as-of`, alike wherever a period is reported.

use super::common::{Args, Context, Instant, Interval, Portfolio, Store};
use crate::audit::portfolios;
use crate::clock::{Clock, parse_period, parse_when};
use crate::store::portfolios::Recorded;
use std::borrow::Cow;

#[derive(Debug, Clone, Args)]
pub struct Period {
    /// Start of the period
    #[arg(long, value_name = "T")]
    pub from: String,
    /// End of the period, exclusive
    #[arg(long, value_name = "T")]
    pub to: String,
    /// Use only what had been recorded by then
    #[arg(long, value_name = "T")]
    pub as_of: Option<String>,
}

/// What a report is made from.
#[derive(Debug)]
pub struct Asked<'a> {
    pub store: Store,
    /// The portfolio of the record time asked for.
    pub portfolio: Cow<'a, Portfolio>,
    /// By the clock of that portfolio.
    pub period: Interval,
    /// The second of record time asked for.
    pub as_of: Option<Instant>,
    /// The portfolio's text, to be kept once the command is done.
    pub text: Option<Recorded>,
}

impl Period {
    /// Opens the store, and says which portfolio is used where a record time is asked for.
    pub async fn ask<'a>(
        &self,
        context: &Context,
        portfolio: &'a Portfolio,
        actor: Option<&str>,
    ) -> anyhow::Result<Asked<'a>> {
        let now = context.clock.now();
        let as_of = self.as_of.as_deref().map(|t| parse_when(t, now, portfolio.zone)).transpose()?;
        let period = |by: &Portfolio| parse_period(&self.from, &self.to, now, by.zone, by.resolution());
        if as_of.is_none() {
            // Before a store is made for it.
            period(portfolio)?;
        }
        let store = context.store(portfolio).await?;
        let text = context.text(portfolio, actor, Clock::recorded());
        let then = portfolios::at_once_kept(&store, portfolio, as_of, text.as_ref()).await?;
        if let Some(note) = &then.note {
            context.out.say(note);
        }
        let by: &Portfolio = &then.portfolio;
        let period = period(by)?;
        Ok(Asked { store, portfolio: then.portfolio, period, as_of, text })
    }
}
