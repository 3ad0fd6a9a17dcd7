//! What is being computed, and since when, on a terminal.

use super::output;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use std::time::Duration;

const TICK: Duration = Duration::from_millis(120);

pub(super) struct Waiting {
    shown: ProgressBar,
    /// "of at most a minute", where there is a limit.
    most: String,
}

impl Waiting {
    /// `limit_s` is that of each thing said.
    pub fn start(what: &str, limit_s: Option<f64>) -> Self {
        let most = limit_s.map_or_else(String::new, |s| {
            format!(" of at most {}", HumanDuration(Duration::from_secs(s.clamp(0.0, 1e9) as u64)))
        });
        let shown = if output::on_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}{prefix}") {
            shown.set_style(style);
        }
        let waiting = Self { shown, most };
        waiting.say(what);
        waiting.shown.enable_steady_tick(TICK);
        waiting
    }

    /// What comes next; its time counts from now.
    pub fn say(&self, what: &str) {
        self.shown.reset_elapsed();
        self.shown.set_prefix(self.most.clone());
        self.shown.set_message(what.to_string());
    }

    pub fn finish(&self) {
        self.shown.finish_and_clear();
    }
}
