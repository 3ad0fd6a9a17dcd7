//! Strategies that plan nothing.

use super::common::{Piece, Ran, SiteIndex, Stage, Standing};
use super::execute::{self, Decided};
use crate::plan::problem;

/// The work as submitted: each piece as soon as it is released, at its full power, as far as there is room.
pub fn as_submitted(stage: &Stage) -> Ran {
    run_pieces(stage, (0..stage.work.len()).collect()).close(stage)
}

/// Some pieces and no others.
fn run_pieces(stage: &Stage, pieces: Vec<usize>) -> Ran {
    let mut ran = Ran::new(stage);
    let mut snapshot = stage.actual.clone();
    snapshot.work = pieces.iter().map(|i| ran.item(stage, *i, 0)).collect();
    let stated = problem::formulate(&snapshot);
    let made = solver::as_submitted(&stated.problem);
    let decided = Decided { stated: &stated, pieces: &pieces, made: &made, storage: &[] };
    execute::run_steps(stage, &mut ran, (0, stage.grid.len), &decided);
    ran
}

/// What per-job advice does: each piece takes the hours of its window in which the grid's average is lowest, whatever the
/// others do. Known in advance and without a limit, so that nothing but herding speaks against it. Training has no window
/// to choose from and runs as it comes.
pub fn lowest_intensity(stage: &Stage) -> Ran {
    let training = (0..stage.work.len()).filter(|i| stage.work[*i].work.is_training());
    let mut ran = run_pieces(stage, training.collect());
    ran.uncapped = true;
    for (index, piece) in stage.work.iter().enumerate().filter(|(_, p)| !p.work.is_training()) {
        if piece.work.divides() {
            energy(stage, &mut ran, index, piece);
        } else {
            job(stage, &mut ran, index, piece);
        }
    }
    ran.close(stage)
}

fn grams(stage: &Stage, step: usize, site: SiteIndex) -> f64 {
    stage.actual.view.boundaries[stage.portfolio.boundary_of(site)].average_g_per_kwh.values[step]
}

/// The cleanest hours, at full power.
fn energy(stage: &Stage, ran: &mut Ran, index: usize, piece: &Piece) {
    let h = stage.grid.step_s as f64 / 3_600.0;
    let cleanest = |step: usize| {
        let sites = piece.terms.sites.iter().map(|site| (grams(stage, step, *site), *site));
        sites.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
    };
    let steps = piece.release..piece.deadline.min(stage.grid.len);
    let mut offers: Vec<(f64, usize, SiteIndex)> =
        steps.filter_map(|step| cleanest(step).map(|(grams, site)| (grams, step, site))).collect();
    offers.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for (_, step, site) in offers {
        let left = &mut ran.pieces[index].left_mwh;
        let mw = piece.terms.most_mw().min(*left / h);
        *left -= h * mw;
        ran.it_mw[site][step] += mw;
    }
}

/// The start whose hours are cleanest on average, of those that end in time.
fn job(stage: &Stage, ran: &mut Ran, index: usize, piece: &Piece) {
    let h = stage.grid.step_s as f64 / 3_600.0;
    let parts = piece.terms.hours / h;
    let steps = (parts - 1e-9).ceil().max(1.0) as usize;
    let part = |since: usize| (parts - since as f64).clamp(0.0, 1.0);
    let last = piece.deadline.min(stage.grid.len);
    let mut best: Option<(f64, usize, SiteIndex)> = None;
    for start in piece.release..(last + 1).saturating_sub(steps) {
        for &site in &piece.terms.sites {
            let sum: f64 = (0..steps).map(|since| part(since) * grams(stage, start + since, site)).sum();
            if best.is_none_or(|b| sum < b.0) {
                best = Some((sum, start, site));
            }
        }
    }
    let Some((_, start, site)) = best else { return };
    for since in 0..steps {
        ran.it_mw[site][start + since] += piece.terms.max_mw * part(since);
    }
    ran.pieces[index].left_mwh = 0.0;
    ran.pieces[index].standing = Standing::Done;
}
