//! `hourmatch explain`

use super::common::{Args, Context, Fault, Format, Kind, WorkId, parse_duration, parse_when};
use super::so_far;
use super::waiting::Waiting;
use crate::plan::basis::Basis;
use crate::plan::explain;
use crate::plan::show::{Beside, Shown};
use crate::store::plans;

const AFTER: &str = "\
Prices are the plan's: what one more IT MWh costs at that site and hour. Costs of alternatives are differences between \
plans: the stored problem is solved again with the piece elsewhere and everything else free to adjust.

Examples:
  hourmatch explain batch-d1-4
  hourmatch explain batch-d1-4 --at 2026-03-30T12:00Z   # had it started then
  hourmatch explain batch-d1-4 --time-limit 2m          # search for longer
  hourmatch explain batch-d1-4 --format json";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Explain {
    /// The piece of work
    work: WorkId,
    /// Plan id; default: the current plan
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Also say what starting then would cost
    #[arg(long, value_name = "T")]
    at: Option<String>,
    /// Time limit for finding the plan again, and as much for all alternatives together. Default: the plan's own
    #[arg(long, value_name = "D")]
    time_limit: Option<String>,
}

pub async fn run(context: &Context, args: &Explain) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    let store = context.store(&portfolio).await?;
    let at = args.at.as_deref().map(|text| parse_when(text, context.clock.now(), portfolio.zone)).transpose()?;
    let plan = context.plan(&store, args.plan.as_deref()).await?;
    let inputs = |what: String, kind: Kind| Fault::new(format!("the inputs of plan {} {what}", plan.id)).kind(kind);
    let gone =
        || inputs("are no longer kept".into(), Kind::NotFound).hint("plan again, and explain that: hourmatch plan");
    let packed = plans::problem(&store, &plan.id).await?.ok_or_else(gone)?;
    store.close().await;
    let unread =
        |e: anyhow::Error| inputs(format!("cannot be read: {e}"), Kind::Stored).hint("plan again: hourmatch plan");
    let basis = Basis::unpack(&packed).map_err(unread)?;
    let time_limit_s = args.time_limit.as_deref().map(parse_duration).transpose()?.map(|s| s as f64);
    let currency = portfolio.definitions.currency.as_str();
    let spinner = Waiting::start("solving the plan's problem again", time_limit_s.or(basis.time_limit_s), currency);
    let say = |what: &str| spinner.say(&format!("solving: {what}"));
    let told = so_far::told();
    let ask = explain::Ask { work: &args.work, at, time_limit_s, currency, say: &say, told };
    let explanation = tokio::task::block_in_place(|| explain::explain(&plan, &basis, &ask));
    drop(spinner);
    let explanation = explanation?;
    match context.format {
        Format::Json => context.out.json(&explanation),
        _ => {
            let beside = Beside::default();
            let shown = Shown { plan: &plan, portfolio: &portfolio, before: None, beside: &beside };
            context.out.data(&explain::text(&explanation, &shown))
        }
    }
}
