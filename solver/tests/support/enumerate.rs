//! Decisions on a grid, every one of them: optima without a solver.

/// Every word of `length` letters, each below `letters`.
pub fn words(length: usize, letters: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..length {
        let longer = |word: &Vec<usize>| -> Vec<Vec<usize>> {
            (0..letters).map(|letter| word.iter().copied().chain([letter]).collect()).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// MW by step, in multiples of `unit`, none above `most`, that hold `mwh` in hourly steps.
pub fn splits(steps: usize, mwh: f64, most: f64, unit: f64) -> Vec<Vec<f64>> {
    let letters = (most / unit).round() as usize + 1;
    let total = (mwh / unit).round() as usize;
    let right = words(steps, letters).into_iter().filter(|word| word.iter().sum::<usize>() == total);
    right.map(|word| word.into_iter().map(|n| n as f64 * unit).collect()).collect()
}

pub fn cost(mw: &[f64], prices: &[f64]) -> f64 {
    mw.iter().zip(prices).map(|(mw, price)| mw * price).sum()
}

/// The least of the costs; infinite where there is none.
pub fn least(costs: impl Iterator<Item = f64>) -> f64 {
    costs.fold(f64::INFINITY, f64::min)
}
