//! The path of each target: so far, in the horizon, and what is expected of the rest of its period.

use crate::plan::document::{TargetPath, tidy};
use crate::plan::problem::target::least_short;
use crate::plan::score::Scored;
use crate::plan::snapshot::{Elsewhere, Snapshot};
use crate::plan::todate;
use crate::portfolio::Scope;

pub(super) fn paths(snapshot: &Snapshot, scored: &Scored) -> Vec<TargetPath> {
    snapshot.elsewhere.iter().map(|part| path(snapshot, scored, part)).collect()
}

fn path(snapshot: &Snapshot, scored: &Scored, part: &Elsewhere) -> TargetPath {
    let (portfolio, grid) = (&snapshot.portfolio, snapshot.grid);
    let target = &portfolio.targets[part.target];
    let cells = scored.cells.iter().map(|cells| &cells[part.from..part.to]);
    let (load, unmatched, _) = todate::counted(portfolio, target, cells);
    let score = |load: f64, unmatched: f64| (load > 0.0).then(|| tidy(1.0 - unmatched / load));
    let whole = part.start == part.end;
    let (start, end) = if whole { (grid.start, grid.period().end) } else { (part.start, part.end) };
    let all = (part.load_to_date + load + part.load_rest, part.unmatched_to_date + unmatched + part.unmatched_rest);
    let (short, needed) = least_short(target.share, part, load);
    let to_come = load + part.load_rest;
    TargetPath {
        scope: match &target.scope {
            Scope::Portfolio => "portfolio".into(),
            Scope::Boundary(id) => id.clone(),
        },
        metric: target.metric,
        share: target.share,
        period: target.period,
        start,
        end,
        load_to_date_mwh: tidy(part.load_to_date),
        score_to_date: score(part.load_to_date, part.unmatched_to_date),
        load_here_mwh: tidy(load),
        score_here: score(load, unmatched),
        load_rest_mwh: tidy(part.load_rest),
        score_rest: score(part.load_rest, part.unmatched_rest),
        score_expected: score(all.0, all.1),
        needed_of_rest: (to_come > 0.0).then(|| tidy((needed / to_come).max(0.0))),
        lost_mwh: tidy(short),
    }
}
