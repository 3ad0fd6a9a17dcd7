//! Price tests between adjacent boundaries, one record per interval.
//!
//! Energy may pass in an interval whose load-side price is strictly below `ratio` times its generation-side price.

use super::desk::{Desk, boundary_index};
use crate::books::{LinkBook, PriceTest};
use crate::definitions::LinkDef;
use crate::exceptions;
use crate::series::name::{GridLeaf, SeriesName};
use crate::series::{SeriesError, resample};
use ids::BoundaryId;

/// Ratios are in billionths.
const UNIT: i128 = 1_000_000_000;

pub(super) fn books(desk: &mut Desk<'_>) -> Result<Vec<LinkBook>, SeriesError> {
    let inputs = desk.inputs;
    let ratio = inputs.ruleset.price_ratio_billionths();
    let ratio = ratio.map_err(|e| SeriesError::UnknownId(e.to_string(), "price_test_ratio"))?;
    let mut books = Vec::new();
    for link in &inputs.definitions.links {
        let from = boundary_index(&inputs.definitions, &link.from)?;
        let to = boundary_index(&inputs.definitions, &link.to)?;
        let (generation, load) = (prices(desk, &link.from), prices(desk, &link.to));
        let tests: Vec<PriceTest> =
            generation.into_iter().zip(load).map(|(g, l)| test(l, g, i128::from(ratio), link)).collect();
        let unknown = tests.iter().filter(|t| t.load_price.is_none() || t.generation_price.is_none()).count();
        if unknown > 0 {
            let name = SeriesName::grid(&link.from, GridLeaf::Price);
            let message = format!("{unknown} intervals lack a price of {link}: nothing passes the link in them");
            desk.note_span(exceptions::MISSING_PRICE, &name, desk.inputs.period, 0, message);
        }
        books.push(LinkBook { from, to, tests });
    }
    Ok(books)
}

fn prices(desk: &Desk<'_>, boundary: &BoundaryId) -> Vec<Option<i64>> {
    resample::price(desk.inputs.points(&SeriesName::grid(boundary, GridLeaf::Price)), desk.grid)
}

fn test(load_price: Option<i64>, generation_price: Option<i64>, ratio: i128, link: &LinkDef) -> PriceTest {
    let passed = match (load_price, generation_price) {
        _ if ratio == 0 => false,
        (Some(_), Some(generation)) if generation <= 0 => link.nonpositive_price_passes,
        (Some(load), Some(generation)) => i128::from(load) * UNIT < ratio * i128::from(generation),
        _ => false,
    };
    PriceTest { load_price, generation_price, passed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_load_side_must_be_strictly_below_105_percent() {
        let mut link = LinkDef { from: "A".into(), to: "B".into(), nonpositive_price_passes: false };
        let ratio = 1_050_000_000;
        assert!(test(Some(104), Some(100), ratio, &link).passed);
        assert!(!test(Some(105), Some(100), ratio, &link).passed);
        assert!(!test(Some(-5), Some(-1), ratio, &link).passed);
        assert!(!test(None, Some(100), ratio, &link).passed);
        assert!(!test(Some(1), Some(100), 0, &link).passed);
        link.nonpositive_price_passes = true;
        assert!(test(Some(-5), Some(0), ratio, &link).passed);
    }
}
