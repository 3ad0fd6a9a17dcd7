//! How figures are cut for display, in one place for every format: load, unmatched energy and emissions are never shown
//! smaller than they are, supply never larger, and shares are floored.

use reports::report::Totals;
use reports::units::Floored;

pub const NOT_APPLICABLE: &str = "not applicable";
pub const NOT_SUPPLIED: &str = "not supplied";
pub const NOT_STATED: &str = "not stated";
pub const NOT_KNOWN: &str = "not known";

/// All load, in hundredths of a percent.
pub const WHOLE: i128 = 10_000;

/// Which way a figure is cut to the decimals shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Up,
    Down,
}

impl Cut {
    /// Millionths as whole units of so many decimals, at most six.
    pub fn units(self, millionths: i128, decimals: u32) -> i128 {
        let step = 10_i128.pow(6 - decimals.min(6));
        let more = self == Self::Up && millionths.rem_euclid(step) != 0;
        millionths.div_euclid(step) + i128::from(more)
    }
}

/// Decimals of a MWh that suit the largest figure of a report.
pub fn decimals(largest_wh: i128) -> u32 {
    match largest_wh.unsigned_abs() {
        0..10_000_000 => 6,
        10_000_000..100_000_000_000 => 3,
        _ => 1,
    }
}

/// Decimals of tonnes that a reader can take in; the exact grams stand beside or in a table.
pub fn mass_decimals(grams: i128) -> u32 {
    match grams.unsigned_abs() {
        0..10_000_000 => 3,
        10_000_000..1_000_000_000 => 1,
        _ => 0,
    }
}

/// Wh as MWh with a point and without groups, `1234.567`.
pub fn plain_mwh(wh: i128, decimals: u32, cut: Cut) -> String {
    let decimals = decimals.min(6);
    pointed(cut.units(wh, decimals), decimals, |whole| whole.to_string())
}

/// `units / 10^decimals`; `shown` writes what stands before the point.
pub fn pointed(units: i128, decimals: u32, shown: impl Fn(u128) -> String) -> String {
    let one = 10_u128.pow(decimals);
    let (whole, part) = (shown(units.unsigned_abs() / one), units.unsigned_abs() % one);
    let sign = if units < 0 { "-" } else { "" };
    match decimals {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:0width$}", width = decimals as usize),
    }
}

/// A sentence with its integers written as `shown` writes them.
pub fn with_figures(sentence: &str, shown: impl Fn(i128) -> String) -> String {
    let word = |word: &str| match word.parse::<i128>() {
        Ok(value) if word.bytes().all(|byte| byte.is_ascii_digit()) => shown(value),
        _ => word.to_string(),
    };
    sentence.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A share of matched energy: a whole only where nothing is unmatched.
pub fn of_matched(share: Floored, unmatched_wh: i128) -> Floored {
    if unmatched_wh > 0 { share.min(Floored::from_millionths(999_999)) } else { share }
}

/// The matched share; none without load.
pub fn matched_share(totals: &Totals) -> Option<Floored> {
    totals.matched_share.map(|share| of_matched(share, totals.unmatched_wh))
}

/// `part / whole` in hundredths of a percent, floored; none without a whole.
pub fn share_hundredths(part: i128, whole: i128) -> Option<i128> {
    Floored::new(part, whole).map(Floored::hundredths)
}

/// The same of a part that is never shown smaller than it is: with the floored share of the rest it makes 100 %.
pub fn share_hundredths_up(part: i128, whole: i128) -> Option<i128> {
    share_hundredths(whole - part, whole).map(|rest| WHOLE - rest)
}

/// In place of a CFE score that is null: it lacks where the grid's share was never supplied, any other only without load.
pub fn without_cfe_score(totals: &Totals) -> &'static str {
    if totals.load_wh != 0 { NOT_SUPPLIED } else { NOT_APPLICABLE }
}

/// Said where there is less than a share can show.
pub const LITTLE: &str = "below 0.01 %";

/// Own generation that is not carbon-free, where there is any.
pub fn own_generation(totals: &Totals) -> Option<i128> {
    totals.scope_1_wh.filter(|wh| *wh > 0)
}

/// What inventories weigh, where it is another than the metered load.
pub fn purchased(totals: &Totals) -> Option<i128> {
    totals.purchased_wh.filter(|wh| *wh != totals.metered_load_wh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_sentence_are_written_as_all_others() {
        let shown = |wh: i128| format!("<{wh}>");
        let claim = "claimable for 70961234 of 90000000 Wh: certificates of 2026-03 are not cancelled";
        let written = "claimable for <70961234> of <90000000> Wh: certificates of 2026-03 are not cancelled";
        assert_eq!(with_figures(claim, shown), written);
        assert_eq!(with_figures("", shown), "");
    }

    #[test]
    fn what_is_used_is_cut_up_and_what_is_supplied_down() {
        assert_eq!(plain_mwh(621_614_820_350, 1, Cut::Down), "621614.8");
        assert_eq!(plain_mwh(621_614_820_350, 1, Cut::Up), "621614.9");
        assert_eq!((plain_mwh(1, 3, Cut::Up), plain_mwh(999, 3, Cut::Down)), ("0.001".into(), "0.000".into()));
        assert_eq!((plain_mwh(-1, 3, Cut::Up), plain_mwh(-1, 3, Cut::Down)), ("0.000".into(), "-0.001".into()));
        assert_eq!((decimals(9_999_999), decimals(10_000_000), decimals(100_000_000_000)), (6, 3, 1));
        assert_eq!([9_999_999, 10_000_000, -1_000_000_000].map(mass_decimals), [3, 1, 0]);
    }

    #[test]
    fn shares_are_floored_and_never_made_whole() {
        let hundredths = |unmatched_wh| of_matched(Floored::ONE, unmatched_wh).hundredths();
        assert_eq!((hundredths(1), hundredths(0)), (9_999, 10_000));
        assert_eq!((share_hundredths(9_999_999, 10_000_000), share_hundredths(1, 0)), (Some(9_999), None));
        let with = |load_wh: i128| Totals { load_wh, ..Totals::default() };
        assert_eq!(without_cfe_score(&with(1)), NOT_SUPPLIED);
        assert_eq!(without_cfe_score(&with(0)), NOT_APPLICABLE);
        for matched in [0, 1, 333_333, 5_094_321, 9_999_999, 10_000_000] {
            let [matched, rest] =
                [share_hundredths(matched, 10_000_000), share_hundredths_up(10_000_000 - matched, 10_000_000)];
            assert_eq!(matched.zip(rest).map(|(a, b)| a + b), Some(WHOLE), "as printed they add up");
        }
    }
}
