//! `hourmatch settle`

use super::common::{Args, Clock, Context, Format, Stated, json};
use super::period::{Asked, Period};
use crate::audit::settle;

const AFTER: &str = "\
Matches a period and posts every non-zero figure of both ledgers to the store. `hourmatch pack` does the same and \
publishes it; until then, settling again replaces it. With `--as-of`, earlier figures are shown and none is posted.

Example:
  hourmatch settle --from 2026-03-16 --to 2026-03-23";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Settle {
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    stated: Stated,
}

pub async fn run(context: &Context, args: &Settle) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    let Asked { store, portfolio, period, as_of, text } =
        args.period.ask(context, &portfolio, args.stated.actor.as_deref()).await?;
    let record_time = Clock::recorded();
    let prepared = settle::prepare(&store, &portfolio, period, as_of, &args.stated.why(), record_time).await?;
    let done = settle::settle(&store, prepared, text.as_ref()).await?;
    context.out.committed();
    store.close().await;
    super::pack::settled(context, &done);
    let report = &done.computed.report;
    let share = report.portfolio.matched_share;
    if context.format == Format::Json {
        let rest = json!({
            "version": report.version, "intervals_allocated": done.intervals, "rows_posted": done.rows,
            "intervals_with_load": report.portfolio.intervals_with_load,
            "intervals_fully_matched": report.portfolio.intervals_fully_matched, "matched_share": share,
        });
        context.out.document("hourmatch/settled/1", report.synthetic, rest)
    } else {
        context.out.data(&format!(
            "matched share {}\n",
            share.map_or_else(|| "not applicable".into(), |share| share.to_string())
        ))
    }
}
