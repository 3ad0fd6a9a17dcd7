//! Writing answers and errors: whole files or none, no colour, a broken pipe is no error.

use crate::error::{Fault, Faults, NOT_DONE};
use crate::outputs::{Paths, Pending, Pieces, to_stdout};
use crate::secret::{Talk, masked};
use reports::text::{Visible, visible};
use serde::Serialize;
use serde_json::Value;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const WRONG_COMMAND_LINE: u8 = 2;
pub const INTERRUPTED: u8 = 130;
pub const TERMINATED: u8 = 143;

/// Every exit status and what it says.
pub const STATUSES: [(u8, &str); 5] = [
    (0, "done, also with missed work, rejected rows or a fallback: standard error reports those"),
    (NOT_DONE, "not done, or the answer is no, as with a pack that does not verify; no row of the store has changed"),
    (WRONG_COMMAND_LINE, "a wrong command line"),
    (INTERRUPTED, "ended by Ctrl-C"),
    (TERMINATED, "ended by SIGTERM"),
];

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
            Self::Failed => ExitCode::from(NOT_DONE),
        }
    }
}

/// Where a command's answer goes.
#[derive(Debug, Clone)]
pub struct Output {
    path: Option<PathBuf>,
    /// Every file the command reads or writes.
    pub paths: Paths,
    /// The store has changed: what fails from here on undoes nothing.
    committed: Arc<AtomicBool>,
}

impl Output {
    pub fn new(path: Option<PathBuf>, paths: Paths) -> Self {
        Self { path: path.filter(|p| p.as_os_str() != "-"), paths, committed: Arc::default() }
    }

    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The same on standard output, for a command whose `-o` is something else than its answer.
    pub fn on_stdout(&self) -> Self {
        Self { path: None, ..self.clone() }
    }

    /// Says that what was asked for is done. An answer that cannot be written afterwards is a warning: exit status 1
    /// would say that nothing has changed.
    pub fn committed(&self) {
        self.committed.store(true, Ordering::Relaxed);
    }

    fn outcome(&self, written: Result<(), Fault>) -> anyhow::Result<()> {
        match written {
            Err(problem) if self.committed.load(Ordering::Relaxed) => {
                self.warn(&problem);
                Ok(())
            }
            other => Ok(other?),
        }
    }

    /// What went wrong after everything was done.
    pub fn warn(&self, problem: &Fault) {
        let file = problem.file.as_ref().map_or_else(String::new, |file| format!("{file}: "));
        self.say(&format!("warning: done, but {file}{}", problem.what));
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
        self.outcome(match &self.path {
            Some(path) => self.paths.write(path, write),
            None => to_stdout(write),
        })
    }

    /// Data that is no text: to the file asked for, or to whatever standard output is, but never to a terminal.
    pub fn bytes(&self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.path.is_none() && io::stdout().is_terminal() {
            anyhow::bail!(Fault::new("this format is binary and not for a terminal").hint("name a file with -o FILE"));
        }
        self.stream(&mut |out| out.write_all(bytes))
    }

    pub fn json<T: Serialize>(&self, value: &T) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        self.raw(&text)
    }

    /// A document in JSON, headed as all are.
    pub fn document(&self, schema: &str, synthetic: bool, mut rest: Value) -> anyhow::Result<()> {
        rest["schema"] = schema.into();
        rest["engine"] = crate::ENGINE.into();
        rest["synthetic"] = synthetic.into();
        self.json(&rest)
    }

    /// Moves a file into its place after everything was done, and says so.
    pub fn publish(&self, file: Pending, moved: &str) {
        match file.publish() {
            Ok(()) => self.say(moved),
            Err(problem) => self.warn(&problem),
        }
    }

    /// Talk: to standard error, one line each.
    pub fn say(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", visible(&masked(text)));
    }
}

/// What the command line itself says: help on standard output, what is wrong with it on standard error.
pub fn usage(error: &clap::Error, json: bool) -> ExitCode {
    let text = error.to_string();
    if !error.use_stderr() {
        return match to_stdout(&mut |out| out.write_all(text.as_bytes())) {
            Ok(()) => ExitCode::SUCCESS,
            Err(problem) => {
                let code = problem.kind.exit_code();
                complain(&[problem], json);
                ExitCode::from(code)
            }
        };
    }
    if json {
        let mut parts = text.trim().splitn(2, '\n').map(str::trim);
        let what = parts.next().unwrap_or_default().trim_start_matches("error: ");
        complain(&[Fault::new(what).hint(parts.next().filter(|rest| !rest.is_empty()).unwrap_or("--help"))], true);
    } else {
        let _ = Talk::new(io::stderr().lock()).write_all(text.as_bytes());
    }
    ExitCode::from(WRONG_COMMAND_LINE)
}

/// Errors on stderr, as text or as `{error:{what,file,line,hint}}` with the rest under `errors`.
pub fn complain(problems: &[Fault], json: bool) {
    let mut err = io::stderr().lock();
    // What libraries say may repeat what they were given.
    let problems: Vec<Fault> = problems.iter().map(|problem| problem.map(|text| masked(text).into_owned())).collect();
    if json {
        let first = problems.first().cloned().unwrap_or_else(|| Fault::new("unknown error"));
        let document = serde_json::json!({ "error": first, "errors": problems });
        let _ = writeln!(err, "{document}");
        return;
    }
    // Names of files and what stands in them are whatever somebody wrote.
    let shown = problems.iter().map(|problem| problem.map(|text| visible(text).into_owned()));
    let list = Faults(shown.collect()).to_string();
    for (index, line) in list.lines().enumerate() {
        let _ = if index == 0 { writeln!(err, "error: {line}") } else { writeln!(err, "{line}") };
    }
}

pub fn on_terminal() -> bool {
    io::stderr().is_terminal()
}
