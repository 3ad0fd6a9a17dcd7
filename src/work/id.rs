//! The id of a piece of work, as its owner gave it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;

/// Not checked here: that is told with all else that is wrong with a piece, and what is stored may be older than the rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkId(String);

impl WorkId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for WorkId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<String> for WorkId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl From<&str> for WorkId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}
