//! The sources that this process is asking or about to ask, so that it asks none twice at once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Their names. Other processes see holders in the store.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<Mutex<BTreeSet<String>>>);

/// One of them; dropped, however its task ended, it is let go of.
#[derive(Debug)]
pub(super) struct Held {
    of: UnderWay,
    name: String,
}

impl UnderWay {
    /// None where somebody is at it.
    pub(super) fn take(&self, name: &str) -> Option<Held> {
        let is_free = self.names().insert(name.to_string());
        is_free.then(|| Held { of: self.clone(), name: name.to_string() })
    }

    fn names(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.of.names().remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_held_once_until_it_is_let_go_of() {
        let all = UnderWay::default();
        let first = all.take("gb").expect("free");
        assert!(all.take("gb").is_none() && all.clone().take("gb").is_none());
        assert!(all.take("eia").is_some_and(|held| held.name == "eia"));
        drop(first);
        assert!(all.take("gb").is_some());
    }
}
