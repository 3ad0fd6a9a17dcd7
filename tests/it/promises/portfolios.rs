//! A portfolio with every rule of the planner in it now and then, and work and questions of every kind.

use super::{HOUR, STEPS};
use crate::support::Random;
use hourmatch::portfolio::Portfolio;
use hourmatch::windows::{Ask, Draw};
use hourmatch::work::{Kind, Work};
use ids::{AccountId, WorkId};
use reports::time::Instant;
use std::fmt::Write as _;

pub(super) fn start() -> Instant {
    Instant::parse("2026-05-11T00:00:00Z").expect("time")
}

/// One to three sites, and of every rule now and then one.
pub(super) fn portfolio(r: &mut Random) -> String {
    let sites = 1 + r.below(3);
    let mut text = String::from(
        "[portfolio]\nname = \"promises\"\nsynthetic = true\n[policy]\ncarbon_price_per_t = 80.0\n[[boundary]]\nid = \"A\"\n\
         [[boundary]]\nid = \"B\"\nprice_per_mwh = 40.0\n",
    );
    for s in 0..sites {
        let capacity = r.between(6.0, 12.0);
        let boundary = if r.one_in(3) { "B" } else { "A" };
        write!(
            text,
            "[[site]]\nid = \"s{s}\"\nboundary = \"{boundary}\"\nit_capacity_mw = {capacity:?}\npue = {:?}\n\
             it_load_mw = {:?}\n",
            r.between(1.0, 1.5),
            r.between(0.0, 3.0)
        )
        .expect("text");
        if r.one_in(2) {
            writeln!(text, "grid_limit_mw = {:?}", r.between(0.7 * capacity, 1.4 * capacity)).expect("text");
        }
        if r.one_in(4) {
            writeln!(text, "ramp_mw_per_hour = {:?}", r.between(1.0, 5.0)).expect("text");
        }
    }
    for s in 0..sites {
        if r.one_in(2) {
            writeln!(
                text,
                "[[pool]]\nid = \"p{s}\"\nsite = \"s{s}\"\ncount = {}\nkw_per_gpu = 10.0",
                100 + r.below(500)
            )
            .expect("text");
        }
        if r.one_in(4) {
            let (from, hours) = (r.below(18) as i64, 1 + r.below(6) as i64);
            let at = |hour: i64| (start() + hour * HOUR).to_string();
            let notice = if r.one_in(2) { "notice = \"3h\"\n" } else { "" };
            write!(
                text,
                "[[event]]\nsite = \"s{s}\"\nstart = \"{}\"\nend = \"{}\"\nmax_mw = {:?}\n{notice}",
                at(from),
                at(from + hours),
                r.between(3.0, 8.0)
            )
            .expect("text");
        }
        if r.one_in(4) {
            let window = if r.one_in(2) { "day" } else { "month" };
            writeln!(
                text,
                "[[demand_charge]]\nsite = \"s{s}\"\nper_mw = {:?}\nwindow = \"{window}\"",
                r.between(5.0, 500.0)
            )
            .expect("text");
        }
        if r.one_in(5) {
            writeln!(
                text,
                "[[storage]]\nid = \"k{s}\"\nsite = \"s{s}\"\nenergy_mwh = 6.0\ncharge_mw = 2.0\ndischarge_mw = 2.0\n\
                 eff_charge = 0.95\neff_discharge = 0.95"
            )
            .expect("text");
        }
    }
    if r.one_in(3) {
        writeln!(text, "[[limit]]\nid = \"feeder\"\nmax_mw = {:?}", r.between(6.0, 14.0)).expect("text");
    }
    writeln!(text, "[[account]]\nid = \"a\"\nmax_gpus = {}", 50 + r.below(300)).expect("text");
    writeln!(text, "[[account]]\nid = \"b\"\ngpu_hours_per_day = {}", 500 + r.below(3_000)).expect("text");
    writeln!(text, "[[contract]]\nid = \"w\"\nboundary = \"A\"\ntechnology = \"wind\"").expect("text");
    text
}

pub(super) fn forecasts(r: &mut Random) -> String {
    let mut text = String::from("series,start,end,value,unit,issued\n");
    for (series, unit, most) in [("grid/A/price", "currency/MWh", 90.0), ("contract/w/generation", "MWh", 12.0)] {
        for hour in 0..2 * STEPS as i64 {
            let at = |h: i64| (start() + h * HOUR).to_string();
            let value = r.between(0.0, most);
            writeln!(text, "{series},{},{},{value:?},{unit},{}", at(hour), at(hour + 1), at(0)).expect("text");
        }
    }
    text
}

fn account(r: &mut Random) -> Option<AccountId> {
    [None, Some("a"), Some("b")][r.below(3)].map(AccountId::from)
}

/// A piece of work of any kind.
pub(super) fn work(r: &mut Random, portfolio: &Portfolio, id: WorkId, now: Instant) -> Work {
    let release = now + r.below(6) as i64 * HOUR;
    let deadline = release + (4 + r.below(16) as i64) * HOUR;
    let mut work = Work::batch(id, release.to_string(), deadline.to_string(), None);
    let pools = &portfolio.planning.pools;
    if !pools.is_empty() && r.one_in(2) {
        let pool = &pools[r.below(pools.len())];
        (work.pool, work.gpus) = (Some(pool.id.clone()), Some((10 + r.below(90)) as f64));
        work.hours = Some(0.5 * (1 + r.below(8)) as f64);
        work.account = account(r);
        work.count = r.one_in(4).then_some(2);
        work.hours_p90 = r.one_in(4).then_some(5.0).filter(|p90| work.hours.is_some_and(|h| h <= *p90));
        if r.one_in(4) {
            work.kind = Kind::Training;
            (work.count, work.hours_p90, work.hours) = (None, None, Some(30.0));
            work.deadline = (release + 20 * 24 * HOUR).to_string();
        }
    } else {
        work.energy_mwh = Some(r.between(1.0, 20.0));
        work.max_mw = Some(r.between(0.5, 5.0));
        work.divisible = r.one_in(3).then_some(false);
    }
    work.notice_min = r.one_in(4).then_some(120.0);
    work
}

pub(super) fn question(r: &mut Random, portfolio: &Portfolio, now: Instant) -> Ask {
    let pools = &portfolio.planning.pools;
    let draw = if !pools.is_empty() && r.one_in(2) {
        let pool = Some(pools[r.below(pools.len())].id.clone());
        Draw::Gpus { count: 5 + r.below(120) as u32, pool }
    } else {
        Draw::Power { mw: r.between(0.2, 6.0) }
    };
    let account = match draw {
        Draw::Gpus { .. } => account(r),
        Draw::Power { .. } => None,
    };
    Ask {
        now,
        duration_s: [HOUR / 2, HOUR, 70 * 60, 2 * HOUR, 5 * HOUR][r.below(5)],
        site: (matches!(draw, Draw::Power { .. }) && r.one_in(4)).then(|| portfolio.definitions.sites[0].id.clone()),
        draw,
        account,
        after: r.one_in(3).then(|| now + r.below(5) as i64 * 20 * 60),
        before: None,
        top: 3,
    }
}
