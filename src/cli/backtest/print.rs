//! A result in the form asked for.

use super::text;
use crate::backtest::{self, Backtest};
use crate::cli::context::Format;
use crate::cli::output::Output;
use crate::plan::show;
use reports::words::counted;

/// The result, and what a reader of it must know.
pub(super) fn print(out: &Output, form: Format, result: &Backtest) -> anyhow::Result<()> {
    for note in show::grouped(&result.notes) {
        out.say(&format!("note: {note}"));
    }
    for s in result.strategies.iter().filter(|s| s.missed_mwh > 0.0) {
        out.say(&format!("{}: {:.3} MWh of work missed their deadline", s.name, s.missed_mwh));
    }
    for s in &result.strategies {
        if let (Some(decisions), Some(short @ 1..), Some(gap)) = (s.decisions, s.cut_short, s.largest_gap) {
            let of = counted(decisions, "decision", "decisions");
            let gap = 100.0 * gap;
            out.say(&format!(
                "{}: {short} of {of} ended at the time limit, with gaps of up to {gap:.2} %; a longer --time-limit may \
                 improve on it",
                s.name
            ));
        }
    }
    match form {
        Format::Json => out.json(result),
        Format::Html => out.raw(&backtest::page(result)?),
        _ => out.data(&text::text(result)),
    }
}
