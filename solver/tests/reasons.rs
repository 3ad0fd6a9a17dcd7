//! Plans that cannot be had: the culprit is named with the quantity.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{Allowance, Contract, Limits, Outcome, Problem, Reason, solve};
use support::{contract, near, target, tiny, work};

fn solved(problem: &Problem) -> Outcome {
    solve(problem, &Limits::default()).unwrap()
}

fn reason<'a>(outcome: &'a Outcome, code: &str, subject: &str, quantity: f64) -> &'a Reason {
    let found = outcome.reasons.iter().find(|r| r.code == code);
    let found = found.unwrap_or_else(|| panic!("no {code} in {:?}", outcome.reasons));
    assert_eq!(found.subject, subject);
    assert!(near(found.quantity, quantity, 1e-6), "{found:?}");
    found
}

#[test]
fn a_window_too_short_is_named() {
    let mut p = tiny(&[10.0, 10.0]);
    p.work.push(work("w", &[0], (0, 2), 9.0, 3.0));
    // 2 steps of 3 MW hold 6 of 9 MWh.
    let outcome = solved(&p);
    reason(&outcome, "window_too_short", "w", 3.0);
    assert_eq!(outcome.reasons.len(), 1);
}

#[test]
fn a_full_site_is_named() {
    let mut p = tiny(&[10.0, 10.0]);
    p.work.push(work("a", &[0], (0, 2), 14.0, 10.0));
    p.work.push(work("b", &[0], (0, 2), 9.0, 10.0));
    p.work[0].miss_price_per_mwh = 2000.0;
    // 20 MWh of room for 23 MWh; b is cheaper to miss.
    let outcome = solved(&p);
    let why = reason(&outcome, "site_full", "b", 3.0);
    assert!(why.message.contains("site s"), "{}", why.message);
}

#[test]
fn a_firm_overload_is_named_and_feasible() {
    let mut p = tiny(&[10.0, 10.0, 10.0]);
    p.sites[0].firm_it_mw = vec![12.0, 11.0, 4.0];
    p.work.push(work("w", &[0], (0, 3), 5.0, 5.0));
    let outcome = solved(&p);
    let why = reason(&outcome, "firm_overload", "s", 2.0);
    assert!(why.message.contains("in 2 steps"), "{}", why.message);
    assert_eq!(outcome.overloads.len(), 2);
    // 27 MWh of firm load and the work in the one step left, at 10.
    assert!(near(outcome.objective, 320.0, 1e-9));
}

#[test]
fn a_connection_below_firm_load_is_an_overload_of_it_power() {
    let mut p = tiny(&[10.0]);
    p.sites[0].pue = vec![1.25];
    p.sites[0].overhead_mw = vec![1.0];
    p.sites[0].grid_limit_mw = vec![6.0];
    p.sites[0].firm_it_mw = vec![5.0];
    // (6 - 1) / 1.25 = 4 MW of IT power, 5 wanted.
    reason(&solved(&p), "firm_overload", "s", 1.0);
}

#[test]
fn no_room_at_all_is_named() {
    let mut p = tiny(&[10.0, 10.0]);
    p.sites[0].firm_it_mw = vec![10.0, 0.0];
    p.work.push(work("w", &[0], (0, 1), 2.0, 5.0));
    reason(&solved(&p), "no_capacity", "w", 2.0);
}

#[test]
fn a_target_out_of_reach_is_named() {
    let mut p = tiny(&[20.0]);
    p.sites[0].firm_it_mw = vec![10.0];
    p.targets.push(target(0.9, 200.0, Allowance::UsefulLoad));
    let outcome = solved(&p);
    let why = reason(&outcome, "target_unreachable", "portfolio", 9.0);
    assert!(why.message.contains("10.000 MWh stay unmatched"), "{}", why.message);
}

#[test]
fn supply_in_doubt_counts_in_a_target_as_far_as_it_may_not_come() {
    let mut p = tiny(&[20.0]);
    p.sites[0].firm_it_mw = vec![10.0];
    p.contracts.push(Contract { doubt: vec![0.4], ..contract("c", &[0], &[10.0]) });
    p.targets.push(target(0.9, 200.0, Allowance::UsefulLoad));
    // 0.4 of 10 MWh may not come, a tenth of 10 MWh is allowed.
    let outcome = solved(&p);
    let why = reason(&outcome, "target_unreachable", "portfolio", 3.0);
    let says = "is short by 3.000 MWh, allowing for supply that may not come: 4.000 MWh stay unmatched at a shortfall \
                price of 200.00 per MWh, 1.000 MWh are allowed";
    assert!(why.message.contains(says), "{}", why.message);
    // What the target costs is of the same energy.
    let cost = outcome.costs.iter().find(|cost| cost.code == "target_short").unwrap();
    assert!((cost.quantity - 3.0).abs() < 1e-6 && (cost.amount - 600.0).abs() < 1e-4, "{cost:?}");
}

#[test]
fn missing_because_running_is_dearer_is_named() {
    let mut p = tiny(&[1500.0]);
    p.work.push(work("w", &[0], (0, 1), 2.0, 5.0));
    // Running costs 1500, missing 1000.
    let outcome = solved(&p);
    reason(&outcome, "cheaper_to_miss", "w", 2.0);
    assert!(near(outcome.objective, 2000.0, 1e-9));
}
