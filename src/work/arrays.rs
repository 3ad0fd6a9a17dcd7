//! Arrays of jobs that run in one go, and which of their units have begun: what runs stays where it is, and only the rest
//! is placed anew.

use super::history::{History, Planned, Row, Ruled};
use super::item::Item;
use super::piece::{Piece, Reported};
use super::standing::Standing;
use super::state::{Phase, State};
use super::terms::Terms;
use super::{Grid, Instant, Portfolio, SiteIndex};
use std::collections::{BTreeMap, BTreeSet};

/// One of an array, as plans in force had it run.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit {
    site: SiteIndex,
    start: Instant,
    end: Instant,
    mwh: f64,
    /// The last plan that had it, by its place among them, and its number there.
    of: Option<(usize, u32)>,
}

/// An item for each unit that runs, and one for all that have not begun.
pub fn items(reported: Reported, past: History, grid: Grid) -> Vec<Item> {
    let Reported { piece, terms, .. } = reported;
    let units = units(reported, &past.ruled, grid);
    let whole = terms.energy_mwh * (1.0 - 1e-6);
    let one = |part: f64, standing: Standing, prior: Vec<Planned>, count: u32| Item {
        work: piece.work.clone(),
        span: piece.span,
        terms: Terms { count, ..terms.clone() },
        state: State { phase: standing.phase(), ..piece.state.clone() },
        done: part,
        standing,
        history: Vec::new(),
        prior,
    };
    let complete = units.iter().filter(|u| u.mwh >= whole).count() as u32;
    let running = units.iter().filter(|u| u.mwh < whole && u.end >= grid.start);
    let running: Vec<&Unit> = running.take(terms.count.saturating_sub(complete) as usize).collect();
    let waiting = terms.count.saturating_sub(complete).saturating_sub(running.len() as u32);
    let on = |unit: &&Unit| {
        let standing = Standing::On { site: unit.site, since: unit.start };
        one(unit.mwh / terms.energy_mwh.max(1e-9), standing, Vec::new(), 1)
    };
    let mut items: Vec<Item> = running.iter().map(on).collect();
    if waiting > 0 {
        let mut prior = past.prior;
        leave_out(&mut prior, waiting);
        items.push(one(0.0, Standing::Waiting, prior, waiting));
    }
    items
}

/// Leaves of what an earlier plan had for all units what is for those that wait: not what it had begun by now, and of the rest
/// no more than there are of them, the last to start.
pub fn leave_out(prior: &mut Vec<Planned>, waiting: u32) {
    prior.retain(|p| !p.begun);
    let mut starts: BTreeMap<u32, usize> = BTreeMap::new();
    for p in prior.iter() {
        let start = starts.entry(p.unit).or_insert(p.step);
        *start = p.step.min(*start);
    }
    let mut units: Vec<(usize, u32)> = starts.into_iter().map(|(unit, start)| (start, unit)).collect();
    units.sort_unstable();
    let too_many = units.len().saturating_sub(waiting as usize);
    let too_many: BTreeSet<u32> = units[..too_many].iter().map(|unit| unit.1).collect();
    prior.retain(|p| !too_many.contains(&p.unit));
}

/// Units that have begun: as plans in force had them up to the last report, corrected by it, and as planned since; what
/// was reported running goes on.
fn units(reported: Reported, past: &[Ruled], grid: Grid) -> Vec<Unit> {
    let Reported { piece, terms, portfolio } = reported;
    let state = &piece.state;
    let running = state.phase == Phase::Running;
    // The instant of which the report says how much was done.
    let as_of = match (state.done, running) {
        (Some(_), _) => state.done_at.or(state.at),
        (None, true) => state.since.or(state.at),
        (None, false) => state.at,
    };
    let as_of = as_of.unwrap_or(grid.start).min(grid.start);
    let rows = |from: Instant, to: Instant| {
        let of_plan =
            move |(plan, ruled): (usize, &Ruled)| ruled.rows(from, to).into_iter().map(move |row| (plan, row));
        past.iter().enumerate().flat_map(of_plan)
    };
    let mut units: Vec<Unit> = Vec::new();
    follow(&mut units, terms, portfolio, rows(Instant::FIRST, as_of).collect());
    let whole = terms.energy_mwh * (1.0 - 1e-6);
    // Nothing of it had begun by then: what a plan had on is not.
    if state.at.is_some() && state.phase == Phase::Queued && state.done.unwrap_or(0.0) <= 0.0 {
        let later = rows(Instant::FIRST, grid.start).filter(|(_, row)| row.start >= as_of);
        units.clear();
        follow(&mut units, terms, portfolio, later.collect());
        return units;
    }
    // No plan had a hand in it.
    if units.is_empty() && running {
        units = begun(reported, as_of);
        let runs = units.iter_mut().filter(|u| u.mwh < whole);
        runs.for_each(|unit| go_on(unit, terms, as_of, grid.start));
        return units;
    }
    if let (Some(_), Some(done)) = (state.at, state.done) {
        correct(&mut units, terms, done, as_of);
    }
    // What was to be over and is not still runs, and so does what ran.
    let on = |u: &Unit| u.mwh > 0.0 && u.mwh < whole && (state.done.is_some() || u.end >= as_of);
    let runs: Vec<usize> = (0..units.len()).filter(|u| running && on(&units[*u])).collect();
    follow(&mut units, terms, portfolio, rows(as_of, grid.start).collect());
    runs.into_iter().for_each(|index| go_on(&mut units[index], terms, as_of, grid.start));
    units
}

/// What was reported to run, of an array that no plan had begun: all of it at once, as far as that fits, each the same part
/// done; else what is done is of the first, and as many run as fit.
fn begun(reported: Reported, as_of: Instant) -> Vec<Unit> {
    let Reported { piece: Piece { state, .. }, terms, portfolio } = reported;
    let Some(site) = reported.site_or_first() else { return Vec::new() };
    let of_pool = terms.pool.zip(terms.gpus).map(|(pool, gpus)| portfolio.planning.pools[pool].count / gpus);
    let of_site = portfolio.sites[site].it_capacity_mw / terms.max_mw.max(1e-12);
    let most = of_pool.unwrap_or(f64::INFINITY).min(of_site + 1e-9).floor().clamp(1.0, f64::from(terms.count)) as u32;
    let all = state.done.unwrap_or(0.0).clamp(0.0, 1.0) * f64::from(terms.count);
    let complete = if most < terms.count { (all + 1e-9).floor() as u32 } else { 0 };
    let running = terms.count.saturating_sub(complete).min(most);
    let part = ((all - f64::from(complete)) / f64::from(running.max(1))).clamp(0.0, 1.0);
    let start = state.since.unwrap_or(as_of).min(as_of);
    let over = Unit { site, start, end: as_of - 1, mwh: terms.energy_mwh, of: None };
    let on = Unit { end: as_of, mwh: part * terms.energy_mwh, ..over };
    [vec![over; complete as usize], vec![on; running as usize]].concat()
}

/// A unit that runs goes on at full power to the start of the horizon, or until it has all its energy.
fn go_on(unit: &mut Unit, terms: &Terms, as_of: Instant, start: Instant) {
    let hours = (start - unit.end.max(as_of)).max(0) as f64 / 3_600.0;
    unit.mwh = (unit.mwh + terms.max_mw * hours).min(terms.energy_mwh);
    unit.end = unit.end.max(start);
}

/// The reported part of all energy, given to units in the order they began: what plans had each have, then what is left
/// over to the full, and what none of them had is lost.
fn correct(units: &mut Vec<Unit>, terms: &Terms, done: f64, at: Instant) {
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
    let site = terms.sites.first().copied().unwrap_or_default();
    while left > 1e-9 && units.len() < terms.count as usize {
        let mwh = left.min(terms.energy_mwh);
        // Whole ones are done; of a part nobody says that it still runs.
        let end = if mwh >= terms.energy_mwh * (1.0 - 1e-6) { at - 1 } else { at };
        units.push(Unit { site, start: at, end, mwh, of: None });
        left -= mwh;
    }
}

/// Stretches, each with the place of its plan among all, are those of the unit that has their number there. Each plan
/// numbers units anew: one that it has begin where one of an earlier plan ended is taken to be that one, for units are
/// alike, until it has all its energy.
fn follow(units: &mut Vec<Unit>, terms: &Terms, portfolio: &Portfolio, mut rows: Vec<(usize, Row)>) {
    rows.sort_by(|(_, a), (_, b)| (a.start, a.end, &a.site).cmp(&(b.start, b.end, &b.site)));
    for (plan, row) in rows {
        let Some(site) = portfolio.site(&row.site) else { continue };
        let of = Some((plan, row.unit));
        let goes_on =
            |u: &Unit| u.site == site && u.end == row.start && u.mwh + row.mwh <= terms.energy_mwh * (1.0 + 1e-6);
        let own = units.iter().position(|u| u.of == of && goes_on(u));
        // The one that has run longest is continued first.
        let alike = || units.iter().position(|u| u.of.is_none_or(|(other, _)| other != plan) && goes_on(u));
        match own.or_else(alike) {
            Some(index) => {
                let unit = &mut units[index];
                (unit.end, unit.mwh, unit.of) = (row.end, unit.mwh + row.mwh, of);
            }
            None => units.push(Unit { site, start: row.start, end: row.end, mwh: row.mwh, of }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::{Work, terms};
    use ids::Index;
    use reports::time::{DAY_S, HOUR_S, Interval};

    const DAY: Interval = Interval { start: Instant::FIRST, end: Instant::from_seconds(DAY_S) };

    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * HOUR_S)
    }

    fn first() -> SiteIndex {
        SiteIndex::new(0)
    }

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
        let terms = terms::derive(&work, &portfolio());
        (work, terms)
    }

    /// Of an array that no plan had a hand in.
    fn reported_items((work, terms): (&Work, &Terms), state: &State, grid: Grid) -> Vec<Item> {
        let piece = Piece { work: work.clone(), span: DAY, state: state.clone(), born_seq: 0 };
        items(Reported { piece: &piece, terms, portfolio: &portfolio() }, History::default(), grid)
    }

    #[test]
    fn units_reported_to_run_without_a_plan_all_run_on() {
        let (work, terms) = array(4);
        let grid = Grid { start: at(10), step_s: HOUR_S, len: 24 };
        // Of each a quarter, for lack of anything better.
        let since = Some(at(9));
        let state = State { phase: Phase::Running, done: Some(0.25), since, ..State::QUEUED };
        let items = reported_items((&work, &terms), &state, grid);
        assert_eq!(items.len(), 4);
        assert!(items.iter().all(|i| i.terms.count == 1 && i.standing == Standing::On { site: first(), since: at(9) }));
    }

    #[test]
    fn units_reported_to_run_run_on_until_the_horizon() {
        let (work, terms) = array(4);
        let grid = Grid { start: at(11), step_s: HOUR_S, len: 24 };
        let nine = Some(at(9));
        let state = State { phase: Phase::Running, since: nine, at: nine, ..State::QUEUED };
        // Two of three hours, whatever heartbeats came in between.
        for hour in [9, 10] {
            let state = State { at: Some(at(hour)), ..state.clone() };
            let items = reported_items((&work, &terms), &state, grid);
            assert_eq!(items.len(), 4);
            assert!(items.iter().all(|i| (i.done - 2.0 / 3.0).abs() < 1e-9), "{:?}", items[0].done);
            assert!(items.iter().all(|i| i.standing == Standing::On { site: first(), since: at(9) }));
        }
        // A quarter of all at nine, and two hours of each since; after four hours nothing is left of it.
        let quarter = State { done: Some(0.25), done_at: nine, ..state.clone() };
        let parts = |grid: Grid| {
            let items = reported_items((&work, &terms), &quarter, grid);
            items.iter().map(|i| (i.done * 12.0).round()).collect::<Vec<f64>>()
        };
        assert_eq!(parts(grid), [11.0; 4]);
        assert!(parts(Grid { start: at(13), ..grid }).is_empty());
        // Of twenty at 1 MW each ten run at a time on this site; half of all is ten.
        let (work, terms) = array(20);
        let half = State { done: Some(0.5), done_at: nine, ..state };
        let items = reported_items((&work, &terms), &half, Grid { start: at(10), ..grid });
        assert_eq!(items.len(), 10);
        assert!(items.iter().all(|i| (i.done - 1.0 / 3.0).abs() < 1e-9 && i.terms.count == 1));
    }

    #[test]
    fn a_report_corrects_what_plans_had() {
        let (_, terms) = array(4);
        let unit = |start: i64, mwh: f64| Unit { site: first(), start: at(start), end: at(6), mwh, of: None };
        let energies = |done: f64| {
            let mut units = vec![unit(0, 3.0), unit(2, 3.0), unit(4, 2.0)];
            correct(&mut units, &terms, done, at(6));
            units.iter().map(|u| (u.mwh * 1e6).round() / 1e6).collect::<Vec<f64>>()
        };
        // Of 12 MWh: all plans had, less, more than they had, and more than their units can hold.
        assert_eq!(energies(8.0 / 12.0), [3.0, 3.0, 2.0]);
        assert_eq!(energies(5.0 / 12.0), [3.0, 2.0, 0.0]);
        assert_eq!(energies(8.5 / 12.0), [3.0, 3.0, 2.5]);
        assert_eq!(energies(10.0 / 12.0), [3.0, 3.0, 3.0, 1.0]);
    }

    #[test]
    fn units_that_wait_keep_what_a_plan_has_for_them() {
        let on = |unit: u32, steps: std::ops::Range<usize>, begun: bool| {
            steps.map(move |step| Planned { site: first(), step, mw: 1.0, on: true, save: false, unit, begun })
        };
        // One has a step to go, two begin now, another later.
        let all = on(3, 0..1, true).chain(on(0, 0..3, false)).chain(on(1, 0..3, false)).chain(on(2, 5..8, false));
        let all: Vec<Planned> = all.collect();
        let left = |waiting: u32| {
            let mut prior = all.clone();
            leave_out(&mut prior, waiting);
            prior.iter().map(|p| p.unit).collect::<BTreeSet<u32>>().into_iter().collect::<Vec<_>>()
        };
        assert_eq!((left(9), left(3), left(2)), (vec![0, 1, 2], vec![0, 1, 2], vec![1, 2]));
        assert_eq!((left(1), left(0)), (vec![2], vec![]));
    }

    #[test]
    fn units_go_on_by_their_numbers() {
        let (_, terms) = array(4);
        let row = |plan: usize, unit: u32, start: i64, end: i64| {
            let mwh = (end - start) as f64;
            let (start, end) = (at(start), at(end));
            (plan, Row { site: "s".into(), start, end, on: true, mwh, progress_h: 0.0, unit })
        };
        let told = |rows: Vec<(usize, Row)>| {
            let mut units = Vec::new();
            follow(&mut units, &terms, &portfolio(), rows);
            units.iter().map(|u| (u.start, u.end, u.mwh)).collect::<Vec<_>>()
        };
        // What is left of one ends where another begins: in one plan these are two, whatever energy they have.
        assert_eq!(told(vec![row(0, 0, 0, 1), row(0, 1, 1, 3)]), [(at(0), at(1), 1.0), (at(1), at(3), 2.0)]);
        let told_of = told(vec![row(0, 0, 0, 1), row(0, 1, 1, 2), row(0, 0, 1, 3)]);
        assert_eq!(told_of, [(at(0), at(3), 3.0), (at(1), at(2), 1.0)]);
        // The next plan has other numbers, and takes up what ran.
        let told_of = told(vec![row(0, 0, 0, 1), row(0, 1, 0, 1), row(1, 5, 1, 3)]);
        assert_eq!(told_of, [(at(0), at(3), 3.0), (at(0), at(1), 1.0)]);
    }

    #[test]
    fn units_reported_done_are_not_placed_again() {
        let (work, terms) = array(4);
        let grid = Grid { start: at(10), step_s: HOUR_S, len: 24 };
        let state = State { done: Some(0.5), at: Some(at(9)), ..State::QUEUED };
        let items = reported_items((&work, &terms), &state, grid);
        assert_eq!(items.iter().map(|i| i.terms.count).collect::<Vec<_>>(), [2]);
        assert_eq!(items[0].done, 0.0);
    }
}
