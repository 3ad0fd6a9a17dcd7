//! The heat map: one column per local day, one cell per local hour.

use super::scene::{Anchor, Letters, Map, Mark, Paint, Run, Scene, Stroke};
use crate::english;
use crate::hours::{Day, Sums};
use chrono::{Datelike, NaiveDate};
use reports::units::Floored;
use std::collections::BTreeSet;

const LEFT: f64 = 46.0;
const TOP: f64 = 26.0;
const WIDTH: f64 = 946.0;
const BOTTOM: f64 = 22.0;
const CELL_HEIGHT: f64 = 11.0;
/// Width of a letter of a label, with some to spare: fonts differ.
const LETTER: f64 = 7.2;
/// Days up to which every cell is drawn apart from its neighbours.
const ROOMY: usize = 45;

/// One entry of a chart's legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub paint: Paint,
    pub label: &'static str,
}

/// The place of the hours without load among the steps.
pub const NO_LOAD: usize = 7;

/// The seven steps of the scale and the hours without load.
pub const STEPS: [Key; 8] = [
    Key { paint: Paint::Step(0), label: "0 %" },
    Key { paint: Paint::Step(1), label: "above 0 %" },
    Key { paint: Paint::Step(2), label: "from 25 %" },
    Key { paint: Paint::Step(3), label: "from 50 %" },
    Key { paint: Paint::Step(4), label: "from 75 %" },
    Key { paint: Paint::Step(5), label: "from 90 %" },
    Key { paint: Paint::Step(6), label: "100 %, nothing unmatched" },
    Key { paint: Paint::Step(NO_LOAD), label: "no load" },
];

/// Index into [`STEPS`]. The last step is reached only where nothing is unmatched.
pub fn step_of(sums: &Sums) -> usize {
    match sums.share().map(Floored::hundredths) {
        None => NO_LOAD,
        Some(10_000..) => 6,
        Some(_) if sums.matched <= 0 => 0,
        Some(..2_500) => 1,
        Some(2_500..5_000) => 2,
        Some(5_000..7_500) => 3,
        Some(7_500..9_000) => 4,
        Some(9_000..10_000) => 5,
    }
}

/// Matched share of load per local hour, with a bar above the days in doubt; cells are as wide as `longest` days let them.
///
/// Columns are local days, rows the hours of the wall clock. An hour that clocks skip stays blank, and one they repeat
/// stands by itself in a row below; such days carry a mark.
pub fn heat(days: &[Day], longest: usize, doubted: &BTreeSet<NaiveDate>) -> Scene {
    let rows = days.iter().flat_map(Day::placed).map(|(row, _)| row + 1).max().unwrap_or(24).max(24);
    let cell = (WIDTH / longest.max(1) as f64).clamp(2.4, 132.0);
    let width = (LEFT + cell * days.len() as f64 + 8.0).max(400.0);
    let height = TOP + CELL_HEIGHT * f64::from(rows) + BOTTOM;
    let roomy = longest <= ROOMY;
    let mut scene = Scene::new("heat", (width, height));
    let map = Map { at: (LEFT, TOP), cell: (cell, CELL_HEIGHT), roomy, runs: runs(days, roomy) };
    scene.marks.push(Mark::Map(map));
    hour_labels(&mut scene, rows);
    day_labels(&mut scene, days, (cell, width));
    for (index, day) in days.iter().enumerate() {
        if let Some(length) = day.unusual() {
            let x = LEFT + cell * (index as f64 + 0.5);
            scene.marks.push(Mark::Wedge((x, height - BOTTOM + 3.0)));
            scene.text(Letters::Axis, (x, height - 2.0), Anchor::Middle, length);
        }
    }
    doubt_bars(&mut scene, days, cell, doubted);
    scene
}

/// By step; consecutive hours of a day run together unless cells stand apart.
fn runs(days: &[Day], roomy: bool) -> [Vec<Run>; 8] {
    let mut runs: [Vec<Run>; 8] = Default::default();
    for (index, day) in days.iter().enumerate() {
        let placed: Vec<(u32, usize)> = day.placed().iter().map(|(row, hour)| (*row, step_of(&hour.sums))).collect();
        let together = |a: &(u32, usize), b: &(u32, usize)| !roomy && a.1 == b.1 && a.0 + 1 == b.0;
        for run in placed.chunk_by(together) {
            if let ([(first, step), ..], [.., (last, _)]) = (run, run)
                && let Some(list) = runs.get_mut(*step)
            {
                list.push(Run { day: index, first: *first, next: last + 1 });
            }
        }
    }
    runs
}

/// Every sixth hour of the clock, and the rows of repeated hours.
fn hour_labels(scene: &mut Scene, rows: u32) {
    let mut label = |row: u32, words: String| {
        let y = TOP + CELL_HEIGHT * f64::from(row) + 9.0;
        scene.text(Letters::Axis, (LEFT - 6.0, y), Anchor::End, words);
    };
    for row in (0..24).step_by(6) {
        label(row, format!("{row} h"));
    }
    for row in 24..rows {
        label(row, "again".to_string());
    }
}

fn width_of(label: &str) -> f64 {
    label.chars().count() as f64 * LETTER
}

/// Months over a long period, weeks or days over a short one. Labels neither touch nor leave the map.
fn day_labels(scene: &mut Scene, days: &[Day], (cell, width): (f64, f64)) {
    let many = days.len();
    let named = |day: &Day| format!("{} {}", day.date.format("%a"), english::day_month(day.date));
    let roomy = days.iter().all(|day| width_of(&named(day)) < cell);
    let mut free_from = 0.0;
    for (index, day) in days.iter().enumerate() {
        let date = day.date;
        let shown = match many {
            0..=14 => true,
            15..=92 => date.weekday() == chrono::Weekday::Mon,
            _ => date.day() == 1 && (many <= 800 || date.month() % 6 == 1),
        };
        if !shown {
            continue;
        }
        let label = match many {
            0..=14 if roomy => named(day),
            0..=92 => english::day_month(date),
            // The year once, at its start: print has a map for each.
            93..=400 if date.month() > 1 && free_from > 0.0 => english::short_month(date),
            _ => format!("{} {}", english::short_month(date), date.year()),
        };
        let x = LEFT + cell * index as f64;
        let start = x.min(width - width_of(&label)).max(0.0);
        if start < free_from {
            continue;
        }
        free_from = start + width_of(&label);
        scene.text(Letters::Axis, (start, TOP - 9.0), Anchor::Start, label);
        if many > 14 {
            scene.marks.push(Mark::Line(Stroke::Tick, vec![(x, TOP - 6.0), (x, TOP - 1.0)]));
        }
    }
}

/// A bar above each run of days in doubt.
fn doubt_bars(scene: &mut Scene, days: &[Day], cell: f64, doubted: &BTreeSet<NaiveDate>) {
    let mut at = 0;
    for run in days.chunk_by(|a, b| doubted.contains(&a.date) == doubted.contains(&b.date)) {
        if run.first().is_some_and(|day| doubted.contains(&day.date)) {
            let left = LEFT + cell * at as f64;
            scene.across(Stroke::Doubt, (left, left + cell * run.len() as f64), TOP - 2.0);
        }
        at += run.len();
    }
}

/// What the map shows, in words.
pub fn in_words(days: &[Day]) -> String {
    let hours = || days.iter().flat_map(|day| &day.hours);
    let loaded = hours().filter(|hour| hour.sums.load > 0).count();
    let full = hours().filter(|hour| hour.sums.is_full()).count();
    let none = hours().filter(|hour| hour.sums.load > 0 && hour.sums.matched <= 0).count();
    let [days, loaded, full, none] = [days.len(), loaded, full, none].map(english::count);
    format!(
        "A column for each of {days} local days, a cell for each hour. Of {loaded} hours with load, {full} are fully \
         matched and {none} have no matched supply at all."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::local_days;
    use crate::tests::sample::slots;
    use reports::time::Zone;

    fn berlin(date: &str, matched: i128) -> Vec<Day> {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let span = zone.day(date.parse().expect("date"));
        let sums = Sums { load: 100, matched, unmatched: 100 - matched, ..Sums::default() };
        let slots = slots(span.start, span.end, 3_600, sums);
        local_days(zone, 3_600, &slots)
    }

    fn drawn(days: &[Day]) -> Scene {
        heat(days, days.len(), &BTreeSet::new())
    }

    /// First and next row of each run in a step.
    fn runs_in(scene: &Scene, step: usize) -> Vec<(u32, u32)> {
        let maps = scene.marks.iter().filter_map(|mark| match mark {
            Mark::Map(map) => Some(map),
            _ => None,
        });
        maps.flat_map(|map| &map.runs[step]).map(|run| (run.first, run.next)).collect()
    }

    fn says(scene: &Scene, wanted: &str) -> bool {
        scene.marks.iter().any(|mark| matches!(mark, Mark::Text { words, .. } if words == wanted))
    }

    #[test]
    fn a_long_day_has_a_cell_more_and_a_short_one_fewer() {
        for (date, cells) in [("2026-03-29", 23), ("2026-06-01", 24), ("2026-10-25", 25)] {
            let scene = drawn(&berlin(date, 50));
            assert_eq!(runs_in(&scene, 3).len(), cells, "{date}");
            assert_eq!(says(&scene, &format!("{cells} h")), cells != 24, "{date}");
        }
    }

    #[test]
    fn the_clock_rules_the_rows() {
        let rows =
            |date: &str| runs_in(&drawn(&berlin(date, 50)), 3).into_iter().map(|(row, _)| row).collect::<Vec<_>>();
        let spring = rows("2026-03-29");
        assert!(spring.contains(&1) && !spring.contains(&2) && spring.contains(&23));
        let autumn = rows("2026-10-25");
        assert!(autumn.contains(&2) && autumn.contains(&24) && says(&drawn(&berlin("2026-10-25", 50)), "again"));
        assert!(!says(&drawn(&berlin("2026-06-01", 50)), "again"));
    }

    #[test]
    fn hours_of_one_step_run_together_in_long_periods() {
        let long = |date: &str| runs_in(&heat(&berlin(date, 100), 365, &BTreeSet::new()), 6);
        assert_eq!(long("2026-06-01"), [(0, 24)]);
        // 0 to 2, the second 2 below, 3 to 23
        assert_eq!(long("2026-10-25"), [(0, 3), (24, 25), (3, 24)]);
    }

    #[test]
    fn only_full_hours_take_the_last_step() {
        let sums = |matched: i128| Sums { load: 1_000_000, matched, unmatched: 1_000_000 - matched, ..Sums::default() };
        let steps = [0, 1, 250_000, 500_000, 750_000, 900_000, 999_999, 1_000_000].map(|m| step_of(&sums(m)));
        assert_eq!(steps, [0, 1, 2, 3, 4, 5, 5, 6]);
        assert_eq!(step_of(&Sums::default()), 7);
    }

    /// Where each day label starts, and how many letters it has.
    fn labels(scene: &Scene) -> Vec<(f64, usize)> {
        let above = |mark: &Mark| match mark {
            Mark::Text { at: (x, y), words, .. } if *y == TOP - 9.0 => Some((*x, words.chars().count())),
            _ => None,
        };
        scene.marks.iter().filter_map(above).collect()
    }

    #[test]
    fn day_labels_neither_touch_nor_leave_the_map() {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        for (from, many) in
            [("2026-03-16", 7), ("2026-03-17", 13), ("2026-03-16", 14), ("2026-03-02", 29), ("2026-02-01", 365)]
        {
            let first: chrono::NaiveDate = from.parse().expect("date");
            let [start, end] = [0, many].map(|days| zone.day_start(first + chrono::Days::new(days)));
            let slots = slots(start, end, 3_600, Sums::default());
            let labels = labels(&drawn(&local_days(zone, 3_600, &slots)));
            assert!(labels.len() > 3, "{from}, {many} days: {labels:?}");
            for pair in labels.windows(2) {
                assert!(pair[0].0 + pair[0].1 as f64 * 7.0 <= pair[1].0 + 0.1, "{from}, {many} days: {labels:?}");
            }
            let (x, letters) = labels[labels.len() - 1];
            assert!(x + letters as f64 * 7.0 <= LEFT + WIDTH + 8.0, "{from}, {many} days: {labels:?}");
        }
    }

    #[test]
    fn a_map_of_a_year_names_it() {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let drawn = |from: &str| {
            let first: NaiveDate = from.parse().expect("date");
            let [start, end] = [0, 300].map(|days| zone.day_start(first + chrono::Days::new(days)));
            let slots = slots(start, end, 3_600, Sums::default());
            drawn(&local_days(zone, 3_600, &slots))
        };
        let within = drawn("2026-03-10");
        assert!(says(&within, "Apr 2026") && says(&within, "May") && says(&within, "Jan 2027"));
        assert!(says(&drawn("2026-01-01"), "Jan 2026") && says(&drawn("2026-01-01"), "Feb"));
    }

    #[test]
    fn no_day_at_all_still_draws() {
        assert!(says(&drawn(&[]), "0 h"));
    }
}
