//! What runs along time: heat map, duration curve, average day, matched against surplus, worst hours.

use super::curve;
use super::doubt::MARK;
use super::english;
use super::format::NOT_SUPPLIED;
use super::heat::{STEPS, heat_map_marked};
use super::heat_json::heat_map_json;
use super::heat_table::heat_table;
use super::hours::Hour;
use super::stack::{Parts, stacked};
use super::stretches::{Stretches, mark_note};
use super::svg::Words;
use super::table::{Chart, Key, Section, Table, figure, text};
use super::view::{Scope, View};
use crate::captions;
use reports::time::format_instant;
use reports::units::WH_PER_MWH;
use std::cmp::Reverse;

const WORST: usize = 10;

pub const STACK_KEYS: [Key; 3] = [
    Key { class: "km", label: captions::MATCHED },
    Key { class: "ku", label: captions::UNMATCHED },
    Key { class: "ks", label: captions::SURPLUS },
];

pub fn heat_section(view: &View<'_>, scope: &Scope<'_>) -> Section {
    let mut section = Section::new(
        "hours",
        captions::HEAT,
        format!(
            "Each column is a day in {}, each cell an hour of its clock; the darker the cell (in dark mode: the lighter), \
             the larger its matched share. Only hours in which nothing is unmatched take the last step.",
            view.zone.name()
        ),
    );
    section.charts.push(heat_chart(scope, true));
    let unusual: Vec<String> = scope
        .days
        .iter()
        .filter_map(|day| day.unusual().map(|length| format!("{} ({length})", english::numeric_date(day.date))))
        .take(12)
        .collect();
    if !unusual.is_empty() {
        section.notes.push(format!(
            "Days on which clocks change are marked under the map: {}. An hour the clock skips is left blank; one it \
             repeats has a cell of its own in the row \u{201c}again\u{201d}.",
            unusual.join(", ")
        ));
    }
    section
}

/// The map; `hover` adds the data that a script reads out cell by cell.
pub fn heat_chart(scope: &Scope<'_>, hover: bool) -> Chart {
    let caption = format!("Matched share of load, {}, by day and hour in {}", scope.name, scope.zone.name());
    Chart {
        class: if scope.days.len() > 400 { "scroll vast" } else { "scroll" },
        svg: heat_map_marked(&scope.days, (&scope.id("heat"), &caption), &scope.doubted),
        caption,
        keys: heat_keys(scope),
        data: if hover { heat_map_json(&scope.days) } else { String::new() },
        tables: vec![heat_table(scope)],
    }
}

/// The steps, and the bar over days in doubt where there are any.
fn heat_keys(scope: &Scope<'_>) -> Vec<Key> {
    let mut keys = STEPS.to_vec();
    if !scope.doubted.is_empty() {
        keys.push(Key { class: "kd", label: "bar above: a day with estimated, missing or suspect data" });
    }
    keys
}

pub fn curve_section(scope: &Scope<'_>) -> Section {
    let mut section = Section::new(
        "duration",
        "Duration curve of the matched share",
        "All intervals with load from the best matched to the worst. The flat part at the top is what is fully matched; \
         where the line meets the floor nothing is.",
    );
    let shares = curve::shares(&scope.slots);
    let caption = format!("Matched share by part of the intervals with load, {}", scope.name);
    section.charts.push(Chart {
        class: "scroll",
        svg: curve::curve_svg(&scope.id("curve"), &caption, &shares),
        caption,
        keys: Vec::new(),
        data: String::new(),
        tables: vec![curve::levels(&shares)],
    });
    section
}

fn balance_table(view: &View<'_>, scope: &Scope<'_>) -> Table {
    let stretches = Stretches::new(scope);
    let energy = view.energy;
    let mut table = Table::new(
        captions::balance_table(stretches.word(), &scope.name),
        [
            text(stretches.head()),
            figure("Load", "MWh"),
            figure("Contracted", "MWh"),
            figure("Matched", "MWh"),
            figure("Unmatched", "MWh"),
            figure("Surplus", "MWh"),
            figure("Matched share", ""),
            figure("CFE score", ""),
        ],
    );
    for (date, sums) in &stretches.sums {
        let cfe = match scope.totals.cfe_score {
            Some(_) => english::share(sums.matched + sums.grid_cfe, sums.load),
            None => NOT_SUPPLIED.into(),
        };
        table.push(
            stretches.label(scope, *date),
            vec![
                energy.up(sums.load),
                energy.down(sums.contracted),
                energy.down(sums.matched),
                energy.up(sums.unmatched),
                energy.down(sums.surplus),
                english::share(sums.matched, sums.load),
                cfe,
            ],
        );
    }
    table
}

/// Matched against surplus, by day or month.
pub fn balance_section(view: &View<'_>, scope: &Scope<'_>) -> Section {
    let mut section = Section::new(
        "balance",
        captions::BALANCE,
        "Above the line the load, below it what was contracted in hours that did not need it. A month cut by the period \
         counts only its part of it.",
    );
    section.notes.extend(mark_note(scope));
    let stretches = Stretches::new(scope);
    let labels: Vec<String> = stretches.sums.iter().map(|(date, _)| stretches.short_label(scope, *date)).collect();
    let mwh = |wh: i128| wh as f64 / WH_PER_MWH as f64;
    let columns: Vec<Parts> =
        stretches.sums.iter().map(|(_, s)| [mwh(s.matched), mwh(s.unmatched), mwh(s.surplus)]).collect();
    let title = captions::balance(stretches.word(), &scope.name);
    let id = scope.id("balance");
    let words = Words { id: &id, title: &title, desc: captions::BALANCE_ABOUT };
    section.charts.push(Chart {
        class: "scroll",
        svg: stacked(words, "MWh", &labels, &columns),
        caption: title.clone(),
        keys: STACK_KEYS.to_vec(),
        data: String::new(),
        tables: vec![balance_table(view, scope)],
    });
    section
}

pub fn worst_hours(view: &View<'_>, scope: &Scope<'_>) -> Section {
    let mut hours: Vec<&Hour> =
        scope.days.iter().flat_map(|day| &day.hours).filter(|hour| hour.sums.unmatched > 0).collect();
    let all = hours.len();
    hours.sort_by_key(|hour| (Reverse(hour.sums.unmatched), hour.start_s));
    let mut table = Table::new(
        "Hours with the most unmatched energy, largest first, ties earliest first",
        [
            text("Local time"),
            text("UTC"),
            figure("Load", "MWh"),
            figure("Matched", "MWh"),
            figure("Unmatched", "MWh"),
            figure("Matched share", ""),
        ],
    );
    for hour in hours.iter().take(WORST) {
        let in_doubt = scope.doubt.touches(hour.start_s, hour.start_s + hour.duration_s);
        let mark = if in_doubt { MARK } else { "" };
        table.push(
            view.zone.label(hour.start_s) + mark,
            vec![
                format_instant(hour.start_s),
                view.energy.up(hour.sums.load),
                view.energy.down(hour.sums.matched),
                view.energy.up(hour.sums.unmatched),
                english::share(hour.sums.matched, hour.sums.load),
            ],
        );
    }
    let lede = match all {
        0 => "No hour has unmatched load.".to_string(),
        1 => "One hour has some unmatched load.".to_string(),
        _ => format!("{} hours have some unmatched load. These weigh most.", english::count(all)),
    };
    let mut section = Section::new("worst", "Worst hours", lede);
    if all > 0 {
        section.tables.push(table);
        section.notes.extend(mark_note(scope));
    }
    section
}
