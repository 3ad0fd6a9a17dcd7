//! The part of a portfolio that an audit depends on: boundaries, sites, contracts, storage, links.

mod basis;
pub mod boundary;
pub mod contract;
pub mod disclosure;
pub mod extent;
pub mod fraction;
pub mod labels;
pub mod limits;
mod portfolio;
pub mod site;
pub mod storage;
pub mod timeline;
pub mod together;

pub use basis::FactorBasis;
pub use boundary::{BoundaryDef, FactorSource, LinkDef};
pub use contract::{CertificateRule, ContractDef, ContractKind, ProfileDef, Settlement, SharingRule};
pub use disclosure::{ControlApproach, Disclosure};
pub use extent::too_much;
pub(crate) use fraction::gcd_wide;
pub use fraction::{Fraction, FractionError};
pub use labels::Labels;
pub use portfolio::{DefinitionError, Definitions, MissingLoad};
pub use site::SiteDef;
pub use storage::StorageDef;
pub use timeline::{Change, Timeline};
