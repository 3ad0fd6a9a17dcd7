//! The command line: one file per subcommand. Data goes to stdout, messages to stderr.

mod backtest;
mod capacity;
mod certificates;
mod check;
mod command;
mod common;
mod completions;
mod context;
mod demo;
mod explain;
mod feeds;
mod follow;
mod forecast;
mod form;
mod ingest;
mod init;
mod keys;
mod migrate;
mod output;
mod pack;
mod pack_request;
mod period;
mod plan;
mod reference;
mod report;
mod reservations;
mod revisions;
mod revoke;
mod serve;
mod settle;
mod shell;
mod signals;
mod so_far;
mod stated;
mod summary;
mod table;
mod verify;
mod waiting;
mod windows;
mod work;

use crate::error::{faults_of, kind_of};
use crate::store::faults;
use crate::telemetry;
use clap::{CommandFactory, FromArgMatches, Parser};
use command::Command;
use context::{Context, Format, Global};
use std::process::ExitCode;
use std::time::Duration;

const AFTER: &str = "\
A first look:
  hourmatch demo       # a synthetic portfolio, planned, reported and verified
  hourmatch init       # a portfolio file to start from

Exit status: 0 done (also with missed work, rejected rows or a fallback; stderr reports those), \
1 not done and the store unchanged, 2 wrong command line, 130 or 143 ended by Ctrl-C or SIGTERM.
What fails after the store has changed, such as printing the result, is a warning.";

/// Plans AI-factory work against hourly carbon-free supply, answers schedulers, and proves what was matched.
#[derive(Debug, Parser)]
#[command(name = "hourmatch", version, after_help = AFTER, propagate_version = true, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// How long threads that still compute are waited for when all is said.
const LONGEST_LEAVE: Duration = Duration::from_secs(1);

pub fn main() -> ExitCode {
    telemetry::say_panics();
    let cli = match parsed() {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error, json_is_asked_for()),
    };
    let json = cli.global.format == Some(Format::Json);
    let serves = matches!(cli.command, Command::Serve(_));
    // They end by themselves.
    let follows = matches!(&cli.command, Command::Follow(args) if args.for_good());
    let ends = serves || follows || matches!(cli.command, Command::Backtest(_));
    telemetry::start(cli.global.log.as_deref(), if serves || follows { "info" } else { "warn" });
    let done = Context::new(cli.global).map_err(anyhow::Error::from).and_then(|context| {
        command::declare_paths(&context, &cli.command)?;
        context.warn_of_password();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let done = runtime.block_on(async {
            if !ends {
                signals::end_at_once();
            }
            command::run(&context, cli.command, command_line()).await
        });
        // A solve that nobody waits for cannot be interrupted: it ends with the process.
        runtime.shutdown_timeout(LONGEST_LEAVE);
        done
    });
    match done {
        Ok(exit) => exit.code(),
        Err(error) => {
            let error = faults::explained(error);
            output::complain(&faults_of(&error), json);
            ExitCode::from(kind_of(&error).exit_code())
        }
    }
}

/// The whole command line, each command with what it takes.
fn command_line() -> clap::Command {
    form::fitted(Cli::command())
}

fn parsed() -> Result<Cli, clap::Error> {
    let mut whole = command_line();
    let mut matches = whole.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut whole))
}

/// Of a command line that is none.
fn json_is_asked_for() -> bool {
    let args: Vec<_> = std::env::args_os().collect();
    let pairs = args.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    pairs || args.iter().any(|arg| arg == "--format=json")
}
