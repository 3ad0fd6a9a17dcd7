//! The subcommands, what each reads and writes, and what runs it.

use super::common::{Context, Exit, Fault, Subcommand};
use super::{
    backtest, capacity, certificates, check, completions, demo, explain, feeds, follow, forecast, ingest, init, keys,
    migrate, pack, pack_request, plan, reference, report, reservations, revisions, revoke, serve, settle, verify,
    windows, work,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Generate a portfolio, plan it, report on it and verify an evidence pack
    Demo(demo::Demo),
    /// Write a portfolio file to start from
    Init(init::Init),
    /// List every problem in the portfolio file and its stored readings
    Check(check::Check),
    /// Bring the store's schema up to date
    Migrate(migrate::Migrate),
    /// Store readings, forecasts, grid data and invoices
    Ingest(ingest::Ingest),
    /// List what was ingested, and what became of it
    Revisions(revisions::Revisions),
    /// Withdraw an ingested file, or a part of it
    Revoke(revoke::Revoke),
    /// Follow feeds: ask each source on its schedule
    Follow(follow::Follow),
    /// Show each source's status: whether it is fresh, its gaps, its failures
    Feeds(feeds::Feeds),
    /// Measure how far forecasts were off
    Forecast(forecast::Forecast),
    /// Keep the register of energy certificates: import, split, transfer, cancel
    Certificates(certificates::Certificates),
    /// Add, list, update and cancel deferrable work
    Work(work::WorkCommand),
    /// Plan when deferrable work runs, against hourly supply and targets
    Plan(plan::PlanCommand),
    /// Explain why a piece of work runs when it does, and what running otherwise would cost
    Explain(explain::Explain),
    /// Replay a stored period under several strategies, each seeing only what was known then
    Backtest(backtest::Backtest),
    /// Find when to run: windows ranked by the plan; reserve one
    Windows(windows::Windows),
    /// List and release reservations
    Reservations(reservations::Reservations),
    /// Show how much power a site may use by step, for schedulers that place jobs themselves
    Capacity(capacity::Capacity),
    /// Report the hourly matching of a period
    Report(report::Report),
    /// Match a period and post it to the ledger
    Settle(settle::Settle),
    /// Write the evidence pack of a period
    Pack(pack::Pack),
    /// Write the query to have a pack's root time-stamped
    PackRequest(pack_request::PackRequest),
    /// Make and show keys for signing packs
    Keys(keys::Keys),
    /// Verify an evidence pack
    Verify(verify::Verify),
    /// Answer schedulers over HTTP and plan on schedule
    Serve(serve::Serve),
    /// List every series, unit, key, column, code and command
    Reference(reference::Reference),
    /// Print completions for a shell
    Completions(completions::Completions),
    /// Write man pages
    Man(completions::Man),
}

/// Declares the paths of a command before it does anything.
///
/// # Errors
/// Where an output is what is read, or cannot be written.
pub(super) fn declare_paths(context: &Context, command: &Command) -> Result<(), Fault> {
    let (paths, config) = (context.paths(), context.config());
    match command {
        // What is there already is refused.
        Command::Init(_) => paths.makes_new("-c", &config)?,
        _ => paths.reads("the portfolio", &config)?,
    }
    match (command, context.out.path()) {
        (_, None) => {}
        (Command::Pack(_), Some(to)) => paths.makes_new("-o", to)?,
        (_, Some(to)) => paths.writes("-o", to)?,
    }
    match command {
        Command::Demo(args) => paths.reads("the demo's folder", &args.dir),
        Command::Ingest(args) => args.paths(paths),
        Command::Certificates(args) => args.paths(paths),
        Command::Work(args) => args.paths(paths),
        Command::Plan(args) => args.paths(paths),
        Command::Pack(args) => args.paths(paths),
        Command::PackRequest(args) => paths.reads("the pack", &args.pack),
        Command::Keys(args) => args.paths(paths),
        Command::Verify(args) => args.paths(paths),
        Command::Init(_)
        | Command::Check(_)
        | Command::Migrate(_)
        | Command::Revisions(_)
        | Command::Revoke(_)
        | Command::Follow(_)
        | Command::Feeds(_)
        | Command::Forecast(_)
        | Command::Explain(_)
        | Command::Backtest(_)
        | Command::Windows(_)
        | Command::Reservations(_)
        | Command::Capacity(_)
        | Command::Report(_)
        | Command::Settle(_)
        | Command::Reference(_)
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Serve(_) => Ok(()),
    }
}

/// `whole` is the command line that all of this is part of.
pub(super) async fn run(context: &Context, command: Command, whole: clap::Command) -> anyhow::Result<Exit> {
    match command {
        // The answer of these may be no.
        Command::Demo(args) => return demo::run(context, &args).await,
        Command::Revoke(args) => return revoke::run(context, &args).await,
        Command::Follow(args) => return follow::run(context, &args).await,
        Command::Verify(args) => return verify::run(context, &args),
        Command::Init(args) => init::run(context, &args).await?,
        Command::Check(args) => check::run(context, &args).await?,
        Command::Migrate(args) => migrate::run(context, &args).await?,
        Command::Ingest(args) => ingest::run(context, &args).await?,
        Command::Revisions(args) => revisions::run(context, &args).await?,
        Command::Feeds(args) => feeds::run(context, &args).await?,
        Command::Forecast(args) => forecast::run(context, &args).await?,
        Command::Certificates(args) => certificates::run(context, &args).await?,
        Command::Work(args) => work::run(context, &args).await?,
        Command::Plan(args) => plan::run(context, &args).await?,
        Command::Explain(args) => explain::run(context, &args).await?,
        Command::Backtest(args) => backtest::run(context, &args).await?,
        Command::Windows(args) => windows::run(context, &args).await?,
        Command::Reservations(args) => reservations::run(context, &args).await?,
        Command::Capacity(args) => capacity::run(context, &args).await?,
        Command::Report(args) => report::run(context, &args).await?,
        Command::Settle(args) => settle::run(context, &args).await?,
        Command::Pack(args) => pack::run(context, &args).await?,
        Command::PackRequest(args) => pack_request::run(context, &args)?,
        Command::Keys(args) => keys::run(context, &args)?,
        Command::Serve(args) => serve::run(context, &args).await?,
        Command::Reference(args) => reference::run(context, &args, whole)?,
        Command::Completions(args) => completions::completions(context, &args, whole)?,
        Command::Man(args) => completions::man(context, &args, whole)?,
    }
    Ok(Exit::Done)
}
