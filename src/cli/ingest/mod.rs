//! `hourmatch ingest`

mod args;
mod explain;
mod export;
mod fetch;
mod input;
mod source;

pub use args::Ingest;

use super::common::{Clock, Context, Fault, Format, counted, json, parse_duration};
use super::output::on_terminal;
use crate::audit::settle::Why;
use crate::ingest::batch::Batch;
use crate::ingest::sources::Source;
use crate::ingest::{self, Doubt, Options, Outcome, Taken, fits, reject};
use crate::outputs::{Pending, Pieces, to_stdout};
use crate::portfolio::{Portfolio, expected};
use crate::store::portfolios;
use input::Input;
use reports::received::Ends;
use reports::series::name::{Group, parts};
use source::choose;
use std::collections::BTreeMap;

pub async fn run(context: &Context, args: &Ingest) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    if args.explain {
        context.allow(&[Format::Text])?;
        no_files(args)?;
        return explain::run(context, args, &portfolio);
    }
    let outcomes = match args.source.as_ref().and_then(|name| portfolio.feeds.get(name)) {
        Some(source) => fetch::run(context, args, (&portfolio, source)).await?,
        None => files(context, args, &portfolio).await?,
    };
    let rejected: usize = outcomes.iter().map(|o| o.rejected).sum();
    let rest = || json!({ "files": outcomes, "rejected": rejected });
    context.done("hourmatch/ingest/1", portfolio.definitions.synthetic, rest)
}

fn no_files(args: &Ingest) -> Result<(), Fault> {
    Fault::refuse_if(args.files.is_empty(), "no file is named", "hourmatch ingest meters.csv.gz")?;
    let piped = args.files.iter().filter(|file| file.as_os_str() == input::STDIN).count();
    Fault::refuse_if(piped > 1, "standard input is named twice", "name it once: its text comes once")
}

fn goes_together(context: &Context, args: &Ingest) -> Result<(), Fault> {
    let several = args.reject.is_some() && args.files.len() > 1;
    Fault::refuse_if(several, "--reject works with one file at a time", "ingest the files one by one")?;
    let fetched = args.from.is_some() || args.to.is_some() || args.again || args.record.is_some();
    let what = "--from, --to, --again and --record are only for sources that are fetched";
    Fault::refuse_if(fetched, what, "leave them out, or name a feed, such as --source gb")?;
    let both = on_stdout(args) && context.format == Format::Json && context.out.path().is_none();
    let what = "both the answer and the rejected rows would go to standard output";
    Fault::refuse_if(both, what, "name a file for one of them: --reject FILE or -o FILE")
}

async fn files(context: &Context, args: &Ingest, portfolio: &Portfolio) -> anyhow::Result<Vec<Outcome>> {
    no_files(args)?;
    goes_together(context, args)?;
    let Why { actor, reason } = args.stated.why();
    let mut options = Options {
        source: Source::Readings { ends: Ends::Exclusive },
        delay_s: parse_duration(&args.delay)?,
        keep_good: args.reject.is_some(),
        record_time: Clock::recorded(),
        progress: on_terminal() && context.format == Format::Text,
        definitions: Some(portfolio.definitions.clone()),
        expected: expected(portfolio),
        as_written: true,
        strict: args.strict,
        actor,
        reason,
    };
    // All are read before any is stored, so that a bad one leaves the store as it was.
    let mut batches = Vec::new();
    let opened = args.files.iter().map(|path| Input::open(path, args.sheet.as_deref()));
    let inputs = opened.collect::<Result<Vec<Input>, Fault>>()?;
    for input in &inputs {
        let path = input.path.as_path();
        let chosen = choose(context, args, portfolio, path).map_err(|problem| input.named(problem))?;
        if args.reject.is_some() && chosen.source.form().is_some_and(|form| !form.has_rows()) {
            let hint = "leave it out, and have the sender correct the NEM12 or XML file";
            return Err(Fault::new("--reject works only with tables").file(path.display()).hint(hint).into());
        }
        options.source = chosen.source;
        options.as_written = input.kept.is_none();
        let batch = ingest::read_file(path, &options).map_err(|problems| input.named(problems))?;
        warn_unknown(context, portfolio, input, &batch);
        batches.push((path, batch, chosen.taken_as));
    }
    let store = context.store(portfolio).await?;
    let mut write = store.write().await?;
    let mut taken = Vec::new();
    for (path, batch, taken_as) in batches {
        let mut file = ingest::take_in(&mut write, path, batch, &options).await?;
        file.outcome.taken_as = taken_as;
        taken.push(file);
    }
    if taken.iter().all(|taken| taken.outcome.revision.is_none()) {
        // Nothing of them stays, names of series neither.
        drop(write);
        write = store.write().await?;
    }
    // The portfolio's text goes with what is taken in under it.
    if let Some(text) = context.text(portfolio, options.actor.as_deref(), options.record_time) {
        portfolios::add(&mut write, &text).await?;
    }
    // There before the store changes: a full disk refuses the file as a bad row does.
    let rejects = rejects(context, args, (&inputs, &options.source), &mut taken)?;
    write.commit().await?;
    context.out.committed();
    store.close().await;
    let outcomes: Vec<Outcome> = taken.into_iter().map(|taken| taken.outcome).collect();
    tell(context, &inputs, &outcomes);
    if let (Some(pending), Some(target)) = (rejects, &args.reject) {
        context.out.publish(pending, &format!("rejected rows: {}", target.display()));
    }
    Ok(outcomes)
}

fn tell(context: &Context, inputs: &[Input], outcomes: &[Outcome]) {
    for (input, outcome) in inputs.iter().zip(outcomes) {
        if let Some(kept) = input.kept.as_ref().filter(|_| outcome.revision.is_some()) {
            context.out.say(kept);
        }
        context.out.say(&outcome.sentence());
        warn_suspect(context, &input.shown(&input.path.display().to_string()), &outcome.suspects);
    }
}

/// Spans that are named one by one.
const NAMED: usize = 3;

fn warn_suspect(context: &Context, file: &str, doubts: &[Doubt]) {
    for Doubt { row, suspect } in doubts.iter().take(NAMED) {
        context.out.say(&format!("warning: {file}:{row}: suspect: {suspect}"));
    }
    let readings: usize = doubts.iter().map(|doubt| doubt.suspect.readings).sum();
    if !doubts.is_empty() {
        context.out.say(&format!(
            "warning: {file}: {} suspect in {}, stored as received: `hourmatch check` lists them",
            counted(readings, "reading", "readings"),
            counted(doubts.len(), "span", "spans")
        ));
    }
}

/// Rejected rows of the one file they may be of, written and not in their place yet.
fn rejects(
    context: &Context,
    args: &Ingest,
    (inputs, source): (&[Input], &Source),
    taken: &mut [Taken],
) -> Result<Option<Pending>, Fault> {
    let taken = taken.first_mut().filter(|taken| !taken.rejects.is_empty());
    let (Some(target), Some(input), Some(taken)) = (&args.reject, inputs.first(), taken) else { return Ok(None) };
    let write: Pieces<'_> = &mut |out| reject::write(&input.path, source.form(), &mut taken.rejects, out);
    if on_stdout(args) { to_stdout(write).map(|()| None) } else { context.paths().prepare(target, write).map(Some) }
}

fn on_stdout(args: &Ingest) -> bool {
    args.reject.as_ref().is_some_and(|file| file.as_os_str() == input::STDOUT)
}

/// Readings of things the portfolio does not know are kept, but nothing will use them.
fn warn_unknown(context: &Context, portfolio: &Portfolio, input: &Input, batch: &Batch) {
    let pool = |name: &str| {
        let pool = parts(name).filter(|(group, ..)| *group == Group::Pool);
        pool.is_some_and(|(_, id, _)| portfolio.planning.pools.iter().any(|pool| pool.id == id))
    };
    let readings = batch.readings.iter().map(|(name, points)| (name, points.iter().map(|p| p.row).min()));
    let forecasts = batch.forecasts.iter().map(|(name, points)| (name, points.iter().map(|p| p.row).min()));
    let unknown: BTreeMap<&str, i64> = readings
        .chain(forecasts)
        .filter(|(name, _)| !fits::uses(&portfolio.definitions, name) && !pool(name))
        .filter_map(|(name, row)| Some((name.as_str(), row?)))
        .collect();
    for (name, row) in unknown.iter().take(3) {
        let what = "not in the portfolio: stored, but nothing uses it";
        let file = input.shown(&input.path.display().to_string());
        let meant = fits::meant(&portfolio.definitions, name).map(|meant| format!("; did you mean {meant}?"));
        context.out.say(&format!("warning: {file}:{row}: {name}: {what}{}", meant.unwrap_or_default()));
    }
    if unknown.len() > 3 {
        context.out.say(&format!("warning: and {} more series that are not in the portfolio", unknown.len() - 3));
    }
}
