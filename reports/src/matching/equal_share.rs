//! Equal portions until the load or the supply is used up: `part = min(need, level)`, with the level that uses up the
//! supply. Levels are fractions; what floors leave over goes by largest remainder over the whole split, and since those
//! below their need all have the same level, that is by id.

use crate::ruleset::Leftovers;
use crate::shares::largest_remainder;

pub fn split<T: Ord>(supply: i64, needs: &[i64], ids: &[T], leftovers: Leftovers) -> Vec<i64> {
    match leftovers {
        Leftovers::Step => in_rounds(supply, needs, ids),
        Leftovers::Split => to_a_level(supply, needs, ids),
    }
}

fn to_a_level<T: Ord>(supply: i64, needs: &[i64], ids: &[T]) -> Vec<i64> {
    let mut parts = vec![0; needs.len()];
    let mut places: Vec<usize> = (0..needs.len()).collect();
    places.sort_by_key(|place| needs[*place]);
    let mut left = supply;
    // Needs at or below the level are met whole, the smallest first: each raises the level of those that stay open.
    let mut met = 0;
    for (index, place) in places.iter().enumerate() {
        let open = (places.len() - index) as i128;
        if i128::from(needs[*place]) * open > i128::from(left) {
            break;
        }
        parts[*place] = needs[*place];
        left -= needs[*place];
        met = index + 1;
    }
    let open = &places[met..];
    let names: Vec<&T> = open.iter().map(|place| &ids[*place]).collect();
    for (place, part) in open.iter().zip(largest_remainder(left, &vec![1; open.len()], &names)) {
        parts[*place] = part;
    }
    parts
}

/// Round by round, each with leftovers of its own.
fn in_rounds<T: Ord>(supply: i64, needs: &[i64], ids: &[T]) -> Vec<i64> {
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
    use proptest::prelude::*;

    const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

    #[test]
    fn a_small_need_frees_its_portion() {
        for leftovers in [Leftovers::Step, Leftovers::Split] {
            assert_eq!(split(90, &[10, 100, 100], &NAMES[..3], leftovers), [10, 40, 40]);
            assert_eq!(split(10, &[10, 100, 100], &NAMES[..3], leftovers), [4, 3, 3]);
            assert_eq!(split(500, &[10, 100], &NAMES[..2], leftovers), [10, 100]);
        }
    }

    /// 52 over needs of 100, 2, 100: a level of 25. Rounds of 18, 17, 17 and 8, 7 give the first more than its portion.
    #[test]
    fn leftovers_are_those_of_the_whole_split() {
        assert_eq!(split(52, &[100, 2, 100], &NAMES[..3], Leftovers::Split), [25, 2, 25]);
        assert_eq!(split(52, &[100, 2, 100], &NAMES[..3], Leftovers::Step), [26, 2, 24]);
        assert_eq!(split(54, &[100, 2, 100], &["b", "a", "c"], Leftovers::Split), [26, 2, 26]);
        assert_eq!(split(53, &[100, 2, 100], &["c", "b", "a"], Leftovers::Split), [25, 2, 26]);
        // A level of 32.5, and the leftover fills a need.
        assert_eq!(split(80, &[33, 33, 15], &NAMES[..3], Leftovers::Split), [33, 32, 15]);
        assert_eq!(split(7, &[0, 7, 0], &NAMES[..3], Leftovers::Split), [0, 7, 0]);
        assert_eq!(
            split(i64::MAX, &[i64::MAX, i64::MAX], &NAMES[..2], Leftovers::Split),
            [i64::MAX / 2 + 1, i64::MAX / 2]
        );
        assert!(split(5, &[], &NAMES[..0], Leftovers::Split).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// All that can be used is used, and nobody takes more than it needs. Nobody has more than 1 Wh above the least
        /// of those below their needs: that Wh is a leftover, and it may be what fills a need.
        #[test]
        fn portions_are_as_equal_as_whole_wh_allow(
            supply in 0_i64..500, needs in proptest::collection::vec(0_i64..200, 1..5)
        ) {
            let parts = split(supply, &needs, &NAMES[..needs.len()], Leftovers::Split);
            prop_assert_eq!(parts.iter().sum::<i64>(), supply.min(needs.iter().sum()));
            prop_assert!(parts.iter().zip(&needs).all(|(part, need)| (0..=*need).contains(part)));
            let below = parts.iter().zip(&needs).filter(|(part, need)| part < need).map(|(part, _)| *part);
            if let Some(least) = below.min() {
                prop_assert!(parts.iter().all(|part| *part <= least + 1));
            }
        }
    }
}
