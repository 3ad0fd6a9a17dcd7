//! What large jobs cost where all smaller ones give way to them, without asking those again. With `f` what large jobs take of
//! every place in every step, all else costs about
//!
//! ```text
//! max( V + p'(f - f0) + (f - f0)' H (f - f0) / 2,  V1 + p1'(f - f1),  V2 + p2'(f - f2), ... )
//! ```
//!
//! `V`, `p` and `H` are the cost, prices and curvature of a relaxation in which they took `f0`. Each further relaxation, of all
//! others around large jobs that stand, adds a term that nothing costs less than: it knows what `H` does not, where room ends.

use super::relaxed::{Curved, Relaxed};
use crate::interior::{Curvature, Place, Queue, Taken};
use ids::{Index, JobIndex};

pub(super) struct Yielding {
    queue: Queue,
    /// Its gangs by job.
    gang_of: Vec<Option<usize>>,
    value: f64,
    centre: Vec<f64>,
    slope: Vec<f64>,
    /// By pair of the first cells, of which there are so many.
    change: Vec<f64>,
    cells: usize,
    cuts: Vec<Cut>,
}

/// What all else costs at least, large jobs taking nothing, and by cell what a unit adds.
struct Cut {
    value: f64,
    slope: Vec<f64>,
}

/// What a start takes: cells and units.
type Cells = Vec<(usize, f64)>;

/// By start of a job what it takes, and what it adds to each term, prices apart that change with what else stands.
pub(super) struct OfStarts {
    gang: usize,
    cells: Vec<Cells>,
    bends: Vec<f64>,
    /// By cut, then start.
    cuts: Vec<Vec<f64>>,
}

/// What stands, and what each term comes to with it.
pub(super) struct Standing<'a> {
    model: &'a Yielding,
    slope: Vec<f64>,
    value: f64,
    cuts: Vec<f64>,
    /// Of jobs themselves: delay and misses.
    own: f64,
}

/// Jobs and their starts; of one that is missed none.
type Starts = [(JobIndex, Option<usize>)];

impl Yielding {
    /// `queue` has the places of every account. Large jobs are where the relaxation has them.
    pub fn new(queue: Queue, (relaxed, curved): (&Relaxed, &Curved)) -> Yielding {
        let mut gang_of = vec![None; curved.rigid.len()];
        queue.gangs.iter().enumerate().for_each(|(g, gang)| gang_of[gang.job.get()] = Some(g));
        let mut centre = vec![0.0; queue.places.len() * queue.steps];
        let mut own = 0.0;
        for (g, gang) in queue.gangs.iter().enumerate().filter(|(_, gang)| curved.rigid[gang.job.get()]) {
            let parts = &relaxed.parts[gang.job];
            for (start, &part) in parts.iter().enumerate().filter(|(_, part)| **part > 0.0) {
                cells(&queue, g, start).into_iter().for_each(|(cell, units)| centre[cell] += part * units);
                own += part * queue.cost[gang.first + start];
            }
            own += (gang.count - parts.iter().sum::<f64>()).max(0.0) * queue.cost[gang.first + gang.starts];
        }
        let mut made = Yielding {
            queue,
            gang_of,
            value: 0.0,
            centre: Vec::new(),
            slope: Vec::new(),
            change: Vec::new(),
            cells: 0,
            cuts: Vec::new(),
        };
        made.know((centre, relaxed.bound - own), relaxed, Some(curved));
        made
    }

    /// What all else costs where large jobs take so much; where the curve is to be around that, its curvature too.
    fn know(&mut self, (loads, value): (Vec<f64>, f64), relaxed: &Relaxed, curved: Option<&Curved>) {
        let slope = self.slope_of(relaxed);
        self.cuts.push(Cut { value: value - dot(&slope, &loads), slope: slope.clone() });
        if let Some(curved) = curved {
            (self.cells, self.change) = self.change_of(curved);
            (self.centre, self.value, self.slope) = (loads, value, slope);
        }
    }

    /// What a relaxation around these starts says; where it is the best so far, the curve is its own from now on.
    pub fn learn(&mut self, at: &Starts, relaxed: &Relaxed, best: bool) {
        let (loads, own) = self.taken(at);
        // What is missed of large jobs is relaxed with all others there.
        self.know((loads, relaxed.bound - own), relaxed, relaxed.curved.as_ref().filter(|_| best));
    }

    /// By cell what these take, and what those cost themselves that are placed.
    fn taken(&self, at: &Starts) -> (Vec<f64>, f64) {
        let (mut loads, mut own) = (vec![0.0; self.centre.len()], 0.0);
        for &(job, start) in at {
            let (Some(start), Some(g)) = (start, self.gang_of[job.get()]) else { continue };
            cells(&self.queue, g, start).into_iter().for_each(|(cell, units)| loads[cell] += units);
            own += self.queue.cost[self.queue.gangs[g].first + start];
        }
        (loads, own)
    }

    /// What a unit costs by cell, at a relaxation's prices.
    fn slope_of(&self, relaxed: &Relaxed) -> Vec<f64> {
        let price = |rows: &Vec<(u32, f64)>| -rows.iter().map(|&(row, v)| v * relaxed.duals[row as usize]).sum::<f64>();
        self.queue.places.iter().flat_map(|place| place.draws.iter().map(price)).collect()
    }

    /// The curvature of a relaxation whose queue may have fewer places, in another order.
    fn change_of(&self, curved: &Curved) -> (usize, Vec<f64>) {
        let steps = self.queue.steps;
        let (theirs, width) = (&curved.queue.places, curved.curvature.cells);
        let same = |place: &Place| theirs[..width / steps].iter().position(|their| their.draws == place.draws);
        let ours = &self.queue.places[..Curvature::places(&self.queue)];
        let same: Vec<Option<usize>> = ours.iter().map(same).collect();
        let cells = same.len() * steps;
        let mut change = vec![0.0; cells * cells];
        for (a, b) in (0..same.len()).flat_map(|a| (0..same.len()).map(move |b| (a, b))) {
            let (Some(of_a), Some(of_b)) = (same[a], same[b]) else { continue };
            for t in 0..steps {
                let row = &curved.curvature.change[(of_a * steps + t) * width + of_b * steps..][..steps];
                change[(a * steps + t) * cells + b * steps..][..steps].copy_from_slice(row);
            }
        }
        (cells, change)
    }

    /// None of a job that can start nowhere.
    pub fn of_starts(&self, job: JobIndex) -> Option<OfStarts> {
        let gang = self.gang_of[job.get()]?;
        let cells: Vec<Cells> =
            (0..self.queue.gangs[gang].starts).map(|start| cells(&self.queue, gang, start)).collect();
        let priced = |cut: &Cut| cells.iter().map(|cells| priced(cells, &cut.slope)).collect();
        let bend = |cells: &Cells| {
            let bent = || cells.iter().filter(|cell| cell.0 < self.cells);
            let row = |a: usize| bent().map(|&(b, units)| units * self.change[a * self.cells + b]).sum::<f64>();
            0.5 * bent().map(|&(a, units)| units * row(a)).sum::<f64>()
        };
        let (bends, cuts) = (cells.iter().map(bend).collect(), self.cuts.iter().map(priced).collect());
        Some(OfStarts { gang, cells, bends, cuts })
    }

    /// Nothing stands.
    pub fn standing(&self) -> Standing<'_> {
        let mut slope = self.slope.clone();
        let mut value = self.value - dot(&self.slope, &self.centre);
        for (row, &units) in self.change.chunks(self.cells.max(1)).zip(&self.centre) {
            value += 0.5 * units * dot(row, &self.centre);
            slope.iter_mut().zip(row).for_each(|(slope, by)| *slope -= units * by);
        }
        Standing { model: self, slope, value, cuts: self.cuts.iter().map(|cut| cut.value).collect(), own: 0.0 }
    }
}

impl Standing<'_> {
    /// What all costs.
    pub fn total(&self) -> f64 {
        self.own + self.cuts.iter().copied().fold(self.value, f64::max)
    }

    /// What all costs with one more.
    pub fn with(&self, of: &OfStarts, start: usize) -> f64 {
        let cuts = self.cuts.iter().zip(&of.cuts).map(|(cut, own)| cut + own[start]);
        self.own_of(of, start) + self.own + cuts.fold(self.value + self.bend(of, start), f64::max)
    }

    fn own_of(&self, of: &OfStarts, start: usize) -> f64 {
        self.model.queue.cost[self.model.queue.gangs[of.gang].first + start]
    }

    fn bend(&self, of: &OfStarts, start: usize) -> f64 {
        of.bends[start] + priced(&of.cells[start], &self.slope)
    }

    pub fn put(&mut self, of: &OfStarts, start: usize) {
        self.value += self.bend(of, start);
        self.shift(of, start, 1.0);
    }

    pub fn take(&mut self, of: &OfStarts, start: usize) {
        self.shift(of, start, -1.0);
        self.value -= self.bend(of, start);
    }

    fn shift(&mut self, of: &OfStarts, start: usize, by: f64) {
        let Yielding { change, cells, .. } = self.model;
        for &(cell, units) in of.cells[start].iter().filter(|cell| cell.0 < *cells) {
            let row = &change[cell * cells..][..*cells];
            self.slope.iter_mut().zip(row).for_each(|(slope, change)| *slope += by * units * change);
        }
        self.cuts.iter_mut().zip(&of.cuts).for_each(|(cut, own)| *cut += by * own[start]);
        self.own += by * self.own_of(of, start);
    }

    pub fn miss(&mut self, price: f64) {
        self.own += price;
    }
}

fn cells(queue: &Queue, gang: usize, start: usize) -> Cells {
    let gang = &queue.gangs[gang];
    let mut amounts = vec![0.0; gang.starts];
    amounts[start] = 1.0;
    let mut taken = Taken::new(queue);
    taken.add(queue, gang, &amounts);
    taken.by_step().into_iter().enumerate().filter(|(_, units)| *units != 0.0).collect()
}

fn priced(cells: &Cells, slope: &[f64]) -> f64 {
    cells.iter().map(|&(cell, units)| units * slope[cell]).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::interior::{Gang, Segment, Use};
    use ids::SiteIndex;

    const STEPS: usize = 6;

    /// Two jobs of two and three steps at one place; a second place bends nothing.
    fn model() -> Yielding {
        let uses = vec![
            Use { place: 0, units: 2.0, steps: 2, last: 0.5 },
            Use { place: 0, units: 3.0, steps: 3, last: 1.0 },
            Use { place: 1, units: 1.0, steps: 3, last: 1.0 },
        ];
        let segment =
            |steps: usize, uses| Segment { site: SiteIndex::new(0), step: 0, len: STEPS + 1 - steps, at: 0, uses };
        let gang = |job: usize, first: usize, steps: usize| {
            let (job, starts) = (JobIndex::new(job), STEPS + 1 - steps);
            Gang {
                job,
                count: 1.0,
                size: 1.0,
                segments: job.get()..job.get() + 1,
                first,
                starts,
                block: 0,
                span: 0..STEPS,
            }
        };
        let place = |block| Place { draws: vec![Vec::new(); STEPS], block };
        let queue = Queue {
            steps: STEPS,
            places: vec![place(0), place(0)],
            shared: None,
            gangs: vec![gang(0, 0, 2), gang(1, 6, 3)],
            segments: vec![segment(2, 0..1), segment(3, 1..3)],
            uses,
            cost: (0..11).map(|k| f64::from(k) / 10.0).collect(),
        };
        // Neighbouring steps of the first place can replace each other.
        let near = |a: usize, b: usize| [2.0, 1.0, 0.25].get(a.abs_diff(b)).copied().unwrap_or(0.0);
        let change = (0..STEPS).flat_map(|a| (0..STEPS).map(move |b| near(a, b))).collect();
        let slope = |by: f64| (0..2 * STEPS).map(|cell| by * (1.0 + (cell % 4) as f64)).collect();
        Yielding {
            queue,
            gang_of: vec![Some(0), Some(1)],
            value: 100.0,
            centre: (0..2 * STEPS).map(|cell| (cell % 3) as f64).collect(),
            slope: slope(1.0),
            change,
            cells: STEPS,
            cuts: vec![Cut { value: 90.0, slope: slope(2.5) }],
        }
    }

    /// The formula of this file, from what is taken.
    fn by_hand(model: &Yielding, at: &Starts) -> f64 {
        let (loads, own) = model.taken(at);
        let away: Vec<f64> = loads.iter().zip(&model.centre).map(|(f, c)| f - c).collect();
        let bend = |a: usize| dot(&model.change[a * STEPS..][..STEPS], &away[..STEPS]);
        let square: f64 = (0..STEPS).map(|a| 0.5 * away[a] * bend(a)).sum();
        let curve = model.value + dot(&model.slope, &away) + square;
        own + curve.max(model.cuts[0].value + dot(&model.cuts[0].slope, &loads))
    }

    #[test]
    fn what_stands_costs_what_the_formula_says() {
        let model = model();
        let jobs: Vec<JobIndex> = (0..2).map(JobIndex::new).collect();
        let of: Vec<OfStarts> = jobs.iter().map(|&job| model.of_starts(job).unwrap()).collect();
        let mut standing = model.standing();
        let nothing = standing.total();
        assert!((nothing - by_hand(&model, &[])).abs() < 1e-9);
        for (first, second) in (0..5).flat_map(|a| (0..4).map(move |b| (a, b))) {
            standing.put(&of[0], first);
            let one = by_hand(&model, &[(jobs[0], Some(first))]);
            let both = by_hand(&model, &[(jobs[0], Some(first)), (jobs[1], Some(second))]);
            assert!((standing.total() - one).abs() < 1e-9, "{first}");
            assert!((standing.with(&of[1], second) - both).abs() < 1e-9, "{first} {second}");
            standing.put(&of[1], second);
            assert!((standing.total() - both).abs() < 1e-9, "{first} {second}");
            standing.take(&of[0], first);
            standing.take(&of[1], second);
            assert!((standing.total() - nothing).abs() < 1e-9, "{first} {second}");
        }
    }
}
