//! Work that runs in one go, and work that waits for other work.

use super::super::{tiny, work};
use hourmatch_solver::{After, Job, Piece, Problem};
use ids::{Index, JobIndex, SiteIndex, WorkIndex};

/// What missing one job costs.
pub const JOB_MISS: f64 = 1_000.0;

pub struct JobNumbers {
    pub prices: &'static [f64],
    pub firm_mw: f64,
    pub steps: usize,
    /// Part of the last step it draws power in.
    pub last: f64,
    pub mw: f64,
    pub count: u32,
    pub optimum: f64,
}

pub const JOB: [JobNumbers; 2] = [
    JobNumbers {
        prices: &[10.0, 50.0, 10.0, 20.0, 30.0, 5.0],
        firm_mw: 0.0,
        steps: 3,
        last: 1.0,
        mw: 4.0,
        count: 1,
        optimum: 220.0,
    },
    JobNumbers {
        prices: &[10.0, 20.0, 15.0, 40.0, 12.0],
        firm_mw: 3.0,
        steps: 2,
        last: 0.5,
        mw: 4.0,
        count: 2,
        optimum: 511.0,
    },
];

pub fn job(n: &JobNumbers) -> Problem {
    let mut p = tiny(n.prices);
    p.sites[0].firm_it_mw = vec![n.firm_mw; p.steps];
    p.jobs.push(Job {
        id: "j".into(),
        sites: vec![SiteIndex::new(0)],
        release: 0,
        deadline: n.prices.len(),
        steps: n.steps,
        last: n.last,
        mw: n.mw,
        count: n.count,
        miss_price: JOB_MISS,
        ..Job::default()
    });
    p
}

/// What waits: a job in one go, or divisible work.
pub enum Waits {
    Job { steps: usize, mw: f64 },
    Work { mwh: f64, max_mw: f64 },
}

pub struct DependencyNumbers {
    pub prices: &'static [f64],
    pub first_mwh: f64,
    pub first_max_mw: f64,
    pub then: Waits,
    pub optimum: f64,
}

pub const DEPENDENCY: [DependencyNumbers; 2] = [
    DependencyNumbers {
        prices: &[50.0, 10.0, 20.0, 30.0, 15.0],
        first_mwh: 6.0,
        first_max_mw: 4.0,
        then: Waits::Job { steps: 2, mw: 3.0 },
        optimum: 215.0,
    },
    DependencyNumbers {
        prices: &[40.0, 10.0, 30.0, 20.0],
        first_mwh: 5.0,
        first_max_mw: 5.0,
        then: Waits::Work { mwh: 6.0, max_mw: 3.0 },
        optimum: 200.0,
    },
];

pub fn dependency(n: &DependencyNumbers) -> Problem {
    let mut p = tiny(n.prices);
    let all = (0, n.prices.len());
    p.work.push(work("first", &[0], all, n.first_mwh, n.first_max_mw));
    let then = match n.then {
        Waits::Job { steps, mw } => {
            p.jobs.push(Job {
                id: "then".into(),
                sites: vec![SiteIndex::new(0)],
                release: 0,
                deadline: n.prices.len(),
                steps,
                last: 1.0,
                mw,
                count: 1,
                miss_price: JOB_MISS,
                ..Job::default()
            });
            Piece::Job(JobIndex::new(0))
        }
        Waits::Work { mwh, max_mw } => {
            p.work.push(work("then", &[0], all, mwh, max_mw));
            Piece::Work(WorkIndex::new(1))
        }
    };
    p.after.push(After { first: Piece::Work(WorkIndex::new(0)), then });
    p
}
