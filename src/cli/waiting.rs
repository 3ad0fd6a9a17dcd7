//! What is being computed, since when and how far it is, on a terminal: a thread of its own keeps it moving, so that the
//! work itself knows nothing of terminals.

use super::output;
use super::so_far::{self, Doing};
use crate::clock::Stopwatch;
use indicatif::{ProgressBar, ProgressStyle};
use solver::Progress;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const TICK: Duration = Duration::from_millis(120);

#[derive(Debug, Clone)]
pub(super) struct Moving {
    shown: ProgressBar,
    stop: Arc<AtomicBool>,
}

impl Moving {
    /// Draws again and again until it is finished; nothing where there is no terminal.
    pub fn start(bar: ProgressBar, look: &str, mut draw: impl FnMut(&ProgressBar) + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        if !output::on_terminal() {
            return Self { shown: ProgressBar::hidden(), stop };
        }
        if let Ok(style) = ProgressStyle::with_template(look) {
            bar.set_style(style);
        }
        let (shown, stopped) = (bar.clone(), stop.clone());
        std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                draw(&shown);
                std::thread::sleep(TICK);
            }
        });
        Self { shown: bar, stop }
    }

    pub fn finish(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.shown.finish_and_clear();
    }
}

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
}

/// Whatever ends what is waited for, nothing is drawn over what is said next.
impl Drop for Waiting {
    fn drop(&mut self) {
        self.moving.finish();
    }
}
