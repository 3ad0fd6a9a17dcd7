//! How far pieces and gangs couple cells: a band as wide as the longest window, block by block.

use super::queue::{Place, Queue};
use super::rest::Rest;
use super::shape::Shape;

/// Pairs of cells in the band that pieces and gangs couple.
pub(super) fn band(reach: &[(usize, usize)]) -> usize {
    reach.iter().map(|(row, last)| last + 1 - row).sum()
}

/// For the row of each cell, the last row of one that some piece or gang may use together with it. Cells that
/// nothing limits are left out.
pub(super) fn reach(shape: &Shape, queue: &Queue, rest: &Rest) -> Vec<(usize, usize)> {
    let steps = shape.steps;
    let mut last: Vec<usize> = (0..steps).collect();
    for piece in &shape.pieces {
        let end = piece.span.end.saturating_sub(1);
        shape.steps_of[piece.rates.clone()].iter().for_each(|&step| last[step] = last[step].max(end));
    }
    let mut latest = vec![(0..steps).collect::<Vec<usize>>(); queue.blocks()];
    for gang in &queue.gangs {
        let latest = &mut latest[gang.block];
        gang.span.clone().for_each(|t| latest[t] = latest[t].max(gang.span.end - 1));
    }
    if let Some(shared) = queue.shared {
        latest[shared].fill(steps - 1);
    }
    let sites = rest.of_sites() / steps.max(1);
    let mut all = Vec::with_capacity(rest.loads.len());
    for block in &rest.blocks {
        let limited = |row: usize, t: usize| !rest.unlimited[row * steps + t];
        // The last cell of a step is the one that stands after all others of the block, and of all steps before.
        let end = |t: usize| block.iter().filter(|&&row| limited(row, t)).map(|row| rest.load(row * steps + t)).max();
        let mut last_so_far = 0;
        let mut ends = vec![0; steps];
        for (t, at) in ends.iter_mut().enumerate() {
            last_so_far = end(t).unwrap_or(last_so_far);
            *at = last_so_far;
        }
        for &row in block {
            let of_queue = row.checked_sub(sites).map(|place| queue.places[place].block);
            for t in (0..steps).filter(|&t| limited(row, t)) {
                let to = of_queue.map_or(last[t], |block| latest[block][t]);
                all.push((rest.load(row * steps + t), ends[to]));
            }
        }
    }
    all
}

/// Pairs of a cell of the queue and one that cells of every block meet.
pub(super) fn with_shared(queue: &Queue) -> usize {
    let (shared, own): (Vec<_>, Vec<_>) = queue.places.iter().partition(|place| Some(place.block) == queue.shared);
    let limited = shared.into_iter().flat_map(Place::unlimited).filter(|unlimited| !unlimited).count();
    own.len() * queue.steps * limited
}

/// Rows of cells that cells of every block of the queue meet: the first and the last.
pub(super) fn shared(queue: &Queue, rest: &Rest) -> Option<(usize, usize)> {
    let block = queue.shared?;
    let places = (0..queue.places.len()).filter(|&p| queue.places[p].block == block);
    let cells = places.flat_map(|p| (0..queue.steps).map(move |t| rest.of_sites() + p * queue.steps + t));
    let rows = cells.filter(|&cell| !rest.unlimited[cell]).map(|cell| rest.load(cell));
    rows.fold(None, |range: Option<(usize, usize)>, row| {
        let (first, last) = range.unwrap_or((row, row));
        Some((first.min(row), last.max(row)))
    })
}
