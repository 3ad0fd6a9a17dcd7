//! `hourmatch init`

mod answers;
mod ask;
mod found;

use super::check::{self, Check};
use super::context::{Context, Format};
use super::output::{self, Exit, Output};
use crate::error::Problem;
use crate::portfolio::{self, template::TEMPLATE};
use ask::Talk;
use clap::Args;
use std::io::{self, IsTerminal};
use std::path::Path;

const AFTER: &str = "\
On a terminal it asks for sites, time zones and contracts; an empty answer takes what stands in brackets. It writes the \
portfolio, says what `hourmatch check` misses, and how to ingest the data files that lie beside it. Otherwise, and with \
--yes, it writes an example to edit. --ask reads one answer a line from standard input.

Examples:
  hourmatch init
  hourmatch init --yes -c mine.toml && hourmatch check -c mine.toml";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Init {
    /// Ask nothing: write an example to edit
    #[arg(long)]
    yes: bool,
    /// Ask, though this is no terminal
    #[arg(long, conflicts_with = "yes")]
    ask: bool,
}

pub async fn run(context: &Context, args: &Init) -> anyhow::Result<Exit> {
    let path = context.config();
    if path.exists() {
        return Err(Problem::new("exists already and is left alone")
            .file(path.display())
            .hint("name another with -c FILE")
            .into());
    }
    let asks = args.ask || !args.yes && context.format == Format::Text && on_terminal();
    let text = if asks { asked(context, &path)? } else { TEMPLATE.to_string() };
    context.paths().write_bytes(&path, text.as_bytes())?;
    context.out.committed();
    let edit = if asks { "" } else { "; edit it, then run `hourmatch check`" };
    context.out.say(&format!("wrote {}{edit}", path.display()));
    if asks {
        check::run(context, &Check {}).await?;
    }
    found::say(&context.out, &path);
    if asks {
        context
            .out
            .say("docs/planning.md and docs/accounts.md list every key, such as storage, pools of GPUs and targets");
    }
    context.done("hourmatch/init/1", &path.display().to_string())?;
    Ok(Exit::Done)
}

fn on_terminal() -> bool {
    io::stdin().is_terminal() && output::on_terminal()
}

/// A portfolio of what was answered, which is one.
fn asked(context: &Context, path: &Path) -> anyhow::Result<String> {
    let folder = path.canonicalize().ok().or_else(|| std::env::current_dir().ok());
    let folder = folder.and_then(|at| Some(at.file_name()?.to_string_lossy().into_owned()));
    let mut talk = Talk::new(io::stdin().lock(), say(&context.out));
    let year = reports::time::Zone::UTC.date(context.clock.now_s()).format("%Y").to_string();
    let answers = answers::ask(&mut talk, folder.as_deref(), &year)?;
    let text = answers.to_string();
    portfolio::parse(&text, &path.display().to_string())
        .map_err(|problems| anyhow::anyhow!("these answers make no portfolio: this is a defect: {problems:?}"))?;
    Ok(text)
}

fn say(out: &Output) -> impl Fn(&str) + use<'_> {
    |text| out.say(text)
}
