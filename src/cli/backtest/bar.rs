//! How far a backtest is, and below that the decision it is at, on a terminal.

use crate::backtest::Progress;
use crate::cli::so_far::{self, Doing};
use crate::cli::waiting::Moving;
use crate::clock::Stopwatch;
use indicatif::{HumanDuration, ProgressBar};
use std::sync::Arc;
use std::time::Duration;

const LOOK: &str = "{bar:12} {pos}/{len} decisions, {wide_msg}\n{prefix}";

/// `limit_s` is that of each decision.
pub(super) fn start(total: usize, limit_s: Option<f64>, currency: &str, progress: &Arc<Progress>) -> Moving {
    let before = progress.done();
    let watch = Stopwatch::start();
    let (mut last, mut since) = (before, watch);
    let (progress, currency) = (progress.clone(), currency.to_string());
    Moving::start(begun(total, before), LOOK, move |shown| {
        let done = progress.done();
        if done != last {
            (last, since) = (done, Stopwatch::start());
        }
        let seconds = (watch.seconds(), since.seconds());
        let to_come = total.saturating_sub(done);
        shown.set_position(done as u64);
        shown.set_message(words(seconds, (before, done), to_come, limit_s));
        shown.set_prefix(decision(&progress, (done, to_come), (seconds.1, limit_s), &currency));
    })
}

/// Those made before count from the first look on.
fn begun(total: usize, done: usize) -> ProgressBar {
    ProgressBar::new(total as u64).with_position(done as u64)
}

/// The decision that is being made; empty once all are.
fn decision(
    progress: &Progress,
    (done, to_come): (usize, usize),
    (elapsed_s, limit_s): (f64, Option<f64>),
    currency: &str,
) -> String {
    let Some(seen) = progress.told.map(|told| told.seen()).filter(|_| to_come > 0) else { return String::new() };
    let what = format!("decision {}", done + 1);
    so_far::line(so_far::width(), &Doing { what: &what, elapsed_s, limit_s }, &seen, currency)
}

/// After so many seconds in all and since the last decision, with so many decisions made before, made by now, and to come.
fn words(
    (elapsed_s, since_s): (f64, f64),
    (before, done): (usize, usize),
    to_come: usize,
    limit_s: Option<f64>,
) -> String {
    let made = done - before;
    let whole = |s: f64| HumanDuration(Duration::from_secs(s.clamp(0.0, 1e9) as u64)).to_string();
    let elapsed = format!("{} so far", whole(elapsed_s));
    if to_come == 0 {
        return format!("{elapsed}; comparing with perfect foresight");
    }
    // This decision, which has begun, and those after it.
    let left = |each_s: f64| whole((each_s - since_s).max(0.0) + each_s * (to_come - 1) as f64);
    let pace = (made > 0).then(|| (elapsed_s - since_s) / made as f64);
    match (pace, limit_s) {
        (Some(pace), limit) => format!("{elapsed}, about {} left", left(pace.min(limit.unwrap_or(f64::INFINITY)))),
        (None, Some(limit)) => format!("{elapsed}, at most {} left", left(limit)),
        (None, None) => format!("{elapsed}, decision {} is being made", done + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_no_guess_before_the_first_decision_and_never_more_than_the_limit() {
        assert_eq!(words((7.0, 7.0), (0, 0), 4, None), "7 seconds so far, decision 1 is being made");
        assert_eq!(words((7.0, 7.0), (0, 0), 4, Some(20.0)), "7 seconds so far, at most 73 seconds left");
        assert_eq!(words((55.0, 5.0), (0, 1), 3, Some(20.0)), "55 seconds so far, about 55 seconds left");
        assert_eq!(words((15.0, 5.0), (0, 1), 3, Some(20.0)), "15 seconds so far, about 25 seconds left");
        // Kept ones took none of this time.
        assert_eq!(words((7.0, 7.0), (1, 1), 11, None), "7 seconds so far, decision 2 is being made");
        assert_eq!(words((55.0, 5.0), (3, 4), 3, Some(20.0)), "55 seconds so far, about 55 seconds left");
        // A decision that takes longer than those before it.
        assert_eq!(words((900.0, 890.0), (0, 1), 3, None), "15 minutes so far, about 20 seconds left");
        assert_eq!(words((600.0, 0.0), (0, 600), 8_160, None), "10 minutes so far, about 2 hours left");
        assert_eq!(words((80.0, 2.0), (0, 4), 0, Some(20.0)), "80 seconds so far; comparing with perfect foresight");
    }

    #[test]
    fn decisions_kept_from_before_count() {
        let bar = begun(12, 1);
        assert_eq!((bar.position(), bar.length()), (1, Some(12)));
    }
}
