//! Names of rows that bound power and GPUs. Unlike those of other rules' rows they are read, not only printed.

pub const CAPACITY: &str = "capacity";
pub const CONNECTION: &str = "connection";
pub const NO_EXPORT: &str = "no_export";
pub const EVENT: &str = "event";
/// Over several sites.
pub const LIMIT: &str = "limit";
pub const RAMP: &str = "ramp";
/// Of a demand charge.
pub const PEAK: &str = "peak";
pub const POOL: &str = "pool";
pub const ACCOUNT: &str = "account";
pub const ACCOUNT_HOURS: &str = "account_hours";
