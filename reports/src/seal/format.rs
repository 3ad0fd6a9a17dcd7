//! Formats of packs. A new one is a new number beside the old ones, which every later verifier goes on checking.

use crate::named::named;

named! {
    /// The formats this program knows, as a manifest names them.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Format {
        V2 = "hourmatch/pack/2",
        /// With `interval_factors.csv`, the portfolio and record time in the manifest, and the digest of the inputs in
        /// `results.json`; as an archive, the manifest comes first.
        V3 = "hourmatch/pack/3",
    }
}

impl Format {
    /// The one that packs are written in.
    pub const NEWEST: Self = Self::V3;
}
