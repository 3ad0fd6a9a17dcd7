//! What a report states.

use super::totals::Totals;
use super::values::{FactorValue, Figure, Listed, Scope, Told, or_empty};
use crate::definitions::{Disclosure, FactorBasis, Labels, Settlement};
use crate::exceptions::ExceptionRow;
use crate::matching::Ledger;
use crate::matching::gap::Unmatched;
use crate::named::named;
use crate::ruleset::{FallbackTier, Step};
use crate::seal::manifest::{Period, RulesetRef};
use crate::storage::Basis;
use crate::time::{Instant, RecordTime, Resolution, Zone};
use crate::units::Floored;
use ids::{BoundaryId, InstrumentId, SiteId, StorageId};
use serde::{Deserialize, Serialize};

pub const SCHEMA: &str = "hourmatch/report/2";

/// One period of one portfolio under one ruleset.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct Report {
    pub schema: String,
    /// Program and version; left out of packs, whose results name no program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// Every figure comes from generated data.
    pub synthetic: bool,
    pub name: String,
    pub period: Period,
    pub ruleset: RulesetRef,
    /// 1, and one more for each restatement.
    pub version: u32,
    pub as_of: Option<Instant>,
    /// Merkle root of the pack this version replaces.
    pub replaces: Option<String>,
    pub restatement: Option<RestatementReport>,
    pub g_basis: String,
    pub factor_basis: Listed<FactorBasis>,
    pub time_zone: Zone,
    pub resolution: Resolution,
    pub currency: String,
    pub portfolio_sha256: String,
    /// Of all that decides these figures: equal inputs have equal figures. Not in packs of format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs_sha256: Option<String>,
    pub disclosure: Disclosed,
    pub portfolio: Totals,
    /// Why the portfolio's load went unmatched; absent under rulesets that back claims by volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmatched: Option<Unmatched>,
    pub boundaries: Vec<BoundaryReport>,
    pub sites: Vec<SiteReport>,
    pub contracts: Vec<ContractReport>,
    pub storage: Vec<StorageReport>,
    pub reconciliations: Vec<Reconciliation>,
    /// Published reports of other periods that share hours with this one, and what differs in those hours; absent where
    /// there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overlaps: Vec<OverlapReport>,
    /// Files whose readings or bills these figures rest on, and what was done to certificates, where somebody said who
    /// recorded it or why.
    pub revisions: Vec<RevisionReport>,
    /// The same with every file nobody explained, for documents people read. Not in JSON, where the same rows must give
    /// the same bytes in whichever file they came.
    #[serde(skip)]
    pub files: Vec<RevisionReport>,
    /// How people are shown sites and contracts. Not in JSON, where ids are enough.
    #[serde(skip)]
    pub labels: Labels,
    /// Empty but in a JSON document read back: documents, packs and tables stream them. See [`rows`](super::rows).
    pub allocations: Vec<AllocationRow>,
    pub exceptions: Vec<ExceptionRow>,
}

/// Why and by whom a report was made again, and what changed.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct RestatementReport {
    pub reason: String,
    pub actor: String,
    /// Headline totals before and after, portfolio first, then boundaries; then claims of contracts, which may fall
    /// without a Wh moving.
    pub totals: Vec<DeltaRow>,
    /// Intervals whose figures changed.
    pub intervals_changed: usize,
}

/// A published report of another period that shares hours with this one.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct OverlapReport {
    pub period: Period,
    pub version: u32,
    /// Merkle root of its pack.
    pub root: String,
    pub shared: Shared,
    /// Null where the two have no whole intervals in common.
    pub intervals_changed: Option<usize>,
    /// Sums over the shared hours that are others here: portfolio first, then boundaries.
    pub totals: Vec<DeltaRow>,
    /// Every interval figure that is another here; empty in packs, which hold a table.
    pub changed: Vec<DeltaRow>,
}

/// The hours two reports share, as far as whole intervals of both tell of them.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Shared {
    pub start: Instant,
    pub end: Instant,
}

/// One figure before and after; `start` is an interval's, in JSON empty for totals over the period.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct DeltaRow {
    /// In JSON a boundary's id, `portfolio`, or `contract/` and a contract's id.
    pub scope: Scope,
    #[serde(with = "or_empty")]
    pub start: Option<Instant>,
    pub figure: Figure,
    pub before: Told,
    pub after: Told,
}

/// Page one for an auditor: what the entity states and what the engine can say by itself.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct Disclosed {
    pub stated: Disclosure,
    pub factors: Vec<FactorReport>,
    /// Boundaries whose grid share may still hold contracts of this portfolio.
    pub g_may_include_own_contracts: Vec<BoundaryId>,
    /// What these figures do not say, every report's and the entity's own.
    pub limitations: Vec<String>,
    /// Load metered by measured, validated or calculated readings, as a share of all load.
    pub metered_coverage: Option<Floored>,
    pub reconciliation_tolerance: Floored,
}

/// Where a factor in use comes from.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct FactorReport {
    /// A boundary, or a fuel or technology of the factor table.
    pub subject: String,
    pub what: String,
    pub value: FactorValue,
    pub basis: FactorBasis,
    pub publication: String,
    pub year: String,
    pub region: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct BoundaryReport {
    pub id: BoundaryId,
    /// Which factors unmatched energy took.
    pub fallback_tier: Listed<FallbackTier>,
    pub totals: Totals,
    pub intervals: Vec<IntervalRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct IntervalRow {
    pub start: Instant,
    pub load_wh: i64,
    pub contracted_wh: i64,
    pub matched_wh: i64,
    pub stored_wh: i64,
    pub surplus_wh: i64,
    pub unmatched_wh: i64,
    pub grid_cfe_wh: i64,
    /// Of `matched_wh`, what cancelled certificates back; absent where no certificate of the period is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backed_wh: Option<i64>,
}

impl IntervalRow {
    /// Its energies in Wh, in the order of its fields.
    pub fn figures(&self) -> [Option<i64>; 8] {
        [
            Some(self.load_wh),
            Some(self.contracted_wh),
            Some(self.matched_wh),
            Some(self.stored_wh),
            Some(self.surplus_wh),
            Some(self.unmatched_wh),
            Some(self.grid_cfe_wh),
            self.backed_wh,
        ]
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct SiteReport {
    pub id: SiteId,
    /// The boundary at the start of the period, and every later one in it.
    #[serde(rename = "boundary")]
    pub boundaries: Listed<BoundaryId>,
    pub time_zone: Zone,
    pub meter: Option<String>,
    pub accuracy_class: Option<String>,
    pub ownership_share: Option<Floored>,
    pub leased: Option<bool>,
    /// Load that a policy put a figure to, or whose readings are estimates themselves, as a share of the site's load.
    pub estimated_share: Option<Floored>,
    pub totals: Totals,
}

/// One instrument: a contract, self-generation (`onsite/<site>`), standard supply (`sss/<boundary>`) or storage
/// discharge (`storage/<id>`).
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContractReport {
    pub id: InstrumentId,
    pub kind: Step,
    pub boundary: BoundaryId,
    pub technology: String,
    pub settlement: Option<Settlement>,
    pub delivered_wh: i128,
    /// Matching ledger; zero for what does not count towards matching.
    pub allocated_wh: i128,
    pub stored_wh: i128,
    pub surplus_wh: i128,
    /// Inventory ledger.
    pub inventory_allocated_wh: i128,
    pub inventory_stored_wh: i128,
    pub inventory_surplus_wh: i128,
    pub ef_mg_per_kwh: i64,
    pub claim: Claim,
}

named! {
    /// Which certificates a claim rests on.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum ClaimBasis {
        Cancelled = "cancelled",
        #[serde(rename = "partly cancelled")]
        PartlyCancelled = "partly cancelled",
        Held = "held",
        #[default]
        None = "none",
    }
}

/// On what a claim of the matched energy rests.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct Claim {
    pub basis: ClaimBasis,
    /// In words: `claimable`, or `matched, not claimable` and why.
    pub statement: String,
    pub registry: Option<String>,
    pub beneficiary: Option<String>,
    pub commissioned: Option<String>,
    /// Whether the certificates are granular (an hour or less): only then may EnergyTag be named.
    pub granular: bool,
    pub cancelled_wh: i128,
    pub held_wh: i128,
    pub expired_wh: i128,
    pub withdrawn_wh: i128,
    /// Of what reached load in either ledger, what cancelled certificates back, interval by interval; absent under
    /// rulesets that back claims by volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backed_wh: Option<i128>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct StorageReport {
    pub id: StorageId,
    pub site: SiteId,
    pub charge_wh: i128,
    pub clean_charge_wh: i128,
    pub discharge_wh: i128,
    pub reissued_wh: i128,
    /// Opening charge, never clean.
    pub opening_wh: i64,
    /// From a state reading, or the least the readings allow.
    pub opening_known: bool,
    pub windows: Vec<EfficiencyWindow>,
}

/// `out / (in + state at start - state at end)`, at most 1.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct EfficiencyWindow {
    pub start: Instant,
    pub end: Instant,
    pub efficiency: Floored,
    /// Declared where the readings tell none or a better one without states.
    pub basis: Basis,
}

named! {
    /// Whether a bill agrees with what was metered.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Outcome {
        Within = "within",
        Outside = "outside",
        #[serde(rename = "not covered")]
        NotCovered = "not covered",
    }
}

/// Hourly sums against a bill.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Reconciliation {
    pub invoice: String,
    pub site: SiteId,
    pub start: Instant,
    pub end: Instant,
    pub invoice_wh: i64,
    /// None where the invoice reaches outside the period.
    pub metered_wh: Option<i128>,
    pub difference_wh: Option<i128>,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct RevisionReport {
    pub recorded: RecordTime,
    /// Empty for what was done to certificates, which keep no file.
    pub file_sha256: String,
    pub actor: Option<String>,
    pub reason: Option<String>,
    /// Zero of invoices and certificates.
    pub readings: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct AllocationRow {
    pub site: SiteId,
    pub contract: InstrumentId,
    pub start: Instant,
    pub wh: i64,
    pub ledger: Ledger,
    /// How a contract is shared, such as `proportional`; of other instruments the step of the ruleset's order.
    pub rule: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of packs of every format, and of those that they replace.
    #[test]
    fn a_report_of_an_old_pack_is_written_as_it_was_read() {
        for text in [
            include_str!("../../../fixtures/packs/2/results.json"),
            include_str!("../../../fixtures/packs/2/inputs/previous/results.json"),
            include_str!("../../../fixtures/packs/3/results.json"),
            include_str!("../../../fixtures/packs/3/inputs/previous/results.json"),
        ] {
            let report: Report = serde_json::from_str(text).expect("a report");
            assert_eq!(serde_json::to_string_pretty(&report).expect("JSON") + "\n", text);
        }
    }
}
