//! The matrix that prices are solved from, `sum D a a'` over every column, with pieces' own rows eliminated; factored by a
//! sparse Cholesky that finds dense blocks.
//!
//! Its pattern is known beforehand: columns of `Rest` couple the rows they enter; pieces couple the loads of any two cells
//! that a piece may use, which is a band as wide as the longest window; or the cells of a step, and each with the piece's energy
//! (`cells_first`).

use super::rest::Rest;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::LltRegularization;
use faer::perm::PermRef;
use faer::sparse::linalg::SupernodalThreshold;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMat};
use faer::{Conj, MatMut, Par, Side};

/// A row whose diagonal is below this has no column left: its price stays.
const SINGULAR: f64 = 1e-30;

/// Added to a diagonal of one; a pivot below it says nothing new, and is replaced by one that leaves its price.
const TINY: f64 = 1e-14;
const HUGE: f64 = 1e128;

/// What a factorization is divided into, whatever the machine: faer adds up in an order that depends on it.
const SHARES: usize = 2;

/// Numbers a factor may have: 1 GB.
const MOST: usize = 1 << 27;

pub(super) struct System {
    pattern: SymbolicSparseColMat<usize>,
    pub values: Vec<f64>,
    symbolic: SymbolicCholesky<usize>,
    factor: Vec<f64>,
    scratch: MemBuffer,
    /// By column of `Rest`: where its products go.
    products: Vec<Vec<usize>>,
    /// What makes the diagonal one, by row and by column.
    scale: Vec<f64>,
    /// The first row of shared cells, and by row of a cell how far behind it they stand.
    shared: usize,
    meets: Vec<usize>,
    /// How a factorization is shared.
    shares: Par,
    /// Whether solutions are refined.
    pub refine: bool,
}

impl System {
    /// `reach` gives for the row of each cell the last row of a cell that some piece may use together with it.
    /// `shared` are rows of cells that every cell of the queue may meet: those whose rows come before them.
    /// `pairs` are further pairs of rows that something couples.
    pub fn new(
        rest: &Rest,
        reach: &[(usize, usize)],
        shared: Option<(usize, usize)>,
        pairs: impl Iterator<Item = (usize, usize)>,
    ) -> Option<System> {
        let n = rest.rows();
        let mut below: Vec<Vec<usize>> = (0..n).map(|r| vec![r]).collect();
        for column in &rest.columns {
            for &(a, _) in &column.entries {
                for &(b, _) in &column.entries {
                    if b > a {
                        below[a as usize].push(b as usize);
                    }
                }
            }
        }
        pairs.for_each(|(a, b)| below[a.min(b)].push(a.max(b)));
        for &(row, last) in reach {
            below[row].extend(row + 1..=last);
        }
        let mut meets = vec![usize::MAX; n];
        if let Some((first, end)) = shared {
            let mut of_queue = vec![false; n];
            rest.loads[rest.of_sites()..].iter().for_each(|&row| of_queue[row] = true);
            for &(row, last) in reach.iter().filter(|(row, _)| *row < first && of_queue[*row]) {
                below[row].extend(first..=end);
                meets[row] = last + 1 - row;
            }
        }
        let (mut starts, mut rows) = (vec![0], Vec::new());
        for list in &mut below {
            list.sort_unstable();
            list.dedup();
            rows.append(list);
            starts.push(rows.len());
        }
        let pattern = SymbolicSparseColMat::new_checked(n, n, starts, None, rows);
        let params = CholeskySymbolicParams {
            supernodal_flop_ratio_threshold: SupernodalThreshold::FORCE_SUPERNODAL,
            ..CholeskySymbolicParams::default()
        };
        // The order is ours. `Identity` would take the lower half for the upper one.
        let same: Vec<usize> = (0..n).collect();
        let ordering = SymmetricOrdering::Custom(PermRef::new_checked(&same, &same, n));
        let symbolic = factorize_symbolic_cholesky(pattern.as_ref(), Side::Lower, ordering, params).ok()?;
        if symbolic.len_val() > MOST {
            return None;
        }
        // Blocks of energies are too small to be shared.
        let shares = if rest.energies.is_empty() { Par::rayon(SHARES) } else { Par::Seq };
        let scratch = symbolic
            .factorize_numeric_llt_scratch::<f64>(shares, faer::Spec::default())
            .or(symbolic.solve_in_place_scratch::<f64>(1, Par::Seq));
        let mut system = System {
            values: vec![0.0; pattern.row_idx().len()],
            factor: vec![0.0; symbolic.len_val()],
            scratch: MemBuffer::try_new(scratch).ok()?,
            products: Vec::with_capacity(rest.columns.len()),
            scale: vec![1.0; n],
            refine: false,
            shared: shared.map_or(usize::MAX, |(first, _)| first),
            meets,
            shares,
            pattern,
            symbolic,
        };
        for column in &rest.columns {
            let mut products = Vec::with_capacity(column.entries.len() * (column.entries.len() + 1) / 2);
            for (k, &(a, _)) in column.entries.iter().enumerate() {
                for &(b, _) in &column.entries[..=k] {
                    products.push(system.position(a as usize, b as usize)?);
                }
            }
            system.products.push(products);
        }
        Some(system)
    }

    /// Where the product of two rows stands; none where nothing couples them.
    pub fn position(&self, a: usize, b: usize) -> Option<usize> {
        let (column, row) = (a.min(b), a.max(b));
        let (from, to) = (self.pattern.col_ptr()[column], self.pattern.col_ptr()[column + 1]);
        self.pattern.row_idx()[from..to].binary_search(&row).ok().map(|at| from + at)
    }

    /// Where the product of two loads stands: the rows below a load begin with the loads it reaches, without a gap.
    pub fn of_loads(&self, a: usize, b: usize) -> usize {
        let (column, row) = (a.min(b), a.max(b));
        let first = self.pattern.col_ptr()[column];
        if row >= self.shared && column < self.shared {
            return first + self.meets[column] + (row - self.shared);
        }
        first + (row - column)
    }

    /// Adds `D a a'` of every column of `Rest`.
    pub fn add(&mut self, rest: &Rest, weights: &[f64]) {
        for ((column, products), &weight) in rest.columns.iter().zip(&self.products).zip(weights) {
            let mut at = products.iter();
            for (k, &(_, a)) in column.entries.iter().enumerate() {
                for &(_, b) in &column.entries[..=k] {
                    if let Some(&at) = at.next() {
                        self.values[at] += weight * a * b;
                    }
                }
            }
        }
    }

    /// False where it cannot be factored.
    pub fn factor(&mut self) -> bool {
        for (scale, &at) in self.scale.iter_mut().zip(self.pattern.col_ptr()) {
            let size = self.values[at];
            *scale = if size > SINGULAR { 1.0 / size.sqrt() } else { 0.0 };
        }
        let (starts, rows) = (self.pattern.col_ptr(), self.pattern.row_idx());
        for column in 0..self.scale.len() {
            for at in starts[column]..starts[column + 1] {
                self.values[at] *= self.scale[column] * self.scale[rows[at]];
            }
            self.values[starts[column]] += TINY;
            if self.scale[column] == 0.0 {
                self.values[starts[column]] = 1.0;
            }
        }
        let matrix = SparseColMatRef::new(self.pattern.as_ref(), self.values.as_slice());
        let regularization =
            LltRegularization { dynamic_regularization_delta: HUGE, dynamic_regularization_epsilon: TINY };
        let stack = MemStack::new(&mut self.scratch);
        let made = self.symbolic.factorize_numeric_llt(
            &mut self.factor,
            matrix,
            Side::Lower,
            regularization,
            self.shares,
            stack,
            faer::Spec::default(),
        );
        made.is_ok()
    }

    /// Solves in place; refined once where that is asked for. Otherwise the next step makes good what this one lacks.
    pub fn solve(&mut self, right: &mut [f64]) {
        right.iter_mut().zip(&self.scale).for_each(|(r, s)| *r *= s);
        let wanted = if self.refine { right.to_vec() } else { Vec::new() };
        self.back(right);
        if self.refine {
            let mut left = wanted;
            self.residual(right, &mut left);
            self.back(&mut left);
            right.iter_mut().zip(&left).for_each(|(r, d)| *r += d);
        }
        right.iter_mut().zip(&self.scale).for_each(|(r, s)| *r *= s);
    }

    /// Of many right sides at once, one after the other in the list; never refined.
    pub fn solve_many(&mut self, right: &mut [f64]) {
        let rows = self.scale.len();
        let mut scratch = MemBuffer::new(self.symbolic.solve_in_place_scratch::<f64>(right.len() / rows, Par::Seq));
        std::mem::swap(&mut scratch, &mut self.scratch);
        right.chunks_mut(rows).for_each(|side| side.iter_mut().zip(&self.scale).for_each(|(r, s)| *r *= s));
        self.back(right);
        right.chunks_mut(rows).for_each(|side| side.iter_mut().zip(&self.scale).for_each(|(r, s)| *r *= s));
        self.scratch = scratch;
    }

    /// `left -= M x`
    fn residual(&self, x: &[f64], left: &mut [f64]) {
        let (starts, rows) = (self.pattern.col_ptr(), self.pattern.row_idx());
        for column in 0..x.len() {
            left[column] -= self.values[starts[column]] * x[column];
            for at in starts[column] + 1..starts[column + 1] {
                let row = rows[at];
                left[row] -= self.values[at] * x[column];
                left[column] -= self.values[at] * x[row];
            }
        }
    }

    fn back(&mut self, right: &mut [f64]) {
        let rows = self.scale.len();
        let sides = right.len() / rows;
        let stack = MemStack::new(&mut self.scratch);
        let right = MatMut::from_column_major_slice_mut(right, rows, sides);
        LltRef::<usize, f64>::new(&self.symbolic, &self.factor).solve_in_place_with_conj(
            Conj::No,
            right,
            Par::Seq,
            stack,
        );
    }
}
