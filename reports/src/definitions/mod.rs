//! The part of a portfolio that an audit depends on: boundaries, sites, contracts, storage, links.

pub mod boundary;
pub mod contract;
pub mod disclosure;
pub mod fraction;
pub mod labels;
pub mod limits;
mod portfolio;
pub mod site;
pub mod timeline;
pub mod together;

pub use boundary::{BoundaryDef, FactorBasis, FactorSource, LinkDef};
pub use contract::{CertificateRule, ContractDef, ContractKind, ProfileDef, Settlement, SharingRule};
pub use disclosure::{ControlApproach, Disclosure};
pub(crate) use fraction::gcd_wide;
pub use fraction::{Fraction, FractionError};
pub use labels::Labels;
pub use portfolio::{DefinitionError, Definitions, MissingLoad, too_much};
pub use site::{SiteDef, StorageDef};
pub use timeline::{Change, Timeline};
