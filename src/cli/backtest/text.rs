//! A backtest in the form asked for.

use crate::backtest::{self, Backtest};
use crate::cli::common::{Format, counted, table};
use crate::cli::output::Output;
use crate::plan::show;
use std::fmt::Write;

/// The result, and what a reader of it must know.
pub(super) fn print(out: &Output, form: Format, result: &Backtest) -> anyhow::Result<()> {
    show::grouped(&result.notes).iter().for_each(|note| out.say(&format!("note: {note}")));
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
        _ => out.data(&text(result)),
    }
}

fn text(result: &Backtest) -> String {
    let mut out = String::new();
    let synthetic = if result.synthetic { " (synthetic data)" } else { "" };
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "backtest{synthetic} {} to {}, a plan every {}, {:.1} MWh of load, {} with up to {:.1} MWh to run in it",
        result.from,
        result.to,
        result.every(),
        result.load_mwh,
        counted(result.pieces_of_work, "piece of work", "pieces of work"),
        result.work_mwh
    );
    // In lines, so that it fits a terminal.
    let cost = format!("cost\n{}", result.currency);
    let headings = [
        "strategy",
        "matched\nshare",
        "gain\nkept",
        "CFE\nscore",
        "unmatched\nMWh",
        "market-based\ng/kWh",
        "location-based\ng/kWh",
        "peak\nMW",
        "missed\nMWh",
        "work\ndone",
        cost.as_str(),
    ];
    let mut table = table::new(headings, 1..headings.len());
    for s in &result.strategies {
        let name = if s.feasible { s.name.to_string() } else { format!("{}\n(infeasible)", s.name) };
        table.add_row([vec![name], s.cells()].concat());
    }
    let _ = writeln!(out, "{table}");
    let named: Vec<String> = result.strategies.iter().map(|s| format!("{}: {}", s.name, s.words)).collect();
    let compared = match result.compares_infeasible() {
        true => "What is infeasible keeps no limit and is shown for comparison only.\n",
        false => "",
    };
    let _ = writeln!(
        out,
        "{}\n\
         market-based: unmatched energy at its fallback factor, by the hour; location-based: the grid's average.\n\
         {compared}\
         work done: against asap; what is due after the period may be left for then.",
        named.join("; ")
    );
    out
}
