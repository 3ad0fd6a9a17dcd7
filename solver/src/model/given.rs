//! What rules state the model from.

use crate::model::storage_integers::StorageIntegers;
use crate::model::terms::Terms;
use crate::problem::Problem;

pub struct Given<'a> {
    pub problem: &'a Problem,
    pub terms: &'a Terms,
    /// Choices of storage that are integers.
    pub integers: &'a StorageIntegers,
    /// Starts that jobs may have, by job: (site, step); none where they may have any.
    pub starts: Option<&'a [Vec<(usize, usize)>]>,
}
