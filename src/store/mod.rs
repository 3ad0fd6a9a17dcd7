//! Rows in, rows out: SQLite (embedded default) and PostgreSQL behind one type and one SQL text.
//!
//! Writers are serialised: `BEGIN IMMEDIATE` on SQLite, an advisory lock on PostgreSQL. Every write is
//! one transaction, so a killed process leaves all of it or nothing. Reads never wait for writers.

pub mod bulk;
pub mod certificates;
pub mod faults;
pub mod feeds;
pub mod files;
pub mod forecasts;
mod from_row;
pub mod gzip;
mod handle;
pub mod invoices;
mod lease;
pub mod location;
mod migrate;
mod open;
pub mod plans;
pub mod portfolios;
mod postgres;
pub mod readings;
pub mod reservations;
pub mod retention;
pub mod revisions;
mod schema;
pub mod settlements;
pub mod slots;
mod sqlite;
pub mod stand_ins;
mod statement;
pub mod taken;
mod watch;
pub mod withdrawals;
pub mod withdrawn;
pub mod work;

pub use handle::{Store, Write, unreadable};
pub use lease::Pools;

// What most tables are read and written with.
use from_row::{Columns, Row, from_row};
use reports::time::{Instant, Interval, RecordTime};
use sqlx::AssertSqlSafe;
use statement::values;
