//! What was answered lately, in this process alone: who asks next is sent elsewhere among windows of equal price. It takes
//! no room.

use reports::time::{Instant, Interval};
use std::collections::VecDeque;

/// Answers are remembered this long, and so many of them.
const KEPT_S: i64 = 15 * 60;
const MOST: usize = 4_096;

#[derive(Debug, Clone, PartialEq)]
struct Sent {
    at: Instant,
    site: String,
    window: Interval,
    mw: f64,
}

#[derive(Debug, Clone, Default)]
pub struct Memory {
    sent: VecDeque<Sent>,
}

impl Memory {
    /// Remembers the window somebody was sent to.
    pub fn add(&mut self, site: &str, window: Interval, mw: f64, now: Instant) {
        while self.sent.front().is_some_and(|s| stale(s, now)) || self.sent.len() >= MOST {
            self.sent.pop_front();
        }
        self.sent.push_back(Sent { at: now, site: site.to_string(), window, mw });
    }

    /// Energy that earlier answers put into a window.
    pub fn mwh(&self, site: &str, window: Interval, now: Instant) -> f64 {
        let lately = self.sent.iter().filter(|s| s.site == site && !stale(s, now));
        lately.map(|s| s.mw * s.window.overlap_s(window) as f64 / 3_600.0).sum()
    }
}

/// A clock that was put back leaves nothing behind.
fn stale(sent: &Sent, now: Instant) -> bool {
    !(sent.at..sent.at + KEPT_S).contains(&now)
}
