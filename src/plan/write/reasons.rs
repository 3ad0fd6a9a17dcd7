//! Work that a plan misses, and the reasons it gives.

use crate::plan::candidates::{Choice, Origin};
use crate::plan::common::{Outcome, Snapshot, Zone, codes};
use crate::plan::document::{Missed, Reason, tidy};
use crate::plan::problem::{self, EXPECTED, Stated, negligible_mwh, target};
use crate::plan::values::Values;
use ids::{Index, ItemIndex, JobIndex, RunIndex, SiteId, SiteIndex, WorkId, WorkIndex};
use reports::series::name::Group;
use std::collections::BTreeMap;

pub(super) fn missed(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Vec<Missed> {
    let clocks = Clocks::new(snapshot);
    let mut rows = stated.missed.clone();
    let mut miss = |item: ItemIndex, mwh: f64| {
        let item = &snapshot.work[item];
        let reason = outcome.reasons.iter().find(|r| r.subject == item.work.id.as_str());
        let code = reason.map_or(codes::MISSED, |r| &r.code);
        let message = reason.map_or_else(|| format!("{}: no room for {mwh:.3} MWh", item.work.id), |r| clocks.told(r));
        rows.push(problem::missed(item, tidy(mwh), code, message));
    };
    let all_mwh = |w: WorkIndex| snapshot.work[stated.work[w]].terms.all_energy_mwh();
    for (w, missed) in WorkIndex::each(&outcome.miss_mwh).filter(|(w, mwh)| **mwh > negligible_mwh(all_mwh(*w))) {
        miss(stated.work[w], *missed);
    }
    for (j, made) in JobIndex::each(&outcome.jobs) {
        // What is left for later is not missed, and what waits is said elsewhere. Of a cohort, the last members are.
        let (job, members) = (&stated.problem.jobs[j], &stated.jobs[j]);
        let beyond_s = snapshot.work[members[0].0].span.end - snapshot.grid.period().end;
        if job.miss_price <= 0.0 || beyond_s >= job.steps as i64 * snapshot.grid.step_s {
            continue;
        }
        let one = job.energy_mwh(stated.problem.step_hours);
        let mut missed = made.missed;
        for &(item, count) in members.iter().rev() {
            let mine = count.min(missed);
            missed -= mine;
            if mine > 0 {
                miss(item, one * f64::from(mine));
            }
        }
    }
    for (r, made) in RunIndex::each(&outcome.runs).filter(|(_, made)| made.late_hours > 1e-6) {
        let run = &stated.problem.runs[r];
        miss(stated.runs[r], made.late_hours * run.rated_mw);
    }
    rows.sort_by(|a, b| a.work.cmp(&b.work));
    rows
}

pub(super) fn reasons(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome, choice: Option<&Choice>) -> Vec<Reason> {
    let clocks = Clocks::new(snapshot);
    let waited_for = stated.problem.work.iter().any(|work| work.id.starts_with(EXPECTED));
    let told = |r: &solver::Reason| match r.code.as_str() {
        // The tables of the plan leave that work out, and so does what the target costs.
        solver::codes::TARGET_UNREACHABLE if waited_for => {
            format!("{}; work not released yet is counted too", clocks.told(r))
        }
        _ => clocks.told(r),
    };
    let solved = outcome.reasons.iter().filter(|r| !r.subject.starts_with(EXPECTED));
    let solved = solved.map(|r| Reason::new(&r.code, &r.subject, tidy(r.quantity), &r.unit, told(r)));
    let mut reasons: Vec<Reason> = solved.chain(stated.reasons.iter().cloned()).collect();
    reasons.extend(choice.map(|choice| kept(snapshot, choice)));
    reasons.extend(targets(snapshot, stated));
    reasons.extend(integers(snapshot, stated, outcome));
    reasons.extend(snapshot.profile_gaps.iter().map(|(contract, gaps)| {
        let subject = Group::Contract.subject(contract);
        let message = format!("{subject}: {gaps} intervals of its profile's base period have no reading");
        Reason::new(codes::PROFILE_INCOMPLETE, contract.as_str(), *gaps as f64, "intervals", message)
    }));
    reasons.extend(snapshot.view.gaps.notes.iter().cloned());
    reasons.extend(snapshot.reasons.iter().cloned());
    reasons
}

/// Values that the limits were too short for.
pub(super) fn values(values: &Values) -> Option<Reason> {
    let left_out = values.left_out;
    let message = format!(
        "{left_out} of {} values were not found within the limits; a longer --time-limit may find them",
        values.found.len() + left_out
    );
    (left_out > 0).then(|| Reason::new(codes::VALUES_LEFT_OUT, "values", left_out as f64, "values", message))
}

/// Which of the plans at hand this is, and what the others cost.
fn kept(snapshot: &Snapshot, choice: &Choice) -> Reason {
    let id = snapshot.previous.as_ref().map_or("", |previous| previous.plan.as_str());
    let name = |origin: Origin| match origin {
        Origin::Found => "what the search had found".to_string(),
        Origin::Previous => format!("the previous plan, {id}, carried on"),
        Origin::AsSubmitted => "everything as submitted".to_string(),
    };
    let others = choice.objectives.iter().filter(|o| o.0 != choice.kept);
    let others: Vec<String> = others.map(|(origin, cost)| format!("{} {cost:.2}", name(*origin))).collect();
    let objective = choice.objectives.iter().find(|o| o.0 == choice.kept).map_or(0.0, |o| o.1);
    let against = if others.is_empty() { String::new() } else { format!("; {}", others.join(", ")) };
    let message = format!("of the candidate plans {} is kept, at a cost of {objective:.2}{against}", name(choice.kept));
    Reason::new(choice.kept.code(), "plan", tidy(objective), &snapshot.portfolio.definitions.currency, message)
}

/// The warning when a target is lost.
fn targets(snapshot: &Snapshot, stated: &Stated) -> Vec<Reason> {
    let h = stated.problem.step_hours;
    let mut reasons = Vec::new();
    for elsewhere in &snapshot.elsewhere {
        let target = &snapshot.portfolio.targets[elsewhere.target];
        let inside = |site: &&solver::Site| target::covers(&snapshot.portfolio, &target.scope, site.boundary);
        let sites = stated.problem.sites.iter().filter(inside);
        let firm_mw = |s: &solver::Site, t: usize| s.overhead_mw[t] + s.pue[t] * s.firm_it_mw[t];
        let steps = elsewhere.from..elsewhere.to;
        let firm: f64 = sites.map(|s| h * steps.clone().map(|t| firm_mw(s, t)).sum::<f64>()).sum();
        if let Some((short, message)) = target::early_warning(target, elsewhere, firm) {
            let subject = target::subject(&target.scope);
            reasons.push(Reason::new(codes::TARGET_LOST, subject, tidy(short), "MWh", message));
        }
    }
    reasons
}

/// Where integers are planned, what proves the bound and what only claims it.
fn integers(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Option<Reason> {
    let integer = !stated.problem.runs.is_empty() || !stated.problem.jobs.is_empty();
    if !integer || outcome.gap <= 0.0 && outcome.relaxed_bound >= outcome.bound {
        return None;
    }
    // Where both bounds are one, no search over integers has raised it.
    let by = if outcome.bound > outcome.relaxed_bound { " by branch and bound" } else { "" };
    let short = outcome.searched.filter(|searched| searched.short).zip(snapshot.previous.as_ref());
    let short = short.map_or_else(String::new, |(searched, previous)| {
        let gap = 100.0 * searched.gap;
        format!(
            "; jobs were placed by a short search from the previous plan, {}: the last whole one ended at most {gap:.4} % \
             above the best",
            previous.plan
        )
    });
    let message = format!(
        "training and jobs are integers: at most {:.4} % above the best{by}; {}; prices are those of the plan with its \
         integers fixed{short}",
        100.0 * outcome.gap,
        if outcome.relaxed_bound.is_finite() {
            format!("proved without branching: at least {:.2}", outcome.relaxed_bound)
        } else {
            "no bound was proved without branching within the limits".to_string()
        }
    );
    Some(Reason::new(codes::WHOLE_NUMBERS, "plan", tidy(outcome.gap), "share", message))
}

/// What tells times in the zones of the sites that reasons are of.
struct Clocks<'a> {
    snapshot: &'a Snapshot,
    /// Sites that each piece of work may use.
    sites: BTreeMap<&'a WorkId, &'a [SiteIndex]>,
}

impl<'a> Clocks<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let sites = snapshot.work.iter().map(|item| (&item.work.id, item.terms.sites.as_slice())).collect();
        Self { snapshot, sites }
    }

    /// The message, its steps as local times with their offset, and its prices, which the solver writes as numbers
    /// alone, in the portfolio's currency.
    fn told(&self, reason: &solver::Reason) -> String {
        let zone = self.zone(reason);
        let told = reason.told(|step| zone.label(self.snapshot.grid.start(step)));
        told.replace(" per MWh", &format!(" {} per MWh", self.snapshot.portfolio.definitions.currency))
    }

    /// That of the site, or of all sites that the work may use; the portfolio's where they have several.
    fn zone(&self, reason: &solver::Reason) -> Zone {
        let portfolio = &self.snapshot.portfolio;
        let (subject, zone) = (reason.subject.as_str(), |site: SiteIndex| portfolio.sites[site].zone);
        if reason.code == solver::codes::FIRM_OVERLOAD {
            return portfolio.site(&SiteId::from(subject)).map_or(portfolio.zone, zone);
        }
        let mut zones = self.sites.get(&WorkId::from(subject)).copied().unwrap_or_default().iter().map(|s| zone(*s));
        match zones.next() {
            Some(first) if zones.all(|other| other == first) => first,
            _ => portfolio.zone,
        }
    }
}
