//! Every path that a command names: what it reads, and what it writes. One list for all, so that no output is what is read;
//! the store joins it with the portfolio that names it.

use super::command::Command;
use super::context::Context;
use crate::error::Fault;

/// Declares the paths of a command before it does anything.
///
/// # Errors
/// Where an output is what is read, or cannot be written.
pub(super) fn declare(context: &Context, command: &Command) -> Result<(), Fault> {
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
        Command::Demo(args) => args.paths(paths),
        Command::Ingest(args) => args.paths(paths),
        Command::Certificates(args) => args.paths(paths),
        Command::Work(args) => args.paths(paths),
        Command::Plan(args) => args.paths(paths),
        Command::Pack(args) => args.paths(paths),
        Command::PackRequest(args) => args.paths(paths),
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
