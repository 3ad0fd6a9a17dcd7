//! `hourmatch init`

mod answers;
mod checks;
mod found;

use super::check::{self, Check};
use super::common::{Args, Context, Fault, Format, Zone, json};
use super::output;
use super::shell;
use crate::portfolio::{self, template::TEMPLATE};
use answers::Talk;
use chrono::Datelike;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

const AFTER: &str = "\
On a terminal it asks for sites, time zones and contracts; an empty answer takes the default in brackets. It writes \
the portfolio, says what data `hourmatch check` still needs, and how to ingest the data files in its folder. Without \
a terminal, or with --yes, it writes an example to edit. --ask reads one answer per line from standard input.

Examples:
  hourmatch init
  hourmatch init --yes -c mine.toml && hourmatch check -c mine.toml";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Init {
    /// Ask nothing: write an example to edit
    #[arg(long)]
    yes: bool,
    /// Ask even if this is not a terminal
    #[arg(long, conflicts_with = "yes")]
    ask: bool,
}

pub async fn run(context: &Context, args: &Init) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let path = context.config();
    if let Some(named) = context.out.path().filter(|_| context.format == Format::Text) {
        let hint = format!("hourmatch init -c {}", shell::file(&named.display().to_string()));
        return Err(Fault::new("-o does not name the portfolio that `init` writes").hint(hint).into());
    }
    if path.exists() {
        let exists = Fault::conflict("exists already and is left alone").file(path.display());
        return Err(exists.hint("name another with -c FILE").into());
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
    context.done("hourmatch/init/1", false, || json!({ "done": path.display().to_string() }))
}

fn on_terminal() -> bool {
    io::stdin().is_terminal() && output::on_terminal()
}

/// A portfolio of what was answered. Answers that make none are kept beside it.
fn asked(context: &Context, path: &Path) -> anyhow::Result<String> {
    let folder = path.canonicalize().ok().or_else(|| std::env::current_dir().ok());
    let folder = folder.and_then(|at| Some(at.file_name()?.to_string_lossy().into_owned()));
    let mut talk = Talk { answers: &mut io::stdin().lock(), say: &|text| context.out.say(text) };
    // The last year that is over: of this one, nobody has every hour.
    let last_year = (Zone::UTC.date(context.clock.now()).year() - 1).to_string();
    let answers = answers::ask(&mut talk, folder.as_deref(), &last_year)?;
    let text = answers.to_string();
    let mut draft = path.as_os_str().to_owned();
    draft.push(".draft");
    let draft = PathBuf::from(draft);
    let Err(problems) = portfolio::parse(&text, &draft.display().to_string()) else { return Ok(text) };
    context.paths().write_bytes(&draft, text.as_bytes())?;
    let (draft, path) = (draft.display(), path.display());
    context.out.say(&format!("your answers are kept in {draft}: correct them there, and name it {path}"));
    Err(problems.into())
}
