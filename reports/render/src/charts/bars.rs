//! Horizontal bars of several parts: balances, sources, data quality.

use super::scene::{Anchor, Letters, Paint, Rect, Scene, WIDTH};

/// One bar: lengths in any common unit, and the figures as text.
#[derive(Debug, Clone)]
pub struct Bar {
    pub label: String,
    pub parts: Vec<(Paint, i128)>,
    pub figures: String,
}

const LEFT: f64 = 150.0;
const ROW: f64 = 46.0;
/// Letters of a label that fit beside the bars.
const LETTERS: usize = 20;

/// Bars from one zero, their parts one after the other.
pub fn bars(bars: &[Bar]) -> Scene {
    let length = |bar: &Bar| bar.parts.iter().map(|(_, wh)| *wh.max(&0)).sum::<i128>();
    let largest = bars.iter().map(length).max().unwrap_or(0).max(1) as f64;
    let room = WIDTH - LEFT - 4.0;
    let mut scene = Scene::new("bars", (WIDTH, ROW * bars.len() as f64));
    for (index, bar) in bars.iter().enumerate() {
        let y = ROW * index as f64;
        let lines = lines_of(&bar.label);
        let first = y + if lines.len() > 1 { 25.0 } else { 33.0 };
        for (index, line) in lines.into_iter().enumerate() {
            scene.text(Letters::Label, (LEFT - 12.0, first + 15.0 * index as f64), Anchor::End, line);
        }
        scene.text(Letters::Axis, (LEFT, y + 14.0), Anchor::Start, bar.figures.as_str());
        let mut x = LEFT;
        for (paint, wh) in &bar.parts {
            let width = *wh.max(&0) as f64 / largest * room;
            scene.bars(*paint, [Rect { x, y: y + 19.0, width, height: 18.0 }]);
            x += width;
        }
    }
    scene
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
    use super::super::scene::Mark;
    use super::*;

    #[test]
    fn parts_follow_each_other_on_one_scale() {
        let bar = |parts: Vec<(Paint, i128)>| Bar { label: "x".into(), parts, figures: String::new() };
        let scene = bars(&[bar(vec![(Paint::Matched, 3), (Paint::Surplus, 1)]), bar(vec![(Paint::Matched, -2)])]);
        let drawn: Vec<(Paint, Rect)> = scene
            .marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Bars(paint, bars) => Some((*paint, bars[0])),
                _ => None,
            })
            .collect();
        assert_eq!(drawn.len(), 2, "what is negative has no bar");
        assert!((drawn[1].1.x - drawn[0].1.x - drawn[0].1.width).abs() < 1e-9);
        assert!((drawn[0].1.width - 3.0 * drawn[1].1.width).abs() < 1e-9);
    }

    #[test]
    fn long_names_take_two_lines() {
        assert_eq!(lines_of("solar"), ["solar"]);
        assert_eq!(lines_of("concentrating solar power"), ["concentrating solar", "power"]);
        assert_eq!(lines_of(&"x".repeat(30)), ["x".repeat(LETTERS), "x".repeat(10)]);
        assert!(lines_of(&"x".repeat(60))[1].ends_with('\u{2026}'));
    }
}
