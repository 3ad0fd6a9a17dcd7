//! `hourmatch completions` and `hourmatch man`: what a shell and a pager need, made from the command line itself.

use super::context::Context;
use super::output::Exit;
use crate::error::Problem;
use clap::{Args, Command};
use clap_complete::Shell;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  hourmatch completions bash > /etc/bash_completion.d/hourmatch\n  \
    hourmatch completions zsh > ~/.zfunc/_hourmatch")]
pub struct Completions {
    /// bash, elvish, fish, powershell or zsh
    shell: Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch man ~/.local/share/man/man1")]
pub struct Man {
    /// Folder that the pages go to, one for each subcommand
    folder: PathBuf,
}

pub fn completions(context: &Context, args: &Completions, mut whole: Command) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut whole, "hourmatch", &mut script);
    context.out.raw(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

pub fn man(context: &Context, args: &Man, whole: Command) -> anyhow::Result<Exit> {
    let refuse = |error: std::io::Error| {
        Problem::new(format!("man pages cannot be written: {}", reports::words::io_reason(&error)))
            .file(args.folder.display())
            .hint("name a folder that can be written to")
    };
    std::fs::create_dir_all(&args.folder).map_err(refuse)?;
    clap_mangen::generate_to(whole, &args.folder).map_err(refuse)?;
    context.out.say(&format!("man pages: {}; `man -l {}/hourmatch.1`", args.folder.display(), args.folder.display()));
    Ok(Exit::Done)
}
