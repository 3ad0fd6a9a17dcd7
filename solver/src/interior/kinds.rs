//! Which rows and columns of a model are a piece's own.

use crate::model::{ColumnKind, Part, RowKind};
use ids::Index;

/// Whether a row is a piece's own.
pub(super) fn is_local(kind: &RowKind) -> bool {
    matches!(kind, RowKind::Energy { .. } | RowKind::Rate { .. })
}

/// The site and step a column of work draws at, as cells count them; none for a column that is not work's, or draws nowhere.
pub(super) fn drawn(kind: &ColumnKind) -> Option<(usize, usize)> {
    match *kind {
        ColumnKind::Place { site, step, .. } | ColumnKind::Part { part: Part::Keep, site, step, .. } => {
            Some((site.get(), step))
        }
        _ => None,
    }
}

/// Whether a column is a piece's own.
pub(super) fn is_work(kind: &ColumnKind) -> bool {
    drawn(kind).is_some() || matches!(kind, ColumnKind::Miss { .. } | ColumnKind::Later { .. })
}
