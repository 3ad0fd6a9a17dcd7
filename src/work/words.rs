//! Words of a work list: what may be said, and how it is written.

use crate::error::Fault;
use reports::text::clip;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::str::FromStr;
use strum::{EnumString, IntoStaticStr, VariantNames};

/// All that may be said, for messages.
pub fn known<T: VariantNames>() -> String {
    T::VARIANTS.join(", ")
}

/// What a word stands for; `what` says of what it is one, such as `state`.
///
/// # Errors
/// A word that is none of those there are.
pub fn word<T: FromStr + VariantNames>(what: &str, text: &str) -> Result<T, Fault> {
    let unknown = |_| Fault::new(format!("{what} `{text}` is not known")).hint(format!("use one of {}", known::<T>()));
    text.parse().map_err(unknown)
}

/// The same in JSON, which says itself of what it is one.
fn in_json<'de, T: FromStr + VariantNames, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(|_| de::Error::custom(format!("`{}` is not one of {}", clip(&text), known::<T>())))
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, EnumString, IntoStaticStr, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    /// Energy, or jobs of accelerators and hours.
    #[default]
    Batch,
    Training,
}

impl Kind {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        in_json(from)
    }
}

/// Whether it may be stopped, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Preempt {
    Never,
    /// Put down at a checkpoint, taken up again.
    Checkpoint,
    /// Put down, and begun again from nothing.
    Requeue,
}

impl<'de> Deserialize<'de> for Preempt {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        in_json(from)
    }
}

/// What training promises.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, EnumString, VariantNames)]
pub enum Class {
    #[strum(serialize = "firm")]
    Firm,
    #[default]
    #[strum(serialize = "flex-1")]
    Flex1,
    #[strum(serialize = "flex-2")]
    Flex2,
    #[strum(serialize = "flex-3")]
    Flex3,
}

impl Class {
    /// Mean progress over any day, as a part of full speed.
    pub fn share(self) -> f64 {
        match self {
            Self::Firm => 1.0,
            Self::Flex1 => 0.90,
            Self::Flex2 => 0.75,
            Self::Flex3 => 0.50,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_in_tables_and_in_json() {
        for kind in [Kind::Batch, Kind::Training] {
            assert_eq!(serde_json::to_string(&kind).expect("text"), format!("\"{}\"", kind.name()));
            assert_eq!(kind.name().parse::<Kind>(), Ok(kind));
            assert_eq!(serde_json::from_str::<Kind>(&format!("\"{}\"", kind.name())).expect("a kind"), kind);
        }
        let refused = serde_json::from_str::<Kind>("\"batches\"").expect_err("no kind").to_string();
        assert!(refused.starts_with("`batches` is not one of batch, training"), "{refused}");
        assert_eq!(known::<Preempt>(), "never, checkpoint, requeue");
        let shares: Vec<f64> =
            Class::VARIANTS.iter().map(|name| name.parse::<Class>().expect("a class").share()).collect();
        assert_eq!((known::<Class>().as_str(), shares), ("firm, flex-1, flex-2, flex-3", vec![1.0, 0.9, 0.75, 0.5]));
        assert!("flex".parse::<Class>().is_err());
    }
}
