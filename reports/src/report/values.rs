//! Values of a report that JSON has as text.

use crate::named::named;
use crate::series::name::Group;
use crate::text::json_as_text;
use crate::time::Instant;
use crate::units::Floored;
use ids::{BoundaryId, InstrumentId};
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;

/// Some of a kind, in JSON and in words one text: `A, B`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T>(pub Vec<T>);

impl<T> Deref for Listed<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Serialize> fmt::Display for Listed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, one) in self.0.iter().enumerate() {
            f.write_str(if place > 0 { ", " } else { "" })?;
            one.serialize(&mut *f)?;
        }
        Ok(())
    }
}

impl<T: Serialize> Serialize for Listed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let each = text.split(", ").filter(|one| !one.is_empty());
        each.map(|one| T::deserialize(one.into_deserializer())).collect::<Result<_, _>>().map(Self)
    }
}

named! {
    /// A figure of totals, of an interval or of a claim: its name in documents, and its title with what it counts.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Figure with title {
        LoadWh = "load_wh" => "Load, Wh",
        ContractedWh = "contracted_wh" => "Contracted, Wh",
        MatchedWh = "matched_wh" => "Matched, Wh",
        StoredWh = "stored_wh" => "Stored, Wh",
        SurplusWh = "surplus_wh" => "Surplus, Wh",
        UnmatchedWh = "unmatched_wh" => "Unmatched, Wh",
        GridCfeWh = "grid_cfe_wh" => "Grid's carbon-free share, Wh",
        BackedWh = "backed_wh" => "Matched and backed by certificates, Wh",
        MatchedShare = "matched_share" => "Matched share, hourly",
        CfeScore = "cfe_score" => "CFE score",
        AnnualShare = "annual_share" => "Volumetric share",
        AnnualShareCapped = "annual_share_capped" => "Volumetric share, capped",
        LocationBasedG = "location_based_g" => "Location-based, g",
        MarketBasedAnnualG = "market_based_annual_g" => "Market-based, over the period, g",
        MarketBasedHourlyG = "market_based_hourly_g" => "Market-based, hourly (draft), g",
        UpstreamG = "upstream_g" => "Upstream, Scope 3, g",
        PurchasedWh = "purchased_wh" => "Purchased, Wh",
        #[serde(rename = "scope_1_wh")]
        Scope1Wh = "scope_1_wh" => "Own generation, Scope 1, Wh",
        #[serde(rename = "scope_1_share")]
        Scope1Share = "scope_1_share" => "Own generation, Scope 1, of load",
        #[serde(rename = "scope_1_g")]
        Scope1G = "scope_1_g" => "Own generation, Scope 1, g",
        BackedMatchedWh = "backed_matched_wh" => "Matched and backed by certificates, Wh",
        BackedMatchedShare = "backed_matched_share" => "Matched share backed by certificates",
        MarketBasedAnnualBackedWh = "market_based_annual_backed_wh" => "Market-based, over the period: backed, Wh",
        MarketBasedHourlyBackedWh = "market_based_hourly_backed_wh" => "Market-based, hourly (draft): backed, Wh",
        /// On what a claim rests.
        Claim = "claim" => "Claim rests on certificates",
        ClaimCancelledWh = "claim_cancelled_wh" => "Certificates cancelled, Wh",
        ClaimHeldWh = "claim_held_wh" => "Certificates held, Wh",
        ClaimExpiredWh = "claim_expired_wh" => "Certificates expired, Wh",
        ClaimWithdrawnWh = "claim_withdrawn_wh" => "Certificates withdrawn, Wh",
        ClaimBackedWh = "claim_backed_wh" => "Used and backed by certificates, Wh",
    }
}

/// What a figure is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Portfolio,
    Boundary(BoundaryId),
    /// Or another instrument.
    Contract(InstrumentId),
}

impl Scope {
    fn parse(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix("contract/") {
            Some(contract) => Self::Contract(contract.into()),
            None if text == "portfolio" => Self::Portfolio,
            None => Self::Boundary(text.into()),
        })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Portfolio => f.write_str("portfolio"),
            Self::Boundary(id) => f.write_str(id),
            Self::Contract(id) => f.write_str(&Group::Contract.subject(id)),
        }
    }
}

json_as_text!(Scope);

/// What a figure comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Wh or grams.
    Integer(i128),
    Share(Floored),
    /// On what a claim rests, or why there is no figure; empty where an interval has none.
    Words(String),
}

impl Told {
    /// A figure, or why there is none.
    pub(super) fn or(told: Option<Self>, why: &str) -> Self {
        told.unwrap_or_else(|| Self::Words(why.into()))
    }

    fn parse(text: &str) -> Result<Self, Infallible> {
        let integer = text.parse().ok().filter(|integer: &i128| integer.to_string() == text);
        let share = || Floored::parse(text).ok().map(Self::Share);
        Ok(integer.map(Self::Integer).or_else(share).unwrap_or_else(|| Self::Words(text.into())))
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => fmt::Display::fmt(integer, f),
            Self::Share(share) => fmt::Display::fmt(share, f),
            Self::Words(words) => f.write_str(words),
        }
    }
}

json_as_text!(Told);

/// The value of a factor in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorValue {
    ByInterval,
    /// By interval, weighed by the grid's mix.
    OfTheMix,
    MgPerKwh(i64),
}

impl FactorValue {
    fn parse(text: &str) -> Result<Self, String> {
        let mg = text.strip_suffix(" g/kWh").and_then(|grams| grams.replacen('.', "", 1).parse().ok());
        let mut known = [Self::ByInterval, Self::OfTheMix].into_iter().chain(mg.map(Self::MgPerKwh));
        let read = known.find(|value| value.to_string() == text);
        read.ok_or_else(|| format!("`{text}` is not the value of a factor"))
    }
}

impl fmt::Display for FactorValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByInterval => f.write_str("by interval"),
            Self::OfTheMix => f.write_str("by interval, of the mix"),
            Self::MgPerKwh(mg) => write!(f, "{}.{:03} g/kWh", mg / 1_000, mg % 1_000),
        }
    }
}

json_as_text!(FactorValue);

/// An instant of an interval; empty text where a figure is of the whole period.
pub mod or_empty {
    use super::*;

    pub fn serialize<S: Serializer>(start: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&start.map_or_else(String::new, |start| start.to_string()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
        let text = String::deserialize(deserializer)?;
        (!text.is_empty()).then(|| Instant::parse(&text)).transpose().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::FallbackTier;

    /// What is read of a text and written again.
    fn again<T: Serialize + for<'de> Deserialize<'de>>(text: &str) -> String {
        let read: T = serde_json::from_value(text.into()).expect(text);
        serde_json::to_value(&read).expect("JSON").as_str().expect("text").to_string()
    }

    #[test]
    fn what_is_read_is_written_as_it_was() {
        for text in ["", "residual_intensity", "default_fossil, residual_intensity"] {
            assert_eq!(again::<Listed<FallbackTier>>(text), text);
        }
        for text in
            ["0", "-12", "0.510971", "12.000000", "", "007", "+1", "-0", "0.5", "not applicable", "partly cancelled"]
        {
            assert_eq!(again::<Told>(text), text);
        }
        for text in ["portfolio", "DE", "contract/wind-b"] {
            assert_eq!(again::<Scope>(text), text);
        }
        for text in ["by interval", "by interval, of the mix", "900.000 g/kWh", "0.025 g/kWh"] {
            assert_eq!(again::<FactorValue>(text), text);
        }
        for figure in Figure::ALL {
            assert_eq!(again::<Figure>(figure.name()), figure.name());
        }
        assert!(serde_json::from_str::<FactorValue>("\"900 g/kWh\"").is_err());
        assert!(serde_json::from_str::<Listed<FallbackTier>>("\"default_fossil, x\"").is_err());
        assert_eq!(serde_json::from_str::<Told>("\"0.500000\"").ok(), Floored::new(1, 2).map(Told::Share));
    }
}
