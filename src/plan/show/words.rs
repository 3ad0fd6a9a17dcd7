//! Figures of a plan in words, the same on a terminal and on a page.

use super::shown::Shown;
use crate::plan::common::{Status, Totals, fixed};
use crate::plan::document::{Plan, Value, ValueKind};
use render::english;
use render::figures::matched_share;

/// What scores and tables of a plan count, beside the shortfall of a target, which allows for less.
pub const AS_EXPECTED: &str = "with supply as expected";

/// Rounded down: a score is never shown higher than it is, but for the last bit of a float.
pub fn percent(share: f64) -> String {
    format!("{} %", fixed((share * 1e4 + 1e-9).floor() / 100.0, 2))
}

/// The matched share, as reports show it.
pub fn matched(totals: &Totals) -> String {
    matched_share(totals).map_or_else(|| "n/a".into(), english::percent)
}

/// The CFE score, as reports show it.
pub fn cfe(totals: &Totals) -> String {
    totals.cfe_score.map_or_else(|| "n/a".into(), english::percent)
}

/// Rounded up, as reports round emissions.
pub fn tonnes(grams: Option<i128>) -> String {
    let Some(grams) = grams else { return "unknown".into() };
    let tenths = (grams + 99_999).div_euclid(100_000);
    format!("{}.{} t", tenths / 10, tenths % 10)
}

/// A sentence with the digits of its numbers in groups, as reports write them.
pub fn grouped(text: &str) -> String {
    let word = |word: &str| match word.strip_prefix('-') {
        Some(size) => format!("-{}", english::decimal(size)),
        None => english::decimal(word),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// How far from the best the plan may be.
pub fn quality(plan: &Plan) -> String {
    match plan.status {
        Status::Optimal => "no plan costs less".into(),
        _ if plan.gap.is_finite() => format!("at most {} % above the best there can be", fixed(plan.gap * 100.0, 4)),
        _ => "how far from the best is not known".into(),
    }
}

/// What is proved of a plan that may not be the best: the part it gains of all that can be gained, and what more time can
/// bring. None of one that is, and where there is nothing to gain.
pub fn proved(plan: &Plan, currency: &str) -> Option<String> {
    let gained = plan.gain_proved.filter(|_| plan.status != Status::Optimal)?;
    let left = (plan.objective - plan.bound).max(0.0);
    let more = match plan.status {
        Status::TimeLimit => format!("; a longer search can gain at most {} {currency} more", fixed(left, 2)),
        _ => String::new(),
    };
    Some(format!("at least {} of what can be gained over the work as submitted is reached{more}", percent(gained)))
}

/// A cost by its code.
pub fn cost(code: &str) -> String {
    match code {
        // Checkpoints lose some too, and the work as submitted makes them as well.
        "tokens_lost" => "tokens not made against full speed".into(),
        "target_short" => "target short, allowing for supply that may not come".into(),
        other => other.replace('_', " "),
    }
}

pub fn strategy(name: &str) -> &str {
    match name {
        "lp" => "the solver",
        "clean-first" => "the greedy strategy clean-first",
        "asap" => "the strategy asap, everything as submitted",
        other => other,
    }
}

/// What a value is of: `1 MW mean more of contract wind`.
pub fn more(shown: &Shown<'_>, value: &Value) -> String {
    let of = match value.kind {
        ValueKind::Contract => shown.contract(&value.of.as_str().into()).to_string(),
        ValueKind::Connection => shown.site(&value.of.as_str().into()).to_string(),
        ValueKind::Storage | ValueKind::Slack => value.of.clone(),
    };
    format!("{} {} more of {} {of}", value.added, value.unit, value.kind)
}

/// What that is worth: money saved over the horizon.
pub fn worth(saved: f64, currency: &str) -> String {
    match saved {
        saved if saved >= 0.005 => format!("{saved:.2} {currency}"),
        saved if saved <= -0.005 => format!("nothing: it costs {:.2} {currency}", -saved),
        _ => "nothing".into(),
    }
}

/// What a plan costs beside the work as submitted; `more` is money, in the currency.
pub fn saving(more: f64, currency: &str) -> String {
    match more {
        more if more <= -0.005 => format!("saves {:.2} {currency}", -more),
        more if more >= 0.005 => format!("costs {more:.2} {currency} more"),
        _ => "costs the same".into(),
    }
}

/// Shares below this come from rounding in the solver, not from the plan.
const NOISE: f64 = 1e-9;

/// A lost share of training tokens, never shown smaller than it is: `0.25 %`, `less than 0.01 %`; nothing where none is lost.
pub fn lost_share(share: f64) -> Option<String> {
    match share {
        share if share <= NOISE => None,
        share if share < 1e-4 => Some("less than 0.01 %".into()),
        share => Some(format!("{:.2} %", (share * 1e4 - 1e-6).ceil() / 100.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_sentence_have_groups() {
        assert_eq!(grouped("saves 1393175.78 USD"), "saves 1,393,175.78 USD");
        assert_eq!(grouped("-172836.91 USD, +2.12 points"), "-172,836.91 USD, +2.12 points");
        assert_eq!(grouped("from 2026-03-01 on: 154"), "from 2026-03-01 on: 154");
    }

    #[test]
    fn a_loss_is_never_shown_smaller_than_it_is() {
        let cases = [
            (-0.1, None),
            (0.0, None),
            (1e-12, None),
            (1e-7, Some("less than 0.01 %")),
            (1e-4, Some("0.01 %")),
            (0.00254, Some("0.26 %")),
            (0.25, Some("25.00 %")),
        ];
        for (share, said) in cases {
            assert_eq!(lost_share(share).as_deref(), said, "{share}");
        }
    }

    #[test]
    fn money_has_its_sign_said() {
        assert_eq!(saving(-95.651, "USD"), "saves 95.65 USD");
        assert_eq!(saving(3.0, "EUR"), "costs 3.00 EUR more");
        assert_eq!(saving(-0.001, "EUR"), "costs the same");
    }
}
