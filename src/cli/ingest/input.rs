//! Files to read: as they are, standard input as one of them, and tables that are no text as the CSV they are kept as.

use crate::cli::common::{Fault, Faults, Kind, io_reason};
use crate::ingest::tables;
use crate::outputs::temporary::TemporaryFolder;
use reports::text::visible;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

pub(super) const STDIN: &str = "-";
pub(super) const STDOUT: &str = "-";
const NAME: &str = "standard-input";

/// No file system takes a longer name than this and a little more.
const LONGEST_NAME: usize = 200;

/// A file by its path, which may be that of a copy: a file is read more than once.
pub(super) struct Input {
    pub path: PathBuf,
    /// The folder it lies in as a copy, and the file it is of, as the user named it.
    copy: Option<(TemporaryFolder, String)>,
    /// What of it is kept, where that is not the file as it came.
    pub kept: Option<String>,
}

impl Input {
    /// `sheet` is the one to read of a workbook.
    pub fn open(path: &Path, sheet: Option<&str>) -> Result<Self, Fault> {
        let input =
            if path.as_os_str() == STDIN { Self::piped()? } else { Self { path: path.into(), copy: None, kept: None } };
        let table = tables::read(&input.path, sheet).map_err(|problem| problem.map(|text| input.shown(text)))?;
        let Some(table) = table else { return Ok(input) };
        let of = input.shown(&input.path.display().to_string());
        let whole = input.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (name, what) = match &table.sheet {
            Some(sheet) => (format!("{whole}#{sheet}"), format!("sheet `{}`", visible(sheet))),
            None => (whole, "the table".into()),
        };
        let kept = format!("{of}: {what} is kept as CSV; the store and packs hold that text, not the file itself");
        let copied = copied(&file_name(&name), table.csv.as_slice());
        let (path, folder) = copied.map_err(|error| no_copy("cannot be kept as CSV", &error).file(&of))?;
        Ok(Self { path, copy: Some((folder, of)), kept: Some(kept) })
    }

    fn piped() -> Result<Self, Fault> {
        let hint = "pipe a file into it: zcat meters.gz | hourmatch ingest -";
        Fault::refuse_if(io::stdin().is_terminal(), "standard input is a terminal", hint)?;
        let copied = copied(NAME, io::stdin().lock());
        let (path, folder) = copied.map_err(|error| no_copy("standard input cannot be copied", &error))?;
        Ok(Self { path, copy: Some((folder, "standard input".into())), kept: None })
    }

    /// As the user named it, in place of the copy's path.
    pub fn named(&self, problems: impl Into<Faults>) -> Faults {
        Faults(problems.into().0.iter().map(|problem| problem.map(|text| self.shown(text))).collect())
    }

    pub fn shown(&self, text: &str) -> String {
        match &self.copy {
            Some((_, of)) => text.replace(&self.path.display().to_string(), of),
            None => text.into(),
        }
    }
}

fn no_copy(what: &str, error: &io::Error) -> Fault {
    Fault::new(format!("{what}: {}", io_reason(error)))
        .kind(Kind::Unavailable)
        .hint("free space for temporary files, or name another folder in TMPDIR")
}

fn copied(name: &str, text: impl Read) -> io::Result<(PathBuf, TemporaryFolder)> {
    let folder = TemporaryFolder::private()?;
    Ok((folder.keep(name, text)?, folder))
}

/// `load.xlsx#Load.csv`: what a sheet is called may not be what a file is called.
fn file_name(name: &str) -> String {
    let plain = name.chars().map(|c| if c.is_control() || matches!(c, '/' | '\\') { '_' } else { c });
    let short = plain.scan(0, |length, c| {
        *length += c.len_utf8();
        (*length <= LONGEST_NAME).then_some(c)
    });
    format!("{}.csv", short.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_makes_a_file_name() {
        assert_eq!(file_name("load.xlsx#Load 2026"), "load.xlsx#Load 2026.csv");
        assert_eq!(file_name("a#b/c\\d\n"), "a#b_c_d_.csv");
        assert_eq!(file_name(&"\u{e9}".repeat(300)).len(), LONGEST_NAME + 4);
    }
}
