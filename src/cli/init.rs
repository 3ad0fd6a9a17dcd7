//! `hourmatch init`

use super::context::Context;
use super::output::Exit;
use crate::error::Problem;
use crate::portfolio::template::TEMPLATE;
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch init && hourmatch check")]
pub struct Init {}

pub fn run(context: &Context, _args: &Init) -> anyhow::Result<Exit> {
    let path = context.config();
    if path.exists() {
        return Err(Problem::new("exists already and is left alone")
            .file(path.display())
            .hint("name another with -c FILE")
            .into());
    }
    context.paths().write_bytes(&path, TEMPLATE.as_bytes())?;
    context.out.committed();
    context.out.say(&format!("wrote {}; edit it, then run `hourmatch check`", path.display()));
    context.done("hourmatch/init/1", &path.display().to_string())?;
    Ok(Exit::Done)
}
