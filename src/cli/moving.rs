//! A line or bar on a terminal that a thread of its own keeps moving: the work itself knows nothing of terminals.

use super::output;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
