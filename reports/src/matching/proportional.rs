//! `part = supply * unmatched / sum(unmatched)`, capped by what is unmatched.

use crate::shares::largest_remainder;

pub fn split<T: Ord>(supply: i64, needs: &[i64], ids: &[T]) -> Vec<i64> {
    let total: i128 = needs.iter().map(|n| i128::from(*n)).sum();
    if total <= i128::from(supply) {
        return needs.to_vec();
    }
    largest_remainder(supply, needs, ids)
}
