//! From the middle of the optimal face to a plan of few fragments. What pieces draw together at each cell stays as it is,
//! so every other row does too; among pieces, power is exchanged around cycles until what is neither nothing nor all of a
//! piece's power forms a forest: at most one such fragment for each cell and piece, less one.
//!
//! The transport: a piece sends its energy to the steps it can use, each takes its most at most, and from a step to the
//! cells of its sites. A step with one site is an edge from the piece to the cell.

use super::forest::{Edge, Forest};
use super::part::Part;
use super::shape::{Piece, Shape};

/// Power below this part of a piece's most is dropped: far less than rows may lack.
const DUST: f64 = 1e-9;

/// MW of each piece by column of its block, in the order of pieces; what is kept at a cell is part of it.
pub(super) fn purified(shape: &Shape, parts: &[Part]) -> Vec<f64> {
    let mut x = vec![0.0; shape.cost.len()];
    let mut forest = Forest::new(shape.cells());
    for part in parts {
        for p in 0..part.pieces.len() {
            let piece = &shape.pieces[part.pieces.start + p];
            let (own, extras) = part.stand(p);
            x[piece.block()].copy_from_slice(own);
            for (extra, mw) in shape.extras[piece.extras.clone()].iter().zip(extras) {
                if let Some(draws) = extra.draws {
                    x[piece.first + draws.at] += mw;
                }
            }
            insert(shape, piece, &mut x, &mut forest);
            write(&mut forest, &mut x);
        }
    }
    forest.finish();
    write(&mut forest, &mut x);
    x
}

/// Flow of edges that are settled, where they are columns.
fn write(forest: &mut Forest, x: &mut [f64]) {
    for edge in forest.settled.drain(..) {
        if edge.name != usize::MAX {
            x[edge.name] = edge.flow;
        }
    }
}

fn insert(shape: &Shape, piece: &Piece, x: &mut [f64], forest: &mut Forest) {
    let node = forest.node();
    let steps = piece.rates.len();
    let (mut count, mut sum) = (vec![0_usize; steps], vec![0.0; steps]);
    let mut edges = Vec::with_capacity(piece.cells);
    for run in shape.runs_of(piece) {
        for t in 0..run.len {
            let name = piece.first + run.at + t;
            if x[name] <= DUST * piece.max_mw {
                x[name] = 0.0;
                continue;
            }
            count[run.rate + t] += 1;
            sum[run.rate + t] += x[name];
            let to = shape.cell(run.site, run.step + t) as u32;
            let at = (run.at + t, run.rate + t);
            let (lower, upper, cost) = slope(shape, piece, at, x[name]);
            edges.push((run.rate + t, Edge { from: node, to, flow: x[name], lower, upper, cost, name }));
        }
    }
    let mut nodes = vec![node; steps];
    for t in (0..steps).filter(|&t| count[t] > 1) {
        nodes[t] = forest.node();
        let upper = shape.most[piece.rates.start + t];
        let flow = sum[t].min(upper);
        let from = Edge { from: node, to: nodes[t], flow, lower: 0.0, upper, cost: 0.0, name: usize::MAX };
        forest.add(from);
    }
    // The largest first: small ones give way.
    edges.sort_by(|a, b| b.1.flow.total_cmp(&a.1.flow));
    for (t, mut edge) in edges {
        edge.from = nodes[t];
        forest.add(edge);
    }
    nodes.push(node);
    nodes.sort_unstable();
    nodes.dedup();
    nodes.iter().for_each(|&node| forest.prune(node));
    nodes.into_iter().for_each(|node| forest.release(node));
}

/// Between which powers a cell's cost is straight, and how steep.
fn slope(shape: &Shape, piece: &Piece, (at, rate): (usize, usize), mw: f64) -> (f64, f64, f64) {
    let most = shape.most[piece.rates.start + rate];
    let kept = shape.extras[piece.extras.clone()].iter().find(|e| e.draws.is_some_and(|d| d.at == at));
    match kept {
        Some(kept) if mw <= kept.upper => (0.0, kept.upper, kept.cost),
        Some(kept) => (kept.upper, most, shape.cost[piece.first + at]),
        None => (0.0, most, shape.cost[piece.first + at]),
    }
}
