//! Writing answers and errors: whole files or none, no colour, a broken pipe is no error.

use crate::error::{Problem, Problems};
use reports::text::{Visible, visible};
use serde::Serialize;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// The command did its work and the answer is no, as with a pack that does not verify.
    Failed,
}

impl Exit {
    pub fn code(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::Failed => ExitCode::from(1),
        }
    }
}

/// Writes an answer to where it is told to, once.
pub type Pieces<'a> = &'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

const BUFFER: usize = 1 << 16;

#[derive(Debug, Clone)]
pub struct Output {
    path: Option<PathBuf>,
    /// `-o` names a folder to make.
    folder: bool,
}

impl Output {
    pub fn new(path: Option<PathBuf>, folder: bool) -> Self {
        Self { path: path.filter(|p| p.as_os_str() != "-"), folder }
    }

    pub fn is_folder(&self) -> bool {
        self.folder
    }

    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Text for people: to the file asked for, whole or not at all, else to standard output. What names hold of
    /// controls and bidirectional marks is made visible.
    pub fn data(&self, text: &str) -> anyhow::Result<()> {
        self.stream(&mut |out| {
            let mut out = Visible::new(out);
            out.write_all(text.as_bytes())?;
            out.flush()
        })
    }

    /// The same of a form that programs read, as it is.
    pub fn raw(&self, text: &str) -> anyhow::Result<()> {
        self.stream(&mut |out| out.write_all(text.as_bytes()))
    }

    /// Such a form, written piece by piece.
    pub fn stream(&self, write: Pieces<'_>) -> anyhow::Result<()> {
        match &self.path {
            Some(path) => Ok(stream_whole(path, write)?),
            None => to_stdout(write),
        }
    }

    /// Data that is no text: to the file asked for, or to whatever standard output is, but never to a terminal.
    pub fn bytes(&self, bytes: &[u8]) -> anyhow::Result<()> {
        match &self.path {
            Some(path) => Ok(write_whole(path, bytes)?),
            None if io::stdout().is_terminal() => {
                Err(Problem::new("this form is not for a terminal").hint("name a file with -o FILE").into())
            }
            None => to_stdout(&mut |out| out.write_all(bytes)),
        }
    }

    pub fn json<T: Serialize>(&self, value: &T) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        self.raw(&text)
    }

    /// Talk: to standard error, one line each.
    pub fn say(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", visible(text));
    }
}

fn to_stdout(write: Pieces<'_>) -> anyhow::Result<()> {
    let mut out = io::BufWriter::with_capacity(BUFFER, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Temporary file and rename: a killed process leaves the old file or the new one. Links are followed; devices and
/// pipes are written to, never replaced.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    stream_whole(path, &mut |out| out.write_all(bytes))
}

fn stream_whole(path: &Path, write: Pieces<'_>) -> Result<(), Problem> {
    let target = check_target(path, &[])?;
    let refuse = |e: io::Error| cannot_write(path, &e);
    if target.metadata().is_ok_and(|m| !m.is_file()) {
        let device = std::fs::OpenOptions::new().write(true).open(&target).map_err(refuse)?;
        return buffered(device, write).map_err(refuse);
    }
    let mut file = tempfile::NamedTempFile::new_in(folder_of(&target)).map_err(refuse)?;
    buffered(file.as_file_mut(), write).map_err(refuse)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = target.metadata().map_or(0o644, |m| m.permissions().mode());
        file.as_file().set_permissions(PermissionsExt::from_mode(mode)).map_err(refuse)?;
    }
    file.persist(&target).map_err(|e| refuse(e.error))?;
    Ok(())
}

fn buffered(sink: impl Write, write: Pieces<'_>) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(BUFFER, sink);
    write(&mut out)?;
    out.flush()
}

fn cannot_write(path: &Path, error: &io::Error) -> Problem {
    Problem::new(format!("cannot be written: {}", error.kind()))
        .file(path.display())
        .hint("check the folder and its permissions")
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Where a path leads, if something may be written there: its folder exists and takes files, and it is none of the
/// files that must not be lost. Asked before a command changes anything.
pub fn check_target(path: &Path, precious: &[PathBuf]) -> Result<PathBuf, Problem> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    if precious.iter().any(|p| p.canonicalize().is_ok_and(|p| p == target)) {
        return Err(Problem::new("is the portfolio, the store or an input, and is not overwritten")
            .file(path.display())
            .hint("name another file"));
    }
    if target.is_dir() {
        return Err(Problem::new("is a folder").file(path.display()).hint("name a file in it"));
    }
    if !target.exists() || target.is_file() {
        tempfile::NamedTempFile::new_in(folder_of(&target)).map_err(|e| cannot_write(path, &e))?;
    }
    Ok(target)
}

/// Errors on stderr, as text or as `{error:{what,file,line,hint}}` with the rest under `errors`.
pub fn complain(problems: &[Problem], json: bool) {
    let mut err = io::stderr().lock();
    if json {
        let first = problems.first().cloned().unwrap_or_else(|| Problem::new("unknown error"));
        let document = serde_json::json!({ "error": first, "errors": problems });
        let _ = writeln!(err, "{document}");
        return;
    }
    let list = Problems(problems.iter().map(shown).collect()).to_string();
    for (index, line) in list.lines().enumerate() {
        let _ = if index == 0 { writeln!(err, "error: {line}") } else { writeln!(err, "{line}") };
    }
}

/// A problem as people may see it: names of files and what stands in them are whatever somebody wrote.
fn shown(problem: &Problem) -> Problem {
    let text = |text: &String| visible(text).into_owned();
    Problem {
        kind: problem.kind,
        what: text(&problem.what),
        file: problem.file.as_ref().map(text),
        line: problem.line,
        hint: problem.hint.as_ref().map(text),
    }
}

pub fn on_terminal() -> bool {
    io::stderr().is_terminal()
}
