//! `profile = { ... }` of a contract: the plant from a regional series.

use super::common::{DeValue, Table};
use super::known::Known;
use crate::clock::parse_bound;
use reports::definitions::ProfileDef;
use reports::series::name::kind_of;
use reports::time::{Grid, Instant, Interval, Zone};

pub(super) fn read(mut table: Table<'_, '_>, known: &Known<'_>) -> Option<ProfileDef> {
    let series = table.needed_string("series");
    let mean_mw = table.needed_number("mean_mw");
    let over = over(&mut table, known);
    if let Some((name, at)) = &series {
        match kind_of(name) {
            Err(error) => table.file.refuse(*at, error.to_string(), "write grid/<boundary>/solar"),
            Ok(_) if !name.starts_with("grid/") => {
                let what = format!("profile series `{name}` is not a grid series");
                table.file.refuse(*at, what, "write grid/<boundary>/solar or /wind");
            }
            Ok(_) => {
                let boundary = name.split('/').nth(1).unwrap_or("");
                if !known.boundaries.contains(boundary) {
                    let what = format!("profile series `{name}` names boundary `{boundary}`, which is not defined");
                    table.file.refuse(*at, what, "define it or correct the name");
                }
            }
        }
    }
    table.close();
    Some(ProfileDef { series: series?.0, mean_w: (mean_mw? * 1e6).round() as i64, over: over? })
}

/// `over = "2022"`, a UTC year, or `over = ["2022-01-01T00:00:00Z", "2023-01-01T00:00:00Z"]`.
fn over(table: &mut Table<'_, '_>, known: &Known<'_>) -> Option<Interval> {
    let at = table.at_key("over");
    let hint = "write over = \"2022\" (a UTC year) or over = [\"2022-01-01T00:00:00Z\", \"2023-01-01T00:00:00Z\"]";
    let span = match table.value("over") {
        Some(DeValue::String(year)) => {
            year.parse::<i32>().ok().filter(|y| (1971..=9998).contains(y) && year.len() == 4).and_then(|y| {
                let first = |y: i32| chrono::NaiveDate::from_ymd_opt(y, 1, 1).map(|d| Zone::UTC.day_start(d));
                Interval::new(first(y)?, first(y + 1)?).ok()
            })
        }
        Some(DeValue::Array(bounds)) => {
            let bound = |text: &str| parse_bound(text, Instant::FIRST, known.time.zone, known.time.resolution).ok();
            match bounds.iter().filter_map(|bound| bound.get_ref().as_str()).collect::<Vec<_>>()[..] {
                [start, end] => bound(start).zip(bound(end)).and_then(|(start, end)| Interval::new(start, end).ok()),
                _ => None,
            }
        }
        _ => None,
    };
    match span {
        None => {
            table.file.refuse(at, "profile: `over` is missing or is not a period", hint);
            None
        }
        Some(span) if Grid::over(span, known.time.resolution).is_err() => {
            let what = format!("profile: `over` {} does not lie on the resolution's grid", span.start);
            table.file.refuse(at, what, hint);
            None
        }
        span => span,
    }
}
