//! From the relaxation to a plan: all jobs placed near it, then each where it is cheapest, then some taken out and put back
//! again and again. Effort is counted in jobs placed, never in time.

use super::draft::{By, Draft, Start};
use super::order::{DEPTH, pairs};
use super::random::Random;
use super::relaxed::Relaxed;
use crate::model::Terms;
use crate::outcome::JobOutcome;
use crate::problem::{Pin, Problem};
use ids::{Index, JobIndex, SiteIndex};
use std::collections::BTreeSet;

/// How much is tried.
pub(crate) struct Effort {
    /// Times that everything is placed anew.
    pub constructed: usize,
    /// Placements tried for each job, all rounds together.
    pub tries: usize,
}

pub(crate) const WHOLE: Effort = Effort { constructed: 40, tries: 300 };

/// Exchanges from a plan there is: how much worse one may come out, and placements tried for each job. At first only for what is
/// cheaper, then as in a whole search.
pub(crate) const THOROUGH: &[(f64, usize)] = &[(0.0, 150), (SLACK, 150)];

/// The same where small jobs are planned anew afterwards.
pub(crate) const SHORT: &[(f64, usize)] = &[(0.0, 50)];

/// The same where none are: beside training.
pub(crate) const SHORT_BESIDE_RUNS: &[(f64, usize)] = &[(0.0, 200)];

/// Jobs taken out at once at most.
const MOST_OUT: usize = 24;

/// How much worse an exchange may come out at first, as a part of what a job costs on average.
const SLACK: f64 = 0.01;

/// How much sooner what has few starts is placed, and what was missed before.
const SCARCE: [f64; 2] = [0.0, 1.0];
const URGENT: f64 = 1.3;

/// How much sooner or later jobs are placed in one search than in another.
const VARIED: f64 = 1.4;

/// What drawing otherwise than the relaxation does costs.
const STIFF: [f64; 4] = [25.0, 100.0, 10.0, 50.0];

/// Exchanges between two looks at whether there is a better plan to tell of.
const TOLD_EVERY: usize = 4_096;

/// A change must gain this part of the whole to be one.
const GAIN: f64 = 1e-12;

/// Whether time is up.
pub(super) type Over<'a> = Option<&'a (dyn Fn() -> bool + Sync)>;

/// Who is told of better plans.
pub(super) type Tell<'a> = Option<&'a dyn Fn(Vec<JobOutcome>)>;

/// What a search ends with: of each job its starts and how many are missed; what that costs; and whether time ended it.
pub(super) struct Found {
    pub jobs: Vec<JobOutcome>,
    pub cost: f64,
    pub cut_short: bool,
}

/// A plan of jobs, from where the relaxation has them. Searches of one seed differ by their `number`.
pub(super) fn search(
    (problem, terms, relaxed): (&Problem, &Terms, &Relaxed),
    (seed, number): (u64, u64),
    effort: &Effort,
    (over, tell): (Over<'_>, Tell<'_>),
) -> Found {
    // Seeds are odd.
    let mut search = Search::new(problem, terms, relaxed, seed.wrapping_add(2 * number), (over, tell));
    search.construct(effort.constructed, number > 0);
    search.settle();
    search.exchange(SLACK, effort.tries * search.draft.at.len());
    Found { jobs: search.draft.outcome(&search.draft.at), cost: search.draft.total(), cut_short: search.over() }
}

/// The same from where jobs stand, by these exchanges: what has no place there is put where it costs least.
pub(crate) fn search_again(
    (problem, terms, relaxed): (&Problem, &Terms, &Relaxed),
    from: &[JobOutcome],
    exchanges: &[(f64, usize)],
    over: Over<'_>,
) -> (Vec<JobOutcome>, bool) {
    let mut search = Search::new(problem, terms, relaxed, 1, (over, None));
    search.draft.place(from);
    search.settle();
    for &(slack, tries) in exchanges {
        search.exchange(slack, search.tries + tries * search.draft.at.len());
    }
    (search.draft.outcome(&search.draft.at), search.over())
}

/// Jobs stand where they stood, but for those that are held to other starts: these go where it costs least, and what is in
/// their way does.
pub(crate) fn search_beside(
    (problem, terms, relaxed): (&Problem, &Terms, &Relaxed),
    from: &[JobOutcome],
) -> Vec<JobOutcome> {
    let mut search = Search::new(problem, terms, relaxed, 1, (None, None));
    for pin in &problem.pins {
        // One that is held to a single start comes before all others.
        let Pin::Start { job, least: 1.., .. } = *pin else { continue };
        for unit in search.draft.units_of[job].clone() {
            if relaxed.starts[job].len() == 1 && search.draft.has_room(unit, 0) {
                search.draft.put(unit, 0);
            }
        }
    }
    search.draft.place_beside(from);
    let units = 0..search.draft.at.len();
    for _ in 0..DEPTH {
        let stays =
            |search: &Search, unit: usize| search.draft.at[unit].is_none_or(|at| search.draft.in_window(unit, at));
        let late: Vec<usize> = units.clone().filter(|&unit| !stays(&search, unit)).collect();
        late.iter().for_each(|&unit| {
            search.draft.remove(unit);
        });
        let open: Vec<usize> = units.clone().filter(|&unit| search.draft.at[unit].is_none()).collect();
        let placed = open.into_iter().filter(|&unit| search.insert(unit, By::Cost)).count();
        if placed == 0 && late.is_empty() {
            break;
        }
    }
    search.draft.outcome(&search.draft.at)
}

struct Search<'a> {
    draft: Draft<'a>,
    over: Over<'a>,
    random: Random,
    tries: usize,
    /// The least that all jobs cost so far, where they were then, and how much worse an exchange may come out.
    best: f64,
    best_at: Vec<Option<Start>>,
    slack: f64,
    tell: Tell<'a>,
    /// What the last plan cost that was told of.
    told: f64,
}

impl<'a> Search<'a> {
    fn new(
        problem: &'a Problem,
        terms: &Terms,
        relaxed: &'a Relaxed,
        seed: u64,
        (over, tell): (Over<'a>, Tell<'a>),
    ) -> Self {
        Search {
            draft: Draft::new(problem, terms, relaxed),
            over,
            random: Random::new(seed),
            tries: 0,
            best: f64::INFINITY,
            best_at: Vec::new(),
            slack: 0.0,
            tell,
            told: f64::INFINITY,
        }
    }

    fn tell(&mut self) {
        if let Some(tell) = self.tell.filter(|_| self.best < self.told) {
            self.told = self.best;
            tell(self.draft.outcome(&self.best_at));
        }
    }

    fn over(&self) -> bool {
        self.over.is_some_and(|over| over())
    }

    /// What is hardest to place first: much for long, in few starts, and what was missed before. What waits comes after
    /// what it waits for.
    fn order(&self, urgency: &[f64], scarce: f64) -> Vec<usize> {
        let problem = self.draft.problem;
        let hardness = |j: JobIndex| {
            let (job, starts) = (&problem.jobs[j], self.draft.relaxed.starts[j].len().max(1) as f64);
            urgency[j] * job.gpus.map_or(job.mw, |g| g.count) * job.steps as f64 / starts.powf(scarce)
        };
        // What something waits for is as hard as that.
        let mut keys: Vec<f64> = JobIndex::all(&problem.jobs).map(hardness).collect();
        for _ in 0..DEPTH {
            for (first, then) in pairs(problem) {
                keys[first] = keys[first].max(keys[then]);
            }
        }
        let mut units: Vec<usize> = (0..self.draft.at.len()).collect();
        units.sort_by(|&a, &b| {
            let (x, y) = (self.draft.job_of[a], self.draft.job_of[b]);
            keys[y].total_cmp(&keys[x]).then(self.draft.depth(a).cmp(&self.draft.depth(b))).then(a.cmp(&b))
        });
        units
    }

    /// Everything placed, again and again, what was missed sooner each time; the best of it stands in the end. `varied`: in an order
    /// of its own.
    fn construct(&mut self, times: usize, varied: bool) {
        let vary = |random: &mut Random| if varied { random.between(1.0 / VARIED, VARIED) } else { 1.0 };
        let mut urgency: Vec<f64> = self.draft.problem.jobs.iter().map(|_| vary(&mut self.random)).collect();
        let units = self.draft.at.len();
        (self.best, self.best_at) = (f64::INFINITY, vec![None; units]);
        for round in 0..times {
            self.draft.clear(STIFF[round % STIFF.len()]);
            self.round(&urgency, SCARCE[round / STIFF.len() % SCARCE.len()]);
            let total = self.draft.total();
            if total < self.best {
                self.best = total;
                self.best_at.clone_from(&self.draft.at);
            }
            if self.over() {
                break;
            }
            for unit in (0..units).filter(|&unit| self.draft.at[unit].is_none()) {
                urgency[self.draft.job_of[unit]] *= URGENT;
            }
        }
        self.back_to_best();
        self.tell();
    }

    /// Each in turn where it costs least, as long as those still to come are expected where the relaxation has them.
    fn round(&mut self, urgency: &[f64], scarce: f64) {
        let mut left = Vec::new();
        for unit in self.order(urgency, scarce) {
            self.draft.forget(unit);
            if !self.insert(unit, By::Expected) {
                left.push(unit);
            }
        }
        // Again: what waits may come before what it waits for.
        for _ in 0..3 {
            left.retain(|&unit| !self.insert(unit, By::Prices));
        }
    }

    /// At the cheapest start, where that is cheaper than a miss.
    fn insert(&mut self, unit: usize, by: By) -> bool {
        self.tries += 1;
        let best = self.draft.best(unit, by).filter(|best| best.0 < self.draft.job(unit).miss_price);
        if let Some((_, start)) = best {
            self.draft.put(unit, start);
        }
        best.is_some()
    }

    /// Each job to its cheapest start as others stand, until none moves.
    fn settle(&mut self) {
        for _ in 0..30 {
            let mut moved = 0;
            for unit in 0..self.draft.at.len() {
                let before = self.draft.remove(unit);
                let better = self.draft.best(unit, By::Cost);
                self.tries += 1;
                match (before, better) {
                    // It was placed for what waits for it, and that is missed all the same.
                    (Some(_), Some((cost, _)))
                        if cost > self.draft.job(unit).miss_price && !self.draft.is_waited_for(unit) =>
                    {
                        moved += 1;
                    }
                    (Some(before), Some((_, start))) => {
                        moved += usize::from(start != before);
                        self.draft.put(unit, start);
                    }
                    (Some(before), None) => self.draft.put(unit, before),
                    (None, Some((cost, start))) if cost < self.draft.job(unit).miss_price => {
                        moved += 1;
                        self.draft.put(unit, start);
                    }
                    _ => {}
                }
            }
            if moved == 0 || self.over() {
                break;
            }
        }
    }

    /// Takes some jobs out that meet, and puts them back in another order, until so many placements have been tried. At first it
    /// may come out worse by `slack` of what a job costs on average.
    fn exchange(&mut self, slack: f64, most: usize) {
        let units = self.draft.at.len();
        if units < 2 {
            return;
        }
        let mut total = self.draft.total();
        let mut missed: Vec<usize> = Vec::new();
        let mut round = 0_usize;
        let first = self.tries;
        let mean = total / units as f64;
        (self.best, self.best_at) = (total, self.draft.at.clone());
        while self.tries < most && !(round.is_multiple_of(64) && self.over()) {
            if round.is_multiple_of(256) {
                missed = (0..units).filter(|&u| self.draft.at[u].is_none()).collect();
            }
            if total < self.best * (1.0 - GAIN) {
                self.best = total;
                self.best_at.clone_from(&self.draft.at);
            }
            if round.is_multiple_of(TOLD_EVERY) {
                self.tell();
            }
            let left = 1.0 - (self.tries - first) as f64 / (most - first) as f64;
            self.slack = slack * mean * left * left;
            round += 1;
            let seed = match missed.is_empty() || self.random.index(2) == 0 {
                true => self.random.index(units),
                false => missed[self.random.index(missed.len())],
            };
            if self.draft.at[seed].is_none() {
                total += self.make_room(seed, total);
                continue;
            }
            let out = self.near(seed);
            total += self.again(&out, &[], total);
        }
        self.back_to_best();
    }

    fn back_to_best(&mut self) {
        let units = 0..self.draft.at.len();
        let moved: Vec<usize> = units.filter(|&unit| self.draft.at[unit] != self.best_at[unit]).collect();
        moved.iter().for_each(|&unit| {
            self.draft.remove(unit);
        });
        for unit in moved {
            self.best_at[unit].into_iter().for_each(|start| self.draft.put(unit, start));
        }
    }

    /// Takes out what is in the way of a missed job, and puts it back elsewhere.
    fn make_room(&mut self, unit: usize, total: f64) -> f64 {
        self.tries += 1;
        let Some(start) = self.likely(unit, usize::MAX) else { return 0.0 };
        let Some(late) = self.draft.late_for(unit, start) else { return 0.0 };
        let noise: Vec<f64> = (0..16).map(|_| self.random.between(0.5, 2.0)).collect();
        let Some(mut out) = self.draft.in_the_way(unit, start, &noise) else { return 0.0 };
        let begins = self.draft.start_of(unit, start).1;
        let mut first = vec![(unit, start)];
        // What it waits for goes first, and comes in time; what is missed of that needs room, too.
        for late in late {
            // Unless what it waits for is late in turn.
            if self.draft.at[late].is_none()
                && let Some(start) = self.likely(late, begins)
                && self.draft.late_for(late, start).is_some_and(|late| late.is_empty())
                && let Some(others) = self.draft.in_the_way(late, start, &noise)
            {
                first.push((late, start));
                out.extend(others);
            }
            out.push(late);
        }
        out.push(unit);
        let mut seen = BTreeSet::new();
        out.retain(|&unit| seen.insert(unit));
        self.again(&out, &first, total)
    }

    /// A start that is complete by a step: where the relaxation has it, by chance; else anywhere.
    fn likely(&mut self, unit: usize, by: usize) -> Option<Start> {
        let (relaxed, j) = (self.draft.relaxed, self.draft.job_of[unit]);
        let steps = self.draft.job(unit).steps;
        let in_time: Vec<Start> =
            (0..relaxed.starts[j].len()).filter(|&start| relaxed.starts[j][start].1 + steps <= by).collect();
        if in_time.is_empty() {
            return None;
        }
        let mut draw = self.random.between(0.0, 1.2) * f64::from(self.draft.problem.jobs[j].count);
        let likely = in_time.iter().copied().find(|&start| {
            draw -= relaxed.parts[j][start];
            draw <= 0.0
        });
        Some(likely.unwrap_or_else(|| in_time[self.random.index(in_time.len())]))
    }

    /// Jobs that meet one in time and place.
    fn near(&mut self, seed: usize) -> Vec<usize> {
        let (site, from, to) = self.span(seed);
        let wanted = 2 + self.random.index(MOST_OUT - 1);
        let units = self.draft.at.len();
        let mut out = vec![seed];
        for _ in 0..20 * wanted {
            let unit = self.random.index(units);
            if out.contains(&unit) || self.draft.at[unit].is_none() {
                continue;
            }
            let (other, begin, end) = self.span(unit);
            let meets = begin < to && from < end;
            // Most at the same site; some elsewhere, which share its supply.
            if meets && (other == site || self.random.index(8) == 0) {
                out.push(unit);
                if out.len() >= wanted {
                    break;
                }
            }
        }
        out
    }

    /// Where and when a unit runs, and some steps around, or could.
    fn span(&self, unit: usize) -> (SiteIndex, usize, usize) {
        let (site, from, to) = self.draft.span(unit);
        match self.draft.at[unit] {
            Some(_) => (site, from.saturating_sub(2), to + 2),
            None => (site, from, to),
        }
    }

    /// Places them anew, and says by how much dearer that is; where it is too much, all is as before.
    fn again(&mut self, out: &[usize], first: &[(usize, Start)], total: f64) -> f64 {
        let before: Vec<Option<Start>> = out.iter().map(|&unit| self.draft.at[unit]).collect();
        let mut dearer = 0.0;
        for &unit in out {
            dearer -= self.draft.cost_of(unit);
            self.draft.remove(unit);
        }
        let mut order: Vec<usize> = out.to_vec();
        match self.random.index(3) {
            0 => self.random.shuffle(&mut order),
            _ => self.by_worth(&mut order),
        }
        // Nothing is placed before what it waits for.
        order.sort_by_key(|&unit| self.draft.depth(unit));
        for &(unit, start) in first {
            if self.draft.has_room(unit, start) {
                self.draft.put(unit, start);
                dearer += self.draft.cost_of(unit);
                order.retain(|&other| other != unit);
            }
        }
        let by = if self.random.index(3) == 0 { By::Prices } else { By::Cost };
        // What the first ones wait for may cost more than its own miss.
        let is_needed = |draft: &Draft, unit: usize| first.iter().any(|&(first, _)| draft.waits_for(first, unit));
        for unit in order {
            self.tries += 1;
            match self.draft.best(unit, by) {
                Some((cost, start)) if cost < self.draft.job(unit).miss_price || is_needed(&self.draft, unit) => {
                    dearer += cost;
                    self.draft.put(unit, start);
                }
                _ => dearer += self.draft.job(unit).miss_price,
            }
        }
        let holds = out.iter().all(|&unit| self.draft.missing_holds(unit));
        // Somewhat worse is accepted by chance, less and less so.
        if holds && (dearer < -GAIN * total.abs() || dearer < -self.slack * self.random.draw().max(1e-12).ln()) {
            return dearer;
        }
        out.iter().for_each(|&unit| {
            self.draft.remove(unit);
        });
        for (&unit, start) in out.iter().zip(before) {
            start.into_iter().for_each(|start| self.draft.put(unit, start));
        }
        0.0
    }

    /// Large and dear ones first, not always.
    fn by_worth(&mut self, units: &mut [usize]) {
        let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(units.len());
        for &unit in units.iter() {
            let job = self.draft.job(unit);
            let size = job.gpus.map_or(job.mw, |g| g.count) * job.steps as f64;
            keyed.push((-size * self.random.between(0.5, 2.0), unit));
        }
        // Stable: those of one size stay in their order.
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        units.iter_mut().zip(keyed).for_each(|(unit, (_, next))| *unit = next);
    }
}
