//! The forms of answers: which a command's help offers, and the one that an output file's name promises by its ending.

use crate::error::Fault;
use clap::{Arg, Command, ValueEnum};
use std::path::Path;

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

/// Endings of forms that no command writes: text under such a name is a file that nothing opens.
const OTHERS: [&str; 31] = [
    "7z", "bmp", "bz2", "doc", "docx", "gif", "gz", "jpeg", "jpg", "ndjson", "odp", "ods", "odt", "png", "ppt", "pptx",
    "rtf", "svg", "tar", "tgz", "tsv", "webp", "xls", "xlsb", "xlsm", "xml", "xz", "yaml", "yml", "zip", "zst",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// None, or one that promises no form, such as `.txt`.
    Any,
    Form(Format),
    /// A form that no command writes.
    Other(String),
}

impl Ending {
    pub fn from_path(path: Option<&Path>) -> Self {
        let ending = path.and_then(Path::extension).and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let Some(ending) = ending else { return Self::Any };
        let name: &str = if ending == "htm" { "html" } else { &ending };
        match Format::from_str(name, false) {
            // `.text` and `.table` are names of the default.
            Ok(Format::Text) => Self::Any,
            Ok(form) => Self::Form(form),
            Err(_) if OTHERS.contains(&ending.as_str()) => Self::Other(ending),
            Err(_) => Self::Any,
        }
    }

    /// Refuses one that promises what a command does not write.
    ///
    /// # Errors
    /// What it promises, and what is written.
    pub fn check(&self, path: Option<&Path>, forms: &[Format]) -> Result<(), Fault> {
        let Some(kind) = self.kind().filter(|_| !matches!(self, Self::Form(form) if forms.contains(form))) else {
            return Ok(());
        };
        let written = forms.iter().map(|form| match form {
            Format::Text => "text (.txt, or no ending)".to_string(),
            form => format!(".{}", name(*form)),
        });
        let written: Vec<String> = written.collect();
        let problem = Fault::new(format!("this command does not write .{kind}"));
        let problem = problem.hint(format!("it writes {}", written.join(", ")));
        Err(match path {
            Some(path) => problem.file(path.display()),
            None => problem,
        })
    }

    /// The form it promises, as it is called; none where it promises none.
    pub fn kind(&self) -> Option<String> {
        match self {
            Self::Any => None,
            Self::Form(form) => Some(name(*form)),
            Self::Other(ending) => Some(ending.clone()),
        }
    }
}

fn name(form: Format) -> String {
    form.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}

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

    #[test]
    fn an_ending_promises_a_form_or_nothing() {
        let of = |name: &str| Ending::from_path(Some(Path::new(name)));
        for name in ["plan", "plan.txt", "plan.2026-03", "out.d/plan", ".csv", "-", "notes.md", "plan.text"] {
            assert_eq!(of(name), Ending::Any, "{name}");
        }
        assert_eq!(of("a.HTM"), Ending::Form(Format::Html));
        assert_eq!(of("a.csv"), Ending::Form(Format::Csv));
        assert_eq!(of("a.csv.gz"), Ending::Other("gz".into()));
        assert_eq!(of("a.DOCX"), Ending::Other("docx".into()));
    }

    #[test]
    fn what_is_not_written_is_refused_with_what_is() {
        let path = Path::new("plan.xlsx");
        let refused =
            |forms: &[Format]| Ending::from_path(Some(path)).check(Some(path), forms).map_err(|p| p.to_string());
        assert_eq!(
            refused(&[Format::Text, Format::Json]),
            Err("plan.xlsx: this command does not write .xlsx\n  hint: it writes text (.txt, or no ending), .json"
                .into())
        );
        assert_eq!(refused(&[Format::Xlsx]), Ok(()));
    }
}
