//! Every subcommand with its options, from the command line's own definition.

use super::page::{Page, Part, code};
use clap::{Arg, Command};

/// The command line as `--help` has it.
pub fn page(mut whole: Command) -> Page {
    whole.build();
    let globals = whole.get_arguments().filter(|arg| arg.is_global_set()).map(row);
    let mut parts = vec![Part::table("Every command", "Options that all of them take.", &HEAD, globals.collect())];
    add_below(&whole, &mut parts);
    let about = whole.get_about().map(ToString::to_string).unwrap_or_default();
    Page { title: "Commands", about, parts }
}

const HEAD: [&str; 4] = ["argument", "meaning", "values", "default"];

fn add_below(command: &Command, parts: &mut Vec<Part>) {
    for below in command.get_subcommands().filter(|below| below.get_name() != "help" && !below.is_hide_set()) {
        parts.push(part(below));
        add_below(below, parts);
    }
}

fn part(command: &Command) -> Part {
    let usage = command.clone().render_usage().to_string();
    // One line for each way to say it.
    let usage: Vec<String> = usage.trim_start_matches("Usage:").trim().lines().map(|line| code(line.trim())).collect();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    // Which every command has.
    let of_clap = |arg: &Arg| matches!(arg.get_id().as_str(), "help" | "version");
    let own = command.get_arguments().filter(|arg| !arg.is_global_set() && !arg.is_hide_set() && !of_clap(arg));
    let heading = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let mut part =
        Part::table(code(heading), format!("{about}\n\nUsage: {}", usage.join(" or ")), &HEAD, own.map(row).collect());
    part.example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    part
}

fn row(arg: &Arg) -> Vec<String> {
    let value = arg.get_value_names().map(|names| names.join(" ")).filter(|_| arg.get_action().takes_values());
    let flags = [arg.get_short().map(|short| format!("-{short}")), arg.get_long().map(|long| format!("--{long}"))];
    let flags: Vec<String> = flags.into_iter().flatten().collect();
    let name = match (flags.is_empty(), value) {
        (true, value) => value.unwrap_or_else(|| arg.get_id().to_string()),
        (false, Some(value)) => format!("{} {value}", flags.join(", ")),
        (false, None) => flags.join(", "),
    };
    let required = if arg.is_required_set() { "required" } else { "" };
    let defaults: Vec<String> = arg.get_default_values().iter().map(|value| code(&value.to_string_lossy())).collect();
    let default =
        if defaults.is_empty() || !arg.get_action().takes_values() { required.into() } else { defaults.join(" ") };
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let variable = arg.get_env().map(|name| format!(" (or {})", code(&name.to_string_lossy()))).unwrap_or_default();
    vec![code(&name), format!("{help}{variable}"), values(arg), default]
}

/// The words that it takes, where these are all.
fn values(arg: &Arg) -> String {
    if !arg.get_action().takes_values() || arg.is_hide_possible_values_set() {
        return String::new();
    }
    let words = arg.get_possible_values().into_iter().filter(|value| !value.is_hide_set());
    words.map(|value| code(value.get_name())).collect::<Vec<_>>().join(" ")
}
