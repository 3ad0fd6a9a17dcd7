//! `--from`, `--to` and `--as-of`, alike wherever a period is reported.

use super::Context;
use crate::clock::{parse_period, parse_when};
use crate::portfolio::Portfolio;
use clap::Args;
use reports::time::Interval;

#[derive(Debug, Clone, Args)]
pub struct Period {
    /// Start of the period
    #[arg(long, value_name = "T")]
    pub from: String,
    /// End of the period, itself not included
    #[arg(long, value_name = "T")]
    pub to: String,
    /// With what had been recorded by then
    #[arg(long, value_name = "T")]
    pub as_of: Option<String>,
}

impl Period {
    /// The period, and the second of record time asked for.
    pub fn resolve(&self, context: &Context, portfolio: &Portfolio) -> anyhow::Result<(Interval, Option<i64>)> {
        resolve(&self.from, &self.to, self.as_of.as_deref(), context.clock.now_s(), portfolio)
    }
}

/// The same from query parameters.
pub fn resolve(
    from: &str,
    to: &str,
    as_of: Option<&str>,
    now_s: i64,
    portfolio: &Portfolio,
) -> anyhow::Result<(Interval, Option<i64>)> {
    let period = parse_period(from, to, now_s, portfolio.zone, portfolio.resolution())?;
    let as_of = as_of.map(|t| parse_when(t, now_s, portfolio.zone)).transpose()?;
    Ok((period, as_of))
}
