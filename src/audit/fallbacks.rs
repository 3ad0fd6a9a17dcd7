//! Readings of a report that sources gave in place of better ones, as it was when they were taken in.

use crate::store::{Store, stand_ins};
use reports::fallbacks::{Fallback, of_series};
use reports::inputs::Inputs;

/// Of the series of the inputs, in their period.
pub(super) async fn find(store: &Store, inputs: &Inputs) -> sqlx::Result<Vec<Fallback>> {
    let stand_ins = stand_ins::all(store).await?;
    let mut list = Vec::new();
    for (name, points) in &inputs.series {
        let readings = points.iter().map(|point| (point.interval(), point.revision));
        list.extend(of_series(name, readings, |revision| stand_ins.get(&revision)?.for_series(name)));
    }
    list.retain(|fallback| fallback.span.overlap_s(inputs.period) > 0);
    list.sort();
    Ok(list)
}
