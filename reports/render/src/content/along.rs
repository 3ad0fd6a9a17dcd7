//! What runs along time: heat map, duration curve, matched against surplus, worst hours.

use super::blocks::{Chart, Drawing, Print, Section, Table, figure, text};
use super::doubt::MARK;
use super::heat_table::heat_table;
use super::stretches::{Stretches, mark_note};
use super::view::{Scope, View};
use crate::captions;
use crate::charts::axis::Parts;
use crate::charts::heat::{self, Key, STEPS};
use crate::charts::scene::{Paint, Scene};
use crate::charts::{curve, stack};
use crate::english;
use crate::figures::NOT_SUPPLIED;
use crate::hours::{Day, Hour};
use reports::units::WH_PER_MWH;
use std::cmp::Reverse;

const WORST: usize = 10;
/// Clock changes spelt out below a map.
const CLOCKS: usize = 8;

const STACK_KEYS: [Key; 3] = [
    Key { paint: Paint::Matched, label: captions::MATCHED },
    Key { paint: Paint::Unmatched, label: captions::UNMATCHED },
    Key { paint: Paint::Surplus, label: captions::SURPLUS },
];

/// A chart of columns of matched and unmatched above a line, surplus below it.
pub fn stack_chart(id: String, scene: Scene, (caption, about): (String, &str), tables: Vec<Table>) -> Chart {
    let (drawing, about, keys) = (Drawing::Marks(scene), about.into(), STACK_KEYS.to_vec());
    Chart { id, drawing, caption, about, keys, tables, print: Print::Drawing }
}

pub fn heat_section(view: &View<'_>, scope: &Scope<'_>) -> Section {
    let mut section = Section::new(
        "hours",
        captions::HEAT,
        format!(
            "Each column is a day in {}, each cell an hour of its clock, midnight on top, coloured by its matched share. Only \
             hours in which nothing is unmatched take the last step.",
            view.zone.name()
        ),
    );
    if scope.days.is_empty() {
        return section.with_note("The period has no intervals.");
    }
    section.notes = clock_notes(&scope.days);
    section.with_chart(heat_chart(scope, true))
}

/// The map; with `hover` its cells can be read out one by one.
pub fn heat_chart(scope: &Scope<'_>, hover: bool) -> Chart {
    let mut keys = STEPS.to_vec();
    if !scope.doubted.is_empty() {
        let label = "bar above: a day with estimated, missing or suspect data";
        keys.push(Key { paint: Paint::Doubt, label });
    }
    Chart {
        id: scope.id("heat"),
        drawing: Drawing::Heat { days: scope.days.clone(), doubted: scope.doubted.clone(), hover },
        caption: format!("Matched share of load, {}, by day and hour in {}", scope.name, scope.zone.name()),
        about: heat::in_words(&scope.days),
        keys,
        tables: vec![heat_table(scope)],
        print: Print::Drawing,
    }
}

/// What clocks do on the days that have not 24 hours.
pub fn clock_notes(days: &[Day]) -> Vec<String> {
    let mut notes: Vec<String> = days.iter().filter_map(clock_note).collect();
    if notes.len() > CLOCKS {
        let more = english::count(notes.len() - CLOCKS);
        notes.truncate(CLOCKS);
        notes.push(format!("Clocks change on {more} more days, drawn in the same way."));
    }
    notes
}

fn clock_note(day: &Day) -> Option<String> {
    let length = day.unusual()?;
    let late = day.hours.first().is_some_and(|first| first.row == 0 && first.wall > 0);
    let change = day.hours.windows(2).find_map(|pair| match pair {
        [a, b] if a.offset_s != b.offset_s && a.wall == b.wall => {
            Some(format!("the hour {:02}:00 comes twice, its second time in the row \u{201c}again\u{201d}", b.wall))
        }
        [a, b] if a.offset_s != b.offset_s && b.wall > a.wall + 1 => {
            Some(format!("clocks skip {:02}:00, which stays blank", a.wall + 1))
        }
        _ => None,
    });
    let change = if late { Some("clocks skip 00:00, which stays blank".to_string()) } else { change };
    let change = change.unwrap_or_else(|| "clocks change".to_string());
    Some(format!("{} ({length}): {change}.", day.date))
}

/// The curve; nothing without load.
pub fn curve_chart(scope: &Scope<'_>) -> Option<Chart> {
    let shares = curve::shares(&scope.slots);
    (!shares.is_empty()).then(|| Chart {
        id: scope.id("curve"),
        drawing: Drawing::Marks(curve::curve(&shares)),
        caption: format!("Matched share by part of the intervals with load, {}", scope.name),
        about: curve::in_words(&shares),
        keys: Vec::new(),
        tables: vec![levels(&shares)],
        print: Print::Tables,
    })
}

pub fn curve_section(scope: &Scope<'_>) -> Section {
    let section = Section::new(
        "duration",
        "Duration curve of the matched share",
        "All intervals with load from the best matched to the worst. Left of the dashed line nothing is unmatched; where \
         the curve meets the floor nothing is matched.",
    );
    match curve_chart(scope) {
        Some(chart) => section.with_note(chart.about.clone()).with_chart(chart),
        None => section.with_note("No interval has load: not applicable."),
    }
}

/// Levels of the table: name and least share in millionths.
const LEVELS: [(&str, i128); 6] = [
    ("100 %, nothing unmatched", curve::WHOLE),
    ("at least 90 %", 900_000),
    ("at least 75 %", 750_000),
    ("at least 50 %", 500_000),
    ("at least 25 %", 250_000),
    ("above 0 %", 1),
];

/// How many intervals reach which share.
pub fn levels(shares: &[i128]) -> Table {
    let mut table = Table::new(
        "Intervals by the matched share they reach",
        [text("Matched share"), figure("Intervals", ""), figure("of intervals with load", "")],
    );
    for (name, level) in LEVELS {
        let many = curve::at_least(shares, level);
        table.push(name, vec![english::count(many), english::share(many as i128, shares.len() as i128)]);
    }
    table
}

fn balance_table(view: &View<'_>, stretches: &Stretches<'_>) -> Table {
    let energy = view.energy;
    Table::listing(
        captions::balance_table(stretches.word(), &stretches.scope.name),
        &stretches.sums,
        &[
            (text(stretches.head()), &|(date, _)| stretches.label(*date)),
            (figure("Load", "MWh"), &|(_, sums)| energy.up(sums.load)),
            (figure("Contracted", "MWh"), &|(_, sums)| energy.down(sums.contracted)),
            (figure("Matched", "MWh"), &|(_, sums)| energy.down(sums.matched)),
            (figure("Unmatched", "MWh"), &|(_, sums)| energy.up(sums.unmatched)),
            (figure("Surplus", "MWh"), &|(_, sums)| energy.down(sums.surplus)),
            (figure("Matched share", ""), &|(_, sums)| english::share(sums.matched, sums.load)),
            (figure("CFE score", ""), &|(_, sums)| match stretches.scope.totals.cfe_score {
                Some(_) => english::share(sums.matched + sums.grid_cfe, sums.load),
                None => NOT_SUPPLIED.into(),
            }),
        ],
    )
}

/// Matched against surplus, by day or month.
pub fn balance_section(view: &View<'_>, scope: &Scope<'_>) -> Section {
    let mut section = Section::new(
        "balance",
        captions::BALANCE,
        "Above the line the load, below it what was contracted in hours that did not need it. A month cut by the period \
         counts only its part of it.",
    );
    let stretches = Stretches::new(scope);
    if stretches.sums.is_empty() {
        return section.with_note("The period has no intervals.");
    }
    section.notes.extend(mark_note(scope));
    let labels: Vec<String> = stretches.sums.iter().map(|(date, _)| stretches.short_label(*date)).collect();
    let mwh = |wh: i128| wh as f64 / WH_PER_MWH as f64;
    let columns: Vec<Parts> =
        stretches.sums.iter().map(|(_, s)| [mwh(s.matched), mwh(s.unmatched), mwh(s.surplus)]).collect();
    let words = (captions::balance(stretches.word(), &scope.name), captions::BALANCE_ABOUT);
    let tables = vec![balance_table(view, &stretches)];
    let chart = stack_chart(scope.id("balance"), stack::stacked("MWh", &labels, &columns), words, tables);
    section.with_chart(Chart { print: Print::Tables, ..chart })
}

pub fn worst_hours(view: &View<'_>, scope: &Scope<'_>) -> Section {
    let mut hours: Vec<&Hour> =
        scope.days.iter().flat_map(|day| &day.hours).filter(|hour| hour.sums.unmatched > 0).collect();
    let all = hours.len();
    hours.sort_by_key(|hour| (Reverse(hour.sums.unmatched), hour.start));
    hours.truncate(WORST);
    let marked = |hour: &Hour| scope.doubt.touches(hour.start, hour.start + hour.duration_s);
    let table = Table::listing(
        "Hours with the most unmatched energy, largest first, ties earliest first",
        &hours,
        &[
            (text("Local time"), &|h| view.zone.label(h.start) + if marked(h) { MARK } else { "" }),
            (text("UTC"), &|h| english::minute(h.start)),
            (figure("Load", "MWh"), &|h| view.energy.up(h.sums.load)),
            (figure("Matched", "MWh"), &|h| view.energy.down(h.sums.matched)),
            (figure("Unmatched", "MWh"), &|h| view.energy.up(h.sums.unmatched)),
            (figure("Matched share", ""), &|h| english::share(h.sums.matched, h.sums.load)),
        ],
    );
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::{Sums, local_days};
    use crate::tests::sample::slots;
    use reports::time::Zone;

    #[test]
    fn what_clocks_did_is_said_of_the_days_on_which_they_changed() {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let note = |date: &str| {
            let span = zone.day(date.parse().expect("date"));
            let slots = slots(span.start, span.end, 3_600, Sums::default());
            clock_notes(&local_days(zone, 3_600, &slots)).join(" ")
        };
        assert_eq!(note("2026-03-29"), "2026-03-29 (23 h): clocks skip 02:00, which stays blank.");
        assert!(note("2026-10-25").starts_with("2026-10-25 (25 h): the hour 02:00 comes twice"));
        assert_eq!(note("2026-06-01"), "");
    }

    #[test]
    fn levels_count_who_reaches_them() {
        let table = levels(&[1_000_000, 999_999, 500_000, 0]);
        let counts: Vec<&str> = table.lines.iter().filter_map(|l| l.cells.first()).map(|c| c.text.as_str()).collect();
        assert_eq!(counts, ["1", "2", "2", "3", "3", "3"]);
    }
}
