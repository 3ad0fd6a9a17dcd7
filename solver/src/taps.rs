//! The rows that power drawn at a site and step enters, declared by the rules that own them.
//!
//! A rule that limits power (capacity, connection, event, demand charge) adds a tap; a rule that draws power
//! (work, training, storage) goes through them, and so neither knows the other.

/// `[site * steps + step]` lists of (row, value per MW).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taps {
    steps: usize,
    /// Per IT MW of work, at its highest in the step.
    pub it: Vec<Vec<(usize, f64)>>,
    /// Per facility MW of work alone: ramps.
    pub work: Vec<Vec<(usize, f64)>>,
    /// Per facility MW of anything.
    pub facility: Vec<Vec<(usize, f64)>>,
    /// Per facility MW that contracts may serve.
    pub nested: Vec<Vec<(usize, f64)>>,
}

impl Taps {
    pub fn new(sites: usize, steps: usize) -> Taps {
        let none = || vec![Vec::new(); sites * steps];
        Taps { steps, it: none(), work: none(), facility: none(), nested: none() }
    }

    pub fn at(&self, site: usize, step: usize) -> usize {
        site * self.steps + step
    }
}
