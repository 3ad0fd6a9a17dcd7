//! What most of the files beside it work with.

pub(super) use super::file::File;
pub(super) use super::walk::Table;
pub(super) use crate::error::Fault;
pub(super) use crate::secret::Secret;
pub(super) use ids::{BoundaryId, SiteId};
pub(super) use reports::definitions::{ContractDef, ContractKind, Fraction, LinkDef, SiteDef};
pub(super) use reports::ruleset::Ruleset;
pub(super) use reports::series::name::is_id;
pub(super) use reports::text::did_you_mean;
pub(super) use reports::time::{Instant, Resolution, Zone};
pub(super) use serde::{Deserialize, Serialize};
pub(super) use toml::de::DeValue;
