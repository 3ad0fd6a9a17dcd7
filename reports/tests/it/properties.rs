//! Promises of matching on random portfolios: several sites and contracts, nested lists, two boundaries, a link, storage,
//! standard supply, legacy volume, shortage and surplus. What has a formula of its own is checked on plain ones.

use crate::support::{Case, INTERVALS, case, compute, inputs, inputs_of, rows, tables_of};
use crate::wide::{OF_CHANNELS, wide};
use hourmatch_reports::books::Books;
use hourmatch_reports::definitions::{ContractKind, SharingRule, Timeline};
use hourmatch_reports::exceptions;
use hourmatch_reports::matching::{Ledger, Matched, invariants};
use hourmatch_reports::report::{self, Computed};
use hourmatch_reports::ruleset::{Ruleset, Step};
use ids::{BoundaryIndex, ContractIndex, Index, InstrumentIndex, SiteIndex, StorageIndex};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

fn matched_wh(case: &Case) -> i128 {
    compute(case).report.portfolio.matched_wh
}

/// Per load and per instrument, from the allocation rows alone.
fn conserved(books: &Books, matched: &Matched, ledger: Ledger) -> Result<(), TestCaseError> {
    let run = matched.ledger(ledger);
    let mut to = vec![vec![0_i64; INTERVALS]; books.sites.len()];
    let mut from = vec![vec![0_i64; INTERVALS]; books.instruments.len()];
    for a in run.allocations.iter() {
        let (t, s, i) = (a.interval, a.site, a.instrument);
        let (site, instrument) = (&books.sites[s], &books.instruments[i]);
        prop_assert!(a.wh > 0 && t < INTERVALS && instrument.sites.contains(&s));
        let there = site.boundary.at(t);
        let bound = matches!(instrument.step, Step::Sss | Step::Legacy);
        let over_link =
            !bound && books.links.iter().any(|l| l.from == instrument.boundary && l.to == there && l.tests[t].passed);
        // Self-generation and storage serve their own site, wherever it lies.
        let own = matches!(instrument.step, Step::SelfGeneration | Step::Storage) && instrument.sites == [s];
        prop_assert!(own || there == instrument.boundary || over_link, "{} crosses", instrument.id);
        to[s][t] += a.wh;
        from[i][t] += a.wh;
    }
    for (s, site) in SiteIndex::each(&books.sites) {
        for t in 0..INTERVALS {
            prop_assert!(to[s][t] <= ledger.load(books, s, t), "{} is given more than its load", site.id);
        }
    }
    for (i, instrument) in InstrumentIndex::each(&books.instruments) {
        for t in 0..INTERVALS {
            let delivered = run.delivered(books, i, t);
            prop_assert!(from[i][t] + run.stored(i, t) <= delivered, "{} over-allocated", instrument.id);
        }
    }
    for t in 0..INTERVALS {
        let stored: i64 = run.stored_wh.iter().map(|row| row[t]).sum();
        prop_assert_eq!(stored, run.clean_charge_wh.iter().map(|row| row[t]).sum::<i64>());
    }
    // Re-issued energy never exceeds what efficiency leaves of the clean charge so far.
    for (s, storage) in StorageIndex::each(&books.storage) {
        let (mut clean, mut out) = (0_i64, 0_i64);
        for t in 0..INTERVALS {
            out += run.reissued_wh[s][t];
            let efficiency = storage.efficiency(t).expect("one window");
            let most = efficiency * num_rational::BigRational::from_integer(clean.into());
            prop_assert!(num_rational::BigRational::from_integer(out.into()) <= most);
            clean += run.clean_charge_wh[s][t];
        }
    }
    Ok(())
}

/// `contracted = matched + stored + surplus` and `load = matched + unmatched` in every row, none negative.
fn rows_add_up(computed: &Computed) -> Result<(), TestCaseError> {
    for row in computed.report.boundaries.iter().flat_map(|b| &b.intervals) {
        prop_assert_eq!(row.contracted_wh, row.matched_wh + row.stored_wh + row.surplus_wh);
        prop_assert_eq!(row.load_wh, row.matched_wh + row.unmatched_wh);
        prop_assert!(row.surplus_wh >= 0 && row.unmatched_wh >= 0 && row.grid_cfe_wh <= row.unmatched_wh);
    }
    Ok(())
}

/// What contracts alone can match at most: over the laminar family, `min(load, supply)` from the smallest lists up.
fn best_without_storage(case: &Case, t: usize) -> i64 {
    let last = case.last();
    let mut order: Vec<_> =
        case.contracts.iter().filter(|c| c.kind == ContractKind::Hourly || c.sites == [last]).collect();
    order.sort_by_key(|c| c.sites.len());
    let mut left: Vec<i64> = case.loads.iter().map(|l| l[t]).collect();
    let mut sum = 0;
    for contract in order {
        let mut rest = contract.wh[t];
        for s in &contract.sites {
            let open = if *s == last && case.link && t % 2 == 1 { 0 } else { left[*s] };
            let part = rest.min(open);
            left[*s] -= part;
            rest -= part;
            sum += part;
        }
    }
    sum
}

fn without_storage(case: &Case) -> Case {
    Case { charge: vec![0; INTERVALS], discharge: vec![0; INTERVALS], ..case.clone() }
}

#[test]
fn cases_hold_shortage_and_surplus() {
    let mut runner = TestRunner::deterministic();
    let (mut short, mut over, mut stores, mut reissues) = (0, 0, 0, 0);
    for _ in 0..1_000 {
        let case = case().new_tree(&mut runner).expect("tree").current();
        let totals = compute(&case).report.portfolio;
        short += usize::from(totals.unmatched_wh * 5 > totals.load_wh);
        over += usize::from(totals.surplus_wh * 5 > totals.contracted_wh.max(1));
        stores += usize::from(totals.stored_wh > 0);
        reissues += usize::from(totals.reissued_wh > 0);
    }
    assert!(short > 200 && over > 200 && stores > 200 && reissues > 100, "{short} {over} {stores} {reissues}");
}

fn older() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("annual-2015@1"), Just("google-cfe-2021@1"), Just("hourly-2026@2")]
}

/// How often a site that takes energy of a step, once it lies beyond an open link, makes the invariants refuse the run.
fn refused_beyond_a_link(step: Step) -> usize {
    let mut runner = TestRunner::deterministic();
    let mut refused = 0;
    for _ in 0..300 {
        let mut case = Case { link: true, ..case().new_tree(&mut runner).expect("tree").current() };
        match step {
            Step::Sss => case.contracts.iter_mut().for_each(|contract| contract.kind = ContractKind::Hourly),
            _ => case.sss_percent = 0,
        }
        let Computed { mut books, matched, .. } = compute(&case);
        books.links.iter_mut().flat_map(|link| &mut link.tests).for_each(|test| test.passed = true);
        let taken = matched.inventory.allocations.iter().find(|a| books.instruments[a.instrument].step == step);
        let Some(taken) = taken else { continue };
        invariants::check(&books, &matched).expect("nothing crosses yet");
        books.sites[taken.site].boundary = Timeline::always(BoundaryIndex::new(1));
        let said = invariants::check(&books, &matched).expect_err("it crosses").to_string();
        let id = &books.instruments[taken.instrument].id;
        assert!(said.contains("inventory ledger") && said.contains(&format!("{id} crosses its boundary")), "{said}");
        refused += 1;
    }
    refused
}

#[test]
fn the_invariants_let_standard_supply_and_legacy_pass_no_link() {
    for step in [Step::Sss, Step::Legacy] {
        let refused = refused_beyond_a_link(step);
        assert!(refused >= 30, "{}: {refused}", step.name());
    }
}

/// What of a wide case is there, by the code of its exception or in words.
fn held(computed: &Computed) -> BTreeSet<&'static str> {
    let (books, run) = (&computed.books, &computed.matched.matching);
    let is_noted = |code: &&str| books.exceptions.iter().any(|e| e.code == *code);
    let mut held: BTreeSet<&'static str> = exceptions::ALL.iter().map(|(code, _)| *code).filter(is_noted).collect();
    let moves = |s: SiteIndex| books.sites[s].boundary.at(0) != books.sites[s].boundary.at(INTERVALS - 1);
    for a in run.allocations.iter() {
        let (site, instrument) = (a.site, &books.instruments[a.instrument]);
        let contract = instrument.step == Step::Contracts;
        let fixed = instrument.rule == SharingRule::ProRataContract && instrument.sites.len() > 1;
        let told = [
            ("self-generation", instrument.step == Step::SelfGeneration),
            ("fixed parts", fixed),
            ("a site that moves", moves(site)),
            ("losses", books.sites[site].metered_wh.is_some()),
            ("over a link", contract && books.sites[site].boundary.at(a.interval) != instrument.boundary),
        ];
        held.extend(told.into_iter().filter(|(_, holds)| *holds).map(|(what, _)| what));
    }
    held
}

#[test]
fn wide_cases_hold_what_plain_ones_leave_out() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..500 {
        let case = wide().new_tree(&mut runner).expect("tree").current();
        held(&compute(&case)).into_iter().for_each(|what| *seen.entry(what).or_default() += 1);
    }
    for what in [
        "estimated_load",
        "missing_generation",
        "unbacked",
        "oversold",
        "scope_1_onsite",
        "net_export",
        "legacy_provisional",
        "self-generation",
        "fixed parts",
        "a site that moves",
        "losses",
        "over a link",
    ] {
        assert!(seen.get(what).is_some_and(|times| *times >= 25), "{what}: {seen:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn energy_is_conserved_in_both_ledgers(case in wide()) {
        let computed = compute(&case);
        conserved(&computed.books, &computed.matched, Ledger::Matching)?;
        conserved(&computed.books, &computed.matched, Ledger::Inventory)?;
        rows_add_up(&computed)?;
        let never = [Step::Sss, Step::Legacy, Step::Unbundled];
        for a in computed.matched.matching.allocations.iter() {
            prop_assert!(!never.contains(&computed.books.instruments[a.instrument].step));
        }
    }

    /// Instruments match load less what own generation serves that is not carbon-free, and in inventories import alone;
    /// what is behind the meter has no place there.
    #[test]
    fn instruments_match_what_was_purchased(case in wide()) {
        let computed = compute(&case);
        let (books, matched) = (&computed.books, &computed.matched);
        for (s, site) in SiteIndex::each(&books.sites) {
            for t in 0..INTERVALS {
                let (given, claimed) = (matched.matching.site_wh[s][t], matched.inventory.site_wh[s][t]);
                let (mut own, mut import) = (0, site.metered(t));
                if let Some(channels) = case.extras.channels.as_ref().filter(|_| s.get() == OF_CHANNELS) {
                    own = if channels.fossil { channels.onsite[t] - channels.export[t] } else { 0 };
                    import = if channels.export[t] > case.loads[s][t] { 0 } else { case.loads[s][t] };
                }
                prop_assert_eq!((site.scope_1(t), site.inventory_load(t)), (own, import));
                prop_assert!(given <= site.load_wh[t] - own && claimed <= import);
            }
        }
        let behind = [Step::SelfGeneration, Step::Storage];
        let steps = matched.inventory.allocations.iter().map(|a| books.instruments[a.instrument].step);
        prop_assert_eq!(steps.filter(|step| behind.contains(step)).count(), 0);
        let charged: i64 = matched.inventory.clean_charge_wh.iter().flatten().sum();
        prop_assert_eq!(charged, 0);
    }

    /// What a portfolio was computed to under an older version, it computes to: each ledger by its own rules.
    #[test]
    fn energy_is_conserved_under_older_versions(case in wide(), name in older()) {
        let mut inputs = inputs(&case);
        let (ruleset, text) = Ruleset::named(name).expect("shipped");
        (inputs.ruleset, inputs.ruleset_text) = (ruleset, text.into());
        let computed = report::compute(&inputs).expect("invariants hold");
        conserved(&computed.books, &computed.matched, Ledger::Matching)?;
        conserved(&computed.books, &computed.matched, Ledger::Inventory)?;
        let json = serde_json::to_string(&computed.report).expect("JSON");
        prop_assert!(["purchased_wh", "scope_1_wh", "scope_1_g"].iter().all(|newer| !json.contains(newer)));
    }

    #[test]
    fn no_energy_is_stranded(case in case()) {
        let computed = compute(&without_storage(&case));
        for t in 0..INTERVALS {
            let given: i64 = computed.report.boundaries.iter().map(|b| b.intervals[t].matched_wh).sum();
            prop_assert_eq!(given, best_without_storage(&case, t));
        }
    }

    /// `cfe_score = (M + sum of floor(g * (L - M))) / L`, reckoned from the allocation rows.
    #[test]
    fn the_cfe_score_is_that_of_its_formula(case in case()) {
        let computed = compute(&case);
        let (books, mut top, mut load) = (&computed.books, 0_i128, 0_i128);
        for (b, boundary) in BoundaryIndex::each(&books.boundaries) {
            for t in 0..INTERVALS {
                let of = |s: SiteIndex| books.sites[s].boundary.at(t) == b;
                let here = SiteIndex::all(&books.sites).filter(|s| of(*s));
                let l: i128 = here.map(|s| i128::from(case.loads[s][t])).sum();
                let m: i128 = computed.matched.matching.allocations.iter()
                    .filter(|a| a.interval == t && of(a.site))
                    .map(|a| i128::from(a.wh)).sum();
                let g = if boundary.id == "A" { case.g[t] } else { case.g[INTERVALS - 1 - t] };
                top += m + i128::from(g) * (l - m) / 100;
                load += l;
            }
        }
        let score = (load > 0).then(|| {
            let millionths = top * 1_000_000 / load;
            format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
        });
        prop_assert_eq!(computed.report.portfolio.cfe_score.map(|score| score.to_string()), score);
    }

    #[test]
    fn more_supply_never_matches_less(
        case in case(), contract in (0_usize..3).prop_map(ContractIndex::new), extra in 1_i64..500
    ) {
        let mut more = case.clone();
        more.contracts[contract].wh.iter_mut().for_each(|wh| *wh += extra);
        prop_assert!(matched_wh(&more) >= matched_wh(&case));
    }

    /// Two intervals joined into one never match less than apart.
    #[test]
    fn a_finer_resolution_never_matches_more(case in case()) {
        let apart = Case { link: false, ..without_storage(&case) };
        let best = |loads: &[Vec<i64>], contracts: &[Vec<i64>], n: usize| -> i128 {
            let joined = Case {
                loads: loads.to_vec(),
                contracts: apart.contracts.iter().zip(contracts)
                    .map(|(c, wh)| crate::support::Contract { wh: wh.clone(), ..c.clone() }).collect(),
                ..apart.clone()
            };
            (0..n).map(|t| i128::from(best_without_storage(&joined, t))).sum()
        };
        let join = |v: &Vec<i64>| v.chunks(2).map(|pair| pair.iter().sum()).collect::<Vec<i64>>();
        let loads: Vec<_> = apart.loads.iter().map(join).collect();
        let supply: Vec<_> = apart.contracts.iter().map(|c| join(&c.wh)).collect();
        prop_assert!(matched_wh(&apart) <= best(&loads, &supply, INTERVALS / 2));
    }

    /// Rows and definitions in another order: the same bytes in every table.
    #[test]
    fn the_order_of_inputs_changes_no_byte(case in wide(), seed in any::<u64>()) {
        let straight = inputs(&case);
        let mut shuffled = rows(&case);
        let mut state = seed | 1;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(i, (state >> 33) as usize % (i + 1));
        }
        let mut permuted = inputs_of(&case, &shuffled);
        let mut definitions = permuted.definitions.clone();
        definitions.sites.reverse();
        definitions.contracts.reverse();
        definitions.boundaries.reverse();
        permuted.definitions = definitions.canonical();
        let bytes = |inputs| tables_of(inputs, &hourmatch_reports::report::compute(inputs).expect("invariants hold"));
        prop_assert_eq!(bytes(&straight), bytes(&permuted));
    }

    /// A load cut in two sites that every contract of the first serves: the sums stay. (Storage serves one site only: who
    /// gets what of a contract's equal shares then decides what its discharge still finds open.)
    #[test]
    fn splitting_a_load_leaves_sums_unchanged(case in case(), part in 0_i64..=10) {
        let case = without_storage(&case);
        let mut split = case.clone();
        // The last site is the one in B: the new one goes before it.
        let new = case.last();
        let cut: Vec<i64> = case.loads[0].iter().map(|wh| wh * part / 10).collect();
        split.loads.insert(new.get(), cut.clone());
        split.loads[0].iter_mut().zip(&cut).for_each(|(wh, cut)| *wh -= cut);
        for contract in &mut split.contracts {
            contract.sites.iter_mut().filter(|s| **s >= new).for_each(|s| *s = SiteIndex::new(s.get() + 1));
            if contract.sites.contains(&SiteIndex::new(0)) {
                contract.sites.push(new);
            }
        }
        prop_assert_eq!(matched_wh(&split), matched_wh(&case));
    }
}
