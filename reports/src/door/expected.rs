//! What the portfolio says of series before any reading is seen.

use std::collections::{BTreeMap, BTreeSet};

/// A power that readings are held against, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub watts: i64,
    /// ``the grid_limit_mw of site ashburn``
    pub what: String,
}

/// By series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// What a connection or a plant can carry.
    pub capacity: BTreeMap<String, Bound>,
    /// What the sites that a series is for can take together: no limit, but a size to hold its own against.
    pub scale: BTreeMap<String, Bound>,
    /// Solar generation.
    pub solar: BTreeSet<String>,
}
