//! `hourmatch completions` and `hourmatch man`: what a shell and a pager need, made from the command line itself.

use super::common::{Context, Format, counted};
use clap::{Args, Command};
use clap_complete::Shell;
use std::io;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    hourmatch completions bash \\\n      \
    > ~/.local/share/bash-completion/completions/hourmatch\n  \
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

pub fn completions(context: &Context, args: &Completions, mut whole: Command) -> anyhow::Result<()> {
    context.allow_ending(&[Format::Text])?;
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut whole, "hourmatch", &mut script);
    context.out.raw(&String::from_utf8_lossy(&script))
}

pub fn man(context: &Context, args: &Man, mut whole: Command) -> anyhow::Result<()> {
    whole.build();
    let mut pages = Vec::new();
    collect(&whole, whole.get_name(), &mut pages)?;
    context.write_all(&args.folder, "man pages cannot be made", &pages)?;
    let folder = args.folder.display();
    context
        .out
        .say(&format!("{} in {folder}; try `man -l {folder}/hourmatch.1`", counted(pages.len(), "page", "pages")));
    Ok(())
}

fn collect(command: &Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let mut page = Vec::new();
    // A name of clap lives as long as the program, which ends with this.
    let titled: &'static str = Box::leak(name.to_string().into_boxed_str());
    clap_mangen::Man::new(command.clone().name(titled)).render(&mut page)?;
    pages.push((format!("{name}.1"), page));
    let shown = command.get_subcommands().filter(|sub| sub.get_name() != "help" && !sub.is_hide_set());
    shown.into_iter().try_for_each(|sub| collect(sub, &format!("{name}-{}", sub.get_name()), pages))
}
