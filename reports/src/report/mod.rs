//! The hourly matching report: the document that JSON, CSV, HTML and packs are made of.

pub mod backed;
pub mod build;
pub mod claims;
pub mod delta;
pub mod disclosed;
mod document;
mod factors_in_use;
pub mod intervals;
pub mod overlaps;
pub mod reconcile;
pub mod rows;
mod totals;
mod values;

pub use crate::exceptions::ExceptionRow;
pub use crate::inventory::Emissions;
pub use crate::matching::gap::Unmatched;
pub use crate::quality::{QualitySplit, TierSplit};
pub use crate::seal::manifest::{Period, RulesetRef};
pub use build::{Computed, ReportError, compute, compute_from};
pub use document::{
    AllocationRow, BoundaryReport, Claim, ClaimBasis, ContractReport, DeltaRow, Disclosed, EfficiencyWindow,
    FactorReport, IntervalRow, Outcome, OverlapReport, Reconciliation, Report, RestatementReport, RevisionReport,
    SCHEMA, Shared, SiteReport, StorageReport,
};
pub use totals::{Backed, Totals};
pub use values::{FactorValue, Figure, Listed, Scope, Told};
