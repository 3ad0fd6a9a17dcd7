//! Which rows and columns of a model are a piece's own.

use crate::model::{ColumnKind, Part, RowKind, bounds};

/// Whether a row is a piece's own.
pub(super) fn is_local(kind: &RowKind) -> bool {
    matches!(kind, RowKind::Energy { .. } | RowKind::Rate { .. } | RowKind::Rule { rule: bounds::PIN, .. })
}

/// Whether a column is a piece's own.
pub(super) fn is_work(kind: &ColumnKind) -> bool {
    let kept = matches!(kind, ColumnKind::Part { part: Part::Keep, .. });
    kept || matches!(kind, ColumnKind::Place { .. } | ColumnKind::Miss { .. } | ColumnKind::Later { .. })
}
