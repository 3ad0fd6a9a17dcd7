//! A backtest for people.

use crate::backtest::{Backtest, StrategyResult};
use crate::cli::table;
use reports::words::counted;
use std::fmt::Write;

pub(super) fn text(result: &Backtest) -> String {
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
        table.add_row(row(s));
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

fn row(s: &StrategyResult) -> Vec<String> {
    let name = if s.feasible { s.name.to_string() } else { format!("{}\n(infeasible)", s.name) };
    [vec![name], s.cells()].concat()
}
