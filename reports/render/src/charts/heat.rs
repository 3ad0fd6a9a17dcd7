//! The heat map: one column per local day, one cell per local hour.

use super::english;
use super::format::put;
use super::hours::{Day, Sums};
use super::svg::{self, Words};
use super::table::Key;
use chrono::{Datelike, NaiveDate};
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

/// The seven steps of the scale and the hours without load, in the order of the CSS classes.
pub const STEPS: [Key; 8] = [
    Key { class: "h0", label: "0 %" },
    Key { class: "h1", label: "above 0 %" },
    Key { class: "h2", label: "from 25 %" },
    Key { class: "h3", label: "from 50 %" },
    Key { class: "h4", label: "from 75 %" },
    Key { class: "h5", label: "from 90 %" },
    Key { class: "h6", label: "100 %, nothing unmatched" },
    Key { class: "hx", label: "no load" },
];

/// Index into [`STEPS`]. The last step is reached only where nothing is unmatched.
pub fn step_of(sums: &Sums) -> usize {
    if sums.load <= 0 {
        return 7;
    }
    if sums.is_full() {
        return 6;
    }
    match sums.matched.saturating_mul(100).div_euclid(sums.load) {
        _ if sums.matched <= 0 => 0,
        ..25 => 1,
        25..50 => 2,
        50..75 => 3,
        75..90 => 4,
        _ => 5,
    }
}

/// Matched share of load per local hour, as one SVG of fixed size per day count.
///
/// Columns are local days, rows the hours of the wall clock. An hour that clocks skip stays blank, and one they repeat
/// stands by itself in a row below; such days carry a mark. Colours come from the classes of [`STEPS`] in
/// [`super::CHART_CSS`]; hours of the same step share one path.
pub fn heat_map_svg(days: &[Day]) -> String {
    heat_map(days, "heat", "Matched share of load by local day and hour")
}

/// The same under its own id and title.
pub fn heat_map(days: &[Day], id: &str, title: &str) -> String {
    heat_map_marked(days, (id, title), &BTreeSet::new())
}

/// The same with a bar above the days in doubt.
pub fn heat_map_marked(days: &[Day], (id, title): (&str, &str), doubted: &BTreeSet<NaiveDate>) -> String {
    let rows = rows_of(days);
    let cell_width = (WIDTH / days.len().max(1) as f64).clamp(2.4, 132.0);
    let width = (LEFT + cell_width * days.len() as f64 + 8.0).max(400.0);
    let height = TOP + CELL_HEIGHT * f64::from(rows) + BOTTOM;
    let roomy = days.len() <= ROOMY;
    let mut svg = String::with_capacity(64 * 1_024);
    let desc = summary(days);
    let words = Words { id, title, desc: &desc };
    let data =
        format!(" data-x=\"{LEFT:.1}\" data-y=\"{TOP:.1}\" data-w=\"{cell_width:.4}\" data-h=\"{CELL_HEIGHT:.1}\"");
    svg::open(&mut svg, if roomy { "heat roomy" } else { "heat" }, (width, height), words, &data);
    put(
        &mut svg,
        format_args!(
            "<defs><pattern id=\"{id}-void\" width=\"1\" height=\"1\" patternUnits=\"userSpaceOnUse\"><rect class=\"hv\" y=\".4\" width=\"1\" height=\".2\"/></pattern></defs>"
        ),
    );
    put(
        &mut svg,
        format_args!("<g transform=\"translate({LEFT:.1} {TOP:.1}) scale({cell_width:.4} {CELL_HEIGHT:.1})\">"),
    );
    for (key, path) in STEPS.iter().zip(paths(days, roomy)) {
        if !path.is_empty() {
            let fill = if key.class == "hx" { format!(" fill=\"url(#{id}-void)\"") } else { String::new() };
            put(&mut svg, format_args!("<path class=\"{}\"{fill} d=\"{path}\"/>", key.class));
        }
    }
    svg.push_str("</g>");
    hour_labels(&mut svg, rows);
    day_labels(&mut svg, days, (cell_width, width));
    clock_marks(&mut svg, days, cell_width, height);
    doubt_bars(&mut svg, days, cell_width, doubted);
    put(
        &mut svg,
        format_args!(
            "<rect class=\"cursor\" width=\"{cell_width:.4}\" height=\"{CELL_HEIGHT:.1}\" visibility=\"hidden\"/></svg>"
        ),
    );
    svg
}

fn rows_of(days: &[Day]) -> u32 {
    days.iter().flat_map(Day::placed).map(|(row, _)| row + 1).max().unwrap_or(24).max(24)
}

/// One path per step; consecutive hours of a day run together unless cells stand apart.
fn paths(days: &[Day], roomy: bool) -> [String; 8] {
    let mut paths: [String; 8] = Default::default();
    for (x, day) in days.iter().enumerate() {
        let mut open: Option<(usize, u32, u32)> = None;
        for (row, hour) in day.placed() {
            let step = step_of(&hour.sums);
            match open {
                Some((same, first, next)) if same == step && next == row && !roomy => {
                    open = Some((step, first, next + 1));
                }
                _ => {
                    close(&mut paths, x, open);
                    open = Some((step, row, row + 1));
                }
            }
        }
        close(&mut paths, x, open);
    }
    paths
}

fn close(paths: &mut [String; 8], x: usize, run: Option<(usize, u32, u32)>) {
    if let Some((step, first, next)) = run
        && let Some(path) = paths.get_mut(step)
    {
        put(path, format_args!("M{x} {first}h1v{}h-1z", next - first));
    }
}

/// Every sixth hour of the clock, and the rows of repeated hours.
fn hour_labels(svg: &mut String, rows: u32) {
    let mut label = |row: u32, words: &str| {
        let y = TOP + CELL_HEIGHT * f64::from(row) + 9.0;
        svg::text(svg, "ax", (LEFT - 6.0, y), "end", words);
    };
    for row in (0..24).step_by(6) {
        label(row, &format!("{row} h"));
    }
    for row in 24..rows {
        label(row, "again");
    }
}

fn width_of(label: &str) -> f64 {
    label.chars().count() as f64 * LETTER
}

/// Months over a long period, weeks or days over a short one. Labels neither touch nor leave the map.
fn day_labels(svg: &mut String, days: &[Day], (cell_width, width): (f64, f64)) {
    let many = days.len();
    let named = |day: &Day| format!("{} {}", english::weekday(day.date), english::day_month(day.date));
    let roomy = days.iter().all(|day| width_of(&named(day)) < cell_width);
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
            93..=400 => english::short_month(date).to_string(),
            _ => format!("{} {}", english::short_month(date), date.year()),
        };
        let x = LEFT + cell_width * index as f64;
        let start = x.min(width - width_of(&label)).max(0.0);
        if start < free_from {
            continue;
        }
        free_from = start + width_of(&label);
        svg::text(svg, "ax", (start, TOP - 9.0), "start", &label);
        if many > 14 {
            put(svg, format_args!("<path class=\"tick\" d=\"M{x:.1} {:.1}v5\"/>", TOP - 6.0));
        }
    }
}

fn clock_marks(svg: &mut String, days: &[Day], cell_width: f64, height: f64) {
    for (index, day) in days.iter().enumerate() {
        if let Some(length) = day.unusual() {
            let x = LEFT + cell_width * (index as f64 + 0.5);
            let y = height - BOTTOM + 3.0;
            put(svg, format_args!("<path class=\"mark\" d=\"M{x:.1} {y:.1}l4 6h-8z\"/>"));
            svg::text(svg, "ax", (x, height - 2.0), "middle", &length);
        }
    }
}

/// A bar above each run of days in doubt.
fn doubt_bars(svg: &mut String, days: &[Day], cell_width: f64, doubted: &BTreeSet<NaiveDate>) {
    let mut at = 0;
    for run in days.chunk_by(|a, b| doubted.contains(&a.date) == doubted.contains(&b.date)) {
        if run.first().is_some_and(|day| doubted.contains(&day.date)) {
            let (x, width) = (LEFT + cell_width * at as f64, cell_width * run.len() as f64);
            put(svg, format_args!("<path class=\"doubt\" d=\"M{x:.1} {:.1}h{width:.1}\"/>", TOP - 2.0));
        }
        at += run.len();
    }
}

fn summary(days: &[Day]) -> String {
    let hours = || days.iter().flat_map(|day| &day.hours);
    let loaded = hours().filter(|hour| hour.sums.load > 0).count();
    let full = hours().filter(|hour| hour.sums.is_full()).count();
    let none = hours().filter(|hour| hour.sums.load > 0 && hour.sums.matched <= 0).count();
    format!(
        "A column for each of {} local days, a cell for each hour. Of {} hours with load, {} are fully matched and {} \
         have no matched supply at all.",
        english::count(days.len()),
        english::count(loaded),
        english::count(full),
        english::count(none)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::hours::{Slot, local_days};
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
    fn a_long_day_has_a_cell_more_and_a_short_one_fewer() {
        for (date, cells) in [("2026-03-29", 23), ("2026-06-01", 24), ("2026-10-25", 25)] {
            let svg = heat_map_svg(&berlin(date, 50));
            assert_eq!(svg.matches("h1v1h-1z").count(), cells, "{date}");
            assert_eq!(svg.contains(&format!(">{cells} h<")), cells != 24, "{date}");
        }
    }

    #[test]
    fn the_clock_rules_the_rows() {
        let spring = heat_map_svg(&berlin("2026-03-29", 50));
        assert!(spring.contains("M0 1h1v1") && !spring.contains("M0 2h1v1") && spring.contains("M0 23h1v1"));
        let autumn = heat_map_svg(&berlin("2026-10-25", 50));
        assert!(autumn.contains("M0 2h1v1") && autumn.contains("M0 24h1v1") && autumn.contains(">again<"));
        assert!(!heat_map_svg(&berlin("2026-06-01", 50)).contains(">again<"));
    }

    #[test]
    fn maps_of_one_page_share_no_id() {
        let svg = heat_map(&berlin("2026-06-01", 0), "b-1-heat", "a <b>");
        assert!(svg.contains("id=\"b-1-heat-void\"") && !svg.contains("\"heat-") && svg.contains("a &lt;b&gt;"));
    }

    #[test]
    fn only_full_hours_take_the_last_step() {
        let sums = |matched: i128| Sums { load: 1_000_000, matched, unmatched: 1_000_000 - matched, ..Sums::default() };
        let steps = [0, 1, 250_000, 500_000, 750_000, 900_000, 999_999, 1_000_000].map(|m| step_of(&sums(m)));
        assert_eq!(steps, [0, 1, 2, 3, 4, 5, 5, 6]);
        assert_eq!(step_of(&Sums::default()), 7);
    }

    /// Where each day label starts, and how many letters it has.
    fn labels(svg: &str) -> Vec<(f64, usize)> {
        let above = format!("y=\"{:.1}\"", TOP - 9.0);
        let texts = svg.split("<text ").skip(1).filter(|text| text.contains(&above));
        texts
            .map(|text| {
                let x = text.split_once("x=\"").and_then(|(_, rest)| rest.split_once('"')).expect("x").0;
                let words = text.split_once('>').and_then(|(_, rest)| rest.split_once('<')).expect("words").0;
                (x.parse().expect("number"), words.chars().count())
            })
            .collect()
    }

    #[test]
    fn day_labels_neither_touch_nor_leave_the_map() {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        for (from, many) in
            [("2026-03-16", 7), ("2026-03-17", 13), ("2026-03-16", 14), ("2026-03-02", 29), ("2026-02-01", 365)]
        {
            let first: chrono::NaiveDate = from.parse().expect("date");
            let [start_s, end_s] = [0, many].map(|days| zone.day_start(first + chrono::Days::new(days)));
            let slots: Vec<Slot> =
                (start_s..end_s).step_by(3_600).map(|start_s| Slot { start_s, sums: Sums::default() }).collect();
            let days = local_days(zone, 3_600, &slots);
            let labels = labels(&heat_map(&days, "heat", "map"));
            assert!(labels.len() > 3, "{from}, {many} days: {labels:?}");
            for pair in labels.windows(2) {
                assert!(pair[0].0 + pair[0].1 as f64 * 7.0 <= pair[1].0 + 0.1, "{from}, {many} days: {labels:?}");
            }
            let (x, letters) = labels[labels.len() - 1];
            assert!(x + letters as f64 * 7.0 <= LEFT + WIDTH + 8.0, "{from}, {many} days: {labels:?}");
        }
    }

    #[test]
    fn no_day_at_all_still_draws() {
        assert!(heat_map_svg(&[]).ends_with("</svg>"));
    }
}
