//! `hourmatch revisions`

mod line;

pub use line::COLUMNS;

use super::context::{Context, Format};
use super::output::Exit;
use super::table;
use crate::clock::parse_when;
use crate::error::Fault;
use crate::portfolio::Portfolio;
use crate::store::Store;
use crate::store::taken::{self, Which};
use clap::Args;
use line::{Line, csv, if_any};
use reports::time::{Instant, RecordTime};
use reports::words::counted;
use serde_json::json;

const AFTER: &str = "\
Each ingested file is a revision, and so is each withdrawal (hourmatch revoke). A revision stands until later rows \
replace its rows, or they are withdrawn. With a number, that revision is shown series by series.

Examples:
  hourmatch revisions
  hourmatch revisions 1
  hourmatch revisions --series site/columbus/load --since 2026-03-01
  hourmatch revisions --source readings --format csv -o revisions.csv";

/// Characters of a hash that tell one file from another.
const SHORT: usize = 12;

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Revisions {
    /// Only this revision, with each of its series
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    revision: Option<i64>,
    /// Only revisions with rows of this series
    #[arg(long, value_name = "NAME")]
    series: Option<String>,
    /// Only revisions recorded at or after this time
    #[arg(long, value_name = "T")]
    since: Option<String>,
    /// Only revisions of this source: readings, invoices, withdrawal, or a name that --source of ingest takes
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// How many to list, the newest first
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

pub async fn run(context: &Context, args: &Revisions) -> anyhow::Result<Exit> {
    let form = context.form(&[Format::Text, Format::Json, Format::Csv])?;
    let portfolio = context.portfolio()?;
    let since = args.since.as_deref().map(|t| parse_when(t, context.clock.now(), portfolio.zone)).transpose()?;
    let store = context.store(&portfolio).await?;
    let lines = lines(&store, args, since).await?;
    store.close().await;
    match form {
        Format::Json => context.out.json(&json!({
            "schema": "hourmatch/revisions/1", "engine": crate::ENGINE, "synthetic": synthetic(&portfolio),
            "revisions": lines,
        }))?,
        Format::Csv => context.out.raw(&csv(&lines)?)?,
        _ => context.out.data(&text(&lines, args.revision.is_some()))?,
    }
    Ok(Exit::Done)
}

fn synthetic(portfolio: &Portfolio) -> bool {
    portfolio.definitions.synthetic
}

async fn lines(store: &Store, args: &Revisions, since: Option<Instant>) -> anyhow::Result<Vec<Line>> {
    let which = Which {
        revision: args.revision,
        since_record: since.map(RecordTime::from).unwrap_or_default(),
        series: args.series.as_deref(),
        source: args.source.as_deref(),
        most: args.limit,
    };
    let taken = taken::list(store, which).await?;
    if let (Some(id), true) = (args.revision, taken.is_empty()) {
        return Err(Fault::no_such(format!("revision {id}")).hint("`hourmatch revisions` lists them all").into());
    }
    Line::all(store, taken, args.revision.is_some()).await
}

fn text(lines: &[Line], in_detail: bool) -> String {
    if lines.is_empty() {
        return "nothing has been ingested
"
        .into();
    }
    let headings = ["revision", "recorded", "file", "sha256", "source", "rows", "series", "from", "to", "state", "by"];
    let mut table = table::new(headings, [0, 5, 6]);
    for line in lines {
        table.add_row([
            line.revision.to_string(),
            line.recorded.instant().to_string(),
            line.file.clone(),
            line.sha256.chars().take(SHORT).collect(),
            line.source.clone(),
            (line.readings + line.forecasts + line.invoices).to_string(),
            line.series.to_string(),
            if_any(line.from),
            if_any(line.to),
            line.words(),
            line.actor.clone().unwrap_or_default(),
        ]);
    }
    let mut text = format!("{table}\n");
    for line in lines.iter().filter(|_| in_detail) {
        text.push_str(&detail(line));
    }
    text
}

/// What one row of the list has no room for.
fn detail(line: &Line) -> String {
    let mut text = format!("sha256 {}\n", line.sha256);
    if let Some(reason) = &line.reason {
        text.push_str(&format!("reason: {reason}\n"));
    }
    if line.invoices > 0 {
        text.push_str(&format!("{}\n", counted(line.invoices, "invoice", "invoices")));
    }
    let mut table = table::new(["series", "readings", "forecasts", "from", "to", "state"], []);
    for part in &line.parts {
        table.add_row([
            part.series.clone(),
            part.readings.to_string(),
            part.forecasts.to_string(),
            part.from.to_string(),
            part.to.to_string(),
            part.state.as_ref().map_or_else(String::new, |state| state.words()),
        ]);
    }
    if !line.parts.is_empty() {
        text.push_str(&format!("{table}\n"));
    }
    text
}
