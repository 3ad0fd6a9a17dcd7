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

/// How many of each table a portfolio has. What holds between them is checked pair by pair: this many in seconds.
pub const BOUNDARIES: usize = 500;
pub const SITES: usize = 2_000;
pub const CONTRACTS: usize = 2_000;
pub const STORAGE: usize = 2_000;
pub const LINKS: usize = 500;
/// Characters of the name that people are shown of a site or a contract.
pub const DISPLAY_NAME: usize = 80;
/// Changes by date of all sites, and of all contracts.
pub const CHANGES: usize = 1_000;

/// Intervals times boundaries, sites, contracts and storages: what a report holds of each.
pub const CELLS: usize = 30_000_000;
/// Intervals times sites that contracts serve: rows that a ledger may come to.
pub const ALLOCATIONS: usize = 150_000_000;

/// Rows of a pack's inputs. Who makes a pack is held to them like who checks one.
pub const READINGS: usize = 20_000_000;
pub const CERTIFICATES: usize = 1_000_000;
pub const INVOICES: usize = 1_000_000;
pub const REVISIONS: usize = 1_000_000;
/// Files that readings and bills came in, and all files of a pack.
pub const RECEIVED: usize = 100_000;
pub const FILES: usize = RECEIVED + 3_000;
/// Earlier packs that share hours with a period, and bytes of earlier packs that one carries.
pub const OVERLAPS: usize = 1_000;
pub const CARRIED_BYTES: u64 = 1 << 30;
/// Spans that the checks at the door doubt.
pub const SUSPECTS: usize = 100_000;
/// Spans that sources gave in place of better ones.
pub const FALLBACKS: usize = 100_000;
