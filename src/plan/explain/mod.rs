//! Why a piece of work runs when it does: what its hours cost, which limit binds, and what running otherwise would cost.
//!
//! Costs of alternatives are differences of optima: the problem solved again with the piece elsewhere and everything else
//! free to follow.

mod alternatives;
mod binding;
mod explanation;
mod subject;
mod text;

pub use explanation::{Alternative, Binding, Explanation, Fate, Part, SCHEMA, Stretch};
pub use text::text;

use super::basis::Basis;
use super::candidates;
use super::document::{Missed, Plan, Reason, tidy};
use super::request::Strategy;
use super::time_limit::Told;
use crate::error::{Fault, Kind};
use ids::{SiteIndex, WorkId};
use reports::text::did_you_mean;
use reports::time::Instant;
use solver::Limits;
use subject::Subject;

/// Less than this, MWh are shown alike.
const SHOWN_MWH: f64 = 0.000_5;

pub struct Ask<'a> {
    pub work: &'a WorkId,
    /// An alternative that begins then.
    pub at: Option<Instant>,
    /// Of the plan found again, and of all alternatives together; none: the plan's own.
    pub time_limit_s: Option<f64>,
    pub currency: &'a str,
    /// Told what is being solved.
    pub say: &'a dyn Fn(&str),
    /// Who looks on while it is.
    pub told: Told,
}

pub fn explain(plan: &Plan, basis: &Basis, ask: &Ask<'_>) -> anyhow::Result<Explanation> {
    let &Ask { work, at, time_limit_s, currency, say, told } = ask;
    if basis.strategy()? != Strategy::Lp {
        let what = format!("plan {} was made by {}, which weighs no alternatives", plan.id, basis.strategy);
        return Err(Fault::new(what).hint("plan by lp: hourmatch plan").into());
    }
    let notes = notes(plan, work);
    let Some(subject) = Subject::find(basis, work) else {
        if !notes.is_empty() {
            return Ok(absent(plan, work, notes, currency));
        }
        let what = format!("plan {} places no work `{work}`", plan.id);
        let hint = "`hourmatch work list` shows where it stands; it may be done, cancelled, \
                    released after the horizon, or newer than the plan";
        let hint = did_you_mean(work, &basis.ids(), || hint.into());
        return Err(Fault::new(what).kind(Kind::NotFound).hint(hint).into());
    };
    let limits = Limits { seconds: time_limit_s.or(basis.limits().seconds), ..basis.limits() };
    say("the plan");
    let (outcome, _) = candidates::solve(&basis.problem, &limits, basis.earlier.as_ref(), told)?;
    let own = subject.steps(basis, &outcome);
    let price = |site: SiteIndex, step: usize| outcome.prices[site][step];
    let energy: f64 = own.iter().map(|o| o.2).sum();
    let price_per_mwh =
        (energy > 1e-9).then(|| own.iter().map(|&(site, step, mw)| mw * price(site, step)).sum::<f64>() / energy);
    let window = subject.window(basis);
    let mean = window.iter().map(|&(site, step)| price(site, step)).sum::<f64>() / window.len().max(1) as f64;
    Ok(Explanation {
        kind: subject.kind(),
        price_per_mwh: price_per_mwh.map(tidy),
        window_price_per_mwh: (!window.is_empty()).then(|| tidy(mean)),
        limits: binding::find(basis, &outcome, &subject, &own, &window, currency),
        alternatives: alternatives::find(basis, &outcome, &subject, at, (&limits, say, told))?,
        objective: tidy(outcome.objective),
        gap: outcome.gap,
        ..absent(plan, work, notes, currency)
    })
}

fn notes(plan: &Plan, work: &WorkId) -> Vec<String> {
    let missed: Vec<&Missed> = plan.missed.iter().filter(|m| m.work == *work).collect();
    let reasons: Vec<&Reason> = plan.reasons.iter().filter(|r| *work == r.subject.as_str()).collect();
    // A reason for all that is missed says how much that is.
    let said =
        |m: &Missed| reasons.iter().any(|r| r.message == m.message && (r.quantity - m.missed_mwh).abs() < SHOWN_MWH);
    let first = missed.iter().map(|m| match said(m) {
        true => m.message.clone(),
        false => format!("{:.3} MWh missed: {}", m.missed_mwh, m.message),
    });
    let others = reasons.iter().filter(|r| missed.iter().all(|m| m.message != r.message)).map(|r| r.message.clone());
    let mut notes: Vec<String> = first.chain(others).collect();
    notes.dedup();
    notes
}

/// What the plan alone says: all there is of work that its problem holds nothing of.
fn absent(plan: &Plan, work: &WorkId, notes: Vec<String>, currency: &str) -> Explanation {
    let rows = plan.schedule.iter().filter(|s| s.work == *work);
    Explanation {
        schema: SCHEMA,
        engine: crate::ENGINE,
        synthetic: plan.synthetic,
        plan: plan.id.clone(),
        work: work.clone(),
        kind: "work",
        currency: currency.into(),
        runs: rows.map(|s| Stretch { site: s.site.clone(), start: s.start, end: s.end, mw: s.mw }).collect(),
        price_per_mwh: None,
        window_price_per_mwh: None,
        limits: Vec::new(),
        alternatives: Vec::new(),
        notes,
        objective: plan.objective,
        gap: plan.gap,
    }
}
