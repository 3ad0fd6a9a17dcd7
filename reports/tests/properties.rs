//! Promises of matching on generated portfolios: several sites, nested site lists, shortage and surplus.

use hourmatch_reports::books::{Books, BoundaryBook, ContractBook, Share, SiteBook};
use hourmatch_reports::definitions::{Fraction, SharingRule};
use hourmatch_reports::inputs::Quality;
use hourmatch_reports::matching::{self, Ledger, score};
use hourmatch_reports::report::TierSplit;
use hourmatch_reports::ruleset::FallbackTier;
use hourmatch_reports::time::Grid;
use proptest::prelude::*;

const INTERVALS: usize = 8;

#[derive(Debug, Clone)]
struct Case {
    loads: Vec<Vec<i64>>,
    /// (served sites as a prefix length or one site, rule, supply)
    contracts: Vec<(Vec<usize>, SharingRule, Vec<i64>)>,
    g: Vec<(i128, i128)>,
}

/// Three or four sites in one boundary; site lists are prefixes, single sites or all: always nested or disjoint.
fn case() -> impl Strategy<Value = Case> {
    (3_usize..5, 3_usize..6, 0_i64..5).prop_flat_map(|(sites, contracts, level)| {
        let wh = |top: i64| proptest::collection::vec(prop_oneof![1 => Just(0), 6 => 0..top], INTERVALS);
        let rule =
            prop_oneof![Just(SharingRule::Proportional), Just(SharingRule::Priority), Just(SharingRule::EqualShare)];
        let list = prop_oneof![
            (0..sites).prop_map(|s| vec![s]),
            Just((0..sites).collect::<Vec<_>>()),
            Just((0..sites - 1).collect::<Vec<_>>()),
        ];
        let supply = wh(200 + 900 * level);
        (
            proptest::collection::vec(wh(2_000), sites),
            proptest::collection::vec((list, rule, supply), contracts),
            proptest::collection::vec((0_i128..=100, Just(100_i128)), INTERVALS),
        )
            .prop_map(|(loads, contracts, g)| Case { loads, contracts, g })
    })
}

fn books(case: &Case) -> Books {
    let n = case.g.len();
    Books {
        grid: Grid { start_s: 0, step_s: 3_600, len: n },
        boundaries: vec![BoundaryBook {
            id: "A".into(),
            grid_cfe: Some(case.g.iter().map(|(a, b)| Share { numerator: *a, denominator: *b }).collect()),
            intensity_mg_per_kwh: None,
            fallback_mg_per_kwh: vec![500_000; n],
            fallback_tier: vec![FallbackTier::DefaultFossil; n],
        }],
        sites: case.loads.iter().enumerate().map(|(i, l)| site(&format!("s{i}"), l)).collect(),
        contracts: case
            .contracts
            .iter()
            .enumerate()
            .map(|(i, (sites, rule, supply))| ContractBook {
                id: format!("c{i}"),
                boundary: 0,
                technology: "wind".into(),
                carbon_free: true,
                rule: *rule,
                sites: sites.clone(),
                split: Vec::<Fraction>::new(),
                delivered_wh: supply.clone(),
                worst: vec![Quality::Measured; n],
                quality: TierSplit::default(),
            })
            .collect(),
        exceptions: Vec::new(),
    }
}

fn site(id: &str, load: &[i64]) -> SiteBook {
    SiteBook {
        id: id.into(),
        boundary: 0,
        load_wh: load.to_vec(),
        worst: vec![Quality::Measured; load.len()],
        quality: TierSplit::default(),
    }
}

fn matched_wh(case: &Case) -> i128 {
    let books = books(case);
    let matched = matching::run(&books).expect("invariants hold");
    score::of(&books, &matched).portfolio.matched
}

/// The most any allocation could match: over the laminar family, `min(load, supply)` from the leaves up.
fn best_possible(case: &Case, t: usize) -> i64 {
    let mut order: Vec<&(Vec<usize>, SharingRule, Vec<i64>)> = case.contracts.iter().collect();
    order.sort_by_key(|c| c.0.len());
    let mut left: Vec<i64> = case.loads.iter().map(|l| l[t]).collect();
    let mut sum = 0;
    for (sites, _, supply) in order {
        let mut rest = supply[t];
        for s in sites {
            let part = rest.min(left[*s]);
            left[*s] -= part;
            rest -= part;
            sum += part;
        }
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn energy_is_conserved_and_none_is_stranded(case in case()) {
        let books = books(&case);
        let matched = matching::run(&books).expect("invariants hold");
        for t in 0..INTERVALS {
            let given: i64 = matched.allocations.iter().filter(|a| a.interval == t).map(|a| a.wh).sum();
            prop_assert_eq!(given, best_possible(&case, t));
            for (s, load) in case.loads.iter().enumerate() {
                let to: i64 = matched.allocations.iter().filter(|a| (a.interval, a.site) == (t, s)).map(|a| a.wh).sum();
                prop_assert!(to <= load[t]);
                prop_assert_eq!(to, matched.site_matched_wh[s][t]);
            }
            for (c, (sites, _, supply)) in case.contracts.iter().enumerate() {
                let of = |a: &&matching::Allocation| (a.interval, a.contract) == (t, c);
                let from: i64 = matched.allocations.iter().filter(of).map(|a| a.wh).sum();
                prop_assert!(from <= supply[t]);
                prop_assert!(matched.allocations.iter().filter(of).all(|a| sites.contains(&a.site)));
            }
            let residual: i64 = case.loads.iter().map(|l| l[t]).sum::<i64>() - given;
            let credit: i64 = matched.site_grid_cfe_wh.iter().map(|g| g[t]).sum();
            let (a, b) = case.g[t];
            prop_assert_eq!(i128::from(credit), a * i128::from(residual) / b);
        }
        prop_assert!(matched.allocations.iter().all(|a| a.ledger == Ledger::Matching && a.wh > 0));
    }

    #[test]
    fn more_supply_never_matches_less(case in case(), contract in 0_usize..3, extra in 1_i64..500) {
        let mut more = case.clone();
        more.contracts[contract].2.iter_mut().for_each(|wh| *wh += extra);
        prop_assert!(matched_wh(&more) >= matched_wh(&case));
    }

    /// Two intervals joined into one never match less than apart.
    #[test]
    fn a_finer_resolution_never_matches_more(case in case()) {
        let join = |v: &[i64]| v.chunks(2).map(|pair| pair.iter().sum()).collect::<Vec<i64>>();
        let coarse = Case {
            loads: case.loads.iter().map(|l| join(l)).collect(),
            contracts: case.contracts.iter().map(|(s, r, w)| (s.clone(), *r, join(w))).collect(),
            g: case.g.iter().step_by(2).copied().collect(),
        };
        prop_assert!(matched_wh(&case) <= matched_wh(&coarse));
    }

    /// Contracts in another order, under the same ids: the same allocations.
    #[test]
    fn the_order_of_contracts_changes_nothing(case in case()) {
        let straight = books(&case);
        let mut reversed = straight.clone();
        reversed.contracts.reverse();
        let named = |books: &Books| {
            let matched = matching::run(books).expect("invariants hold");
            let mut rows: Vec<(usize, usize, String, i64)> = matched
                .allocations
                .iter()
                .map(|a| (a.interval, a.site, books.contracts[a.contract].id.clone(), a.wh))
                .collect();
            rows.sort();
            rows
        };
        prop_assert_eq!(named(&straight), named(&reversed));
    }

    /// A load cut in two sites that every contract of the first serves: the sums stay.
    #[test]
    fn splitting_a_load_leaves_sums_unchanged(case in case(), part in 0_i64..=10) {
        let mut split = case.clone();
        let new = split.loads.len();
        let cut: Vec<i64> = case.loads[0].iter().map(|wh| wh * part / 10).collect();
        split.loads.push(cut.clone());
        split.loads[0].iter_mut().zip(&cut).for_each(|(wh, cut)| *wh -= cut);
        for (sites, ..) in &mut split.contracts {
            if sites.contains(&0) {
                sites.push(new);
            }
        }
        prop_assert_eq!(matched_wh(&split), matched_wh(&case));
    }
}
