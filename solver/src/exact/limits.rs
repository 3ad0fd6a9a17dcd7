//! What ends a solve.

/// Iterations and nodes repeat on every machine; seconds do not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub iterations: Option<u64>,
    pub seconds: Option<f64>,
    /// Relative gap at which a search over integers, or the interior-point method, stops.
    pub gap: f64,
    /// Nodes of branch and bound.
    pub nodes: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { iterations: None, seconds: None, gap: 1e-4, nodes: None }
    }
}
