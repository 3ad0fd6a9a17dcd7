//! Limits that nothing enters but what goes over them, as those of sites that no gang of a queue can take: what goes over is
//! known, and the system does without them.

use super::order::{Draws, OwnEntry};
use crate::model::LinearModel;

/// A limit from above, and the column that goes over it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    pub row: usize,
    pub column: usize,
    value: f64,
}

impl Settled {
    /// How much goes over.
    pub fn over(&self, model: &LinearModel) -> f64 {
        let column = &model.columns[self.column];
        (model.rows[self.row].upper / self.value).max(column.lower).min(column.upper)
    }

    /// What the limit is worth.
    pub fn dual(&self, model: &LinearModel) -> f64 {
        let column = &model.columns[self.column];
        if self.over(model) > column.lower { column.cost / self.value } else { 0.0 }
    }
}

/// `own` by column.
pub(super) fn settled(model: &LinearModel, own: &[OwnEntry], draws: &Draws) -> Vec<Settled> {
    let mut enter = vec![0_usize; model.rows.len()];
    draws.iter().flatten().for_each(|&(row, _)| enter[row as usize] += 1);
    own.iter().for_each(|e| enter[e.row as usize] += 1);
    let is_settled = |e: &&OwnEntry| {
        let row = &model.rows[e.row as usize];
        let over = model.columns[e.column as usize].kind.is_excess() && e.value < 0.0;
        over && enter[e.row as usize] == 1 && row.lower == f64::NEG_INFINITY && row.upper.is_finite()
    };
    let of_one = own.chunk_by(|a, b| a.column == b.column).filter(|entries| entries.len() == 1).flatten();
    of_one
        .filter(is_settled)
        .map(|e| Settled { row: e.row as usize, column: e.column as usize, value: e.value })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Keys, Part, anywhere};

    /// A limit that is passed already, by 3 at 2 to the unit; one that is not; and one that a place enters, too.
    #[test]
    fn what_goes_over_a_limit_of_none_is_known() {
        let mut model = LinearModel::new(Keys::default(), (0, 0), 0.0);
        for (step, upper) in [-3.0, 4.0, 5.0].into_iter().enumerate() {
            let over = model.part(Part::OverPool, anywhere(0, step), 10.0, 50.0);
            model.rule("pool", anywhere(0, step), (f64::NEG_INFINITY, upper), &[(over, -2.0)]);
        }
        model.finish();
        let found = settled(&model, &model.entries, &vec![vec![(2, 1.0)]]);
        let known: Vec<(usize, f64, f64)> =
            found.iter().map(|one| (one.row, one.over(&model), one.dual(&model))).collect();
        assert_eq!(known, [(0, 1.5, -25.0), (1, 0.0, 0.0)]);
    }
}
