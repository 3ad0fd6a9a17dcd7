//! A section for each boundary and each site: its figures, its hours, its meter, its claims.

use super::along::{clock_notes, curve_chart, heat_chart};
use super::averages::day_chart;
use super::blocks::{Chart, Fact, Print, Section};
use super::contracts::claims;
use super::headline::{annual, balance, compact, emissions, hourly, metered_only, site_balance};
use super::ledgers::{flows, section_ids};
use super::view::{View, tier_words};
use crate::english::{self, stated};
use crate::figures::NOT_STATED;
use crate::hours::{Slot, Sums, slots, zone_of};
use ids::{Index, SiteId, SiteIndex};
use reports::report::{BoundaryReport, Computed, ContractReport, SiteReport, StorageReport};

/// Boundaries, or sites, up to which every map has data for the hover script.
const HOVER: usize = 8;

pub fn boundaries(view: &View<'_>, ids: &[Option<String>]) -> Vec<Section> {
    let all = view.report.boundaries.iter().zip(ids);
    all.filter_map(|(boundary, id)| id.as_ref().map(|id| boundary_page(view, boundary, id))).collect()
}

fn boundary_page(view: &View<'_>, boundary: &BoundaryReport, id: &str) -> Section {
    let report = view.report;
    let totals = &boundary.totals;
    let mut section = Section::new(
        id,
        format!("Boundary {}", boundary.id),
        "Load and supply of this boundary alone, under the same rules as the portfolio.",
    )
    .on_its_own_page();
    let shares = [hourly(totals, view), annual(totals, view)].concat();
    section.figures = compact([shares, balance(totals, view), emissions(totals, view, true)].concat());
    let zone = zone_of(report, &boundary.id);
    let inside = report.sites.iter().filter(|site| site.boundaries.contains(&boundary.id));
    let sites: Vec<&str> = inside.map(|site| report.labels.site(&site.id)).collect();
    let may_hold_own = report.disclosure.g_may_include_own_contracts.contains(&boundary.id);
    section.facts = vec![
        Fact::new("Unmatched energy takes", tier_words(&boundary.fallback_tier)),
        Fact::new(
            "Own contracts in the grid's carbon-free share",
            if may_hold_own { "may be inside it" } else { "are stated not to be inside it" },
        ),
        Fact::new("Sites", list(&sites)),
        Fact::new("Time zone", zone.name()),
    ];
    if totals.metered_load_wh != totals.load_wh {
        let metered = format!("{} MWh", view.energy.up(totals.metered_load_wh));
        section.facts.insert(0, Fact::new("Load as metered", metered));
    }
    if report.boundaries.len() == 1 && zone == view.zone {
        let note = "This is the only boundary: its hours and its average day are the portfolio's, above.";
        return section.with_note(note);
    }
    let scope = view.scope(zone, &format!("{id}-"), &boundary.id, slots(&boundary.intervals), totals);
    section.charts.push(heat_chart(&scope, report.boundaries.len() <= HOVER));
    // Map and curve fill a page of print.
    section.charts.push(Chart { print: Print::Nothing, ..day_chart(&scope) });
    if let Some(curve) = curve_chart(&scope) {
        section.notes.push(curve.about.clone());
        section.charts.push(Chart { print: Print::Drawing, ..curve });
    }
    section.notes.extend(clock_notes(&scope.days));
    section
}

/// The first names of a list, and how many follow.
fn list(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    let first = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "none".to_string(),
        many if many > SHOWN => format!("{first} and {} more", english::count(many - SHOWN)),
        _ => first,
    }
}

/// `hours` may lack sites, which then have no map.
pub fn sites(view: &View<'_>, ids: &[Option<String>], hours: &[SiteHours]) -> Vec<Section> {
    let of = |site: &SiteReport| hours.iter().find(|hours| hours.id == site.id);
    let all = view.report.sites.iter().zip(ids);
    all.filter_map(|(site, id)| id.as_ref().map(|id| site_page(view, site, id, of(site)))).collect()
}

fn site_page(view: &View<'_>, site: &SiteReport, id: &str, hours: Option<&SiteHours>) -> Section {
    let report = view.report;
    let totals = &site.totals;
    let title = format!("Site {}", report.labels.site_with_id(&site.id));
    let mut section =
        Section::new(id, title, "Load of this site and what the ruleset allocated to it.").on_its_own_page();
    let shares = [hourly(totals, view), vec![metered_only(totals)]].concat();
    section.figures = compact([shares, site_balance(totals, view), emissions(totals, view, false)].concat());
    section.facts = meter(site);
    if let Some(hours) = hours {
        let zone = site.time_zone;
        if report.sites.len() == 1 && report.boundaries.len() == 1 && zone == view.zone {
            section.notes.push("This is the only site: its hours are the portfolio's, above.".into());
        } else {
            let mut scope = view.scope(zone, &format!("{id}-"), &site.id, hours.slots.clone(), totals);
            scope.name = report.labels.site(&site.id).into();
            section.charts.push(heat_chart(&scope, report.sites.len() <= HOVER));
            section.notes.extend(clock_notes(&scope.days));
        }
    }
    instruments(view, site, &mut section);
    section
}

/// Claims of what can serve the site, and what its storage did.
fn instruments(view: &View<'_>, site: &SiteReport, section: &mut Section) {
    let report = view.report;
    let storage: Vec<&StorageReport> = report.storage.iter().filter(|s| s.site == site.id).collect();
    let mine: Vec<&ContractReport> =
        report.contracts.iter().filter(|contract| may_serve(contract, site, &storage)).collect();
    if mine.is_empty() {
        section.notes.push("No instrument can serve this site.".into());
    } else {
        section.tables.push(claims(view, "Claims of the instruments of its boundary", &mine));
        section
            .notes
            .push("A contract may serve only some sites of its boundary; the pack's allocations tell which.".into());
    }
    if !storage.is_empty() {
        section.tables.push(flows(view, &storage));
    }
}

/// An instrument of the site's boundary, its own generation or its own storage.
fn may_serve(contract: &ContractReport, site: &SiteReport, storage: &[&StorageReport]) -> bool {
    match contract.id.split_once('/') {
        Some(("onsite", owner)) => site.id == owner,
        Some(("storage", owner)) => storage.iter().any(|s| s.id == owner),
        _ => site.boundaries.contains(&contract.boundary),
    }
}

/// Meter, ownership and what of the load was metered.
fn meter(site: &SiteReport) -> Vec<Fact> {
    vec![
        Fact::new("Boundary", site.boundaries.to_string()),
        Fact::new("Time zone", site.time_zone.name()),
        Fact::new("Meter", stated(site.meter.as_ref())),
        Fact::new("Accuracy class", stated(site.accuracy_class.as_ref())),
        Fact::new("Metered coverage", metered_coverage(site)),
        Fact::new("Estimated load", english::estimated(site.estimated_share)),
        Fact::new("Ownership share", owned(site)),
        Fact::new("Space", leased(site)),
    ]
}

pub fn owned(site: &SiteReport) -> String {
    site.ownership_share.map_or_else(|| NOT_STATED.to_string(), english::part_of_six)
}

pub fn leased(site: &SiteReport) -> &'static str {
    match site.leased {
        Some(true) => "leased",
        Some(false) => "not leased",
        None => NOT_STATED,
    }
}

/// Load of measured, validated or calculated readings, of all metered load.
pub fn metered_coverage(site: &SiteReport) -> String {
    english::share(site.totals.quality.load.metered(), site.totals.metered_load_wh)
}

/// One site's intervals in order; surplus belongs to no site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteHours {
    pub id: SiteId,
    pub slots: Vec<Slot>,
}

/// Hours of the sites that have sections of their own.
pub fn site_hours(computed: &Computed) -> Vec<SiteHours> {
    let Computed { report, books, matched } = computed;
    let ids = section_ids("site", report.sites.iter().map(|site| site.totals.load_wh));
    let with_section = report.sites.iter().zip(ids).filter(|(_, id)| id.is_some());
    let hours = |id: &SiteId| {
        let s = SiteIndex::find(&books.sites, |site| site.id == *id)?;
        let slot = |t: usize| {
            let load = i128::from(books.sites[s].load_wh[t]);
            let matched_wh = i128::from(matched.matching.site_wh[s][t]);
            let sums = Sums {
                load,
                contracted: matched_wh,
                matched: matched_wh,
                surplus: 0,
                unmatched: load - matched_wh,
                grid_cfe: i128::from(matched.site_grid_cfe_wh[s][t]),
            };
            Slot { start: books.grid.start(t), sums }
        };
        Some(SiteHours { id: id.clone(), slots: (0..books.grid.len).map(slot).collect() })
    };
    with_section.filter_map(|(site, _)| hours(&site.id)).collect()
}
