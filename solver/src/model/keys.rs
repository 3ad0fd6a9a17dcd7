//! Where each quantity stands among columns and rows. The only place with index arithmetic:
//! everyone else asks by work, site, boundary and step.

use crate::model::terms::Terms;
use crate::outcome::StorageOutcome;
use crate::problem::Problem;
use ids::{BoundaryIndex, Index, SiteIndex, WorkIndex};

/// A block of `[thing][step]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Table {
    start: usize,
    steps: usize,
}

impl Table {
    fn at(&self, thing: usize, step: usize) -> usize {
        debug_assert!(step < self.steps);
        self.start + thing * self.steps + step
    }

    /// Where each value of such a table stands.
    pub fn places(&self, values: &[Vec<f64>]) -> impl Iterator<Item = (usize, f64)> {
        let rows = values.iter().enumerate();
        rows.flat_map(move |(thing, row)| row.iter().enumerate().map(move |(t, &value)| (self.at(thing, t), value)))
    }
}

/// Columns and rows of one piece of divisible work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkKeys {
    /// First of its placements: site by site, each over its window.
    pub place: usize,
    pub sites: usize,
    pub release: usize,
    pub window: usize,
    pub later: Option<usize>,
    /// First of its rows that bound a step, where it has them.
    pub rate: Option<usize>,
}

/// Columns: use, grid, short, miss, later, placements. Rows: energy, capacity, balance, nested,
/// target, rate. What further rules add stands behind these, where they say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Keys {
    pub usage: Table,
    pub grid: Table,
    pub capacity: Table,
    pub balance: Table,
    pub nested: Table,
    short: usize,
    miss: usize,
    target: usize,
    pub work: Vec<WorkKeys>,
    /// How many of each.
    pub rows: usize,
    pub columns: usize,
    /// By work: (site, step, column) of placements a previous plan had.
    pub keep: Vec<Vec<(SiteIndex, usize, usize)>>,
    pub jobs: Vec<JobKeys>,
    pub runs: Vec<RunKeys>,
    pub storage: Vec<StorageKeys>,
    /// By demand charge.
    pub peaks: Vec<usize>,
}

/// Columns of a job.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JobKeys {
    /// (site, step, column)
    pub starts: Vec<(SiteIndex, usize, usize)>,
    pub miss: usize,
}

/// Columns of one run, by position in its list of sites and step from its release.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunKeys {
    pub release: usize,
    pub on: Vec<Vec<usize>>,
    pub held: Vec<Vec<usize>>,
    pub start: Vec<Vec<usize>>,
    pub stop: Vec<Vec<usize>>,
    /// None where saves come within steps.
    pub save: Option<Vec<Vec<usize>>>,
    /// None where it has begun.
    pub begin: Option<Vec<Vec<usize>>>,
    pub wait: Option<Vec<usize>>,
    /// None where it cannot finish.
    pub finish: Option<Vec<Vec<usize>>>,
    pub done: Option<Vec<usize>>,
    pub power: Vec<Vec<usize>>,
    pub progress: Vec<Vec<usize>>,
}

impl RunKeys {
    pub fn steps(&self) -> usize {
        self.on.first().map_or(0, Vec::len)
    }
}

/// Columns by step; those of the grid and of the other tank are empty where nothing but clean energy can be held.
pub type StorageKeys = StorageOutcome<usize>;

/// The first of so many more.
fn take(counter: &mut usize, count: usize) -> usize {
    std::mem::replace(counter, *counter + count)
}

impl Keys {
    pub fn new(problem: &Problem, terms: &Terms) -> Keys {
        let steps = problem.steps;
        let (mut columns, mut rows) = (0, 0);
        let table = |counter: &mut usize, things: usize| Table { start: take(counter, things * steps), steps };
        let usage = table(&mut columns, terms.groups.len());
        let grid = table(&mut columns, problem.boundaries.len());
        let short = take(&mut columns, problem.targets.len());
        let miss = take(&mut columns, problem.work.len());
        take(&mut rows, problem.work.len());
        let capacity = table(&mut rows, problem.sites.len());
        let balance = table(&mut rows, problem.boundaries.len());
        let nested = table(&mut rows, terms.nodes.len());
        let target = take(&mut rows, problem.targets.len());
        let later: Vec<Option<usize>> = problem.work.iter().map(|w| w.later.map(|_| take(&mut columns, 1))).collect();
        let work = problem.work.iter().zip(later).map(|(w, later)| {
            let (sites, release, window) = (w.sites.len(), w.release, w.deadline - w.release);
            let place = take(&mut columns, sites * window);
            let rate = (sites > 1 || w.prior.iter().any(|p| p.mw > 0.0)).then(|| take(&mut rows, window));
            WorkKeys { place, sites, release, window, later, rate }
        });
        let (work, keep) = (work.collect(), vec![Vec::new(); problem.work.len()]);
        let further = Keys::default();
        Keys { usage, grid, capacity, balance, nested, short, miss, target, work, rows, columns, keep, ..further }
    }

    pub fn usage(&self, group: usize, step: usize) -> usize {
        self.usage.at(group, step)
    }

    pub fn grid(&self, boundary: BoundaryIndex, step: usize) -> usize {
        self.grid.at(boundary.get(), step)
    }

    pub fn capacity(&self, site: SiteIndex, step: usize) -> usize {
        self.capacity.at(site.get(), step)
    }

    pub fn balance(&self, boundary: BoundaryIndex, step: usize) -> usize {
        self.balance.at(boundary.get(), step)
    }

    pub fn nested(&self, node: usize, step: usize) -> usize {
        self.nested.at(node, step)
    }

    pub fn short(&self, target: usize) -> usize {
        self.short + target
    }

    pub fn target(&self, target: usize) -> usize {
        self.target + target
    }

    pub fn energy(&self, work: WorkIndex) -> usize {
        work.get()
    }

    pub fn miss(&self, work: WorkIndex) -> usize {
        self.miss + work.get()
    }

    pub fn later(&self, work: WorkIndex) -> Option<usize> {
        self.work[work].later
    }

    /// `position` counts the work's own list of sites.
    pub fn place(&self, work: WorkIndex, position: usize, step: usize) -> usize {
        let keys = &self.work[work];
        keys.place + position * keys.window + (step - keys.release)
    }

    pub fn rate(&self, work: WorkIndex, step: usize) -> Option<usize> {
        let keys = &self.work[work];
        keys.rate.map(|first| first + (step - keys.release))
    }
}
