//! Random portfolios as inputs of a report, and the tables they give, as bytes.

use crate::corrections::Row;
use crate::wide::{Extras, OF_CHANNELS, RESOLD, SHAPED, SHARED, WITH_LOSSES, percent};
use hourmatch_reports::definitions::*;
use hourmatch_reports::evidence::files::Sink;
use hourmatch_reports::evidence::format::Format;
use hourmatch_reports::evidence::tables;
use hourmatch_reports::factors::Factors;
use hourmatch_reports::inputs::{Inputs, Revision, SeriesMap};
use hourmatch_reports::report::{self, Computed};
use hourmatch_reports::ruleset::Ruleset;
use hourmatch_reports::time::{Instant, Interval, Resolution};
use ids::{ContractIndex, Index, SiteId, SiteIndex};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, Write};

pub const INTERVALS: usize = 8;
pub const STEP_S: i64 = 3_600;
/// 2026-01-01T00:00Z
pub const START: Instant = Instant::from_seconds(1_767_225_600);

/// Contracts: sites served, rule, Wh an interval, boundary 0 or 1.
#[derive(Debug, Clone)]
pub struct Contract {
    pub sites: Vec<SiteIndex>,
    pub rule: SharingRule,
    pub wh: Vec<i64>,
    pub kind: ContractKind,
}

#[derive(Debug, Clone)]
pub struct Case {
    /// Wh an interval; the last site lies in boundary B, the others in A.
    pub loads: Vec<Vec<i64>>,
    pub contracts: Vec<Contract>,
    /// Percent.
    pub g: Vec<i64>,
    pub sss_percent: i64,
    pub charge: Vec<i64>,
    pub discharge: Vec<i64>,
    pub link: bool,
    /// Nothing of it in plain portfolios.
    pub extras: Extras,
}

impl Case {
    /// The site in B.
    pub fn last(&self) -> SiteIndex {
        SiteIndex::new(self.loads.len() - 1)
    }
}

pub fn wh(top: i64) -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::vec(prop_oneof![1 => Just(0), 6 => 0..top], INTERVALS)
}

/// Three or four sites in A and one in B; lists in A are single sites, prefixes or all: always nested or disjoint.
pub fn case() -> impl Strategy<Value = Case> {
    (3_usize..5, 3_usize..6, 0_i64..5).prop_flat_map(|(sites, contracts, level)| {
        let rule =
            prop_oneof![Just(SharingRule::Proportional), Just(SharingRule::Priority), Just(SharingRule::EqualShare)];
        let list = prop_oneof![
            (0..sites).prop_map(|s| vec![s]),
            Just((0..sites).collect::<Vec<_>>()),
            Just((0..sites - 1).collect::<Vec<_>>()),
            Just(vec![sites]),
        ];
        let kind = prop_oneof![8 => Just(ContractKind::Hourly), 1 => Just(ContractKind::Legacy)];
        let contract = (list, rule, wh(200 + 900 * level), kind).prop_map(|(sites, rule, wh, kind)| Contract {
            sites: sites.into_iter().map(SiteIndex::new).collect(),
            rule,
            wh,
            kind,
        });
        (
            proptest::collection::vec(wh(2_000), sites + 1),
            proptest::collection::vec(contract, contracts),
            proptest::collection::vec(0_i64..=100, INTERVALS),
            prop_oneof![2 => Just(0), 1 => 0_i64..60],
            wh(1_500),
            wh(800),
            any::<bool>(),
        )
            .prop_map(|(loads, contracts, g, sss_percent, charge, discharge, link)| Case {
                loads,
                contracts,
                g,
                sss_percent,
                charge,
                discharge,
                link,
                extras: Extras::default(),
            })
    })
}

fn site(index: SiteIndex, case: &Case) -> SiteDef {
    let extras = &case.extras;
    let (boundary, boundary_changes) = extras.boundaries(index, index == case.last());
    let channels = extras.channels.as_ref().filter(|_| index.get() == OF_CHANNELS);
    SiteDef {
        id: format!("s{index}").into(),
        name: None,
        boundary,
        boundary_changes,
        time_zone: "UTC".into(),
        onsite_technology: channels.map(|c| String::from(if c.fossil { "gas" } else { "solar" })),
        loss_factor: if index.get() == WITH_LOSSES { percent(extras.loss_percent) } else { Fraction::ZERO },
        meter: None,
        accuracy_class: None,
        ownership_share: extras.ownership_percent.map(percent),
        leased: None,
        limit_w: None,
    }
}

/// Each site a part of its own; all of them are the whole.
fn parts(sites: &[SiteIndex]) -> BTreeMap<SiteId, Fraction> {
    let whole = sites.len() * (sites.len() + 1) / 2;
    let part = |place: usize| Fraction::parse(&format!("{}/{whole}", place + 1)).expect("fraction");
    sites.iter().enumerate().map(|(place, s)| (format!("s{s}").into(), part(place))).collect()
}

fn contract(index: ContractIndex, contract: &Contract, case: &Case) -> ContractDef {
    let extras = &case.extras;
    let in_b = contract.sites == [case.last()];
    // With a link, what serves B is generated in A.
    let boundary = if in_b && !case.link { "B" } else { "A" };
    let shares = extras.share_percent.filter(|_| index.get() == SHARED);
    let middle = START + STEP_S * INTERVALS as i64 / 2;
    let fixed_parts = extras.fixed_parts && index.get().is_multiple_of(2);
    ContractDef {
        id: format!("c{index}").into(),
        name: None,
        boundary: boundary.into(),
        technology: "wind".into(),
        ef_mg_per_kwh: None,
        plant: None,
        share: shares.map_or(Fraction::ONE, |[first, _]| percent(first)),
        share_changes: shares.iter().map(|[_, then]| Change { from: middle, value: percent(*then) }).collect(),
        settlement: Settlement::Physical,
        kind: if in_b { ContractKind::Hourly } else { contract.kind },
        allocation: if fixed_parts { SharingRule::ProRataContract } else { contract.rule },
        sites: contract.sites.iter().map(|s| format!("s{s}").into()).collect(),
        split: if fixed_parts { parts(&contract.sites) } else { BTreeMap::new() },
        profile: None,
        shaped_w: extras.shaped_w.filter(|_| index.get() == SHAPED),
        annual_wh: None,
        capacity_w: None,
        valid_from: None,
        valid_to: None,
        certificates: CertificateRule::Stated,
        registry: None,
        beneficiary: None,
        commissioned: None,
        meter: None,
        accuracy_class: None,
    }
}

/// The last site's battery charges over the link, where there is one.
fn battery(id: &str, site: SiteIndex) -> StorageDef {
    StorageDef {
        id: id.into(),
        site: format!("s{site}").into(),
        energy_wh: 5_000,
        efficiency: Fraction::parse("0.85").expect("fraction"),
        efficiency_months: 6,
    }
}

fn definitions(case: &Case) -> Definitions {
    let boundary = |id: &str| BoundaryDef { id: id.into(), cfe_basis: "production".into(), ..BoundaryDef::default() };
    let link = LinkDef { from: "A".into(), to: "B".into(), nonpositive_price_passes: false };
    Definitions {
        name: "random".into(),
        synthetic: true,
        resolution: Resolution::HOUR,
        ruleset: "hourly-2026".into(),
        time_zone: "UTC".into(),
        currency: "USD".into(),
        factor_basis: FactorBasis::LifeCycle,
        missing_load: if case.extras.estimates { MissingLoad::Estimate } else { MissingLoad::Block },
        reconciliation_tolerance: Fraction::parse("1/200").expect("fraction"),
        disclosure: Disclosure::default(),
        boundaries: vec![boundary("A"), boundary("B")],
        sites: SiteIndex::all(&case.loads).map(|i| site(i, case)).collect(),
        contracts: ContractIndex::each(&case.contracts).map(|(i, c)| contract(i, c, case)).collect(),
        storage: vec![battery("bat", SiteIndex::new(1)), battery("bat-b", case.last())],
        links: if case.link { vec![link] } else { Vec::new() },
    }
}

/// Rows of a case as they would be ingested.
pub fn rows(case: &Case) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |series: String, values: &[i64]| {
        values.iter().enumerate().for_each(|(t, value)| rows.push(Row::hour(&series, t as i64, *value)));
    };
    for (i, wh) in case.loads.iter().enumerate() {
        match case.extras.channels.as_ref().filter(|_| i == OF_CHANNELS) {
            Some(channels) => {
                add(format!("site/s{i}/import"), wh);
                add(format!("site/s{i}/onsite_generation"), &channels.onsite);
                add(format!("site/s{i}/export"), &channels.export);
            }
            None => add(format!("site/s{i}/load"), wh),
        }
    }
    case.contracts.iter().enumerate().for_each(|(i, c)| add(format!("contract/c{i}/generation"), &c.wh));
    add(format!("contract/c{RESOLD}/resold"), &case.extras.resold);
    let percent = |p: &i64| p * 10_000_000_000_000_000;
    add("grid/A/cfe_share".into(), &case.g.iter().map(percent).collect::<Vec<_>>());
    add("grid/B/cfe_share".into(), &case.g.iter().rev().map(percent).collect::<Vec<_>>());
    add("grid/A/sss_share".into(), &[percent(&case.sss_percent); INTERVALS]);
    // The price test passes in even intervals.
    add("grid/A/price".into(), &(0..INTERVALS).map(|_| 100_000_000).collect::<Vec<_>>());
    add(
        "grid/B/price".into(),
        &(0..INTERVALS).map(|t| if t % 2 == 0 { 104_000_000 } else { 105_000_000 }).collect::<Vec<_>>(),
    );
    for id in ["bat", "bat-b"] {
        add(format!("storage/{id}/charge"), &case.charge);
        add(format!("storage/{id}/discharge"), &case.discharge);
    }
    if case.extras.estimates {
        rows.extend(day_before(case));
    }
    rows.retain(|row| !case.extras.lacks(&row.series, (row.start - START) / STEP_S));
    rows
}

/// Load and channels at the same hours of the day before: what is missing is estimated from them.
fn day_before(case: &Case) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |series: String, values: &[i64], more: i64| {
        rows.extend(values.iter().rev().enumerate().map(|(t, wh)| Row::hour(&series, t as i64 - 24, *wh + more)));
    };
    for (i, wh) in case.loads.iter().enumerate() {
        match case.extras.channels.as_ref().filter(|_| i == OF_CHANNELS) {
            Some(channels) => {
                add(format!("site/s{i}/import"), wh, 7);
                add(format!("site/s{i}/onsite_generation"), &channels.onsite, 5);
                add(format!("site/s{i}/export"), &channels.export, 0);
            }
            None => add(format!("site/s{i}/load"), wh, 7),
        }
    }
    rows
}

pub fn inputs_of(case: &Case, rows: &[Row]) -> Inputs {
    let mut series: SeriesMap = BTreeMap::new();
    for row in rows {
        series.entry(row.series.clone()).or_default().push(row.point());
    }
    series.values_mut().for_each(|points| points.sort_by_key(|p| p.start));
    let (ruleset, text) = Ruleset::named("hourly-2026").expect("shipped");
    let revision = Revision {
        id: 1,
        recorded: START.into(),
        file_name: "rows.csv".into(),
        file_sha256: "0".repeat(64),
        actor: None,
        reason: None,
        form: None,
    };
    Inputs {
        definitions: definitions(case).canonical(),
        ruleset,
        ruleset_text: text.into(),
        factors: Factors::default(),
        period: Interval { start: START, end: START + STEP_S * INTERVALS as i64 },
        fuels: BTreeMap::new(),
        as_of: None,
        series,
        revisions: BTreeMap::from([(1, revision)]),
        certificates: Vec::new(),
        invoices: Vec::new(),
        acts: Vec::new(),
        restatement: None,
        overlaps: Vec::new(),
        suspects: Vec::new(),
        fallbacks: Vec::new(),
    }
}

pub fn inputs(case: &Case) -> Inputs {
    inputs_of(case, &rows(case))
}

pub fn compute(case: &Case) -> Computed {
    report::compute(&inputs(case)).expect("invariants hold")
}

/// Files in memory.
#[derive(Debug, Default)]
pub struct Memory(pub BTreeMap<String, Vec<u8>>);

pub struct Open(String, Vec<u8>);

impl Write for Open {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for Memory {
    type File = Open;

    fn create(&mut self, path: &str) -> io::Result<Open> {
        Ok(Open(path.into(), Vec::new()))
    }

    fn close(&mut self, file: Open) -> io::Result<()> {
        self.0.insert(file.0, file.1);
        Ok(())
    }
}

/// Every computed table of a pack.
pub fn tables_of(inputs: &Inputs, computed: &Computed) -> BTreeMap<String, Vec<u8>> {
    let mut memory = Memory::default();
    tables::write(Format::NEWEST, inputs, computed, &mut memory).expect("memory");
    memory.0
}
