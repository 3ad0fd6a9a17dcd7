//! Series derived at read time, for plan, forecast, audit and verifier alike.

pub mod assemble;
pub mod boundary;
pub mod certified;
pub mod channels;
pub mod cut;
pub mod delivery;
pub mod estimate;
mod leaf;
pub mod legacy;
pub mod mix;
pub mod name;
pub mod needed;
pub mod pieces;
pub mod profile;
pub mod resample;
pub mod residual;

use crate::time::{Interval, Zone};
use ids::{ContractId, SiteId};
use name::{ContractLeaf, SeriesName};
use thiserror::Error;

/// The time zone that a definition names.
pub(crate) fn time_zone(name: &str) -> Result<Zone, SeriesError> {
    Zone::parse(name).map_err(|e| SeriesError::UnknownId(e.to_string(), "time zone"))
}

#[derive(Debug, Error, PartialEq, Eq, Clone)]
pub enum SeriesError {
    #[error("{series}: the reading {interval} crosses the edges of {minutes}-minute intervals{remedy}")]
    Straddles {
        series: String,
        interval: Interval,
        minutes: i64,
        /// The resolution that takes it, as the end of a sentence.
        remedy: String,
    },
    #[error(
        "{series}: the reading {interval} is longer than {minutes} minutes; generation is never spread flat: give a profile or finer readings{remedy}"
    )]
    LongGeneration { series: String, interval: Interval, minutes: i64, remedy: String },
    #[error("{series}: energy over {interval} is negative")]
    NegativeLoad { series: String, interval: Interval },
    #[error(
        "site {site}: load and a channel (import, export, onsite_generation) both have readings in {interval}; keep one of them"
    )]
    LoadAndChannels { site: SiteId, interval: Interval },
    #[error("{series}: energy sums past 2^63-1 Wh")]
    Overflow { series: String },
    #[error("site {site}: {missing} of {total} intervals have no load reading{part}, first {first}; {remedy}")]
    MissingLoad {
        site: SiteId,
        missing: usize,
        total: usize,
        /// ` for a part of them` where the first is not missing whole.
        part: &'static str,
        /// The first span that is missing.
        first: Interval,
        /// Names the series that lacks it.
        remedy: String,
    },
    #[error(
        "site {site}: {missing} of {total} intervals have no load reading and cannot be estimated, first {first}: {series} has no valid reading (measured, validated or calculated) at {local} local time within {days} days; ingest one, or readings of the missing intervals"
    )]
    NoEstimate {
        site: SiteId,
        series: String,
        missing: usize,
        total: usize,
        first: Interval,
        /// `14:00`, in the site's time zone.
        local: String,
        days: i64,
    },
    #[error(
        "contract {contract}: its profile series {series} has no positive reading in {over}; ingest that series, correct `over`, or remove `profile` where the contract is metered"
    )]
    EmptyProfile { contract: ContractId, series: String, over: Interval },
    #[error(
        "contract {contract}: {gaps} of {total} intervals of its profile's base period {over} have no reading of {series}; ingest them, correct `over`, or remove `profile` where the contract is metered"
    )]
    GappyProfile { contract: ContractId, series: String, gaps: usize, total: usize, over: Interval },
    #[error("`{0}` names a {1} that is not defined")]
    UnknownId(String, &'static str),
}

impl SeriesError {
    /// Generation of a contract that no figure holds.
    fn generation_overflow(contract: &ContractId) -> Self {
        Self::Overflow { series: SeriesName::contract(contract, ContractLeaf::Generation).into() }
    }
}
