//! The certificate register: what may happen to a bundle, and the register as a file.
//!
//! `act`, `merge`, `csv`, `taking` and `kinds`, with the files of registries, are pure rules; `enter` runs them under the
//! writer's lock. The database itself is the last line of defence: no Wh of an issuance counts twice, and no use is undone.

pub mod act;
mod common;
pub mod csv;
mod energytag;
pub mod enter;
pub mod kinds;
pub mod merge;
mod mrets;
pub mod taking;

pub use act::Act;

use crate::store::certificates::Entry;
use reports::time::RecordTime;

/// Who does something to the register, and why.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    pub actor: &'a str,
    pub reason: Option<&'a str>,
    pub recorded: RecordTime,
}

impl<'a> By<'a> {
    /// An event of theirs that does nothing yet.
    fn entry(self, kind: &'a str) -> Entry<'a> {
        Entry { kind, actor: self.actor, reason: self.reason, ..Entry::default() }
    }
}
