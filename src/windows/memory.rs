//! What was answered lately, in this process alone: who asks next is sent elsewhere among windows of equal price. It takes
//! no room.

use reports::time::Interval;
use std::collections::VecDeque;

/// Answers are remembered this long, and so many of them.
const KEPT_S: i64 = 15 * 60;
const MOST: usize = 4_096;

#[derive(Debug, Clone, PartialEq)]
struct Sent {
    at_s: i64,
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
    pub fn add(&mut self, site: &str, window: Interval, mw: f64, now_s: i64) {
        while self.sent.front().is_some_and(|s| stale(s, now_s)) || self.sent.len() >= MOST {
            self.sent.pop_front();
        }
        self.sent.push_back(Sent { at_s: now_s, site: site.to_string(), window, mw });
    }

    /// Energy that earlier answers put into a window.
    pub fn mwh(&self, site: &str, window: Interval, now_s: i64) -> f64 {
        let lately = self.sent.iter().filter(|s| s.site == site && !stale(s, now_s));
        lately.map(|s| s.mw * s.window.overlap_s(window) as f64 / 3_600.0).sum()
    }
}

/// A clock that was put back leaves nothing behind.
fn stale(sent: &Sent, now_s: i64) -> bool {
    !(sent.at_s..sent.at_s + KEPT_S).contains(&now_s)
}
