//! `hourmatch feeds`

use super::common::{Args, Context, Format, Instant, counted, json, row, table};
use crate::feeds::status::{self, Status};

const AFTER: &str = "\
One row for each series of each source: which source fills it now, until when it has readings and forecasts, how much \
of the last month is missing, and when its source is asked next. Below the table: which sources are stale, and which \
failed.

Examples:
  hourmatch feeds
  hourmatch feeds --format json";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Feeds {}

pub async fn run(context: &Context, _: &Feeds) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    let store = context.store(&portfolio).await?;
    let list = status::all(&store, &portfolio, context.clock.now()).await?;
    store.close().await;
    let synthetic = portfolio.definitions.synthetic;
    match context.format {
        Format::Json => context.out.document("hourmatch/feeds/1", synthetic, json!({ "sources": list }))?,
        _ if list.is_empty() => context.out.say("the portfolio has no source that is followed"),
        _ => context.out.data(&text(&list))?,
    }
    Ok(())
}

fn text(list: &[Status]) -> String {
    let headings = ["source", "series", "filled by", "readings until", "forecasts until", "gaps", "next"];
    let mut table = table::new(headings, []);
    for source in list {
        for series in &source.series {
            let or = |at: Option<Instant>| at.map_or("-".into(), |at| at.to_string());
            let from = series.from.as_deref().unwrap_or("-");
            let gaps = match series.gaps {
                0 => "none".to_string(),
                count => format!("{count}, {:.1} h", series.gap_s as f64 / 3_600.0),
            };
            let [until, forecasts, next] = [series.until, series.forecast_until, source.next].map(or);
            table.add_row(row![source.source, series.series, from, until, forecasts, gaps, next]);
        }
    }
    let mut text = format!("{table}\n");
    for source in list {
        if source.followed && !source.fresh && !source.stands_by {
            let since = source.answered.map_or("it never answered".into(), |at| format!("answered last {at}"));
            text.push_str(&format!("\n{}: stale, {since}\n", source.source));
        }
        if let Some(error) = &source.error {
            let Status { source: name, failures, breaker, .. } = source;
            let times = counted(failures, "time", "times");
            text.push_str(&format!("\n{name}: failed {times}, breaker {breaker}: {error}\n"));
        }
        if let Some(note) = &source.note {
            text.push_str(&format!("\n{}: {note}\n", source.source));
        }
    }
    text
}
