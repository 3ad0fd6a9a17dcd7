//! `hourmatch revisions`

mod line;

pub use line::COLUMNS;

use super::common::{Args, Context, Fault, Format, Store, counted, if_any, json, parse_when, row, table};
use crate::store::taken::{self, Taken, Which};
use line::{Line, Piece, csv};
use reports::time::{Instant, RecordTime};

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

pub async fn run(context: &Context, args: &Revisions) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json, Format::Csv])?;
    let portfolio = context.portfolio()?;
    let since = args.since.as_deref().map(|t| parse_when(t, context.clock.now(), portfolio.zone)).transpose()?;
    let store = context.store(&portfolio).await?;
    let lines = lines(&store, args, since).await?;
    store.close().await;
    let synthetic = portfolio.definitions.synthetic;
    match context.format {
        Format::Json => context.out.document("hourmatch/revisions/1", synthetic, json!({ "revisions": lines })),
        Format::Csv => context.out.raw(&csv(&lines)?),
        _ => context.out.data(&text(&lines, args.revision.is_some())),
    }
}

async fn lines(store: &Store, args: &Revisions, since: Option<Instant>) -> anyhow::Result<Vec<Line>> {
    let which = Which {
        revision: args.revision,
        since: since.map(RecordTime::from).unwrap_or_default(),
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
        return "nothing has been ingested\n".into();
    }
    let headings = ["revision", "recorded", "file", "sha256", "source", "rows", "series", "from", "to", "state", "by"];
    let mut table = table::new(headings, [0, 5, 6]);
    for line in lines {
        let taken = &line.taken;
        let (recorded, hash) = (taken.recorded.instant(), taken.file_sha256.chars().take(SHORT).collect::<String>());
        let rows = taken.readings + taken.forecasts + taken.invoices;
        let (start, end) = (if_any(taken.start), if_any(taken.end));
        let (words, actor) = (line.words(), taken.actor.as_deref().unwrap_or_default());
        let Taken { id, file_name, source, series, .. } = taken;
        table.add_row(row![id, recorded, file_name, hash, source, rows, series, start, end, words, actor]);
    }
    let mut text = format!("{table}\n");
    text.extend(lines.iter().filter(|_| in_detail).map(detail));
    text
}

/// What one row of the list has no room for.
fn detail(line: &Line) -> String {
    let mut text = format!("sha256 {}\n", line.taken.file_sha256);
    if let Some(reason) = &line.taken.reason {
        text.push_str(&format!("reason: {reason}\n"));
    }
    if line.taken.invoices > 0 {
        text.push_str(&format!("{}\n", counted(line.taken.invoices, "invoice", "invoices")));
    }
    let mut table = table::new(["series", "readings", "forecasts", "from", "to", "state"], []);
    for Piece { part, state } in &line.parts {
        let state = if_any(state.as_ref().map(|state| state.words()));
        table.add_row(row![part.series, part.readings, part.forecasts, part.start, part.end, state]);
    }
    if !line.parts.is_empty() {
        text.push_str(&format!("{table}\n"));
    }
    text
}
