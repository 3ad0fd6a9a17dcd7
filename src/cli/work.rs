//! `hourmatch work`

mod add;
mod show;
mod update;

use super::output::{Exit, check_target};
use super::{Context, Format};
use crate::error::{Problem, Problems, Rejects};
use crate::ingest::reject;
use crate::plan;
use crate::plan::work::Work;
use crate::plan::work::add::Counts;
use crate::plan::work::csv as work_csv;
use crate::portfolio::Portfolio;
use crate::store::work;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;

const IMPORT: &str = "\
A work list is CSV: id,release,deadline, then energy_mwh, or pool,gpus,hours; then any of kind,sites,max_mw,gpus_min,
hours_p90,divisible,miss_price_per_mwh,floor,curve,class,priority,account,after,count,preempt,save_min,restart_min,mtbf_h,
checkpoint_min,min_on_h,min_off_h,max_pauses_day,hold_nodes,notice_min,move_h,move_mwh,scheduler_ref.
Energy is IT energy, before PUE; sites and what it waits for (after) are separated by |, empty sites mean all.
docs/planning.md says what each column means and what it is where it is left out.

Example:
  hourmatch work import jobs.csv";

/// Bad rows that are named when none may be bad.
const MOST_PROBLEMS: usize = 1_000;

#[derive(Debug, Args)]
pub struct WorkCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add one piece of work
    #[command(after_help = add::EXAMPLES)]
    Add(Box<add::Add>),
    /// List the work there is
    #[command(after_help = show::EXAMPLES)]
    List(show::List),
    /// Take in a work list
    #[command(after_help = IMPORT)]
    Import(Import),
    /// Say where a piece of work stands: running, paused, done, how much of it, its last checkpoint
    #[command(after_help = update::EXAMPLES)]
    Update(update::Update),
    /// Cancel a piece of work: it is planned no more
    #[command(after_help = "Example:\n  hourmatch work cancel nightly-eval")]
    Cancel {
        /// Which
        id: String,
    },
}

#[derive(Debug, Args)]
struct Import {
    /// The work list
    file: PathBuf,
    /// Keep the good rows and write the bad ones here
    #[arg(long, value_name = "FILE")]
    reject: Option<PathBuf>,
}

pub async fn run(context: &Context, command: &WorkCommand) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    match &command.action {
        Action::Add(args) => add::run(context, &portfolio, args).await?,
        Action::List(args) => show::list(context, &portfolio, args).await?,
        Action::Import(args) => import(context, &portfolio, args).await?,
        Action::Update(args) => update::run(context, &portfolio, args).await?,
        Action::Cancel { id } => cancel(context, &portfolio, id).await?,
    }
    Ok(Exit::Done)
}

async fn import(context: &Context, portfolio: &Portfolio, args: &Import) -> anyhow::Result<()> {
    if let Some(target) = &args.reject {
        let precious = [context.precious(portfolio), vec![args.file.clone()]].concat();
        check_target(target, &precious)?;
    }
    let named = |p: Problem| Problem { file: Some(args.file.display().to_string()), ..p };
    let opened = crate::ingest::files::open(&args.file, false)?;
    let rejects = if args.reject.is_some() { Rejects::all() } else { Rejects::first(MOST_PROBLEMS) };
    let mut list = work_csv::read(opened.reader, portfolio, rejects)
        .map_err(|Problems(list)| Problems(list.into_iter().map(named).collect()))?;
    let file = args.file.display().to_string();
    match &args.reject {
        None if !list.rejects.is_empty() => return Err(list.rejects.problems(&file).into()),
        Some(target) if !list.rejects.is_empty() => {
            reject::write(&args.file, target, &mut list.rejects)
                .map_err(|e| Problem::new(format!("rejected rows cannot be written: {e}")).file(target.display()))?;
            context.out.say(&format!("{} rows rejected: {}", list.rejects.len(), target.display()));
        }
        _ => {}
    }
    put(context, portfolio, &list.work, (list.rejects.len(), list.repeated)).await
}

/// `rejected` and `repeated` count rows of the list that are not in it.
async fn put(
    context: &Context,
    portfolio: &Portfolio,
    list: &[Work],
    (rejected, repeated): (usize, usize),
) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    let Counts { added: new, unchanged, replaced, kept } =
        plan::work::add::add(&store, list, context.clock.now_us()).await?;
    let unchanged = unchanged + repeated;
    let mut text = format!("{new} pieces of work added");
    for (count, what) in
        [(replaced, "replaced"), (unchanged, "known already"), (kept, "not replaced: started, done or cancelled")]
    {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    context.out.say(&text);
    if context.format == Format::Json {
        context.out.json(&json!({
            "schema": "hourmatch/work/1", "engine": crate::ENGINE, "synthetic": portfolio.definitions.synthetic,
            "added": new, "replaced": replaced, "unchanged": unchanged, "kept": kept, "rejected": rejected,
        }))?;
    }
    store.close().await;
    Ok(())
}

async fn cancel(context: &Context, portfolio: &Portfolio, id: &str) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    let mut write = store.write().await?;
    if !work::set_state(&mut write, id, work::CANCELLED).await? {
        return Err(Problem::new(format!("there is no work `{id}`"))
            .hint("`hourmatch work list` shows what there is")
            .into());
    }
    write.commit().await?;
    context.out.say(&format!("{id} cancelled; the next plan leaves it out"));
    context.done("hourmatch/work-cancelled/1", id)?;
    store.close().await;
    Ok(())
}
