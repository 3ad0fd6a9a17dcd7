//! `hourmatch plan`

mod diff;
mod list;
mod show;

use super::common::{Args, Context, Fault, Format, Paths, Portfolio, Store, Subcommand};
use super::so_far;
use super::waiting::Waiting;
use crate::clock::{Stopwatch, parse_duration, parse_when};
use crate::plan::{self, Request, problem};
use crate::work::word;
use std::path::PathBuf;

const AFTER: &str = "\
Examples:
  hourmatch plan                              # the next week from now
  hourmatch plan --now 2026-03-27T00:00Z      # as it would have been made then
  hourmatch plan --model plan.mps --dry-run   # the model, for another solver
  hourmatch plan list                         # the stored plans
  hourmatch plan diff                         # against the previous plan
  hourmatch plan show --all                   # the current plan, all its work
  hourmatch plan show -o plan.html            # the same as a page with charts";

#[derive(Debug, Args)]
#[command(after_help = AFTER, args_conflicts_with_subcommands = true)]
pub struct PlanCommand {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    make: Make,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the current plan, or the one named
    #[command(after_help = show::EXAMPLES)]
    Show(show::Show),
    /// List the stored plans, newest first, each with its objective and gap
    #[command(after_help = list::EXAMPLES)]
    List(list::List),
    /// Compare two plans: the work that moved, and what its hours cost
    #[command(after_help = diff::EXAMPLES)]
    Diff(diff::Diff),
}

#[derive(Debug, Args)]
struct Make {
    /// Plan from the step that holds T; default: from the first step that has not begun
    #[arg(long, value_name = "T")]
    start: Option<String>,
    /// How far ahead to plan
    #[arg(long, default_value = "168h", value_name = "D")]
    horizon: String,
    /// lp (the solver), clean-first (greedy) or asap (as submitted)
    #[arg(long, default_value = "lp")]
    strategy: String,
    /// Write the model as MPS
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Plan, but store nothing
    #[arg(long)]
    dry_run: bool,
    /// Time limit for all solves together, as closely as the solver can be stopped; then the best candidate is kept
    #[arg(long, default_value = "60s", value_name = "D")]
    time_limit: String,
    /// Limit on iterations of the solver, reproducible on every machine
    #[arg(long, value_name = "N")]
    iteration_limit: Option<u64>,
    /// Relative gap at which the search for training and jobs, or the solve of thousands of pieces, stops
    #[arg(long, value_name = "G", default_value_t = 1e-4)]
    gap: f64,
    /// Compute what one more MW of each contract, connection and storage is worth, in what the plan leaves of the time limit: at least 40 %
    #[arg(long)]
    values: bool,
    /// Print every piece of work and every change, not only the largest
    #[arg(long)]
    all: bool,
}

impl PlanCommand {
    pub fn paths(&self, paths: &Paths) -> Result<(), Fault> {
        self.make.model.iter().try_for_each(|file| paths.writes("--model", file))
    }
}

pub async fn run(context: &Context, command: &PlanCommand) -> anyhow::Result<()> {
    match &command.action {
        Some(Action::List(_) | Action::Diff(_)) => context.allow(&[Format::Text, Format::Json])?,
        _ => context.allow(&show::FORMS)?,
    }
    let portfolio = context.portfolio()?;
    let store = context.store(&portfolio).await?;
    let at = (&store, &portfolio);
    match &command.action {
        Some(Action::List(args)) => list::list(context, at, args).await?,
        Some(Action::Diff(args)) => diff::diff(context, at, args).await?,
        Some(Action::Show(args)) => show::show(context, at, args).await?,
        None => make(context, at, &command.make).await?,
    }
    store.close().await;
    Ok(())
}

async fn make(context: &Context, (store, portfolio): (&Store, &Portfolio), make: &Make) -> anyhow::Result<()> {
    let now = context.clock.now();
    let start = make.start.as_deref().map(|text| parse_when(text, now, portfolio.zone)).transpose()?;
    let request = Request {
        now,
        start,
        horizon_s: parse_duration(&make.horizon)?,
        strategy: word("strategy", &make.strategy)?,
        time_limit_s: Some(parse_duration(&make.time_limit)? as f64),
        iteration_limit: make.iteration_limit,
        gap: make.gap,
        values: make.values.then_some(true),
        search_alone: false,
        told: None,
    };
    Fault::refuse_if(!(0.0..1.0).contains(&request.gap), "--gap is not between 0 and 1", "--gap 1e-4")?;
    if let Some(path) = &make.model {
        let snapshot = plan::assemble::snapshot(store, portfolio, &request).await?;
        let mut mps = Vec::new();
        solver::write_mps(&problem::formulate(&snapshot).problem, &mut mps)?;
        context.paths().write_bytes(path, &mps)?;
        context.out.say(&format!("LP written to {}", path.display()));
    }
    if let Some(note) = plan::current::newest(store, now).await?.ignored {
        context.out.say(&format!("note: {note}"));
    }
    let waiting = (context.format == Format::Text)
        .then(|| Waiting::start("planning", request.time_limit_s, &portfolio.definitions.currency));
    let request = Request { told: waiting.as_ref().and_then(|_| so_far::told()), ..request };
    let started = Stopwatch::start();
    let plan = if make.dry_run {
        plan::Made::new(plan::assemble::snapshot(store, portfolio, &request).await?, request)?.plan
    } else {
        plan::make(store, portfolio, &request).await?
    };
    drop(waiting);
    if !make.dry_run {
        context.out.committed();
    }
    context.out.say(&format!("planned in {:.2} s", started.seconds()));
    if make.dry_run {
        context.out.say("dry run: nothing stored");
    }
    show::print(context, (store, portfolio), &plan, make.all).await
}
