//! Energy certificates as a report uses them: bundles of whole Wh of one device and production interval.
//!
//! Attributes follow the EnergyTag Granular Certificate scheme. A bundle covers an inclusive range of Wh of its
//! issuance: `1..100` split at 25 is `1..25` and `26..100`.

use crate::definitions::timeline;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub id: String,
    /// The issuance this bundle is part of; its ranges never overlap.
    pub issuance: String,
    /// The production device: a contract's `plant`, or the contract's own id.
    pub device: String,
    pub registry: String,
    pub technology: String,
    /// Production interval: an hour or less is granular, a month or a year is not.
    #[serde(serialize_with = "timeline::write", deserialize_with = "timeline::read")]
    pub start: i64,
    #[serde(serialize_with = "timeline::write", deserialize_with = "timeline::read")]
    pub end: i64,
    pub first_wh: i64,
    pub last_wh: i64,
    pub status: Status,
    pub owner: String,
    pub beneficiary: Option<String>,
    /// The contract it is claimed under, where its device serves several.
    pub contract: Option<String>,
    /// Since when it has this status.
    #[serde(serialize_with = "timeline::write", deserialize_with = "timeline::read")]
    pub since: i64,
    /// The last instant at which it could be cancelled.
    #[serde(with = "timeline::optional")]
    pub expires: Option<i64>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Held by its owner, not yet used.
    Issued,
    /// Used for its beneficiary, once and for good.
    Cancelled,
    Expired,
    /// Taken back by its issuer: whatever counted it must be restated.
    Withdrawn,
}

impl Status {
    pub const ALL: [Self; 4] = [Self::Issued, Self::Cancelled, Self::Expired, Self::Withdrawn];

    pub fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == text)
    }
}

impl Certificate {
    pub fn wh(&self) -> i64 {
        self.last_wh - self.first_wh + 1
    }

    /// An hour or less of production: what a granular certificate is.
    pub fn is_granular(&self) -> bool {
        self.end - self.start <= 3_600
    }
}
