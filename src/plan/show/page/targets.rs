//! Where targets stand: a row for each, with a bar of what is expected against what was aimed at.

use crate::plan::common::{Metric, Period, fixed, put};
use crate::plan::document::TargetPath;
use crate::plan::show::shown::Shown;
use crate::plan::show::words;

pub struct Row {
    pub target: String,
    /// What is so far, in the plan, expected at the period's end and needed until then.
    pub says: String,
    pub bar: String,
}

pub fn row(shown: &Shown<'_>, target: &TargetPath) -> Row {
    let score = |score: Option<f64>| score.map_or_else(|| "no load".into(), words::percent);
    let metric = match target.metric {
        Metric::Matched => "matched share",
        Metric::CfeScore => "CFE score",
    };
    let horizon = target.period == Period::Horizon;
    let expected = if horizon { target.score_here } else { target.score_expected };
    let over = match horizon {
        true => "over this plan".to_string(),
        false => {
            format!("over the {} from {}", target.period.into_str(), shown.portfolio.zone.date(target.start))
        }
    };
    let distance = expected.map_or_else(|| "no load".into(), |expected| distance(target.share, expected));
    let mut says = vec![format!("{} in this plan {}", score(target.score_here), words::AS_EXPECTED)];
    if !horizon {
        says.insert(0, format!("{} so far", score(target.score_to_date)));
        says.push(format!("{} expected at its end", score(expected)));
        // Up: what is needed is never shown lower than it is.
        let needed = target.needed_of_rest.map(|part| (part * 1e4).ceil() / 100.0);
        says.extend(needed.map(|needed| format!("{} % of what is to come is needed", fixed(needed, 2))));
    }
    let bar = bar(target, expected);
    let target = format!("{} {metric} of {} {over}: {distance}", words::percent(target.share), target.scope);
    Row { target, says: says.join("; "), bar }
}

/// How far a score is from its target, said as it is: short by points, or met.
fn distance(share: f64, score: f64) -> String {
    match 100.0 * (share - score) {
        short if short > 1e-6 => format!("short by {} points", fixed((short * 100.0 - 1e-6).ceil() / 100.0, 2)),
        _ => "met".into(),
    }
}

/// Nothing to all across; a tick where the target is, and a lighter one for what is so far.
fn bar(target: &TargetPath, expected: Option<f64>) -> String {
    let across = |share: f64| 100.0 * share.clamp(0.0, 1.0);
    let mut out = String::from(r#"<svg class="strip" aria-hidden="true">"#);
    if let Some(expected) = expected {
        put(&mut out, format_args!(r#"<rect class="run" width="{:.2}%" height="100%"/>"#, across(expected)));
    }
    let mut tick = |class: &str, share: f64| {
        let x = across(share);
        put(&mut out, format_args!(r#"<line class="{class}" x1="{x:.2}%" x2="{x:.2}%" y1="0" y2="16"/>"#));
    };
    if let Some(so_far) = target.score_to_date.filter(|_| target.period != Period::Horizon) {
        tick("so-far", so_far);
    }
    tick("aim", target.share);
    out + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_never_shown_smaller_than_it_is() {
        assert_eq!(distance(0.9, 0.899_999_9), "short by 0.01 points");
        assert_eq!(distance(0.9, 0.635), "short by 26.50 points");
        assert_eq!((distance(0.9, 0.9), distance(0.9, 0.95)), ("met".into(), "met".into()));
    }
}
