//! The best answer of one piece to given prices, which is what proves a bound: the cheapest steps of its window, as far as
//! its power and its energy go. Greedy is exact, since the limits nest: a column, its step, the whole piece.

use super::shape::{Piece, Shape};

/// What a piece answers to prices.
pub(super) struct Answer {
    /// What it costs, prices of loads included.
    pub cost: f64,
    /// Duals of its energy, and of each step it can use, which prove that cost.
    pub energy: f64,
    pub rates: Vec<f64>,
}

/// A way to place energy: its price per MWh, the step it takes, and the MWh it can take at most.
#[derive(Debug, Clone, Copy)]
struct Way {
    price: f64,
    step: Option<usize>,
    most: f64,
}

/// The answer to prices of loads by cell.
pub(super) fn answer(shape: &Shape, piece: &Piece, prices: &[f64]) -> Answer {
    let h = shape.step_hours;
    let cost = &shape.cost[piece.block()];
    let mut ways = Vec::with_capacity(piece.rates.len() + piece.extras.len() + 1);
    let mut least = vec![f64::INFINITY; piece.rates.len()];
    for run in shape.runs_of(piece) {
        let prices = &prices[shape.span(run)];
        let least = &mut least[run.rate..][..run.len];
        let cost = &cost[run.at..][..run.len];
        for t in 0..run.len {
            least[t] = least[t].min(cost[t] - prices[t]);
        }
    }
    let most = &shape.most[piece.rates.clone()];
    for (t, (price, most)) in least.iter().zip(most).enumerate() {
        ways.push(Way { price: price / h, step: Some(t), most: h * most });
    }
    for extra in &shape.extras[piece.extras.clone()] {
        ways.push(match extra.draws {
            None => Way { price: extra.cost, step: None, most: extra.upper },
            Some(draws) => {
                let price = (extra.cost - prices[draws.cell]) / h;
                Way { price, step: Some(draws.rate), most: h * extra.upper }
            }
        });
    }
    ways.push(Way { price: cost[piece.columns() - 1], step: None, most: piece.energy_mwh });
    ways.sort_by(|a, b| a.price.total_cmp(&b.price));
    fill((piece, most), h, &ways)
}

fn fill((piece, most): (&Piece, &[f64]), h: f64, ways: &[Way]) -> Answer {
    let steps = most.len();
    let mut room: Vec<f64> = most.iter().map(|most| h * most).collect();
    let mut last = vec![f64::INFINITY; steps];
    let (mut left, mut cost, mut energy) = (piece.energy_mwh, 0.0, 0.0);
    for way in ways {
        let most = way.step.map_or(way.most, |t| way.most.min(room[t]));
        let taken = most.min(left);
        if taken <= 0.0 {
            continue;
        }
        left -= taken;
        cost += taken * way.price;
        energy = way.price;
        if let Some(t) = way.step {
            room[t] -= taken;
            last[t] = way.price;
        }
        if left <= 0.0 {
            break;
        }
    }
    // A step that is full is worth what its dearest way saves against the margin.
    let full = |t: usize| room[t] <= 1e-12 * piece.max_mw;
    let rates = (0..steps).map(|t| if full(t) { h * (last[t] - energy).min(0.0) } else { 0.0 }).collect();
    Answer { cost, energy, rates }
}
