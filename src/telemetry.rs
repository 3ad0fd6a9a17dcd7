//! Messages go to stderr: levels by HOURMATCH_LOG, `info` for the service, `warn` for commands. No colour: what others
//! wrote is made visible, escapes among it, and secrets are masked. And what went wrong in this process is counted here,
//! in one place.

use crate::secret::Talk;
use reports::time::Instant;
use serde::Serialize;
use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::task::JoinError;
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

/// Panics of the planning task without a turn between them that went well, from which on it counts as down.
const DOWN_AFTER: u64 = 5;

/// What went wrong since the process began.
#[derive(Debug, Default)]
pub struct Counts {
    counted: Mutex<Counted>,
    /// In a row: one turn that goes well begins anew.
    planner_panics: AtomicU64,
    planner_gone: AtomicBool,
    /// Why the last plan that was tried came to nothing; none since one was made.
    last_failure: Mutex<Option<String>>,
    /// Since when a plan is being made here; none while none is.
    planning_since: Mutex<Option<Instant>>,
}

/// The counts as they are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Of handlers and of the planning task, caught and logged.
    pub panics: u64,
    /// Attempts to plan that failed.
    pub failed_plans: u64,
    /// Connections refused because all there may be were at work.
    pub refused_connections: u64,
    /// Connections closed, while they asked nothing, to make room for others.
    pub closed_connections: u64,
}

fn held<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Counts {
    pub fn counted(&self) -> Counted {
        *held(&self.counted)
    }

    /// Logs and counts a panic that was caught.
    pub fn panicked(&self, at: &str, panic: &(dyn Any + Send)) {
        held(&self.counted).panics += 1;
        let message =
            panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        tracing::error!("{at} panicked: {}", message.unwrap_or("without a message"));
    }

    /// Logs and counts the panic of a task, where that is the cause of an error.
    pub fn note_panic(&self, at: &str, error: &anyhow::Error) {
        if error.chain().any(|cause| cause.downcast_ref().is_some_and(JoinError::is_panic)) {
            self.panicked(at, &error.to_string());
        }
    }

    pub fn plan_failed(&self, why: String) {
        held(&self.counted).failed_plans += 1;
        *held(&self.last_failure) = Some(why);
    }

    pub fn plan_made(&self) {
        *held(&self.last_failure) = None;
    }

    /// Why there is no newer plan, where one was tried.
    pub fn last_failure(&self) -> Option<String> {
        held(&self.last_failure).clone()
    }

    /// A plan is being made since then, or none is any more.
    pub fn planning(&self, since: Option<Instant>) {
        *held(&self.planning_since) = since;
    }

    pub fn planning_since(&self) -> Option<Instant> {
        *held(&self.planning_since)
    }

    pub fn connection_refused(&self) {
        held(&self.counted).refused_connections += 1;
    }

    pub fn connection_closed(&self) {
        held(&self.counted).closed_connections += 1;
    }

    pub fn planner_panicked(&self, panic: &(dyn Any + Send)) {
        self.planner_panics.fetch_add(1, Ordering::Relaxed);
        self.panicked("the planning task", panic);
    }

    /// The planning task did a turn.
    pub fn planner_well(&self) {
        self.planner_panics.store(0, Ordering::Relaxed);
    }

    /// Nobody starts the planning task again.
    pub fn planner_ended(&self) {
        self.planner_gone.store(true, Ordering::Relaxed);
    }

    /// Whether plans are made on time at all.
    pub fn planner_down(&self) -> bool {
        self.planner_gone.load(Ordering::Relaxed) || self.planner_panics.load(Ordering::Relaxed) >= DOWN_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_planner_is_down_when_it_panics_again_and_again_and_up_after_a_turn() {
        let counts = Counts::default();
        for _ in 1..DOWN_AFTER {
            counts.planner_panicked(&"x");
        }
        assert!(!counts.planner_down());
        counts.planner_panicked(&String::from("x"));
        assert!(counts.planner_down());
        counts.planner_well();
        assert!(!counts.planner_down());
        assert_eq!(counts.counted().panics, DOWN_AFTER);
        counts.planner_ended();
        assert!(counts.planner_down());
    }
}
