//! The large jobs of a queue of thousands, placed before all others. Where these stand decides most of what rounding loses, and
//! moving one job at a time does not find out: what matters is how all smaller ones give way. So large jobs are searched by what
//! they would cost then (`yielding`), and the relaxation of all others around them says what they do cost.

use super::accounts::{self, Kept};
use super::beside::Beside;
use super::draft::{Draft, Start};
use super::order::alike;
use super::parts::{self, Part, Sites};
use super::queue::{admissible, queue};
use super::random::Random;
use super::relaxed::{NEAR_ENOUGH, Relaxed, relax_keeping};
use super::search::WHOLE;
use super::several::{search_several, searches};
use super::yielding::{OfStarts, Standing, Yielding};
use crate::interior::Until;
use crate::model::Terms;
use crate::outcome::JobOutcome;
use crate::problem::Problem;
use ids::{Index, JobIndex};

/// Jobs that take this part of their pool or more are large, where there are so many jobs that all others can give way.
const LARGE: f64 = 1.0 / 24.0;
const MANY: usize = 2_000;

/// Relaxations around large jobs at most, and how near their optimum. They are enough where they cost so much more than the
/// relaxation of all; beyond the second part, large jobs are better placed with all others.
const ROUNDS: usize = 3;
const GAP: f64 = 3e-3;
const ENOUGH: f64 = 3e-4;
const TOO_MUCH: f64 = 2e-2;

/// Placements tried for each large job, jobs taken out at once, and how much worse an exchange may come out at first.
const TRIES: usize = 1_000;
const MOST_OUT: usize = 4;
const SLACK: f64 = 1e-4;

/// By job whether it is large; none where they are not placed before all others: of several sites, each has too few of its own.
/// What waits for a large one, or the reverse, is large too.
pub(crate) fn large(problem: &Problem) -> Option<Vec<bool>> {
    let open = || JobIndex::each(&problem.jobs).filter(|(_, job)| job.running.is_none());
    let sites = Sites::new(problem);
    let mut blocks = open().map(|(j, _)| sites.block[j]);
    let first = blocks.next()?;
    let many = open().map(|(_, job)| job.count as usize).sum::<usize>() >= MANY;
    if !many || blocks.any(|block| block != first) {
        return None;
    }
    let mut large: Vec<bool> = JobIndex::all(&problem.jobs).map(|j| sites.size[j] >= LARGE).collect();
    alike(problem, &mut large, |first, then| first || then);
    JobIndex::each(&problem.jobs).for_each(|(j, job)| large[j] &= job.running.is_none());
    large.contains(&true).then_some(large)
}

/// Large jobs where they stand, nothing else.
struct Stand {
    /// By unit of the draft.
    at: Vec<Option<Start>>,
    made: Vec<JobOutcome>,
    /// By job, whether it is placed later: all that are not large, and large ones missed.
    open: Vec<bool>,
    cost: f64,
}

/// The plan of a queue whose relaxation says how it gives way: large jobs first, all others around them. None where it does
/// not say, or none is large. Also whether time ended it.
pub(crate) fn search_large_first(
    (problem, terms, relaxed): (&Problem, &Terms, &Relaxed),
    until: Until<'_>,
) -> Option<(Vec<JobOutcome>, bool)> {
    let Stand { mut made, open, .. } = stand((problem, terms, relaxed), until)?;
    let part = Part::new(problem, &made, &open);
    let asked = (near(problem, relaxed), None);
    let around = relax_keeping(&part.problem, terms, asked, Until { gap: parts::GAP, ..until })?;
    let beside = (&part.problem, terms, &around);
    let (found, cut_short) = search_several(beside, (1, searches(&part.problem)), &WHOLE, (until.over, None));
    part.jobs.iter().zip(found).for_each(|(&j, found)| made[j] = found);
    Some((made, cut_short))
}

/// Where large jobs stand best, as far as was tried.
fn stand((problem, terms, relaxed): (&Problem, &Terms, &Relaxed), until: Until<'_>) -> Option<Stand> {
    let mut search = Search::new((problem, terms, relaxed))?;
    let costs = |part: f64| relaxed.bound + part * relaxed.bound.abs();
    let near = near(problem, relaxed);
    let mut best: Option<Stand> = None;
    let mut at = search.place(None, until);
    for _ in 0..ROUNDS {
        let (made, open) = search.outcome(&at);
        let part = Part::new(problem, &made, &open);
        // All that is open gives way.
        let none = vec![false; part.problem.jobs.len()];
        let asked = (near.clone(), Some(&none[..]));
        let Some(around) = relax_keeping(&part.problem, terms, asked, Until { gap: GAP, ..until }) else { break };
        let better = best.as_ref().is_none_or(|best| around.bound < best.cost);
        search.learn(&at, &around, better);
        if better {
            best = Some(Stand { at, made, open, cost: around.bound });
        }
        let stand = best.as_ref()?;
        if stand.cost <= costs(ENOUGH) || until.over.is_some_and(|over| over()) {
            break;
        }
        at = search.place(Some(&stand.at), until);
        if at == stand.at {
            break;
        }
    }
    best.filter(|stand| stand.cost <= costs(TOO_MUCH))
}

/// Accounts whose limits the relaxation comes near enough.
fn near(problem: &Problem, relaxed: &Relaxed) -> Kept {
    accounts::used(problem, (&relaxed.starts, &relaxed.parts), NEAR_ENOUGH)
}

struct Search<'a> {
    draft: Draft<'a>,
    yielding: Yielding,
    /// Those of large jobs, what waits after what it waits for, and large ones first.
    units: Vec<usize>,
    random: Random,
}

/// What is placed, and what each of it can choose from.
struct Round<'a> {
    standing: Standing<'a>,
    of: Vec<OfStarts>,
}

impl<'a> Search<'a> {
    fn new((problem, terms, relaxed): (&'a Problem, &Terms, &'a Relaxed)) -> Option<Search<'a>> {
        let curved = relaxed.curved.as_ref()?;
        let large = &curved.rigid;
        let beside = Beside::new(problem, terms);
        let queue = queue(problem, &beside, &admissible(problem, terms), (true, &accounts::all(problem)));
        let yielding = Yielding::new(queue, (relaxed, curved));
        let mut draft = Draft::new(problem, terms, relaxed);
        // Curvature does not know where room ends for those that can hardly give way.
        let small = JobIndex::each(&problem.jobs).filter(|(j, job)| job.running.is_none() && !large[j.get()]);
        small.for_each(|(j, _)| draft.reserve(j));
        let can_start = |j: JobIndex| large[j.get()] && !relaxed.starts[j].is_empty();
        let mut units: Vec<usize> = (0..draft.at.len()).filter(|&unit| can_start(draft.job_of[unit])).collect();
        let size = |unit: usize| {
            let job = draft.job(unit);
            job.gpus.map_or(job.mw, |g| g.count) * job.steps as f64
        };
        units.sort_by(|&a, &b| draft.depth(a).cmp(&draft.depth(b)).then(size(b).total_cmp(&size(a))).then(a.cmp(&b)));
        (!units.is_empty()).then_some(Search { draft, yielding, units, random: Random::new(1) })
    }

    fn learn(&mut self, at: &[Option<Start>], around: &Relaxed, best: bool) {
        let starts: Vec<(JobIndex, Option<Start>)> =
            self.units.iter().map(|&unit| (self.draft.job_of[unit], at[unit])).collect();
        self.yielding.learn(&starts, around, best);
    }

    /// The plan in which large jobs alone stand, and which jobs are open beside them: not what waits for one that stands, or what
    /// such a one waits for.
    fn outcome(&self, at: &[Option<Start>]) -> (Vec<JobOutcome>, Vec<bool>) {
        let problem = self.draft.problem;
        let made = self.draft.outcome(at);
        let mut open: Vec<bool> = made.iter().map(|made| made.starts.is_empty()).collect();
        alike(problem, &mut open, |first, then| first && then);
        (made, open)
    }

    /// Large jobs from nothing or from where they stood: each in turn where it costs least, some taken out and put back.
    fn place(&mut self, from: Option<&[Option<Start>]>, until: Until<'_>) -> Vec<Option<Start>> {
        self.units.iter().for_each(|&unit| {
            self.draft.remove(unit);
        });
        let Search { draft, yielding, units, random } = self;
        let of: Vec<OfStarts> = units.iter().filter_map(|&unit| yielding.of_starts(draft.job_of[unit])).collect();
        let mut round = Round { standing: yielding.standing(), of };
        for i in 0..units.len() {
            let start = match from {
                Some(from) => from[units[i]],
                None => round.best(draft, (i, units[i])),
            };
            round.put(draft, (i, units[i]), start);
        }
        let mut total = round.standing.total();
        let (mut least, mut best) = (total, draft.at.clone());
        let most = TRIES * units.len();
        let mut tried = 0;
        while tried < most && !(tried % 64 < MOST_OUT && until.over.is_some_and(|over| over())) {
            let left = 1.0 - tried as f64 / most as f64;
            let slack = SLACK * total.abs() * left * left;
            let out = some_that_meet(draft, units, random);
            tried += out.len();
            let before: Vec<Option<Start>> = out.iter().map(|&i| round.take(draft, (i, units[i]))).collect();
            let mut order = out.clone();
            random.shuffle(&mut order);
            order.sort_by_key(|&i| draft.depth(units[i]));
            for &i in &order {
                let start = round.best(draft, (i, units[i]));
                round.put(draft, (i, units[i]), start);
            }
            let dearer = round.standing.total() - total;
            let holds = out.iter().all(|&i| draft.missing_holds(units[i]));
            if holds && (dearer < 0.0 || dearer < -slack * random.draw().max(1e-12).ln()) {
                total += dearer;
                if total < least {
                    (least, best) = (total, draft.at.clone());
                }
                continue;
            }
            out.iter().for_each(|&i| {
                round.take(draft, (i, units[i]));
            });
            out.iter().zip(before).for_each(|(&i, start)| round.put(draft, (i, units[i]), start));
        }
        best
    }
}

impl Round<'_> {
    /// The cheapest start there is room for, or a miss.
    fn best(&self, draft: &Draft<'_>, (i, unit): (usize, usize)) -> Option<Start> {
        let mut least = self.standing.total() + draft.job(unit).miss_price;
        let mut best = None;
        for start in 0..draft.relaxed.starts[draft.job_of[unit]].len() {
            let total = self.standing.with(&self.of[i], start);
            if total < least && draft.in_window(unit, start) && draft.has_room(unit, start) {
                (least, best) = (total, Some(start));
            }
        }
        best
    }

    fn put(&mut self, draft: &mut Draft<'_>, (i, unit): (usize, usize), start: Option<Start>) {
        match start {
            Some(start) => {
                draft.put(unit, start);
                self.standing.put(&self.of[i], start);
            }
            None => self.standing.miss(draft.job(unit).miss_price),
        }
    }

    fn take(&mut self, draft: &mut Draft<'_>, (i, unit): (usize, usize)) -> Option<Start> {
        let start = draft.remove(unit);
        match start {
            Some(start) => self.standing.take(&self.of[i], start),
            None => self.standing.miss(-draft.job(unit).miss_price),
        }
        start
    }
}

/// One by chance, and others at its site that run when it does.
fn some_that_meet(draft: &Draft<'_>, units: &[usize], random: &mut Random) -> Vec<usize> {
    let mut out = vec![random.index(units.len())];
    let (site, from, to) = draft.span(units[out[0]]);
    let wanted = 2 + random.index(MOST_OUT - 1);
    for _ in 0..10 * MOST_OUT {
        if out.len() >= wanted {
            break;
        }
        let i = random.index(units.len());
        let (other, begin, end) = draft.span(units[i]);
        if other == site && begin < to && from < end && !out.contains(&i) {
            out.push(i);
        }
    }
    out
}
