//! The charge ledger: first in, first out by charge record, proportional inside a record.
//!
//! `d` Wh out use `d / efficiency` Wh of the oldest records; of that, each record gives its clean part.
//! `reissued = floor(clean used * efficiency)`, so that the sum never exceeds `floor(efficiency * clean charged)`.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};
use std::collections::VecDeque;

/// One interval's charge.
#[derive(Debug, Clone, PartialEq)]
struct Record {
    charged: i64,
    clean: i64,
    /// Wh of the charge still in store.
    left: BigRational,
}

/// What is in store, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fifo {
    records: VecDeque<Record>,
}

fn rational(wh: i64) -> BigRational {
    BigRational::from_integer(BigInt::from(wh))
}

impl Fifo {
    /// Starts with a charge of unknown origin: none of it is clean.
    pub fn opening(wh: i64) -> Self {
        let mut fifo = Self::default();
        fifo.charge(wh, 0);
        fifo
    }

    pub fn charge(&mut self, charged: i64, clean: i64) {
        if charged > 0 {
            self.records.push_back(Record { charged, clean, left: rational(charged) });
        }
    }

    /// Takes `wh` out and says how many of them are clean. What the records cannot give is of unknown origin.
    pub fn discharge(&mut self, wh: i64, efficiency: &BigRational) -> i64 {
        if wh <= 0 || efficiency.is_zero() {
            return 0;
        }
        let mut wanted = rational(wh) / efficiency;
        let mut clean = BigRational::zero();
        while !wanted.is_zero() {
            let Some(oldest) = self.records.front_mut() else { break };
            let used = if oldest.left <= wanted { oldest.left.clone() } else { wanted.clone() };
            clean += &used * BigRational::new(BigInt::from(oldest.clean), BigInt::from(oldest.charged));
            wanted -= &used;
            oldest.left -= used;
            if oldest.left.is_zero() {
                self.records.pop_front();
            }
        }
        (clean * efficiency).floor().to_integer().to_i64().unwrap_or(0).clamp(0, wh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(n: i64, d: i64) -> BigRational {
        BigRational::new(BigInt::from(n), BigInt::from(d))
    }

    #[test]
    fn worked_example_e4() {
        let mut fifo = Fifo::default();
        fifo.charge(10_000, 8_000);
        assert_eq!(fifo.discharge(8_500, &ratio(85, 100)), 6_800);
        assert_eq!(fifo.discharge(100, &ratio(85, 100)), 0);
    }

    #[test]
    fn the_oldest_goes_first_and_the_opening_charge_is_not_clean() {
        let mut fifo = Fifo::opening(500);
        fifo.charge(1_000, 1_000);
        fifo.charge(1_000, 0);
        let nine = ratio(9, 10);
        // 450 out use the 500 of unknown origin
        assert_eq!(fifo.discharge(450, &nine), 0);
        // 1350 out use 1500: the clean 1000 and half of the other
        assert_eq!(fifo.discharge(1_350, &nine), 900);
    }

    #[test]
    fn what_is_re_issued_never_exceeds_the_clean_charge_after_losses() {
        for step in 1..40 {
            let mut fifo = Fifo::default();
            fifo.charge(997, 613);
            let mut out = 0;
            let mut left = 847;
            while left > 0 {
                let d = step.min(left);
                out += fifo.discharge(d, &ratio(85, 100));
                left -= d;
            }
            assert!(out <= 613 * 85 / 100, "{step}: {out}");
        }
    }
}
