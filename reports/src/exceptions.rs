//! Codes of what an auditor should know, each with what it means: the one list of them.

use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Something an auditor should know, over one or more consecutive intervals.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct ExceptionRow {
    pub code: Cow<'static, str>,
    pub series: String,
    pub start: Instant,
    pub end: Instant,
    pub wh: i64,
    pub message: String,
}

/// A constant for each code, and the table of all with what they mean.
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $table:ident { $($name:ident = $code:literal: $meaning:literal;)+ }) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)+

        $(#[$doc])*
        pub const $table: &[(&str, &str)] = &[$(($name, $meaning),)+];
    };
}

codes! {
    /// In a report's `exceptions` and a pack's `exceptions.csv`.
    ALL {
        ESTIMATED_LOAD = "estimated_load": "load not metered: estimated, and never matched";
        SPREAD_LOAD = "spread_load": "a reading of load longer than an interval, or across its edges: spread flat";
        SPREAD_GENERATION = "spread_generation": "a reading of generation off the hours of UTC: spread flat";
        MISSING_GENERATION = "missing_generation": "generation not metered: counted as zero";
        PARTIAL_GENERATION = "partial_generation": "generation metered for a part of an interval: only that counts";
        NEGATIVE_GENERATION = "negative_generation":
            "readings of generation below zero, which count as 0: how many on a local day, and their sum";
        PROFILE_INCOMPLETE = "profile_incomplete": "a profile's base period lacks readings";
        MISSING_STORAGE = "missing_storage": "storage not metered for all of an interval: only what is there counts";
        STORAGE_OPENING_UNKNOWN = "storage_opening_unknown":
            "no state of charge at the start: the least that the readings allow, none of it clean";
        DISCHARGE_BEYOND_CHARGE = "discharge_beyond_charge":
            "more discharge than was held at the start and charged since: of unknown origin, never clean";
        NET_EXPORT = "net_export": "a site exported more than it imported: purchased energy is 0 there";
        UNBACKED = "unbacked": "shaped volume that the plant did not generate in the interval";
        OVERSOLD = "oversold": "more was sold on than the contract delivered: nothing of the interval is left";
        LEGACY_PROVISIONAL = "legacy_provisional": "part of a calendar year: the spread over load is provisional";
        NO_CERTIFICATES = "no_certificates": "certificates are required, and energy without them does not count";
        CERTIFICATES_WITHOUT_METER = "certificates_without_meter": "the device of certificates has no known meter";
        CERTIFICATES_OVER_METER = "certificates_over_meter": "one issuance alone is more than its device's meter";
        CERTIFICATES_ISSUED_TWICE = "certificates_issued_twice": "several issuances cover the same production";
        CERTIFICATES_PARTLY_METERED = "certificates_partly_metered":
            "the device of certificates is metered for a part of what they cover";
        MISSING_CFE_SHARE = "missing_cfe_share": "the grid's carbon-free share is not known: counted as 0";
        MISSING_INTENSITY = "missing_intensity":
            "the grid's intensity is not known: the period's highest is used, or no figure is made";
        MISSING_VOLUME = "missing_volume": "a certificate volume is not known: counted as 0 in the residual mix";
        ISSUED_OVER_PRODUCTION = "issued_over_production":
            "more certificates than the fuel produced: nothing of it is left in the residual mix";
        MISSING_PRICE = "missing_price": "a price of the price test is not known: the test fails";
        OWNERSHIP_NOT_STATED = "ownership_not_stated":
            "equity share without an ownership share of the site: its emissions count whole";
        SCOPE_1_ONSITE = "scope_1_onsite": "own generation that is not carbon-free is Scope 1";
        SCOPE_1_FACTOR_UNKNOWN = "scope_1_factor_unknown":
            "its Scope 1 emissions are not known: its technology is not stated, or has no factor";
        SCOPE_1_BIOGENIC = "scope_1_biogenic": "its direct factor is 0, because its CO2 is biogenic";
        SUSPECT_CAPACITY = "suspect_capacity":
            "readings above the capacity that the portfolio states: suspect, counted as received";
        SUSPECT_UNIT = "suspect_unit":
            "readings a thousand or a million times off, as of a wrong unit: suspect, counted as received";
        SUSPECT_REGISTER = "suspect_register":
            "readings that only rise, like a meter's register: suspect, counted as received";
        SUSPECT_SPIKE = "suspect_spike":
            "a reading far off its neighbours or its past: suspect, counted as received";
        SUSPECT_FROZEN = "suspect_frozen":
            "the same value for longer than ever before: suspect, counted as received";
        SUSPECT_NIGHT = "suspect_night": "solar generation while the sun is down: suspect, counted as received";
        SUSPECT_PARTS = "suspect_parts":
            "fuels that do not add up to demand as they did: suspect, counted as received";
        SUSPECT_SHIFT = "suspect_shift":
            "a week's days that begin hours off the weeks before: suspect, counted as received";
        SUSPECT_FUTURE = "suspect_future":
            "a measured value recorded before its interval ended: suspect, counted as received";
        FALLBACK_SOURCE = "fallback_source": "readings of a source that stood in for a better one, which was stale";
    }
}
