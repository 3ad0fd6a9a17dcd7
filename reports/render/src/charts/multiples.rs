//! The average day of each month, side by side on one scale.

use super::axis::{Axis, Parts, Plot, drawable};
use super::scene::{Anchor, Letters, Mark, Paint, Rect, Scene, WIDTH};

const COLUMNS: usize = 4;
const LEFT: f64 = 56.0;
const GAP: f64 = 14.0;
const TOP: f64 = 30.0;
const PLOT_HEIGHT: f64 = 110.0;
const ROW: f64 = TOP + PLOT_HEIGHT + 28.0;

/// One month: its name, and matched, unmatched and surplus by local hour.
#[derive(Debug, Clone)]
pub struct Panel {
    pub name: String,
    pub hours: Vec<Parts>,
}

pub fn multiples(unit: &str, panels: &[Panel]) -> Scene {
    let all: Vec<Parts> = panels.iter().flat_map(|panel| &panel.hours).map(|parts| drawable(*parts)).collect();
    let rows = panels.len().div_ceil(COLUMNS).max(1);
    let mut scene = Scene::new("many", (WIDTH, ROW * rows as f64));
    let plot = |row: usize| Plot { left: LEFT, right: WIDTH - GAP, top: TOP + ROW * row as f64, height: PLOT_HEIGHT };
    let scale = Axis::holding(&all, plot(0));
    let width = (WIDTH - LEFT - GAP * COLUMNS as f64) / COLUMNS as f64;
    for row in 0..rows {
        let (plot, axis) = (plot(row), scale.on(plot(row)));
        axis.draw(&mut scene, unit);
        for (column, panel) in panels.iter().skip(row * COLUMNS).take(COLUMNS).enumerate() {
            let left = LEFT + (width + GAP) * column as f64;
            scene.marks.push(Mark::Named(panel.name.clone()));
            scene.text(Letters::Label, (left + 2.0, plot.top - 10.0), Anchor::Start, panel.name.as_str());
            bars(&mut scene, &axis, &panel.hours, (left, width));
            for hour in [0_u32, 6, 12, 18] {
                let x = left + width * (f64::from(hour) + 0.5) / 24.0;
                scene.text(Letters::Axis, (x, plot.top + PLOT_HEIGHT + 15.0), Anchor::Middle, format!("{hour:02}"));
            }
            scene.marks.push(Mark::End);
        }
        axis.base(&mut scene);
    }
    scene
}

/// All columns of a part at once.
fn bars(scene: &mut Scene, axis: &Axis, hours: &[Parts], (left, width): (f64, f64)) {
    let slot = width / hours.len().max(1) as f64;
    let columns: Vec<[(Paint, Rect); 3]> = hours
        .iter()
        .enumerate()
        .map(|(hour, parts)| axis.bars(&drawable(*parts), (left + slot * (hour as f64 + 0.1), slot * 0.8)))
        .collect();
    for (part, paint) in [Paint::Matched, Paint::Unmatched, Paint::Surplus].into_iter().enumerate() {
        scene.bars(paint, columns.iter().map(|column| column[part].1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_has_its_panel() {
        let panel = |name: &str| Panel { name: name.into(), hours: vec![[2.0, 1.0, 0.5]; 24] };
        let panels: Vec<Panel> = (0..12).map(|month| panel(&format!("<m{month}>"))).collect();
        let scene = multiples("MW", &panels);
        for wanted in [Paint::Matched, Paint::Surplus] {
            let of_part =
                |mark: &&Mark| matches!(mark, Mark::Bars(paint, bars) if *paint == wanted && bars.len() == 24);
            assert_eq!(scene.marks.iter().filter(of_part).count(), 12);
        }
        assert!(scene.marks.contains(&Mark::Named("<m11>".into())));
        assert!(multiples("MW", &[]).marks.iter().all(|mark| !matches!(mark, Mark::Bars(..))));
    }
}
