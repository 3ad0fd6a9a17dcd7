//! What a subcommand works with: portfolio, store and clock, and where its output goes.

use super::form::Ending;
use super::output::Output;
use crate::audit::portfolios;
use crate::clock::{Clock, parse_when};
use crate::error::{Fault, Kind};
use crate::outputs::{Paths, folders};
use crate::plan::{Plan, current};
use crate::portfolio::{self, Portfolio};
use crate::secret::Secret;
use crate::settings;
use crate::store::portfolios::Recorded;
use crate::store::{Store, location};
use clap::{Args, ValueEnum};
use reports::time::{RecordTime, Zone};
use reports::words::io_reason;
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(crate) use super::form::Format;

#[derive(Debug, Args, Clone)]
pub(super) struct Global {
    /// Portfolio file; paths in it are relative to it
    #[arg(short = 'c', long, global = true, env = "HOURMATCH_CONFIG", hide_env_values = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Store to use instead of the portfolio's: sqlite://FILE or postgres://...; put passwords in the variable
    #[arg(long, global = true, env = "HOURMATCH_STORE", hide_env_values = true, value_name = "URL")]
    store: Option<Secret>,
    /// Act as if it were this time: RFC 3339 with offset, a date, now+6h
    #[arg(long, global = true, env = "HOURMATCH_NOW", hide_env_values = true, value_name = "T")]
    now: Option<String>,
    /// Output format [default: what the name of --output ends in, else text]
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    pub(super) format: Option<Format>,
    /// Where the output goes: a file, or - for standard output
    #[arg(short = 'o', long = "output", global = true, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Log level on stderr: error, warn, info, debug
    #[arg(long, global = true, env = "HOURMATCH_LOG", hide_env_values = true, value_name = "LEVEL")]
    pub(super) log: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Context {
    global: Global,
    pub clock: Clock,
    /// As asked for, else as the output file's name promises.
    pub format: Format,
    /// None where the format is asked for.
    ending: Ending,
    pub out: Output,
}

impl Context {
    pub(super) fn new(global: Global) -> Result<Self, Fault> {
        let wall = Clock::WALL.now();
        let clock = match &global.now {
            Some(text) => Clock::fixed(parse_when(text, wall, Zone::UTC)?),
            None => Clock::WALL,
        };
        let out = Output::new(global.output.clone(), Paths::default());
        let ending = if global.format.is_some() { Ending::Any } else { Ending::from_path(out.path()) };
        let format = match (global.format, &ending) {
            (Some(format), _) => format,
            (None, Ending::Form(form)) => *form,
            (None, _) => Format::Text,
        };
        if let Some(text) = &global.now {
            out.say(&format!("clock replaced: acting as if it were {text}"));
        }
        Ok(Self { global, clock, format, ending, out })
    }

    /// `-c FILE`, else HOURMATCH_CONFIG, else ./hourmatch.toml; never upwards.
    pub fn config(&self) -> PathBuf {
        self.global.config.clone().unwrap_or_else(|| settings::DEFAULT_CONFIG.into())
    }

    pub fn paths(&self) -> &Paths {
        &self.out.paths
    }

    /// The portfolio; from here on its store is none that an output may go to.
    pub fn portfolio(&self) -> anyhow::Result<Portfolio> {
        let portfolio = portfolio::load(&self.config())?;
        let files = location::files(&self.store_url(&portfolio)?)?;
        files.iter().try_for_each(|file| self.paths().reads("the store", file))?;
        Ok(portfolio)
    }

    pub fn store_url(&self, portfolio: &Portfolio) -> Result<Secret, Fault> {
        settings::store_url(self.global.store.as_ref(), portfolio.store_url.as_ref(), &self.config())
    }

    pub async fn store(&self, portfolio: &Portfolio) -> anyhow::Result<Store> {
        Store::open(self.store_url(portfolio)?.expose()).await
    }

    /// A password on the command line is one that everybody on this machine can read.
    pub(super) fn warn_of_password(&self) {
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

    /// With `--format json`, what a command that answers nothing else did; made only then, for it may list all that was taken in.
    pub fn done(&self, schema: &str, synthetic: bool, rest: impl FnOnce() -> Value) -> anyhow::Result<()> {
        if self.format == Format::Json { self.out.document(schema, synthetic, rest()) } else { Ok(()) }
    }

    /// The portfolio's text as the store keeps it, or that it cannot.
    pub fn text(&self, portfolio: &Portfolio, actor: Option<&str>, recorded: RecordTime) -> Option<Recorded> {
        let text = portfolios::text(portfolio, actor, recorded);
        if text.is_none() {
            self.out.say(portfolios::NOT_KEPT);
        }
        text
    }

    /// Writes files into a folder, which is made where there is none.
    pub fn write_all(&self, folder: &Path, what: &str, files: &[(String, Vec<u8>)]) -> Result<(), Fault> {
        folders::make(folder).map_err(|error| {
            Fault::new(format!("{what}: {}", io_reason(&error)))
                .kind(Kind::Unavailable)
                .file(folder.display())
                .hint("name a folder that can be written to")
        })?;
        files.iter().try_for_each(|(name, bytes)| self.paths().write_bytes(&folder.join(name), bytes))
    }

    /// The plan of an id, else the current one, with what is to be said of it said.
    ///
    /// # Errors
    /// Where there is no such plan, and as for [`current::shown`].
    pub async fn plan(&self, store: &Store, id: Option<&str>) -> anyhow::Result<Plan> {
        let (plan, notes) = current::shown(store, id, self.clock.now()).await?;
        notes.iter().for_each(|note| self.out.say(&format!("note: {note}")));
        Ok(plan.ok_or_else(|| id.map_or_else(|| current::none_yet(None), current::no_plan))?)
    }

    /// Refuses an output file whose name promises another form than the named ones.
    pub fn allow_ending(&self, forms: &[Format]) -> Result<(), Fault> {
        self.ending.check(self.out.path(), forms)
    }

    /// Only the named forms make sense for this subcommand.
    pub fn allow(&self, forms: &[Format]) -> Result<(), Fault> {
        self.allow_ending(forms)?;
        self.allow_stated(forms)
    }

    /// The same of `--format` alone, for a command whose `-o` is something else than its answer.
    pub fn allow_stated(&self, forms: &[Format]) -> Result<(), Fault> {
        if self.global.format.is_none_or(|stated| forms.contains(&stated)) {
            return Ok(());
        }
        let named: Vec<String> =
            forms.iter().filter_map(ValueEnum::to_possible_value).map(|v| v.get_name().to_string()).collect();
        Err(Fault::new("this command does not write that format").hint(format!("--format {}", named.join(" | "))))
    }
}
