//! Which choices of storage are integers.

use crate::problem::Problem;
use std::collections::BTreeSet;

/// Choices of storage that must be integers, as (storage, step): the others are relaxed until a solution is wrong for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StorageIntegers {
    pub charging: BTreeSet<(usize, usize)>,
    pub after_load: BTreeSet<(usize, usize)>,
}

impl StorageIntegers {
    pub fn len(&self) -> usize {
        self.charging.len() + self.after_load.len()
    }

    /// Every choice there is.
    pub fn all(problem: &Problem) -> StorageIntegers {
        let steps = |want: &dyn Fn(usize) -> bool| -> BTreeSet<(usize, usize)> {
            let wanted = (0..problem.storage.len()).filter(|&k| want(k));
            wanted.flat_map(|k| (0..problem.steps).map(move |t| (k, t))).collect()
        };
        StorageIntegers {
            charging: steps(&|k| problem.storage[k].exclusive),
            after_load: steps(&|k| problem.storage[k].after_load),
        }
    }
}
