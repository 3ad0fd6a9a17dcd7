//! Contracts: what a plant delivers, to whom, under which rule, claimed how.

use super::fraction::Fraction;
use super::timeline::Change;
use crate::named::named;
use crate::time::{Instant, Interval};
use ids::{BoundaryId, ContractId, SiteId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ContractDef {
    pub id: ContractId,
    /// What people are shown; in no digest, for it changes no figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub boundary: BoundaryId,
    pub technology: String,
    pub ef_mg_per_kwh: Option<i64>,
    pub plant: Option<String>,
    /// The share until the first change.
    pub share: Fraction,
    pub share_changes: Vec<Change<Fraction>>,
    pub settlement: Settlement,
    pub kind: ContractKind,
    pub allocation: SharingRule,
    /// Sites served, in the order `priority` uses.
    pub sites: Vec<SiteId>,
    /// Fixed parts for `pro_rata_contract`, empty otherwise.
    pub split: BTreeMap<SiteId, Fraction>,
    pub profile: Option<ProfileDef>,
    /// A shaped contract promises this flat power; only what same-hour generation backs counts.
    pub shaped_w: Option<i64>,
    /// A legacy contract's volume a calendar year, where no series tells it.
    pub annual_wh: Option<i64>,
    /// What its plant can generate; absent where it is not stated, as in definitions of before there was such a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_w: Option<i64>,
    /// Nothing is delivered before or after.
    #[serde(deserialize_with = "Option::deserialize")]
    pub valid_from: Option<Instant>,
    #[serde(deserialize_with = "Option::deserialize")]
    pub valid_to: Option<Instant>,
    pub certificates: CertificateRule,
    pub registry: Option<String>,
    pub beneficiary: Option<String>,
    /// `2021-06-01`, the plant's.
    pub commissioned: Option<String>,
    pub meter: Option<String>,
    pub accuracy_class: Option<String>,
}

impl ContractDef {
    /// The production device that certificates of it are issued for: its plant, or itself where it names none.
    pub fn device(&self) -> &str {
        self.plant.as_deref().unwrap_or(&self.id)
    }

    /// Whether an instant lies in the contract's term.
    pub fn is_valid(&self, instant: Instant) -> bool {
        self.valid_from.is_none_or(|from| instant >= from) && self.valid_to.is_none_or(|to| instant < to)
    }

    /// The share at an instant, zero outside the contract's term.
    pub fn share_at(&self, instant: Instant) -> Fraction {
        if !self.is_valid(instant) {
            return Fraction::ZERO;
        }
        self.share_changes.iter().rev().find(|c| c.from <= instant).map_or(self.share, |c| c.value)
    }

    /// Instants at which its share may change.
    pub fn changes(&self) -> impl Iterator<Item = Instant> {
        self.share_changes.iter().map(|c| c.from).chain(self.valid_from).chain(self.valid_to)
    }
}

named! {
    #[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    pub enum Settlement {
        Physical = "physical",
        Financial = "financial",
    }
}

named! {
    /// What kind of claim a contract is.
    #[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Default)]
    #[serde(rename_all = "snake_case")]
    pub enum ContractKind {
        /// Matched hour by hour.
        #[default]
        Hourly = "hourly",
        /// Signed under older rules: its annual volume spreads over load, in the inventory only.
        Legacy = "legacy",
        /// Certificates without the energy, in the inventory only.
        Unbundled = "unbundled",
    }
}

/// Whether certificates limit what a contract delivers.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
pub enum CertificateRule {
    /// The register is stated beside the contract, and limits nothing.
    #[default]
    Stated,
    /// Only energy with certificates cancelled for the beneficiary counts.
    Required,
}

named! {
    #[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum SharingRule {
        Proportional = "proportional",
        Priority = "priority",
        EqualShare = "equal_share",
        ProRataContract = "pro_rata_contract",
    }
}

/// A plant whose output is a regional series scaled to a mean power.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ProfileDef {
    pub series: String,
    pub mean_w: i64,
    pub over: Interval,
}
