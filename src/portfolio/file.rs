//! The portfolio file being read.

use crate::error::Fault;
use reports::definitions::labels;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Past this many, the file is something else than a portfolio.
const MOST_PROBLEMS: usize = 200;

/// Pairs told of: of each, the whole file is counted for its lines.
const TOLD: usize = 50;

/// The file being read and what is wrong with it so far.
#[derive(Debug)]
pub struct File<'a> {
    name: &'a str,
    text: &'a str,
    problems: RefCell<Vec<Fault>>,
}

impl<'a> File<'a> {
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, problems: RefCell::default() }
    }

    pub fn line(&self, at: usize) -> u64 {
        1 + self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() as u64
    }

    pub fn refuse(&self, at: usize, what: impl Into<String>, hint: impl Into<String>) {
        let mut problems = self.problems.borrow_mut();
        if problems.len() >= MOST_PROBLEMS {
            return;
        }
        let problem = Fault::new(what).file(self.name).line(self.line(at)).hint(hint);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    pub fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// Refuses ids that stand twice, each with where it stands.
    pub fn unique<'i>(&self, what: &str, ids: impl Iterator<Item = (&'i str, usize)>) {
        let mut seen = BTreeSet::new();
        for (id, at) in ids {
            if !seen.insert(id) {
                self.refuse(at, format!("{what} `{id}` is defined twice"), "give each its own id");
            }
        }
    }

    /// Refuses those that people could not tell apart: each with its id, its name and where it stands.
    pub fn apart(&self, what: &str, all: &[(&str, Option<&str>, usize)]) {
        let shown: Vec<(&str, Option<&str>)> = all.iter().map(|(id, name, _)| (*id, *name)).collect();
        for (first, second) in labels::alike(&shown).into_iter().take(TOLD) {
            let ((other, _, other_at), (id, name, at)) = (all[first], all[second]);
            let (name, other_line) = (name.unwrap_or(id), self.line(other_at));
            let what = format!("{what} {id} is named `{name}`, like {what} {other} on line {other_line}");
            self.refuse(at, what, "give each a unique name that is not another's id");
        }
    }

    /// Faults by line, as a reader would meet them.
    pub fn finish(self) -> Vec<Fault> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.line);
        problems
    }
}
