//! What is being computed, since when and how far it is, on a terminal. A thread of its own keeps it moving: what is solved
//! knows nothing of terminals.

use super::output;
use super::so_far::{self, Doing};
use crate::clock::Stopwatch;
use indicatif::{ProgressBar, ProgressStyle};
use solver::Progress;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const TICK: Duration = Duration::from_millis(120);

pub(super) struct Waiting {
    shown: ProgressBar,
    /// What is done, and since when.
    doing: Arc<Mutex<(String, Stopwatch)>>,
    stop: Arc<AtomicBool>,
}

impl Waiting {
    /// `limit_s` is that of each thing said.
    pub fn start(what: &str, limit_s: Option<f64>, currency: &str) -> Self {
        let doing = Arc::new(Mutex::new((what.to_string(), Stopwatch::start())));
        let stop = Arc::new(AtomicBool::new(false));
        if !output::on_terminal() {
            return Self { shown: ProgressBar::hidden(), doing, stop };
        }
        let shown = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            shown.set_style(style);
        }
        let waiting = Self { shown, doing, stop };
        waiting.keep_moving(limit_s, currency.to_string());
        waiting
    }

    fn keep_moving(&self, limit_s: Option<f64>, currency: String) {
        let (shown, doing, stop) = (self.shown.clone(), self.doing.clone(), self.stop.clone());
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let (what, since) = doing.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let doing = Doing { what: &what, elapsed_s: since.seconds(), limit_s };
                let seen = so_far::told().map(Progress::seen);
                let line = seen.map(|seen| so_far::line(so_far::width(), &doing, &seen, &currency));
                shown.set_message(line.unwrap_or_default());
                shown.tick();
                std::thread::sleep(TICK);
            }
        });
    }

    /// What comes next; its time counts from now.
    pub fn say(&self, what: &str) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = (what.to_string(), Stopwatch::start());
    }

    pub fn finish(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.shown.finish_and_clear();
    }
}

/// Whatever ends what is waited for, nothing is drawn over what is said next.
impl Drop for Waiting {
    fn drop(&mut self) {
        self.finish();
    }
}
