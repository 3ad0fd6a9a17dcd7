//! `hourmatch backtest`

use super::context::{Context, Format};
use super::output::Exit;
use crate::backtest::{self, Progress, Request, Strategy, StrategyResult};
use crate::clock::{Stopwatch, parse_duration, parse_when};
use crate::error::Problem;
use clap::Args;
use comfy_table::{CellAlignment, Table, presets::UTF8_FULL_CONDENSED};
use indicatif::{ProgressBar, ProgressStyle};
use reports::time::Interval;
use reports::words::counted;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const AFTER: &str = "\
Work comes from the work list, each piece seen from its release; supply, grid and firm load are the stored readings, \
each seen when its source would have published it. `lp` uses forecasts learnt from the years before the period.
Strategies: asap (as submitted), lowest-intensity (per-job advice, ignoring limits), clean-first (greedy), lp (the \
planner), lp-perfect (foresight). asap and lp-perfect always run: `gain_kept` is the part of their difference kept.

Examples:
  hourmatch backtest --from 2026-03-23 --to 2026-03-25
  hourmatch backtest --from 2026-03-16 --to 2026-03-23 --strategy lp \\
      --every 24h --format json
  hourmatch backtest --from 2026-03-16 --to 2026-03-23 --every 12h \\
      -o backtest.html";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Backtest {
    /// Start: RFC 3339 with offset, or a date in the portfolio's time zone
    #[arg(long, value_name = "T")]
    from: String,
    /// End, exclusive
    #[arg(long, value_name = "T")]
    to: String,
    /// Strategy; repeat for several. Default: asap, lowest-intensity, lp and lp-perfect
    #[arg(long = "strategy", value_name = "S")]
    strategies: Vec<String>,
    /// How often to re-plan
    #[arg(long, default_value = "1h", value_name = "D")]
    every: String,
    /// How far ahead each plan looks
    #[arg(long, default_value = "48h", value_name = "D")]
    horizon: String,
}

pub async fn run(context: &Context, args: &Backtest) -> anyhow::Result<Exit> {
    let form = context.form(&[Format::Text, Format::Json, Format::Html])?;
    let portfolio = context.portfolio()?;
    let request = request(context, args, &portfolio)?;
    let store = context.store(&portfolio).await?;
    let started = Stopwatch::start();
    let progress = Arc::new(Progress::default());
    let bar = bar(&request, &progress);
    let done = backtest::run(&store, &portfolio, &request, &progress).await;
    bar.finish();
    let result = done?;
    context.out.say(&format!("{} in {:.1} s", counted(progress.done(), "decision", "decisions"), started.seconds()));
    for note in &result.notes {
        context.out.say(&format!("note: {}", note.message));
    }
    for s in result.strategies.iter().filter(|s| s.missed_mwh > 0.0) {
        context.out.say(&format!("{}: {:.3} MWh of work missed their deadline", s.name, s.missed_mwh));
    }
    match form {
        Format::Json => context.out.json(&result)?,
        Format::Html => context.out.raw(&backtest::page(&result)?)?,
        _ => context.out.data(&text(&result))?,
    }
    store.close().await;
    Ok(Exit::Done)
}

fn request(context: &Context, args: &Backtest, portfolio: &crate::portfolio::Portfolio) -> anyhow::Result<Request> {
    let at = |text: &str| parse_when(text, context.clock.now_s(), portfolio.zone);
    let period = Interval { start_s: at(&args.from)?, end_s: at(&args.to)? };
    if period.end_s <= period.start_s {
        return Err(Problem::new("--to is not after --from").hint("--from 2022-01-01 --to 2023-01-01").into());
    }
    let step_s = portfolio.resolution().seconds();
    let (every_s, horizon_s) = (parse_duration(&args.every)?, parse_duration(&args.horizon)?);
    if every_s < step_s || every_s % step_s != 0 {
        let minutes = step_s / 60;
        return Err(Problem::new(format!("--every is not a multiple of the resolution, {minutes} min"))
            .hint("--every 1h")
            .into());
    }
    if horizon_s < every_s || horizon_s > 31 * 86_400 {
        return Err(Problem::new("--horizon is shorter than --every, or longer than 31 days")
            .hint("--horizon 48h")
            .into());
    }
    let strategies = if args.strategies.is_empty() {
        Strategy::USUAL.to_vec()
    } else {
        args.strategies.iter().map(|name| Strategy::parse(name)).collect::<Result<_, _>>()?
    };
    let request = Request { period, strategies, every_s, horizon_s };
    backtest::check(portfolio, &request)?;
    Ok(request)
}

/// A bar that a thread of its own keeps moving: the work itself knows nothing of terminals.
struct Bar {
    shown: ProgressBar,
    stop: Arc<AtomicBool>,
}

impl Bar {
    fn finish(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.shown.finish_and_clear();
    }
}

fn bar(request: &Request, progress: &Arc<Progress>) -> Bar {
    let stop = Arc::new(AtomicBool::new(false));
    if !super::output::on_terminal() {
        return Bar { shown: ProgressBar::hidden(), stop };
    }
    let shown = ProgressBar::new(backtest::decisions(request) as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} decisions, {eta} left") {
        shown.set_style(style);
    }
    let (moving, progress, stopped) = (shown.clone(), progress.clone(), stop.clone());
    std::thread::spawn(move || {
        while !stopped.load(Ordering::Relaxed) {
            moving.set_position(progress.done() as u64);
            std::thread::sleep(Duration::from_millis(150));
        }
    });
    Bar { shown, stop }
}

fn text(result: &backtest::Backtest) -> String {
    let mut out = String::new();
    let synthetic = if result.synthetic { " (synthetic data)" } else { "" };
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "backtest{synthetic} {} to {}, a plan every {} min, {:.1} MWh of load, {} with {:.1} MWh",
        result.from,
        result.to,
        result.every_minutes,
        result.load_mwh,
        counted(result.pieces_of_work, "piece of work", "pieces of work"),
        result.work_mwh
    );
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header([
        "strategy",
        "matched share",
        "gain kept",
        "CFE score",
        "unmatched MWh",
        "market-based g/kWh",
        "location-based g/kWh",
        "peak MW",
        "missed MWh",
        "work done",
        "cost",
    ]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for s in &result.strategies {
        table.add_row(row(s));
    }
    let _ = writeln!(out, "{table}");
    let _ = writeln!(
        out,
        "market-based: unmatched energy at its fallback factor, by the hour; location-based: the grid's average. \
         lowest-intensity keeps no limit and is shown for comparison only. \
         work done: against asap; what is due after the period may be left for then."
    );
    out
}

fn row(s: &StrategyResult) -> Vec<String> {
    let name = if s.feasible { s.name.to_string() } else { format!("{} (infeasible)", s.name) };
    [vec![name], s.cells()].concat()
}
