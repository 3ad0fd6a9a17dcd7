//! Words of a work list: what may be said, and how it is written.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// All that may be said, for messages.
pub fn known<T: VariantNames>() -> String {
    T::VARIANTS.join(", ")
}

/// What a piece of work is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames,
)]
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

/// Whether it may be stopped, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Preempt {
    Never,
    /// Put down at a checkpoint, taken up again.
    Checkpoint,
    /// Put down, and begun again from nothing.
    Requeue,
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
        }
        assert_eq!(known::<Preempt>(), "never, checkpoint, requeue");
        let shares: Vec<f64> =
            Class::VARIANTS.iter().map(|name| name.parse::<Class>().expect("a class").share()).collect();
        assert_eq!((known::<Class>().as_str(), shares), ("firm, flex-1, flex-2, flex-3", vec![1.0, 0.9, 0.75, 0.5]));
        assert!("flex".parse::<Class>().is_err());
    }
}
