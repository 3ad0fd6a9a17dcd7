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
    /// Rows that may be gone past for money.
    pub priced: BTreeMap<usize, Priced>,
}

/// Going past any of a peak's rows costs its price once, for the largest excess.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Priced {
    /// Which demand charge.
    pub charge: usize,
    pub per_mw: f64,
}

impl LimitRows {
    pub fn new(sites: usize, steps: usize) -> LimitRows {
        let none = || vec![Vec::new(); sites * steps];
        let (it, work, facility, nested) = (none(), none(), none(), none());
        LimitRows {
            steps,
            it,
            work,
            facility,
            nested,
            pools: Vec::new(),
            accounts: Vec::new(),
            priced: BTreeMap::new(),
        }
    }

    pub fn at(&self, site: usize, step: usize) -> usize {
        site * self.steps + step
    }
}
