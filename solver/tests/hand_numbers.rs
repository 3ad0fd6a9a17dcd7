//! The optima of `docs/planning-numbers.md`: the solver's, and those of an enumeration that knows no solver.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{Before, Checkpoint, Limits, Outcome, Problem, Run, Status, check_plan, solve};
use ids::{Index, SiteIndex};
use support::bench::run::plain_run;
use support::enumerate::{cost, least, splits, words};
use support::hand::{self, Waits};
use support::{near, work};

fn solved(problem: &Problem) -> Outcome {
    solve(problem, &Limits { gap: 1e-9, ..Limits::default() }).unwrap()
}

/// The solver, the page and the enumeration agree; without the rule the optimum would be another.
fn agrees(problem: &Problem, stated: f64, enumerated: f64, without: impl Fn(&mut Problem)) {
    assert!(near(enumerated, stated, 1e-9), "enumerated {enumerated}, stated {stated}");
    let outcome = solved(problem);
    assert_eq!(outcome.status, Status::Optimal);
    assert!(near(outcome.objective, stated, 1e-6), "solved {}, stated {stated}", outcome.objective);
    assert!(near(outcome.bound, stated, 1e-6), "bound {}, stated {stated}", outcome.bound);
    check_plan(problem, &outcome).unwrap();
    let mut other = problem.clone();
    without(&mut other);
    let free = solved(&other).objective;
    assert!((free - stated).abs() > 5.0, "the rule changes nothing: {free} without it");
}

#[test]
fn a_demand_response_event() {
    for n in &hand::EVENT {
        let room = 10.0 - n.firm_mw;
        let plans = splits(n.prices.len(), n.work_mwh, room, 1.0);
        let firm: f64 = n.prices.iter().map(|price| price * n.firm_mw).sum();
        let costs = plans.iter().map(|mw| {
            let over: f64 = (n.from..n.to).map(|t| (n.firm_mw + mw[t] - n.max_mw).max(0.0)).sum();
            firm + cost(mw, n.prices) + n.over_price * over
        });
        agrees(&hand::event(n), n.optimum, least(costs), |p| p.events.clear());
    }
}

/// Power in sixteenths of rated, or off; what a window lacks costs the class price.
#[test]
fn a_service_class() {
    for n in &hand::CLASS {
        let (half, made_at_half) = hand::HALF_POWER;
        let slope = (1.0 - made_at_half) / (1.0 - half);
        let powers: Vec<f64> = [0.0].into_iter().chain((8..=16).map(|k| f64::from(k) / 16.0)).collect();
        let costs = words(n.prices.len(), powers.len()).into_iter().map(|word| {
            let power: Vec<f64> = word.iter().map(|&letter| powers[letter]).collect();
            let made = power.iter().map(|&p| if p > 0.0 { made_at_half + slope * (p - half) } else { 0.0 });
            let all: Vec<f64> = n.history.iter().copied().chain(made).collect();
            let mut total = n.rated_mw * cost(&power, n.prices);
            total += all[n.history.len()..].iter().map(|y| n.lost_price * (1.0 - y)).sum::<f64>();
            for window in all.windows(n.window) {
                total += 2e3 * n.rated_mw * (n.mean * n.window as f64 - window.iter().sum::<f64>()).max(0.0);
            }
            total
        });
        agrees(&hand::class(n), n.optimum, least(costs), |p| p.runs[0].class = None);
    }
}

#[test]
fn a_ramp() {
    for n in &hand::RAMP {
        let plans = splits(n.prices.len(), n.work_mwh, n.work_mwh, 0.5);
        let gentle = plans.iter().filter(|mw| {
            let before = [n.before_mw].into_iter().chain(mw.iter().copied());
            before.zip(mw.iter()).all(|(before, now)| (now - before).abs() <= n.mw_per_step)
        });
        let costs = gentle.map(|mw| cost(mw, n.prices));
        agrees(&hand::ramp(n), n.optimum, least(costs), |p| p.sites[0].ramp = None);
    }
}

/// Each step on or off, at one site or the other; the energy of moving is drawn at both ends when the place changes.
#[test]
fn a_move_between_sites() {
    for n in &hand::MOVE {
        let steps = n.prices[0].len();
        let costs = words(steps, 4).into_iter().filter_map(|word| {
            let (mut place, mut was_on, mut ran_at, mut rested) = (0, true, 0, 0);
            let mut total = 0.0;
            for (t, letter) in word.into_iter().enumerate() {
                let (site, on) = (letter % 2, letter < 2);
                if site != place {
                    total += n.move_mwh * (n.prices[0][t] + n.prices[1][t]);
                    place = site;
                }
                if on && site != ran_at && rested < n.transit_steps {
                    return None;
                }
                if on {
                    total += n.rated_mw * n.prices[site][t];
                    (ran_at, rested) = (site, 0);
                } else {
                    total += n.lost_price + if was_on { n.pause_cost } else { 0.0 };
                    rested += 1;
                }
                was_on = on;
            }
            Some(total)
        });
        agrees(&hand::moving(n), n.optimum, least(costs), |p| p.runs[0].may_move = false);
    }
}

/// Each of the jobs begins at some step or is missed.
#[test]
fn a_job_in_one_go() {
    for n in &hand::JOB {
        let starts = n.prices.len() + 1 - n.steps;
        let firm: f64 = n.prices.iter().map(|price| price * n.firm_mw).sum();
        let costs = words(n.count as usize, starts + 1).into_iter().filter_map(|word| {
            let mut taken = vec![n.firm_mw; n.prices.len()];
            let mut total = firm;
            for start in word {
                if start == starts {
                    total += hand::JOB_MISS;
                    continue;
                }
                for since in 0..n.steps {
                    let part = if since + 1 == n.steps { n.last } else { 1.0 };
                    // Its power is taken in whole steps, its energy is not.
                    taken[start + since] += n.mw;
                    total += n.mw * part * n.prices[start + since];
                }
            }
            taken.iter().all(|mw| *mw <= 10.0).then_some(total)
        });
        agrees(&hand::job(n), n.optimum, least(costs), |p| {
            let energy = f64::from(n.count) * n.mw * (n.steps as f64 - 1.0 + n.last);
            p.jobs.clear();
            p.work.push(work("w", &[0], (0, n.prices.len()), energy, 10.0));
        });
    }
}

#[test]
fn a_demand_charge() {
    for n in &hand::DEMAND {
        let plans = splits(n.prices.len(), n.work_mwh, 10.0 - n.firm_mw, 0.5);
        let firm: f64 = n.prices.iter().map(|price| price * n.firm_mw).sum();
        let costs = plans.iter().map(|mw| {
            let peak = mw.iter().map(|mw| mw + n.firm_mw).fold(n.before_mw, f64::max);
            firm + cost(mw, n.prices) + n.rate_per_mw * (peak - n.before_mw)
        });
        agrees(&hand::demand(n), n.optimum, least(costs), |p| p.demand.clear());
    }
}

/// What is not left for later takes the cheapest steps, 10 MWh in each.
#[test]
fn the_end_of_the_horizon() {
    for n in &hand::HORIZON {
        let [(first, first_most, first_cost), (second, second_most, second_cost)] = n.works;
        let mut cheapest = n.prices.to_vec();
        cheapest.sort_by(f64::total_cmp);
        let costs = words(2, 21).into_iter().filter_map(|word| {
            let (a, b) = (word[0] as f64 * 0.5, word[1] as f64 * 0.5);
            let allowed = a <= first_most.min(n.free_first_mwh) && b <= second_most && a + b <= n.free_both_mwh;
            let mut left = first + second - a - b;
            let mut total = a * first_cost + b * second_cost;
            for price in &cheapest {
                let now = left.min(10.0);
                total += now * price;
                left -= now;
            }
            (allowed && left == 0.0).then_some(total)
        });
        agrees(&hand::horizon(n), n.optimum, least(costs), |p| p.free_later.clear());
    }
}

/// Each step off, on, or on with a save at its end.
#[test]
fn a_checkpoint_before_a_pause() {
    for n in &hand::CHECKPOINT {
        let costs = words(n.prices.len(), 3).into_iter().filter_map(|word| {
            let (mut was_on, mut saved, mut passed) = (true, false, n.since);
            let mut total = 0.0;
            for (letter, price) in word.into_iter().zip(n.prices) {
                let (on, save) = (letter > 0, letter > 1);
                let (start, stop) = (on && !was_on, was_on && !on);
                passed = if on && !save { passed + 1 } else { 0 };
                if (stop && !saved) || passed >= n.every {
                    return None;
                }
                let saving = if save { hand::SAVE.0 } else { 0.0 };
                let starting = if start { hand::RESTART.0 } else { 0.0 };
                let running = if on { 1.0 - saving - starting } else { 0.0 };
                let paused = if on { 0.0 } else { hand::PAUSED_MW };
                let drawn = hand::RATED_MW * running + hand::SAVE.1 * saving + hand::RESTART.1 * starting + paused;
                total += drawn * price + n.lost_price * (1.0 - running);
                total += if stop { hand::PAUSE_COST } else { 0.0 };
                (was_on, saved) = (on, save);
            }
            Some(total)
        });
        agrees(&hand::checkpoint(n), n.optimum, least(costs), |p| {
            p.runs[0].checkpoint = Checkpoint::Within { factor: 1.0 };
        });
    }
}

#[test]
fn least_times_on_and_off() {
    for n in &hand::LEAST_TIMES {
        let costs = words(n.prices.len(), 2).into_iter().filter_map(|word| {
            let (mut was_on, mut length) = (n.was_on, usize::MAX);
            let mut total = 0.0;
            for (letter, price) in word.into_iter().zip(n.prices) {
                let on = letter == 1;
                let least = if was_on { n.min_on } else { n.min_off };
                if on != was_on && length < least {
                    return None;
                }
                length = if on == was_on { length.saturating_add(1) } else { 1 };
                total += if on { n.rated_mw * price } else { n.lost_price };
                total += if was_on && !on { n.pause_cost } else { 0.0 };
                was_on = on;
            }
            Some(total)
        });
        agrees(&hand::least_times(n), n.optimum, least(costs), |p| (p.runs[0].min_on, p.runs[0].min_off) = (1, 1));
    }
}

/// What is never to be paused, and is when the horizon begins, runs from the first step in which it may.
#[test]
fn a_pause_that_has_begun_keeps_its_least_time() {
    let site = SiteIndex::new(0);
    let run = Run {
        id: "r".into(),
        sites: vec![site],
        deadline: 4,
        rated_mw: 2.0,
        lost_price_per_hour: 1.0,
        min_off: 3,
        before: Before::Paused { site, steps: 1 },
        always_on: true,
        ..plain_run()
    };
    // Dear enough that it would rather stay off.
    let problem = Problem { runs: vec![run], ..support::tiny(&[50.0; 4]) };
    let outcome = solved(&problem);
    check_plan(&problem, &outcome).unwrap();
    assert_eq!(outcome.status, Status::Optimal);
    assert_eq!(outcome.runs[0].steps.iter().map(|s| s.on).collect::<Vec<_>>(), [false, false, true, true]);
}

#[test]
fn a_quota_of_gpus() {
    for n in &hand::QUOTA {
        let plans = splits(n.prices.len(), n.work_mwh, n.max_mw, 1.0);
        let within = plans.iter().filter(|mw| {
            let gpus: Vec<f64> = mw.iter().map(|mw| mw * hand::GPUS_PER_MW).collect();
            let hours: f64 = gpus[n.from..n.to].iter().sum();
            hours <= n.gpu_hours && gpus.iter().zip(n.pool).all(|(held, most)| *held <= most.min(n.max_gpus))
        });
        let costs = within.map(|mw| cost(mw, n.prices));
        agrees(&hand::quota(n), n.optimum, least(costs), |p| {
            p.accounts[0].max_gpus = None;
            p.accounts[0].gpu_hours.clear();
            p.pools[0].available.fill(1e6);
        });
    }
}

#[test]
fn what_waits_for_other_work() {
    for n in &hand::DEPENDENCY {
        let firsts = splits(n.prices.len(), n.first_mwh, n.first_max_mw, 1.0);
        let thens: Vec<Vec<f64>> = match n.then {
            Waits::Work { mwh, max_mw } => splits(n.prices.len(), mwh, max_mw, 1.0),
            Waits::Job { steps, mw } => {
                let starts = 0..n.prices.len() + 1 - steps;
                let whole = |start: usize| move |t: usize| if (start..start + steps).contains(&t) { mw } else { 0.0 };
                starts.map(|start| (0..n.prices.len()).map(whole(start)).collect()).collect()
            }
        };
        let pairs = firsts.iter().flat_map(|first| thens.iter().map(move |then| (first, then)));
        let ordered = pairs.filter(|(first, then)| {
            let last = first.iter().rposition(|mw| *mw > 0.0).unwrap();
            last < then.iter().position(|mw| *mw > 0.0).unwrap()
        });
        let costs = ordered.map(|(first, then)| cost(first, n.prices) + cost(then, n.prices));
        agrees(&hand::dependency(n), n.optimum, least(costs), |p| p.after.clear());
    }
}
