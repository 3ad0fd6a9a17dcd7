//! What rules read: to state the model from, and to charge a plan by.

use crate::model::terms::Terms;
use crate::outcome::{Loads, Outcome};
use crate::problem::{Problem, Storage};
use ids::{Index, SiteIndex, StorageIndex};
use std::collections::BTreeSet;

pub struct Given<'a> {
    pub problem: &'a Problem,
    pub terms: &'a Terms,
    /// Choices of storage that are integers.
    pub integers: &'a StorageIntegers,
    pub starts: Starts<'a>,
}

/// Starts of jobs that have columns.
#[derive(Debug, Clone, Copy)]
pub enum Starts<'a> {
    Any,
    /// By job: (site, step).
    Only(&'a [Vec<(SiteIndex, usize)>]),
    /// Jobs are no part of the model: nothing in it may wait for one.
    Apart,
}

/// Choices of storage that must be integers, as (storage, step): the others are relaxed until a solution is wrong for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StorageIntegers {
    pub charging: BTreeSet<(StorageIndex, usize)>,
    pub after_load: BTreeSet<(StorageIndex, usize)>,
}

impl StorageIntegers {
    /// Every choice there is.
    pub fn all(problem: &Problem) -> StorageIntegers {
        let steps = |want: &dyn Fn(&Storage) -> bool| -> BTreeSet<(StorageIndex, usize)> {
            let wanted = StorageIndex::each(&problem.storage).filter(|(_, storage)| want(storage));
            wanted.flat_map(|(k, _)| (0..problem.steps).map(move |t| (k, t))).collect()
        };
        StorageIntegers { charging: steps(&|k| k.exclusive), after_load: steps(&|k| k.after_load) }
    }
}

/// A finished outcome, with what it draws and holds.
pub struct Finished<'a> {
    pub problem: &'a Problem,
    pub terms: &'a Terms,
    pub outcome: &'a Outcome,
    pub loads: Loads,
}
