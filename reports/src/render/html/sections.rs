//! The sections that run along time: heat map, average day, months, worst hours.

use super::format::{Energy, NOT_SUPPLIED, count, share};
use super::heat::{STEPS, heat_map_svg};
use super::heat_json::heat_map_json;
use super::hours::{Day, Hour, Sums, by_month, by_wall_hour};
use super::stack::{StackText, average_day_svg, stacked_svg};
use super::table::{Chart, Key, Section, Table, figure, text};
use crate::time::{Zone, format_instant};
use crate::units::{WH_PER_MWH, wh_to_mw};
use std::cmp::Reverse;

const WORST: usize = 10;

/// What the sections along time are made from.
pub struct Timeline<'a> {
    pub days: &'a [Day],
    pub zone: Zone,
    pub energy: Energy,
    /// The grid's carbon-free share was supplied, so hourly CFE scores mean something.
    pub has_grid: bool,
}

const STACK_KEYS: [Key; 3] = [
    Key { class: "km", label: "matched" },
    Key { class: "ku", label: "unmatched (with matched: the load)" },
    Key { class: "ks", label: "surplus, below the line" },
];

pub fn heat_map(line: &Timeline<'_>) -> Section {
    let mut section = Section::new(
        "hours",
        "Every hour of the period",
        format!(
            "Each column is a day in {}, each cell one hour since local midnight; the darker the cell (in dark mode: the \
             lighter), the larger its matched share. Only hours in which nothing is unmatched take the last step.",
            line.zone.name()
        ),
    );
    section.charts.push(Chart {
        class: if line.days.len() > 400 { "scroll vast" } else { "scroll" },
        svg: heat_map_svg(line.days),
        caption: "Matched share of load, portfolio, by local day and hour".into(),
        keys: STEPS.to_vec(),
        data: heat_map_json(line.days),
    });
    let unusual: Vec<String> =
        line.days.iter().filter_map(|day| day.unusual().map(|length| format!("{} ({length})", day.date))).collect();
    if !unusual.is_empty() {
        section.notes.push(format!(
            "Days on which clocks change are marked under the map: {}. They are drawn with as many cells as they have hours.",
            unusual.iter().take(12).cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    section
}

pub fn average_day(line: &Timeline<'_>) -> Section {
    let hours = by_wall_hour(line.days);
    let mean = |pick: fn(&Sums) -> i128| -> Vec<f64> {
        hours.iter().map(|(sums, seconds)| mean_mw(pick(sums), *seconds)).collect()
    };
    let (matched, unmatched, surplus) = (mean(|s| s.matched), mean(|s| s.unmatched), mean(|s| s.surplus));
    let mut table = Table::new(
        "Mean power by local clock hour, portfolio",
        &[
            text("Local hour"),
            figure("Load", "MW"),
            figure("Matched", "MW"),
            figure("Unmatched", "MW"),
            figure("Surplus", "MW"),
            figure("Matched share", ""),
        ],
    )
    .folded("Figures by hour of the day");
    let load = mean(|s| s.load);
    let largest = load.iter().chain(&surplus).copied().fold(0.0, f64::max);
    let decimals = if largest < 0.1 { 6 } else { 3 };
    for (hour, (sums, _)) in hours.iter().enumerate() {
        let mw = |values: &[f64]| format!("{:.decimals$}", values.get(hour).copied().unwrap_or(0.0));
        table.push(
            format!("{hour:02}:00\u{2013}{:02}:00", hour + 1),
            vec![mw(&load), mw(&matched), mw(&unmatched), mw(&surplus), share(sums.matched, sums.load)],
        );
    }
    let mut section = Section::new(
        "day",
        "The average day",
        "Mean power by local clock hour. What stands above the line is the load; what hangs below it was generated when \
         nobody in its boundary needed it.",
    );
    section.charts.push(Chart {
        class: "scroll",
        svg: average_day_svg(&matched, &unmatched, &surplus),
        caption: "Mean MW by local hour, portfolio".into(),
        keys: STACK_KEYS.to_vec(),
        data: String::new(),
    });
    section.tables.push(table);
    section
}

fn mean_mw(wh: i128, seconds: i64) -> f64 {
    if seconds <= 0 {
        return 0.0;
    }
    wh_to_mw(i64::try_from(wh).unwrap_or(i64::MAX), seconds)
}

pub fn months(line: &Timeline<'_>) -> Section {
    let months = by_month(line.days);
    let mut section = Section::new(
        "months",
        "Months",
        "Local calendar months. A month cut by the period counts only its part of it.",
    );
    if months.len() > 1 {
        let form = if months.len() <= 12 { "%b" } else { "%b %y" };
        let labels: Vec<String> = months.iter().map(|(first, _)| first.format(form).to_string()).collect();
        let mwh = |pick: fn(&Sums) -> i128| -> Vec<f64> {
            months.iter().map(|(_, s)| pick(s) as f64 / WH_PER_MWH as f64).collect()
        };
        let about = "Months: matched and unmatched energy above the line, together the load; surplus below the line. \
                     The figures are in the table after the chart.";
        section.charts.push(Chart {
            class: "scroll",
            svg: stacked_svg(
                StackText { id: "month", about, unit: "MWh" },
                &labels,
                &mwh(|s| s.matched),
                &mwh(|s| s.unmatched),
                &mwh(|s| s.surplus),
            ),
            caption: "MWh by local month, portfolio".into(),
            keys: STACK_KEYS.to_vec(),
            data: String::new(),
        });
    }
    let mut table = Table::new(
        "Energy and shares by local month, portfolio",
        &[
            text("Month"),
            figure("Load", "MWh"),
            figure("Matched", "MWh"),
            figure("Unmatched", "MWh"),
            figure("Surplus", "MWh"),
            figure("Matched share", ""),
            figure("CFE score", ""),
            figure("Volumetric share", ""),
        ],
    );
    for (first, sums) in &months {
        let cfe = if line.has_grid { share(sums.matched + sums.grid_cfe, sums.load) } else { NOT_SUPPLIED.into() };
        table.push(
            first.format("%B %Y").to_string(),
            vec![
                line.energy.up(sums.load),
                line.energy.down(sums.matched),
                line.energy.up(sums.unmatched),
                line.energy.down(sums.surplus),
                share(sums.matched, sums.load),
                cfe,
                share(sums.contracted, sums.load),
            ],
        );
    }
    section.tables.push(table);
    section
}

pub fn worst_hours(line: &Timeline<'_>) -> Section {
    let mut hours: Vec<&Hour> =
        line.days.iter().flat_map(|day| &day.hours).filter(|hour| hour.sums.unmatched > 0).collect();
    let all = hours.len();
    hours.sort_by_key(|hour| (Reverse(hour.sums.unmatched), hour.start_s));
    let mut table = Table::new(
        "Hours with the most unmatched energy, largest first, ties earliest first",
        &[
            text("Local time"),
            text("UTC"),
            figure("Load", "MWh"),
            figure("Matched", "MWh"),
            figure("Unmatched", "MWh"),
            figure("Matched share", ""),
        ],
    );
    for hour in hours.iter().take(WORST) {
        table.push(
            line.zone.label(hour.start_s),
            vec![
                format_instant(hour.start_s),
                line.energy.up(hour.sums.load),
                line.energy.down(hour.sums.matched),
                line.energy.up(hour.sums.unmatched),
                share(hour.sums.matched, hour.sums.load),
            ],
        );
    }
    let lede = match all {
        0 => "No hour has unmatched load.".to_string(),
        _ => format!("{} hours have some unmatched load. These weigh most.", count(all)),
    };
    let mut section = Section::new("worst", "Worst hours", lede);
    if all > 0 {
        section.tables.push(table);
    }
    section
}
