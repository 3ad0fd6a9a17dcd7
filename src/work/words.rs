//! Words of work lists and reports: what may be said, and how it is written.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An enum of words: `ALL` of them, the `name` of each, `parse` and, for messages, those that are `known`.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == text)
            }

            pub fn known() -> String {
                Self::ALL.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ")
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::parse(text).ok_or_else(Self::known)
            }
        }
    };
}

pub(super) use words;

words! {
    /// What a piece of work is.
    #[derive(Default)]
    Kind {
        /// Energy, or jobs of accelerators and hours.
        #[default]
        Batch = "batch",
        Training = "training",
    }
}

/// As a text: digests of snapshots are made of it.
impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.name(), f)
    }
}

words! {
    /// Whether it may be stopped, and how.
    #[derive(Debug)]
    Preempt {
        Never = "never",
        /// Put down at a checkpoint, taken up again.
        Checkpoint = "checkpoint",
        /// Put down, and begun again from nothing.
        Requeue = "requeue",
    }
}

words! {
    /// What training promises.
    #[derive(Debug, Default)]
    Class {
        Firm = "firm",
        #[default]
        Flex1 = "flex-1",
        Flex2 = "flex-2",
        Flex3 = "flex-3",
    }
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
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_string(kind).expect("text"), format!("\"{}\"", kind.name()));
            assert_eq!((Kind::parse(kind.name()), format!("{kind:?}")), (Some(*kind), format!("{:?}", kind.name())));
        }
        let classes: Vec<Class> = serde_json::from_str(r#"["firm", "flex-1", "flex-2", "flex-3"]"#).expect("classes");
        assert_eq!(classes, Class::ALL);
        assert_eq!((Class::parse("flex"), Preempt::known().as_str()), (None, "never, checkpoint, requeue"));
    }
}
