//! The command line: one file per subcommand. Data on stdout, talk on stderr.

mod backtest;
mod capacity;
mod certificates;
mod check;
mod demo;
mod explain;
mod forecast;
mod ingest;
mod init;
mod keys;
mod migrate;
mod output;
mod pack;
mod pack_request;
mod paths;
mod period;
mod plan;
mod report;
mod reservations;
mod serve;
mod settle;
mod stated;
mod summary;
mod verify;
mod windows;
mod work;

use crate::clock::{Clock, parse_when};
use crate::error::{Problem, kind_of, problems_of};
use crate::outputs::{Paths, temporary};
use crate::portfolio::{self, Portfolio};
use crate::secret::Secret;
use crate::store::{Store, faults, location};
use crate::{settings, telemetry};
use clap::{Args, Parser, Subcommand, ValueEnum};
use output::Exit;
use reports::time::Zone;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

const AFTER: &str = "\
A first look:
  hourmatch demo                      a synthetic portfolio, planned, reported and verified
  hourmatch init                      a portfolio file to start from

Exit status: 0 done (also with misses, rejects or a fallback, which are said on stderr), 1 not done and the
store unchanged, 2 command line, 130 or 143 ended by Ctrl-C or SIGTERM. What fails once the store has changed, such as
printing the answer, is a warning.";

/// Plans AI-factory work against hourly carbon-free supply, answers schedulers, and proves what was matched.
#[derive(Debug, Parser)]
#[command(name = "hourmatch", version, after_help = AFTER, propagate_version = true, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args, Clone)]
struct Global {
    /// Portfolio file; paths in it are relative to it
    #[arg(
        short = 'c',
        long = "config",
        global = true,
        env = "HOURMATCH_CONFIG",
        hide_env_values = true,
        value_name = "FILE"
    )]
    config: Option<PathBuf>,
    /// Store to use instead of the portfolio's: sqlite://FILE or postgres://...; a password belongs in the variable
    #[arg(long, global = true, env = "HOURMATCH_STORE", hide_env_values = true, value_name = "URL")]
    store: Option<Secret>,
    /// Act as if it were this time: RFC 3339 with offset, a date, now+6h
    #[arg(long, global = true, env = "HOURMATCH_NOW", hide_env_values = true, value_name = "T")]
    now: Option<String>,
    /// Form of the output
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    format: Option<Format>,
    /// Where the output goes: a file, or - for standard output
    #[arg(short = 'o', long = "output", global = true, value_name = "PATH")]
    output: Option<PathBuf>,
    /// What is said on stderr: error, warn, info, debug
    #[arg(long, global = true, env = "HOURMATCH_LOG", hide_env_values = true, value_name = "LEVEL")]
    log: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[value(alias = "table")]
    Text,
    Json,
    Csv,
    Html,
    Pdf,
    Xlsx,
    Parquet,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// From nothing to a plan, a report and a verified pack, on generated data
    Demo(demo::Demo),
    /// Write a portfolio file to start from
    Init(init::Init),
    /// Say everything that is wrong with the portfolio file, and what the store holds for it
    Check(check::Check),
    /// Bring the store's schema up to date
    Migrate(migrate::Migrate),
    /// Take in readings, forecasts, grid data and invoices
    Ingest(ingest::Ingest),
    /// How good forecasts have been
    Forecast(forecast::Forecast),
    /// The register of energy certificates: take in, split, transfer, cancel
    Certificates(certificates::Certificates),
    /// Add, list and cancel deferrable work
    Work(work::WorkCommand),
    /// Place work against the matching target
    Plan(plan::PlanCommand),
    /// Why a piece of work runs when it does, and what running otherwise would cost
    Explain(explain::Explain),
    /// Run a stored period again under several strategies, each seeing only what was known
    Backtest(backtest::Backtest),
    /// When to run: windows ranked by the plan, and reservations
    Windows(windows::Windows),
    /// What is reserved: list, release
    Reservations(reservations::Reservations),
    /// How much power a scheduler of its own may use in each step, by the plan
    Capacity(capacity::Capacity),
    /// The hourly matching report of a period
    Report(report::Report),
    /// Match a period and commit it to the ledger
    Settle(settle::Settle),
    /// The evidence pack of a period
    Pack(pack::Pack),
    /// The query that has a pack's root time-stamped
    PackRequest(pack_request::PackRequest),
    /// Make and show the keys that packs are signed with
    Keys(keys::Keys),
    /// Check an evidence pack
    Verify(verify::Verify),
    /// Answer schedulers over HTTP and plan on time
    Serve(serve::Serve),
}

/// What a subcommand works with.
#[derive(Debug)]
pub(crate) struct Context {
    global: Global,
    pub clock: Clock,
    pub format: Format,
    pub out: output::Output,
}

impl Context {
    fn new(global: Global, command: &Command) -> Result<Self, Problem> {
        let wall = Clock::WALL.now_s();
        let clock = match &global.now {
            Some(text) => Clock::fixed(parse_when(text, wall, Zone::UTC)?),
            None => Clock::WALL,
        };
        let format = global.format.unwrap_or(Format::Text);
        let out = output::Output::new(global.output.clone(), Paths::default());
        if let (true, Some(text)) = (clock.is_fixed(), &global.now) {
            out.say(&format!("clock replaced: acting as if it were {text}"));
        }
        let context = Self { global, clock, format, out };
        paths::declare(&context, command)?;
        Ok(context)
    }

    pub fn config(&self) -> PathBuf {
        settings::config_path(self.global.config.as_deref())
    }

    /// Every file of the command.
    pub fn paths(&self) -> &Paths {
        &self.out.paths
    }

    /// The portfolio; from here on its store is none that an output may go to.
    pub fn portfolio(&self) -> anyhow::Result<Portfolio> {
        let portfolio = portfolio::load(&self.config())?;
        for file in location::files(&self.store_url(&portfolio)?)? {
            self.paths().reads("the store", &file)?;
        }
        Ok(portfolio)
    }

    pub fn store_url(&self, portfolio: &Portfolio) -> Result<Secret, Problem> {
        settings::store_url(self.global.store.as_ref(), portfolio.store_url.as_ref(), &self.config())
    }

    pub async fn store(&self, portfolio: &Portfolio) -> anyhow::Result<Store> {
        Store::open(self.store_url(portfolio)?.expose()).await
    }

    /// A password on the command line is one that everybody on this machine can read.
    fn warn_of_password(&self) {
        let stated = std::env::args_os().any(|arg| {
            let arg = arg.to_string_lossy();
            self.global.store.as_ref().is_some_and(|url| arg.ends_with(url.expose()) && url.has_password())
        });
        if stated {
            self.out.say(
                "warning: a password on the command line can be read by everybody on this machine; set HOURMATCH_STORE, \
                 or leave it to PGPASSWORD or ~/.pgpass",
            );
        }
    }

    /// With `--format json`, a command that answers nothing else says what it did.
    fn done(&self, schema: &str, what: &str) -> anyhow::Result<()> {
        if self.format != Format::Json {
            return Ok(());
        }
        self.out.json(&serde_json::json!({"schema": schema, "engine": crate::ENGINE, "synthetic": false, "done": what}))
    }

    /// Only the named forms make sense for this subcommand.
    pub fn allow(&self, forms: &[Format]) -> Result<(), Problem> {
        if forms.contains(&self.format) {
            return Ok(());
        }
        let named: Vec<String> =
            forms.iter().filter_map(ValueEnum::to_possible_value).map(|v| v.get_name().to_string()).collect();
        Err(Problem::new("this command has no such output form").hint(format!("--format {}", named.join(" | "))))
    }
}

/// How long threads that still compute are waited for when all is said.
const LONGEST_LEAVE: Duration = Duration::from_secs(1);

pub fn main() -> ExitCode {
    telemetry::say_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error, json_is_asked_for()),
    };
    let json = cli.global.format == Some(Format::Json);
    let serves = matches!(cli.command, Command::Serve(_));
    telemetry::start(cli.global.log.as_deref(), if serves { "info" } else { "warn" });
    let done = Context::new(cli.global, &cli.command).map_err(anyhow::Error::from).and_then(|context| {
        context.warn_of_password();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let done = runtime.block_on(async {
            if !serves {
                end_on_signals();
            }
            run(&context, cli.command).await
        });
        // A solve that nobody waits for cannot be interrupted: it ends with the process.
        runtime.shutdown_timeout(LONGEST_LEAVE);
        done
    });
    match done {
        Ok(exit) => exit.code(),
        Err(error) => {
            let error = faults::said(error);
            output::complain(&problems_of(&error), json);
            ExitCode::from(kind_of(&error).exit_code())
        }
    }
}

/// Of a command line that is none.
fn json_is_asked_for() -> bool {
    let args: Vec<_> = std::env::args_os().collect();
    let pairs = args.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    pairs || args.iter().any(|arg| arg == "--format=json")
}

/// From here on Ctrl-C and SIGTERM end a command at once, but for what is temporary: that is removed. A transaction that
/// is not committed never was. The service ends by itself.
#[cfg(unix)]
fn end_on_signals() {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let (Ok(mut interrupt), Ok(mut terminate)) = listen else { return };
    tokio::spawn(async move {
        let code = tokio::select! {
            _ = interrupt.recv() => 130,
            _ = terminate.recv() => 143,
        };
        temporary::leave(code);
    });
}

#[cfg(not(unix))]
fn end_on_signals() {
    tokio::spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            temporary::leave(130);
        }
    });
}

async fn run(context: &Context, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Demo(args) => demo::run(context, &args).await,
        Command::Init(args) => init::run(context, &args),
        Command::Check(args) => check::run(context, &args).await,
        Command::Migrate(args) => migrate::run(context, &args).await,
        Command::Ingest(args) => ingest::run(context, &args).await,
        Command::Forecast(args) => forecast::run(context, &args).await,
        Command::Certificates(args) => certificates::run(context, &args).await,
        Command::Work(args) => work::run(context, &args).await,
        Command::Plan(args) => plan::run(context, &args).await,
        Command::Explain(args) => explain::run(context, &args).await,
        Command::Backtest(args) => backtest::run(context, &args).await,
        Command::Windows(args) => windows::run(context, &args).await,
        Command::Reservations(args) => reservations::run(context, &args).await,
        Command::Capacity(args) => capacity::run(context, &args).await,
        Command::Report(args) => report::run(context, &args).await,
        Command::Settle(args) => settle::run(context, &args).await,
        Command::Pack(args) => pack::run(context, &args).await,
        Command::PackRequest(args) => pack_request::run(context, &args),
        Command::Keys(args) => keys::run(context, &args),
        Command::Verify(args) => verify::run(context, &args),
        Command::Serve(args) => serve::run(context, &args).await,
    }
}
