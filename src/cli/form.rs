//! The forms of answers, and the one that the name of an output file promises by its ending.

use crate::error::Fault;
use clap::ValueEnum;
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

#[cfg(test)]
mod tests {
    use super::*;

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
