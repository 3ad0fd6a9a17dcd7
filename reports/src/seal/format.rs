//! Formats of packs. A new one is a new number beside the old ones, which every later verifier goes on checking.

/// The formats this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    V2,
    /// With `interval_factors.csv`, the portfolio and record time in the manifest, and the digest of the inputs in
    /// `results.json`; as an archive, the manifest comes first.
    V3,
}

impl Format {
    /// The one that packs are written in.
    pub const NEWEST: Self = Self::V3;

    /// As a manifest names it.
    pub const fn schema(self) -> &'static str {
        match self {
            Self::V2 => "hourmatch/pack/2",
            Self::V3 => "hourmatch/pack/3",
        }
    }

    pub fn parse(schema: &str) -> Option<Self> {
        [Self::V2, Self::V3].into_iter().find(|format| format.schema() == schema)
    }
}
