//! A solution of the model, as whoever solved it says it is: a claim until certified.

#[derive(Debug, Clone, PartialEq)]
pub enum RawStatus {
    Optimal,
    IterationLimit,
    TimeLimit,
    /// No plan keeps every row.
    Infeasible,
    Other(String),
}

/// Duals are d(objective)/d(row limit); objective and bound include the model's constant.
#[derive(Debug, Clone, PartialEq)]
pub struct RawSolution {
    pub status: RawStatus,
    pub x: Vec<f64>,
    pub row_duals: Vec<f64>,
    pub objective: f64,
    pub bound: f64,
    pub iterations: u64,
}
