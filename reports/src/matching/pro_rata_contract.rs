//! Fixed parts of the supply, `floor(part * supply)`; what a site cannot use of its part is surplus, not offered again.
//!
//! Where the parts together come to more whole Wh than their floors, the leftover Wh go by largest remainder over the
//! whole split: parts that add up to 1 leave nothing over. 2 084 at 1/2, 1/4, 1/5 are 1 042, 521 and 416; 105 are surplus.

use crate::definitions::Fraction;
use crate::ruleset::Leftovers;
use crate::shares::largest_remainder;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

pub fn split<T: Ord>(supply: i64, needs: &[i64], parts: &[Fraction], ids: &[T], leftovers: Leftovers) -> Vec<i64> {
    let portions = match leftovers {
        Leftovers::Step => of_the_parts(supply, parts, ids),
        Leftovers::Split => of_the_whole(supply, parts, ids),
    };
    needs.iter().enumerate().map(|(i, need)| portions.get(i).copied().unwrap_or(0).min(*need)).collect()
}

/// Floors of each part, then the Wh that the parts come to beyond them.
fn of_the_whole<T: Ord>(supply: i64, parts: &[Fraction], ids: &[T]) -> Vec<i64> {
    let mut portions: Vec<i64> = parts.iter().map(|part| part.floor_of(supply)).collect();
    // What each floor cut off, as the numerator over its part's denominator.
    let cut = |part: &Fraction| {
        let (top, bottom) = (i128::from(part.numerator) * i128::from(supply), i128::from(part.denominator));
        (top % bottom, bottom)
    };
    let rests: Vec<(i128, i128)> = parts.iter().map(cut).collect();
    let mut left = whole_of(&rests);
    let mut places: Vec<usize> = (0..portions.len()).collect();
    // Both are below 2^63, so that their products fit.
    places.sort_by(|a, b| {
        let (x, y) = (rests[*a], rests[*b]);
        (y.0 * x.1).cmp(&(x.0 * y.1)).then_with(|| ids[*a].cmp(&ids[*b]))
    });
    for place in places {
        if left == 0 {
            break;
        }
        portions[place] += 1;
        left -= 1;
    }
    portions
}

/// The whole Wh in a sum of fractions: in integers over their common denominator, where that is small enough to hold.
fn whole_of(rests: &[(i128, i128)]) -> i64 {
    let over_one = || -> Option<i128> {
        let mut whole = 1_i128;
        for (_, bottom) in rests {
            whole = whole.checked_mul(bottom / crate::definitions::gcd_wide(whole, *bottom))?;
        }
        let term = |(top, bottom): &(i128, i128)| top.checked_mul(whole / bottom);
        let sum = rests.iter().try_fold(0_i128, |sum, rest| sum.checked_add(term(rest)?))?;
        Some(sum / whole)
    };
    let exactly = || {
        let term = |(top, bottom): &(i128, i128)| BigRational::new(BigInt::from(*top), BigInt::from(*bottom));
        rests.iter().map(term).fold(BigRational::zero(), |sum, term| sum + term).to_integer().to_i128()
    };
    over_one().or_else(exactly).and_then(|whole| i64::try_from(whole).ok()).unwrap_or(0)
}

/// All Wh that the parts come to together, in proportion to them.
fn of_the_parts<T: Ord>(supply: i64, parts: &[Fraction], ids: &[T]) -> Vec<i64> {
    match weights(parts) {
        Some((weights, whole)) => {
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            let shared = i128::from(supply) * sum / i128::from(whole);
            largest_remainder(i64::try_from(shared).unwrap_or(0), &weights, ids)
        }
        // Denominators too large for a common one: every part floors by itself.
        None => parts.iter().map(|part| part.floor_of(supply)).collect(),
    }
}

/// The parts over a common denominator.
fn weights(parts: &[Fraction]) -> Option<(Vec<i64>, i64)> {
    let mut whole = 1_i64;
    for part in parts {
        let shared = crate::definitions::gcd_wide(whole.into(), part.denominator.into());
        whole = whole.checked_mul(part.denominator / i64::try_from(shared).ok()?)?;
    }
    let scaled = |part: &Fraction| part.numerator.checked_mul(whole / part.denominator);
    Some((parts.iter().map(scaled).collect::<Option<Vec<_>>>()?, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["a", "b", "c", "d"];

    fn parts<const N: usize>(texts: [&str; N]) -> [Fraction; N] {
        texts.map(|text| Fraction::parse(text).expect("fraction"))
    }

    #[test]
    fn an_unused_part_is_not_offered_again() {
        for leftovers in [Leftovers::Step, Leftovers::Split] {
            let of = |supply, needs: &[i64], parts: &[Fraction]| split(supply, needs, parts, &NAMES, leftovers);
            assert_eq!(of(100, &[10, 100], &parts(["3/5", "2/5"])), [10, 40]);
            assert_eq!(of(101, &[100, 100], &parts(["3/5", "2/5"])), [61, 40]);
            assert_eq!(of(101, &[100], &parts(["1/2"])), [50]);
        }
    }

    #[test]
    fn each_part_is_a_part_of_the_supply() {
        let needs = [5_000; 3];
        let of = |supply, texts, leftovers| split(supply, &needs, &parts::<3>(texts), &NAMES, leftovers);
        // Together they come to 1979.8: no Wh is left over by the floors of 1042, 521 and 416.8.
        assert_eq!(of(2_084, ["1/2", "1/4", "1/5"], Leftovers::Split), [1_042, 521, 416]);
        assert_eq!(of(2_084, ["1/2", "1/4", "1/5"], Leftovers::Step), [1_041, 521, 417]);
        // 1044.5, 522.25, 417.8 come to 1984.55: one Wh is left over, and goes to the last.
        assert_eq!(of(2_089, ["1/2", "1/4", "1/5"], Leftovers::Split), [1_044, 522, 418]);
        assert_eq!(of(1_000, ["1/3", "1/3", "1/3"], Leftovers::Split), [334, 333, 333]);
        assert_eq!(of(0, ["1/2", "1/4", "1/5"], Leftovers::Split), [0, 0, 0]);
    }

    /// Three thirds less a little, whose common denominator takes more than 128 bits.
    #[test]
    fn parts_of_any_denominator_are_exact() {
        let bottoms = [2_305_843_009_213_693_951, 2_305_843_009_213_693_921, 2_305_843_009_213_693_907];
        let fine = bottoms.map(|denominator| Fraction { numerator: 768_614_336_404_564_000, denominator });
        let found = split(i64::MAX, &[i64::MAX; 3], &fine, &NAMES, Leftovers::Split);
        let floors: Vec<i64> = fine.iter().map(|part| part.floor_of(i64::MAX)).collect();
        let left: i64 = found.iter().sum::<i64>() - floors.iter().sum::<i64>();
        let exact: BigRational = fine
            .iter()
            .map(|part| BigRational::new(part.numerator.into(), part.denominator.into()) * BigInt::from(i64::MAX))
            .fold(BigRational::zero(), |sum, part| sum + part);
        assert_eq!(BigInt::from(found.iter().map(|wh| i128::from(*wh)).sum::<i128>()), exact.to_integer());
        assert!((0..3).contains(&left));
    }
}
