//! Work held to a power at a site and step, as explanations ask: it is known, and the system does without it.

use super::cells::Cells;
use crate::model::{ColumnKind, Entry, LinearModel, RowKind, bounds};
use std::collections::BTreeMap;

/// What draws at one site and step: the place of a piece, and what may be kept there of a previous plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pin {
    pub row: usize,
    pub mw: f64,
    pub place: usize,
    pub keep: Option<usize>,
    pub cell: usize,
}

/// By the column of the place.
pub(super) type Pins = BTreeMap<usize, Pin>;

/// Whether a row pins work.
fn is_pin(kind: &RowKind) -> bool {
    matches!(kind, RowKind::Rule { rule: bounds::PIN, .. })
}

/// None where a power is left a range.
pub(super) fn pins(model: &LinearModel, cells: &Cells) -> Option<Pins> {
    let mut pins = Pins::new();
    for (r, (row, entries)) in model.by_row().enumerate().filter(|(_, (row, _))| is_pin(&row.kind)) {
        let is_place = |e: &&Entry| matches!(model.columns[e.column as usize].kind, ColumnKind::Place { .. });
        let (places, kept): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(is_place);
        let ([place], [] | [_]) = (&places[..], &kept[..]) else { return None };
        let (place, keep) = (place.column as usize, kept.first().map(|e| e.column as usize));
        let (site, step) = cells.drawn(&model.columns[place].kind)?;
        let pin = Pin { row: r, mw: row.upper, place, keep, cell: site * cells.steps + step };
        if row.lower != row.upper || pins.insert(place, pin).is_some() {
            return None;
        }
    }
    Some(pins)
}

impl Pin {
    /// Its step, and MW.
    pub fn at(&self, steps: usize) -> (usize, f64) {
        (self.cell % steps, self.mw)
    }

    /// MW of the place, and of what is kept there: first what costs less.
    pub fn split(&self, model: &LinearModel) -> (f64, f64) {
        let place = &model.columns[self.place];
        let kept = self.keep.map_or(0.0, |keep| {
            let keep = &model.columns[keep];
            if keep.cost <= place.cost { keep.upper.min(self.mw) } else { (self.mw - place.upper).max(0.0) }
        });
        (self.mw - kept, kept)
    }

    pub fn cost(&self, model: &LinearModel) -> f64 {
        let (placed, kept) = self.split(model);
        model.columns[self.place].cost * placed + self.keep.map_or(0.0, |keep| model.columns[keep].cost * kept)
    }

    /// The dual of its row: by it, what is neither nothing nor all it can be costs nothing.
    pub fn dual(&self, model: &LinearModel, reduced: &[f64]) -> f64 {
        let (placed, kept) = self.split(model);
        match self.keep {
            Some(keep) if placed <= 0.0 || kept > 0.0 && kept < model.columns[keep].upper => reduced[keep],
            _ => reduced[self.place],
        }
    }
}
