//! What per-job advice does: each piece takes the hours of its window in which the grid's average is lowest, whatever the
//! others do. Known in advance and without a limit, so that nothing but herding speaks against it.

use super::stage::{Ran, Stage};

pub fn run(stage: &Stage) -> Ran {
    let mut ran = Ran::nothing(stage);
    ran.uncapped = true;
    let h = stage.grid.step_s as f64 / 3_600.0;
    for (index, piece) in stage.work.iter().enumerate() {
        let steps = piece.release..piece.deadline.min(stage.grid.len);
        let grams = |step: usize, site: usize| {
            stage.actual.boundaries[stage.portfolio.boundary_of(site)].average_g_per_kwh.values[step]
        };
        let cleanest = |step: usize| {
            let sites = piece.terms.sites.iter().map(|site| (grams(step, *site), *site));
            sites.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        };
        let mut offers: Vec<(f64, usize, usize)> =
            steps.filter_map(|step| cleanest(step).map(|(grams, site)| (grams, step, site))).collect();
        offers.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, step, site) in offers {
            let mw = piece.terms.most_mw().min(ran.left_mwh[index] / h);
            ran.it_mw[site][step] += mw;
            ran.left_mwh[index] -= h * mw;
        }
    }
    ran.close(stage)
}
