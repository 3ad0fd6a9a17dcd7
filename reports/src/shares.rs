//! Integer parts of an integer: fractions floor, what is left goes by largest remainder.

use std::cmp::Ordering;

/// Splits `amount` in proportion to `weights`; ties go to the smaller id. With `amount <= sum(weights)`
/// no part exceeds its weight. All weights zero gives all parts zero.
pub fn largest_remainder<T: Ord>(amount: i64, weights: &[i64], ids: &[T]) -> Vec<i64> {
    split(amount, weights, |a, b| ids[a].cmp(&ids[b]))
}

/// The same with ties to the earlier place.
pub fn in_order(amount: i64, weights: &[i64]) -> Vec<i64> {
    split(amount, weights, |a, b| a.cmp(&b))
}

fn split(amount: i64, weights: &[i64], tie: impl Fn(usize, usize) -> Ordering) -> Vec<i64> {
    let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    if total <= 0 || amount <= 0 {
        return vec![0; weights.len()];
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let product = i128::from(amount) * i128::from(*weight);
        // Never more than `amount`, which is an i64.
        parts.push((product / total) as i64);
        remainders.push((product % total, index));
    }
    let mut left = amount - parts.iter().sum::<i64>();
    if left > 0 {
        remainders.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| tie(a.1, b.1)));
        for (_, index) in remainders {
            if left == 0 {
                break;
            }
            parts[index] += 1;
            left -= 1;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example_e5() {
        assert_eq!(largest_remainder(1_000, &[7, 7, 7], &["a", "b", "c"]), [334, 333, 333]);
        assert_eq!(largest_remainder(1_000, &[7, 7, 7], &["c", "b", "a"]), [333, 333, 334]);
        assert_eq!(largest_remainder(1_000_001, &[50, 30, 20], &["a", "b", "c"]), [500_001, 300_000, 200_000]);
        assert_eq!(largest_remainder(5, &[0, 0], &["a", "b"]), [0, 0]);
        // E6: legacy 50 over the load of four hours
        assert_eq!(in_order(50, &[10, 20, 30, 40]), [5, 10, 15, 20]);
        assert_eq!(in_order(10, &[1, 1, 1, 1]), [3, 3, 2, 2]);
    }
}
