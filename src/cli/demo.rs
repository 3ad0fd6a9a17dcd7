//! `hourmatch demo`: from nothing to a plan, a report and a verified pack, on generated data.

mod feeds;
mod folder;
mod next;

use super::common::{Args, Clock, Context, Exit, Format, Interval, Store, counted, fixed};
use crate::audit::pack::{self, Order};
use crate::audit::settle::{self, Why};
use crate::ingest::{self, Options};
use crate::plan::show::{self, Shown};
use crate::plan::{self, Request};
use crate::portfolio;
use crate::rejects::Rejects;
use crate::settings::sqlite_url;
use crate::windows::{self, Answer, Ask, Desk, Draw, answer};
use crate::work::{add, csv as work_csv};
use render::names;
use reports::evidence::trust::Trust;
use reports::evidence::{folder as packs, verdict_text};
use reports::report::Figure;
use reports::units::Floored;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch demo && xdg-open hourmatch-demo/report.html")]
pub struct Demo {
    /// Folder to create; refused if it holds anything but an unedited earlier demo
    #[arg(default_value = "hourmatch-demo")]
    pub dir: PathBuf,
}

pub async fn run(context: &Context, args: &Demo) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let dir = args.dir.as_path();
    let say = |text: &str| context.out.say(text);
    say("1/6 portfolio: 2 boundaries, 3 sites, 5 contracts, all synthetic");
    folder::prepare(dir)?;
    let portfolio = portfolio::load(&dir.join(folder::PORTFOLIO_FILE))?;
    let store = Store::open(sqlite_url(&dir.join("hourmatch.db"))?.expose()).await?;
    say("2/6 ingest: five weeks of meters and grid data, a week of supplier forecasts");
    take_in(context, &store, dir).await?;
    let work = work_csv::read(feeds::work().as_bytes(), &portfolio, Rejects::all())?;
    add::add(&store, &work.work, feeds::NOW.into()).await?;
    say(&format!(
        "3/6 plan: {}, a training run of {} daily pieces among them",
        counted(work.work.len(), "piece of work", "pieces of work"),
        feeds::DAYS_AHEAD
    ));
    let request = Request::new(feeds::NOW, i64::from(feeds::DAYS_AHEAD) * 86_400);
    let plan = plan::make(&store, &portfolio, &request).await?;
    let desk = Desk::new(store.clone(), Arc::new(portfolio.clone()));
    let beside = windows::beside(&desk, &plan, feeds::NOW).await?;
    let shown = Shown { plan: &plan, portfolio: &portfolio, before: None, beside: &beside };
    let page = show::page::page(Some(&shown), &portfolio, &show::page::Shell::default())?;
    folder::write(&dir.join("plan.html"), page.as_bytes())?;
    say("4/6 windows: a scheduler asks when to run 2 MW for 4 hours");
    let asked = answer(&desk, &question()).await?;
    say("5/6 report: four weeks, hour by hour");
    let period = Interval { start: feeds::REPORT_FROM, end: feeds::NOW };
    let computed = settle::report(&store, &portfolio, period, None).await?;
    let sites = render::content::site_hours(&computed);
    let report = computed.report;
    let options = render::content::Options { sites, targets: super::report::targets(&portfolio), ..Default::default() };
    let page = render::html::page(&report, crate::ENGINE, &options)?;
    folder::write(&dir.join("report.html"), page.as_bytes())?;
    say("6/6 evidence pack, and its check");
    let to = dir.join("pack");
    let why = Why { actor: Some("hourmatch demo".into()), reason: None };
    let record_time = Clock::recorded();
    let order = Order { period, as_of: None, why, key: None, stamp: None, to: &to, record_time, text: None };
    let root = pack::make(&store, &portfolio, &order).await?.manifest.merkle_root;
    let trust = Trust { root: Some(root.clone()), ..Trust::default() };
    let verdict = packs::check(&to, &trust);
    let held = verdict.verified;
    store.close().await;
    context.out.committed();
    if context.format == Format::Json {
        let rest = serde_json::json!({
            "dir": dir.display().to_string(), "plan": plan.id, "expected": plan.expected, "report": report.portfolio,
            "root": root, "verified": held,
        });
        context.out.document("hourmatch/demo/1", true, rest)?;
    } else {
        let mut checked = Vec::new();
        verdict_text::write(&verdict, &mut checked)?;
        context.out.data(&closing(dir, &shown, &asked, &report, &String::from_utf8_lossy(&checked)))?;
    }
    Ok(if held { Exit::Done } else { Exit::Failed })
}

async fn take_in(context: &Context, store: &Store, dir: &Path) -> anyhow::Result<()> {
    let (actor, reason) = (Some("hourmatch demo".into()), Some("generated for the demo".into()));
    let options = Options { actor, reason, ..Options::own_form(Clock::recorded()) };
    for name in folder::FEEDS {
        let path = dir.join(name);
        let batch = ingest::read_file(&path, &options)?;
        let outcome = ingest::store_file(store, &path, batch, &options).await?;
        context.out.say(&format!("      {}", outcome.sentence()));
    }
    Ok(())
}

fn question() -> Ask {
    let (now, draw, before) = (feeds::NOW, Draw::Power { mw: 2.0 }, Some(feeds::NOW + 48 * 3_600));
    Ask { now, duration_s: 4 * 3_600, draw, account: None, site: None, after: None, before, top: 3 }
}

fn closing(dir: &Path, plan: &Shown<'_>, asked: &Answer, report: &reports::report::Report, verified: &str) -> String {
    let share = |s: Option<Floored>| s.map_or_else(|| "n/a".into(), |share| share.to_string());
    let currency = plan.currency();
    let best = asked.windows.first().map_or("none".to_string(), |w| {
        let price = fixed(w.price_per_mwh.unwrap_or(0.0), 2);
        format!("{} at {}, {price} {currency} per IT MWh", w.site, w.start)
    });
    let now = asked.run_now.as_ref().and_then(|w| w.price_per_mwh).map_or("-".into(), |p| fixed(p, 2));
    let (db, next) = (dir.display(), next::commands(dir, feeds::NOW));
    let to = &report.period.end;
    format!(
        "\nSynthetic data: generated, of no real site.\n\n\
         Report {from} to {to}\n  matched share {matched}, CFE score {cfe}, {volumetric} {annual}\n  \
         of the matched share backed by cancelled certificates: {backed}\n\n\
         {plan}\nBest window for 2 MW x 4 h: {best} (running now: {now})\n\n\
         {verified}\n\
         Look at\n  {db}/plan.html          the plan, for a browser\n  {db}/report.html        the report\n  {db}/hourmatch.toml     the portfolio\n  {db}/pack/              the evidence\n\n\
         Try next\n{next}",
        from = report.period.start,
        matched = share(report.portfolio.matched_share),
        cfe = share(report.portfolio.cfe_score),
        volumetric = if names::is_year(report) { "annual volumetric" } else { "volumetric over the period" },
        annual = share(report.portfolio.annual_share),
        backed = match names::backed(&report.portfolio, Figure::MatchedShare) {
            Some(names::Of::Share(share)) => share.to_string(),
            _ => names::NO_CERTIFICATES.into(),
        },
        plan = show::summary(plan),
    )
}
