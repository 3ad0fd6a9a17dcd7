//! Fixed parts of the supply; what a site cannot use of its part is surplus, not offered again.

use super::shares::largest_remainder;
use crate::definitions::Fraction;

pub fn split(supply: i64, needs: &[i64], parts: &[Fraction], ids: &[&str]) -> Vec<i64> {
    let portions = match weights(parts) {
        Some((weights, whole)) => {
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            let shared = i128::from(supply) * sum / i128::from(whole);
            largest_remainder(i64::try_from(shared).unwrap_or(0), &weights, ids)
        }
        // Denominators too large for a common one: every part floors by itself.
        None => parts.iter().map(|part| part.of(supply)).collect(),
    };
    needs.iter().enumerate().map(|(i, need)| portions.get(i).copied().unwrap_or(0).min(*need)).collect()
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

    #[test]
    fn an_unused_part_is_not_offered_again() {
        let parts = ["3/5", "2/5"].map(|p| Fraction::parse(p).expect("fraction"));
        assert_eq!(split(100, &[10, 100], &parts, &["a", "b"]), [10, 40]);
        assert_eq!(split(101, &[100, 100], &parts, &["a", "b"]), [61, 40]);
        let half = [Fraction::parse("1/2").expect("fraction")];
        assert_eq!(split(101, &[100], &half, &["a"]), [50]);
    }
}
