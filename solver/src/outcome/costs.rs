//! What an objective is made of: money spent, and penalties, which are not money. The sum is the objective.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Paid or forgone: energy less surplus sold, demand charges, wear, tokens not made.
    Money,
    /// A price put on grams.
    Carbon,
    /// What keeps a plan from something, paid to nobody.
    Penalty,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub code: String,
    pub kind: Kind,
    /// MWh, hours or MW, as `unit` says.
    pub quantity: f64,
    pub unit: String,
    pub amount: f64,
}

pub(crate) fn cost(code: &str, kind: Kind, (quantity, unit): (f64, &str), amount: f64) -> Cost {
    Cost { code: code.to_string(), kind, quantity, unit: unit.to_string(), amount }
}

/// What may be violated, by name: quantity, unit and price per quantity.
pub(crate) type Slack = (&'static str, f64, &'static str, f64);
