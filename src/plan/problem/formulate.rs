//! A snapshot stated: everything of it in turn, and each piece of work where its window lies.

use super::stated::{EXPECTED, Stated, negligible_mwh};
use super::window::{Found, forgotten, window};
use super::{batch, later, limits, order, supply, target, training};
use crate::plan::common::{HOUR_S, Index, Instant, Item, ItemIndex, Phase, Problem, Snapshot, codes, counted};
use crate::work::gone::gone;

/// Expired pieces that are named.
const NAMED: usize = 3;

/// Sites and what bounds them, with nothing to plan.
pub fn bounds(snapshot: &Snapshot) -> Problem {
    let mut stated = empty(snapshot);
    limits::add(snapshot, &mut stated);
    stated.problem
}

pub fn formulate(snapshot: &Snapshot) -> Stated {
    let mut stated = empty(snapshot);
    supply::add(snapshot, &mut stated);
    limits::add(snapshot, &mut stated);
    target::add(snapshot, &mut stated);
    place(snapshot, &mut stated);
    expect(snapshot, &mut stated);
    stated
}

fn empty(snapshot: &Snapshot) -> Stated {
    let policy = &snapshot.portfolio.policy;
    Stated {
        problem: Problem {
            step_hours: snapshot.step_hours(),
            steps: snapshot.grid.len,
            boundaries: boundaries(snapshot),
            sites: limits::sites(snapshot),
            policy: solver::Policy {
                carbon_price_per_t: policy.carbon_price_per_t,
                delay_price_per_mwh_step: policy.delay_price_per_mwh_step,
                event_price_per_mwh: policy.event_price_per_mwh,
                class_price_per_mwh: policy.class_price_per_mwh,
                ..solver::Policy::default()
            },
            ..Problem::default()
        },
        ..Stated::default()
    }
}

fn boundaries(snapshot: &Snapshot) -> Vec<solver::Boundary> {
    let definitions = &snapshot.portfolio.definitions.boundaries;
    let expected = definitions.iter().zip(&snapshot.view.boundaries);
    let boundaries = expected.map(|(definition, expected)| solver::Boundary {
        id: definition.id.clone(),
        buy_per_mwh: expected.price_per_mwh.values.clone(),
        carbon_g_per_kwh: expected.carbon_g_per_kwh.values.clone(),
        grid_cfe_share: expected.cfe_share.values.clone(),
    });
    boundaries.collect()
}

/// What was reported running long enough is over, as far as anybody knows: it holds no room any more.
fn taken_as_done(stated: &mut Stated, item: &Item) {
    let complete = item.state.done.is_some_and(|done| done >= 1.0);
    if let (Phase::Running, Some(at), false) = (item.state.phase, item.state.at, complete) {
        let message = format!(
            "{} was last reported running at {at}, and has had all the time it needs since: taken as done; report its \
             state",
            item.work.id
        );
        stated.say_piece(codes::TAKEN_AS_DONE, item, message);
    }
}

/// The first of many ids, and how many there are besides.
fn first_of(ids: &[&str]) -> String {
    let named = ids[..ids.len().min(NAMED)].join(", ");
    if ids.len() > NAMED { format!("{named} and {} more", ids.len() - NAMED) } else { named }
}

fn place(snapshot: &Snapshot, stated: &mut Stated) {
    let later = later::Later::new(snapshot, &stated.problem);
    let mut after_horizon = 0;
    let mut expired: Vec<&str> = Vec::new();
    let mut cohorts = batch::Cohorts::default();
    for (index, item) in ItemIndex::each(&snapshot.work) {
        let left_mwh = item.left_mwh();
        let lost = gone(&item.work, &item.state, &snapshot.portfolio).filter(|_| item.done < 1.0 - 1e-9);
        if let Some((gone, message)) = lost {
            if forgotten(snapshot, item) {
                expired.push(&item.work.id);
            } else {
                stated.miss(item, left_mwh, codes::of_gone(gone), message);
            }
            continue;
        }
        if left_mwh <= negligible_mwh(item.terms.all_energy_mwh()) {
            taken_as_done(stated, item);
            if !item.work.is_training() {
                continue;
            }
        }
        match window(snapshot, item) {
            Found::Expired => expired.push(&item.work.id),
            Found::AfterHorizon => after_horizon += 1,
            Found::None(code, message) => stated.miss(item, left_mwh, code, message),
            Found::Window(window) if item.work.is_training() => training::add(snapshot, stated, index, window),
            Found::Window(window) => batch::add(snapshot, stated, (index, window), &later, &mut cohorts),
        }
    }
    (stated.problem.jobs, stated.jobs) = cohorts.found.into_iter().unzip();
    order::add(snapshot, stated);
    training::utilisation(snapshot, stated);
    later::bounds(snapshot, stated);
    if !expired.is_empty() {
        let message = format!(
            "{} more than a day past the deadline and left out: {}; `hourmatch work cancel ID` removes one",
            counted(expired.len(), "piece of work is", "pieces of work are"),
            first_of(&expired)
        );
        stated.say(codes::EXPIRED, "work", expired.len() as f64, "pieces", message);
    }
    if after_horizon > 0 {
        let message = format!(
            "{} released after the horizon: left for a later plan",
            counted(after_horizon, "piece of work is", "pieces of work are")
        );
        stated.say(codes::AFTER_HORIZON, "work", f64::from(after_horizon), "pieces", message);
    }
}

/// Work still to come competes for the same hours; it stands behind all other work and is never part of a plan.
fn expect(snapshot: &Snapshot, stated: &mut Stated) {
    let grid = snapshot.grid;
    let mut mwh = 0.0;
    for (index, piece) in snapshot.expected_work.iter().enumerate() {
        let step = |hour: i64| {
            let ahead_s = Instant::from_seconds(hour * HOUR_S) - grid.start;
            ahead_s.div_euclid(grid.step_s).clamp(0, grid.len as i64) as usize
        };
        let (release, deadline) = (step(piece.release_h), step(piece.deadline_h));
        if release >= deadline {
            continue;
        }
        mwh += piece.energy_mwh;
        stated.problem.work.push(solver::Work {
            id: format!("{EXPECTED}{index}").into(),
            sites: piece.sites.clone(),
            release,
            deadline,
            energy_mwh: piece.energy_mwh,
            max_mw: piece.max_mw,
            miss_price_per_mwh: snapshot.portfolio.policy.miss_price_per_mwh,
            ..solver::Work::default()
        });
    }
    if mwh > 0.0 {
        let message = format!(
            "the plan allows for {mwh:.1} MWh of work not released yet, estimated from the releases of the last \
             four weeks"
        );
        stated.say(codes::WORK_EXPECTED, "work", mwh, "MWh", message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_named() {
        assert_eq!(first_of(&["a"]), "a");
        assert_eq!(first_of(&["a", "b", "c"]), "a, b, c");
        assert_eq!(first_of(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
