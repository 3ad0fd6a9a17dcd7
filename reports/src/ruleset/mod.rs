//! Rules as versioned data. A pack carries the file it was computed under.

mod published;
mod rules;

pub use published::RulesetError;
pub use rules::{
    AboveLimit, CertificateRule, ClaimedFactor, ExcessIssuance, FactorSourceRule, InventoryLoad, Leftovers,
    MissingChannel, OwnGeneration, Ownership, PartialGeneration, ReissuedQuality, Rules, VoidIntensity,
};

use crate::definitions::ContractKind;
use crate::named::named;
use crate::units::{Decimal, Rounding, UnitError};
use published::PUBLISHED;
use serde::{Deserialize, Serialize};

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
    #[serde(default)]
    pub rules: Rules,
}

named! {
    /// The score a ruleset puts first; the others stand beside it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Headline {
        MatchedShare = "matched_share",
        CfeScore = "cfe_score",
        AnnualShareCapped = "annual_share_capped",
    }
}

named! {
    /// One step of an allocation order.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Step with words {
        /// Standard supply service: a share of every load, pro rata, not transferable.
        Sss = "sss" => "standard supply",
        Legacy = "legacy" => "legacy",
        SelfGeneration = "self_generation" => "self-generation",
        /// Dedicated and shared contracts.
        Contracts = "contracts" => "contract",
        Storage = "storage" => "storage discharge",
        Unbundled = "unbundled" => "unbundled certificates",
    }
}

impl Step {
    pub fn of_contract(kind: ContractKind) -> Self {
        match kind {
            ContractKind::Hourly => Self::Contracts,
            ContractKind::Legacy => Self::Legacy,
            ContractKind::Unbundled => Self::Unbundled,
        }
    }
}

named! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum FallbackTier with words {
        ResidualIntensity = "residual_intensity" => "residual mix",
        /// `sum(Q_k EF_k) / sum(Q_k)` from production, issued, standard supply and expired volumes by fuel.
        ResidualComputed = "residual_computed" => "residual mix computed here",
        FossilIntensity = "fossil_intensity" => "fossil-only factor",
        DefaultFossil = "default_fossil" => "default fossil factor",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingGeneration {
    Zero,
}

impl Ruleset {
    /// A ruleset shipped with this program, and its text: the newest version of `id`, or the one `id@version` pins.
    ///
    /// # Errors
    /// Where no such ruleset or version is shipped; the error lists those that are.
    pub fn named(name: &str) -> Result<(Self, &'static str), RulesetError> {
        let published = published::find(&PUBLISHED, name)?;
        Ok((Self::parse(published.text)?, published.text))
    }

    /// Its name with the version.
    pub fn pinned(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }

    /// Whether a portfolio that names its ruleset so may be computed under this one.
    pub fn is_named(&self, name: &str) -> bool {
        name == self.id || name == self.pinned()
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
        let behind_the_meter = [Step::SelfGeneration, Step::Storage];
        if rules.rules.inventory_load == InventoryLoad::Purchased
            && rules.allocation_order.iter().any(|step| behind_the_meter.contains(step))
        {
            return refuse("allocation_order names a step behind the meter, which is not a purchase");
        }
        if rules.price_ratio_billionths().is_err() {
            return refuse("price_test_ratio is not a number");
        }
        if !(0..=366).contains(&rules.estimate_days) {
            return refuse("estimate_days is not between 0 and 366");
        }
        Ok(rules)
    }

    /// `price_test_ratio` in billionths, what is finer cut off.
    ///
    /// # Errors
    /// A text that is no number, or one out of range: a ruleset that was read has none.
    pub fn price_ratio_billionths(&self) -> Result<i64, UnitError> {
        Decimal::parse(&self.price_test_ratio)?.scaled(1_000_000_000, 1, Rounding::Down)
    }

    /// What the newest version of it does otherwise; none of the newest.
    pub fn outdated(&self) -> Option<String> {
        let (newest, _) = Self::named(&self.id).ok()?;
        if newest.version == self.version {
            return None;
        }
        let (mine, theirs) = (self.rules.answers(), newest.rules.answers());
        let otherwise = |(key, now): (&String, &String)| {
            let then = mine.get(key).filter(|then| *then != now)?;
            Some(format!("{key} ({then}, there {now})"))
        };
        let mut differs: Vec<String> = theirs.iter().filter_map(otherwise).collect();
        if differs.is_empty() {
            differs.push("its orders or lists".into());
        }
        let (id, version, than) = (&self.id, &self.version, &newest.version);
        Some(format!("{id} version {version}; version {than} differs in {}", differs.join(", ")))
    }

    pub fn is_carbon_free(&self, technology: &str) -> bool {
        self.carbon_free.iter().any(|known| known == technology)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use published::Published;

    #[test]
    fn every_shipped_ruleset_parses_under_its_own_name_and_version() {
        for Published { id, version, text } in PUBLISHED {
            let (rules, published) = Ruleset::named(&format!("{id}@{version}")).expect("shipped");
            assert_eq!((rules.id.as_str(), rules.version.as_str(), published), (id, version, text));
            assert!(rules.is_named(id) && rules.is_named(&rules.pinned()) && !rules.is_named(&format!("{id}@0")));
            assert_eq!(Ruleset::named(id).map(|(rules, _)| rules.id), Ok(id.to_string()));
        }
    }

    #[test]
    fn an_older_version_says_what_newer_ones_do_otherwise() {
        let named = |name: &str| Ruleset::named(name).expect("shipped").0;
        let message = named("hourly-2026@2").outdated().expect("older");
        for part in ["hourly-2026 version 2; version 4 differs in ", "own_generation (beside, there first)"] {
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(named("hourly-2026").outdated(), None);
    }

    #[test]
    fn a_rule_nobody_implements_is_refused() {
        let text = include_str!("../../rulesets/hourly-2026@3.toml");
        for (from, to) in [
            ("[\"fewest_sites\", \"id\"]", "[\"shuffled\"]"),
            ("\"conservative\"", "\"bankers\""),
            ("[\"self_generation\", \"contracts\", \"storage\"]", "[\"legacy\"]"),
            ("[\"self_generation\", \"contracts\", \"storage\"]", "[\"storage\", \"contracts\"]"),
            ("[\"sss\", \"legacy\", \"contracts\"", "[\"sss\", \"legacy\", \"self_generation\", \"contracts\""),
            ("\"legacy\", \"contracts\", \"unbundled\"]", "\"contracts\", \"storage\"]"),
            ("estimate_days = 28", "estimate_days = -1"),
            ("estimate_days = 28", "estimate_days = 9223372036854775807"),
        ] {
            assert!(text.contains(from) && Ruleset::parse(&text.replace(from, to)).is_err(), "{to}");
        }
    }

    /// What was computed under an older version recomputes: nothing a newer one decides otherwise reaches it.
    #[test]
    fn versions_without_rules_keep_what_they_did() {
        for name in ["annual-2015@1", "google-cfe-2021@1", "hourly-2026@2"] {
            let (rules, _) = Ruleset::named(name).expect("shipped");
            assert_eq!(rules.rules, Rules::default(), "{name}");
            assert!(rules.allocation_order.contains(&Step::SelfGeneration), "{name}");
        }
    }
}
