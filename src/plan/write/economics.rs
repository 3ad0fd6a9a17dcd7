//! What matching costs: tokens, money, points and tonnes, compared with the work as submitted in the same hours.

use crate::plan::common::{Index, RunIndex, Snapshot, Totals, codes, fixed, signed};
use crate::plan::document::{Cost, Economics, Reason, tidy};
use crate::plan::problem::Stated;
use crate::plan::show::{lost_share, saving};
use solver::{Kind, Outcome};

/// Each cost of the plan beside that of the work as submitted.
pub(super) fn costs(priced: &Outcome, baseline: &Outcome) -> Vec<Cost> {
    let of = |c: &solver::Cost| {
        let as_submitted = Some(tidy(baseline.costs.iter().filter(|b| b.code == c.code).map(|b| b.amount).sum()));
        let (quantity, amount) = (tidy(c.quantity), tidy(c.amount));
        Cost { code: c.code.clone(), kind: c.kind, quantity, unit: c.unit.clone(), amount, as_submitted }
    };
    priced.costs.iter().map(of).collect()
}

fn money(outcome: &Outcome) -> f64 {
    outcome.costs.iter().filter(|c| c.kind == Kind::Money).map(|c| c.amount).sum()
}

pub(super) fn compare(
    snapshot: &Snapshot,
    stated: &Stated,
    (priced, baseline): (&Outcome, &Outcome),
    (expected, baseline_totals): (&Totals, &Totals),
) -> Economics {
    let policy = &snapshot.portfolio.policy;
    let (made, reached) = (stated.gpu_hours(&priced.runs), stated.gpu_hours(&baseline.runs));
    let lost = reached - made;
    let share = |part: f64| (reached > 0.0).then_some(part / reached);
    let points =
        |of: &dyn Fn(&Totals) -> Option<f64>| of(expected).zip(of(baseline_totals)).map(|(a, b)| tidy(100.0 * (a - b)));
    let part = |top: i128, bottom: i128| (bottom > 0).then(|| top as f64 / bottom as f64);
    let grams = |t: &Totals| t.emissions.market_based_hourly_g.map(|g| g as f64);
    let mut economics = Economics {
        utilisation: share(made).map(tidy),
        tokens_lost_share: share(lost).map(tidy),
        tokens_lost: policy.tokens_per_gpu_hour.map(|tokens| tidy(tokens * lost)),
        gpu_hours_lost: tidy(lost),
        revenue_lost: tidy(policy.revenue_per_gpu_hour * lost),
        money: tidy(money(priced) - money(baseline)),
        matched_points: points(&|t| part(t.matched_wh, t.load_wh)),
        cfe_points: points(&|t| t.cfe_score.as_ref().and_then(|_| part(t.matched_wh + t.grid_cfe_wh, t.load_wh))),
        tonnes: grams(expected).zip(grams(baseline_totals)).map(|(a, b)| tidy((a - b) / 1e6)),
        line: String::new(),
    };
    economics.line = line(&economics, &snapshot.portfolio.definitions.currency);
    economics
}

/// One line a sustainability team and an operator both read; what is unknown is left out.
fn line(e: &Economics, currency: &str) -> String {
    let points = |v: Option<f64>, of: &str| v.map(|v| format!("{} {of} points", signed(settled(v), 2)));
    let tonnes = e.tonnes.map(settled).map(|v| match v {
        v if v < 0.0 => format!("{:.2} t less market-based emissions", -v),
        v if v > 0.0 => format!("{v:.2} t more market-based emissions"),
        _ => "the same market-based emissions".into(),
    });
    let (matched, cfe) = (points(e.matched_points, "matched"), points(e.cfe_points, "CFE"));
    let parts = [Some(saving(e.money, currency)), lost(e), matched, cfe, tonnes];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("compared with the work as submitted: {}", parts.join(", "))
}

/// To the hundredths that are shown, and never minus zero.
fn settled(value: f64) -> f64 {
    (value * 100.0).round() / 100.0 + 0.0
}

fn lost(e: &Economics) -> Option<String> {
    let share = e.tokens_lost_share?;
    let amount = match e.tokens_lost {
        Some(tokens) => format!("{tokens:.3e} tokens"),
        None => format!("{} GPU-hours", fixed(e.gpu_hours_lost, 1)),
    };
    Some(match (lost_share(share), settled(-100.0 * share)) {
        (Some(lost), _) => format!("loses {lost} of training tokens ({amount})"),
        (None, more) if more > 0.0 => format!("makes {more:.2} % more training tokens"),
        (None, _) => "loses no training tokens".into(),
    })
}

/// From which price of energy on throttling pays, beside the dearest hour of this plan.
pub(super) fn break_even(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let currency = &snapshot.portfolio.definitions.currency;
    for (r, shape) in RunIndex::each(&stated.shapes) {
        let (run, id) = (&stated.problem.runs[r], &snapshot.work[stated.runs[r]].work.id);
        let prices = run.sites.iter().flat_map(|s| outcome.prices[*s].iter().copied());
        let dearest = prices.fold(0.0, f64::max);
        let full_mw = run.cap * run.rated_mw * (1.0 - 1e-6);
        let throttled = outcome.runs[r].steps.iter().any(|s| s.on && !s.save && !s.start && s.train_mw < full_mw);
        let message = format!(
            "{id}: throttling pays from {:.0} {currency} per IT MWh on (curve {}, {:.0} GPUs at {} {currency} an hour); the \
             dearest hour here is worth {dearest:.0} {currency}, so it is {}",
            shape.break_even_per_mwh,
            shape.curve,
            shape.gpus,
            snapshot.portfolio.policy.revenue_per_gpu_hour,
            match (throttled, dearest >= shape.break_even_per_mwh) {
                (true, true) => "throttled in some hours",
                (true, false) => "throttled only where that loses no tokens: it has time to spare, or no more power",
                (false, _) => "not throttled",
            }
        );
        reasons.push(Reason::new(codes::BREAK_EVEN, id.as_str(), tidy(shape.break_even_per_mwh), "per MWh", message));
    }
    reasons
}
