//! Rules as versioned data. A pack carries the file it was computed under.

use crate::definitions::ContractKind;
use serde::{Deserialize, Serialize};
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum RulesetError {
    #[error("no ruleset `{0}`; known: {known}", known = known_ids())]
    Unknown(String),
    #[error("ruleset: {0}")]
    Malformed(String),
    #[error("ruleset `{id}`: {what}")]
    Unsupported { id: String, what: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruleset {
    pub id: String,
    pub version: String,
    pub title: String,
    pub headline: Headline,
    pub carbon_free: Vec<String>,
    /// What reaches load first in the matching ledger.
    pub matching_order: Vec<Step>,
    /// What reaches load first in the inventory ledger.
    pub allocation_order: Vec<Step>,
    pub contract_order: Vec<String>,
    pub fallback_tiers: Vec<FallbackTier>,
    pub missing_generation: MissingGeneration,
    pub estimate_days: i64,
    /// Decimal; zero lets nothing pass a link.
    pub price_test_ratio: String,
    pub rounding: String,
}

/// The score a ruleset puts first; the others stand beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Headline {
    MatchedShare,
    CfeScore,
    AnnualShareCapped,
}

/// One step of an allocation order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Standard supply service: a share of every load, pro rata, not transferable.
    Sss,
    Legacy,
    SelfGeneration,
    /// Dedicated and shared contracts.
    Contracts,
    Storage,
    Unbundled,
}

impl Step {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sss => "sss",
            Self::Legacy => "legacy",
            Self::SelfGeneration => "self_generation",
            Self::Contracts => "contracts",
            Self::Storage => "storage",
            Self::Unbundled => "unbundled",
        }
    }

    pub fn of_contract(kind: ContractKind) -> Self {
        match kind {
            ContractKind::Hourly => Self::Contracts,
            ContractKind::Legacy => Self::Legacy,
            ContractKind::Unbundled => Self::Unbundled,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FallbackTier {
    ResidualIntensity,
    /// `sum(Q_k EF_k) / sum(Q_k)` from production, issued, standard supply and expired volumes by fuel.
    ResidualComputed,
    FossilIntensity,
    DefaultFossil,
}

impl FallbackTier {
    pub fn name(self) -> &'static str {
        match self {
            Self::ResidualIntensity => "residual_intensity",
            Self::ResidualComputed => "residual_computed",
            Self::FossilIntensity => "fossil_intensity",
            Self::DefaultFossil => "default_fossil",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingGeneration {
    Zero,
}

const KNOWN: [(&str, &str); 3] = [
    ("annual-2015", include_str!("../rulesets/annual-2015.toml")),
    ("google-cfe-2021", include_str!("../rulesets/google-cfe-2021.toml")),
    ("hourly-2026", include_str!("../rulesets/hourly-2026.toml")),
];

pub fn known_ids() -> String {
    KNOWN.map(|(id, _)| id).join(", ")
}

impl Ruleset {
    /// A ruleset shipped with this version, and its text.
    pub fn named(id: &str) -> Result<(Self, &'static str), RulesetError> {
        let (_, text) =
            KNOWN.iter().find(|(known, _)| *known == id).ok_or_else(|| RulesetError::Unknown(id.to_string()))?;
        Ok((Self::parse(text)?, text))
    }

    pub fn parse(text: &str) -> Result<Self, RulesetError> {
        let rules: Self = toml::from_str(text).map_err(|e| RulesetError::Malformed(e.to_string()))?;
        let refuse = |what: &str| Err(RulesetError::Unsupported { id: rules.id.clone(), what: what.into() });
        if rules.contract_order != ["fewest_sites", "id"] {
            return refuse("contract_order is not one this version implements");
        }
        if rules.rounding != "conservative" {
            return refuse("rounding is not one this version implements");
        }
        let matching = [Step::SelfGeneration, Step::Contracts, Step::Storage];
        if rules.matching_order.iter().any(|step| !matching.contains(step)) {
            return refuse("matching_order names a step that never counts towards the matched share");
        }
        for order in [&rules.matching_order, &rules.allocation_order] {
            if order.iter().enumerate().any(|(i, step)| order[..i].contains(step)) {
                return refuse("an allocation order names a step twice");
            }
            let storage = order.iter().position(|step| *step == Step::Storage);
            let contracts = order.iter().position(|step| *step == Step::Contracts);
            if storage.is_some_and(|s| contracts.is_none_or(|c| s < c)) {
                return refuse("storage comes before the contracts that charge it");
            }
        }
        if crate::units::Decimal::parse(&rules.price_test_ratio).is_err() || rules.estimate_days < 0 {
            return refuse("price_test_ratio or estimate_days is no number");
        }
        Ok(rules)
    }

    pub fn is_carbon_free(&self, technology: &str) -> bool {
        self.carbon_free.iter().any(|known| known == technology)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_ruleset_parses_under_its_own_name() {
        for (id, _) in KNOWN {
            assert_eq!(Ruleset::named(id).map(|(rules, _)| rules.id), Ok(id.to_string()));
        }
    }

    #[test]
    fn a_rule_nobody_implements_is_refused() {
        let text = include_str!("../rulesets/hourly-2026.toml");
        for (from, to) in [
            ("[\"fewest_sites\", \"id\"]", "[\"shuffled\"]"),
            ("\"conservative\"", "\"bankers\""),
            ("[\"self_generation\", \"contracts\", \"storage\"]", "[\"legacy\"]"),
            ("[\"self_generation\", \"contracts\", \"storage\"]", "[\"storage\", \"contracts\"]"),
        ] {
            assert!(Ruleset::parse(&text.replace(from, to)).is_err(), "{to}");
        }
    }
}
