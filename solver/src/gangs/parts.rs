//! Parts of a queue planned anew, all else staying where it is. A part is a queue of its own, small, and its relaxation knows
//! what is placed already: so the error of rounding shrinks with the jobs that are still open.

use super::draft::Draft;
use super::order::{alike, pairs};
use super::queue::blocks;
use super::random::Random;
use super::relaxed::{Relaxed, relax_near};
use super::search::{Effort, WHOLE};
use super::several::search_several;
use crate::interior::Until;
use crate::model::Terms;
use crate::outcome::JobOutcome;
use crate::problem::{After, Job, Piece, Problem};
use ids::{Index, JobIndex};

/// How thoroughly a queue is planned in parts.
struct Thoroughness {
    /// Of which jobs a part is, by what they take of their pool or site: smaller and smaller ones.
    smaller_than: &'static [f64],
    /// How near its optimum the relaxation of a part is solved.
    gap: f64,
    effort: Effort,
    /// Searches of a part.
    searches: usize,
    /// How often all sites are planned anew.
    rounds: usize,
}

/// Jobs up to which several sites are planned anew twice: what one site gives up of an account, another can use.
const TWICE: usize = 1_500;

/// How near its optimum the relaxation of a part is solved.
pub(super) const GAP: f64 = 2e-4;

/// Of one site, or sites that share jobs: all of it has been searched.
const OF_ONE: Thoroughness = Thoroughness {
    smaller_than: &[1.0 / 6.0, 1.0 / 12.0, 1.0 / 24.0, 1.0 / 48.0, 1.0 / 96.0],
    gap: GAP,
    effort: WHOLE,
    searches: 2,
    rounds: 1,
};

/// The same where large jobs were placed first, and all others then.
const OF_SMALLER: Thoroughness = Thoroughness { smaller_than: &[1.0 / 48.0, 1.0 / 96.0], ..OF_ONE };

/// Of several, which were searched all at once.
const OF_SEVERAL: Thoroughness =
    Thoroughness { smaller_than: &[f64::INFINITY, 1.0 / 12.0, 1.0 / 40.0, 1.0 / 120.0], searches: 4, ..OF_ONE };

/// Where the large ones stand well already.
const OF_SMALL: Thoroughness =
    Thoroughness { smaller_than: &[1.0 / 40.0], gap: 1e-3, effort: Effort { constructed: 10, tries: 100 }, ..OF_ONE };

/// Site by site, the largest jobs first: relaxed, searched, and kept where that is cheaper. Sites that some job can choose
/// between are one. `large_first`: large jobs were placed before all others, and stay. `good` hears of each better plan and says
/// whether it is good enough. Also whether time ended it.
pub(crate) fn improve(
    whole: (&Problem, &Terms, &Relaxed),
    (made, large_first): (Vec<JobOutcome>, bool),
    until: Until<'_>,
    good: &dyn Fn(&[JobOutcome]) -> bool,
) -> (Vec<JobOutcome>, bool) {
    let sites = Sites::new(whole.0);
    let thoroughness = match large_first {
        true => OF_SMALLER,
        false if sites.count > 1 && whole.0.jobs.len() <= TWICE => Thoroughness { rounds: 2, ..OF_SEVERAL },
        false if sites.count > 1 => OF_SEVERAL,
        false => OF_ONE,
    };
    in_parts(whole, &sites, (made, thoroughness), until, good)
}

/// The same with small jobs alone, and shortly.
pub(crate) fn improve_small(
    whole: (&Problem, &Terms, &Relaxed),
    made: Vec<JobOutcome>,
    until: Until<'_>,
) -> (Vec<JobOutcome>, bool) {
    in_parts(whole, &Sites::new(whole.0), (made, OF_SMALL), until, &|_| false)
}

fn in_parts(
    (problem, terms, relaxed): (&Problem, &Terms, &Relaxed),
    sites: &Sites,
    (made, thoroughness): (Vec<JobOutcome>, Thoroughness),
    until: Until<'_>,
    good: &dyn Fn(&[JobOutcome]) -> bool,
) -> (Vec<JobOutcome>, bool) {
    let cost = |made: &[JobOutcome]| {
        let mut draft = Draft::new(problem, terms, relaxed);
        draft.place(made);
        draft.total()
    };
    let (mut least, mut best) = (cost(&made), made);
    let mut random = Random::new(1);
    for block in (0..thoroughness.rounds).flat_map(|_| 0..sites.count) {
        let mut tried: Vec<bool> = Vec::new();
        for &most in thoroughness.smaller_than {
            let open = sites.open(problem, &best, (block, most));
            if open == tried {
                continue;
            }
            if until.over.is_some_and(|over| over()) {
                return (best, true);
            }
            let part = Part::new(problem, &best, &open);
            tried = open;
            let Some(found) = part.solve(terms, (random.seed(), &thoroughness), until) else { continue };
            let mut next = best.clone();
            part.jobs.iter().zip(found).for_each(|(&j, made)| next[j] = made);
            let now = cost(&next);
            if now < least {
                (best, least) = (next, now);
                if good(&best) {
                    return (best, false);
                }
            }
        }
    }
    (best, false)
}

/// Jobs by site and size.
pub(super) struct Sites {
    /// By job, the first of the sites it shares with others; and what it takes of its pool or site.
    pub block: Vec<usize>,
    pub size: Vec<f64>,
    count: usize,
}

impl Sites {
    pub fn new(problem: &Problem) -> Sites {
        let blocks = blocks(problem);
        let most = |list: &[f64]| list.iter().copied().fold(1e-9, f64::max);
        let size = |job: &Job| match (job.gpus, job.sites.first()) {
            (Some(gpus), _) => gpus.count / most(&problem.pools[gpus.pool].available),
            (None, Some(&site)) => job.mw / most(&problem.sites[site].it_capacity_mw),
            (None, None) => 0.0,
        };
        Sites {
            block: problem.jobs.iter().map(|job| job.sites.first().map_or(0, |&s| blocks[s])).collect(),
            size: problem.jobs.iter().map(size).collect(),
            count: blocks.iter().max().map_or(0, |b| b + 1),
        }
    }

    /// Jobs of a block that are small enough, and those missed; but not what waits for one that stands, or what such a one
    /// waits for.
    fn open(&self, problem: &Problem, made: &[JobOutcome], (block, most): (usize, f64)) -> Vec<bool> {
        let wanted = |(j, job): (JobIndex, &Job)| {
            let small_or_missed = self.size[j] < most || made[j].missed > 0;
            job.running.is_none() && self.block[j] == block && small_or_missed
        };
        let mut open: Vec<bool> = JobIndex::each(&problem.jobs).map(wanted).collect();
        alike(problem, &mut open, |first, then| first && then);
        open
    }
}

/// A queue of some jobs; the others run where they stand.
pub(super) struct Part {
    pub problem: Problem,
    /// The open jobs, which are the part's first ones, as the whole numbers them.
    pub jobs: Vec<JobIndex>,
    /// Where they stand.
    made: Vec<JobOutcome>,
}

impl Part {
    pub fn new(problem: &Problem, made: &[JobOutcome], open: &[bool]) -> Part {
        let jobs: Vec<JobIndex> = JobIndex::all(&problem.jobs).filter(|&j| open[j]).collect();
        let mut number = vec![JobIndex::default(); problem.jobs.len()];
        JobIndex::each(&jobs).for_each(|(at, &j)| number[j] = at);
        let mut list: Vec<Job> = jobs.iter().map(|&j| problem.jobs[j].clone()).collect();
        for j in JobIndex::all(&problem.jobs).filter(|&j| !open[j]) {
            let stand = |&(site, step, count): &(_, usize, u32)| {
                let job = &problem.jobs[j];
                let (running, deadline) = (Some(job.steps), step + job.steps);
                Job { sites: vec![site], release: step, deadline, count, running, prior: None, ..job.clone() }
            };
            list.extend(made[j].starts.iter().map(stand));
        }
        let both = pairs(problem).filter(|&(first, then)| open[first] && open[then]);
        let after =
            both.map(|(first, then)| After { first: Piece::Job(number[first]), then: Piece::Job(number[then]) });
        let after = after.collect();
        let made = jobs.iter().map(|&j| made[j].clone()).collect();
        Part { problem: Problem { jobs: list, after, ..problem.clone() }, jobs, made }
    }

    fn solve(
        &self,
        terms: &Terms,
        (seed, thoroughness): (u64, &Thoroughness),
        until: Until<'_>,
    ) -> Option<Vec<JobOutcome>> {
        if self.jobs.is_empty() {
            return None;
        }
        let relaxed = relax_near(&self.problem, terms, &self.made, Until { gap: thoroughness.gap, ..until })?;
        let part = (&self.problem, terms, &relaxed);
        let (mut found, _) =
            search_several(part, (seed, thoroughness.searches), &thoroughness.effort, (until.over, None));
        found.truncate(self.jobs.len());
        Some(found)
    }
}
