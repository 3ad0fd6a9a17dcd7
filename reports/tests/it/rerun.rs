//! Corrections matched again only where they reach, against full runs.

use crate::corrections::{corrected, correction};
use crate::support::{Case, INTERVALS, inputs_of, rows, tables_of};
use crate::wide::wide;
use hourmatch_reports::books::Books;
use hourmatch_reports::definitions::ContractKind;
use hourmatch_reports::matching::{Ledger, Matched, Reach, Rerun};
use hourmatch_reports::report::{self, Computed};
use proptest::prelude::*;

/// Matched again where the books differ from those before.
fn matched_again(before: &Computed, books: &Books, reach: &Reach) -> Matched {
    let mut rerun = Rerun::new(books, reach).expect("lists nest");
    for t in 0..INTERVALS {
        let mut standing = Vec::new();
        for ledger in Ledger::ALL {
            let run = before.matched.ledger(ledger);
            run.post(t, &mut |posted, wh| standing.push((ledger, posted, wh)));
        }
        // What the store gives is in the order of its key, which is another.
        standing.reverse();
        assert!(rerun.interval(t, &standing), "a figure outside the books");
    }
    rerun.finish().expect("invariants hold")
}

/// The same with nothing that reaches beyond an interval.
fn by_the_interval(case: &Case) -> Case {
    let mut case = case.clone();
    (case.charge, case.discharge) = (vec![0; INTERVALS], vec![0; INTERVALS]);
    case.contracts.iter_mut().for_each(|contract| contract.kind = ContractKind::Hourly);
    case
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A correction matched again where it reaches gives what a full run gives, byte for byte.
    #[test]
    fn a_partial_rerun_equals_a_full_one(
        case in wide(), which in any::<prop::sample::Index>(), correction in correction(), late in any::<bool>()
    ) {
        let found = rows(&case);
        let left = corrected(&case, &found, which.index(found.len()), &correction);
        let (old, new) = if late { (left, found) } else { (found, left) };
        let before = report::compute(&inputs_of(&case, &old)).expect("invariants hold");
        let inputs = inputs_of(&case, &new);
        let full = report::compute(&inputs).expect("invariants hold");
        // Self-generation that comes or goes makes other books: all is matched again.
        if let Some(reach) = Reach::between(&before.books, &full.books) {
            let matched = matched_again(&before, &full.books, &reach);
            prop_assert_eq!(&matched, &full.matched);
            let partial = report::compute_from(&inputs, full.books.clone(), matched).expect("report");
            prop_assert_eq!(tables_of(&inputs, &partial), tables_of(&inputs, &full));
        } else {
            prop_assert!(case.extras.channels.is_some(), "the same portfolio has other books");
        }
    }

    /// Without storage or legacy volume one interval is matched again and no more.
    #[test]
    fn a_correction_of_an_interval_reaches_no_other(
        case in wide(), which in any::<prop::sample::Index>(), correction in correction(), late in any::<bool>()
    ) {
        let case = by_the_interval(&case);
        let found = rows(&case);
        let places: Vec<usize> = (0..found.len()).filter(|p| !found[*p].series.starts_with("storage/")).collect();
        let left = corrected(&case, &found, *which.get(&places), &correction);
        let (old, new) = if late { (left, found) } else { (found, left) };
        let [before, after] = [old, new].map(|rows| report::compute(&inputs_of(&case, &rows)).expect("invariants hold"));
        if let Some(reach) = Reach::between(&before.books, &after.books) {
            let again = (0..INTERVALS).filter(|t| reach.again(*t)).count();
            prop_assert!(again <= 1, "{again} intervals");
            let differs = Ledger::ALL.into_iter().any(|l| before.matched.ledger(l) != after.matched.ledger(l));
            prop_assert!(again == 1 || !differs, "an allocation changed in an interval out of reach");
        }
    }
}
