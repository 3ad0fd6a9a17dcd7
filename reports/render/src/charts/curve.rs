//! The duration curve: how large a part of the intervals reaches which matched share.

use super::english;
use super::format::put;
use super::hours::Slot;
use super::svg::{self, Words};
use super::table::{Table, figure, text};

const WIDTH: f64 = 1_000.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = WIDTH - 12.0;
const TOP: f64 = 16.0;
const FLOOR: f64 = TOP + 230.0;
const HEIGHT: f64 = FLOOR + 40.0;
/// Past so many intervals several share one stretch of the line, at the smallest share of them.
const STRETCHES: usize = 500;
const WHOLE: i128 = 1_000_000;

/// Matched shares of the intervals with load in millionths, largest first; a whole only where nothing is unmatched.
pub fn shares(slots: &[Slot]) -> Vec<i128> {
    let share = |slot: &Slot| match slot.sums.matched.saturating_mul(WHOLE).div_euclid(slot.sums.load) {
        _ if slot.sums.is_full() => WHOLE,
        part => part.clamp(0, WHOLE - 1),
    };
    let mut shares: Vec<i128> = slots.iter().filter(|slot| slot.sums.load > 0).map(share).collect();
    shares.sort_unstable_by(|a, b| b.cmp(a));
    shares
}

/// Levels of the table: name and least share in millionths.
const LEVELS: [(&str, i128); 6] = [
    ("100 %, nothing unmatched", WHOLE),
    ("at least 90 %", 900_000),
    ("at least 75 %", 750_000),
    ("at least 50 %", 500_000),
    ("at least 25 %", 250_000),
    ("above 0 %", 1),
];

fn at_least(shares: &[i128], level: i128) -> usize {
    shares.partition_point(|share| *share >= level)
}

fn part_of(part: usize, whole: usize) -> String {
    english::share(part as i128, whole as i128)
}

/// The levels as a table.
pub fn levels(shares: &[i128]) -> Table {
    let mut table = Table::new(
        "Intervals by the matched share they reach",
        [text("Matched share"), figure("Intervals", ""), figure("of intervals with load", "")],
    );
    for (name, level) in LEVELS {
        let many = at_least(shares, level);
        table.push(name, vec![english::count(many), part_of(many, shares.len())]);
    }
    table
}

/// Shares from the largest to the smallest, intervals from left to right.
pub fn curve_svg(id: &str, title: &str, shares: &[i128]) -> String {
    let all = shares.len();
    let (full, half) = (at_least(shares, WHOLE), at_least(shares, WHOLE / 2));
    let desc = format!(
        "Intervals with load in order of their matched share, largest first. Of {}, {} are fully matched and {} at \
         least half.",
        english::count(all),
        english::count(full),
        english::count(half)
    );
    let mut svg = String::with_capacity(8 * 1_024);
    svg::open(&mut svg, "curve", (WIDTH, HEIGHT), Words { id, title, desc: &desc }, "");
    svg::percent_grid(&mut svg, (LEFT, RIGHT), (TOP, FLOOR));
    if all > 0 {
        let line = outline(shares);
        put(
            &mut svg,
            format_args!(
                "<path class=\"area\" d=\"{line}V{FLOOR:.1}H{LEFT:.1}z\"/><path class=\"line\" d=\"{line}\"/>"
            ),
        );
    }
    for quarter in 0..=4_u32 {
        let x = LEFT + (RIGHT - LEFT) * f64::from(quarter) / 4.0;
        // Zero stands clear of the zero beside it, larger on a phone.
        let anchor = match quarter {
            0 => "start",
            4 => "end",
            _ => "middle",
        };
        svg::text(&mut svg, "ax", (x, FLOOR + 16.0), anchor, &format!("{} %", quarter * 25));
    }
    svg::text(&mut svg, "ax", (RIGHT, FLOOR + 34.0), "end", "of intervals with load");
    put(&mut svg, format_args!("<path class=\"base\" d=\"M{LEFT:.1} {FLOOR:.1}H{RIGHT:.1}\"/></svg>"));
    svg
}

/// The steps of the curve, from the left edge to the right one.
fn outline(shares: &[i128]) -> String {
    let (all, stretches) = (shares.len(), shares.len().min(STRETCHES));
    let y = |share: i128| FLOOR - (FLOOR - TOP) * share as f64 / WHOLE as f64;
    let least = |stretch: usize| shares.get(((stretch + 1) * all / stretches).saturating_sub(1)).copied().unwrap_or(0);
    let mut level = least(0);
    let mut path = String::new();
    put(&mut path, format_args!("M{LEFT:.1} {:.1}", y(level)));
    for stretch in 1..stretches {
        let next = least(stretch);
        if next != level {
            let x = LEFT + (RIGHT - LEFT) * stretch as f64 / stretches as f64;
            put(&mut path, format_args!("H{x:.1}V{:.1}", y(next)));
            level = next;
        }
    }
    put(&mut path, format_args!("H{RIGHT:.1}"));
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::hours::Sums;

    fn slots(matched: &[i128]) -> Vec<Slot> {
        let sums = |m: i128| Sums { load: 10_000_000, matched: m, unmatched: 10_000_000 - m, ..Sums::default() };
        matched.iter().map(|m| Slot { start_s: 0, sums: sums(*m) }).collect()
    }

    #[test]
    fn almost_all_is_not_all() {
        let mut all = slots(&[9_999_999, 10_000_000, 0, 5_000_000]);
        all.push(Slot { start_s: 0, sums: Sums::default() });
        let shares = shares(&all);
        assert_eq!(shares, [1_000_000, 999_999, 500_000, 0]);
        let table = levels(&shares);
        let counts: Vec<&str> = table.lines.iter().filter_map(|l| l.cells.first()).map(|c| c.text.as_str()).collect();
        assert_eq!(counts, ["1", "2", "2", "3", "3", "3"]);
    }

    #[test]
    fn long_and_empty_periods_draw() {
        assert!(curve_svg("c", "t", &[]).ends_with("</svg>"));
        let many: Vec<i128> = (0..9_000).map(|i| i * 1_111).collect();
        let svg = curve_svg("c", "t", &shares(&slots(&many)));
        assert!(svg.len() < 30_000 && !svg.contains("NaN"));
    }

    /// Letters of 19 units, as on a phone: the scale's zero ends where that of the intervals has not begun.
    #[test]
    fn the_two_zeros_do_not_touch() {
        let svg = curve_svg("c", "t", &[WHOLE, 0]);
        let zero = format!("x=\"{LEFT:.1}\" y=\"{:.1}\"", FLOOR + 16.0);
        let label = svg.split("<text ").find(|text| text.contains(&zero)).expect("the zero of the intervals");
        assert!(label.contains("text-anchor=\"start\"") && label.contains(">0 %<"), "{label}");
    }
}
