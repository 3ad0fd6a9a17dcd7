//! What happened, where, what to do.

use reports::received::Refused;
use serde::Serialize;
use std::fmt;

/// What kind of thing is wrong: this alone decides the status over HTTP and the exit code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// What was asked or given is wrong.
    #[default]
    Input,
    /// There is no such thing.
    NotFound,
    /// It contradicts what there is.
    Conflict,
    /// What is stored cannot be read, or is another program's or version's.
    Stored,
    /// What is needed cannot do it now: a full disk, a writer that does not end, a server that is down. It passes.
    Unavailable,
    /// Nobody knows whether it was done: a server went away before it said so.
    Undecided,
    /// The program did what it should not.
    Defect,
}

/// Exit status of a command that was not done, or whose answer is no; 2 is the command line's.
pub const NOT_DONE: u8 = 1;

impl Kind {
    pub const ALL: [Self; 7] =
        [Self::Input, Self::NotFound, Self::Conflict, Self::Stored, Self::Unavailable, Self::Undecided, Self::Defect];

    pub fn meaning(self) -> &'static str {
        match self {
            Self::Input => "what was asked or given is wrong",
            Self::NotFound => "there is no such thing",
            Self::Conflict => "it conflicts with what is stored",
            Self::Stored => "what is stored cannot be read, or is another program's or version's",
            Self::Unavailable => "what is needed cannot do it now: a full disk, a server that is down; it passes",
            Self::Undecided => "it is unknown whether it was done: the server went away before it answered",
            Self::Defect => "the program did what it should not",
        }
    }

    /// Status of an answer over HTTP.
    pub fn status(self) -> u16 {
        match self {
            Self::Input => 400,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Stored | Self::Defect => 500,
            Self::Unavailable | Self::Undecided => 503,
        }
    }

    /// Exit status of a command: the same whatever the kind, for it promises that nothing was done.
    pub fn exit_code(self) -> u8 {
        NOT_DONE
    }
}

/// One thing that is wrong, said to the person who can mend it.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Fault {
    #[serde(skip)]
    pub kind: Kind,
    pub what: String,
    pub file: Option<String>,
    pub line: Option<u64>,
    pub hint: Option<String>,
}

impl Fault {
    pub fn new(what: impl Into<String>) -> Self {
        Self { kind: Kind::Input, what: what.into(), file: None, line: None, hint: None }
    }

    /// That nothing has that name, such as "work `w-1`".
    pub fn no_such(named: impl fmt::Display) -> Self {
        Self::new(format!("there is no {named}")).kind(Kind::NotFound)
    }

    /// What contradicts what there is.
    pub fn conflict(what: impl Into<String>) -> Self {
        Self::new(what).kind(Kind::Conflict)
    }

    /// Refuses what is wrong.
    ///
    /// # Errors
    /// That, if it is.
    pub fn refuse_if(wrong: bool, what: &str, hint: &str) -> Result<(), Self> {
        if wrong { Err(Self::new(what).hint(hint)) } else { Ok(()) }
    }

    /// What is wrong and what to do about it, as a row of a list says it.
    pub fn in_one_line(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}; {hint}", self.what),
            None => self.what.clone(),
        }
    }

    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    pub fn file(mut self, file: impl fmt::Display) -> Self {
        self.file = Some(file.to_string());
        self
    }

    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with every text made another.
    pub fn map(&self, text: impl Fn(&str) -> String) -> Self {
        Self {
            kind: self.kind,
            what: text(&self.what),
            file: self.file.as_deref().map(&text),
            line: self.line,
            hint: self.hint.as_deref().map(&text),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            _ => {}
        }
        write!(f, "{}", self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}

/// Everything wrong with one input, all at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

/// How many of a long list are printed before it is cut short.
const SHOWN: usize = 20;

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().take(SHOWN).enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            // One hint for all in a row that share it, below the last of them.
            let next = self.0.get(index + 1).filter(|_| index + 1 < SHOWN);
            match next.is_some_and(|next| next.hint == problem.hint) {
                true => write!(f, "{}", Fault { hint: None, ..problem.clone() })?,
                false => write!(f, "{problem}")?,
            }
        }
        match self.0.len().checked_sub(SHOWN) {
            Some(more) if more > 0 => write!(f, "\nand {more} more"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Faults {}

fn ours(error: &anyhow::Error) -> Option<&[Fault]> {
    let one = error.downcast_ref().map(std::slice::from_ref);
    one.or_else(|| error.downcast_ref().map(|Faults(list)| list.as_slice()))
}

/// The problems inside any error, for people and for JSON.
pub fn faults_of(error: &anyhow::Error) -> Vec<Fault> {
    if let Some(list) = ours(error) {
        return list.to_vec();
    }
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    vec![Fault::new(chain.join(": ")).kind(kind_of(error))]
}

/// What kind of thing went wrong: a problem knows; anything else nobody foresaw. Of the store, `store::faults` knows more.
pub fn kind_of(error: &anyhow::Error) -> Kind {
    let first = |list: &[Fault]| list.first().map(|problem| problem.kind).unwrap_or_default();
    ours(error).map_or(Kind::Defect, first)
}

/// Whether an error was written for whoever reads it.
pub fn is_ours(error: &anyhow::Error) -> bool {
    ours(error).is_some()
}

/// What may be told of an error outside this process.
pub fn told(error: &anyhow::Error) -> Vec<Fault> {
    if is_ours(error) { faults_of(error) } else { vec![undisclosed(kind_of(error))] }
}

/// What is said where the cause is nobody's business.
pub fn undisclosed(kind: Kind) -> Fault {
    let (what, hint) = match kind {
        Kind::Unavailable => {
            ("the store does not answer, or takes no writes now", "try again; /readyz says what is wrong")
        }
        Kind::Stored => ("what the store holds cannot be read", "the service's log says what: run `hourmatch check`"),
        _ => ("the service failed; the request is not the cause", "the service's log says more"),
    };
    Fault::new(what).kind(kind).hint(hint)
}

impl Faults {
    /// All problems there are, if there are any.
    ///
    /// # Errors
    /// Those.
    pub fn refuse(found: impl IntoIterator<Item = Fault>) -> Result<(), Self> {
        let all: Vec<Fault> = found.into_iter().collect();
        if all.is_empty() { Ok(()) } else { Err(Self(all)) }
    }

    /// The same with another remedy.
    pub fn hinted(self, hint: &str) -> Self {
        Self(self.0.into_iter().map(|problem| problem.hint(hint)).collect())
    }
}

impl From<Fault> for Faults {
    fn from(problem: Fault) -> Self {
        Self(vec![problem])
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        Self { line: refused.line, hint: refused.hint, ..Self::new(refused.what) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_an_error_is_found_behind_what_was_said_of_it() {
        let kind_within = |error: anyhow::Error| kind_of(&error.context("while something was done"));
        assert_eq!(kind_within(Fault::new("x").kind(Kind::Conflict).into()), Kind::Conflict);
        assert_eq!(kind_within(Faults(vec![Fault::new("x").kind(Kind::Stored)]).into()), Kind::Stored);
        assert_eq!(kind_within(anyhow::anyhow!("x")), Kind::Defect);
    }

    #[test]
    fn every_kind_has_a_status_and_is_not_done() {
        assert_eq!(Kind::ALL.map(Kind::status), [400, 404, 409, 500, 503, 503, 500]);
        assert_eq!(Kind::ALL.map(Kind::exit_code), [NOT_DONE; 7]);
    }
}
