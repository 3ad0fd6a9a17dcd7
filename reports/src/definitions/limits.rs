//! Between what a portfolio's numbers lie, in base units: asked where the file is read and where a pack is checked.

/// Factors of a boundary: 10 000 g/kWh.
pub const FACTOR_MG_PER_KWH: i64 = 10_000_000;
/// The factor of a contract: 100 000 g/kWh.
pub const CONTRACT_FACTOR_MG_PER_KWH: i64 = 100_000_000;
/// Power and storage: a TW, and as much for an hour.
pub const POWER_W: i64 = 1_000_000_000_000;
pub const STORAGE_WH: i64 = 1_000_000_000_000;
/// Volume of a calendar year: a PWh.
pub const ANNUAL_WH: i64 = 1_000_000_000_000_000;
/// Parts of half a year over which efficiency is measured.
pub const EFFICIENCY_MONTHS: [u32; 4] = [1, 2, 3, 6];
/// How the grid's carbon-free share may be counted.
pub const CFE_BASES: [&str; 3] = ["production", "consumption", "residual"];
/// Thirty years of hours, almost three of five minutes: no report or base period of a profile is longer.
pub const INTERVALS: usize = 300_000;
