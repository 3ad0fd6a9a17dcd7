//! `hourmatch ingest --source NAME --from --to`: a period of a feed, part by part.

use super::args::Ingest;
use crate::audit::settle::Why;
use crate::cli::common::{Context, Fault, Format, Interval, counted, io_reason};
use crate::cli::follow::asking;
use crate::cli::output::on_terminal;
use crate::clock::{Clock, parse_duration, parse_period};
use crate::feeds::backfill::{self, Filled, Record, Told};
use crate::ingest::{Options, Outcome};
use crate::outputs::folders;
use crate::portfolio::{FeedSource, Portfolio};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;
use std::sync::Arc;

pub(super) async fn run(
    context: &Context,
    args: &Ingest,
    (portfolio, source): (&Portfolio, &FeedSource),
) -> anyhow::Result<Vec<Outcome>> {
    let source = meant(args, portfolio, source)?;
    let period = period(context, args, portfolio)?;
    let Why { actor, reason } = args.stated.why();
    let delay_s = parse_duration(&args.delay)?;
    let options = Options { delay_s, actor, reason, ..Options::own_form(Clock::recorded()) };
    let store = context.store(portfolio).await?;
    let asking = asking(context, store.clone(), Arc::new(portfolio.clone()));
    let bar = bar(context, &source);
    let write: Record<'_> = &|period, bytes| match &args.record {
        Some(folder) => record(context, &folder.join(file_of(&source.name, period)), bytes),
        None => Ok(()),
    };
    let told = Told { source: &source, period, again: args.again, options: &options, record: Some(write) };
    let filled = backfill::run(&asking, told, |parts, done| {
        bar.set_length(parts as u64);
        bar.set_position(done as u64);
    })
    .await;
    bar.finish_and_clear();
    let Filled { outcomes, notes, before } = filled?;
    context.out.committed();
    store.close().await;
    outcomes.iter().for_each(|outcome| context.out.say(&outcome.sentence()));
    notes.iter().for_each(|note| context.out.say(&format!("warning: {note}")));
    if before > 0 {
        let parts = counted(before, "part of the period was", "parts of the period were");
        context.out.say(&format!("{parts} fetched before; --again asks once more"));
    }
    Ok(outcomes)
}

/// `gb-20260101T000000Z.jsonl`: colons stand in no name of a file.
fn file_of(source: &str, period: Interval) -> String {
    let start: String = period.start.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    format!("{source}-{start}.jsonl")
}

fn record(context: &Context, file: &Path, bytes: &[u8]) -> Result<(), Fault> {
    if let Some(folder) = file.parent() {
        folders::make(folder).map_err(|error| {
            let what = format!("cannot be made: {}", io_reason(&error));
            Fault::new(what).file(folder.display()).hint("check the path and its permissions")
        })?;
    }
    context.paths().write_bytes(file, bytes)
}

/// The source, for the boundary that is asked for.
fn meant(args: &Ingest, portfolio: &Portfolio, source: &FeedSource) -> Result<FeedSource, Fault> {
    let name = &source.name;
    let what = format!("--source {name} fetches; it takes no files");
    Fault::refuse_if(!args.files.is_empty(), &what, "leave the files out")?;
    Fault::refuse_if(args.ends.is_some(), "--ends is only for readings and invoices", "leave it out")?;
    Fault::refuse_if(args.strict, "--strict is only for files", "leave it out")?;
    let source = args.area.as_ref().map_or_else(|| source.clone(), |area| source.of_area(area));
    let area = &source.wanted.area;
    if !area.is_empty() {
        portfolio.check_area(area)?;
    }
    Ok(source)
}

fn period(context: &Context, args: &Ingest, portfolio: &Portfolio) -> Result<Interval, Fault> {
    let (Some(from), Some(to)) = (&args.from, &args.to) else {
        let what = format!("--source {} needs --from and --to", args.source.as_deref().unwrap_or("NAME"));
        return Err(Fault::new(what).hint("--from 2026-11-01 --to 2026-11-08"));
    };
    parse_period(from, to, context.clock.now(), portfolio.zone, portfolio.resolution())
}

fn bar(context: &Context, source: &FeedSource) -> ProgressBar {
    if !on_terminal() || context.format == Format::Json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} parts {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
    bar.set_message(source.name.clone());
    bar
}
