//! `hourmatch work`

mod add;
mod show;
mod update;

use super::common::{Args, Context, Fault, Faults, Format, Paths, Portfolio, Subcommand, WorkId, counted, json};
use crate::ingest::reject;
use crate::rejects::Rejects;
use crate::work::{csv as work_csv, no_work};
use add::{put, say};
use std::path::PathBuf;

const IMPORT: &str = "\
A work list is CSV: id, release, deadline, then energy_mwh, or pool, gpus, hours; then any of kind, sites, max_mw, \
gpus_min, hours_p90, divisible, miss_price_per_mwh, floor, curve, class, priority, account, after, count, preempt, \
save_min, restart_min, mtbf_h, checkpoint_min, min_on_h, min_off_h, max_pauses_day, hold_nodes, notice_min, move_h, \
move_mwh, scheduler_ref.
Energy is IT energy, before PUE; sites and ids in `after` are separated by |; empty sites mean all.
Each column, its unit and its default: hourmatch reference work.

Example:
  hourmatch work import jobs.csv";

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch work list --state running")]
pub struct WorkCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add one piece of work
    #[command(after_help = add::EXAMPLES)]
    Add(Box<add::Add>),
    /// List work
    #[command(after_help = show::EXAMPLES)]
    List(show::List),
    /// Import a work list
    #[command(after_help = IMPORT)]
    Import(Import),
    /// Report on a piece of work: its state, how much is done, its last checkpoint
    #[command(after_help = update::EXAMPLES)]
    Update(update::Update),
    /// Cancel a piece of work: later plans leave it out
    #[command(after_help = "Example:\n  hourmatch work cancel batch-d1-1")]
    Cancel {
        /// Id of the work
        id: WorkId,
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

impl WorkCommand {
    pub fn paths(&self, paths: &Paths) -> Result<(), Fault> {
        let Action::Import(args) = &self.action else { return Ok(()) };
        paths.reads("the work list", &args.file)?;
        args.reject.iter().try_for_each(|file| paths.writes("--reject", file))
    }
}

pub async fn run(context: &Context, command: &WorkCommand) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    match &command.action {
        Action::Add(args) => add::run(context, &portfolio, args).await,
        Action::List(args) => show::list(context, &portfolio, args).await,
        Action::Import(args) => import(context, &portfolio, args).await,
        Action::Update(args) => update::run(context, &portfolio, args).await,
        Action::Cancel { id } => cancel(context, &portfolio, id).await,
    }
}

async fn import(context: &Context, portfolio: &Portfolio, args: &Import) -> anyhow::Result<()> {
    let named = |p: Fault| Fault { file: Some(args.file.display().to_string()), ..p };
    let opened = crate::ingest::files::open(&args.file, false)?;
    let mut list = work_csv::read(opened.reader, portfolio, Rejects::for_file(args.reject.is_some()))
        .map_err(|Faults(list)| Faults(list.into_iter().map(named).collect()))?;
    let file = args.file.display().to_string();
    let rejects = &mut list.rejects;
    let pending = match &args.reject {
        _ if rejects.is_empty() => None,
        None => return Err(rejects.problems(&file).into()),
        // There before the store changes.
        Some(target) => {
            Some((context.paths().prepare(target, &mut |out| reject::write(&args.file, None, rejects, out))?, target))
        }
    };
    let rejected = list.rejects.len();
    let counts = put(context, portfolio, &list.work).await?;
    if let Some((pending, target)) = pending {
        context.out.publish(pending, &format!("{} rejected: {}", counted(rejected, "row", "rows"), target.display()));
    }
    say(context, portfolio, counts, (rejected, list.repeated))
}

async fn cancel(context: &Context, portfolio: &Portfolio, id: &WorkId) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    if !crate::work::update::cancel(&store, id).await? {
        return Err(no_work(id).into());
    }
    context.out.committed();
    context.out.say(&format!("{id} cancelled; the next plan leaves it out"));
    context.done("hourmatch/work-cancelled/1", false, || json!({ "done": id }))?;
    store.close().await;
    Ok(())
}
