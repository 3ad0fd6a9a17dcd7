//! Divisible work under what bounds power, its cost and its end: event, ramp, demand charge, end of horizon, quota.

use super::super::{tiny, work};
use hourmatch_solver::{Account, DemandCharge, Event, Gpus, Later, Pool, Problem, Ramp};
use ids::{AccountIndex, Index, PoolIndex, SiteIndex, WorkIndex};

pub struct EventNumbers {
    pub prices: &'static [f64],
    pub firm_mw: f64,
    pub work_mwh: f64,
    pub from: usize,
    pub to: usize,
    pub max_mw: f64,
    pub over_price: f64,
    pub optimum: f64,
}

pub const EVENT: [EventNumbers; 2] = [
    EventNumbers {
        prices: &[10.0, 20.0, 30.0],
        firm_mw: 2.0,
        work_mwh: 12.0,
        from: 0,
        to: 1,
        max_mw: 5.0,
        over_price: 1e5,
        optimum: 340.0,
    },
    EventNumbers {
        prices: &[30.0, 10.0, 25.0, 40.0],
        firm_mw: 1.0,
        work_mwh: 14.0,
        from: 1,
        to: 3,
        max_mw: 4.0,
        over_price: 12.0,
        optimum: 402.0,
    },
];

pub fn event(n: &EventNumbers) -> Problem {
    let mut p = tiny(n.prices);
    p.sites[0].firm_it_mw = vec![n.firm_mw; p.steps];
    p.work.push(work("w", &[0], (0, n.prices.len()), n.work_mwh, 10.0));
    let site = SiteIndex::new(0);
    p.events.push(Event { id: "e".into(), site, from: n.from, to: n.to, max_mw: n.max_mw });
    p.policy.event_price_per_mwh = n.over_price;
    p
}

pub struct RampNumbers {
    pub prices: &'static [f64],
    pub work_mwh: f64,
    pub mw_per_step: f64,
    pub before_mw: f64,
    pub optimum: f64,
}

pub const RAMP: [RampNumbers; 2] = [
    RampNumbers { prices: &[50.0, 40.0, 10.0], work_mwh: 9.0, mw_per_step: 3.0, before_mw: 0.0, optimum: 180.0 },
    RampNumbers { prices: &[30.0, 20.0, 25.0], work_mwh: 8.0, mw_per_step: 2.0, before_mw: 6.0, optimum: 205.0 },
];

pub fn ramp(n: &RampNumbers) -> Problem {
    let mut p = tiny(n.prices);
    p.sites[0].ramp = Some(Ramp { mw_per_step: n.mw_per_step, before_mw: n.before_mw });
    p.work.push(work("w", &[0], (0, n.prices.len()), n.work_mwh, 10.0));
    p
}

pub struct DemandNumbers {
    pub prices: &'static [f64],
    pub firm_mw: f64,
    pub work_mwh: f64,
    pub rate_per_mw: f64,
    pub before_mw: f64,
    pub optimum: f64,
}

pub const DEMAND: [DemandNumbers; 2] = [
    DemandNumbers {
        prices: &[10.0, 10.0, 30.0],
        firm_mw: 0.0,
        work_mwh: 15.0,
        rate_per_mw: 100.0,
        before_mw: 4.0,
        optimum: 350.0,
    },
    DemandNumbers {
        prices: &[20.0, 12.0, 12.0, 25.0],
        firm_mw: 1.0,
        work_mwh: 12.0,
        rate_per_mw: 20.0,
        before_mw: 2.0,
        optimum: 305.0,
    },
];

pub fn demand(n: &DemandNumbers) -> Problem {
    let mut p = tiny(n.prices);
    p.sites[0].firm_it_mw = vec![n.firm_mw; p.steps];
    p.work.push(work("w", &[0], (0, n.prices.len()), n.work_mwh, 10.0));
    let (site, to) = (SiteIndex::new(0), p.steps);
    p.demand.push(DemandCharge { site, from: 0, to, rate_per_mw: n.rate_per_mw, before_mw: n.before_mw });
    p
}

/// Two pieces of work: energy, most that may be left for later, cost of that; free until the first's deadline, and in all.
pub struct HorizonNumbers {
    pub prices: &'static [f64],
    pub works: [(f64, f64, f64); 2],
    pub free_first_mwh: f64,
    pub free_both_mwh: f64,
    pub optimum: f64,
}

pub const HORIZON: [HorizonNumbers; 2] = [
    HorizonNumbers {
        prices: &[40.0, 60.0],
        works: [(12.0, 8.0, 30.0), (6.0, 6.0, 50.0)],
        free_first_mwh: 5.0,
        free_both_mwh: 9.0,
        optimum: 700.0,
    },
    HorizonNumbers {
        prices: &[70.0, 35.0, 90.0],
        works: [(9.0, 9.0, 45.0), (8.0, 3.0, 60.0)],
        free_first_mwh: 2.0,
        free_both_mwh: 4.0,
        optimum: 770.0,
    },
];

pub fn horizon(n: &HorizonNumbers) -> Problem {
    let mut p = tiny(n.prices);
    for (id, (energy, max_mwh, cost_per_mwh)) in ["a", "b"].into_iter().zip(n.works) {
        let mut w = work(id, &[0], (0, n.prices.len()), energy, 10.0);
        w.later = Some(Later { max_mwh, cost_per_mwh });
        p.work.push(w);
    }
    p.free_later =
        vec![(vec![WorkIndex::new(0)], n.free_first_mwh), (WorkIndex::all(&p.work).collect(), n.free_both_mwh)];
    p
}

/// GPUs per step in the pool; most an account may hold; GPU-hours over steps `from` to `to`.
pub struct QuotaNumbers {
    pub prices: &'static [f64],
    pub pool: &'static [f64],
    pub max_gpus: f64,
    pub from: usize,
    pub to: usize,
    pub gpu_hours: f64,
    pub work_mwh: f64,
    pub max_mw: f64,
    pub optimum: f64,
}

/// What a MW of the work holds.
pub const GPUS_PER_MW: f64 = 100.0;

pub const QUOTA: [QuotaNumbers; 2] = [
    QuotaNumbers {
        prices: &[10.0, 20.0, 50.0],
        pool: &[1_000.0, 1_000.0, 1_000.0],
        max_gpus: 500.0,
        from: 0,
        to: 2,
        gpu_hours: 700.0,
        work_mwh: 10.0,
        max_mw: 10.0,
        optimum: 240.0,
    },
    QuotaNumbers {
        prices: &[15.0, 10.0, 30.0, 20.0],
        pool: &[300.0, 800.0, 400.0, 800.0],
        max_gpus: 600.0,
        from: 1,
        to: 4,
        gpu_hours: 900.0,
        work_mwh: 12.0,
        max_mw: 8.0,
        optimum: 165.0,
    },
];

pub fn quota(n: &QuotaNumbers) -> Problem {
    let mut p = tiny(n.prices);
    p.pools.push(Pool { id: "p".into(), available: n.pool.to_vec(), ..Pool::default() });
    p.accounts.push(Account {
        id: "a".into(),
        max_gpus: Some(n.max_gpus),
        gpu_hours: vec![(n.from, n.to, n.gpu_hours)],
        ..Account::default()
    });
    let mut w = work("w", &[0], (0, n.prices.len()), n.work_mwh, n.max_mw);
    let (pool, account) = (PoolIndex::new(0), Some(AccountIndex::new(0)));
    w.gpus = Some(Gpus { pool, count: GPUS_PER_MW, account });
    p.work.push(w);
    p
}
