//! `/`: the one page: the plan, the year's heat map so far, and how sources stand.

use super::query::{App, State};
use crate::error::{Fault, Kind};
use crate::plan::current;
use crate::plan::show::page::{self, Shell};
use crate::plan::show::{self, Shown};
use crate::portfolio::Portfolio;
use crate::serve::problem::{self, Failure};
use crate::serve::turns;
use crate::store::readings;
use crate::windows;
use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use render::{hours, html};
use reports::series::name::{SeriesName, SiteLeaf};
use reports::time::{Instant, Interval, Zone};

/// The year's heat map, as a section of the page.
#[derive(Template)]
#[template(path = "heat.html")]
struct Heat {
    heat: Result<HeatPart, String>,
}

struct HeatPart {
    from: String,
    to: String,
    matched: String,
    cfe: String,
    svg: String,
    json: String,
}

/// The page alone may run its scripts and styles, which carry the nonce of this one answer; it loads nothing, and asks
/// only this service.
pub async fn page(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("the system provides no random bytes: {e}"))?;
    let nonce = hex::encode(bytes);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    let page = today(&app, &nonce).await?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)))
}

/// The page, whose scripts and styles carry the nonce.
async fn today(app: &App, nonce: &str) -> anyhow::Result<String> {
    let now = app.clock.now();
    let mut warnings: Vec<String> = app.counts.last_failure().into_iter().collect();
    warnings.extend(app.counts.planning_since().map(|since| format!("a new plan is being made, since {since}")));
    let noted = current::with_notes(&app.store, now).await;
    let (plan, notes) = noted.unwrap_or_else(|error| (None, vec![problem::one_line(error)]));
    warnings.extend(notes);
    warnings.extend(plan.iter().filter(|plan| plan.end <= now).map(|plan| format!("plan {} has ended", plan.id)));
    let (mut before, mut beside) = (None, show::Beside::default());
    // What cannot be told of them is left out: the plan is there all the same.
    if let Some(plan) = &plan {
        before = show::before(&app.store, plan, now).await.unwrap_or(None);
        beside = windows::beside(&app.desk, plan, now).await.unwrap_or_default();
        if let Some(before) = &before {
            beside.ended = show::ended(&app.store, plan, before).await.unwrap_or_default();
        }
    }
    let heat = Heat { heat: heat(app, app.portfolio.zone, now).await.map_err(problem::one_line) }.render()?;
    let after = heat + &app.sources.section(&app.store, &app.portfolio, now).await?;
    let (portfolio, nonce) = (app.portfolio.clone(), nonce.to_string());
    // A plan of thousands of pieces is a page of megabytes: off the threads that answer others.
    let render = move || {
        let shell = Shell { nonce: &nonce, now: Some(now), warnings, after: &after, script: html::PAGE_JS };
        let shown =
            plan.as_ref().map(|plan| Shown { plan, portfolio: &portfolio, before: before.as_ref(), beside: &beside });
        page::page(shown.as_ref(), &portfolio, &shell)
    };
    tokio::task::spawn_blocking(render).await?
}

/// The calendar year of now, from the first hour to the last that every site has load for.
async fn heat(app: &App, zone: Zone, now: Instant) -> anyhow::Result<HeatPart> {
    let (year, _) = zone.month(now);
    let mut span = Interval { start: zone.year(year).start, end: now };
    let step_s = app.portfolio.resolution().seconds();
    let turn = turns::now(app)?;
    let summary = readings::summary(&app.store).await?;
    for site in &app.portfolio.definitions.sites {
        let name = SeriesName::site(&site.id, SiteLeaf::Load);
        let Some((_, _, held)) = summary.iter().find(|(series, ..)| series.as_str() == name.as_str()) else {
            let what = format!("there are no load readings of {} yet", site.label());
            return Err(Fault::new(what).kind(Kind::NotFound).into());
        };
        span = Interval { start: span.start.max(held.start), end: span.end.min(held.end) };
    }
    span.start = app.portfolio.resolution().at_or_after(span.start);
    span.end = span.end.floor(step_s);
    if span.end <= span.start {
        let what = "there are no load readings of every site for this year yet";
        return Err(Fault::new(what).kind(Kind::NotFound).into());
    }
    let (computed, _turn) = turns::report(app, Portfolio::clone(&app.portfolio), span, None, turn).await?;
    let report = computed.report;
    let days = hours::local_days(zone, step_s, &hours::portfolio_slots(&report.boundaries));
    Ok(HeatPart {
        from: zone.label(span.start),
        to: zone.label(span.end),
        matched: show::matched(&report.portfolio),
        cfe: show::cfe(&report.portfolio),
        svg: html::heat_map_svg(&days),
        json: html::heat_map_json(&days),
    })
}
