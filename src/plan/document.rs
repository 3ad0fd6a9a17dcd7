//! The plan, and how it is stored and printed: names of the contract, MW and MWh, no wall time but `made`.

use super::schedule::{Event, Placement, legacy};
pub use crate::expected::Reason;
use crate::portfolio::{Metric, Period};
use ids::{BoundaryId, SiteId, StorageId, WorkId};
use reports::report::Totals;
use reports::time::Instant;
use serde::{Deserialize, Serialize};
use solver::Status;

pub const SCHEMA: &str = "hourmatch/plan/1";

/// 2: each stretch of the schedule says its kind, its state and its unit.
pub const VERSION: u32 = 2;

/// Of documents that state none.
fn first_version() -> u32 {
    1
}

/// The plan that a stored document holds, whichever build stored it.
///
/// # Errors
/// A text that is no plan.
pub fn read(document: &str) -> serde_json::Result<Plan> {
    let mut plan: Plan = serde_json::from_str(document)?;
    if plan.version < VERSION {
        legacy::complete(&mut plan.schedule);
    }
    Ok(plan)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub schema: String,
    /// Of what the document says, as it was stored.
    #[serde(default = "first_version")]
    pub version: u32,
    pub engine: String,
    pub synthetic: bool,
    pub id: String,
    pub made: Instant,
    pub start: Instant,
    pub end: Instant,
    pub step_minutes: i64,
    pub strategy: String,
    pub status: Status,
    pub objective: f64,
    /// No plan costs less.
    pub bound: f64,
    pub gap: f64,
    /// Where many jobs are planned, the gap that the last whole search for them ended with: this plan's own, or that of the
    /// plan it was made from by a short one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searched_gap: Option<f64>,
    /// Of all that can be gained over the work as submitted, the least part that this plan gains, 0 to 1: of the difference
    /// between its objective and the bound. Null where there is nothing to gain.
    #[serde(default)]
    pub gain_proved: Option<f64>,
    pub input_sha256: String,
    /// Of the portfolio's text: bounds may have changed since.
    #[serde(default)]
    pub portfolio_sha256: String,
    pub carbon_basis: String,
    pub schedule: Vec<Placement>,
    pub events: Vec<Event>,
    pub prices: Vec<Price>,
    pub balance: Vec<Balance>,
    /// Load and room of power per site and step.
    pub capacity: Vec<Capacity>,
    /// What every bound leaves: windows, reservations and capacity curves are held against these rows.
    #[serde(default)]
    pub bounds: Vec<Bound>,
    /// Energy of work that a day of a site may bring: what capacity curves leave room for.
    #[serde(default)]
    pub flexible: Vec<Flexible>,
    pub expected: Totals,
    /// The same hours with every piece of work as early as it can run.
    #[serde(rename = "doing_nothing")]
    pub baseline: Totals,
    #[serde(default)]
    pub storage: Vec<Stored>,
    #[serde(default)]
    pub costs: Vec<Cost>,
    #[serde(default)]
    pub targets: Vec<TargetPath>,
    #[serde(default)]
    pub economics: Option<Economics>,
    #[serde(default)]
    pub values: Vec<Value>,
    pub missed: Vec<Missed>,
    pub reasons: Vec<Reason>,
    /// Where the search was cut short, the plans there were, this one among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// Reservations that the firm load already holds.
    pub reserved: Vec<String>,
}

/// One step of a storage; facility megawatts, and what it holds at the step's end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    pub storage: StorageId,
    pub start: Instant,
    pub charge_clean_mw: f64,
    pub charge_grid_mw: f64,
    pub discharge_mw: f64,
    pub clean_mwh: f64,
    pub other_mwh: f64,
}

/// A part of what a plan costs: money, a price put on carbon, or a penalty that nobody is paid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub code: String,
    pub kind: solver::Kind,
    pub quantity: f64,
    pub unit: String,
    pub amount: f64,
    /// What the work as submitted costs by the same code; none in plans stored before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_submitted: Option<f64>,
}

/// Where a target stands in its period; scores are of the target's metric, null where there is no load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetPath {
    pub scope: String,
    pub metric: Metric,
    pub share: f64,
    pub period: Period,
    pub start: Instant,
    pub end: Instant,
    pub load_to_date_mwh: f64,
    pub score_to_date: Option<f64>,
    /// In the part of the period that the horizon covers.
    pub load_here_mwh: f64,
    pub score_here: Option<f64>,
    /// After the horizon, as the recent weeks were.
    pub load_rest_mwh: f64,
    pub score_rest: Option<f64>,
    pub score_expected: Option<f64>,
    /// Part of all load still to come that must be matched; over one it is lost, by `lost_mwh`.
    pub needed_of_rest: Option<f64>,
    pub lost_mwh: f64,
}

/// What a MW more would be worth over the horizon, by solving again with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Value {
    pub of: String,
    pub kind: ValueKind,
    pub added: f64,
    pub unit: String,
    /// Currency saved over the horizon; negative where it would cost.
    pub worth: f64,
    /// What of it is not certain: the gaps of both plans.
    #[serde(default)]
    pub within: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ValueKind {
    Contract,
    Connection,
    Storage,
    Slack,
}

/// What matching costs against the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Economics {
    /// Parts of all training tokens; tokens where `tokens_per_gpu_hour` is stated.
    pub utilisation: Option<f64>,
    pub tokens_lost_share: Option<f64>,
    pub tokens_lost: Option<f64>,
    pub gpu_hours_lost: f64,
    pub revenue_lost: f64,
    /// Money spent beyond the baseline, revenue lost included.
    pub money: f64,
    pub matched_points: Option<f64>,
    pub cfe_points: Option<f64>,
    /// Market-based by the hour; negative where less is emitted.
    pub tonnes: Option<f64>,
    pub line: String,
}

/// A plan there was when the search was cut short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// found: what the search had by then; previous: the plan before, carried on; as_submitted: all as early as it can run.
    pub what: String,
    /// Under this plan's problem.
    pub objective: f64,
    /// Whether it is this plan.
    pub kept: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Price {
    pub site: SiteId,
    pub start: Instant,
    /// Per MWh of IT energy.
    pub per_mwh: f64,
    /// Location-based average of the grid; null where never supplied.
    pub grid_average_g_per_kwh: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    pub boundary: BoundaryId,
    pub start: Instant,
    pub load_mw: f64,
    pub contracted_mw: f64,
    pub matched_mw: f64,
    pub surplus_mw: f64,
    pub unmatched_mw: f64,
    /// Cost of one more MWh from the grid, and of one less MWh of surplus.
    pub grid_cost_per_mwh: f64,
    pub surplus_value_per_mwh: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    pub site: SiteId,
    pub start: Instant,
    /// IT megawatts: what never waits, what the plan places, and the most there can be.
    pub firm_mw: f64,
    pub planned_mw: f64,
    pub cap_mw: f64,
    /// What the firm load stays within in 19 of 20 steps.
    #[serde(default)]
    pub firm_q95_mw: f64,
    /// Where the plan leaves room for work not released yet; no part of `planned_mw`.
    #[serde(default)]
    pub expected_mw: f64,
    /// Facility megawatts of surplus that contracts serving this site have left.
    pub surplus_mw: f64,
    pub pue: f64,
}

/// Of one site: IT energy that a day brings, and the days that say so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flexible {
    pub site: SiteId,
    pub days: usize,
    pub mean_mwh: f64,
    pub q97_mwh: f64,
}

/// Rows of one bound, a step apart: `sum weight * draw <= free`, and `>= -fall` where a draw can lower them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// capacity, connection, event, limit, ramp, peak, pool, account, account_hours.
    pub rule: String,
    /// Whose: of a site, an event, a limit, a pool or an account.
    pub of: String,
    /// Start of the first row's step.
    pub start: Instant,
    pub counts: Vec<Counted>,
    pub free: Vec<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fall: Vec<f64>,
    /// Going past it is allowed at a price per MW, once for all rows of one demand charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_mw: Option<f64>,
}

/// A draw that a row counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    pub what: Drawn,
    /// Of a site, a pool or an account, as `what` says.
    pub id: String,
    /// Steps from the row's own; left out: its own.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ahead: i64,
    pub weight: f64,
}

/// MW of a site, or GPUs of a pool or an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawn {
    It,
    Facility,
    Work,
    Pool,
    Account,
}

fn is_zero(ahead: &i64) -> bool {
    *ahead == 0
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Missed {
    pub work: WorkId,
    pub energy_mwh: f64,
    pub missed_mwh: f64,
    pub code: String,
    pub message: String,
}

impl Plan {
    /// How its search ended, by the name that documents have for it.
    pub fn status_name(&self) -> &'static str {
        match self.status {
            Status::Optimal => "optimal",
            Status::Feasible => "feasible",
            Status::Greedy => "greedy",
            Status::TimeLimit => "time_limit",
        }
    }

    pub fn step_s(&self) -> i64 {
        self.step_minutes.clamp(1, 60) * 60
    }

    pub fn missed_mwh(&self) -> f64 {
        self.missed.iter().map(|m| m.missed_mwh).sum()
    }
}

/// Nine decimals: finer than any meter, and free of a solver's last bits.
pub fn tidy(value: f64) -> f64 {
    let rounded = (value * 1e9).round() / 1e9;
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::super::schedule::State;
    use super::*;
    use crate::work::Kind;

    const BEFORE: &str = include_str!("../../fixtures/plans/1.json");

    /// Stored by an earlier build: four jobs of two steps and a half, energy, and training with a pause.
    #[test]
    fn documents_of_version_1_are_completed() {
        let plan = read(BEFORE).expect("a plan");
        assert_eq!(plan.version, 1);
        let of = |work: &'static str| plan.schedule.iter().filter(move |p| p.work == work);
        let units: Vec<(i64, Option<u32>)> = of("arr").map(|p| (p.span().duration_s() / 3_600, p.unit)).collect();
        let [whole, last] = [2_i64, 1].map(|hours| (0..4_u32).map(move |unit| (hours, Some(unit))));
        assert_eq!(units, whole.chain(last).collect::<Vec<_>>());
        assert!(of("arr").chain(of("energy")).all(|p| (p.kind, p.state) == (Kind::Batch, State::Running)));
        assert!(of("train").all(|p| p.kind == Kind::Training && p.unit.is_none()));
        let paused: Vec<bool> = of("train").map(|p| p.state == State::Paused).collect();
        assert_eq!(paused, [false, false, true, false, false, false]);
    }

    #[test]
    fn what_a_document_says_is_not_guessed() {
        let mut said = Plan { version: VERSION, ..read(BEFORE).expect("a plan") };
        for p in &mut said.schedule {
            // As no guess would have it.
            (p.unit, p.state) = (Some(7), State::Running);
        }
        let text = serde_json::to_string(&said).expect("text");
        assert_eq!(read(&text).expect("a plan"), said);
        assert!(read(&text.replace("\"running\"", "\"asleep\"")).is_err());
    }
}
