//! Matching targets, and the prices of policy.

use ids::BoundaryIndex;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Metric {
    Matched,
    CfeScore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    Portfolio,
    Boundary(BoundaryIndex),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Allowance {
    /// Every MWh drawn earns allowance.
    DrawnLoad,
    /// Only useful load does: work counts with the least PUE its boundary has.
    UsefulLoad,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    pub scope: Scope,
    pub metric: Metric,
    pub share: f64,
    pub shortfall_price_per_mwh: f64,
    pub allowance: Allowance,
    /// Audited to date plus expected after the horizon.
    pub load_elsewhere_mwh: f64,
    /// The same for unmatched energy, already weighted by `bad`.
    pub unmatched_elsewhere_mwh: f64,
    /// Steps of the horizon that lie in its period, the end not included; none: all of them.
    #[serde(default)]
    pub span: Option<(usize, usize)>,
}

impl Target {
    pub fn counts(&self, step: usize) -> bool {
        self.span.is_none_or(|(from, to)| (from..to).contains(&step))
    }
}

/// At least `floor` of the tokens that training makes when nothing is throttled or paused.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Utilisation {
    pub floor: f64,
    /// Weighted rated hours of training that the baseline reaches in the same horizon.
    pub reference: f64,
}

/// Prices beyond those of energy. The ladder is overload > event > miss > class and utilisation > target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    pub carbon_price_per_t: f64,
    /// A MWh placed at absolute step t costs t times this: breaks ties towards early.
    pub delay_price_per_mwh_step: f64,
    /// Per MWh over a capacity, connection or ramp.
    pub overload_price_per_mwh: f64,
    /// Per MWh over an event's limit.
    pub event_price_per_mwh: f64,
    /// Per rated MWh of training below its class, and of all training below the utilisation floor.
    pub class_price_per_mwh: f64,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            carbon_price_per_t: 0.0,
            delay_price_per_mwh_step: 0.0,
            overload_price_per_mwh: 1e6,
            event_price_per_mwh: 1e5,
            class_price_per_mwh: 2e3,
        }
    }
}
