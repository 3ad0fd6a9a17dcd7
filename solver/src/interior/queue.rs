//! Jobs that run in one go, as the method sees them: starts of each job, and the places whose steps a start takes.
//!
//! ```text
//! per job      sum(starts) x + miss                 = count
//! per place    sum(starts that cover a step) u*x - y = 0          u units of the place, less in a start's last step
//! ```
//!
//! A place is whatever several jobs meet in: a site's power, a pool's GPUs. Where two are taken in proportion, by the same
//! steps, they are one.

use ids::{JobIndex, SiteIndex};
use std::ops::Range;

#[derive(Debug, Clone, Default)]
pub(crate) struct Queue {
    pub steps: usize,
    /// By block.
    pub places: Vec<Place>,
    /// The last block, where gangs of every block take its places: accounts.
    pub shared: Option<usize>,
    /// By block, so that what is added up for one lies together.
    pub gangs: Vec<Gang>,
    pub segments: Vec<Segment>,
    pub uses: Vec<Use>,
    /// Of each gang its starts, then what is missed.
    pub cost: Vec<f64>,
}

/// What a unit of a place, taken in a step, adds to rows of the model: (row, value).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub draws: Vec<Vec<(u32, f64)>>,
    /// Places that some gang can choose between are in one block.
    pub block: usize,
}

impl Place {
    /// By step, whether what is taken enters no row.
    pub fn unlimited(&self) -> impl Iterator<Item = bool> + '_ {
        self.draws.iter().map(Vec::is_empty)
    }
}

/// A job, or an array of jobs alike.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gang {
    pub job: JobIndex,
    pub count: f64,
    /// The power of all of it: the scale of its columns.
    pub size: f64,
    pub segments: Range<usize>,
    /// Its first column.
    pub first: usize,
    pub starts: usize,
    pub block: usize,
    /// Steps it can take, the end not included.
    pub span: Range<usize>,
}

impl Gang {
    /// Starts and what is missed.
    pub fn columns(&self) -> usize {
        self.starts + 1
    }
}

/// Starts in neighbouring steps at one site.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segment {
    pub site: SiteIndex,
    pub step: usize,
    pub len: usize,
    /// Its first start among the gang's.
    pub at: usize,
    pub uses: Range<usize>,
}

/// What a start takes of a place: `units` for so many steps, in the last one that part of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Use {
    pub place: usize,
    pub units: f64,
    pub steps: usize,
    pub last: f64,
}

impl Queue {
    pub fn segments_of(&self, gang: &Gang) -> &[Segment] {
        &self.segments[gang.segments.clone()]
    }

    pub fn uses_of(&self, segment: &Segment) -> &[Use] {
        &self.uses[segment.uses.clone()]
    }

    pub fn blocks(&self) -> usize {
        let of_places = self.places.iter().map(|place| place.block);
        of_places.chain(self.gangs.iter().map(|gang| gang.block)).map(|block| block + 1).max().unwrap_or(0)
    }

    /// Cells of places, by place and step, that no start takes.
    pub fn unused(&self) -> Vec<usize> {
        let mut used = vec![false; self.places.len() * self.steps];
        for segment in &self.segments {
            for u in self.uses_of(segment) {
                let end = (segment.step + segment.len + u.steps - 1).min(self.steps);
                used[u.place * self.steps..][segment.step..end].fill(true);
            }
        }
        (0..used.len()).filter(|&cell| !used[cell]).collect()
    }

    /// By place and step, whether what is taken there enters no row.
    pub fn unlimited(&self) -> Vec<bool> {
        self.places.iter().flat_map(Place::unlimited).collect()
    }

    /// Steps that a use of the longest kind takes.
    fn longest(&self) -> usize {
        self.uses.iter().map(|u| u.steps).max().unwrap_or(0)
    }
}

/// Values by step of every place, and their sums, so that what a start takes in all is a difference.
pub(crate) struct Sums {
    width: usize,
    sums: Vec<f64>,
    values: Vec<f64>,
}

impl Sums {
    /// `values` by place, then step. A step beyond the horizon has none.
    pub fn new(queue: &Queue, values: &[f64]) -> Sums {
        let width = queue.steps + queue.longest() + 1;
        let mut sums = vec![0.0; queue.places.len() * width];
        let mut padded = vec![0.0; queue.places.len() * width];
        for place in 0..queue.places.len() {
            let values = &values[place * queue.steps..][..queue.steps];
            padded[place * width..][..queue.steps].copy_from_slice(values);
            let sums = &mut sums[place * width..][..width];
            for t in 1..width {
                sums[t] = sums[t - 1] + values.get(t - 1).copied().unwrap_or(0.0);
            }
        }
        Sums { width, sums, values: padded }
    }

    /// Of every start of a gang.
    #[inline(always)]
    pub fn taken_by(&self, queue: &Queue, gang: &Gang, into: &mut [f64]) {
        into[..gang.starts].fill(0.0);
        for segment in queue.segments_of(gang) {
            let into = &mut into[segment.at..segment.at + segment.len];
            for u in queue.uses_of(segment) {
                let first = u.place * self.width + segment.step;
                let (from, to) = (&self.sums[first..][..segment.len], &self.sums[first + u.steps..][..segment.len]);
                for k in 0..segment.len {
                    into[k] += u.units * (to[k] - from[k]);
                }
                if u.last < 1.0 {
                    let last = &self.values[first + u.steps - 1..][..segment.len];
                    let less = u.units * (1.0 - u.last);
                    into.iter_mut().zip(last).for_each(|(sum, v)| *sum -= less * v);
                }
            }
        }
    }
}

/// Adds up what starts take, place by place.
pub(crate) struct Taken {
    width: usize,
    steps: usize,
    /// What begins and ends, and what the last step has less.
    change: Vec<f64>,
    less: Vec<f64>,
}

impl Taken {
    pub fn new(queue: &Queue) -> Taken {
        let width = queue.steps + queue.longest() + 1;
        let none = || vec![0.0; queue.places.len() * width];
        Taken { width, steps: queue.steps, change: none(), less: none() }
    }

    /// So much of every start of a gang.
    #[inline(always)]
    pub fn add(&mut self, queue: &Queue, gang: &Gang, amounts: &[f64]) {
        for segment in queue.segments_of(gang) {
            let amounts = &amounts[segment.at..segment.at + segment.len];
            for u in queue.uses_of(segment) {
                let first = u.place * self.width + segment.step;
                let begins = &mut self.change[first..][..segment.len];
                begins.iter_mut().zip(amounts).for_each(|(sum, x)| *sum += u.units * x);
                let ends = &mut self.change[first + u.steps..][..segment.len];
                ends.iter_mut().zip(amounts).for_each(|(sum, x)| *sum -= u.units * x);
                if u.last < 1.0 {
                    let less = u.units * (1.0 - u.last);
                    let last = &mut self.less[first + u.steps - 1..][..segment.len];
                    last.iter_mut().zip(amounts).for_each(|(sum, x)| *sum += less * x);
                }
            }
        }
    }

    /// By place, then step.
    pub fn by_step(&self) -> Vec<f64> {
        let places = self.change.len() / self.width.max(1);
        let mut all = Vec::with_capacity(places * self.steps);
        for place in 0..places {
            let mut sum = 0.0;
            for t in place * self.width..place * self.width + self.steps {
                sum += self.change[t];
                all.push(sum - self.less[t]);
            }
        }
        all
    }
}
