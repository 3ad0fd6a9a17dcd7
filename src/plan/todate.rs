//! What lies beside a horizon: a target's period so far and after it, billing windows and their peaks so far.

use super::common::{BoundaryIndex, Index, Metric, Period, Portfolio, SiteIndex, Target};
use super::problem::target::covers;
use super::score::{Planned, score};
use super::snapshot::{Billing, Elsewhere, Snapshot};
use crate::expected::World;
use crate::portfolio::planning::Window;
use chrono::{Datelike, Months};
use reports::matching::score::Cell;
use reports::time::{DAY_S, Grid, Instant, Interval, Zone};

/// Days that say what the rest of a period is like.
const RECENT_DAYS: i64 = 28;

/// Load and what counts against a target of it, MWh, from an instant to the horizon, and the steps in which there was load.
pub type SoFar<'a> = dyn FnMut(&Target, Instant) -> anyhow::Result<(f64, f64, usize)> + 'a;

/// Every target, and of each the periods that the horizon touches, in order.
pub fn elsewhere(portfolio: &Portfolio, grid: Grid, so_far: &mut SoFar) -> anyhow::Result<Vec<Elsewhere>> {
    let mut all = Vec::new();
    for (index, target) in portfolio.targets.iter().enumerate() {
        let mut from = 0;
        while from < grid.len {
            let Some(period) = period(target.period, portfolio.zone, grid.start(from)) else {
                all.push(Elsewhere::whole(index, grid.len));
                break;
            };
            let to = grid.touched(period).end.clamp(from + 1, grid.len);
            let part =
                Elsewhere { target: index, from, to, start: period.start, end: period.end, ..Elsewhere::default() };
            all.push(of_period(portfolio, target, grid, part, so_far)?);
            from = to;
        }
    }
    Ok(all)
}

fn of_period(
    portfolio: &Portfolio,
    target: &Target,
    grid: Grid,
    part: Elsewhere,
    so_far: &mut SoFar,
) -> anyhow::Result<Elsewhere> {
    let begun = part.start < grid.start;
    let (load_to_date, unmatched_to_date, _) = if begun { so_far(target, part.start)? } else { (0.0, 0.0, 0) };
    let rest_s = (part.end - grid.period().end).max(0);
    // The recent weeks say what is still to come, else the period itself.
    let (load, unmatched, steps) = so_far(target, grid.start - RECENT_DAYS * DAY_S)?;
    let per_s = rest_s as f64 / (steps as f64 * grid.step_s as f64).max(1.0);
    let known = load > 0.0;
    let expected = portfolio.sites.iter().map(|s| s.overhead_mw + s.pue * s.it_load_mw.unwrap_or(0.0)).sum::<f64>();
    let load_rest = if known { load * per_s } else { expected * rest_s as f64 / 3_600.0 };
    // Of load nothing is known of, no more goes unmatched than the target allows.
    let unmatched_rest = if known { unmatched * per_s } else { (1.0 - target.share) * load_rest };
    Ok(Elsewhere { load_to_date, unmatched_to_date, load_rest, unmatched_rest, ..part })
}

fn period(period: Period, zone: Zone, at: Instant) -> Option<Interval> {
    match period {
        Period::Horizon => None,
        Period::Year => Some(zone.year(zone.month(at).0)),
        Period::Month => {
            let first = zone.date(at).with_day(1)?;
            let next = first.checked_add_months(Months::new(1))?;
            Some(Interval { start: zone.day_start(first), end: zone.day_start(next) })
        }
    }
}

/// By the matching rules on what was metered.
pub fn metered(world: &World, grid: Grid, target: &Target, from: Instant) -> anyhow::Result<(f64, f64, usize)> {
    let from = from.max(world.span.start).floor(grid.step_s);
    let len = ((grid.start - from) / grid.step_s).max(0) as usize;
    if len == 0 {
        return Ok((0.0, 0.0, 0));
    }
    let before = Grid { start: from, step_s: grid.step_s, len };
    let came = world.came(before);
    let actual = Snapshot::of_view(world.portfolio().clone(), world.rules().clone(), before.start, before, came);
    let facility = world.actual_facility(before);
    let facility_mw = facility.into_iter().map(|row| row.into_iter().map(|mw| mw.unwrap_or(0.0)).collect()).collect();
    let scored = score(&actual, &Planned { facility_mw, storage: Vec::new() })?;
    Ok(counted(&actual.portfolio, target, scored.cells.iter().map(Vec::as_slice)))
}

/// Load and what counts against a target, MWh, of matched steps by boundary, and the steps with any load.
pub fn counted<'a>(
    portfolio: &Portfolio,
    target: &Target,
    cells: impl Iterator<Item = &'a [Cell]>,
) -> (f64, f64, usize) {
    let (mut load, mut bad) = (0.0, 0.0);
    let boundaries = BoundaryIndex::all(&portfolio.definitions.boundaries);
    let mine = boundaries.zip(cells).filter(|(boundary, _)| covers(portfolio, &target.scope, *boundary));
    let mine: Vec<&[Cell]> = mine.map(|(_, cells)| cells).collect();
    let loaded = |cells: &&[Cell]| cells.iter().filter(|cell| cell.load > 0).count();
    let steps = mine.iter().map(loaded).max().unwrap_or(0);
    for cell in mine.into_iter().flatten() {
        load += cell.load as f64 / 1e6;
        let good = match target.metric {
            Metric::Matched => cell.matched,
            Metric::CfeScore => cell.matched + cell.grid_cfe,
        };
        bad += (cell.load - good) as f64 / 1e6;
    }
    (load, bad, steps)
}

/// Billing windows that the horizon lies in, with the peak so far of those that have begun: `peak` is the highest draw
/// of a site from an instant to the horizon, MW.
pub fn billing(portfolio: &Portfolio, grid: Grid, peak: &dyn Fn(SiteIndex, Instant) -> f64) -> Vec<Billing> {
    let mut all = Vec::new();
    for (charge, demand) in portfolio.planning.demand_charges.iter().enumerate() {
        let Some(site) = portfolio.site(&demand.site) else { continue };
        let zone = portfolio.sites[site].zone;
        let mut from = 0;
        while from < grid.len {
            let window = window(demand.window, zone, grid.start(from));
            let to = grid.touched(window).end.clamp(from + 1, grid.len);
            all.push(Billing { charge, from, to, before_mw: peak(site, window.start) });
            from = to;
        }
    }
    all
}

fn window(window: Window, zone: Zone, at: Instant) -> Interval {
    match window {
        Window::Day => zone.day(zone.date(at)),
        Window::Month => period(Period::Month, zone, at).unwrap_or(zone.day(zone.date(at))),
    }
}

/// Highest metered draw of a site between two instants; zero where the window has not begun.
pub fn metered_peak(world: &World, site: SiteIndex, from: Instant, to: Instant) -> f64 {
    let Grid { start, step_s, .. } = world.span;
    let from = from.max(start);
    let len = ((to - from) / step_s).max(0) as usize;
    let before = Grid { start: from, step_s, len };
    world.actual_facility(before)[site].iter().flatten().copied().fold(0.0, f64::max)
}

/// Facility power of work just before the horizon, where a ramp asks for it: as the plan in force had it.
pub fn work_before(snapshot: &Snapshot, past: &[super::past::Past]) -> Vec<f64> {
    let portfolio = &snapshot.portfolio;
    let of_site = |(index, site): (SiteIndex, &reports::definitions::SiteDef)| {
        let it = past.last().and_then(|p| p.work_before_mw(&site.id, snapshot.grid.start));
        it.unwrap_or(0.0) * snapshot.view.pue[index].first().copied().unwrap_or(1.0)
    };
    SiteIndex::each(&portfolio.definitions.sites).map(of_site).collect()
}
