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
    /// The steps that the message names, each as `step 7`, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<usize>,
}

/// Codes of the reasons that say a search was cut short.
const CUT_SHORT: [&str; 3] = [TIME_LIMIT, ITERATION_LIMIT, BACKEND_REFUSED];

impl Reason {
    /// The message with its steps as `named` writes them: what knows the times of steps tells those.
    pub fn told(&self, named: impl Fn(usize) -> String) -> String {
        let (mut told, mut rest) = (String::new(), self.message.as_str());
        for step in &self.steps {
            let Some((before, after)) = rest.split_once(&format!("step {step}")) else { break };
            told.push_str(before);
            told.push_str(&named(*step));
            rest = after;
        }
        told + rest
    }

    /// The same reason, of a message that names these steps.
    pub(crate) fn naming(self, steps: &[usize]) -> Self {
        Self { steps: steps.to_vec(), ..self }
    }

    /// Whether it says that a search was cut short.
    pub fn cuts_short(&self) -> bool {
        CUT_SHORT.contains(&self.code.as_str())
    }
}

pub(crate) fn reason(code: &str, subject: &str, (quantity, unit): (f64, &str), message: String) -> Reason {
    let (code, subject, unit) = (code.to_string(), subject.to_string(), unit.to_string());
    Reason { code, subject, quantity, unit, message, steps: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_told_as_they_are_named() {
        let message = "site s is full from step 2 to step 24, in 3 steps";
        let plain = reason("site_full", "w", (1.0, "MWh"), message.into());
        let named = |step: usize| format!("{step}:00");
        assert_eq!(plain.told(named), message);
        let reason = plain.naming(&[2, 24]);
        assert_eq!(reason.told(named), "site s is full from 2:00 to 24:00, in 3 steps");
        assert_eq!(reason.message, message);
    }
}
