//! `hourmatch work add`, and how work is stored and reported as added.

use crate::cli::common::{
    AccountId, Args, Context, Fault, PoolId, Portfolio, SiteId, WorkId, counted, json, parse_when,
};
use crate::work::add::{self, Counts};
use crate::work::{Kind, Preempt, Work, known, word};

pub const EXAMPLES: &str = "\
Examples:
  hourmatch work add nightly-eval --energy-mwh 12 --max-mw 4 --deadline now+24h
  hourmatch work add sweep --gpus 64 --hours 6 --count 20 --deadline now+72h
  hourmatch work add llm-70b --kind training --gpus 4096 --hours 500 \\
      --deadline now+40d";

#[derive(Debug, Args)]
pub struct Add {
    /// Id of the work
    id: WorkId,
    /// batch or training
    #[arg(long, default_value = "batch")]
    kind: String,
    /// IT energy it needs, before PUE
    #[arg(long)]
    energy_mwh: Option<f64>,
    /// Maximum IT power; default: that of its GPUs, else the largest capacity of its sites
    #[arg(long)]
    max_mw: Option<f64>,
    /// Pool whose GPUs it runs on
    #[arg(long)]
    pool: Option<PoolId>,
    /// GPUs it runs on
    #[arg(long)]
    gpus: Option<f64>,
    /// Hours it takes at full speed
    #[arg(long)]
    hours: Option<f64>,
    /// Size of an array of identical units
    #[arg(long)]
    count: Option<u32>,
    /// When it may start
    #[arg(long, default_value = "now", value_name = "T")]
    release: String,
    /// When it must be done
    #[arg(long, value_name = "T")]
    deadline: String,
    /// Where it may run; repeat for several
    #[arg(long = "site", value_name = "SITE")]
    sites: Vec<SiteId>,
    /// Whether it may be split across steps and sites
    #[arg(long)]
    divisible: Option<bool>,
    /// When stopped: never, checkpoint (continue later) or requeue (start over)
    #[arg(long)]
    preempt: Option<String>,
    /// Training: firm, flex-1, flex-2, flex-3
    #[arg(long)]
    class: Option<String>,
    /// Training: progress curve, a preset or one of the portfolio's
    #[arg(long)]
    curve: Option<String>,
    /// 0 to 9: if not everything fits, the higher goes first
    #[arg(long)]
    priority: Option<u8>,
    /// Account whose quota it counts against
    #[arg(long)]
    account: Option<AccountId>,
    /// Work that must be complete before it starts; repeat for several
    #[arg(long, value_name = "ID")]
    after: Vec<WorkId>,
    /// Minutes ahead of now within which its plan is not changed
    #[arg(long)]
    notice_min: Option<f64>,
    /// Cost of a MWh not done by the deadline
    #[arg(long)]
    miss_price_per_mwh: Option<f64>,
}

pub async fn run(context: &Context, portfolio: &Portfolio, args: &Add) -> anyhow::Result<()> {
    let when = |text: &str| parse_when(text, context.clock.now(), portfolio.zone).map(|at| at.to_string());
    let wrong = |problem: String| Fault::new(problem).hint("`hourmatch work add --help` has examples");
    let kind = args
        .kind
        .parse::<Kind>()
        .map_err(|_| wrong(format!("kind `{}` is not one of {}", args.kind, known::<Kind>())))?;
    let preempt = |text: &String| word::<Preempt>("preempt", text);
    let work = Work {
        kind,
        sites: args.sites.clone(),
        max_mw: args.max_mw,
        pool: args.pool.clone(),
        gpus: args.gpus,
        hours: args.hours,
        count: args.count,
        divisible: args.divisible,
        preempt: args.preempt.as_ref().map(preempt).transpose()?,
        class: args.class.clone(),
        curve: args.curve.clone(),
        priority: args.priority,
        account: args.account.clone(),
        after: args.after.clone(),
        notice_min: args.notice_min,
        miss_price_per_mwh: args.miss_price_per_mwh,
        ..Work::batch(args.id.clone(), when(&args.release)?, when(&args.deadline)?, args.energy_mwh)
    };
    if let Some(problem) = work.problem(portfolio) {
        return Err(wrong(problem).into());
    }
    let counts = put(context, portfolio, &[work]).await?;
    say(context, portfolio, counts, (0, 0))
}

/// Pieces that were not replaced and are named.
const KEPT_SHOWN: usize = 20;

pub(super) async fn put(context: &Context, portfolio: &Portfolio, list: &[Work]) -> anyhow::Result<Counts> {
    let store = context.store(portfolio).await?;
    let counts = add::add(&store, list, context.clock.record_time()).await?;
    context.out.committed();
    store.close().await;
    Ok(counts)
}

/// `rejected` and `repeated` count rows of the list that are not in it.
pub(super) fn say(
    context: &Context,
    portfolio: &Portfolio,
    counts: Counts,
    (rejected, repeated): (usize, usize),
) -> anyhow::Result<()> {
    let Counts { added: new, unchanged, replaced, kept } = counts;
    let unchanged = unchanged + repeated;
    let mut text = format!("{} added to the work list", counted(new, "entry", "entries"));
    for (count, what) in
        [(replaced, "replaced"), (unchanged, "known already"), (kept.len(), "not replaced: started or done")]
    {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    context.out.say(&text);
    kept.iter().take(KEPT_SHOWN).for_each(|kept| context.out.say(&kept.message()));
    let rest = || {
        json!({
            "added": new, "replaced": replaced, "unchanged": unchanged, "kept": kept.len(), "kept_work": kept,
            "rejected": rejected,
        })
    };
    context.done("hourmatch/work/1", portfolio.definitions.synthetic, rest)
}
