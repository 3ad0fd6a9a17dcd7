//! An explanation for people.

use super::explanation::{Explanation, Stretch};
use reports::words::{counted, fixed, signed};
use std::fmt::Write;

const ROWS: usize = 8;

pub fn text(e: &Explanation) -> String {
    let mut out = String::new();
    let synthetic = if e.synthetic { " (synthetic data)" } else { "" };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{} in plan {}{synthetic}", e.work, e.plan);
    rows(&mut out, "  runs", &e.runs);
    if let Some(price) = e.price_per_mwh {
        let window =
            e.window_price_per_mwh.map_or(String::new(), |mean| format!(", {} over all it may use", fixed(mean, 2)));
        let _ = writeln!(out, "  its hours cost {} {} per IT MWh{window}", fixed(price, 2), e.currency);
    }
    match e.limits.split_first() {
        None if e.price_per_mwh.is_some() && e.kind != "training" => {
            let _ = writeln!(out, "  no limit binds: these are the cheapest hours it may use");
        }
        None => {}
        Some((first, rest)) => {
            let _ = writeln!(out, "  bound by {}", first.message);
            for limit in rest {
                let _ = writeln!(out, "      also {}", limit.message);
            }
        }
    }
    for other in &e.alternatives {
        let within = if other.within >= 0.005 { format!(" (within {:.2})", other.within) } else { String::new() };
        let unit = if other.cost.is_some() { format!(" {}", e.currency) } else { String::new() };
        let _ = writeln!(out, "  {}{unit}{within}", other.message);
        if !other.parts.is_empty() {
            let parts: Vec<String> =
                other.parts.iter().map(|p| format!("{} {}", p.code, signed(p.amount, 2))).collect();
            let _ = writeln!(out, "      of it {}", parts.join(", "));
        }
        // Training fills its hours either way.
        if e.kind != "training" {
            rows(&mut out, "      then", &other.runs);
        }
    }
    for note in &e.notes {
        let _ = writeln!(out, "  note: {note}");
    }
    out
}

fn rows(out: &mut String, head: &str, runs: &[Stretch]) {
    for s in runs.iter().take(ROWS) {
        let _ = writeln!(out, "{head} {} to {} at {}, {:.3} MW", s.start, s.end, s.site, s.mw);
    }
    if runs.len() > ROWS {
        let _ = writeln!(out, "{head} and {}", counted(runs.len() - ROWS, "more stretch", "more stretches"));
    }
}
