//! `hourmatch work update`

use crate::cli::common::{Args, Context, Format, Portfolio, SiteId, WorkId, fixed};
use crate::work::listing::After;
use crate::work::state::Update as Report;
use crate::work::{no_work, update};

pub const EXAMPLES: &str = "\
Every plan continues from the latest report; work without a report is assumed to have run as planned.

Examples:
  hourmatch work update batch-d1-1 --state running --done 0.42 --site ashburn
  hourmatch work update batch-d1-1 --done 50%
  hourmatch work update batch-d1-1 --last-checkpoint now-20min
  hourmatch work update batch-d1-1 --state done";

#[derive(Debug, Clone, Args)]
pub struct Update {
    /// Id of the work
    id: WorkId,
    /// queued, running, paused, done or cancelled
    #[arg(long)]
    state: Option<String>,
    /// Part done: 0.42 or 42%
    #[arg(long, value_name = "PART", value_parser = part)]
    done: Option<f64>,
    /// When its last checkpoint was completed
    #[arg(long, value_name = "T")]
    last_checkpoint: Option<String>,
    /// Site where it is
    #[arg(long)]
    site: Option<SiteId>,
    /// The instant this describes; default: now
    #[arg(long, value_name = "T")]
    at: Option<String>,
}

/// A part as a number, or in percent.
fn part(text: &str) -> Result<f64, String> {
    let (number, of) = text.trim().strip_suffix('%').map_or((text.trim(), 1.0), |number| (number.trim_end(), 100.0));
    let value: f64 = number.parse().map_err(|_| "write a part such as 0.42, or 42%".to_string())?;
    // In percent, a whole number stays exact: 20 % is 0.2.
    let value = value / of;
    if of > 1.0 && !(0.0..=1.0).contains(&value) { Err("is not between 0% and 100%".into()) } else { Ok(value) }
}

pub async fn run(context: &Context, portfolio: &Portfolio, args: &Update) -> anyhow::Result<()> {
    let Update { id, state, done, last_checkpoint, site, at } = args.clone();
    let report = Report { state, done, last_checkpoint, site, at };
    let store = context.store(portfolio).await?;
    let clock = context.clock;
    let state = update::apply(&store, portfolio, &id, &report, (clock.now(), clock.record_time())).await?;
    store.close().await;
    let state = state.ok_or_else(|| no_work(&id))?;
    context.out.committed();
    let done = state.done.map_or(String::new(), |done| format!(", {} % done", fixed(100.0 * done, 1)));
    context.out.say(&format!("{id} is {}{done}; the next plan continues from there", state.phase.name()));
    if context.format == Format::Json {
        context.out.json(&After::new(&id, &state, portfolio.definitions.synthetic))?;
    }
    Ok(())
}
