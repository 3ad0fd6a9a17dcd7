//! Plans that cannot be had: the culprit is named with the quantity.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{
    After, Allowance, Contract, Gpus, Job, Limits, Outcome, Piece, Pool, Problem, Reason, StructuredBackend, solve,
    solve_with,
};
use ids::{Index, JobIndex, PoolIndex, SiteIndex, WorkIndex};
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

/// What a plan says of a problem that counts as large; the faster method does not carry everything.
fn said(problem: &Problem) -> Vec<String> {
    let large = StructuredBackend { columns: 1, starts: 1, ..StructuredBackend::default() };
    let outcome = solve_with(problem, &Limits::default(), &large).unwrap();
    assert!(near(outcome.objective, solved(problem).objective, 1e-6));
    let plain = |r: &&Reason| r.code == "plain_model";
    outcome.reasons.iter().filter(plain).map(|r| r.message.clone()).collect()
}

#[test]
fn a_plan_says_what_the_faster_method_does_not_carry() {
    let mut p = tiny(&[30.0, 10.0, 20.0]);
    p.work.push(work("a", &[0], (0, 3), 14.0, 10.0));
    p.work.push(work("b", &[0], (0, 3), 9.0, 9.0));
    assert!(said(&p).is_empty());
    p.pools.push(Pool { id: "p".into(), available: vec![80.0; 3], ..Pool::default() });
    let gpus = |count: f64| Some(Gpus { pool: PoolIndex::new(0), count, account: None });
    p.work[0].gpus = gpus(50.0);
    let pooled = said(&p);
    assert!(pooled.len() == 1 && pooled[0].ends_with("divisible work that holds GPUs of a pool"), "{pooled:?}");
    let (first, then) = (Piece::Work(WorkIndex::new(0)), Piece::Work(WorkIndex::new(1)));
    p.after.push(After { first, then });
    let ordered = said(&p);
    assert!(ordered.len() == 1 && ordered[0].contains("dependencies between pieces"), "{ordered:?}");
    let job = Job {
        id: "j".into(),
        sites: vec![SiteIndex::new(0)],
        deadline: 3,
        steps: 1,
        mw: 2.0,
        last: 1.0,
        miss_price: 100.0,
        count: 1,
        gpus: gpus(8.0),
        ..Job::default()
    };
    p.jobs.push(job);
    p.after[0].then = Piece::Job(JobIndex::new(0));
    let waits = said(&p);
    assert!(waits.len() == 1 && waits[0].contains("dependencies between jobs and other work"), "{waits:?}");
    p.after.clear();
    let beside = said(&p);
    assert!(beside.len() == 1 && beside[0].contains("divisible work that holds GPUs, beside jobs"), "{beside:?}");
    p.work[0].gpus = None;
    assert!(said(&p).is_empty());
}
