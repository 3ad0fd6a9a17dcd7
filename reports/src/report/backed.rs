//! How much of a report's figures cancelled certificates back, as it states it.

use super::totals::Backed;
use crate::books::Books;
use crate::inputs::Inputs;
use crate::inventory::{AnnualClaims, Inventory};
use crate::matching::Matched;
use crate::matching::backing::{self, Backing, Sums};
use crate::matching::score::Scores;
use crate::ruleset::CertificateRule;
use crate::units::Floored;
use ids::{BoundaryIndex, Index, SiteIndex};

/// What is backed, beside the figures it is part of.
pub struct BackedFigures<'a> {
    /// Whether the register holds any certificate of the period: without one nothing is told, not even zero.
    known: bool,
    backing: Backing,
    scores: &'a Scores,
    annual: &'a [AnnualClaims],
}

impl<'a> BackedFigures<'a> {
    /// None under rulesets that back claims by volume, whose figures stand alone.
    pub fn compute(
        inputs: &Inputs,
        books: &Books,
        matched: &Matched,
        scores: &'a Scores,
        inventory: &'a Inventory,
    ) -> Option<Self> {
        (inputs.ruleset.rules.certificates == CertificateRule::Hour).then(|| Self {
            known: !inputs.certificates.is_empty(),
            backing: backing::compute(books, matched, scores),
            scores,
            annual: &inventory.annual_claims,
        })
    }

    pub fn portfolio(&self) -> Backed {
        let annual = self.annual_claims();
        self.backed(&self.backing.portfolio, self.scores.portfolio.load, Some(annual))
    }

    /// What the annual inventories of all boundaries claim together.
    pub fn annual_claims(&self) -> AnnualClaims {
        self.annual.iter().fold(AnnualClaims::default(), |sum, claims| AnnualClaims {
            claimed: sum.claimed + claims.claimed,
            backed: sum.backed + claims.backed,
        })
    }

    pub fn boundary(&self, b: BoundaryIndex) -> Backed {
        self.backed(&self.backing.boundaries[b], self.scores.boundaries[b].load, self.annual.get(b.get()).copied())
    }

    /// A site has no annual figure of its own.
    pub fn site(&self, s: SiteIndex) -> Backed {
        self.backed(&self.backing.sites[s], self.scores.sites[s].load, None)
    }

    /// Of the matched energy of a boundary's interval.
    pub fn interval(&self, b: BoundaryIndex, t: usize) -> Option<i64> {
        self.known.then(|| self.backing.cells[b][t])
    }

    fn backed(&self, sums: &Sums, load: i128, annual: Option<AnnualClaims>) -> Backed {
        let known_wh = |wh: i128| self.known.then_some(wh);
        let share = |wh: i128| known_wh(wh).and_then(|wh| Floored::new(wh, load));
        Backed {
            matched_wh: known_wh(sums.matched),
            matched_share: share(sums.matched),
            intervals_fully_backed: self.known.then_some(sums.full),
            annual_share: annual.and_then(|_| share(sums.contracted)),
            annual_share_capped: annual.and_then(|_| share(sums.capped)),
            market_based_hourly_claimed_wh: sums.claimed,
            market_based_hourly_wh: known_wh(sums.inventory),
            market_based_annual_claimed_wh: annual.map(|claims| claims.claimed),
            market_based_annual_wh: annual.and_then(|claims| known_wh(claims.backed)),
        }
    }
}
