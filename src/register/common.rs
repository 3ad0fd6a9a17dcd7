//! What most of the files beside it work with.

pub(super) use crate::error::Fault;
pub(super) use crate::rejects::Rejects;
pub(super) use csv::StringRecord;
pub(super) use ids::ContractId;
pub(super) use reports::certificates::{Certificate, Status};
pub(super) use reports::received::Records;
pub(super) use reports::text::clip;
pub(super) use reports::time::Instant;
