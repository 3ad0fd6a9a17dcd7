//! `interval_factors.csv`: what each boundary's energy was weighed with, interval by interval, so that location-based
//! and market-based figures can be followed back.

use crate::books::{Books, Share};
use crate::definitions::gcd_wide;
use crate::ruleset::FallbackTier;
use crate::series::name::{GridLeaf, Group, SeriesName};
use std::io::{self, Write};

const HEADER: &str = "boundary,start,factor_basis,intensity_mg_per_kwh,upstream_mg_per_kwh,cfe_share,\
                      fallback_mg_per_kwh,tier,source";

/// By boundary, then start; what was never supplied is empty.
pub fn write(books: &Books, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    for boundary in &books.boundaries {
        for t in 0..books.grid.len {
            let at = |values: &Option<Vec<i64>>| values.as_ref().map_or(String::new(), |v| v[t].to_string());
            let tier = boundary.fallback_tier[t];
            writeln!(
                out,
                "{},{},{},{},{},{},{},{},{}",
                boundary.id,
                books.grid.start(t),
                boundary.factor_basis.name(),
                at(&boundary.intensity_mg_per_kwh),
                at(&boundary.upstream_mg_per_kwh),
                boundary.grid_cfe.as_ref().map_or(String::new(), |shares| lowest(shares[t])),
                boundary.fallback_mg_per_kwh[t],
                tier.name(),
                source(tier, &boundary.id)
            )?;
        }
    }
    Ok(())
}

/// Where a factor came from: a series, or the definition of the boundary.
pub(super) fn source(tier: FallbackTier, boundary: &str) -> String {
    match tier {
        FallbackTier::ResidualIntensity => SeriesName::grid(boundary, GridLeaf::ResidualIntensity).into(),
        FallbackTier::ResidualComputed => format!("{}/<fuel> less issued volumes", Group::Grid.subject(boundary)),
        FallbackTier::FossilIntensity => {
            format!("{} or its coal gas and oil", SeriesName::grid(boundary, GridLeaf::FossilIntensity))
        }
        FallbackTier::DefaultFossil => format!("default of boundary {boundary}"),
    }
}

/// An exact share in lowest terms.
fn lowest(share: Share) -> String {
    let divisor = gcd_wide(share.numerator, share.denominator);
    format!("{}/{}", share.numerator / divisor, share.denominator / divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_in_lowest_terms() {
        let of = |numerator, denominator| lowest(Share { numerator, denominator });
        assert_eq!([of(0, 7), of(7, 7), of(300, 1_000), of(3, 7)], ["0/1", "1/1", "3/10", "3/7"]);
    }
}
