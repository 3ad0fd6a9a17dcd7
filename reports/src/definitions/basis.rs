//! What factors count.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum FactorBasis {
    /// Combustion only: what Scope 2 takes; the rest is upstream, Scope 3.
    Direct,
    #[default]
    LifeCycle,
}

impl FactorBasis {
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::LifeCycle => "life-cycle",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Direct, Self::LifeCycle].into_iter().find(|basis| basis.name() == text)
    }
}
