//! Why load went unmatched: what of it was contracted elsewhere or at other hours, and what never was.
//!
//! `U_t`, `X_t` and `F_t` are unmatched load, surplus, and load served by own generation that is not carbon-free, summed
//! over boundaries. `elsewhere = sum(min(U_t - F_t, X_t))`: surplus of the same hour, in another boundary or for other
//! sites. `other_hours = min(rest of sum(U - F), rest of sum(X))`: surplus of other hours. `own_generation = sum(F)`, and
//! `never_contracted` is what is left. The four add up to the unmatched load.

use super::ledgers::Matched;
use super::score::Scores;
use crate::books::Books;
use ids::{Index, SiteIndex};
use serde::{Deserialize, Serialize};

/// Unmatched load by why it is unmatched: the four add up to it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct Unmatched {
    /// Served by own generation that is not carbon-free: no contract could have matched it.
    pub own_generation_wh: i128,
    /// Surplus of the same interval: in another boundary, or for other sites.
    pub elsewhere_wh: i128,
    /// Surplus of other intervals.
    pub other_hours_wh: i128,
    pub never_contracted_wh: i128,
}

/// Unmatched load, surplus and load served by own fossil generation, in one interval of a portfolio.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hour {
    pub unmatched: i128,
    pub surplus: i128,
    pub own: i128,
}

pub fn split(hours: impl Iterator<Item = Hour>) -> Unmatched {
    let (mut lacking, mut over) = (0, 0);
    let mut parts = Unmatched::default();
    for hour in hours {
        let own = hour.own.clamp(0, hour.unmatched.max(0));
        let unmatched = hour.unmatched - own;
        let elsewhere = unmatched.min(hour.surplus).max(0);
        parts.own_generation_wh += own;
        parts.elsewhere_wh += elsewhere;
        lacking += unmatched - elsewhere;
        over += hour.surplus - elsewhere;
    }
    parts.other_hours_wh = lacking.min(over).max(0);
    parts.never_contracted_wh = lacking - parts.other_hours_wh;
    parts
}

pub fn explain(books: &Books, matched: &Matched, scores: &Scores) -> Unmatched {
    split((0..books.grid.len).map(|t| {
        let mut hour = Hour::default();
        for row in &scores.cells {
            hour.unmatched += i128::from(row[t].load - row[t].matched);
            hour.surplus += i128::from(row[t].surplus());
        }
        for (s, site) in SiteIndex::each(&books.sites) {
            let left = site.load_wh[t] - matched.matching.site_wh[s][t];
            hour.own += i128::from(site.scope_1(t).min(left));
        }
        hour
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(rows: &[(i128, i128, i128)]) -> Unmatched {
        split(rows.iter().map(|(unmatched, surplus, own)| Hour { unmatched: *unmatched, surplus: *surplus, own: *own }))
    }

    fn parts(u: &Unmatched) -> [i128; 4] {
        [u.own_generation_wh, u.elsewhere_wh, u.other_hours_wh, u.never_contracted_wh]
    }

    #[test]
    fn the_parts_add_up_to_what_is_unmatched() {
        // E1: 20, 100 and 60 are unmatched, 50 are surplus in the first hour.
        assert_eq!(parts(&hours(&[(0, 50, 0), (20, 0, 0), (100, 0, 0), (60, 0, 0)])), [0, 0, 50, 130]);
        // 30 of hour 1 lies elsewhere; of the 70 and 10 left, 25 were there at another hour.
        assert_eq!(parts(&hours(&[(100, 30, 0), (10, 0, 0), (0, 25, 0)])), [0, 30, 25, 55]);
        // More surplus than anybody lacked.
        assert_eq!(parts(&hours(&[(10, 0, 0), (0, 500, 0)])), [0, 0, 10, 0]);
        // Import 40, own gas 60, wind 200: the gas is nothing that a contract could have matched.
        assert_eq!(parts(&hours(&[(60, 160, 60)])), [60, 0, 0, 0]);
        assert_eq!(parts(&hours(&[])), [0; 4]);
    }
}
