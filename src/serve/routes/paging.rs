//! Pages of long lists.

use crate::error::Fault;

/// How many rows a page of a list has, unless asked otherwise, and at most.
const LISTED: usize = 1_000;
const MOST_LISTED: usize = 10_000;

pub(super) fn limit(asked: Option<usize>) -> Result<usize, Fault> {
    let limit = asked.unwrap_or(LISTED);
    if (1..=MOST_LISTED).contains(&limit) {
        return Ok(limit);
    }
    Err(Fault::new(format!("limit {limit} is not between 1 and {MOST_LISTED}")).hint("limit=100"))
}
