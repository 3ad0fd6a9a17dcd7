//! Market boundaries, and the links between adjacent ones.

use crate::named::named;
use ids::BoundaryId;
use serde::{Deserialize, Serialize};

/// A market boundary: energy crosses it only over a declared link that passes the price test.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
#[serde(deny_unknown_fields)]
pub struct BoundaryDef {
    pub id: BoundaryId,
    /// How the grid's carbon-free share is counted: production, consumption or residual.
    pub cfe_basis: String,
    /// Whether contracts of this portfolio may still be inside that share.
    pub cfe_includes_own_contracts: bool,
    pub default_fossil_mg_per_kwh: Option<i64>,
    /// Factor of standard supply service.
    pub sss_mg_per_kwh: Option<i64>,
    /// Factor of legacy volume where its contract states none.
    pub legacy_mg_per_kwh: Option<i64>,
    /// Residual factor of the whole period for the annual inventory; without it, the load-weighted hourly one.
    pub annual_residual_mg_per_kwh: Option<i64>,
    /// Basis of supplied intensity feeds; the portfolio's where not stated.
    pub factor_basis: Option<FactorBasis>,
    /// Where supplied factors come from.
    pub factor_source: Option<FactorSource>,
}

named! {
    /// What factors count.
    #[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Default)]
    #[serde(rename_all = "kebab-case")]
    pub enum FactorBasis {
        /// Combustion only: what Scope 2 takes; the rest is upstream, Scope 3.
        Direct = "direct",
        #[default]
        LifeCycle = "life-cycle",
    }
}

/// What an auditor asks of a factor.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct FactorSource {
    pub publication: String,
    pub year: String,
    pub region: String,
}

/// Energy generated in `from` may serve load in `to` in hours that pass the price test.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct LinkDef {
    pub from: BoundaryId,
    pub to: BoundaryId,
    /// A generation price of zero or less passes; by default it fails.
    pub nonpositive_price_passes: bool,
}

impl std::fmt::Display for LinkDef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}
