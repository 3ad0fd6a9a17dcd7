//! Targets over the horizon or a month or year to date, and the warning when one cannot be reached any more.

use super::stated::Stated;
use crate::plan::snapshot::{Elsewhere, Snapshot};
use crate::portfolio::{Metric, Period, Portfolio, Scope, Target};
use ids::BoundaryIndex;
use solver::Allowance;

pub(super) fn add(snapshot: &Snapshot, stated: &mut Stated) {
    for elsewhere in &snapshot.elsewhere {
        let target = &snapshot.portfolio.targets[elsewhere.target];
        stated.problem.targets.push(solver::Target {
            scope: match &target.scope {
                Scope::Portfolio => solver::Scope::Portfolio,
                Scope::Boundary(id) => solver::Scope::Boundary(snapshot.portfolio.boundary(id).unwrap_or_default()),
            },
            metric: match target.metric {
                Metric::Matched => solver::Metric::Matched,
                Metric::CfeScore => solver::Metric::CfeScore,
            },
            share: target.share,
            shortfall_price_per_mwh: target.shortfall_price_per_mwh,
            allowance: Allowance::UsefulLoad,
            load_elsewhere_mwh: elsewhere.load_to_date + elsewhere.load_rest,
            unmatched_elsewhere_mwh: elsewhere.unmatched_to_date + elsewhere.unmatched_rest,
            span: Some((elsewhere.from, elsewhere.to)),
        });
    }
}

pub fn subject(scope: &Scope) -> String {
    match scope {
        Scope::Portfolio => "portfolio".into(),
        Scope::Boundary(id) => id.to_string(),
    }
}

/// Whether a boundary lies in a target's scope.
pub fn covers(portfolio: &Portfolio, scope: &Scope, boundary: BoundaryIndex) -> bool {
    match scope {
        Scope::Portfolio => true,
        Scope::Boundary(id) => portfolio.boundary(id) == Some(boundary),
    }
}

/// MWh by which a target is missed even if everything still to come is matched, and what would have to be matched of it.
///
/// `short = q*(L0 + L) - M0 - L`: 6 000 MWh with 4 800 matched and 4 000 to come at 90 % need 4 200, and miss 200.
pub fn least_short(share: f64, elsewhere: &Elsewhere, horizon_load_mwh: f64) -> (f64, f64) {
    let to_come = horizon_load_mwh + elsewhere.load_rest;
    let matched = elsewhere.load_to_date - elsewhere.unmatched_to_date;
    let needed = share * (elsewhere.load_to_date + to_come) - matched;
    ((needed - to_come).max(0.0), needed)
}

/// What is said of a target that its period has lost already.
pub fn early_warning(target: &Target, elsewhere: &Elsewhere, horizon_load_mwh: f64) -> Option<(f64, String)> {
    if target.period == Period::Horizon {
        return None;
    }
    let (short, needed) = least_short(target.share, elsewhere, horizon_load_mwh);
    let to_come = horizon_load_mwh + elsewhere.load_rest;
    (short > 1e-6).then(|| {
        let message = format!(
            "target {:.2} % of this {} is out of reach: it needs {needed:.3} MWh more matched, but only {to_come:.3} MWh \
             of load are still to come; it will end at least {short:.3} MWh short ({:.3} of {:.3} MWh matched so far)",
            100.0 * target.share,
            target.period.into_str(),
            elsewhere.load_to_date - elsewhere.unmatched_to_date,
            elsewhere.load_to_date,
        );
        (short, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_made_up_is_said_early() {
        let elsewhere =
            Elsewhere { load_to_date: 6_000.0, unmatched_to_date: 1_200.0, load_rest: 4_000.0, ..Elsewhere::default() };
        let (short, needed) = least_short(0.90, &elsewhere, 0.0);
        assert!((short - 200.0).abs() < 1e-9 && (needed - 4_200.0).abs() < 1e-9);
        let reachable = Elsewhere { unmatched_to_date: 900.0, ..elsewhere };
        assert_eq!(least_short(0.90, &reachable, 0.0).0, 0.0);
    }
}
