//! What takes more than the sheets to work out: audited figures of the portfolio, each with its field and its unit.

use super::sheet::{put, total};
use super::styles;
use crate::figures::{Cut, NOT_APPLICABLE, mass_decimals, plain_mwh};
use crate::names::Names;
use crate::records::{Value, word};
use reports::quality::Quality;
use reports::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::borrow::Cow;

/// The columns of the first sheet.
pub(super) const NAME: u16 = 0;
pub(super) const LIVE: u16 = 1;
pub(super) const AUDITED: u16 = 2;
pub(super) const CHECK: u16 = 3;
pub(super) const FIELD: u16 = 4;
pub(super) const HOW: u16 = 5;

const WH: &str = "Wh";
const SHARE: &str = "share, floored";
/// The sheets Boundaries and Sites have these totals, too, each rounded up by itself: they need not add up to these.
const EMISSIONS: &str = "g CO2e, the exact sum rounded up once. No formula: factors are by interval and stand in the \
                         evidence pack, not on these sheets";

/// Fields of the totals, but for what cancelled certificates back.
fn fields(names: Names) -> [(&'static str, &'static str, &'static str); 11] {
    [
        (
            "Matched share, metered only",
            "matched_metered_share",
            "share, floored: matched energy that is neither estimated nor profiled, over all load, estimates included",
        ),
        ("Location-based", "location_based_g", EMISSIONS),
        (names.market_based(), "market_based_annual_g", EMISSIONS),
        ("Market-based, hourly (draft)", "market_based_hourly_g", EMISSIONS),
        ("Market-based, hourly (draft), without legacy", "market_based_hourly_without_legacy_g", EMISSIONS),
        ("Upstream, Scope 3", "upstream_g", EMISSIONS),
        ("Purchased, what inventories weigh", "purchased_wh", WH),
        ("Storage losses, purchased but no load", "storage_losses_wh", WH),
        ("Own generation, Scope 1", "scope_1_wh", WH),
        ("Load served by own generation, Scope 1", "scope_1_share", SHARE),
        ("Emissions of own generation, Scope 1", "scope_1_g", EMISSIONS),
    ]
}

/// What cancelled certificates back; that of the matched energy stands above, live.
const BACKED: [(&str, &str, &str); 8] = [
    ("Backed by cancelled certificates: of the matched share", "backed_matched_share", SHARE),
    ("Backed: of the volumetric share over the period", "backed_annual_share", SHARE),
    ("Backed: of the same, capped", "backed_annual_share_capped", SHARE),
    ("Intervals backed in full", "intervals_fully_backed", "intervals"),
    ("Market-based over the period: counted under contracts", "market_based_annual_claimed_wh", WH),
    ("Of that backed", "market_based_annual_backed_wh", WH),
    ("Market-based, hourly (draft): counted under contracts", "market_based_hourly_claimed_wh", WH),
    ("Of that backed", "market_based_hourly_backed_wh", WH),
];

/// A figure's name, its field, what it is, and its unit.
type Line<'a> = (Cow<'static, str>, Cow<'static, str>, Value<'a>, &'static str);

/// The heads of the columns.
pub(super) fn heads(sheet: &mut Worksheet, row: u32, names: [&str; 6]) -> Result<(), XlsxError> {
    for (col, name) in (NAME..).zip(names) {
        put(sheet, row, col, word(name), Some(&styles::HEADER))?;
    }
    Ok(())
}

/// A name and a text beside it.
pub(super) fn pair(sheet: &mut Worksheet, row: u32, name: &str, text: &str) -> Result<(), XlsxError> {
    put(sheet, row, NAME, word(name), Some(&styles::LABEL))?;
    put(sheet, row, LIVE, word(text), None)
}

pub(super) fn draw(sheet: &mut Worksheet, header: u32, report: &Report) -> Result<(), XlsxError> {
    let names = ["Audited, not recomputed here", "In tonnes, rounded up", "As audited", "", "Field", "Unit"];
    heads(sheet, header, names)?;
    for (row, (name, field, value, how)) in (header + 1..).zip(lines(report)) {
        put(sheet, row, NAME, word(&name), Some(&styles::LABEL))?;
        if let Value::Integer(grams) = value
            && how == EMISSIONS
        {
            let tonnes = format!("{} t CO2e", plain_mwh(grams, mass_decimals(grams), Cut::Up));
            put(sheet, row, LIVE, word(&tonnes), Some(&styles::RIGHT))?;
        }
        let format = styles::of_value(&value);
        put(sheet, row, AUDITED, value, Some(format))?;
        put(sheet, row, FIELD, word(&field), None)?;
        put(sheet, row, HOW, word(how), None)?;
    }
    Ok(())
}

fn lines(report: &Report) -> Vec<Line<'_>> {
    let totals = &report.portfolio;
    let known = |(name, field, how): (&'static str, &'static str, &'static str)| -> Option<Line<'_>> {
        Some((name.into(), field.into(), total(totals, field)?, how))
    };
    let mut lines: Vec<Line<'_>> = fields(Names::new(report)).into_iter().filter_map(known).collect();
    let coverage = report.disclosure.metered_coverage.map_or(Value::Absent(NOT_APPLICABLE), Value::Share);
    lines.insert(1, ("Load that is metered".into(), "metered_coverage".into(), coverage, SHARE));
    if totals.backed.is_some() {
        lines.extend(BACKED.into_iter().filter_map(known));
    }
    lines.extend(unmatched(report));
    for what in ["load", "generation"] {
        for tier in Quality::NAMES {
            let (name, field) = (format!("Quality of {what}: {tier}"), format!("quality.{what}.{tier}"));
            let value = total(totals, &format!("{what}_{tier}_wh"));
            lines.extend(value.map(|value| -> Line<'_> { (name.into(), field.into(), value, WH) }));
        }
    }
    lines
}

/// Why load went unmatched, where the report tells.
fn unmatched(report: &Report) -> Vec<Line<'static>> {
    let Some(parts) = &report.unmatched else { return Vec::new() };
    let rows = [
        ("own generation that is not carbon-free", "own_generation_wh", parts.own_generation_wh),
        ("contracted elsewhere in the hour", "elsewhere_wh", parts.elsewhere_wh),
        ("contracted at other hours", "other_hours_wh", parts.other_hours_wh),
        ("never contracted", "never_contracted_wh", parts.never_contracted_wh),
    ];
    let line = |(why, field, wh): (&str, &str, i128)| -> Line<'static> {
        let (name, field) = (format!("Unmatched: {why}"), format!("unmatched.{field}"));
        (name.into(), field.into(), Value::Integer(wh), "Wh; the parts add up to what is unmatched")
    };
    rows.map(line).into()
}
