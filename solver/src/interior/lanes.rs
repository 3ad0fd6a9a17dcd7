//! Sums over slices in a fixed number of lanes: additions of one sum would wait for each other. The order of additions is that
//! of the lanes, whatever the machine, so a sum is the same to the last bit.

pub(super) const LANES: usize = 4;

#[inline(always)]
pub(super) fn sum(x: &[f64]) -> f64 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for x in chunks {
        for lane in 0..LANES {
            sums[lane] += x[lane];
        }
    }
    sums.iter_mut().zip(rest).for_each(|(sum, x)| *sum += x);
    sums.iter().sum()
}

#[inline(always)]
pub(super) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let ((chunks, rest), (others, last)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (x, y) in chunks.iter().zip(others) {
        for lane in 0..LANES {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter_mut().zip(rest.iter().zip(last)).for_each(|(sum, (x, y))| *sum += x * y);
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_every_element() {
        for n in 0..19 {
            let x: Vec<f64> = (0..n).map(f64::from).collect();
            let y: Vec<f64> = (0..n).map(|k| f64::from(k + 1)).collect();
            assert_eq!(sum(&x), x.iter().sum::<f64>());
            assert_eq!(dot(&x, &y), x.iter().zip(&y).map(|(x, y)| x * y).sum::<f64>());
        }
    }
}
