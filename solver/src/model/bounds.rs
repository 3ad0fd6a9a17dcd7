//! Names of rows that bound power, GPUs and energy. Unlike those of other rules' rows they are read, not only printed.

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
/// Of work in a step.
pub const PIN: &str = "pin";
/// Of energy left for later, by a day.
pub const FREE_LATER: &str = "free_later";
