//! `hourmatch backtest`

mod bar;
mod keep;
mod text;

use super::common::{Args, Context, Fault, Format, Interval, Portfolio, counted};
use super::so_far;
use crate::backtest::{self, Progress, Request, Strategy};
use crate::clock::{Stopwatch, parse_duration, parse_when};
use crate::work::word;
use keep::{Interrupt, Keeper};
use std::sync::Arc;

const AFTER: &str = "\
Work comes from the work list, each piece visible from its release; supply, grid and firm load are the stored \
readings, each visible once its source would have published it. `lp` uses forecasts learnt from the years before the \
period.
Ctrl-C prints the results so far; the same command then continues from there.
Strategies: asap (as submitted), lowest-intensity (per-job advice, ignoring limits), clean-first (greedy), lp (the \
planner), lp-perfect (foresight). asap and lp-perfect always run: `gain_kept` is the part of their difference kept.

Examples:
  hourmatch backtest --from 2026-03-23 --to 2026-03-25
  hourmatch backtest --from 2026-03-16 --to 2026-03-23 --strategy lp \\
      --every 24h --format json
  hourmatch backtest --from 2026-03-23 --to 2026-03-25 --every 12h \\
      --time-limit 20s
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
    /// Time limit of each decision, as closely as the solver can be stopped. Default: none, so that results repeat; jobs with 1 000 or more possible starts in all are then placed without branch and bound
    #[arg(long, value_name = "D")]
    time_limit: Option<String>,
    /// Start from the beginning, ignoring what an interrupted run has left
    #[arg(long)]
    afresh: bool,
}

pub async fn run(context: &Context, args: &Backtest) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json, Format::Html])?;
    let portfolio = context.portfolio()?;
    let request = request(context, args, &portfolio)?;
    let store = context.store(&portfolio).await?;
    let keeper = Keeper::new(context, &backtest::key(&store, &portfolio, &request).await?);
    let left = if args.afresh { backtest::Kept::default() } else { keeper.left() };
    let total = backtest::decisions(&request);
    if left.decisions() > 0 {
        let of = counted(total, "decision", "decisions");
        context.out.say(&format!("continuing after {} of {of}; --afresh starts from the beginning", left.decisions()));
    }
    let progress = Arc::new(Progress::from(left, so_far::told()));
    let bar = bar::start(total, request.time_limit_s, &portfolio.definitions.currency, &progress);
    let interrupt = Interrupt {
        store: store.clone(),
        portfolio: portfolio.clone(),
        request: request.clone(),
        form: context.format,
        total,
        bar: bar.clone(),
    };
    let waiting = tokio::spawn(interrupt.wait(context.out.clone(), progress.clone(), keeper.clone()));
    let saving = tokio::spawn(keeper.clone().save_now_and_then(progress.clone()));
    let started = Stopwatch::start();
    let done = backtest::run(&store, &portfolio, &request, &progress).await;
    bar.finish();
    for task in [saving, waiting] {
        task.abort();
        let _ = task.await;
    }
    let result = done?;
    keeper.forget();
    context.out.say(&format!("{} in {:.1} s", counted(progress.done(), "decision", "decisions"), started.seconds()));
    text::print(&context.out, context.format, &result)?;
    store.close().await;
    Ok(())
}

fn request(context: &Context, args: &Backtest, portfolio: &Portfolio) -> anyhow::Result<Request> {
    let at = |text: &str| parse_when(text, context.clock.now(), portfolio.zone);
    let period = Interval { start: at(&args.from)?, end: at(&args.to)? };
    Fault::refuse_if(period.end <= period.start, "--to is not after --from", "--from 2022-01-01 --to 2023-01-01")?;
    let step_s = portfolio.resolution().seconds();
    let (every_s, horizon_s) = (parse_duration(&args.every)?, parse_duration(&args.horizon)?);
    let what = format!("--every is not a multiple of the resolution, {} min", step_s / 60);
    Fault::refuse_if(every_s < step_s || every_s % step_s != 0, &what, "--every 1h")?;
    let what = "--horizon is shorter than --every, or longer than 31 days";
    Fault::refuse_if(horizon_s < every_s || horizon_s > 31 * 86_400, what, "--horizon 48h")?;
    let strategies = if args.strategies.is_empty() {
        Strategy::USUAL.to_vec()
    } else {
        args.strategies.iter().map(|name| word::<Strategy>("strategy", name)).collect::<Result<_, _>>()?
    };
    let time_limit_s = args.time_limit.as_deref().map(parse_duration).transpose()?.map(|s| s as f64);
    let request = Request { period, strategies, every_s, horizon_s, time_limit_s };
    backtest::check(portfolio, &request)?;
    Ok(request)
}
