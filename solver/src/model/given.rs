//! What rules state the model from.

use crate::model::storage_integers::StorageIntegers;
use crate::model::terms::Terms;
use crate::problem::Problem;

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
    Only(&'a [Vec<(usize, usize)>]),
    /// Jobs are no part of the model: nothing in it may wait for one.
    Apart,
}
