//! `hourmatch work`

use super::output::{Exit, check_target};
use super::{Context, Format};
use crate::clock::parse_when;
use crate::error::{Problem, Problems};
use crate::ingest::reject;
use crate::plan::work::Work;
use crate::plan::work_csv;
use crate::portfolio::Portfolio;
use crate::store::Store;
use crate::store::work::{self, Added};
use clap::{Args, Subcommand};
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use reports::time::format_instant;
use serde_json::json;
use std::path::PathBuf;

const IMPORT: &str = "\
A work list is CSV: id,release,deadline,energy_mwh and optional kind,sites,max_mw,miss_price_per_mwh,scheduler_ref.
Energy is IT energy, before PUE; sites are separated by |, empty means all.

Example:
  hourmatch work import jobs.csv";

const ADD: &str = "\
Example:
  hourmatch work add nightly-eval --energy-mwh 12 --max-mw 4 --release now --deadline now+24h";

#[derive(Debug, Args)]
pub struct WorkCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add one piece of work
    #[command(after_help = ADD)]
    Add(Add),
    /// List the work there is
    #[command(after_help = "Example:\n  hourmatch work list --format json")]
    List,
    /// Take in a work list
    #[command(after_help = IMPORT)]
    Import(Import),
    /// Cancel a piece of work: it is planned no more
    #[command(after_help = "Example:\n  hourmatch work cancel nightly-eval")]
    Cancel {
        /// Which
        id: String,
    },
}

#[derive(Debug, Args)]
struct Add {
    /// A name for it
    id: String,
    /// IT energy it needs, before PUE
    #[arg(long)]
    energy_mwh: f64,
    /// Most IT power it can draw; without it, what a site can give
    #[arg(long)]
    max_mw: Option<f64>,
    /// When it may start
    #[arg(long, default_value = "now", value_name = "T")]
    release: String,
    /// When it must be done
    #[arg(long, value_name = "T")]
    deadline: String,
    /// Where it may run; repeat for several
    #[arg(long = "site", value_name = "SITE")]
    sites: Vec<String>,
    /// What a MWh that is not done by the deadline costs
    #[arg(long)]
    miss_price_per_mwh: Option<f64>,
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
        Action::Add(args) => add(context, &portfolio, args).await?,
        Action::List => list(context, &portfolio).await?,
        Action::Import(args) => import(context, &portfolio, args).await?,
        Action::Cancel { id } => cancel(context, &portfolio, id).await?,
    }
    Ok(Exit::Done)
}

fn site_ids(portfolio: &Portfolio) -> Vec<String> {
    portfolio.definitions.sites.iter().map(|s| s.id.clone()).collect()
}

async fn add(context: &Context, portfolio: &Portfolio, args: &Add) -> anyhow::Result<()> {
    let when = |text: &str| parse_when(text, context.clock.now_s(), portfolio.zone).map(format_instant);
    let work = Work {
        id: args.id.clone(),
        kind: "batch".into(),
        sites: args.sites.clone(),
        release: when(&args.release)?,
        deadline: when(&args.deadline)?,
        energy_mwh: args.energy_mwh,
        max_mw: args.max_mw,
        miss_price_per_mwh: args.miss_price_per_mwh,
        scheduler_ref: None,
    };
    if let Some(problem) = work.problem(&site_ids(portfolio)) {
        return Err(Problem::new(problem).into());
    }
    put(context, portfolio, &[work], 0).await
}

async fn import(context: &Context, portfolio: &Portfolio, args: &Import) -> anyhow::Result<()> {
    if let Some(target) = &args.reject {
        let precious = [context.precious(portfolio), vec![args.file.clone()]].concat();
        check_target(target, &precious)?;
    }
    let named = |p: Problem| Problem { file: Some(args.file.display().to_string()), ..p };
    let opened = crate::ingest::files::open(&args.file, false)?;
    let list = work_csv::read(opened.reader, &site_ids(portfolio))
        .map_err(|Problems(list)| Problems(list.into_iter().map(named).collect()))?;
    let file = args.file.display().to_string();
    match &args.reject {
        None if !list.rejects.is_empty() => {
            return Err(Problems(list.rejects.iter().map(|r| r.problem(&file)).collect()).into());
        }
        Some(target) if !list.rejects.is_empty() => {
            reject::write(&args.file, target, &list.rejects)
                .map_err(|e| Problem::new(format!("rejected rows cannot be written: {e}")).file(target.display()))?;
            context.out.say(&format!("{} rows rejected: {}", list.rejects.len(), target.display()));
        }
        _ => {}
    }
    put(context, portfolio, &list.work, list.rejects.len()).await
}

async fn put(context: &Context, portfolio: &Portfolio, list: &[Work], rejected: usize) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    let counts = store_work(&store, list, context.clock.now_us()).await?;
    let [new, unchanged, replaced, kept] = counts;
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

/// Adds all in one transaction; counts new, unchanged, replaced and kept.
pub async fn store_work(store: &Store, list: &[Work], now_us: i64) -> anyhow::Result<[usize; 4]> {
    let mut counts = [0; 4];
    let mut write = store.write().await?;
    for item in list {
        let slot = match work::put(&mut write, &item.id, &serde_json::to_string(item)?, now_us).await? {
            Added::New => 0,
            Added::Unchanged => 1,
            Added::Replaced => 2,
            Added::Kept => 3,
        };
        counts[slot] += 1;
    }
    write.commit().await?;
    Ok(counts)
}

async fn list(context: &Context, portfolio: &Portfolio) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    let mut rows = Vec::new();
    for row in work::all(&store).await? {
        rows.push((serde_json::from_str::<Work>(&row.content)?, row.state));
    }
    if context.format == Format::Json {
        let items: Vec<_> = rows.iter().map(|(work, state)| json!({"work": work, "state": state})).collect();
        return context.out.json(&json!({
            "schema": "hourmatch/work-list/1", "engine": crate::ENGINE, "synthetic": portfolio.definitions.synthetic, "work": items,
        }));
    }
    if rows.is_empty() {
        context.out.say("there is no work; add some with `hourmatch work add` or `work import`");
        return Ok(());
    }
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_header(["id", "state", "release", "deadline", "IT MWh", "max MW", "sites"]);
    for (work, state) in rows {
        let sites = if work.sites.is_empty() { "all".into() } else { work.sites.join("|") };
        let max = work.max_mw.map_or("-".into(), |mw| mw.to_string());
        table.add_row([work.id, state, work.release, work.deadline, work.energy_mwh.to_string(), max, sites]);
    }
    context.out.data(&format!("{table}\n"))
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
