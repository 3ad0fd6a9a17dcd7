//! Talk goes to stderr: levels by HOURMATCH_LOG, `info` for the service, `warn` for commands. No colour: what others
//! wrote is made visible, escapes among it, and secrets are masked.

use crate::secret::Talk;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;

/// Modules that log urls and lines of password files as they stand.
const SILENT: [&str; 2] = ["sqlx_postgres::options::parse=off", "sqlx_postgres::options::pgpass=off"];

pub fn start(filter: Option<&str>, default: &str) {
    let filter = EnvFilter::try_new(filter.unwrap_or(default)).unwrap_or_else(|_| EnvFilter::new(default));
    let silent = SILENT.iter().filter_map(|text| text.parse::<Directive>().ok());
    let filter = silent.fold(filter, EnvFilter::add_directive);
    // A second start, as in tests, keeps the first.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| Talk::new(std::io::stderr()))
        .with_ansi(false)
        .with_target(false)
        .try_init();
}

/// A defect is said like everything else.
pub fn say_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let mut talk = Talk::new(std::io::stderr());
        let _ = writeln!(talk, "hourmatch {panic}");
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            let _ = writeln!(talk, "{trace}");
        }
    }));
}
