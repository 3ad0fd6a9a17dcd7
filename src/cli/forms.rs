//! Which output forms a command's help offers: those that it writes, and none where it prints nothing.

use clap::{Arg, Command};

/// Commands that write more than text and JSON, and what.
const FORMS: [(&str, &str); 7] = [
    ("report", "text, json, csv, html, pdf, xlsx or parquet"),
    ("plan", "text, json, csv or html (list and diff: text or json)"),
    ("backtest", "text, json or html"),
    ("capacity", "text, json or csv"),
    ("forecast", "text, json or csv"),
    ("revisions", "text, json or csv"),
    ("certificates", "text or json (export: csv, too)"),
];

/// Commands whose form is not `--format`'s to choose.
const OF_THEIR_OWN: [&str; 2] = ["completions", "man"];
/// Commands that name the place of what they write by themselves.
const ELSEWHERE: [&str; 1] = ["man"];

/// The command line with a `--format` of its own for each command.
pub(super) fn fitted(whole: Command) -> Command {
    let find = |id: &str| whole.get_arguments().find(|arg| arg.get_id().as_str() == id).cloned();
    let (format, output) = (find("format"), find("output"));
    let names: Vec<String> = whole.get_subcommands().map(|command| command.get_name().to_string()).collect();
    names.into_iter().fold(whole, |whole, name| {
        let mut own: Vec<Arg> = format.iter().map(|arg| format_of(&name, arg.clone())).collect();
        if ELSEWHERE.contains(&name.as_str()) {
            own.extend(output.iter().map(|arg| arg.clone().hide(true)));
        }
        // A command's own argument stands in for the global one of the same id.
        whole.mut_subcommand(&name, |command| command.args(own))
    })
}

fn format_of(command: &str, arg: Arg) -> Arg {
    if OF_THEIR_OWN.contains(&command) {
        return arg.hide(true);
    }
    let forms = FORMS.iter().find(|(name, _)| *name == command).map_or("text or json", |(_, forms)| *forms);
    let default = if forms.starts_with("text or json") { "text" } else { "text, or what -o ends in" };
    arg.hide_possible_values(true).help(format!("Output format: {forms} [default: {default}]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_is_asked_for_reaches_the_top_from_either_side() {
        let format = Arg::new("format").long("format").global(true).value_parser(["text", "json"]);
        let output = Arg::new("output").short('o').global(true);
        let below = Command::new("plan").subcommand(Command::new("list"));
        let whole = Command::new("h").arg(format).arg(output).subcommand(below).subcommand(Command::new("man"));
        let whole = fitted(whole);
        for line in [
            &["h", "plan", "--format", "json"][..],
            &["h", "--format", "json", "plan"],
            &["h", "plan", "list", "--format", "json"],
            &["h", "plan", "--format", "json", "list"],
        ] {
            let matches = whole.clone().try_get_matches_from(line).unwrap_or_else(|e| panic!("{line:?}: {e}"));
            assert_eq!(matches.get_one::<String>("format").map(String::as_str), Some("json"), "{line:?}");
        }
    }
}
