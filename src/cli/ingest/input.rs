//! Files to read, and standard input as one of them.

use crate::error::{Problem, Problems};
use crate::outputs::temporary::TemporaryFolder;
use reports::words::io_reason;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// What stands for standard input.
pub(super) const STDIN: &str = "-";
const NAME: &str = "standard-input";

/// A file by its path; of standard input a copy, since a file is read more than once.
pub(super) struct Input {
    path: PathBuf,
    copy: Option<TemporaryFolder>,
}

impl Input {
    pub fn open(path: &Path) -> Result<Self, Problem> {
        if path.as_os_str() != STDIN {
            return Ok(Self { path: path.into(), copy: None });
        }
        if io::stdin().is_terminal() {
            return Err(Problem::new("standard input is a terminal")
                .hint("pipe a file into it: zcat meters.gz | hourmatch ingest -"));
        }
        let copied = |error: io::Error| {
            Problem::new(format!("standard input cannot be copied: {}", io_reason(&error)))
                .hint("free space for temporary files, or name another folder in TMPDIR")
        };
        let folder = TemporaryFolder::private().map_err(copied)?;
        let path = folder.keep(NAME, io::stdin().lock()).map_err(copied)?;
        Ok(Self { path, copy: Some(folder) })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// As the user named it, in place of the copy's path.
    pub fn named(&self, problems: impl Into<Problems>) -> Problems {
        Problems(problems.into().0.iter().map(|problem| problem.map(|text| self.shown(text))).collect())
    }

    pub fn shown(&self, text: &str) -> String {
        match self.copy {
            Some(_) => text.replace(&self.path.display().to_string(), "standard input"),
            None => text.into(),
        }
    }
}
