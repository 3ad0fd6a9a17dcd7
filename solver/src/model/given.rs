//! What rules state the model from.

use crate::model::terms::Terms;
use crate::model::whole::Whole;
use crate::problem::Problem;

pub struct Given<'a> {
    pub problem: &'a Problem,
    pub terms: &'a Terms,
    /// Choices of storage that are integers.
    pub whole: &'a Whole,
}
