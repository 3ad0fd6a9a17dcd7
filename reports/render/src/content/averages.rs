//! The average day: over the whole period, and month by month.

use super::along::stack_chart;
use super::blocks::{Chart, Section, Table, figure, text};
use super::heat_table::hour_name;
use super::view::Scope;
use crate::captions;
use crate::charts::axis::Parts;
use crate::charts::multiples::{Panel, multiples};
use crate::charts::stack::stacked;
use crate::english;
use crate::hours::{Sums, WallHours, by_month_and_hour, by_wall_hour};
use chrono::Datelike;
use reports::units::wh_to_mw;

/// One of the sums that a bar is made of.
type Part = fn(&Sums) -> i128;

pub fn average_day(scope: &Scope<'_>) -> Section {
    let section = Section::new(
        "day",
        captions::DAY,
        "Mean power by local clock hour. What stands above the line is the load; what hangs below it was generated when \
         nobody in its boundary needed it.",
    );
    section.with_chart(day_chart(scope))
}

pub fn day_chart(scope: &Scope<'_>) -> Chart {
    let hours = by_wall_hour(&scope.days);
    let labels: Vec<String> = (0..hours.len()).map(|hour| format!("{hour:02}")).collect();
    let words = (captions::day(scope.zone.name(), &scope.name), captions::DAY_ABOUT);
    stack_chart(scope.id("day"), stacked("MW", &labels, &parts_of(&hours)), words, vec![day_table(scope, &hours)])
}

fn parts_of(hours: &WallHours) -> Vec<Parts> {
    hours.iter().map(|(s, seconds)| [s.matched, s.unmatched, s.surplus].map(|wh| mean_mw(wh, *seconds))).collect()
}

/// 0 where nothing is covered.
pub fn mean_mw(wh: i128, seconds: i64) -> f64 {
    if seconds > 0 { wh_to_mw(i64::try_from(wh).unwrap_or(i64::MAX), seconds) } else { 0.0 }
}

/// Decimals that tell the means of these hours apart.
fn decimals(hours: &[WallHours]) -> usize {
    let means = hours.iter().flatten().map(|(s, seconds)| mean_mw(s.load.max(s.surplus), *seconds));
    if means.fold(0.0, f64::max) < 0.1 { 6 } else { 3 }
}

fn day_table(scope: &Scope<'_>, hours: &WallHours) -> Table {
    let decimals = decimals(std::slice::from_ref(hours));
    let mw = |wh: i128, seconds: i64| english::float(mean_mw(wh, seconds), decimals);
    let rows: Vec<(usize, Sums, i64)> = hours.iter().enumerate().map(|(hour, (sums, s))| (hour, *sums, *s)).collect();
    Table::listing(
        format!("Mean power by local clock hour, {}", scope.name),
        &rows,
        &[
            (text("Local hour"), &|(hour, ..)| hour_name(*hour)),
            (figure("Load", "MW"), &|(_, sums, s)| mw(sums.load, *s)),
            (figure("Matched", "MW"), &|(_, sums, s)| mw(sums.matched, *s)),
            (figure("Unmatched", "MW"), &|(_, sums, s)| mw(sums.unmatched, *s)),
            (figure("Surplus", "MW"), &|(_, sums, s)| mw(sums.surplus, *s)),
            (figure("Matched share", ""), &|(_, sums, _)| english::share(sums.matched, sums.load)),
        ],
    )
}

/// The average day of each month; nothing for a period within one.
pub fn by_month(scope: &Scope<'_>) -> Option<Section> {
    let months = by_month_and_hour(&scope.days);
    if months.len() < 2 {
        return None;
    }
    let years = months.first().map(|(date, _)| date.year()) != months.last().map(|(date, _)| date.year());
    let names: Vec<String> = months
        .iter()
        .map(|(date, _)| match english::short_month(*date) {
            month if years => format!("{month} {}", date.year()),
            month => month,
        })
        .collect();
    let hours: Vec<WallHours> = months.into_iter().map(|(_, hours)| hours).collect();
    let panels: Vec<Panel> =
        names.iter().zip(&hours).map(|(name, hours)| Panel { name: name.clone(), hours: parts_of(hours) }).collect();
    let section = Section::new(
        "seasons",
        "The average day, month by month",
        "All panels share one scale, so that seasons compare. Where the period is longer than twelve months, months of \
         one name count together under the first of them.",
    );
    let caption = format!("Mean MW by hour in {} in each month, {}", scope.zone.name(), scope.name);
    let about = "A panel for each month: matched and unmatched mean power by local clock hour above the line, together the \
                 load; surplus below the line.";
    let (scene, tables) = (multiples("MW", &panels), month_tables(&names, &hours));
    Some(section.with_chart(stack_chart(scope.id("seasons"), scene, (caption, about), tables)))
}

/// A table for each part: hours down, months across.
fn month_tables(names: &[String], hours: &[WallHours]) -> Vec<Table> {
    let decimals = decimals(hours);
    let parts: [(&str, Part); 3] =
        [("Matched", |s| s.matched), ("Unmatched", |s| s.unmatched), ("Surplus", |s| s.surplus)];
    parts
        .iter()
        .map(|(part, pick)| {
            let columns = std::iter::once(text("Local hour")).chain(names.iter().map(|name| figure(name.as_str(), "")));
            let mut table = Table::new(format!("{part}: mean MW by local clock hour and month"), columns);
            for hour in 0..24 {
                let cell = |month: &WallHours| {
                    month
                        .get(hour)
                        .map_or_else(String::new, |(s, sec)| english::float(mean_mw(pick(s), *sec), decimals))
                };
                table.push(hour_name(hour), hours.iter().map(cell).collect());
            }
            table
        })
        .collect()
}
