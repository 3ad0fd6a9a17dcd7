//! A page for each of the largest boundaries and sites: its figures, its hours by its own clock, its instruments.

use super::contracts::kind;
use crate::figures::{of_some, own_generation, purchased};
use crate::html::doubt::Doubt;
use crate::html::hours::{boundary_slots, lies_in, zone_of};
use crate::html::ledgers::section_ids;
use crate::html::pages::may_serve;
use crate::html::{SiteHours, local_days};
use crate::names;
use crate::pdf::charts::{duration, heat};
use crate::pdf::error::PdfError;
use crate::pdf::facts::{self, Fact, fact};
use crate::pdf::figures::{count, estimated, grouped, percent, percent_or_none, stated, tonnes, with_figures};
use crate::pdf::flow::Flow;
use crate::pdf::frame::{Frame, Scope};
use crate::pdf::scores::{cfe_score, fully_matched, matched_share};
use crate::pdf::table::{Table, id, text};
use reports::report::{BoundaryReport, ContractReport, SiteReport, StorageReport, Totals};
use reports::time::Zone;

/// Names of a list, and instruments of a site, that are shown; the tables before have all of them.
const LISTED: usize = 40;

pub fn boundaries(flow: &mut Flow, frame: &Frame<'_>) -> Result<(), PdfError> {
    let all = &frame.report.boundaries;
    let ids = section_ids("boundary", all.iter().map(|boundary| boundary.totals.load_wh));
    for (boundary, _) in all.iter().zip(ids).filter(|(_, id)| id.is_some()) {
        boundary_page(flow, frame, boundary)?;
    }
    Ok(())
}

pub fn sites(flow: &mut Flow, frame: &Frame<'_>) -> Result<(), PdfError> {
    let all = &frame.report.sites;
    let ids = section_ids("site", all.iter().map(|site| site.totals.load_wh));
    for (site, _) in all.iter().zip(ids).filter(|(_, id)| id.is_some()) {
        site_page(flow, frame, site)?;
    }
    Ok(())
}

fn boundary_page(flow: &mut Flow, frame: &Frame<'_>, boundary: &BoundaryReport) -> Result<(), PdfError> {
    let (report, totals) = (frame.report, &boundary.totals);
    let zone = zone_of(report, &boundary.id, frame.zone)?;
    flow.page_break();
    flow.section(
        &format!("Boundary {}", boundary.id),
        "Load and supply of this boundary alone, under the same rules as the portfolio.",
    );
    let inside = report.sites.iter().filter(|site| lies_in(site, &boundary.id));
    let sites: Vec<&str> = inside.map(|site| report.labels.site(&site.id)).collect();
    let mut list = vec![fact("Sites", named(&sites)), fact("Time zone", zone.name())];
    list.extend(shares(frame, totals));
    list.push(fact(frame.names.volumetric_short(), percent_or_none(totals.annual_share.as_ref())));
    list.extend(backed(frame, totals, "annual_share"));
    list.push(fact("The same, capped", percent_or_none(totals.annual_share_capped.as_ref())));
    list.extend(backed(frame, totals, "annual_share_capped"));
    let down = |wh: i128| format!("{} MWh", frame.energy.down(wh));
    list.extend(load(frame, totals));
    list.push(fact("Contracted", down(totals.contracted_wh)));
    list.push(fact("Surplus", down(totals.surplus_wh)));
    list.extend(emissions(frame, totals, true));
    facts::draw(flow, &list);
    if report.boundaries.len() == 1 && zone == frame.zone {
        flow.note("This is the only boundary: its hours are the portfolio's, above.");
        return Ok(());
    }
    let slots = boundary_slots(boundary)?;
    let days = local_days(zone, frame.step_s, &slots);
    let doubt = Doubt::of_place(report, &boundary.id);
    let scope = Scope { zone, slots: &slots, days: &days, doubt: &doubt };
    map(flow, &scope);
    duration::part(flow, scope.slots);
    Ok(())
}

fn site_page(flow: &mut Flow, frame: &Frame<'_>, site: &SiteReport) -> Result<(), PdfError> {
    let (report, totals) = (frame.report, &site.totals);
    flow.page_break();
    let title = format!("Site {}", report.labels.site_with_id(&site.id));
    flow.section(&title, "Load of this site and what the ruleset allocated to it.");
    let mut list = vec![
        fact("Boundary", site.boundary.clone()),
        fact("Time zone", site.time_zone.clone()),
        fact("Meter", stated(site.meter.as_ref())),
        fact("Accuracy class", stated(site.accuracy_class.as_ref())),
        fact("Estimated load", estimated(site.estimated_share.as_deref())),
    ];
    list.extend(shares(frame, totals));
    list.extend(load(frame, totals));
    list.extend(emissions(frame, totals, false));
    facts::draw(flow, &list);
    if let Some(hours) = frame.options.sites.iter().find(|hours| hours.id == site.id) {
        let zone = Zone::parse(&site.time_zone)?;
        if report.sites.len() == 1 && report.boundaries.len() == 1 && zone == frame.zone {
            flow.note("This is the only site: its hours are the portfolio's, above.");
        } else {
            site_map(flow, frame, zone, hours);
        }
    }
    instruments(flow, frame, site);
    Ok(())
}

fn site_map(flow: &mut Flow, frame: &Frame<'_>, zone: Zone, hours: &SiteHours) {
    let days = local_days(zone, frame.step_s, &hours.slots);
    let doubt = Doubt::of_place(frame.report, &hours.id);
    map(flow, &Scope { zone, slots: &hours.slots, days: &days, doubt: &doubt });
}

fn map(flow: &mut Flow, scope: &Scope<'_>) {
    let title = format!("Matched share of load, by day and hour in {}", scope.zone.name());
    flow.subheading(&title, heat::TALL);
    heat::body(flow, scope);
}

/// The first names of a list, and how many follow.
fn named(names: &[&str]) -> String {
    let first = names.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "none".to_string(),
        many if many > LISTED => format!("{first} and {} more", count(many - LISTED)),
        _ => first,
    }
}

/// What cancelled certificates back of the figure before, where the report tells.
fn backed(frame: &Frame<'_>, totals: &Totals, field: &str) -> Option<Fact> {
    let backed = names::backed(totals, field)?;
    let energy = |wh: i128| format!("{} MWh", frame.energy.down(wh));
    let text = match backed {
        names::Of::Part(wh, claimed) => format!("{} of {}", energy(wh), energy(claimed)),
        names::Of::Unknown => names::NO_CERTIFICATES.to_string(),
        _ => backed.figure(percent, energy),
    };
    Some(fact("  backed by certificates", text))
}

fn shares(frame: &Frame<'_>, totals: &Totals) -> Vec<Fact> {
    let mut list = vec![fact("Matched share, hourly", matched_share(totals))];
    list.extend(backed(frame, totals, "matched_share"));
    list.extend([
        fact("Matched share, metered only", percent_or_none(totals.matched_metered_share.as_ref())),
        fact("CFE score", cfe_score(totals)),
    ]);
    list.extend(backed(frame, totals, "cfe_score"));
    list.push(fact("Fully matched / with load", fully_matched(totals)));
    if own_generation(totals).is_some() {
        let share = of_some(totals.scope_1_share.as_deref(), percent);
        list.push(fact("Own generation, Scope 1, of load", share));
    }
    list
}

fn load(frame: &Frame<'_>, totals: &Totals) -> Vec<Fact> {
    let up = |wh: i128| format!("{} MWh", frame.energy.up(wh));
    let mut facts = vec![
        fact("Load, with declared losses", up(totals.load_wh)),
        fact("Load, as metered", up(totals.metered_load_wh)),
        fact("Matched", format!("{} MWh", frame.energy.down(totals.matched_wh))),
        fact("Unmatched", up(totals.unmatched_wh)),
    ];
    facts.extend(purchased(totals).map(|wh| fact("Purchased, in inventories", up(wh))));
    facts.extend(totals.storage_losses_wh.filter(|wh| *wh != 0).map(|wh| fact("Storage losses", up(wh))));
    facts
}

/// A site has no annual inventory of its own.
fn emissions(frame: &Frame<'_>, totals: &Totals, with_annual: bool) -> Vec<Fact> {
    let mass = |grams: Option<i128>| match grams {
        Some(_) => format!("{} t CO2e", tonnes(grams)),
        None => tonnes(None),
    };
    let emissions = &totals.emissions;
    let mut list = vec![fact("Location-based", mass(emissions.location_based_g))];
    if with_annual {
        let value = format!("{}, {}", mass(emissions.market_based_annual_g), frame.names.standing());
        list.push(fact(frame.names.market_based_short(), value));
        list.extend(backed(frame, totals, "market_based_annual_g"));
    }
    list.push(fact("Market-based, hourly (draft)", mass(emissions.market_based_hourly_g)));
    list.extend(backed(frame, totals, "market_based_hourly_g"));
    if own_generation(totals).is_some() {
        list.push(fact("Own generation, Scope 1", mass(emissions.scope_1_g.flatten())));
    }
    list
}

fn instruments(flow: &mut Flow, frame: &Frame<'_>, site: &SiteReport) {
    let report = frame.report;
    let storage: Vec<&StorageReport> = report.storage.iter().filter(|storage| storage.site == site.id).collect();
    let mine: Vec<&ContractReport> = report.contracts.iter().filter(|c| may_serve(c, site, &storage)).collect();
    if mine.is_empty() {
        flow.note("No instrument can serve this site.");
        return;
    }
    let mut table = Table::new(
        "Instruments of its boundary",
        &[id("Instrument"), text("Kind"), text("Certificates"), text("Statement")],
    );
    for contract in mine.iter().take(LISTED) {
        let claim = &contract.claim;
        table.row(vec![
            report.labels.instrument_with_id(&contract.id),
            kind(&contract.kind),
            if claim.basis.is_empty() { "none".to_string() } else { claim.basis.clone() },
            with_figures(&claim.statement, grouped),
        ]);
    }
    table.draw(flow);
    if mine.len() > LISTED {
        flow.note(&format!("and {} more under Contracts and other instruments", count(mine.len() - LISTED)));
    }
    flow.note("A contract may serve only some sites of its boundary; the pack's allocations tell which.");
}
