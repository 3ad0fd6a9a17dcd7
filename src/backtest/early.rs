//! Doing nothing: each piece as soon as it is released, at its full power, as far as there is room.

use super::stage::{Ran, Stage};

pub fn run(stage: &Stage) -> Ran {
    let mut ran = Ran::nothing(stage);
    let h = stage.grid.step_s as f64 / 3_600.0;
    // Pieces released and not done, oldest first.
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    for step in 0..stage.grid.len {
        while stage.work.get(next).is_some_and(|p| p.release == step) {
            open.push(next);
            next += 1;
        }
        let mut room: Vec<f64> = (0..stage.portfolio.sites.len()).map(|s| stage.room(s, step)).collect();
        for &index in &open {
            let piece = &stage.work[index];
            let mut rate = piece.terms.most_mw();
            for &site in &piece.terms.sites {
                let mw = (ran.left_mwh[index] / h).min(rate).min(room[site]);
                ran.it_mw[site][step] += mw;
                ran.left_mwh[index] -= h * mw;
                room[site] -= mw;
                rate -= mw;
            }
        }
        open.retain(|i| ran.left_mwh[*i] > 1e-9 && stage.work[*i].deadline > step + 1);
    }
    ran.close(stage)
}
