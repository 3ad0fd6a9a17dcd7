//! The rows that power drawn at a site and step enters, declared by the rules that own them.
//!
//! A rule that limits power or GPUs (capacity, connection, event, demand charge, pool, account) adds its row; a rule that
//! draws (work, training, storage) goes through them, and so neither knows the other. What a plan leaves of each limit is
//! read from the same rows (`free`): a limit that adds one binds whoever asks for room afterwards, too.

use std::collections::BTreeMap;

/// `[site * steps + step]` lists of (row, value per MW).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LimitRows {
    steps: usize,
    /// Per IT MW of work, at its highest in the step.
    pub it: Vec<Vec<(usize, f64)>>,
    /// Per facility MW of work alone: ramps.
    pub work: Vec<Vec<(usize, f64)>>,
    /// Per facility MW of anything.
    pub facility: Vec<Vec<(usize, f64)>>,
    /// Per facility MW that contracts may serve.
    pub nested: Vec<Vec<(usize, f64)>>,
    /// `[pool][step]` and `[account][step]`, per GPU.
    pub pools: Vec<Vec<Vec<(usize, f64)>>>,
    pub accounts: Vec<Vec<Vec<(usize, f64)>>>,
    /// Rows that may be gone past for money: of which demand charge, and its price per MW. Going past any of a peak's rows
    /// costs that once, for the largest excess.
    pub priced: BTreeMap<usize, (usize, f64)>,
}

impl LimitRows {
    pub fn new(sites: usize, steps: usize) -> LimitRows {
        let none = || vec![Vec::new(); sites * steps];
        LimitRows { steps, it: none(), work: none(), facility: none(), nested: none(), ..LimitRows::default() }
    }

    pub fn at(&self, site: usize, step: usize) -> usize {
        site * self.steps + step
    }
}
