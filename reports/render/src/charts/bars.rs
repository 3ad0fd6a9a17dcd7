//! Horizontal bars of a certain part and a lesser part: sources, data quality.

use super::format::put;
use super::svg::{self, Words};

/// One bar: lengths in any common unit, and the figures as text.
#[derive(Debug, Clone)]
pub struct Bar {
    pub label: String,
    pub solid: i128,
    pub light: i128,
    pub figures: String,
}

const LEFT: f64 = 150.0;
const WIDTH: f64 = 1_000.0;
const ROW: f64 = 46.0;
/// Letters of a label that fit beside the bars.
const LETTERS: usize = 20;

/// Bars from one zero; solid is the part that counts, dotted the rest.
pub fn bars_svg(words: Words<'_>, bars: &[Bar]) -> String {
    let largest = bars.iter().map(|bar| bar.solid.max(0) + bar.light.max(0)).max().unwrap_or(0).max(1) as f64;
    let room = WIDTH - LEFT - 4.0;
    let mut svg = String::new();
    svg::open(&mut svg, "bars", (WIDTH, ROW * bars.len() as f64), words, "");
    svg::patterns(&mut svg, words.id);
    for (index, bar) in bars.iter().enumerate() {
        let y = ROW * index as f64;
        let solid = bar.solid.max(0) as f64 / largest * room;
        let light = bar.light.max(0) as f64 / largest * room;
        let lines = lines_of(&bar.label);
        let first = y + if lines.len() > 1 { 25.0 } else { 33.0 };
        for (index, line) in lines.iter().enumerate() {
            svg::text(&mut svg, "lb", (LEFT - 12.0, first + 15.0 * index as f64), "end", line);
        }
        svg::text(&mut svg, "ax", (LEFT, y + 14.0), "start", &bar.figures);
        let top = y + 19.0;
        put(
            &mut svg,
            format_args!("<rect class=\"sm\" x=\"{LEFT:.1}\" y=\"{top:.1}\" width=\"{solid:.2}\" height=\"18\"/>"),
        );
        if light >= 0.05 {
            put(
                &mut svg,
                format_args!(
                    "<rect class=\"ss\" fill=\"url(#{}-dots)\" x=\"{:.2}\" y=\"{top:.1}\" width=\"{light:.2}\" height=\"18\"/>",
                    words.id,
                    LEFT + solid
                ),
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

/// A label in at most two lines; what goes past them is in the table.
fn lines_of(label: &str) -> Vec<String> {
    let letters: Vec<char> = label.chars().collect();
    if letters.len() <= LETTERS {
        return vec![label.to_string()];
    }
    let head = &letters[..LETTERS];
    let at = head.iter().rposition(|letter| " -_./".contains(*letter)).filter(|at| at * 2 >= LETTERS);
    let (first, rest) = letters.split_at(at.map_or(LETTERS, |at| at + 1));
    let second: String = match rest.len() {
        ..=LETTERS => rest.iter().collect(),
        _ => rest.iter().take(LETTERS - 1).chain(std::iter::once(&'\u{2026}')).collect(),
    };
    vec![first.iter().collect::<String>().trim_end().to_string(), second]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped() {
        let bar = Bar { label: "<b>".into(), solid: 3, light: 1, figures: "a & b".into() };
        let svg = bars_svg(Words { id: "x", title: "\"", desc: "" }, &[bar]);
        assert!(svg.contains("&lt;b&gt;") && svg.contains("a &amp; b") && !svg.contains("<b>"));
    }

    #[test]
    fn long_names_take_two_lines() {
        assert_eq!(lines_of("solar"), ["solar"]);
        assert_eq!(lines_of("concentrating solar power"), ["concentrating solar", "power"]);
        assert_eq!(lines_of(&"x".repeat(30)), ["x".repeat(LETTERS), "x".repeat(10)]);
        assert!(lines_of(&"x".repeat(60))[1].ends_with('\u{2026}'));
    }
}
