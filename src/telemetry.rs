//! Talk goes to stderr: levels by HOURMATCH_LOG, `info` for the service, `warn` for commands. No colour: what others
//! wrote is made visible, escapes among it.

use reports::text::Visible;
use tracing_subscriber::EnvFilter;

pub fn start(filter: Option<&str>, default: &str) {
    let filter = EnvFilter::try_new(filter.unwrap_or(default)).unwrap_or_else(|_| EnvFilter::new(default));
    // A second start, as in tests, keeps the first.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| Visible::new(std::io::stderr()))
        .with_ansi(false)
        .with_target(false)
        .try_init();
}
