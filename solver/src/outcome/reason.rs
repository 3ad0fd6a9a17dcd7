//! Why a plan is as it is, by code and quantity.

use super::codes::{BACKEND_REFUSED, ITERATION_LIMIT, TIME_LIMIT};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub code: String,
    pub subject: String,
    pub quantity: f64,
    pub unit: String,
    pub message: String,
}

/// Codes of the reasons that say a search was cut short.
const CUT_SHORT: [&str; 3] = [TIME_LIMIT, ITERATION_LIMIT, BACKEND_REFUSED];

impl Reason {
    /// Whether it says that a search was cut short.
    pub fn cuts_short(&self) -> bool {
        CUT_SHORT.contains(&self.code.as_str())
    }
}

pub(crate) fn reason(code: &str, subject: &str, (quantity, unit): (f64, &str), message: String) -> Reason {
    Reason { code: code.to_string(), subject: subject.to_string(), quantity, unit: unit.to_string(), message }
}
