//! What may be wrong with a time.

use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq, Clone)]
pub enum TimeError {
    #[error("`{0}` has no UTC offset; write 2026-03-29T01:30:00Z or 2026-03-29T03:30:00+02:00")]
    NoOffset(String),
    #[error("`{0}` is not an RFC 3339 time such as 2022-01-01T00:00:00Z")]
    NotATime(String),
    #[error("`{0}` has an offset without its minutes or the colon; write Z, +00:00 or +02:00")]
    ShortOffset(String),
    #[error("`{0}` has a fraction of a second; intervals are whole seconds")]
    Fraction(String),
    #[error("`{0}` names the end of a day by 24:00; write the start of the next, {1}")]
    EndOfDay(String, String),
    #[error("the end {end} is not after the start {start}")]
    Backwards { start: String, end: String },
    #[error("`{0}` lies outside the years 1970 to 9999")]
    OutOfRange(String),
    #[error("`{0}` is not a time zone of the IANA database, such as Europe/Berlin")]
    UnknownZone(String),
    #[error("{local} does not exist in {zone}: clocks jump over it")]
    Skipped { local: String, zone: String },
    #[error("{local} is ambiguous in {zone}: clocks go back over it; give the offset")]
    Repeated { local: String, zone: String },
    #[error("`{0}` is not a resolution; use 5min, 15min, 30min or 60min")]
    Resolution(String),
    #[error("{start} to {end} does not lie on the {minutes}-minute UTC grid")]
    OffGrid { start: String, end: String, minutes: i64 },
}
