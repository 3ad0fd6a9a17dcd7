//! What is being computed, since when and how far it is, on a terminal.

use super::moving::Moving;
use super::so_far::{self, Doing};
use crate::clock::Stopwatch;
use indicatif::ProgressBar;
use solver::Progress;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) struct Waiting {
    moving: Moving,
    /// What is done, and since when.
    doing: Arc<Mutex<(String, Stopwatch)>>,
}

impl Waiting {
    /// `limit_s` is that of each thing said.
    pub fn start(what: &str, limit_s: Option<f64>, currency: &str) -> Self {
        let doing = Arc::new(Mutex::new((what.to_string(), Stopwatch::start())));
        let (seen_doing, currency) = (doing.clone(), currency.to_string());
        let moving = Moving::start(ProgressBar::new_spinner(), "{spinner} {wide_msg}", move |shown| {
            let (what, since) = seen_doing.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let doing = Doing { what: &what, elapsed_s: since.seconds(), limit_s };
            let seen = so_far::told().map(Progress::seen);
            let line = seen.map(|seen| so_far::line(so_far::width(), &doing, &seen, &currency));
            shown.set_message(line.unwrap_or_default());
            shown.tick();
        });
        Self { moving, doing }
    }

    /// What comes next; its time counts from now.
    pub fn say(&self, what: &str) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = (what.to_string(), Stopwatch::start());
    }

    pub fn finish(&self) {
        self.moving.finish();
    }
}

/// Whatever ends what is waited for, nothing is drawn over what is said next.
impl Drop for Waiting {
    fn drop(&mut self) {
        self.finish();
    }
}
