//! A plan as one HTML page that stands alone, and that the service shows.
//!
//! First what it comes to beside the work as submitted and where targets stand, then what changed, power by boundary,
//! and for each site its power, prices and every piece of work; last reservations, what it costs and why. Charts have
//! their figures in a table, and everything reads without the script, which finds work and asks for newer plans.

mod charts;
mod sections;
mod targets;
mod work;

use super::shown::Shown;
use crate::portfolio::Portfolio;
use askama::Template;
use render::html::CHART_CSS;
use reports::time::{Instant, Zone};
use sections::Plan;

const SCRIPT: &str = include_str!("../../../../templates/plan.js");
const STYLE: &str = include_str!("../../../../templates/plan.css");

/// What stands around a plan: nothing in a file, the time and the service's own sections where it is served.
#[derive(Debug, Clone, Default)]
pub struct Shell<'a> {
    /// What scripts and styles of an answer are known by; empty in a file.
    pub nonce: &'a str,
    /// The time now; the page then asks for newer plans.
    pub now: Option<Instant>,
    /// To be seen first: why there is no newer plan.
    pub warnings: Vec<String>,
    /// HTML after the plan, and its script.
    pub after: &'a str,
    pub script: &'a str,
}

#[derive(Template)]
#[template(path = "plan.html")]
struct Page<'a> {
    name: &'a str,
    synthetic: bool,
    now: Option<String>,
    /// The plan that newer ones are looked for to take the place of, where the page is served; empty where there is none.
    watched: Option<&'a str>,
    zone: &'a str,
    shell: &'a Shell<'a>,
    charts: &'a str,
    style: &'a str,
    script: &'a str,
    plan: Option<Plan<'a>>,
}

/// The page of a plan, or where there is none, one that says so.
///
/// # Errors
/// None that a plan could cause.
pub fn page(shown: Option<&Shown<'_>>, portfolio: &Portfolio, shell: &Shell<'_>) -> anyhow::Result<String> {
    let zone: Zone = portfolio.zone;
    let page = Page {
        name: &portfolio.definitions.name,
        synthetic: portfolio.definitions.synthetic,
        now: shell.now.map(|now| zone.label(now)),
        watched: shell.now.map(|_| shown.map_or("", |shown| shown.plan.id.as_str())),
        zone: zone.name(),
        shell,
        charts: CHART_CSS,
        style: STYLE,
        script: SCRIPT,
        plan: shown.map(|shown| Plan::new(shown, shell.now)),
    };
    Ok(page.render()?)
}
