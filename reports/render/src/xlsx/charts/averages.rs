//! The average day by local clock hour: a sheet, and the chart of its columns.

use super::draw::{Numbers, Plot, stacked};
use crate::captions;
use crate::content::Scope;
use crate::content::averages::mean_mw;
use crate::content::heat_table::hour_name;
use crate::hours::by_wall_hour;
use crate::records::{Kind, Value, word};
use crate::xlsx::sheet::{Column, Sheet, percent};
use rust_xlsxwriter::{Worksheet, XlsxError};

const NAME: &str = "By hour";
const COLUMNS: [Column; 7] = [
    ("Local hour", Kind::Text),
    ("Load, MW", Kind::Decimal),
    ("Matched, MW", Kind::Decimal),
    ("Unmatched, MW", Kind::Decimal),
    ("Surplus, MW", Kind::Decimal),
    ("Matched share", Kind::Percent),
    ("Surplus, below the line, MW", Kind::Decimal),
];
const MATCHED: u16 = 2;
const UNMATCHED: u16 = 3;
const BELOW: u16 = 6;

const BLANK: &str = "Shares are rounded down; blank where there is no load, and where the period has no such hour.";

pub(super) fn sheet(scope: &Scope<'_>) -> Result<(Worksheet, Plot), XlsxError> {
    let caption = format!("Mean power by local clock hour, {}, in {}", scope.name, scope.zone.name());
    let mut sheet = Sheet::begin(NAME, &[caption.as_str(), BLANK], &COLUMNS)?;
    let first = sheet.after();
    let mut highest = 0.0_f64;
    for (hour, (sums, seconds)) in by_wall_hour(&scope.days).iter().enumerate() {
        let mw = |wh: i128| -> Value<'static> {
            if *seconds > 0 { Value::Number(mean_mw(wh, *seconds)) } else { Value::Absent("") }
        };
        sheet.row([
            word(&hour_name(hour)),
            mw(sums.load),
            mw(sums.matched),
            mw(sums.unmatched),
            mw(sums.surplus),
            percent(sums.matched, sums.load),
            mw(-sums.surplus),
        ])?;
        highest = highest.max(mean_mw(sums.load.max(sums.surplus), *seconds));
    }
    let last = sheet.after().saturating_sub(1).max(first);
    let title = captions::day(scope.zone.name(), &scope.name);
    let about = format!("{title}. {} Figures: sheet {NAME}.", captions::DAY_ABOUT);
    let plot = Plot {
        title,
        about,
        across: format!("Hour in {}", scope.zone.name()),
        up: "MW",
        numbers: Numbers::Stack(highest),
        sheet: NAME,
        rows: (first, last),
        every: 3,
        series: stacked([MATCHED, UNMATCHED, BELOW]),
    };
    Ok((sheet.finish("The period has no intervals.")?, plot))
}
