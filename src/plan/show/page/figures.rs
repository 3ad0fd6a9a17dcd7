//! Charts with their keys and their figures.

use super::charts::{self, Series};
use crate::plan::show::shown::Shown;
use reports::time::{Instant, Zone};
use reports::words::fixed;

pub struct Figure {
    pub title: String,
    pub svg: String,
    /// Class and name of what the chart shows.
    pub key: Vec<(&'static str, &'static str)>,
    pub unit: String,
    /// By step: its local time and a cell for each of `key`.
    pub rows: Vec<(String, Vec<String>)>,
}

/// A chart of series; none where nothing is known of any.
pub fn figure(
    shown: &Shown<'_>,
    (title, unit): (String, &str),
    zone: Zone,
    areas: &[Series],
    lines: &[Series],
    now: Option<Instant>,
) -> Option<Figure> {
    let svg = charts::svg(shown, (&title, zone), (areas, lines), now);
    if svg.is_empty() {
        return None;
    }
    let all: Vec<&Series> = areas.iter().chain(lines).filter(|series| series.is_known()).collect();
    let (start, step_s) = (shown.plan.start, shown.plan.step_s());
    let steps = all.first().map_or(0, |series| series.values.len());
    let cell = |series: &Series, step: usize| series.values[step].map_or_else(String::new, |v| fixed(v, 3));
    let row = |step: usize| {
        let at = start + step_s * i64::try_from(step).unwrap_or(0);
        (zone.label(at), all.iter().map(|series| cell(series, step)).collect())
    };
    Some(Figure {
        title,
        svg,
        key: all.iter().map(|series| (series.class, series.name)).collect(),
        unit: unit.to_string(),
        rows: (0..steps).map(row).collect(),
    })
}

/// Load of a boundary, matched and not, against what contracts deliver.
pub fn boundary(shown: &Shown<'_>, id: &str, now: Option<Instant>) -> Option<Figure> {
    let rows = || shown.plan.balance.iter().filter(|row| row.boundary == id);
    let areas = [
        Series::by_step(shown, ("matched", "matched"), rows(), |row| (row.start, Some(row.matched_mw))),
        Series::by_step(shown, ("unmatched", "unmatched"), rows(), |row| (row.start, Some(row.unmatched_mw))),
    ];
    let lines =
        [Series::by_step(shown, ("contracted", "contracted"), rows(), |row| (row.start, Some(row.contracted_mw)))];
    let title = format!("Facility load of {id}, and what contracts deliver");
    figure(shown, (title, "MW"), shown.portfolio.zone, &areas, &lines, now)
}

/// IT power of a site under its limit, and the cap for schedulers that place jobs themselves.
pub fn site(shown: &Shown<'_>, id: &str, now: Option<Instant>) -> Option<Figure> {
    let rows = || shown.plan.capacity.iter().filter(|row| row.site == id);
    let areas = [
        Series::by_step(shown, ("firm", "firm load"), rows(), |row| (row.start, Some(row.firm_mw))),
        Series::by_step(shown, ("planned", "planned work"), rows(), |row| (row.start, Some(row.planned_mw))),
        Series::by_step(shown, ("room", "kept for work to come"), rows(), |row| {
            (row.start, Some(row.expected_mw).filter(|mw| *mw > 0.0))
        }),
    ];
    let caps = shown.beside.caps.iter().filter(|cap| cap.site == id);
    let lines = [
        Series::by_step(shown, ("limit", "limit"), rows(), |row| (row.start, Some(row.cap_mw))),
        Series::by_step(shown, ("cap", "capacity curve"), caps, |cap| (cap.start, Some(cap.mw))),
    ];
    figure(shown, (format!("IT power at {}", shown.site(id)), "MW"), shown.zone(id), &areas, &lines, now)
}

/// What a MWh of IT energy costs at a site.
pub fn prices(shown: &Shown<'_>, id: &str, now: Option<Instant>) -> Option<Figure> {
    let rows = shown.plan.prices.iter().filter(|row| row.site == id);
    let lines =
        [Series::by_step(shown, ("price", "price of one more MWh"), rows, |row| (row.start, Some(row.per_mwh)))];
    let title = format!("Price of IT energy at {}", shown.site(id));
    figure(shown, (title, &format!("{}/MWh", shown.currency())), shown.zone(id), &[], &lines, now)
}

pub fn storage(shown: &Shown<'_>, id: &str, now: Option<Instant>) -> Option<Figure> {
    let rows = || shown.plan.storage.iter().filter(|row| row.storage == id);
    let areas = [
        Series::by_step(shown, ("matched", "carbon-free"), rows(), |row| (row.start, Some(row.clean_mwh))),
        Series::by_step(shown, ("unmatched", "other"), rows(), |row| (row.start, Some(row.other_mwh))),
    ];
    figure(shown, (format!("Energy held by {id}"), "MWh"), shown.portfolio.zone, &areas, &[], now)
}
