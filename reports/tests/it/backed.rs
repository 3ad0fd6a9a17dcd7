//! Certificates of any device, technology, hour, state and beneficiary: what they back of random portfolios.

use crate::support::{Case, INTERVALS, START, STEP_S, inputs};
use crate::wide::wide;
use hourmatch_reports::certificates::{Certificate, Status};
use hourmatch_reports::definitions::{CertificateRule, ContractKind};
use hourmatch_reports::inputs::Inputs;
use hourmatch_reports::report::{self, Computed};
use ids::{ContractIndex, Index, InstrumentIndex};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Drawn {
    /// The contract whose plant it is of, some of which there are not.
    device: ContractIndex,
    wind: bool,
    names: Option<ContractIndex>,
    whose: Option<&'static str>,
    /// Where its production starts, and how many intervals it has.
    first: i64,
    intervals: i64,
    wh: i64,
    status: Status,
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let contract = || (0_usize..6).prop_map(ContractIndex::new);
    let one = (
        contract(),
        prop_oneof![4 => Just(true), 1 => Just(false)],
        prop_oneof![3 => Just(None), 1 => contract().prop_map(Some)],
        prop_oneof![4 => Just(Some("us")), 1 => Just(Some("them")), 1 => Just(None)],
        -1_i64..INTERVALS as i64,
        prop_oneof![3 => Just(1_i64), 1 => 2_i64..6],
        1_i64..2_500,
        prop_oneof![5 => Just(Status::Cancelled), 1 => Just(Status::Issued), 1 => Just(Status::Withdrawn)],
    )
        .prop_map(|(device, wind, names, whose, first, intervals, wh, status)| Drawn {
            device,
            wind,
            names,
            whose,
            first,
            intervals,
            wh,
            status,
        });
    proptest::collection::vec(one, 0..24)
}

impl Drawn {
    /// Device, technology, beneficiary and whom it names are a contract's, and it is cancelled.
    fn fits(&self, contract: ContractIndex) -> bool {
        let its_own = self.device == contract && self.wind && self.names.is_none_or(|named| named == contract);
        its_own && self.whose == Some("us") && self.status == Status::Cancelled
    }

    fn covers(&self, t: usize) -> bool {
        (self.first..self.first + self.intervals).contains(&(t as i64))
    }

    fn certificate(&self, place: usize) -> Certificate {
        let start = START + self.first * STEP_S;
        Certificate {
            id: format!("gc-{place:02}"),
            issuance: format!("i-{place:02}"),
            device: format!("c{}", self.device),
            registry: "R".into(),
            technology: String::from(if self.wind { "wind" } else { "solar" }),
            start,
            end: start + self.intervals * STEP_S,
            first_wh: 1,
            last_wh: self.wh,
            status: self.status,
            owner: "us".into(),
            beneficiary: self.whose.map(String::from),
            contract: self.names.map(|named| format!("c{named}").into()),
            since: START,
            expires: None,
        }
    }
}

/// The reporting entity is whom certificates are to be cancelled for.
fn with<'a>(case: &Case, drawn: impl Iterator<Item = &'a Drawn>) -> Inputs {
    let mut inputs = inputs(case);
    inputs.definitions.disclosure.reporting_entity = Some("us".into());
    inputs.certificates = drawn.enumerate().map(|(place, drawn)| drawn.certificate(place)).collect();
    inputs
}

fn computed(inputs: &Inputs) -> Computed {
    report::compute(inputs).expect("invariants hold")
}

/// What the meter of a contract's plant shows.
fn metered(case: &Case, contract: ContractIndex, t: usize) -> i64 {
    let series = format!("contract/c{contract}/generation");
    if case.extras.lacks(&series, t as i64) { 0 } else { case.contracts[contract].wh[t] }
}

/// Hour by hour, and by contract.
fn backed(computed: &Computed) -> (Vec<i64>, Vec<i128>) {
    let rows = computed.report.boundaries.iter().flat_map(|boundary| &boundary.intervals);
    let claims = computed.report.contracts.iter().map(|contract| contract.claim.backed_wh.unwrap_or(0));
    (rows.map(|row| row.backed_wh.unwrap_or(0)).collect(), claims.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn certificates_back_what_they_allow_and_no_more(case in wide(), drawn in drawn()) {
        let Computed { books, matched, report } = computed(&with(&case, drawn.iter()));
        let (mut used, mut claimed, mut in_inventory) = (0_i128, 0_i128, 0_i128);
        // Contracts come first among the instruments.
        for (contract, i) in ContractIndex::all(&case.contracts).zip(InstrumentIndex::all(&books.instruments)) {
            let fitting: Vec<&Drawn> = drawn.iter().filter(|d| d.fits(contract)).collect();
            let delivered = &books.instruments[i].delivered_wh;
            let mut all = 0;
            for t in 0..INTERVALS {
                let certified = books.certified_wh(i, t);
                let volume: i64 = fitting.iter().filter(|d| d.covers(t)).map(|d| d.wh).sum();
                let most = metered(&case, contract, t).min(delivered[t]);
                prop_assert!(certified >= 0 && certified <= most.min(volume), "c{contract} in {t}");
                if fitting.iter().all(|d| d.intervals == 1) {
                    prop_assert_eq!(certified, most.min(volume), "c{} in {}", contract, t);
                }
                all += certified;
                used += i128::from(certified.min(matched.matching.allocated_wh[i][t]));
                let given = matched.inventory.allocated_wh[i][t];
                claimed += i128::from(given);
                in_inventory += i128::from(certified.min(given));
            }
            prop_assert!(all <= fitting.iter().map(|d| d.wh).sum::<i64>(), "volume of c{contract} is there once");
        }
        let told = report.portfolio.backed.as_ref().expect("told");
        let known = |wh: i128| (!drawn.is_empty()).then_some(wh);
        prop_assert_eq!(told.matched_wh, known(used));
        prop_assert_eq!(told.market_based_hourly_claimed_wh, claimed);
        prop_assert_eq!(told.market_based_hourly_wh, known(in_inventory));
        prop_assert!(told.market_based_annual_wh <= told.market_based_annual_claimed_wh);
        for row in report.boundaries.iter().flat_map(|boundary| &boundary.intervals) {
            prop_assert!(row.backed_wh.unwrap_or(0) <= row.matched_wh);
        }
        let mut of_sites = 0;
        for site in &report.sites {
            let wh = site.totals.backed.as_ref().and_then(|told| told.matched_wh).unwrap_or(0);
            prop_assert!(wh <= site.totals.matched_wh);
            of_sites += wh;
        }
        prop_assert_eq!(of_sites, used);
    }

    #[test]
    fn what_does_not_fit_backs_nothing(case in wide(), drawn in drawn()) {
        let fits = |d: &&Drawn| ContractIndex::all(&case.contracts).any(|contract| d.fits(contract));
        let all = computed(&with(&case, drawn.iter()));
        let fitting = computed(&with(&case, drawn.iter().filter(fits)));
        prop_assert_eq!(backed(&all), backed(&fitting));
        let strange = computed(&with(&case, drawn.iter().filter(|d| !fits(d))));
        prop_assert!(backed(&strange).0.iter().all(|wh| *wh == 0));
    }

    /// Where they are required, what counts is backed, each Wh of it.
    #[test]
    fn what_requires_certificates_has_them(case in wide(), drawn in drawn()) {
        let mut inputs = with(&case, drawn.iter());
        let free = computed(&inputs);
        for contract in inputs.definitions.contracts.iter_mut().filter(|c| c.kind == ContractKind::Hourly) {
            contract.certificates = CertificateRule::Required;
        }
        let Computed { books, .. } = computed(&inputs);
        for (contract, i) in inputs.definitions.contracts.iter().zip(InstrumentIndex::all(&books.instruments)) {
            if contract.kind == ContractKind::Hourly {
                let delivered = &books.instruments[i].delivered_wh;
                let certified: Vec<i64> = (0..INTERVALS).map(|t| books.certified_wh(i, t)).collect();
                prop_assert_eq!(&certified, delivered);
                let before: Vec<i64> = (0..INTERVALS).map(|t| free.books.certified_wh(i, t)).collect();
                prop_assert_eq!(certified, before, "what is certified does not depend on it");
            }
        }
    }
}
