//! Divisible work by the thousand: an interior-point method that eliminates each piece by hand, so that what is left to
//! factor has one row for each cell and none for a piece. Its time and memory grow with the pieces linearly.
//!
//! `shape` sees pieces in a model, `rest` the rest of it; `part` eliminates pieces, `gram` adds up what they couple, or
//! `cells_first` where cells go before their energies (`elimination`); `system` factors it, `newton` iterates. `bound` proves a bound from the prices found, `purify` makes a plan of few
//! fragments from the middle of the optimal face; `answer` and `duals` are a solution of the model again. Jobs that run in one go
//! are a `queue` of `gangs`, eliminated likewise; `layout`, `reach` and `order` say which cells couple, and in what order rows
//! are eliminated. The mathematics is in the crate's README.

mod answer;
mod balances;
mod bound;
mod bounded;
mod cells;
mod cells_first;
mod columns;
mod coupled;
mod couplings;
mod curvature;
mod duals;
mod elimination;
mod forest;
mod gangs;
mod gram;
mod kinds;
mod lanes;
mod layout;
mod newton;
mod order;
mod pairs;
mod parallel;
mod part;
mod pins;
mod purify;
mod queue;
mod reach;
mod rest;
mod settled;
mod shape;
mod system;

use crate::model::{LinearModel, RawSolution, RawStatus, RowKind, proved};
use crate::progress::Progress;
use cells::Cells;
use couplings::Couplings;
pub(crate) use curvature::Curvature;
pub use elimination::Eliminate;
use newton::{Ended, Newton, Stop};
pub(crate) use parallel::each;
pub(crate) use queue::{Gang, Place, Queue, Segment, Sums, Taken, Use};
use reach::{band, reach};
use shape::Shape;
use std::sync::Arc;

/// Pairs of cells that pieces may couple. Beyond, the sites and steps are too many for this.
const MOST_COUPLED: usize = 1 << 26;

/// Iterations after which a solve is given up.
const ITERATIONS: u64 = 250;

/// The same with gangs: a search goes on from there.
const ITERATIONS_OF_GANGS: u64 = 400;

/// What ends a solve.
#[derive(Clone, Copy)]
pub(crate) struct Until<'a> {
    /// Between objective and bound, as a part of the objective.
    pub gap: f64,
    pub iterations: Option<u64>,
    /// Whether time is up, asked before each iteration.
    pub over: Option<&'a (dyn Fn() -> bool + Sync)>,
    /// Whom to tell what prices prove on the way.
    pub told: Option<&'a Progress>,
}

/// Operations that an iteration takes to factor what pieces couple.
pub(crate) fn effort(model: &LinearModel) -> f64 {
    elimination::effort(model, &Cells::of_model(model, 0))
}

/// What kind of row it is for which a linear model is not of pieces that meet in cells; none where it is.
pub(crate) fn unsuited(model: &LinearModel) -> Option<RowKind> {
    rest::unsuited(model).map(|row| model.rows[row].kind)
}

/// A solution, or where it stopped; none where the model is none of pieces, or too large in sites and steps.
pub(crate) fn solve(model: &LinearModel, eliminate: Eliminate, until: Until<'_>) -> Option<RawSolution> {
    relax_in_order(model, (&Arc::new(Queue::default()), None), eliminate, until).map(|relaxed| relaxed.beside)
}

/// A model of everything but jobs, solved together with them, their starts relaxed.
pub(crate) struct Relaxed {
    /// Of the model. Its bound is that of the whole.
    pub beside: RawSolution,
    /// By gang of the queue its starts, as the method left them: between none and all.
    pub starts: Vec<Vec<f64>>,
    pub curvature: Option<Curvature>,
}

/// `rigid`: where it is asked how gangs give way, by gang whether this one does not.
pub(crate) fn relax(
    model: &LinearModel,
    (queue, rigid): (&Arc<Queue>, Option<Vec<bool>>),
    until: Until<'_>,
) -> Option<Relaxed> {
    relax_in_order(model, (queue, rigid), Eliminate::default(), until)
}

fn relax_in_order(
    model: &LinearModel,
    (queue, rigid): (&Arc<Queue>, Option<Vec<bool>>),
    eliminate: Eliminate,
    until: Until<'_>,
) -> Option<Relaxed> {
    let (shape, rest) = Shape::of_model(model, queue, eliminate)?;
    let coupled = match shape.keeps_energies {
        true => band(&cells_first::reach(&rest)) + shape.cost.len(),
        false => {
            let cells = band(&reach(&shape, queue, &rest)) + reach::with_shared(queue);
            gram::Gram::size(&shape).max(Couplings::size(queue)).max(cells)
        }
    };
    if shape.pieces.is_empty() && queue.gangs.is_empty() || coupled > MOST_COUPLED {
        return None;
    }
    let shape = Arc::new(shape);
    let mut newton = Newton::new(&shape, queue, &rest, model.constant + rest.constant)?;
    newton.rigid = rigid;
    let most = if queue.gangs.is_empty() { ITERATIONS } else { ITERATIONS_OF_GANGS };
    let iterations = until.iterations.unwrap_or(most).min(most);
    let status = match newton.run(Stop { gap: until.gap, iterations, over: until.over, told: until.told }) {
        Ended::Solved => RawStatus::Optimal,
        Ended::Time => RawStatus::TimeLimit,
        Ended::Iterations if until.iterations == Some(iterations) => RawStatus::IterationLimit,
        // Prices on the way are good enough to search from, and prove what they prove.
        Ended::Iterations | Ended::Stuck if !queue.gangs.is_empty() => RawStatus::Other("unfinished".to_string()),
        Ended::Iterations | Ended::Stuck => return None,
    };
    let row_duals = duals::duals(model, &shape, &rest, &newton);
    // A column without a bound has a reduced cost below zero by rounding at most.
    let bound = match queue.gangs.is_empty() {
        true => proved(model, &row_duals, |_| 0.0),
        false => newton.bound(),
    };
    // Jobs are searched from wherever it ended; divisible work alone has a plan at the end only.
    let x = if status == RawStatus::Optimal || !queue.gangs.is_empty() {
        answer::columns(model, &shape, &rest, &newton)
    } else {
        Vec::new()
    };
    let objective = if x.is_empty() || !queue.gangs.is_empty() { newton.objective() } else { model.objective(&x) };
    let beside = RawSolution { status, x, row_duals, objective, bound, iterations: newton.iterations };
    let mut starts = vec![Vec::new(); queue.gangs.len()];
    let stands = newton.gangs.iter().flat_map(gangs::Gangs::stand);
    starts.iter_mut().zip(stands).for_each(|(starts, (gang, x))| *starts = x[..gang.starts].to_vec());
    newton.curve();
    Some(Relaxed { beside, starts, curvature: newton.curvature })
}
