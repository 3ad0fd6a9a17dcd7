//! The named figures at the top of the page. They answer different questions and never mix.

use super::blocks::{Figure, Group};
use super::view::View;
use crate::english;
use crate::figures::{self, NOT_APPLICABLE, NOT_SUPPLIED, own_generation, purchased, without_cfe_score};
use crate::names;
use reports::report::{Figure as Field, Totals};
use reports::ruleset::Headline;
use reports::units::Floored;

fn figure(name: &'static str, value: String, meaning: impl Into<String>) -> Figure {
    Figure { name, value, unit: "", meaning: meaning.into(), backed: String::new() }
}

/// The figure with what of it cancelled certificates back, where the report tells.
fn with_backed(figure: Figure, totals: &Totals, field: Field, view: &View<'_>) -> Figure {
    let backed = names::backed(totals, field).map(|of| of.sentence(view.energy));
    Figure { backed: backed.unwrap_or_default(), ..figure }
}

/// The ruleset's headline score, and the other figures in groups, its own group first.
pub fn lead_and_groups(view: &View<'_>) -> (Figure, Vec<Group>) {
    let totals = &view.report.portfolio;
    let (mut hourly, mut annual) = (hourly(totals, view), annual(totals, view));
    let headline = view.report.ruleset.headline;
    let lead = match headline {
        Headline::AnnualShareCapped => annual.remove(1),
        Headline::CfeScore => hourly.remove(1),
        Headline::MatchedShare => hourly.remove(0),
    };
    let mut groups = vec![
        Group { title: "Hour by hour".into(), id: "hourly", figures: hourly },
        Group { title: "Over the whole period".into(), id: "annual", figures: annual },
    ];
    if headline == Headline::AnnualShareCapped {
        groups.swap(0, 1);
    }
    groups.push(Group {
        title: format!("Emissions, {} factors", view.report.factor_basis),
        id: "emissions",
        figures: emissions(totals, view, true),
    });
    (lead, groups)
}

/// What the ruleset's headline score is called within a sentence.
pub fn lead_name(view: &View<'_>) -> &'static str {
    match view.report.ruleset.headline {
        Headline::CfeScore => "CFE score",
        Headline::AnnualShareCapped => view.names.volumetric_capped(),
        Headline::MatchedShare => "matched share",
    }
}

/// The matched share as text, or why there is none.
pub fn matched_share(totals: &Totals) -> String {
    of_load(figures::matched_share(totals))
}

/// The CFE score as text, or why there is none.
pub fn cfe_score(totals: &Totals) -> String {
    totals.cfe_score.map_or_else(|| without_cfe_score(totals).to_string(), english::percent)
}

/// A share that is absent only where there is no load.
pub fn of_load(score: Option<Floored>) -> String {
    score.map_or_else(|| NOT_APPLICABLE.to_string(), english::percent)
}

/// `3,551 / 8,760`: intervals fully matched of those with load.
pub fn fully_matched(totals: &Totals) -> String {
    match totals.intervals_with_load {
        0 => NOT_APPLICABLE.to_string(),
        with_load => format!("{} / {}", english::count(totals.intervals_fully_matched), english::count(with_load)),
    }
}

pub fn hourly(totals: &Totals, view: &View<'_>) -> Vec<Figure> {
    const MATCHED: &str =
        "Load covered by contracts, self-generation and re-issued storage in the same interval and grid boundary.";
    const CFE: &str =
        "Matched energy plus the grid's own carbon-free share of what was left. Not a claim on contracts.";
    const FULL: &str = "Intervals in which nothing was unmatched in any boundary.";
    const OWN: &str = "Burned on site for the site: it serves load before any contract, and is in no score.";
    let matched = figure("Matched share, hourly", matched_share(totals), MATCHED);
    let cfe = figure("CFE score", cfe_score(totals), CFE);
    let full = figure("Intervals fully matched / intervals with load", fully_matched(totals), FULL);
    let backed = totals.backed.as_ref().map(|figures| match figures.intervals_fully_backed {
        Some(full) => format!("backed in full by cancelled certificates: {}", english::count(full)),
        None => format!("backed in full by cancelled certificates: none ({})", names::NO_CERTIFICATES),
    });
    let own = || totals.scope_1_share.map_or_else(|| NOT_APPLICABLE.to_string(), english::of_some);
    let figures = [
        Some(with_backed(matched, totals, Field::MatchedShare, view)),
        Some(with_backed(cfe, totals, Field::CfeScore, view)),
        Some(Figure { backed: backed.unwrap_or_default(), ..full }),
        own_generation(totals).map(|_| figure("Load served by own generation, Scope 1", own(), OWN)),
    ];
    figures.into_iter().flatten().collect()
}

pub fn annual(totals: &Totals, view: &View<'_>) -> Vec<Figure> {
    const ALL: &str = "All contracted energy over all load of the period, whenever it was generated. May exceed 100 %.";
    const CAPPED: &str = "The same, but no boundary counts more than its own load. Says nothing about hours.";
    let all = figure(view.names.volumetric(), of_load(totals.annual_share), ALL);
    let capped = figure(view.names.volumetric_capped(), of_load(totals.annual_share_capped), CAPPED);
    vec![
        with_backed(all, totals, Field::AnnualShare, view),
        with_backed(capped, totals, Field::AnnualShareCapped, view),
        metered_only(totals),
    ]
}

pub fn metered_only(totals: &Totals) -> Figure {
    figure(
        "Matched share, metered only",
        of_load(totals.matched_metered_share),
        "Matched energy that is neither estimated nor profiled, over all load, estimated load included.",
    )
}

fn mass(name: &'static str, grams: Option<i128>, meaning: &str) -> Figure {
    match grams {
        Some(exact) => {
            let meaning = format!("{meaning} Exactly {} g.", english::integer(exact));
            Figure { unit: "t CO\u{2082}e", ..figure(name, english::tonnes_in_short(exact), meaning) }
        }
        _ => figure(name, NOT_SUPPLIED.to_string(), format!("{meaning} A factor it needs was never supplied.")),
    }
}

/// The emission figures; a site has no annual one of its own.
pub fn emissions(totals: &Totals, view: &View<'_>, with_annual: bool) -> Vec<Figure> {
    const LOCATION: &str = "What was purchased, at the grid's average intensity. Contracts play no part.";
    const HOURLY: &str =
        "Contracts applied hour by hour; the rest takes the fallback factor. Follows a draft not in force.";
    const UPSTREAM: &str = "Life-cycle minus direct factors of the grid energy used. Belongs to no figure beside it.";
    const OWN: &str = "Direct emission of own generation used on site. Scope 1, in no figure beside it.";
    let emissions = &totals.emissions;
    let annual = mass(view.names.market_based(), emissions.market_based_annual_g, view.names.market_based_meaning());
    let hourly = mass("Market-based, hourly (draft)", emissions.market_based_hourly_g, HOURLY);
    let told = |name, grams: Option<i128>, meaning| grams.map(|_| mass(name, grams, meaning));
    let without_legacy = emissions.market_based_hourly_without_legacy_g;
    let figures = [
        Some(mass("Location-based", emissions.location_based_g, LOCATION)),
        with_annual.then(|| with_backed(annual, totals, Field::MarketBasedAnnualG, view)),
        Some(with_backed(hourly, totals, Field::MarketBasedHourlyG, view)),
        told(
            "Market-based, hourly (draft), without legacy",
            without_legacy,
            "The same as if legacy contracts did not exist.",
        ),
        told("Upstream, Scope 3", emissions.upstream_g, UPSTREAM),
        own_generation(totals).map(|_| mass("Own generation, Scope 1", emissions.scope_1_g.flatten(), OWN)),
    ];
    figures.into_iter().flatten().collect()
}

/// The energy balance behind the figures.
pub fn balance(totals: &Totals, view: &View<'_>) -> Vec<Figure> {
    let energy = view.energy;
    let line = |name, value, meaning: &str| Figure { unit: "MWh", ..figure(name, value, meaning) };
    let up = |name, wh, meaning| line(name, energy.up(wh), meaning);
    let down = |name, wh, meaning| line(name, energy.down(wh), meaning);
    let is_metered = totals.metered_load_wh == totals.load_wh;
    let losses = totals.storage_losses_wh.filter(|wh| *wh != 0);
    let matched = down("Matched", totals.matched_wh, "in the same interval");
    let figures = [
        Some(up("Load", totals.load_wh, "used by the sites")),
        (!is_metered).then(|| up("Metered load", totals.metered_load_wh, "without declared losses")),
        purchased(totals).map(|wh| up("Purchased", wh, "import, which inventories weigh")),
        losses.map(|wh| up("Storage losses", wh, "charged less discharged, no load")),
        own_generation(totals).map(|wh| up("Own generation, Scope 1", wh, "not carbon-free, before contracts")),
        Some(down("Contracted", totals.contracted_wh, "delivered carbon-free")),
        Some(with_backed(matched, totals, Field::MatchedWh, view)),
        Some(up("Unmatched", totals.unmatched_wh, "left to the grid")),
        Some(down("Surplus", totals.surplus_wh, "unused, never carried over")),
        (totals.stored_wh != 0).then(|| down("Stored", totals.stored_wh, "charged from surplus")),
        (totals.reissued_wh != 0).then(|| down("Re-issued", totals.reissued_wh, "by storage, within contracted")),
    ];
    figures.into_iter().flatten().collect()
}

/// Figures without the line of meaning, which the top of the page has.
pub fn compact(mut figures: Vec<Figure>) -> Vec<Figure> {
    figures.iter_mut().for_each(|figure| figure.meaning.clear());
    figures
}

/// A site's energy: what it used, and what of it was matched.
pub fn site_balance(totals: &Totals, view: &View<'_>) -> Vec<Figure> {
    let mut figures = balance(totals, view);
    let of_contracts = ["Contracted", "Surplus", "Stored", "Re-issued"];
    figures.retain(|figure| !of_contracts.contains(&figure.name));
    figures
}
