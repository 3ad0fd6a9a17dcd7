//! Questions, one a line, each asked until its answer can be used.

use crate::error::Fault;
use std::io::BufRead;

/// Tries at one question: answers that never end and fit nothing do end.
const TRIES: usize = 1_000;

pub struct Talk<'a> {
    pub answers: &'a mut dyn BufRead,
    pub say: &'a dyn Fn(&str),
}

impl Talk<'_> {
    /// The answer to a question as `read` takes it; an empty one is `default`.
    ///
    /// # Errors
    /// Where the answers end, or none of several can be used.
    pub fn ask<T>(
        &mut self,
        question: &str,
        default: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Fault> {
        let mut last = String::new();
        for _ in 0..TRIES {
            let usual = if default.is_empty() { String::new() } else { format!(" [{default}]") };
            (self.say)(&format!("{question}{usual}:"));
            let mut line = String::new();
            let read_bytes = self.answers.read_line(&mut line);
            if !matches!(read_bytes, Ok(1..)) {
                return Err(Fault::new(format!("there is no answer to: {question}"))
                    .hint("answer every question, or write an example to edit: hourmatch init --yes"));
            }
            let answer = line.trim();
            match read(if answer.is_empty() { default } else { answer }) {
                Ok(value) => return Ok(value),
                Err(why) => {
                    (self.say)(&format!("  {why}"));
                    last = why;
                }
            }
        }
        Err(Fault::new(format!("no answer fits: {question}")).hint(last))
    }
}
