//! The tables of a report that programs read, column by column: what CSV, Parquet and workbooks write, under the names of the JSON
//! document.

use crate::content::blocks::Fact;
use crate::figures::{NOT_APPLICABLE, NOT_KNOWN, NOT_STATED, NOT_SUPPLIED, without_cfe_score};
use reports::report::{
    Backed, BoundaryReport, ContractReport, DeltaRow, ExceptionRow, FactorReport, Reconciliation, RevisionReport,
    SiteReport, StorageReport, Told, Totals, intervals,
};
use reports::time::Instant;
use reports::units::Floored;
use std::borrow::Cow;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Sentences.
    Long,
    Integer,
    /// Six decimals.
    Share,
    /// A UTC time.
    Instant,
    /// MWh or MW, up to six decimals.
    Decimal,
    /// A share as forms for people print it.
    Percent,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Text(Cow<'a, str>),
    Integer(i128),
    Share(Floored),
    Instant(Instant),
    /// MWh or MW, or a share as forms for people print it, of workbooks.
    Number(f64),
    /// There is none, and why, for those who read it; programs find nothing.
    Absent(&'static str),
}

/// A column of a table with a row for each `T`.
pub struct Column<T> {
    pub name: &'static str,
    pub kind: Kind,
    pub value: for<'a> fn(&'a T) -> Value<'a>,
}

/// What a row has in some columns.
pub fn values<'v, T>(columns: &[Column<T>], row: &'v T) -> impl Iterator<Item = Value<'v>> {
    columns.iter().map(|column| (column.value)(row))
}

const fn column<T>(name: &'static str, kind: Kind, value: for<'a> fn(&'a T) -> Value<'a>) -> Column<T> {
    Column { name, kind, value }
}

const fn text<T>(name: &'static str, value: for<'a> fn(&'a T) -> Value<'a>) -> Column<T> {
    column(name, Kind::Text, value)
}

const fn integer<T>(name: &'static str, value: for<'a> fn(&'a T) -> Value<'a>) -> Column<T> {
    column(name, Kind::Integer, value)
}

const fn share<T>(name: &'static str, value: for<'a> fn(&'a T) -> Value<'a>) -> Column<T> {
    column(name, Kind::Share, value)
}

const fn instant<T>(name: &'static str, value: for<'a> fn(&'a T) -> Value<'a>) -> Column<T> {
    column(name, Kind::Instant, value)
}

/// Every allocation, written one by one.
pub const ALLOCATIONS: [(&str, Kind); 6] = [
    ("site", Kind::Text),
    ("contract", Kind::Text),
    ("start", Kind::Instant),
    ("wh", Kind::Integer),
    ("ledger", Kind::Text),
    ("rule", Kind::Text),
];

/// Every interval of every boundary, the same way; not every report tells the last column.
pub fn interval_columns() -> impl Iterator<Item = (&'static str, Kind)> {
    let kinds = [Kind::Text, Kind::Instant].into_iter().chain(std::iter::repeat(Kind::Integer));
    intervals::columns().zip(kinds)
}

/// What an older ruleset has no figure of.
const NOT_COUNTED: &str = "not counted";

/// A text as it stands.
pub fn word(text: &str) -> Value<'_> {
    Value::Text(text.into())
}

/// The same of what is shown as text.
pub fn words(text: impl ToString) -> Value<'static> {
    Value::Text(text.to_string().into())
}

fn or_absent(value: Option<i128>, why: &'static str) -> Value<'static> {
    value.map_or(Value::Absent(why), Value::Integer)
}

fn share_or(score: Option<Floored>, why: &'static str) -> Value<'static> {
    score.map_or(Value::Absent(why), Value::Share)
}

fn stated(text: Option<&String>) -> Value<'_> {
    text.map_or(Value::Absent(NOT_STATED), |text| word(text))
}

fn yes(holds: bool) -> Value<'static> {
    word(if holds { "yes" } else { "no" })
}

fn count(intervals: usize) -> Value<'static> {
    Value::Integer(i128::try_from(intervals).unwrap_or(i128::MAX))
}

fn score(score: Option<Floored>) -> Value<'static> {
    share_or(score, NOT_APPLICABLE)
}

fn grams(grams: Option<i128>) -> Value<'static> {
    or_absent(grams, NOT_SUPPLIED)
}

fn backed(totals: &Totals, pick: fn(&Backed) -> Option<i128>) -> Value<'static> {
    or_absent(totals.backed.as_ref().and_then(pick), NOT_KNOWN)
}

fn backed_share(totals: &Totals, pick: fn(&Backed) -> Option<Floored>) -> Value<'static> {
    share_or(totals.backed.as_ref().and_then(pick), NOT_KNOWN)
}

/// Figures of the portfolio, a boundary or a site.
pub const TOTALS: [Column<Totals>; 42] = [
    integer("load_wh", |t| Value::Integer(t.load_wh)),
    integer("metered_load_wh", |t| Value::Integer(t.metered_load_wh)),
    integer("contracted_wh", |t| Value::Integer(t.contracted_wh)),
    integer("matched_wh", |t| Value::Integer(t.matched_wh)),
    integer("stored_wh", |t| Value::Integer(t.stored_wh)),
    integer("reissued_wh", |t| Value::Integer(t.reissued_wh)),
    integer("surplus_wh", |t| Value::Integer(t.surplus_wh)),
    integer("unmatched_wh", |t| Value::Integer(t.unmatched_wh)),
    integer("grid_cfe_wh", |t| Value::Integer(t.grid_cfe_wh)),
    share("matched_share", |t| score(t.matched_share)),
    share("cfe_score", |t| share_or(t.cfe_score, without_cfe_score(t))),
    share("annual_share", |t| score(t.annual_share)),
    share("annual_share_capped", |t| score(t.annual_share_capped)),
    share("matched_metered_share", |t| score(t.matched_metered_share)),
    integer("intervals_with_load", |t| count(t.intervals_with_load)),
    integer("intervals_fully_matched", |t| count(t.intervals_fully_matched)),
    integer("location_based_g", |t| grams(t.emissions.location_based_g)),
    integer("market_based_annual_g", |t| grams(t.emissions.market_based_annual_g)),
    integer("market_based_hourly_g", |t| grams(t.emissions.market_based_hourly_g)),
    integer("market_based_hourly_without_legacy_g", |t| grams(t.emissions.market_based_hourly_without_legacy_g)),
    integer("upstream_g", |t| grams(t.emissions.upstream_g)),
    integer("load_measured_wh", |t| Value::Integer(t.quality.load.measured)),
    integer("load_validated_wh", |t| Value::Integer(t.quality.load.validated)),
    integer("load_calculated_wh", |t| Value::Integer(t.quality.load.calculated)),
    integer("load_estimated_wh", |t| Value::Integer(t.quality.load.estimated)),
    integer("load_profiled_wh", |t| Value::Integer(t.quality.load.profiled)),
    integer("load_missing_wh", |t| Value::Integer(t.quality.load.missing)),
    integer("generation_measured_wh", |t| Value::Integer(t.quality.generation.measured)),
    integer("generation_validated_wh", |t| Value::Integer(t.quality.generation.validated)),
    integer("generation_calculated_wh", |t| Value::Integer(t.quality.generation.calculated)),
    integer("generation_estimated_wh", |t| Value::Integer(t.quality.generation.estimated)),
    integer("generation_profiled_wh", |t| Value::Integer(t.quality.generation.profiled)),
    integer("generation_missing_wh", |t| Value::Integer(t.quality.generation.missing)),
    integer("backed_matched_wh", |t| backed(t, |b| b.matched_wh)),
    share("backed_matched_share", |t| backed_share(t, |b| b.matched_share)),
    share("backed_annual_share", |t| backed_share(t, |b| b.annual_share)),
    share("backed_annual_share_capped", |t| backed_share(t, |b| b.annual_share_capped)),
    integer("intervals_fully_backed", |t| {
        backed(t, |b| b.intervals_fully_backed.and_then(|full| i128::try_from(full).ok()))
    }),
    integer("market_based_annual_claimed_wh", |t| backed(t, |b| b.market_based_annual_claimed_wh)),
    integer("market_based_annual_backed_wh", |t| backed(t, |b| b.market_based_annual_wh)),
    integer("market_based_hourly_claimed_wh", |t| backed(t, |b| Some(b.market_based_hourly_claimed_wh))),
    integer("market_based_hourly_backed_wh", |t| backed(t, |b| b.market_based_hourly_wh)),
];

/// Of rulesets that weigh purchases.
pub const PURCHASED: [Column<Totals>; 2] = [
    integer("purchased_wh", |t| or_absent(t.purchased_wh, NOT_COUNTED)),
    integer("storage_losses_wh", |t| or_absent(t.storage_losses_wh, NOT_COUNTED)),
];

/// Of rulesets that count own generation.
pub const SCOPE_1: [Column<Totals>; 3] = [
    integer("scope_1_wh", |t| or_absent(t.scope_1_wh, NOT_COUNTED)),
    share("scope_1_share", |t| t.scope_1_wh.map_or(Value::Absent(NOT_COUNTED), |_| score(t.scope_1_share))),
    integer("scope_1_g", |t| t.emissions.scope_1_g.map_or(Value::Absent(NOT_COUNTED), grams)),
];

/// Before the totals of a boundary.
pub const BOUNDARIES: [Column<BoundaryReport>; 2] =
    [text("boundary", |b| word(&b.id)), text("fallback_tier", |b| words(&b.fallback_tier))];

/// Before the totals of a site.
pub const SITES: [Column<SiteReport>; 5] = [
    text("site", |s| word(&s.id)),
    text("boundary", |s| words(&s.boundaries)),
    text("time_zone", |s| word(s.time_zone.name())),
    text("meter", |s| stated(s.meter.as_ref())),
    share("estimated_share", |s| score(s.estimated_share)),
];

/// What an auditor asks of a site's meter, for a workbook.
pub const METERS: [Column<SiteReport>; 4] = [
    text("accuracy_class", |s| stated(s.accuracy_class.as_ref())),
    share("metered_coverage", |s| score(Floored::new(s.totals.quality.load.metered(), s.totals.metered_load_wh))),
    share("ownership_share", |s| share_or(s.ownership_share, NOT_STATED)),
    text("leased", |s| s.leased.map_or(Value::Absent(NOT_STATED), yes)),
];

pub const CONTRACTS: [Column<ContractReport>; 23] = [
    text("contract", |c| word(&c.id)),
    text("kind", |c| word(c.kind.name())),
    text("boundary", |c| word(&c.boundary)),
    text("technology", |c| word(&c.technology)),
    text("settlement", |c| c.settlement.map_or(Value::Absent(""), |settlement| word(settlement.name()))),
    integer("delivered_wh", |c| Value::Integer(c.delivered_wh)),
    integer("allocated_wh", |c| Value::Integer(c.allocated_wh)),
    integer("stored_wh", |c| Value::Integer(c.stored_wh)),
    integer("surplus_wh", |c| Value::Integer(c.surplus_wh)),
    integer("inventory_allocated_wh", |c| Value::Integer(c.inventory_allocated_wh)),
    integer("inventory_stored_wh", |c| Value::Integer(c.inventory_stored_wh)),
    integer("inventory_surplus_wh", |c| Value::Integer(c.inventory_surplus_wh)),
    integer("ef_mg_per_kwh", |c| Value::Integer(i128::from(c.ef_mg_per_kwh))),
    text("claim", |c| word(c.claim.basis.name())),
    text("registry", |c| stated(c.claim.registry.as_ref())),
    text("beneficiary", |c| stated(c.claim.beneficiary.as_ref())),
    text("commissioned", |c| stated(c.claim.commissioned.as_ref())),
    integer("cancelled_wh", |c| Value::Integer(c.claim.cancelled_wh)),
    integer("held_wh", |c| Value::Integer(c.claim.held_wh)),
    integer("expired_wh", |c| Value::Integer(c.claim.expired_wh)),
    integer("withdrawn_wh", |c| Value::Integer(c.claim.withdrawn_wh)),
    column("statement", Kind::Long, |c| word(&c.claim.statement)),
    integer("backed_wh", |c| or_absent(c.claim.backed_wh, NOT_KNOWN)),
];

/// Whether certificates are of an hour or less, for a workbook.
pub const GRANULAR: [Column<ContractReport>; 1] = [text("granular", |c| yes(c.claim.granular))];

pub const EXCEPTIONS: [Column<ExceptionRow>; 6] = [
    text("code", |e| word(&e.code)),
    text("series", |e| word(&e.series)),
    instant("start", |e| Value::Instant(e.start)),
    instant("end", |e| Value::Instant(e.end)),
    integer("wh", |e| Value::Integer(i128::from(e.wh))),
    column("message", Kind::Long, |e| word(&e.message)),
];

pub const STORAGE: [Column<StorageReport>; 8] = [
    text("id", |s| word(&s.id)),
    text("site", |s| word(&s.site)),
    integer("charge_wh", |s| Value::Integer(s.charge_wh)),
    integer("clean_charge_wh", |s| Value::Integer(s.clean_charge_wh)),
    integer("discharge_wh", |s| Value::Integer(s.discharge_wh)),
    integer("reissued_wh", |s| Value::Integer(s.reissued_wh)),
    integer("opening_wh", |s| Value::Integer(i128::from(s.opening_wh))),
    text("opening_known", |s| yes(s.opening_known)),
];

pub const RECONCILIATIONS: [Column<Reconciliation>; 8] = [
    text("invoice", |r| word(&r.invoice)),
    text("site", |r| word(&r.site)),
    instant("start", |r| Value::Instant(r.start)),
    instant("end", |r| Value::Instant(r.end)),
    integer("invoice_wh", |r| Value::Integer(i128::from(r.invoice_wh))),
    integer("metered_wh", |r| or_absent(r.metered_wh, "not covered")),
    integer("difference_wh", |r| or_absent(r.difference_wh, "not covered")),
    text("outcome", |r| word(r.outcome.name())),
];

pub const RESTATEMENT: [Column<DeltaRow>; 4] = [
    text("scope", |row| words(&row.scope)),
    text("figure", |row| word(row.figure.name())),
    integer("before", |row| figure(&row.before)),
    integer("after", |row| figure(&row.after)),
];

/// An integer as a number; a score keeps its six decimals as text.
pub fn figure(told: &Told) -> Value<'static> {
    match told {
        Told::Integer(integer) => Value::Integer(*integer),
        other => words(other),
    }
}

pub const REVISIONS: [Column<RevisionReport>; 5] = [
    text("recorded", |r| words(r.recorded)),
    text("actor", |r| stated(r.actor.as_ref())),
    integer("readings", |r| Value::Integer(i128::from(r.readings))),
    column("file_sha256", Kind::Long, |r| word(&r.file_sha256)),
    column("reason", Kind::Long, |r| stated(r.reason.as_ref())),
];

pub const FACTORS: [Column<FactorReport>; 7] = [
    text("subject", |f| word(&f.subject)),
    text("what", |f| word(&f.what)),
    text("value", |f| words(f.value)),
    text("basis", |f| word(f.basis.name())),
    text("publication", |f| word(&f.publication)),
    text("year", |f| word(&f.year)),
    text("region", |f| word(&f.region)),
];

/// What the entity states.
pub const STATED: [Column<Fact>; 2] =
    [text("item", |fact| word(fact.name)), column("statement", Kind::Long, |fact| word(&fact.value))];

pub const LIMITATIONS: [Column<String>; 1] = [column("limitation", Kind::Long, |text| word(text))];
