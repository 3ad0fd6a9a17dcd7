//! Rounds of equal portions until the load or the supply is used up.

use super::shares::largest_remainder;

pub fn split(supply: i64, needs: &[i64], ids: &[&str]) -> Vec<i64> {
    let mut parts = vec![0; needs.len()];
    let mut left = supply;
    loop {
        let open: Vec<i64> = needs.iter().zip(&parts).map(|(need, part)| i64::from(need > part)).collect();
        let portions = largest_remainder(left, &open, ids);
        let before = left;
        for (index, portion) in portions.into_iter().enumerate() {
            let part = portion.min(needs[index] - parts[index]);
            parts[index] += part;
            left -= part;
        }
        if left == before {
            return parts;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_need_frees_its_portion() {
        assert_eq!(split(90, &[10, 100, 100], &["a", "b", "c"]), [10, 40, 40]);
        assert_eq!(split(10, &[10, 100, 100], &["a", "b", "c"]), [4, 3, 3]);
        assert_eq!(split(500, &[10, 100], &["a", "b"]), [10, 100]);
    }
}
