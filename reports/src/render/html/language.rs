//! How numbers and dates are written on the page. Texts stay English in every language.

use crate::time::Zone;
use chrono::{Datelike, NaiveDate};

/// Whose way of writing numbers and dates the page follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    En,
    De,
    Fr,
    Es,
}

/// Names in order, with blanks between them.
struct Names {
    months: &'static str,
    short: &'static str,
    weekdays: &'static str,
}

static EN: Names = Names {
    months: "January February March April May June July August September October November December",
    short: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    weekdays: "Mon Tue Wed Thu Fri Sat Sun",
};

static DE: Names = Names {
    months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    short: "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    weekdays: "Mo. Di. Mi. Do. Fr. Sa. So.",
};

static FR: Names = Names {
    months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    short: "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    weekdays: "lun. mar. mer. jeu. ven. sam. dim.",
};

static ES: Names = Names {
    months: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    short: "ene feb mar abr may jun jul ago sept oct nov dic",
    weekdays: "lun mar mié jue vie sáb dom",
};

/// The name at a place of a list.
fn nth(names: &'static str, index: u32) -> &'static str {
    names.split(' ').nth(index as usize).unwrap_or_default()
}

impl Language {
    pub const ALL: [Self; 4] = [Self::En, Self::De, Self::Fr, Self::Es];

    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == text)
    }

    /// Whose way of writing it is, for the note on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "German",
            Self::Fr => "French",
            Self::Es => "Spanish",
        }
    }

    /// `lang` of the page: English text, so that it is read aloud as such, with that region's numbers and dates.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "en-DE",
            Self::Fr => "en-FR",
            Self::Es => "en-ES",
        }
    }

    fn names(self) -> &'static Names {
        match self {
            Self::En => &EN,
            Self::De => &DE,
            Self::Fr => &FR,
            Self::Es => &ES,
        }
    }

    fn point(self) -> char {
        if self == Self::En { '.' } else { ',' }
    }

    fn group(self) -> char {
        match self {
            Self::En => ',',
            Self::De | Self::Es => '.',
            Self::Fr => '\u{202f}',
        }
    }

    /// `1234567` as `1,234,567`.
    pub fn integer(self, value: i128) -> String {
        let digits = value.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() * 2 + 1);
        if value < 0 {
            text.push('-');
        }
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(self.group());
            }
            text.push(digit);
        }
        text
    }

    /// A count as `8,760`.
    pub fn count(self, value: usize) -> String {
        self.integer(i128::try_from(value).unwrap_or(i128::MAX))
    }

    /// `units / 10^decimals`.
    pub fn units(self, units: i128, decimals: u32) -> String {
        let one = 10_u128.pow(decimals);
        let (whole, part) = (units.unsigned_abs() / one, units.unsigned_abs() % one);
        let sign = if units < 0 { "-" } else { "" };
        let whole = self.integer(i128::try_from(whole).unwrap_or(i128::MAX));
        match decimals {
            0 => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}{}{part:0width$}", self.point(), width = decimals as usize),
        }
    }

    /// The size of a number of a chart, with so many decimals.
    pub fn float(self, value: f64, decimals: usize) -> String {
        self.decimal(&format!("{:.decimals$}", value.abs()))
    }

    /// A plain decimal such as `1234.5`; anything else as it stands.
    pub fn decimal(self, text: &str) -> String {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        match whole.parse::<i128>() {
            Ok(number) if digits(whole) && digits(part) => match part {
                "" => self.integer(number),
                _ => format!("{}{}{part}", self.integer(number), self.point()),
            },
            _ => text.to_string(),
        }
    }

    /// A decimal with its unit, such as `900.000 g/kWh`.
    pub fn measure(self, text: &str) -> String {
        match text.split_once(' ') {
            Some((number, unit)) => format!("{} {unit}", self.decimal(number)),
            None => self.decimal(text),
        }
    }

    pub fn short_month(self, date: NaiveDate) -> &'static str {
        nth(self.names().short, date.month0())
    }

    fn month(self, date: NaiveDate) -> &'static str {
        nth(self.names().months, date.month0())
    }

    pub fn weekday(self, date: NaiveDate) -> &'static str {
        nth(self.names().weekdays, date.weekday().num_days_from_monday())
    }

    /// `1 January 2022`.
    pub fn date(self, date: NaiveDate) -> String {
        let (day, month, year) = (date.day(), self.month(date), date.year());
        match self {
            Self::De => format!("{day}. {month} {year}"),
            Self::Fr if day == 1 => format!("1er {month} {year}"),
            Self::Es => format!("{day} de {month} de {year}"),
            Self::En | Self::Fr => format!("{day} {month} {year}"),
        }
    }

    /// `1 Jan`.
    pub fn day_month(self, date: NaiveDate) -> String {
        let stop = if self == Self::De { "." } else { "" };
        format!("{}{stop} {}", date.day(), self.short_month(date))
    }

    /// `January 2022`.
    pub fn month_year(self, date: NaiveDate) -> String {
        let of = if self == Self::Es { " de" } else { "" };
        format!("{}{of} {}", self.month(date), date.year())
    }

    /// `2022-01-01`, `01.01.2022` or `01/01/2022`.
    pub fn numeric_date(self, date: NaiveDate) -> String {
        let form = match self {
            Self::En => "%Y-%m-%d",
            Self::De => "%d.%m.%Y",
            Self::Fr | Self::Es => "%d/%m/%Y",
        };
        date.format(form).to_string()
    }

    /// `2026-03-29 01:30 +01:00`, the local time of an instant.
    pub fn label(self, zone: Zone, instant_s: i64) -> String {
        let label = zone.label(instant_s);
        match label.split_once(' ') {
            Some((_, time)) => format!("{} {time}", self.numeric_date(zone.date(instant_s))),
            None => label,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_follow_the_language() {
        let date: NaiveDate = "2022-03-01".parse().expect("date");
        let texts = Language::ALL.map(|l| (l.units(1_234_567, 2), l.date(date), l.numeric_date(date)));
        let expected = [
            ("12,345.67", "1 March 2022", "2022-03-01"),
            ("12.345,67", "1. März 2022", "01.03.2022"),
            ("12\u{202f}345,67", "1er mars 2022", "01/03/2022"),
            ("12.345,67", "1 de marzo de 2022", "01/03/2022"),
        ];
        for ((units, long, short), (a, b, c)) in texts.iter().zip(expected) {
            assert_eq!((units.as_str(), long.as_str(), short.as_str()), (a, b, c));
        }
        assert_eq!(Language::De.measure("900.250 g/kWh"), "900,250 g/kWh");
        assert_eq!(Language::De.measure("by interval"), "by interval");
        assert_eq!(Language::De.label(Zone::UTC, 0), "01.01.1970 00:00 +00:00");
        assert_eq!(Language::En.label(Zone::UTC, 0), Zone::UTC.label(0));
    }

    #[test]
    fn codes_parse_to_themselves() {
        for language in Language::ALL {
            assert_eq!(Language::parse(language.code()), Some(language));
        }
        assert_eq!(Language::parse("EN"), None);
        assert_eq!(Language::default(), Language::En);
    }
}
