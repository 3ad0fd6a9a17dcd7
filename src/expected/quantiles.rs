//! Quantiles of what may come: seven levels at .01 to .99, each with the probability of what lies nearest to it. Tails weigh
//! little and matter most.

pub const LEVELS: [f64; 7] = [0.01, 0.07, 0.25, 0.5, 0.75, 0.93, 0.99];
/// Differences of the midpoints between levels, 0 and 1 at the ends.
pub const WEIGHTS: [f64; 7] = [0.04, 0.12, 0.215, 0.25, 0.215, 0.12, 0.04];

/// A value at each of `LEVELS`.
pub type Quantiles = [f64; LEVELS.len()];

/// Linear between the two nearest; `sorted` holds at least one.
pub fn quantile(sorted: &[f64], level: f64) -> f64 {
    let at = level * (sorted.len() as f64 - 1.0);
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_a_distribution_around_the_levels() {
        assert!((WEIGHTS.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let mut edges = vec![0.0];
        edges.extend(LEVELS.windows(2).map(|p| 0.5 * (p[0] + p[1])));
        edges.push(1.0);
        for (i, weight) in WEIGHTS.iter().enumerate() {
            assert!((edges[i + 1] - edges[i] - weight).abs() < 1e-12);
        }
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), 2.0);
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert_eq!(quantile(&[7.0], 0.99), 7.0);
    }
}
