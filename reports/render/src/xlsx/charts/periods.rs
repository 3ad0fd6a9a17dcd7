//! Energy, scores and targets by local month, or by day of a short period: a sheet, and the charts of its columns.

use super::draw::{Look, Numbers, Plot, Series, stacked};
use crate::captions;
use crate::content::stretches::{Stretches, mark_note};
use crate::content::{Scope, View};
use crate::english;
use crate::figures::{NOT_SUPPLIED, share_hundredths};
use crate::hours::Sums;
use crate::page_one::Target;
use crate::palette;
use crate::records::{Kind, Value, word};
use crate::xlsx::sheet::{Column, Sheet, percent, put, put_formula};
use crate::xlsx::styles;
use reports::ruleset::Headline;
use reports::units::WH_PER_MWH;
use rust_xlsxwriter::utility::cell_range;
use rust_xlsxwriter::{Worksheet, XlsxError};

type Part = fn(&Sums) -> i128;

/// Energy columns, from [`LOAD`] on.
const ENERGY: [(&str, Part); 5] = [
    ("Load, MWh", |sums| sums.load),
    ("Contracted, MWh", |sums| sums.contracted),
    ("Matched, MWh", |sums| sums.matched),
    ("Unmatched, MWh", |sums| sums.unmatched),
    ("Surplus, MWh", |sums| sums.surplus),
];
const LOAD: u16 = 1;
const MATCHED: u16 = 3;
const UNMATCHED: u16 = 4;
const MATCHED_SHARE: u16 = 6;
const CFE_SCORE: u16 = 7;
const BELOW: u16 = 8;
const TARGETS: u16 = 9;
/// Names that fit under the axis side by side.
const NAMES: usize = 12;

const BLANK: &str =
    "MWh are exact; Wh stand on the sheet Intervals. Shares are rounded down; blank where there is no load.";

fn columns(stretches: &Stretches<'_>, targets: &[&Target]) -> Vec<Column> {
    let mut columns = vec![(stretches.head(), Kind::Text)];
    columns.extend(ENERGY.map(|(name, _)| (name, Kind::Decimal)));
    columns.extend(["Matched share", "CFE score"].map(|name| (name, Kind::Percent)));
    columns.push(("Surplus, below the line, MWh", Kind::Decimal));
    let name = |target: &&Target| if target.cfe_score { "Target: CFE score" } else { "Target: matched share" };
    columns.extend(targets.iter().map(|target| (name(target), Kind::Percent)));
    columns
}

/// The sheet, the chart of scores against targets and that of energy.
pub(super) fn sheet(
    view: &View<'_>,
    stretches: &Stretches<'_>,
    targets: &[&Target],
) -> Result<(Worksheet, Vec<Plot>), XlsxError> {
    let scope = stretches.scope;
    let name = if stretches.daily { "By day" } else { "By month" };
    let caption = captions::balance_table(stretches.word(), &scope.name);
    let mark = mark_note(scope);
    let notes: Vec<&str> = [caption.as_str(), BLANK].into_iter().chain(mark.as_deref()).collect();
    let mut sheet = Sheet::begin(name, &notes, &columns(stretches, targets))?;
    let first = sheet.after();
    for (date, sums) in &stretches.sums {
        sheet.row(cells(&stretches.label(*date), sums, scope, targets))?;
    }
    let last = sheet.after().saturating_sub(1).max(first);
    total(&mut sheet, (first, last), stretches)?;
    let rows = (first, last);
    let plots = vec![scores(name, rows, view, stretches, targets), energy(name, rows, stretches)];
    Ok((sheet.finish("The period has no intervals.")?, plots))
}

fn cells<'a>(label: &'a str, sums: &Sums, scope: &Scope<'_>, targets: &[&Target]) -> Vec<Value<'a>> {
    let cfe = match scope.totals.cfe_score {
        Some(_) => percent(sums.matched + sums.grid_cfe, sums.load),
        None => word(NOT_SUPPLIED),
    };
    let mut cells = vec![word(label)];
    cells.extend(ENERGY.map(|(_, part)| Value::Number(mwh(part(sums)))));
    cells.extend([percent(sums.matched, sums.load), cfe, Value::Number(mwh(-sums.surplus))]);
    cells.extend(targets.iter().map(|target| percent(target.hundredths, 10_000)));
    cells
}

fn mwh(wh: i128) -> f64 {
    wh as f64 / WH_PER_MWH as f64
}

/// Sums of the energy columns, past what the filter sorts.
fn total(sheet: &mut Sheet, (first, last): (u32, u32), stretches: &Stretches<'_>) -> Result<(), XlsxError> {
    let row = sheet.after();
    put(sheet.inner(), row, 0, word("Total"), Some(&styles::TOTAL_LABEL))?;
    for (column, (_, part)) in (LOAD..).zip(ENERGY) {
        let sum = mwh(stretches.sums.iter().map(|(_, sums)| part(sums)).sum());
        let formula = format!("=SUM({})", cell_range(first, column, last, column));
        put_formula(sheet.inner(), row, column, &formula, &sum.to_string(), &styles::TOTAL_DECIMAL)?;
    }
    Ok(())
}

/// Scores as lines, the ruleset's headline first, and each target as a dashed one.
fn scores(
    sheet: &'static str,
    rows: (u32, u32),
    view: &View<'_>,
    stretches: &Stretches<'_>,
    targets: &[&Target],
) -> Plot {
    let scope = stretches.scope;
    let line = |name: &str, column: u16, look: Look| Series { name: name.to_string(), column, look };
    let mut series = vec![line("Matched share", MATCHED_SHARE, Look::MATCHED_SHARE)];
    if scope.totals.cfe_score.is_some() {
        let first = if view.report.ruleset.headline == Headline::CfeScore { 0 } else { 1 };
        series.insert(first, line("CFE score", CFE_SCORE, Look::CFE_SCORE));
    }
    let names: Vec<&str> = series.iter().map(|series| series.name.as_str()).collect();
    let aims = match targets.len() {
        0 => "",
        1 => " against the target",
        _ => " against the targets",
    };
    let title = format!("{} by local {}{aims}, {}", names.join(" and "), stretches.word(), scope.name);
    let about = format!("{title}. {} Figures: sheet {sheet}.", range(stretches));
    for (column, target) in (TARGETS..).zip(targets) {
        let name = format!("Target: {} {}", english::percent_of(target.hundredths), target.aim());
        let look = Look::Target(if target.cfe_score { palette::STORED } else { palette::MATCHED });
        series.push(Series { name, column, look });
    }
    let (across, every) = axis(stretches);
    Plot { title, about, across, up: "Share of load, %", numbers: Numbers::Shares, sheet, rows, every, series }
}

/// Between which values the matched share lies, in words.
fn range(stretches: &Stretches<'_>) -> String {
    let shares = || stretches.sums.iter().filter_map(|(_, sums)| share_hundredths(sums.matched, sums.load));
    match shares().min().zip(shares().max()) {
        Some((least, most)) if least != most => {
            format!("Matched share from {} to {}.", english::percent_of(least), english::percent_of(most))
        }
        Some((same, _)) => format!("Matched share {}.", english::percent_of(same)),
        None => "No load.".to_string(),
    }
}

/// Matched and unmatched above the line, together the load; surplus below.
fn energy(sheet: &'static str, rows: (u32, u32), stretches: &Stretches<'_>) -> Plot {
    let title = captions::balance(stretches.word(), &stretches.scope.name);
    let about = format!("{title}. {} Figures: sheet {sheet}.", captions::BALANCE_ABOUT);
    let highest = stretches.sums.iter().map(|(_, sums)| mwh(sums.load.max(sums.surplus))).fold(0.0, f64::max);
    let (across, every) = axis(stretches);
    let series = stacked([MATCHED, UNMATCHED, BELOW]);
    Plot { title, about, across, up: "MWh", numbers: Numbers::Stack(highest), sheet, rows, every, series }
}

/// The title of the time axis, and how many of its names share a place.
fn axis(stretches: &Stretches<'_>) -> (String, u16) {
    let every = stretches.sums.len().div_ceil(NAMES).max(1);
    (format!("{} in {}", stretches.head(), stretches.scope.zone.name()), u16::try_from(every).unwrap_or(u16::MAX))
}
