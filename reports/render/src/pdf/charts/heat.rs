//! The heat map: one column per local day, one row per hour of the clock.

use super::{Key, legend};
use crate::captions;
use crate::html::doubt::{Doubt, WHAT};
use crate::html::{Day, STEPS, step_of};
use crate::pdf::canvas::{Area, LEFT, RIGHT, WIDTH};
use crate::pdf::figures::count;
use crate::pdf::flow::Flow;
use crate::pdf::frame::{Frame, Scope};
use crate::pdf::palette::{Colour, HAIR, HEAT, INK, MUTED, RULE, UNMATCHED};
use crate::pdf::text::LABEL;
use chrono::{Datelike, Weekday};

const LABELS: f32 = 24.0;
const HEAD: f32 = 15.0;
const FOOT: f32 = 17.0;
const ROW: f32 = 6.2;
/// Of one map with its legend.
pub const TALL: f32 = HEAD + 25.0 * ROW + FOOT + 20.0;
/// Days one map holds; longer periods get a map per calendar year.
const LONGEST: usize = 371;
/// Index of the step "no load".
const NO_LOAD: usize = 7;
/// Between one label above the map and the next.
const APART: f32 = 4.0;
/// Clock changes spelt out below the map.
const NOTES: usize = 8;

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    flow.section_with(
        captions::HEAT,
        &format!(
            "Matched share of load, portfolio. Each column is a day in {}, each row an hour of its clock, midnight on \
             top; the darker, the larger the share. Only hours in which nothing is unmatched take the last step.",
            frame.zone.name()
        ),
        TALL,
    );
    body(flow, &frame.portfolio());
}

/// The map, its legend, and the days on which clocks change.
pub fn body(flow: &mut Flow, scope: &Scope<'_>) {
    let strips = strips(scope.days);
    let longest = strips.iter().map(|days| days.len()).max().unwrap_or(0);
    if longest == 0 {
        flow.note("The period has no intervals.");
        return;
    }
    for days in strips {
        map(flow, days, longest, scope.doubt);
    }
    legend(flow, &keys());
    if scope.days.iter().any(|day| scope.doubt.holds(day)) {
        flow.note(&format!("A bar above a day: {WHAT}; the exceptions say which."));
    }
    let notes: Vec<String> = scope.days.iter().filter_map(clock_note).collect();
    for note in notes.iter().take(NOTES) {
        flow.note(note);
    }
    if notes.len() > NOTES {
        flow.note(&format!("Clocks change on {} more days, drawn in the same way.", count(notes.len() - NOTES)));
    }
}

fn strips(days: &[Day]) -> Vec<&[Day]> {
    if days.len() <= LONGEST {
        return vec![days];
    }
    days.chunk_by(|a, b| a.date.year() == b.date.year()).collect()
}

fn keys() -> Vec<Key> {
    STEPS.iter().enumerate().map(|(step, key)| Key { fill: colour(step), edge: RULE, label: key.label }).collect()
}

fn colour(step: usize) -> Colour {
    HEAT.get(step).copied().unwrap_or(HAIR)
}

/// Where the cells of one map lie.
struct Grid {
    top: f32,
    cell: f32,
    /// Cells stand apart from their neighbours.
    roomy: bool,
}

impl Grid {
    fn x(&self, day: usize) -> f32 {
        LEFT + LABELS + self.cell * day as f32
    }

    fn y(&self, row: u32) -> f32 {
        self.top + ROW * row as f32
    }
}

/// What the map shows, for readers who cannot see it.
fn in_words(days: &[Day]) -> String {
    let date = |day: Option<&Day>| day.map_or_else(String::new, |day| day.date.format("%-d %B %Y").to_string());
    let mut hours = [0_usize; STEPS.len()];
    for hour in days.iter().flat_map(|day| &day.hours) {
        if let Some(many) = hours.get_mut(step_of(&hour.sums)) {
            *many += 1;
        }
    }
    let shown = hours.iter().zip(&STEPS).filter(|(many, _)| **many > 0);
    let words: Vec<String> = shown.map(|(many, key)| format!("{}: {}", key.label, count(*many))).collect();
    let (first, last) = (date(days.first()), date(days.last()));
    format!("Heat map of the matched share by day and hour, {first} to {last}. Hours by share: {}.", words.join("; "))
}

fn map(flow: &mut Flow, days: &[Day], longest: usize, doubt: &Doubt) {
    let rows = days.iter().flat_map(Day::placed).map(|(row, _)| row + 1).max().unwrap_or(24).max(24);
    let cell = ((WIDTH - LABELS) / longest.max(1) as f32).min(34.0);
    let foot = HEAD + ROW * rows as f32;
    let (mut pen, top) = flow.figure(in_words(days), foot + FOOT);
    let grid = Grid { top: top + HEAD, cell, roomy: cell >= 6.0 };
    for (step, areas) in cells(days, &grid).iter().enumerate() {
        pen.fill(if step == NO_LOAD { RULE } else { colour(step) }, areas);
    }
    for row in (0..rows).step_by(6) {
        let label = if row < 24 { format!("{row:02}:00") } else { "twice".to_string() };
        pen.text_right(LABEL, (LEFT + LABELS - 4.0, grid.y(row) + 5.2), &label);
    }
    for label in labels(days, &grid) {
        pen.text(LABEL, (label.start, top + 8.5), &label.text);
        pen.line(MUTED, 0.4, &[(label.x, top + label.tick), (label.x, grid.top - 1.0)]);
    }
    for (index, _) in days.iter().enumerate().filter(|(_, day)| doubt.holds(day)) {
        let y = grid.top - 0.9;
        pen.line(UNMATCHED, 1.4, &[(grid.x(index), y), (grid.x(index) + cell, y)]);
    }
    for (index, day) in days.iter().enumerate() {
        if let Some(length) = day.unusual() {
            let (middle, y) = (grid.x(index) + cell / 2.0, top + foot);
            pen.polygon(INK, &[(middle, y + 1.5), (middle + 2.5, y + 5.5), (middle - 2.5, y + 5.5)]);
            pen.text_centred(LABEL, (middle, y + 12.5), &length);
        }
    }
}

/// Areas by step; hours of a day with the same step run together unless cells stand apart. An hour that clocks skip
/// stays blank, one they repeat has a row of its own below.
fn cells(days: &[Day], grid: &Grid) -> [Vec<Area>; 8] {
    let mut areas: [Vec<Area>; 8] = Default::default();
    for (index, day) in days.iter().enumerate() {
        let placed: Vec<(u32, usize)> = day.placed().iter().map(|(row, hour)| (*row, step_of(&hour.sums))).collect();
        let together =
            |a: &(u32, usize), b: &(u32, usize)| !grid.roomy && a.1 != NO_LOAD && a.1 == b.1 && a.0 + 1 == b.0;
        for run in placed.chunk_by(together) {
            if let ([(row, step), ..], [.., (last, _)]) = (run, run)
                && let Some(list) = areas.get_mut(*step)
            {
                list.push(cell_area(grid, index, (*row, last + 1), *step));
            }
        }
    }
    areas
}

/// Neighbours overlap by a hair, so that no seam shows; an hour without load is a thin dash.
fn cell_area(grid: &Grid, day: usize, (row, end): (u32, u32), step: usize) -> Area {
    let (x, y) = (grid.x(day), grid.y(row));
    let tall = ROW * (end - row) as f32;
    let gap = if grid.roomy { -0.6 } else { 0.08 };
    if step == NO_LOAD {
        return Area::new(x, y + 0.4 * ROW, grid.cell + gap, 0.2 * ROW);
    }
    Area::new(x, y, grid.cell + gap, tall + gap)
}

/// A label above the map, and where its day is.
#[derive(Debug, PartialEq)]
struct Label {
    x: f32,
    start: f32,
    text: String,
    /// Where the tick starts below the map's top: beside the words, or below them where they reach over it.
    tick: f32,
}

/// Labels neither touch nor leave the map: the shorter form where the longer one would, else none.
fn labels(days: &[Day], grid: &Grid) -> Vec<Label> {
    let mut list: Vec<Label> = Vec::new();
    let mut free_from = LEFT;
    for (index, day) in days.iter().enumerate() {
        let x = grid.x(index);
        for form in forms(day, days.len()) {
            let text = day.date.format(form).to_string();
            let (beside, width) = (x + 1.5, LABEL.width(&text));
            let start = beside.min(RIGHT - width);
            if start >= free_from {
                free_from = start + width + APART;
                list.push(Label { x, start, text, tick: if start < beside { 10.5 } else { 4.0 } });
                break;
            }
        }
    }
    list
}

/// Months over a long period, Mondays or days over a short one; the preferred form first.
fn forms(day: &Day, many: usize) -> &'static [&'static str] {
    match many {
        0..=14 => &["%-d %b"],
        15..=92 if day.date.weekday() == Weekday::Mon => &["%-d %b"],
        93.. if day.date.day() == 1 && day.date.month() == 1 => &["%b %Y", "%b"],
        93.. if day.date.day() == 1 => &["%b"],
        _ => &[],
    }
}

/// What clocks do on a day that has not 24 hours.
fn clock_note(day: &Day) -> Option<String> {
    let length = day.unusual()?;
    let date = day.date.format("%-d %B %Y");
    let late = day.hours.first().is_some_and(|first| first.row == 0 && first.wall > 0);
    let change = day.hours.windows(2).find_map(|pair| match pair {
        [a, b] if a.offset_s != b.offset_s && a.wall == b.wall => {
            Some(format!("the hour {:02}:00 comes twice, its second time in the row below", b.wall))
        }
        [a, b] if a.offset_s != b.offset_s && b.wall > a.wall + 1 => {
            Some(format!("clocks skip {:02}:00, which stays blank", a.wall + 1))
        }
        _ => None,
    });
    let change = if late { Some("clocks skip 00:00, which stays blank".to_string()) } else { change };
    let change = change.unwrap_or_else(|| "clocks change".to_string());
    Some(format!("{date} has {length}: {change}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Slot, Sums, local_days};
    use reports::time::Zone;

    fn berlin(date: &str, matched: i128) -> Vec<Day> {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let span = zone.day(date.parse().expect("date"));
        let sums = Sums { load: 100, matched, unmatched: 100 - matched, ..Sums::default() };
        let slots: Vec<Slot> =
            (span.start_s..span.end_s).step_by(3_600).map(|start_s| Slot { start_s, sums }).collect();
        local_days(zone, 3_600, &slots)
    }

    #[test]
    fn days_have_a_cell_for_each_hour_and_say_what_clocks_did() {
        let grid = Grid { top: 0.0, cell: 20.0, roomy: true };
        let cases = [("2026-03-29", 23, "clocks skip 02:00"), ("2026-10-25", 25, "the hour 02:00 comes twice")];
        for (date, hours, change) in cases {
            let days = berlin(date, 50);
            assert_eq!(cells(&days, &grid)[3].len(), hours, "{date}");
            assert!(clock_note(&days[0]).expect("note").contains(change), "{date}");
        }
        assert_eq!(clock_note(&berlin("2026-06-01", 50)[0]), None);
    }

    #[test]
    fn labels_neither_touch_nor_leave_the_map_nor_stand_on_a_tick() {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let cases =
            [("2026-01-02", 365), ("2026-01-02", 368), ("2026-02-15", 365), ("2026-03-01", 30), ("2026-03-17", 14)];
        for (from, many) in cases {
            let first: chrono::NaiveDate = from.parse().expect("date");
            let [start_s, end_s] = [0, many].map(|days| zone.day_start(first + chrono::Days::new(days)));
            let slots: Vec<Slot> =
                (start_s..end_s).step_by(3_600).map(|start_s| Slot { start_s, sums: Sums::default() }).collect();
            let days = local_days(zone, 3_600, &slots);
            let cell = ((WIDTH - LABELS) / days.len() as f32).min(34.0);
            let labels = labels(&days, &Grid { top: HEAD, cell, roomy: false });
            assert!(labels.len() > 3, "{from}, {many} days: {labels:?}");
            let end = |label: &Label| label.start + LABEL.width(&label.text);
            for pair in labels.windows(2) {
                assert!(end(&pair[0]) + APART <= pair[1].start + 0.01, "{from}, {many} days: {labels:?}");
            }
            for label in &labels {
                assert!(end(label) <= RIGHT + 0.01, "{from}, {many} days: {label:?}");
                assert!(label.tick > 8.5 || label.x < label.start, "{from}, {many} days: {label:?}");
            }
        }
    }

    #[test]
    fn hours_of_one_step_run_together_in_long_periods() {
        let grid = Grid { top: 0.0, cell: 1.3, roomy: false };
        assert_eq!(cells(&berlin("2026-06-01", 100), &grid)[6].len(), 1);
        // 0 to 2, the second 2 below, 3 to 23
        let areas = cells(&berlin("2026-10-25", 100), &grid);
        let heights: Vec<i32> = areas[6].iter().map(|area| (area.h / ROW).round() as i32).collect();
        assert_eq!(heights, [3, 1, 21]);
        assert!((areas[6][1].y - 24.0 * ROW).abs() < 0.01);
    }
}
