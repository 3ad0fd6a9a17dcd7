//! Whether a figure worked out on the sheets is the audited one: as a formula, and here for its cached result.
//!
//! Audited scores are floored to six decimals, so the live one lies in the millionth above; floating point gets a
//! thousandth of a millionth on either side.

use reports::units::Floored;

/// What a check says.
pub(super) fn verdict(agrees: bool) -> &'static str {
    if agrees { "agrees" } else { "differs" }
}

/// Both cells hold integers.
pub(super) fn integer_check(live: &str, audited: &str) -> String {
    format!("=IF({live}={audited},\"agrees\",\"differs\")")
}

/// `audited` is an expression for whole millionths.
pub(super) fn share_check(live: &str, audited: &str) -> String {
    let over = format!("{live}*1000000-{audited}");
    format!("=IF(AND({over}>-0.001,{over}<1.001),\"agrees\",\"differs\")")
}

pub(super) fn share_agrees(live: f64, audited: Floored) -> bool {
    let over = live * 1_000_000.0 - audited.millionths() as f64;
    over > -0.001 && over < 1.001
}

/// A score's text as millionths, by a formula that reads it the same in every locale.
pub(super) fn millionths_of(cell: &str) -> String {
    format!("SUBSTITUTE({cell},\".\",\"\")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floored_score_agrees_with_what_it_was_floored_from_and_nothing_else() {
        let thirds = Floored::from_millionths(333_333);
        assert!(share_agrees(1.0 / 3.0, thirds));
        assert!(!share_agrees(0.333_332, thirds) && !share_agrees(0.333_335, thirds));
        assert!(share_agrees(366.0 / 600.0, Floored::from_millionths(610_000)));
    }
}
