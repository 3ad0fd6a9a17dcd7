//! Arrays of jobs that run in one go, and which of their units have begun: what runs stays where it is, and only the rest
//! is placed anew.

use super::past::Past;
use super::snapshot::{Item, Planned, Standing};
use super::work::Work;
use super::work::state::{Phase, State};
use super::work::terms::Terms;
use crate::portfolio::Portfolio;
use reports::time::Grid;
use std::collections::BTreeMap;

/// One of an array, as plans in force had it run.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit {
    site: usize,
    start_s: i64,
    end_s: i64,
    mwh: f64,
}

/// An item for each unit that runs, and one for all that have not begun.
pub fn items(work: &Work, terms: &Terms, state: &State, portfolio: &Portfolio, past: &[Past], grid: Grid) -> Vec<Item> {
    let units = units(work, terms, state, portfolio, past, grid);
    let whole = terms.energy_mwh * (1.0 - 1e-6);
    let one = |part: f64, standing: Standing, prior: Vec<Planned>, count: u32, phase: Phase| Item {
        work: work.clone(),
        terms: Terms { count, ..terms.clone() },
        state: State { phase, ..state.clone() },
        done: part,
        standing,
        history: Vec::new(),
        prior,
    };
    // Reported to run, and no plan had a hand in it: all of it runs, as far as reported.
    if units.is_empty() && state.phase == Phase::Running {
        let site = state.site.as_ref().and_then(|id| portfolio.site(id)).or_else(|| terms.sites.first().copied());
        let steps = ((grid.start_s - state.since_s.unwrap_or(grid.start_s)) / grid.step_s).max(0) as usize;
        let standing = site.map_or(Standing::Waiting, |site| Standing::On { site, steps });
        let part = state.done.unwrap_or(0.0);
        return (0..terms.count).map(|_| one(part, standing, Vec::new(), 1, Phase::Running)).collect();
    }
    let complete = units.iter().filter(|u| u.mwh >= whole).count() as u32;
    let running = units.iter().filter(|u| u.mwh < whole && u.end_s >= grid.start_s);
    let running: Vec<&Unit> = running.take(terms.count.saturating_sub(complete) as usize).collect();
    let waiting = terms.count.saturating_sub(complete).saturating_sub(running.len() as u32);
    let mut items: Vec<Item> = running
        .iter()
        .map(|unit| {
            let steps = ((grid.start_s - unit.start_s) / grid.step_s).max(0) as usize;
            let standing = Standing::On { site: unit.site, steps };
            one(unit.mwh / terms.energy_mwh.max(1e-9), standing, Vec::new(), 1, Phase::Running)
        })
        .collect();
    if waiting > 0 {
        let mut prior = past.last().map_or_else(Vec::new, |p| p.prior(&work.id, portfolio, grid));
        leave_out(&mut prior, &running, terms, grid);
        items.push(one(0.0, Standing::Waiting, prior, waiting, Phase::Queued));
    }
    items
}

/// Takes the steps that running units still have to go out of what an earlier plan had for all of them.
fn leave_out(prior: &mut Vec<Planned>, running: &[&Unit], terms: &Terms, grid: Grid) {
    let mut theirs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for unit in running {
        let hours = terms.hours * (1.0 - unit.mwh / terms.energy_mwh.max(1e-9)).max(0.0);
        let steps = (hours * 3_600.0 / grid.step_s as f64 - 1e-6).ceil() as usize;
        (0..steps).for_each(|step| *theirs.entry((unit.site, step)).or_default() += 1);
    }
    prior.retain(|p| match theirs.get_mut(&(p.site, p.step)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
}

/// Units that have begun: as plans in force had them up to the last report, corrected by it, and as planned since.
fn units(work: &Work, terms: &Terms, state: &State, portfolio: &Portfolio, past: &[Past], grid: Grid) -> Vec<Unit> {
    let reported_s = state.at_s.unwrap_or(i64::MIN).min(grid.start_s);
    let mut units: Vec<Unit> = Vec::new();
    follow(&mut units, work, terms, portfolio, past, (i64::MIN, reported_s));
    match (state.at_s, state.done) {
        // Nothing of it had begun by then.
        (Some(_), None | Some(0.0)) if state.phase == Phase::Queued => units.clear(),
        (Some(_), Some(done)) => {
            correct(&mut units, terms, done, reported_s);
            // What was to be over and is not still runs.
            let whole = terms.energy_mwh * (1.0 - 1e-6);
            for unit in units.iter_mut().filter(|u| state.phase == Phase::Running && u.mwh > 0.0 && u.mwh < whole) {
                unit.end_s = unit.end_s.max(grid.start_s);
            }
        }
        _ => {}
    }
    follow(&mut units, work, terms, portfolio, past, (reported_s, grid.start_s));
    units
}

/// The reported part of all energy, given to units in the order they began: what plans had each have, then what is left
/// over to the full, and what none of them had is lost.
fn correct(units: &mut Vec<Unit>, terms: &Terms, done: f64, at_s: i64) {
    let mut left = done * terms.energy_mwh * f64::from(terms.count);
    for unit in units.iter_mut() {
        unit.mwh = unit.mwh.min(left);
        left -= unit.mwh;
    }
    for unit in units.iter_mut() {
        let more = (terms.energy_mwh - unit.mwh).min(left).max(0.0);
        unit.mwh += more;
        left -= more;
    }
    // Done by units that no plan had begin.
    let site = terms.sites.first().copied().unwrap_or(0);
    while left > 1e-9 && units.len() < terms.count as usize {
        let mwh = left.min(terms.energy_mwh);
        // Whole ones are done; of a part nobody says that it still runs.
        let end_s = if mwh >= terms.energy_mwh * (1.0 - 1e-6) { at_s - 1 } else { at_s };
        units.push(Unit { site, start_s: at_s, end_s, mwh });
        left -= mwh;
    }
}

/// Stretches that follow one another at a site are one unit's, until it has all its energy.
fn follow(
    units: &mut Vec<Unit>,
    work: &Work,
    terms: &Terms,
    portfolio: &Portfolio,
    past: &[Past],
    (from_s, to_s): (i64, i64),
) {
    let mut rows: Vec<_> = past.iter().flat_map(|p| p.rows_of(&work.id, from_s, to_s)).collect();
    rows.sort_by(|a, b| (a.start_s, a.end_s, &a.site).cmp(&(b.start_s, b.end_s, &b.site)));
    for row in rows {
        let Some(site) = portfolio.site(&row.site) else { continue };
        let goes_on = |u: &&mut Unit| {
            u.site == site && u.end_s == row.start_s && u.mwh + row.mwh <= terms.energy_mwh * (1.0 + 1e-6)
        };
        // The one that has run longest is continued first.
        match units.iter_mut().find(goes_on) {
            Some(unit) => {
                unit.end_s = row.end_s;
                unit.mwh += row.mwh;
            }
            None => units.push(Unit { site, start_s: row.start_s, end_s: row.end_s, mwh: row.mwh }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;

    fn portfolio() -> Portfolio {
        let text = "[store]\nurl = \"sqlite://x.db\"\n[portfolio]\nname = \"a\"\n[[boundary]]\nid = \"b\"\n\
            [[site]]\nid = \"s\"\nboundary = \"b\"\nit_capacity_mw = 10.0\n";
        crate::portfolio::parse(text, "hourmatch.toml").expect("a portfolio")
    }

    fn array(count: u32) -> (Work, Terms) {
        let mut work = Work::batch("a".into(), "2026-01-01T00:00Z".into(), "2026-01-02T00:00Z".into(), None);
        work.gpus = Some(1_000.0);
        work.hours = Some(3.0);
        work.max_mw = Some(1.0);
        work.count = Some(count);
        let terms = super::super::work::terms::of(&work, &portfolio());
        (work, terms)
    }

    #[test]
    fn units_reported_to_run_without_a_plan_all_run_on() {
        let (work, terms) = array(4);
        let grid = Grid { start_s: 10 * HOUR, step_s: HOUR, len: 24 };
        // Of each a quarter, for lack of anything better.
        let since_s = Some(9 * HOUR);
        let state = State { phase: Phase::Running, done: Some(0.25), since_s, ..State::QUEUED };
        let items = items(&work, &terms, &state, &portfolio(), &[], grid);
        assert_eq!(items.len(), 4);
        assert!(items.iter().all(|i| i.terms.count == 1 && i.standing == Standing::On { site: 0, steps: 1 }));
    }

    #[test]
    fn a_report_corrects_what_plans_had() {
        let (_, terms) = array(4);
        let unit = |start: i64, mwh: f64| Unit { site: 0, start_s: start * HOUR, end_s: 6 * HOUR, mwh };
        let energies = |done: f64| {
            let mut units = vec![unit(0, 3.0), unit(2, 3.0), unit(4, 2.0)];
            correct(&mut units, &terms, done, 6 * HOUR);
            units.iter().map(|u| (u.mwh * 1e6).round() / 1e6).collect::<Vec<f64>>()
        };
        // Of 12 MWh: all plans had, less, more than they had, and more than their units can hold.
        assert_eq!(energies(8.0 / 12.0), [3.0, 3.0, 2.0]);
        assert_eq!(energies(5.0 / 12.0), [3.0, 2.0, 0.0]);
        assert_eq!(energies(8.5 / 12.0), [3.0, 3.0, 2.5]);
        assert_eq!(energies(10.0 / 12.0), [3.0, 3.0, 3.0, 1.0]);
    }

    #[test]
    fn units_reported_done_are_not_placed_again() {
        let (work, terms) = array(4);
        let grid = Grid { start_s: 10 * HOUR, step_s: HOUR, len: 24 };
        let state = State { done: Some(0.5), at_s: Some(9 * HOUR), ..State::QUEUED };
        let items = items(&work, &terms, &state, &portfolio(), &[], grid);
        assert_eq!(items.iter().map(|i| i.terms.count).collect::<Vec<_>>(), [2]);
        assert_eq!(items[0].done, 0.0);
    }
}
