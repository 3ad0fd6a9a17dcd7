//! Training: service class, move between sites, checkpoint before a pause, least times on and off.

use super::super::bench::run::plain_run;
use super::super::{boundary, site, tiny};
use hourmatch_solver::{Before, Checkpoint, Class, Problem, Run};
use ids::{Index, SiteIndex};

/// On at site 0 for a day before the horizon, at full power or off, on a straight curve.
fn gang(prices: &[f64], rated_mw: f64, lost_price: f64, pause_cost: f64) -> Run {
    Run {
        id: "r".into(),
        sites: vec![SiteIndex::new(0)],
        deadline: prices.len(),
        rated_mw,
        lost_price_per_hour: lost_price,
        pause_cost,
        before: Before::On { site: SiteIndex::new(0), steps: 24 },
        ..plain_run()
    }
}

pub struct ClassNumbers {
    pub prices: &'static [f64],
    pub rated_mw: f64,
    pub lost_price: f64,
    pub mean: f64,
    pub window: usize,
    /// Progress before the horizon, newest last.
    pub history: &'static [f64],
    pub optimum: f64,
}

/// Half of rated power makes six tenths of the progress.
pub const HALF_POWER: (f64, f64) = (0.5, 0.6);

pub const CLASS: [ClassNumbers; 2] = [
    ClassNumbers {
        prices: &[100.0, 140.0],
        rated_mw: 10.0,
        lost_price: 300.0,
        mean: 0.75,
        window: 2,
        history: &[0.9],
        optimum: 1_725.0,
    },
    ClassNumbers {
        prices: &[60.0, 50.0],
        rated_mw: 8.0,
        lost_price: 100.0,
        mean: 0.9,
        window: 3,
        history: &[1.0, 0.8],
        optimum: 830.0,
    },
];

pub fn class(n: &ClassNumbers) -> Problem {
    let mut p = tiny(n.prices);
    p.runs.push(Run {
        floor: HALF_POWER.0,
        curve: vec![HALF_POWER, (1.0, 1.0)],
        class: Some(Class { mean: n.mean, window: n.window, history: n.history.to_vec() }),
        ..gang(n.prices, n.rated_mw, n.lost_price, 0.0)
    });
    p
}

pub struct MoveNumbers {
    /// At the site it is at, and at the other.
    pub prices: [&'static [f64]; 2],
    pub rated_mw: f64,
    pub lost_price: f64,
    pub pause_cost: f64,
    pub transit_steps: usize,
    /// At each end.
    pub move_mwh: f64,
    pub optimum: f64,
}

pub const MOVE: [MoveNumbers; 2] = [
    MoveNumbers {
        prices: [&[10.0, 60.0, 100.0, 100.0], &[80.0, 30.0, 10.0, 10.0]],
        rated_mw: 4.0,
        lost_price: 150.0,
        pause_cost: 5.0,
        transit_steps: 1,
        move_mwh: 2.0,
        optimum: 455.0,
    },
    MoveNumbers {
        prices: [&[20.0, 20.0, 90.0, 90.0, 90.0, 90.0], &[50.0, 50.0, 50.0, 10.0, 10.0, 10.0]],
        rated_mw: 5.0,
        lost_price: 100.0,
        pause_cost: 10.0,
        transit_steps: 2,
        move_mwh: 1.0,
        optimum: 530.0,
    },
];

pub fn moving(n: &MoveNumbers) -> Problem {
    let steps = n.prices[0].len();
    let mut p = tiny(n.prices[0]);
    p.boundaries.push(boundary("c", n.prices[1]));
    p.sites.push(site("t", 1, 0.0, 10.0, steps));
    p.runs.push(Run {
        sites: SiteIndex::all(&p.sites).collect(),
        may_move: true,
        move_steps: n.transit_steps,
        move_mwh: n.move_mwh,
        ..gang(n.prices[0], n.rated_mw, n.lost_price, n.pause_cost)
    });
    p
}

pub struct CheckpointNumbers {
    pub prices: &'static [f64],
    pub lost_price: f64,
    pub every: usize,
    pub since: usize,
    pub optimum: f64,
}

/// Of both instances: rated, what a save and a restart take in hours and draw in MW, what it draws while paused.
pub const RATED_MW: f64 = 4.0;
pub const PAUSE_COST: f64 = 10.0;
pub const SAVE: (f64, f64) = (0.5, 1.0);
pub const RESTART: (f64, f64) = (0.25, 2.0);
pub const PAUSED_MW: f64 = 0.5;

pub const CHECKPOINT: [CheckpointNumbers; 2] = [
    CheckpointNumbers { prices: &[20.0, 200.0, 20.0], lost_price: 100.0, every: 10, since: 0, optimum: 405.0 },
    CheckpointNumbers { prices: &[50.0, 30.0, 40.0, 45.0], lost_price: 300.0, every: 3, since: 1, optimum: 765.0 },
];

pub fn checkpoint(n: &CheckpointNumbers) -> Problem {
    let mut p = tiny(n.prices);
    p.runs.push(Run {
        save_h: SAVE.0,
        save_mw: SAVE.1,
        restart_h: RESTART.0,
        restart_mw: RESTART.1,
        paused_mw: PAUSED_MW,
        checkpoint: Checkpoint::Steps { every: n.every, since: n.since },
        ..gang(n.prices, RATED_MW, n.lost_price, PAUSE_COST)
    });
    p
}

pub struct LeastTimesNumbers {
    pub prices: &'static [f64],
    pub rated_mw: f64,
    pub lost_price: f64,
    pub pause_cost: f64,
    pub min_on: usize,
    pub min_off: usize,
    /// Running, or paused long enough, before the horizon.
    pub was_on: bool,
    pub optimum: f64,
}

pub const LEAST_TIMES: [LeastTimesNumbers; 2] = [
    LeastTimesNumbers {
        prices: &[10.0, 100.0, 10.0, 100.0, 10.0, 10.0],
        rated_mw: 4.0,
        lost_price: 50.0,
        pause_cost: 0.0,
        min_on: 1,
        min_off: 2,
        was_on: true,
        optimum: 270.0,
    },
    LeastTimesNumbers {
        prices: &[60.0, 10.0, 10.0, 70.0, 10.0, 80.0, 10.0],
        rated_mw: 2.0,
        lost_price: 60.0,
        pause_cost: 7.0,
        min_on: 3,
        min_off: 1,
        was_on: false,
        optimum: 347.0,
    },
];

pub fn least_times(n: &LeastTimesNumbers) -> Problem {
    let mut p = tiny(n.prices);
    let (site, steps) = (SiteIndex::new(0), 24);
    let before = if n.was_on { Before::On { site, steps } } else { Before::Paused { site, steps } };
    p.runs.push(Run {
        min_on: n.min_on,
        min_off: n.min_off,
        before,
        ..gang(n.prices, n.rated_mw, n.lost_price, n.pause_cost)
    });
    p
}
