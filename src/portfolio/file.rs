//! The portfolio file being read, and everything that is wrong with it so far.

use crate::error::Fault;

/// Past this many, the file is something else than a portfolio.
const MOST_PROBLEMS: usize = 200;

/// The file being read and what is wrong with it so far.
#[derive(Debug)]
pub struct File<'a> {
    name: &'a str,
    text: &'a str,
    pub problems: Vec<Fault>,
}

impl<'a> File<'a> {
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, problems: Vec::new() }
    }

    pub fn line(&self, at: usize) -> u64 {
        1 + self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() as u64
    }

    pub fn refuse(&mut self, at: usize, what: impl Into<String>, hint: impl Into<String>) {
        if self.problems.len() >= MOST_PROBLEMS {
            return;
        }
        let problem = Fault::new(what).file(self.name).line(self.line(at)).hint(hint);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Faults by line, as a reader would meet them.
    pub fn finish(mut self) -> Vec<Fault> {
        self.problems.sort_by_key(|problem| problem.line);
        self.problems
    }
}
