//! Exact decimals and the units readings come in.
//!
//! Base units: energy Wh, intensity mg/kWh, share 1e-18, price 1e-6 currency per MWh, counts 1.
//! A value is rounded once, on its way into the base unit; after that integers add.

use crate::named::named;
use crate::text::{clip, json_as_text};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub const WH_PER_MWH: i64 = 1_000_000;
/// One whole, in the base unit of shares.
pub const SHARE_ONE: i64 = 1_000_000_000_000_000_000;
pub const MICRO: i64 = 1_000_000;

#[derive(Debug, Error, PartialEq, Eq, Clone)]
pub enum UnitError {
    #[error("`{0}` is not a decimal number")]
    NotANumber(String),
    #[error("`{0}` is not a share with six decimals, such as 0.633570")]
    NotAShare(String),
    #[error("`{0}` is too large or too fine to be held exactly")]
    OutOfRange(String),
    #[error(
        "unknown unit `{0}`; use Wh kWh MWh, W kW MW, mg/kWh g/kWh kg/MWh t/MWh lb/MWh, share, percent, currency/MWh \
         or such as USD/MWh, gpus, ratio, C"
    )]
    UnknownUnit(String),
    #[error("unit `{unit}` measures {measures}, but this series holds {wanted}")]
    WrongQuantity { unit: &'static str, measures: &'static str, wanted: &'static str },
    #[error("a share lies between 0 and 1 (0 and 100 percent)")]
    ShareOutOfRange,
}

/// A decimal as written: `mantissa * 10^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    mantissa: i128,
    exponent: i32,
}

impl Decimal {
    /// Parses `-12.5`, `1e3`, `.5`. NaN, infinities, blanks and anything past 30 digits are refused.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let bad = || UnitError::NotANumber(clip(text));
        let (body, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().map_err(|_| bad())?),
            None => (text, 0),
        };
        let (negative, digits) = match body.as_bytes().first() {
            Some(b'-') => (true, &body[1..]),
            Some(b'+') => (false, &body[1..]),
            _ => (false, body),
        };
        let (mut mantissa, mut scale, mut seen, mut point) = (0_i128, 0_i32, 0_u32, false);
        for byte in digits.bytes() {
            match byte {
                b'0'..=b'9' => {
                    seen += 1;
                    if mantissa > 10_i128.pow(30) {
                        return Err(UnitError::OutOfRange(clip(text)));
                    }
                    mantissa = mantissa * 10 + i128::from(byte - b'0');
                    scale += i32::from(point);
                }
                b'.' if !point => point = true,
                _ => return Err(bad()),
            }
        }
        if seen == 0 {
            return Err(bad());
        }
        let exponent = exponent.checked_sub(scale).ok_or_else(|| UnitError::OutOfRange(clip(text)))?;
        Ok(Self { mantissa: if negative { -mantissa } else { mantissa }, exponent })
    }

    pub const ZERO: Self = Self { mantissa: 0, exponent: 0 };

    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The exact sum.
    ///
    /// # Errors
    /// Where it has too many digits.
    pub fn plus(self, other: Self) -> Result<Self, UnitError> {
        let over = || UnitError::OutOfRange(format!("{self} + {other}"));
        let exponent = self.exponent.min(other.exponent);
        let lifted = |of: Self| {
            let power = 10_i128.checked_pow(of.exponent.abs_diff(exponent))?;
            of.mantissa.checked_mul(power)
        };
        let mantissa = lifted(self).zip(lifted(other)).and_then(|(a, b)| a.checked_add(b)).ok_or_else(over)?;
        Ok(Self { mantissa, exponent })
    }

    /// The exact difference.
    ///
    /// # Errors
    /// Where it has too many digits.
    pub fn minus(self, other: Self) -> Result<Self, UnitError> {
        let negative = other.mantissa.checked_neg().ok_or_else(|| UnitError::OutOfRange(format!("-{other}")))?;
        self.plus(Self { mantissa: negative, exponent: other.exponent })
    }

    /// `self * numerator / denominator` as an integer, rounded as asked.
    pub fn scaled(self, numerator: i128, denominator: i128, round: Rounding) -> Result<i64, UnitError> {
        let over = || UnitError::OutOfRange(self.to_string());
        let mut top = self.mantissa.checked_mul(numerator).ok_or_else(over)?;
        let mut bottom = denominator;
        if top == 0 {
            return Ok(0);
        }
        let power = 10_i128.checked_pow(self.exponent.unsigned_abs()).ok_or_else(over)?;
        let scaled = if self.exponent >= 0 { &mut top } else { &mut bottom };
        *scaled = scaled.checked_mul(power).ok_or_else(over)?;
        round.divide(top, bottom).and_then(|v| i64::try_from(v).ok()).ok_or_else(over)
    }

    /// As people write it, `-12.5`; the other form of very large and very small ones.
    pub fn plain(self) -> String {
        let (sign, digits) = (if self.mantissa < 0 { "-" } else { "" }, self.mantissa.unsigned_abs().to_string());
        match self.exponent {
            0..=30 => format!("{sign}{digits}{}", "0".repeat(self.exponent.unsigned_abs() as usize)),
            -30..=-1 => {
                let places = self.exponent.unsigned_abs() as usize;
                let digits = format!("{digits:0>width$}", width = places + 1);
                let (whole, part) = digits.split_at(digits.len() - places);
                format!("{sign}{whole}.{part}")
            }
            _ => self.to_string(),
        }
    }
}

/// As it is parsed again: `1250e-2`.
impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}e{}", self.mantissa, self.exponent)
    }
}

named! {
    /// Load, import and charge round up, generation, export and discharge down; the rest to the nearest.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Rounding {
        Up = "up",
        Down = "down",
        Nearest = "to the nearest",
    }
}

impl Rounding {
    fn divide(self, top: i128, bottom: i128) -> Option<i128> {
        Some(match self {
            Self::Down => top.div_euclid(bottom),
            Self::Up => ceil_div(top, bottom),
            Self::Nearest => top.checked_mul(2)?.checked_add(bottom)?.div_euclid(bottom.checked_mul(2)?),
        })
    }
}

/// Quotient rounded towards plus infinity, for a positive divisor.
pub fn ceil_div(top: i128, bottom: i128) -> i128 {
    top.div_euclid(bottom) + i128::from(top.rem_euclid(bottom) != 0)
}

named! {
    /// What values measure, and the unit of stored ones, as written in packs.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Quantity with base_unit {
        Energy = "energy or power" => "Wh",
        Intensity = "a carbon intensity" => "mg/kWh",
        Share = "a share" => "1e-18",
        Price = "a price" => "1e-6/MWh",
        Count = "a count" => "1",
        Ratio = "a ratio" => "1e-6",
        Temperature = "a temperature" => "mC",
    }
}

/// A unit as written in a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    pub name: &'static str,
    pub quantity: Quantity,
    /// The currency of a price that names one, as `USD/MWh`: whoever takes it in holds it against the portfolio's.
    pub currency: Option<[u8; 3]>,
    numerator: i128,
    denominator: i128,
    power: bool,
}

const fn unit(name: &'static str, quantity: Quantity, numerator: i128, denominator: i128, power: bool) -> Unit {
    Unit { name, quantity, currency: None, numerator, denominator, power }
}

pub const UNITS: [Unit; 19] = [
    Unit::WH,
    Unit::KWH,
    Unit::MWH,
    Unit::W,
    unit("kW", Quantity::Energy, 1_000, 1, true),
    Unit::MW,
    unit("mg/kWh", Quantity::Intensity, 1, 1, false),
    Unit::G_PER_KWH,
    unit("kg/MWh", Quantity::Intensity, 1_000, 1, false),
    unit("t/MWh", Quantity::Intensity, 1_000_000, 1, false),
    Unit::LB_PER_MWH,
    unit("share", Quantity::Share, SHARE_ONE as i128, 1, false),
    Unit::PERCENT,
    unit("currency/MWh", Quantity::Price, MICRO as i128, 1, false),
    unit("gpus", Quantity::Count, 1, 1, false),
    unit("1", Quantity::Count, 1, 1, false),
    unit("count", Quantity::Count, 1, 1, false),
    unit("ratio", Quantity::Ratio, MICRO as i128, 1, false),
    Unit::CELSIUS,
];

/// What providers write after a mass: of carbon dioxide, or of its equivalent.
const OF_CARBON: [&str; 6] = ["CO2eq", "CO2e", "CO2", "CO\u{2082}eq", "CO\u{2082}e", "CO\u{2082}"];

/// An intensity as this table names it, `g/kWh` of `gCO2eq/kWh` and `lb/MWh` of `lbs CO2/MWh`.
fn plain(text: &str) -> Option<String> {
    let (mass, energy) = text.split_once('/')?;
    let mass = OF_CARBON.iter().find_map(|of| mass.strip_suffix(of)).unwrap_or(mass).trim_end();
    let mass = if mass == "lbs" { "lb" } else { mass };
    ["mg", "g", "kg", "t", "lb"].contains(&mass).then(|| format!("{mass}/{energy}"))
}

impl Unit {
    pub const WH: Self = unit("Wh", Quantity::Energy, 1, 1, false);
    pub const KWH: Self = unit("kWh", Quantity::Energy, 1_000, 1, false);
    pub const MWH: Self = unit("MWh", Quantity::Energy, 1_000_000, 1, false);
    pub const W: Self = unit("W", Quantity::Energy, 1, 1, true);
    pub const MW: Self = unit("MW", Quantity::Energy, 1_000_000, 1, true);
    pub const G_PER_KWH: Self = unit("g/kWh", Quantity::Intensity, 1_000, 1, false);
    /// 1 lb = 0.45359237 kg exactly, so 1 lb/MWh = 453.59237 mg/kWh.
    pub const LB_PER_MWH: Self = unit("lb/MWh", Quantity::Intensity, 45_359_237, 100_000, false);
    pub const PERCENT: Self = unit("percent", Quantity::Share, SHARE_ONE as i128, 100, false);
    pub const CELSIUS: Self = unit("C", Quantity::Temperature, 1_000, 1, false);

    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let code = text.strip_suffix("/MWh").and_then(|code| <[u8; 3]>::try_from(code.as_bytes()).ok());
        if let Some(code) = code.filter(|code| code.iter().all(u8::is_ascii_uppercase)) {
            return Ok(Self { currency: Some(code), ..unit("currency/MWh", Quantity::Price, MICRO as i128, 1, false) });
        }
        let known = |text: &str| UNITS.iter().find(|u| u.name == text).copied();
        known(text).or_else(|| known(&plain(text)?)).ok_or_else(|| UnitError::UnknownUnit(clip(text)))
    }

    /// What one of it is in the base unit, as a fraction, and whether that is for an hour of it.
    pub fn in_base(self) -> (i128, i128, bool) {
        (self.numerator, self.denominator, self.power)
    }

    /// Whether it counts over the time of its interval, as kW does.
    pub fn is_power(self) -> bool {
        self.power
    }

    /// The value in the base unit; power becomes energy over `duration_s`.
    pub fn to_base(self, value: Decimal, duration_s: i64, round: Rounding) -> Result<i64, UnitError> {
        let (seconds, hour) = if self.power { (i128::from(duration_s), 3_600) } else { (1, 1) };
        value.scaled(self.numerator * seconds, self.denominator * hour, round)
    }
}

/// The one pair that converts between metered Wh and planned MW.
pub fn wh_to_mw(wh: i64, duration_s: i64) -> f64 {
    wh as f64 * 3_600.0 / duration_s as f64 / WH_PER_MWH as f64
}

/// Planned MW over an interval as whole Wh, to the nearest; negative noise of a solver counts as 0.
pub fn mw_to_wh(mw: f64, duration_s: i64) -> i64 {
    let wh = mw * duration_s as f64 / 3_600.0 * WH_PER_MWH as f64;
    if wh.is_finite() { wh.round().clamp(0.0, i64::MAX as f64) as i64 } else { 0 }
}

/// A ratio floored to six decimals, `0.550000` in JSON and in words: display never rounds a score up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Floored(i128);

impl Floored {
    pub const ONE: Self = Self(MICRO as i128);

    /// `numerator / denominator`; none of nothing, or past what can be held.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let millionths = numerator.checked_mul(MICRO.into())?;
        (denominator > 0).then(|| Self(millionths.div_euclid(denominator)))
    }

    pub const fn from_millionths(millionths: i128) -> Self {
        Self(millionths)
    }

    pub const fn millionths(self) -> i128 {
        self.0
    }

    /// In hundredths of a percent, floored.
    pub const fn hundredths(self) -> i128 {
        self.0.div_euclid(100)
    }

    /// Reads it as it is written.
    ///
    /// # Errors
    /// Anything else, such as fewer decimals.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let read = text.split_once('.').filter(|(_, part)| part.len() == 6);
        let read = read.and_then(|(whole, part)| Some(Self(format!("{whole}{part}").parse().ok()?)));
        read.filter(|read| read.to_string() == text).ok_or_else(|| UnitError::NotAShare(clip(text)))
    }
}

impl std::fmt::Display for Floored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (one, size) = (u128::from(MICRO.unsigned_abs()), self.0.unsigned_abs());
        write!(f, "{}{}.{:06}", if self.0 < 0 { "-" } else { "" }, size / one, size % one)
    }
}

json_as_text!(Floored);

#[cfg(test)]
mod tests {
    use super::*;

    fn wh(text: &str, unit: &str, duration_s: i64, round: Rounding) -> Result<i64, UnitError> {
        Unit::parse(unit)?.to_base(Decimal::parse(text)?, duration_s, round)
    }

    #[test]
    fn decimals_are_exact() {
        // int(1.001 * 1e6) is 1000999 in binary floating point
        assert_eq!(wh("1.001", "MWh", 3600, Rounding::Down), Ok(1_001_000));
        assert_eq!(wh("0.3", "Wh", 900, Rounding::Up), Ok(1));
        assert_eq!(wh("0.3", "Wh", 900, Rounding::Down), Ok(0));
        assert_eq!(wh("100", "MW", 900, Rounding::Up), Ok(25_000_000));
        assert_eq!(wh("870", "lb/MWh", 300, Rounding::Up), Ok(394_626));
        assert_eq!(wh("91", "percent", 3600, Rounding::Nearest), Ok(910_000_000_000_000_000));
        assert_eq!(wh("-0.5", "Wh", 3600, Rounding::Down), Ok(-1));
    }

    #[test]
    fn intensities_are_read_as_providers_write_them() {
        for (written, unit) in [
            ("gCO2e/kWh", "g/kWh"),
            ("gCO\u{2082}eq/kWh", "g/kWh"),
            ("g CO2/kWh", "g/kWh"),
            ("kgCO2eq/MWh", "kg/MWh"),
            ("tCO2/MWh", "t/MWh"),
            ("lbs/MWh", "lb/MWh"),
            ("lbs CO2/MWh", "lb/MWh"),
        ] {
            assert_eq!(Unit::parse(written), Unit::parse(unit), "{written}");
        }
        for text in ["CO2/kWh", "gCO2", "gCO2/MWh", "stCO2/MWh", "gCO2eCO2/kWh"] {
            assert!(Unit::parse(text).is_err(), "{text} was taken");
        }
    }

    #[test]
    fn decimals_are_written_as_people_write_them() {
        for text in ["95", "-12.5", "0.007", "1000", "-0.5", "0"] {
            assert_eq!(Decimal::parse(text).map(Decimal::plain).as_deref(), Ok(text));
        }
        assert_eq!(Decimal::parse("1.5e3").map(Decimal::plain).as_deref(), Ok("1500"));
        assert_eq!(Decimal::parse(".25").map(Decimal::plain).as_deref(), Ok("0.25"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "NaN", "inf", "-", ".", "1,5", "1e400", "1e", "0x10", "1 000", "9223372036854775808"] {
            assert!(wh(text, "Wh", 3600, Rounding::Up).is_err(), "{text} was taken");
        }
    }

    #[test]
    fn scores_floor_for_display() {
        let shown = |numerator, denominator| Floored::new(numerator, denominator).map(|share| share.to_string());
        assert_eq!(shown(9_999_999, 10_000_000).as_deref(), Some("0.999999"));
        assert_eq!(shown(1, 1).as_deref(), Some("1.000000"));
        assert_eq!((shown(0, 0), Floored::new(9_999_999, 10_000_000).map(Floored::hundredths)), (None, Some(9_999)));
        for text in ["0.999999", "12.345678", "0.000000", "-0.181819", "-2.000000"] {
            assert_eq!(Floored::parse(text).map(|share| share.to_string()).as_deref(), Ok(text));
        }
        for text in [
            "",
            "1",
            "0.5",
            "00.500000",
            "-0.000000",
            "-.500000",
            ".500000",
            "+1.000000",
            "0.5000000",
            "not applicable",
        ] {
            assert!(Floored::parse(text).is_err(), "{text} was taken");
        }
    }
}
