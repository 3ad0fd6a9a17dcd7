//! One shape for every provider.

use super::about::{About, Credential};
use super::answer::{Answer, Fault, Next};
use super::ask::{Ask, Request, Wanted};
use super::sink::Sink;
use crate::received::Refused;
use std::fmt;

/// What is fetched from a provider: questions to requests, answers to values. It opens nothing and keeps nothing, so
/// that the verifier can read a kept answer again.
pub trait Feed: Sync {
    fn about(&self) -> &'static About;

    /// Where its credential goes, for feeds that leave that to the portfolio.
    fn credential(&self, _: &Wanted) -> Credential {
        self.about().credential.clone()
    }

    /// What is wrong with what the portfolio wants, beyond unknown and missing keys.
    ///
    /// # Errors
    /// In words, without the name of the source.
    fn check(&self, _: &Wanted) -> Result<(), String> {
        Ok(())
    }

    /// What is wanted as it is kept with the answers: whoever reads them again needs no more.
    fn kept(&self, wanted: &Wanted) -> Wanted {
        wanted.clone()
    }

    /// The first requests of a question; answers may lead to further ones. None where it asks for nothing there is.
    ///
    /// # Errors
    /// Why it cannot be asked.
    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused>;

    /// Hands the values of an answer to `sink`, in an order that depends on nothing else than what is given here.
    ///
    /// # Errors
    /// Why nothing of it is to be taken; whoever asked drops what `sink` was handed.
    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault>;
}

/// A feed is what its name says.
impl PartialEq for dyn Feed {
    fn eq(&self, other: &Self) -> bool {
        self.about().name == other.about().name
    }
}

impl Eq for dyn Feed {}

impl fmt::Debug for dyn Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Feed({})", self.about().name)
    }
}
