//! The one page: today's plan, and the year's heat map so far.

use super::app::App;
use super::{problem, turns};
use crate::error::Problem;
use crate::plan::{Plan, current};
use crate::portfolio::Portfolio;
use crate::store::readings;
use askama::Template;
use reports::render::html;
use reports::series::name::{SeriesName, SiteLeaf};
use reports::time::{Interval, Zone};

#[derive(Template)]
#[template(path = "today.html")]
struct Today<'a> {
    name: &'a str,
    synthetic: bool,
    now: String,
    zone: &'a str,
    charts: &'a str,
    script: &'a str,
    /// What scripts and styles of this answer are known by: no other runs.
    nonce: &'a str,
    plan: Option<PlanPart>,
    /// What is to be said of the plan, or instead of it.
    note: Option<String>,
    heat: Result<HeatPart, String>,
}

struct PlanPart {
    id: String,
    made: String,
    strategy: String,
    status: String,
    matched: String,
    as_submitted: String,
    missed: usize,
    chart: String,
    work: Vec<[String; 5]>,
    more_work: usize,
}

struct HeatPart {
    from: String,
    to: String,
    matched: String,
    cfe: String,
    svg: String,
    json: String,
}

const ROWS: usize = 40;
const SCRIPT: &str = include_str!("../../reports/templates/report.js");

/// The page, whose scripts and styles carry the nonce.
pub async fn today(app: &App, nonce: &str) -> anyhow::Result<String> {
    let (definitions, zone) = (&app.portfolio.definitions, app.portfolio.zone);
    let now_s = app.clock.now_s();
    let (plan, note) = match current::with_notes(&app.store, now_s).await {
        Ok((plan, notes)) => (plan, (!notes.is_empty()).then(|| notes.join("; "))),
        Err(error) => (None, Some(problem::one_line(error))),
    };
    let plan = plan.map(|plan| plan_part(&plan, zone, now_s));
    let page = Today {
        name: &definitions.name,
        synthetic: definitions.synthetic,
        now: zone.label(now_s),
        zone: zone.name(),
        charts: html::CHART_CSS,
        script: SCRIPT,
        nonce,
        plan,
        note,
        heat: heat(app, zone, now_s).await.map_err(problem::one_line),
    };
    Ok(page.render()?)
}

fn share(value: Option<&String>) -> String {
    value.map_or_else(|| "not applicable".into(), |s| format!("{s} of the load"))
}

/// The plan's local day that now lies in, or its first day.
fn plan_part(plan: &Plan, zone: Zone, now_s: i64) -> PlanPart {
    let shown_s = if (plan.start_s()..plan.end_s()).contains(&now_s) { now_s } else { plan.start_s() };
    let day = zone.day(zone.date(shown_s));
    let mut hours: std::collections::BTreeMap<i64, [f64; 3]> = std::collections::BTreeMap::new();
    for b in plan.balance.iter().filter(|b| (day.start_s..day.end_s).contains(&b.start.seconds())) {
        let sums = hours.entry(b.start.seconds()).or_default();
        sums[0] += b.matched_mw;
        sums[1] += b.unmatched_mw;
        sums[2] += b.surplus_mw;
    }
    let labels: Vec<String> = hours.keys().map(|s| format!("{:02}", zone.minute_of_day(*s) / 60)).collect();
    let column = |i: usize| hours.values().map(|v| v[i]).collect::<Vec<f64>>();
    let text = html::StackText {
        id: "today",
        about: "Matched, unmatched and surplus megawatts of each hour of today's plan",
        unit: "MW",
    };
    let chart = html::stacked_svg(text, &labels, &column(0), &column(1), &column(2));
    let work: Vec<[String; 5]> = plan
        .schedule
        .iter()
        .filter(|s| s.start.seconds() < day.end_s && s.end.seconds() > day.start_s)
        .map(|s| {
            let [start, end] = [s.start, s.end].map(|instant| zone.label(instant.seconds()));
            [s.work.clone(), s.site.clone(), start, end, format!("{:.3}", s.mw)]
        })
        .collect();
    PlanPart {
        id: plan.id.clone(),
        made: zone.label(plan.made_s()),
        strategy: plan.strategy.clone(),
        status: plan.status.clone(),
        matched: share(plan.expected.matched_share.as_ref()),
        as_submitted: share(plan.baseline.matched_share.as_ref()),
        missed: plan.missed.len(),
        chart,
        more_work: work.len().saturating_sub(ROWS),
        work: work.into_iter().take(ROWS).collect(),
    }
}

/// The calendar year of now, from the first hour to the last that every site has load for.
async fn heat(app: &App, zone: Zone, now_s: i64) -> anyhow::Result<HeatPart> {
    let (year, _) = zone.month(now_s);
    let mut span = Interval { start_s: zone.year(year).start_s, end_s: now_s };
    let step_s = app.portfolio.resolution().seconds();
    let turn = turns::now(app)?;
    let summary = readings::summary(&app.store).await?;
    for site in &app.portfolio.definitions.sites {
        let name = SeriesName::site(&site.id, SiteLeaf::Load);
        match summary.iter().find(|(series, ..)| series.as_str() == name.as_str()) {
            Some((_, _, from, to)) => {
                span.start_s = span.start_s.max(*from);
                span.end_s = span.end_s.min(*to);
            }
            None => return Err(Problem::new(format!("there are no load readings of {} yet", site.id)).into()),
        }
    }
    span.start_s = app.portfolio.resolution().at_or_after(span.start_s);
    span.end_s = span.end_s.div_euclid(step_s) * step_s;
    if span.end_s <= span.start_s {
        return Err(Problem::new("there are no load readings of every site for this year yet").into());
    }
    let (computed, _turn) = turns::report(app, Portfolio::clone(&app.portfolio), span, None, turn).await?;
    let report = computed.report;
    let days = html::local_days(zone, step_s, &html::portfolio_slots(&report.boundaries)?);
    Ok(HeatPart {
        from: zone.label(span.start_s),
        to: zone.label(span.end_s),
        matched: share(report.portfolio.matched_share.as_ref()),
        cfe: share(report.portfolio.cfe_score.as_ref()),
        svg: html::heat_map_svg(&days),
        json: html::heat_map_json(&days),
    })
}
