//! Columns of matched and unmatched energy above a line, surplus below it.

use super::axis::{Axis, Parts, Plot, drawable};
use super::scene::{Anchor, Letters, Mark, Scene, WIDTH};

const BOTTOM: f64 = 26.0;
const PLOT: Plot = Plot { left: 64.0, right: WIDTH - 8.0, top: 26.0, height: 250.0 };

/// Columns by label: load is what stands above the line, matched and unmatched; surplus hangs below it, since it is never
/// carried to another hour. One scale for both.
pub fn stacked(unit: &str, labels: &[String], columns: &[Parts]) -> Scene {
    let columns: Vec<Parts> = columns.iter().map(|parts| drawable(*parts)).collect();
    let axis = Axis::holding(&columns, PLOT);
    let height = PLOT.top + PLOT.height + BOTTOM;
    let mut scene = Scene::new("stack", (WIDTH, height));
    axis.draw(&mut scene, unit);
    let slot = (PLOT.right - PLOT.left) / labels.len().max(1) as f64;
    let every = labels.len().div_ceil(24).max(1);
    for (index, (label, parts)) in labels.iter().zip(&columns).enumerate() {
        let x = PLOT.left + slot * index as f64;
        scene.marks.push(Mark::Named(in_words(label, unit, parts, &axis)));
        for (paint, bar) in axis.bars(parts, (x + slot * 0.14, slot * 0.72)) {
            scene.bars(paint, [bar]);
        }
        scene.marks.push(Mark::End);
        if index % every == 0 {
            // Every second label gives way where the chart is small.
            let letters = if (index / every) % 2 == 1 { Letters::AxisIfRoom } else { Letters::Axis };
            scene.text(letters, (x + slot / 2.0, height - 8.0), Anchor::Middle, label.as_str());
        }
    }
    axis.base(&mut scene);
    scene
}

fn in_words(label: &str, unit: &str, parts: &Parts, axis: &Axis) -> String {
    let [matched, unmatched, surplus] = *parts;
    let all = [matched + unmatched, matched, unmatched, surplus];
    let [load, matched, unmatched, surplus] = all.map(|part| axis.figure(part, 1));
    format!("{label}: load {load} {unit}, matched {matched}, unmatched {unmatched}, surplus {surplus}")
}

#[cfg(test)]
mod tests {
    use super::super::scene::Paint;
    use super::*;

    fn day(columns: &[Parts]) -> Scene {
        let labels: Vec<String> = (0..columns.len()).map(|hour| format!("{hour:02}")).collect();
        stacked("MW", &labels, columns)
    }

    fn many(scene: &Scene, wanted: Paint) -> usize {
        scene.marks.iter().filter(|mark| matches!(mark, Mark::Bars(paint, _) if *paint == wanted)).count()
    }

    #[test]
    fn an_average_day_has_a_column_per_hour_and_its_figures() {
        let scene = day(&[[80.0, 20.0, 0.0]; 24]);
        assert_eq!([Paint::Matched, Paint::Unmatched, Paint::Surplus].map(|paint| many(&scene, paint)), [24, 24, 0]);
        let words = Mark::Named("07: load 100.0 MW, matched 80.0, unmatched 20.0, surplus 0.0".into());
        assert!(scene.marks.contains(&words));
    }

    #[test]
    fn every_second_label_may_give_way() {
        let gives_way = |mark: &&Mark| matches!(mark, Mark::Text { letters: Letters::AxisIfRoom, .. });
        assert_eq!(day(&[[1.0, 0.0, 0.0]; 24]).marks.iter().filter(gives_way).count(), 12);
    }

    #[test]
    fn odd_figures_draw_without_harm() {
        let finite = |scene: &Scene| {
            scene.marks.iter().all(|mark| match mark {
                Mark::Bars(_, bars) => bars.iter().all(|bar| bar.y.is_finite() && bar.height.is_finite()),
                Mark::Line(_, points) => points.iter().all(|(x, y)| x.is_finite() && y.is_finite()),
                _ => true,
            })
        };
        assert!(finite(&day(&[])) && finite(&day(&[[f64::NAN, 1.0, f64::INFINITY], [0.0; 3]])));
        let large = day(&[[4_000.0, 12.5e-7, 0.0]]);
        assert!(large.marks.iter().any(|mark| matches!(mark, Mark::Text { words, .. } if words == "4,000")));
    }
}
