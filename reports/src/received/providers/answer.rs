//! What a provider answers, and what comes of it.

use super::ask::Request;
use crate::received::Refused;
use crate::time::Instant;

/// An answer whose status and content type the feed reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a> {
    pub status: u16,
    /// Without its parameters, in lower case; empty where the provider states none.
    pub content_type: &'a str,
    pub body: &'a str,
    /// When it was received.
    pub fetched: Instant,
    /// When it was last changed, as its `Last-Modified` header says.
    pub published: Option<Instant>,
}

/// What comes after an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    Done,
    /// The answer goes on there.
    Page(Request),
    /// The provider has nothing for what was asked, and says so: in its words.
    NoData(String),
}

/// Why nothing of an answer is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It does not have the form that is documented. It may be cut off: asked again at the next pass.
    #[error("{0}")]
    Form(Refused),
    /// The provider asks to wait, in an answer that does not look like it; for how long, where it says so.
    #[error("{what}")]
    Later { what: String, wait_s: Option<i64> },
    /// The credential is refused.
    #[error("{0}")]
    Denied(String),
    /// The question is refused, and will be until the portfolio asks another.
    #[error("{0}")]
    Asked(Refused),
}

impl Fault {
    /// An answer of another form than documented.
    pub fn form(what: impl Into<String>) -> Self {
        Self::Form(Refused::new(what).hint("the provider may have changed its form or be failing; nothing was taken"))
    }
}
