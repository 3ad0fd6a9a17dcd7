//! A plan for people: what it comes to, beside the work as submitted, and what did not fit.

use super::shown::Shown;
use super::{pieces, words};
use crate::plan::common::{Period, Totals, counted, fixed};
use crate::plan::difference::within_words;
use crate::plan::document::{Missed, Plan, Reason, TargetPath};
use comfy_table::{CellAlignment, Table, presets::UTF8_FULL_CONDENSED};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Subjects named in a line; the document has every one.
const NAMED: usize = 8;

pub fn text(shown: &Shown<'_>) -> String {
    let (plan, mut out) = (shown.plan, String::new());
    let synthetic = if plan.synthetic { " (synthetic data)" } else { "" };
    let status = format!("{}: {}", plan.status_name().replace('_', " "), words::quality(plan));
    // Writing to a String cannot fail.
    let _ = writeln!(out, "plan {} by {}{synthetic}: {} to {}, {status}", plan.id, plan.strategy, plan.start, plan.end);
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(["", "load MWh", "unmatched MWh", "matched share", "CFE score", "market-based, hourly"]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.add_row(row("this plan", &plan.expected));
    table.add_row(row("as submitted", &plan.baseline));
    let _ = writeln!(out, "{table}");
    let _ = writeln!(
        out,
        "{} placed; prices {}; carbon counted by the {} factor",
        counted(pieces::placed(plan), "piece of work", "pieces of work"),
        price_range(shown),
        plan.carbon_basis
    );
    if let Some(proved) = words::proved(plan, shown.currency()) {
        let _ = writeln!(out, "{proved}");
    }
    beside(&mut out, shown);
    out
}

/// What it costs, how training fares, where targets stand, and what more would be worth.
fn beside(out: &mut String, shown: &Shown<'_>) {
    let plan = shown.plan;
    if let Some(economics) = &plan.economics {
        let _ = writeln!(out, "{}", economics.line);
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    plan.events.iter().for_each(|e| *kinds.entry(e.kind.into_str()).or_default() += 1);
    if !kinds.is_empty() {
        let counts: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let _ = writeln!(out, "training: {}", counts.join(", "));
    }
    for target in &plan.targets {
        let _ = writeln!(out, "{}", self::target(target));
    }
    for value in &plan.values {
        let (more, worth) = (words::more(shown, value), words::worth(value.worth, shown.currency()));
        let _ = writeln!(out, "{more} is worth {worth} over the horizon{}", within_words(value.within));
    }
}

/// Where a target stands, in one line.
pub fn target(t: &TargetPath) -> String {
    let score = |score: Option<f64>| score.map_or_else(|| "no load".into(), words::percent);
    let head = format!("target {} % {} of {}", fixed(100.0 * t.share, 2), t.metric.into_str(), t.scope);
    if t.period == Period::Horizon {
        return format!("{head}: {} here {}", score(t.score_here), words::AS_EXPECTED);
    }
    let needed = t.needed_of_rest.map_or(String::new(), |part| {
        // Up: what is needed is never shown lower than it is.
        format!("; {} % of what is to come is needed", fixed((part * 1e4).ceil() / 100.0, 2))
    });
    format!(
        "{head}, {} from {}: {} so far, {} here {}, {} expected at its end{needed}",
        t.period.into_str(),
        t.start,
        score(t.score_to_date),
        score(t.score_here),
        words::AS_EXPECTED,
        score(t.score_expected)
    )
}

/// What should be said aloud: misses, and reasons by their cause.
pub fn talk(plan: &Plan) -> Vec<String> {
    let line = |m: &Missed| format!("missed: {} ({} MWh)", m.message, fixed(m.missed_mwh, 3));
    let mut lines: Vec<String> = plan.missed.iter().take(20).map(line).collect();
    if plan.missed.len() > 20 {
        lines.push(format!("missed: and {} more, {} MWh in all", plan.missed.len() - 20, fixed(plan.missed_mwh(), 3)));
    }
    let missed = |subject: &str| plan.missed.iter().any(|m| m.work == *subject);
    let beside = plan.reasons.iter().filter(|r| !missed(&r.subject));
    lines.extend(grouped(beside).iter().map(|note| format!("note: {note}")));
    lines
}

fn row(name: &str, totals: &Totals) -> [String; 6] {
    [
        name.into(),
        megawatt_hours(totals.load_wh),
        megawatt_hours(totals.unmatched_wh),
        words::matched(totals),
        words::cfe(totals),
        words::tonnes(totals.emissions.market_based_hourly_g),
    ]
}

/// Exact to the Wh: three decimals of a MWh are a kWh.
pub fn megawatt_hours(wh: i128) -> String {
    let kwh = (wh + 500).div_euclid(1_000);
    format!("{}.{:03}", kwh / 1_000, kwh % 1_000)
}

fn price_range(shown: &Shown<'_>) -> String {
    let plan = shown.plan;
    let low = plan.prices.iter().map(|p| p.per_mwh).fold(f64::INFINITY, f64::min);
    let high = plan.prices.iter().map(|p| p.per_mwh).fold(f64::NEG_INFINITY, f64::max);
    if !low.is_finite() {
        return "none".into();
    }
    format!("{} to {} {} per IT MWh", fixed(low, 2), fixed(high, 2), shown.currency())
}

/// A line for each cause, in the order in which causes first come: the message of one subject as it is, else what the
/// messages share and whom they are of.
pub fn grouped<'r>(reasons: impl IntoIterator<Item = &'r Reason>) -> Vec<String> {
    let mut causes: Vec<(&Reason, Option<&str>, Vec<&str>)> = Vec::new();
    for reason in reasons {
        let shared = shared(reason);
        match causes.iter_mut().find(|cause| shared.is_some() && cause.1 == shared) {
            Some((_, _, subjects)) => subjects.push(&reason.subject),
            None => causes.push((reason, shared, vec![reason.subject.as_str()])),
        }
    }
    causes.into_iter().map(|(first, shared, subjects)| cause(first, shared, &subjects)).collect()
}

/// The message without the subject that it begins with.
fn shared(reason: &Reason) -> Option<&str> {
    reason.message.strip_prefix(reason.subject.as_str())?.strip_prefix(": ")
}

fn cause(first: &Reason, shared: Option<&str>, subjects: &[&str]) -> String {
    let Some(shared) = shared.filter(|_| subjects.len() > 1) else { return first.message.clone() };
    let named = subjects.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match subjects.len().saturating_sub(NAMED) {
        0 => format!("{shared}: {named}"),
        more => format!("{shared}: {named} and {more} more; --format json has all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(subject: &str, message: &str) -> Reason {
        Reason::new("history_forecast", subject, 1.0, "steps", message)
    }

    #[test]
    fn what_is_said_of_several_series_is_said_once() {
        let what = "not supplied, blended from its last 14 days (24 of 24 steps, …)";
        let reasons = [
            reason("a/load", &format!("a/load: {what}")),
            reason("plan", "something else"),
            reason("b/load", &format!("b/load: {what}")),
            reason("c/load", "c/load: not supplied, blended from its last 14 days (2 of 24 steps, …)"),
        ];
        assert_eq!(
            grouped(&reasons),
            [
                format!("{what}: a/load, b/load"),
                "something else".to_string(),
                "c/load: not supplied, blended from its last 14 days (2 of 24 steps, …)".to_string(),
            ]
        );
    }

    #[test]
    fn a_long_list_says_how_much_longer_it_is() {
        let reasons: Vec<Reason> = (0..11).map(|k| reason(&format!("s{k}"), &format!("s{k}: absent"))).collect();
        let lines = grouped(&reasons);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with("absent: s0, s1, "), "{}", lines[0]);
        assert!(lines[0].ends_with("s7 and 3 more; --format json has all"), "{}", lines[0]);
    }
}
