//! Rules as versioned data. A pack carries the file it was computed under.

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
    pub carbon_free: Vec<String>,
    pub allocation_order: Vec<String>,
    pub fallback_tiers: Vec<FallbackTier>,
    pub missing_load: MissingLoad,
    pub missing_generation: MissingGeneration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FallbackTier {
    ResidualIntensity,
    FossilIntensity,
    DefaultFossil,
}

impl FallbackTier {
    pub fn name(self) -> &'static str {
        match self {
            Self::ResidualIntensity => "residual_intensity",
            Self::FossilIntensity => "fossil_intensity",
            Self::DefaultFossil => "default_fossil",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingLoad {
    Block,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingGeneration {
    Zero,
}

const KNOWN: [(&str, &str); 1] = [("hourly-2026", include_str!("../rulesets/hourly-2026.toml"))];

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
        if rules.allocation_order != ["fewest_sites", "id"] {
            return Err(RulesetError::Unsupported {
                id: rules.id,
                what: "allocation_order is not one this version implements".into(),
            });
        }
        Ok(rules)
    }

    pub fn is_carbon_free(&self, technology: &str) -> bool {
        self.carbon_free.iter().any(|known| known == technology)
    }
}
