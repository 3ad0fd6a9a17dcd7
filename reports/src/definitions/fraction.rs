//! Exact fractions: shares of plants, fixed parts, loss factors.

use crate::text::{clip, json_as_text};
use num_bigint::BigInt;
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a share; write a fraction such as \"1/3\" or a decimal such as \"0.25\", between 0 and 1")]
pub struct FractionError(String);

/// An exact fraction between 0 and 1, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    pub numerator: i64,
    pub denominator: i64,
}

impl Fraction {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    pub fn parse(text: &str) -> Result<Self, FractionError> {
        let bad = || FractionError(clip(text));
        let (numerator, denominator) = match text.split_once('/') {
            Some((top, bottom)) => {
                (top.trim().parse::<i64>().map_err(|_| bad())?, bottom.trim().parse::<i64>().map_err(|_| bad())?)
            }
            None => {
                let (whole, part) = text.split_once('.').unwrap_or((text, ""));
                let digits = format!("{whole}{part}");
                if part.len() > 17 || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(bad());
                }
                (digits.parse().map_err(|_| bad())?, 10_i64.pow(part.len() as u32))
            }
        };
        if denominator <= 0 || numerator < 0 || numerator > denominator {
            return Err(bad());
        }
        Self::reduced(numerator.into(), denominator.into()).ok_or_else(bad)
    }

    fn reduced(top: i128, bottom: i128) -> Option<Self> {
        let divisor = gcd_wide(top, bottom);
        Some(Self { numerator: i64::try_from(top / divisor).ok()?, denominator: i64::try_from(bottom / divisor).ok()? })
    }

    /// The product, where it can be held exactly.
    pub fn times(self, other: Self) -> Option<Self> {
        let top = i128::from(self.numerator) * i128::from(other.numerator);
        let bottom = i128::from(self.denominator) * i128::from(other.denominator);
        Self::reduced(top, bottom)
    }

    /// `floor(self * value)`.
    pub fn floor_of(self, value: i64) -> i64 {
        let scaled = i128::from(value) * i128::from(self.numerator) / i128::from(self.denominator);
        i64::try_from(scaled).unwrap_or(value)
    }

    /// Whether these parts of one whole add up to more than it, exactly.
    pub fn sum_exceeds_one(parts: &[Self]) -> bool {
        let (mut top, mut bottom) = (BigInt::from(0), BigInt::from(1));
        for part in parts {
            // Never reduced: that would take longer than the longer numbers do.
            top = top * part.denominator + &bottom * part.numerator;
            bottom *= part.denominator;
        }
        top > bottom
    }
}

pub(crate) fn gcd_wide(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl std::fmt::Display for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

json_as_text!(Fraction);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_fractions() {
        let third = Fraction::parse("1/3").expect("fraction");
        assert_eq!(third.floor_of(1000), 333);
        assert!(!Fraction::sum_exceeds_one(&[third, third, third]));
        assert!(Fraction::sum_exceeds_one(&[third, third, third, Fraction::parse("0.001").expect("decimal")]));
        // In floats these add up to 1.
        let fine = |text: &str| Fraction::parse(text).expect("fraction");
        let (grain, dust) = (fine("0.00000000000000001"), fine("1/9223372036854775807"));
        assert!(Fraction::sum_exceeds_one(&[third, third, third, grain]));
        assert!(Fraction::sum_exceeds_one(&[third, third, third, dust]));
        let primes =
            ["1/9223372036854775783", "1/9223372036854775643", "1/9223372036854775549", "1/9223372036854775507"];
        let primes: Vec<Fraction> = primes.into_iter().map(fine).collect();
        let rest = fine("9223372036854775802/9223372036854775807");
        // 5/(2^63 - 1) is left of one; each 1/p is a little more than 1/(2^63 - 1). No 128 bits hold such a sum.
        assert!(!Fraction::sum_exceeds_one(&[&primes[..], &[rest]].concat()));
        assert!(Fraction::sum_exceeds_one(&[&primes[..], &[rest, dust, dust]].concat()));
        assert!(!Fraction::sum_exceeds_one(&[Fraction::ONE, Fraction::ZERO]));
        assert!(!Fraction::sum_exceeds_one(&[]));
        assert_eq!(Fraction::parse("0.5"), Fraction::parse("1/2"));
        for bad in ["3/2", "-1/2", "1/0", "", "abc", "1.1", "."] {
            assert!(Fraction::parse(bad).is_err(), "{bad}");
        }
    }
}
