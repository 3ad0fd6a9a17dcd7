//! How numbers and dates are written in reports, which are in English: `12,345.67`, `1 March 2022`, `2022-03-01`.

use crate::figures::{
    Cut, LITTLE, NOT_APPLICABLE, NOT_STATED, decimals, mass_decimals, plain_mwh, pointed, share_hundredths,
    share_hundredths_up,
};
use chrono::{Datelike, NaiveDate};
use reports::definitions::Fraction;
use reports::report::{FactorValue, Report};
use reports::time::{Instant, RecordTime, Zone};
use reports::units::{Floored, MICRO};

/// How Wh are shown as MWh throughout one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Energy {
    decimals: u32,
}

impl Energy {
    /// Decimals that suit the largest figure of the report.
    pub fn new(report: &Report) -> Self {
        Self::for_largest(report.portfolio.load_wh.max(report.portfolio.contracted_wh))
    }

    fn for_largest(wh: i128) -> Self {
        Self { decimals: decimals(wh) }
    }

    /// Load and unmatched energy: never shown smaller than it is.
    pub fn up(self, wh: i128) -> String {
        self.shown(wh, Cut::Up)
    }

    /// Matched and generated energy: never shown larger than it is.
    pub fn down(self, wh: i128) -> String {
        self.shown(wh, Cut::Down)
    }

    /// With a point and without groups, for programs and terminals.
    pub fn plain(self, wh: i128, cut: Cut) -> String {
        plain_mwh(wh, self.decimals, cut)
    }

    pub fn shown(self, wh: i128, cut: Cut) -> String {
        units(cut.units(wh, self.decimals), self.decimals)
    }

    /// What lies between two figures as shown.
    pub fn change(self, before: i128, after: i128, cut: Cut) -> String {
        self.between((before, cut), (after, cut))
    }

    /// The same of figures that are cut differently.
    pub fn between(self, (before, from): (i128, Cut), (after, to): (i128, Cut)) -> String {
        let change = to.units(after, self.decimals) - from.units(before, self.decimals);
        signed(change, units(change, self.decimals))
    }
}

/// A change with its sign.
pub fn signed(value: i128, text: String) -> String {
    if value > 0 { format!("+{text}") } else { text }
}

/// A distance between two shares, in hundredths of a percent.
pub fn points(hundredths: i128) -> String {
    format!("{} points", units(hundredths, 2))
}

/// The same as a change.
pub fn points_changed(hundredths: i128) -> String {
    signed(hundredths, points(hundredths))
}

/// What was stated, or that it was not.
pub fn stated(value: Option<&String>) -> String {
    value.filter(|text| !text.is_empty()).cloned().unwrap_or_else(|| NOT_STATED.to_string())
}

/// `1234567` as `1,234,567`.
pub fn integer(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 2 + 1);
    if value < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count as `8,760`.
pub fn count(value: usize) -> String {
    integer(i128::try_from(value).unwrap_or(i128::MAX))
}

/// `units / 10^decimals`.
pub fn units(units: i128, decimals: u32) -> String {
    pointed(units, decimals, |whole| integer(i128::try_from(whole).unwrap_or(i128::MAX)))
}

/// The size of a number of a chart, with so many decimals.
pub fn float(value: f64, decimals: usize) -> String {
    decimal(&format!("{:.decimals$}", value.abs()))
}

/// A plain decimal such as `1234.5`; anything else as it stands.
pub fn decimal(text: &str) -> String {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    match whole.parse::<i128>() {
        Ok(number) if digits(whole) && digits(part) => match part {
            "" => integer(number),
            _ => format!("{}.{part}", integer(number)),
        },
        _ => text.to_string(),
    }
}

/// The value of a factor, such as `900.000 g/kWh`.
pub fn factor(value: FactorValue) -> String {
    match value {
        FactorValue::MgPerKwh(mg) => format!("{} g/kWh", units(mg.into(), 3)),
        by_interval => by_interval.to_string(),
    }
}

/// Whole grams as tonnes for a card: with as many decimals as tell something, cut upwards.
pub fn tonnes_in_short(grams: i128) -> String {
    let decimals = mass_decimals(grams);
    units(Cut::Up.units(grams, decimals), decimals)
}

/// Whole grams as tonnes, cut upwards.
pub fn tonnes(grams: i128) -> String {
    units(Cut::Up.units(grams, 3), 3)
}

/// Hundredths of a percent as a percentage.
pub fn percent_of(hundredths: i128) -> String {
    format!("{} %", units(hundredths, 2))
}

/// A score of the report as a floored percentage.
pub fn percent(score: Floored) -> String {
    percent_of(score.hundredths())
}

/// A score with all its six decimals, as a percentage with four.
pub fn score(score: Floored) -> String {
    format!("{} %", units(score.millionths(), 4))
}

/// `part / whole`, floored.
pub fn share(part: i128, whole: i128) -> String {
    share_hundredths(part, whole).map_or_else(|| NOT_APPLICABLE.to_string(), percent_of)
}

/// The same rounded up, of a part that is never shown smaller than it is.
pub fn share_up(part: i128, whole: i128) -> String {
    share_hundredths_up(part, whole).map_or_else(|| NOT_APPLICABLE.to_string(), percent_of)
}

/// What of a site's load nobody metered: a floored share would hide a little of it.
pub fn estimated(share: Option<Floored>) -> String {
    share.filter(|share| share.millionths() != 0).map_or_else(|| "none".to_string(), of_some)
}

/// A share of what there is some of: floored to nothing it would say that there is none.
pub fn of_some(share: Floored) -> String {
    match share.hundredths() {
        0 => LITTLE.to_string(),
        hundredths => percent_of(hundredths),
    }
}

/// A stated part such as 1/200 as `0.5 %`; one that has no end as it stands.
pub fn part(part: Fraction) -> String {
    match i128::from(part.numerator) * 100_000_000 {
        top if top % i128::from(part.denominator) == 0 => {
            let (mut value, mut decimals) = (top / i128::from(part.denominator), 6);
            while decimals > 0 && value % 10 == 0 {
                (value, decimals) = (value / 10, decimals - 1);
            }
            format!("{} %", units(value, decimals))
        }
        _ => part.to_string(),
    }
}

/// The same of a part that is stated with six decimals.
pub fn part_of_six(six: Floored) -> String {
    part(Fraction { numerator: i64::try_from(six.millionths()).unwrap_or(i64::MAX), denominator: MICRO })
}

/// `Jan`.
pub fn short_month(date: NaiveDate) -> String {
    date.format("%b").to_string()
}

/// `1 January 2022`.
pub fn date(date: NaiveDate) -> String {
    format!("{} {}", date.day(), month_year(date))
}

/// `1 Jan`.
pub fn day_month(date: NaiveDate) -> String {
    format!("{} {}", date.day(), short_month(date))
}

/// `January 2022`.
pub fn month_year(date: NaiveDate) -> String {
    format!("{} {}", date.format("%B"), date.year())
}

/// `2026-03-29 00:00` of an instant in UTC on the minute; any other as documents have it.
pub fn minute(instant: Instant) -> String {
    match instant.is_on(60) {
        true => Zone::UTC.at(instant).format("%Y-%m-%d %H:%M").to_string(),
        false => instant.to_string(),
    }
}

/// `2026-03-29 00:00:00.000001` of a record time, without a fraction that is zero.
pub fn recorded(time: RecordTime) -> String {
    let text = time.to_string().replacen('T', " ", 1);
    let text = text.trim_end_matches('Z');
    text.strip_suffix(".000000").unwrap_or(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_as_in_english() {
        let of = |text: &str| text.parse::<NaiveDate>().expect("date");
        assert_eq!(date(of("2022-03-01")), "1 March 2022");
        assert_eq!(day_month(of("2022-12-31")), "31 Dec");
        assert_eq!(month_year(of("2022-05-01")), "May 2022");
        assert_eq!(factor(FactorValue::MgPerKwh(900_250)), "900.250 g/kWh");
        assert_eq!(factor(FactorValue::MgPerKwh(1_234_500)), "1,234.500 g/kWh");
        assert_eq!(factor(FactorValue::ByInterval), "by interval");
        let at = Instant::parse("2026-03-29T00:15:00Z").expect("an instant");
        assert_eq!((minute(at), minute(at + 7)), ("2026-03-29 00:15".into(), "2026-03-29T00:15:07Z".into()));
        assert_eq!(recorded((at + 7).into()), "2026-03-29 00:15:07");
        assert_eq!(recorded(RecordTime::from(at + 7).plus_micros(1)), "2026-03-29 00:15:07.000001");
    }

    #[test]
    fn integers_carry_every_figure() {
        assert_eq!(integer(621_614_820_350), "621,614,820,350");
        assert_eq!((integer(0), integer(-1_000)), ("0".into(), "-1,000".into()));
        assert_eq!(units(1_234_567, 2), "12,345.67");
        assert_eq!(units(Cut::Down.units(621_614_820_350, 3), 3), "621,614.820");
        assert_eq!(units(Cut::Up.units(621_614_820_350, 3), 3), "621,614.821");
        assert_eq!(units(Cut::Down.units(1_999_999, 0), 0), "1");
        assert_eq!(units(Cut::Down.units(1, 6), 6), "0.000001");
        assert_eq!([26_809_374_295, 912_345_678, 613].map(tonnes_in_short), ["26,810", "912.4", "0.001"]);
    }

    #[test]
    fn energy_is_shown_with_as_many_decimals_as_suit_the_largest() {
        let most = i128::from(i64::MAX);
        assert_eq!(Energy::for_largest(most).up(most), "9,223,372,036,854.8");
        assert_eq!(Energy::for_largest(20_000_000).change(2_000_001, 1_000_000, Cut::Up), "-1.001");
        assert_eq!((points(2_900), points_changed(-5)), ("29.00 points".into(), "-0.05 points".into()));
        assert_eq!(points_changed(110), "+1.10 points");
    }

    #[test]
    fn shares_are_floored_and_never_made_whole() {
        let six = Floored::from_millionths;
        assert_eq!(percent(six(999_999)), "99.99 %");
        assert_eq!(percent(six(550_000)), "55.00 %");
        assert_eq!(percent(six(12_345_678)), "1,234.56 %");
        assert_eq!(percent(six(1_000_000)), "100.00 %");
        assert_eq!(share(0, 0), NOT_APPLICABLE);
        assert_eq!(share(9_999_999, 10_000_000), "99.99 %");
        assert_eq!((share_up(1, 3), share(2, 3)), ("33.34 %".into(), "66.66 %".into()));
        assert_eq!(score(six(999_999)), "99.9999 %");
    }

    #[test]
    fn a_little_of_a_share_is_told_from_nothing() {
        let six = Floored::from_millionths;
        assert_eq!((estimated(None), estimated(Some(six(0)))), ("none".into(), "none".into()));
        assert_eq!((estimated(Some(six(20))), estimated(Some(six(125_000)))), (LITTLE.into(), "12.50 %".into()));
        assert_eq!(of_some(six(0)), LITTLE);
        assert_eq!((of_some(six(99)), of_some(six(100))), (LITTLE.into(), "0.01 %".into()));
    }

    #[test]
    fn stated_parts_are_exact_or_as_they_stand() {
        for (text, shown) in [("0.005", "0.5 %"), ("1/200", "0.5 %"), ("1.000000", "100 %"), ("1/3", "1/3")] {
            assert_eq!(part(Fraction::parse(text).expect("a part")), shown);
        }
        let six = [5_000, 1_000_000, 0, 333_333].map(|millionths| part_of_six(Floored::from_millionths(millionths)));
        assert_eq!(six, ["0.5 %", "100 %", "0 %", "33.3333 %"]);
    }
}
