//! `hourmatch demo`: from nothing to a plan, a report and a verified pack, on generated data.

mod feeds;

use super::output::{Exit, write_whole};
use super::{Context, Format};
use crate::audit::pack::{self, Order};
use crate::audit::settle::{self, Why};
use crate::clock::Clock;
use crate::error::{Problem, Rejects};
use crate::ingest::{self, Options};
use crate::plan::work::csv as work_csv;
use crate::plan::{self, Plan, Request, table};
use crate::portfolio::{self, Portfolio};
use crate::store::Store;
use crate::windows::{Answer, Ask, Desk, Draw, answer};
use clap::Args;
use reports::evidence::folder;
use reports::evidence::verify::Trust;
use reports::render;
use reports::render::names;
use reports::time::{Interval, format_instant};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const PORTFOLIO: &str = include_str!("../../fixtures/demo/hourmatch.toml");
/// A folder with this file is a demo of ours and may be made anew.
const MARKER: &str = ".hourmatch-demo";

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch demo && xdg-open hourmatch-demo/report.html")]
pub struct Demo {
    /// Folder to make; one that holds anything but an earlier demo is refused
    #[arg(default_value = "hourmatch-demo")]
    dir: PathBuf,
}

pub async fn run(context: &Context, args: &Demo) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let dir = args.dir.as_path();
    prepare(dir)?;
    let say = |text: &str| context.out.say(text);
    say("1/6 portfolio: 2 boundaries, 3 sites, 5 contracts, all synthetic");
    let config = dir.join("hourmatch.toml");
    write_whole(&config, PORTFOLIO.as_bytes())?;
    let portfolio = portfolio::load(&config)?;
    let store = Store::open(&format!("sqlite://{}", dir.join("hourmatch.db").display())).await?;
    say("2/6 ingest: five weeks of meters and grid data, a week of supplier forecasts");
    take_in(context, &store, dir).await?;
    let work = work_csv::read(feeds::work().as_bytes(), &portfolio, Rejects::all())?;
    plan::work::add::add(&store, &work.work, feeds::NOW_S * 1_000_000).await?;
    say(&format!(
        "3/6 plan: {} pieces of work, a training run of {} daily pieces among them",
        work.work.len(),
        feeds::DAYS_AHEAD
    ));
    let plan = make_plan(&store, &portfolio).await?;
    say("4/6 windows: a scheduler asks when to run 2 MW for 4 hours");
    let desk = Desk::new(store.clone(), Arc::new(portfolio.clone()));
    let asked = answer(&desk, &question()).await?;
    say("5/6 report: four weeks, hour by hour");
    let period = Interval { start_s: feeds::REPORT_FROM_S, end_s: feeds::NOW_S };
    let (_, computed) = settle::report(&store, &portfolio, period, None).await?;
    let sites = render::html::site_hours(&computed);
    let report = computed.report;
    let page = render::html::page(&report, crate::ENGINE, &render::html::Options { sites, ..Default::default() })?;
    write_whole(&dir.join("report.html"), page.as_bytes())?;
    say("6/6 evidence pack, and its check");
    let to = dir.join("pack");
    let why = Why { actor: Some("hourmatch demo".into()), reason: None };
    let order = Order { period, as_of_s: None, why, key: None, stamp: None, to: &to, now_us: Clock::recorded_us() };
    let root = pack::make(&store, &portfolio, &order).await?.manifest.merkle_root;
    let mut said = Vec::new();
    let trust = Trust { root: Some(root.clone()), ..Trust::default() };
    let held = folder::check(&to, &trust, &mut said)?;
    store.close().await;
    if context.format == Format::Json {
        context.out.json(&serde_json::json!({
            "schema": "hourmatch/demo/1", "engine": crate::ENGINE, "synthetic": true, "dir": dir.display().to_string(),
            "plan": plan.id, "expected": plan.expected, "report": report.portfolio, "root": root, "verified": held,
        }))?;
    } else {
        context.out.data(&closing(dir, &plan, &asked, &report, &String::from_utf8_lossy(&said)))?;
    }
    Ok(if held { Exit::Done } else { Exit::Failed })
}

/// Makes the folder, clearing an earlier demo; anything else in it is left alone and refused.
fn prepare(dir: &Path) -> anyhow::Result<()> {
    let refuse = |what: &str| Problem::new(what).file(dir.display()).hint("name another folder: hourmatch demo DIR");
    if dir.exists() {
        if !dir.is_dir() {
            return Err(refuse("is not a folder").into());
        }
        let empty = std::fs::read_dir(dir)?.next().is_none();
        if !empty && !dir.join(MARKER).is_file() {
            return Err(refuse("holds something that is no demo of ours; nothing was touched").into());
        }
        for name in
            ["hourmatch.db", "hourmatch.db-wal", "hourmatch.db-shm", "report.html", "hourmatch.toml", "work.csv"]
        {
            let path = dir.join(name);
            if path.exists() {
                std::fs::remove_file(path)?;
            }
        }
        for name in ["pack", "feeds"] {
            let path = dir.join(name);
            if path.is_dir() {
                std::fs::remove_dir_all(path)?;
            }
        }
    }
    std::fs::create_dir_all(dir.join("feeds")).map_err(|e| refuse(&format!("cannot be made: {e}")))?;
    write_whole(&dir.join(MARKER), b"made by `hourmatch demo`; it may be made anew\n")?;
    Ok(())
}

async fn take_in(context: &Context, store: &Store, dir: &Path) -> anyhow::Result<()> {
    write_whole(&dir.join("work.csv"), feeds::work().as_bytes())?;
    let options = Options {
        actor: Some("hourmatch demo".into()),
        reason: Some("generated for the demo".into()),
        ..Options::own_form(Clock::recorded_us())
    };
    for (name, text) in [("readings.csv", feeds::readings()), ("forecasts.csv", feeds::forecasts())] {
        let path = dir.join("feeds").join(name);
        write_whole(&path, text.as_bytes())?;
        let batch = ingest::read_file(&path, &options)?;
        let outcome = ingest::store_file(store, &path, batch, &options).await?;
        context.out.say(&format!("      {}", outcome.sentence()));
    }
    Ok(())
}

async fn make_plan(store: &Store, portfolio: &Portfolio) -> anyhow::Result<Plan> {
    let request = Request::new(feeds::NOW_S, i64::from(feeds::DAYS_AHEAD) * 86_400);
    plan::make(store, portfolio, &request).await
}

fn question() -> Ask {
    Ask {
        now_s: feeds::NOW_S,
        duration_s: 4 * 3_600,
        draw: Draw::Power { mw: 2.0 },
        account: None,
        site: None,
        after_s: None,
        before_s: Some(feeds::NOW_S + 48 * 3_600),
        top: 3,
    }
}

fn closing(dir: &Path, plan: &Plan, asked: &Answer, report: &reports::report::Report, verified: &str) -> String {
    let share = |s: &Option<String>| s.clone().unwrap_or_else(|| "n/a".into());
    let best = asked.windows.first().map_or("none".to_string(), |w| {
        format!("{} at {}, {:.2} per IT MWh", w.site, w.start, w.price_per_mwh.unwrap_or(0.0))
    });
    let now = asked.run_now.as_ref().and_then(|w| w.price_per_mwh).map_or("-".into(), |p| format!("{p:.2}"));
    let (db, now_text) = (dir.display(), format_instant(feeds::NOW_S));
    let to = &report.period.end;
    format!(
        "\nSynthetic data: generated, of no real site.\n\n\
         Report {from} to {to}\n  matched share {matched}, CFE score {cfe}, {volumetric} {annual}\n  \
         of the matched share backed by cancelled certificates: {backed}\n\n\
         {plan}\nBest window for 2 MW x 4 h: {best} (running now: {now})\n\n\
         {verified}\n\
         Look at\n  {db}/report.html        the report, for a browser\n  {db}/hourmatch.toml     the portfolio\n  {db}/pack/              the evidence\n\n\
         Try next\n  cd {db}\n  hourmatch check\n  hourmatch windows --duration 4h --mw 2 --now {now_text}\n  \
         hourmatch plan --now {now_text} --strategy asap --dry-run\n  hourmatch serve --now {now_text}\n",
        from = report.period.start,
        matched = share(&report.portfolio.matched_share),
        cfe = share(&report.portfolio.cfe_score),
        volumetric = if names::is_year(report) { "annual volumetric" } else { "volumetric over the period" },
        annual = share(&report.portfolio.annual_share),
        backed = match names::backed(&report.portfolio, "matched_share") {
            Some(names::Of::Share(share)) => share,
            _ => names::NO_CERTIFICATES,
        },
        plan = table::text(plan),
    )
}
