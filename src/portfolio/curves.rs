//! Progress against power: how much of its tokens a class of work makes when its accelerators are capped.
//!
//! Points are (GPU power, throughput), both as parts of uncapped. Measured curves are not quite concave, which a plan
//! needs: they are repaired downward from full power, `y_i <= y_(i+1) - slope_(i+1)*(p_(i+1) - p_i)`, never raised, and
//! refused where a point would move by more than 0.02.

use super::common::{File, Serialize, Table};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    pub id: String,
    /// Rising in power, the last one (1, 1), concave.
    pub points: Vec<(f64, f64)>,
    pub source: String,
    /// How far the worst point was moved to make it concave.
    pub lowered: f64,
}

/// Points that move further are no measurement of one thing.
const MOST_LOWERED: f64 = 0.02;

const PHOENIX: &str =
    "256 GPUs of 400 W under power caps, Phoenix field demonstration (arXiv 2507.00909), means by class";

/// Measured throughput by class, GPU power only.
const PRESETS: [(&str, &[(f64, f64)]); 3] = [
    ("pretraining", &[(0.262, 0.183), (0.513, 0.625), (0.640, 0.784), (0.763, 0.867), (0.884, 0.928), (1.0, 1.0)]),
    ("fine-tuning", &[(0.290, 0.234), (0.568, 0.796), (0.702, 0.891), (0.833, 0.944), (0.926, 0.974), (1.0, 1.0)]),
    ("inference", &[(0.266, 0.225), (0.528, 0.781), (0.656, 0.871), (0.784, 0.931), (0.904, 0.976), (1.0, 1.0)]),
];

/// Names that a work list may use without defining a curve.
pub fn preset(name: &str) -> Option<Curve> {
    let (id, points) = PRESETS.iter().find(|(id, _)| *id == name)?;
    let (points, lowered) = repaired(points);
    Some(Curve { id: (*id).to_string(), points, source: PHOENIX.to_string(), lowered })
}

pub fn preset_names() -> [&'static str; 3] {
    PRESETS.map(|(id, _)| id)
}

impl Curve {
    /// The same against a node's power, of which the accelerators take `share`: `(1 - share) + share*p`.
    pub fn of_node(&self, share: f64) -> Vec<(f64, f64)> {
        self.points.iter().map(|(p, y)| ((1.0 - share) + share * p, *y)).collect()
    }
}

/// The points made concave from full power down, and how far the worst was lowered.
fn repaired(points: &[(f64, f64)]) -> (Vec<(f64, f64)>, f64) {
    let mut points = points.to_vec();
    let mut lowered = 0.0_f64;
    for i in (0..points.len().saturating_sub(2)).rev() {
        let ((p, y), (q, z), (r, w)) = (points[i], points[i + 1], points[i + 2]);
        let slope = (w - z) / (r - q);
        let most = z - slope * (q - p);
        if y > most {
            lowered = lowered.max(y - most);
            points[i].1 = most;
        }
    }
    (points, lowered)
}

pub(super) fn read(mut table: Table<'_, '_>) -> Option<Curve> {
    let id = table.named_by_id("curve");
    let at = table.at_key("points");
    table.needs("points");
    let points = table.pairs("points");
    let class = table.string("class").map(|(class, _)| class);
    let source = table.string("source").map(|(source, _)| source);
    let (file, name) = (table.file, table.name.clone());
    table.close();
    let points = checked(file, &name, at, points?)?;
    let source = source.or(class).unwrap_or_else(|| "the portfolio".to_string());
    let (points, lowered) = points;
    Some(Curve { id: id?, points, source, lowered })
}

fn checked(file: &File<'_>, name: &str, at: usize, mut points: Vec<(f64, f64)>) -> Option<(Vec<(f64, f64)>, f64)> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let inside = points.iter().all(|(p, y)| (0.0..=1.0).contains(p) && (0.0..=1.0).contains(y));
    let rising = points.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].1);
    let whole = points.last().is_some_and(|last| *last == (1.0, 1.0));
    if points.len() < 2 || !inside || !rising || !whole {
        let what = format!("{name}: its points do not rise from a part of power to [1.0, 1.0]");
        let hint = "write [[power, progress], ...] as parts of full power, such as [[0.5, 0.63], [1.0, 1.0]]";
        file.refuse(at, what, hint);
        return None;
    }
    let (points, lowered) = repaired(&points);
    if lowered > MOST_LOWERED || points[0].1 < 0.0 {
        let what = format!("{name}: it is not concave: a point would have to be lowered by {lowered:.3}");
        file.refuse(at, what, "leave out the points at the lowest power, where throughput collapses");
        return None;
    }
    Some((points, lowered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_concave_down_to_their_floor_and_hardly_moved() {
        for name in preset_names() {
            let curve = preset(name).expect("preset");
            let useful: Vec<(f64, f64)> = curve.points.iter().copied().filter(|p| p.0 >= 0.5).collect();
            let slopes: Vec<f64> = useful.windows(2).map(|w| (w[1].1 - w[0].1) / (w[1].0 - w[0].0)).collect();
            assert!(slopes.windows(2).all(|s| s[1] <= s[0] + 1e-9), "{name} {slopes:?}");
            assert!(curve.lowered <= MOST_LOWERED, "{name} {}", curve.lowered);
        }
        assert!(preset("dreaming").is_none());
    }

    #[test]
    fn repair_lowers_and_never_raises() {
        let points = [(0.4, 0.6), (0.6, 0.75), (0.8, 0.87), (1.0, 1.0)];
        let (repaired, lowered) = repaired(&points);
        assert!(repaired.iter().zip(&points).all(|(a, b)| a.1 <= b.1 && a.0 == b.0));
        // 0.87 to 1 rises by 0.65 a unit: 0.75 must be at most 0.87 - 0.13.
        assert!((repaired[1].1 - 0.74).abs() < 1e-12 && (lowered - 0.01).abs() < 1e-12);
    }
}
