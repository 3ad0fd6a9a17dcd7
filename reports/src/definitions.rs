//! The part of a portfolio that an audit depends on: boundaries, sites, contracts.

use crate::time::{Interval, Resolution};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use thiserror::Error;

/// What `inputs/books.json` of a pack holds.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Definitions {
    pub name: String,
    pub synthetic: bool,
    pub resolution: Resolution,
    pub ruleset: String,
    pub time_zone: String,
    pub currency: String,
    pub boundaries: Vec<BoundaryDef>,
    pub sites: Vec<SiteDef>,
    pub contracts: Vec<ContractDef>,
}

impl Definitions {
    /// Sorted by id, so that the order of a file changes no byte of a report.
    pub fn canonical(mut self) -> Self {
        self.boundaries.sort_by(|a, b| a.id.cmp(&b.id));
        self.sites.sort_by(|a, b| a.id.cmp(&b.id));
        self.contracts.sort_by(|a, b| a.id.cmp(&b.id));
        self
    }

    /// What must hold whoever wrote them: canonical order, each id once, nothing sold twice.
    pub fn check(&self) -> Result<(), DefinitionError> {
        let lists = [
            ("boundary", self.boundaries.iter().map(|b| &b.id).collect::<Vec<_>>()),
            ("site", self.sites.iter().map(|s| &s.id).collect()),
            ("contract", self.contracts.iter().map(|c| &c.id).collect()),
        ];
        for (what, ids) in lists {
            if let Some(pair) = ids.windows(2).find(|pair| pair[0] >= pair[1]) {
                return Err(DefinitionError::Order { what, id: pair[1].clone() });
            }
        }
        let mut plants: BTreeMap<&str, Vec<Fraction>> = BTreeMap::new();
        for contract in &self.contracts {
            if let Some(plant) = &contract.plant {
                plants.entry(plant).or_default().push(contract.share);
            }
            let parts: Vec<Fraction> = contract.split.values().copied().collect();
            if Fraction::sum_exceeds_one(&parts) {
                return Err(DefinitionError::Oversold { what: "split of contract", id: contract.id.clone() });
            }
        }
        match plants.into_iter().find(|(_, shares)| Fraction::sum_exceeds_one(shares)) {
            Some((plant, _)) => Err(DefinitionError::Oversold { what: "shares of plant", id: plant.into() }),
            None => Ok(()),
        }
    }

    /// Hash of the canonical JSON.
    pub fn sha256(&self) -> String {
        crate::evidence::digest::sha256_hex(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// A market boundary: energy never crosses it.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct BoundaryDef {
    pub id: String,
    /// How the grid's carbon-free share is counted: production, consumption or residual.
    pub cfe_basis: String,
    pub default_fossil_mg_per_kwh: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct SiteDef {
    pub id: String,
    pub boundary: String,
    pub time_zone: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ContractDef {
    pub id: String,
    pub boundary: String,
    pub technology: String,
    pub ef_mg_per_kwh: Option<i64>,
    pub plant: Option<String>,
    pub share: Fraction,
    pub settlement: Settlement,
    pub allocation: SharingRule,
    /// Sites served, in the order `priority` uses.
    pub sites: Vec<String>,
    /// Fixed parts for `pro_rata_contract`, empty otherwise.
    pub split: BTreeMap<String, Fraction>,
    pub profile: Option<ProfileDef>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    Physical,
    Financial,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum SharingRule {
    Proportional,
    Priority,
    EqualShare,
    ProRataContract,
}

impl SharingRule {
    pub fn name(self) -> &'static str {
        match self {
            Self::Proportional => "proportional",
            Self::Priority => "priority",
            Self::EqualShare => "equal_share",
            Self::ProRataContract => "pro_rata_contract",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Proportional, Self::Priority, Self::EqualShare, Self::ProRataContract]
            .into_iter()
            .find(|rule| rule.name() == text)
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

#[derive(Debug, Error, PartialEq, Eq)]
pub enum DefinitionError {
    #[error("{what} `{id}` stands twice or out of order")]
    Order { what: &'static str, id: String },
    #[error("the {what} `{id}` add up to more than 1: the same energy would be claimed twice")]
    Oversold { what: &'static str, id: String },
}

#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a share; write a fraction such as \"1/3\" or a decimal such as \"0.25\", between 0 and 1")]
pub struct FractionError(String);

/// An exact fraction between 0 and 1, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    pub numerator: i64,
    pub denominator: i64,
}

impl Fraction {
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    pub fn parse(text: &str) -> Result<Self, FractionError> {
        let bad = || FractionError(text.chars().take(40).collect());
        let (numerator, denominator) = match text.split_once('/') {
            Some((top, bottom)) => {
                (top.trim().parse::<i64>().map_err(|_| bad())?, bottom.trim().parse::<i64>().map_err(|_| bad())?)
            }
            None => {
                let (whole, part) = text.split_once('.').unwrap_or((text, ""));
                let digits = format!("{whole}{part}");
                if part.len() > 17 || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(bad());
                }
                (digits.parse().map_err(|_| bad())?, 10_i64.pow(part.len() as u32))
            }
        };
        if denominator <= 0 || numerator < 0 || numerator > denominator {
            return Err(bad());
        }
        let divisor = gcd(numerator, denominator);
        Ok(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// `floor(self * value)`.
    pub fn of(self, value: i64) -> i64 {
        let scaled = i128::from(value) * i128::from(self.numerator) / i128::from(self.denominator);
        i64::try_from(scaled).unwrap_or(value)
    }

    /// Whether these parts of one whole add up to more than it.
    pub fn sum_exceeds_one(parts: &[Self]) -> bool {
        let (mut top, mut bottom) = (0_i128, 1_i128);
        for part in parts {
            let (n, d) = (i128::from(part.numerator), i128::from(part.denominator));
            let (Some(a), Some(b), Some(c)) = (top.checked_mul(d), n.checked_mul(bottom), bottom.checked_mul(d)) else {
                return parts.iter().map(|p| p.numerator as f64 / p.denominator as f64).sum::<f64>() > 1.0;
            };
            let divisor = gcd_wide(a + b, c);
            (top, bottom) = ((a + b) / divisor, c / divisor);
        }
        top > bottom
    }
}

pub(crate) fn gcd_wide(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

fn gcd(a: i64, b: i64) -> i64 {
    i64::try_from(gcd_wide(i128::from(a), i128::from(b))).unwrap_or(1)
}

impl std::fmt::Display for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_fractions() {
        let third = Fraction::parse("1/3").expect("fraction");
        assert_eq!(third.of(1000), 333);
        assert!(!Fraction::sum_exceeds_one(&[third, third, third]));
        assert!(Fraction::sum_exceeds_one(&[third, third, third, Fraction::parse("0.001").expect("decimal")]));
        assert_eq!(Fraction::parse("0.5"), Fraction::parse("1/2"));
        for bad in ["3/2", "-1/2", "1/0", "", "abc", "1.1", "."] {
            assert!(Fraction::parse(bad).is_err(), "{bad}");
        }
    }
}
