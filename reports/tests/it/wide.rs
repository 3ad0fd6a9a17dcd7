//! What plain random portfolios leave out: sites that move, channels, losses, shares, fixed parts, shaped contracts, what
//! was sold on, and what nobody metered.

use crate::support::{Case, INTERVALS, START, STEP_S, case, wh};
use hourmatch_reports::definitions::{Change, Fraction};
use ids::{BoundaryId, Index, SiteIndex};
use proptest::prelude::*;

/// The site whose load comes from channels, the one with losses, and the one whose load may lack.
pub const OF_CHANNELS: usize = 2;
pub const WITH_LOSSES: usize = 1;
pub const WITH_GAPS: usize = 0;
/// Contracts with a share of their plant, a flat promise, and sales to others; the second may also lack generation.
pub const SHARED: usize = 0;
pub const SHAPED: usize = 1;
pub const RESOLD: usize = 2;

/// A site lies in one boundary before an hour and in the other from it on; the hour may lie outside the period.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    pub site: SiteIndex,
    pub at: i64,
    /// It comes to where it lies in plain portfolios, rather than leaves it.
    pub comes: bool,
}

/// Behind a meter: generation and export by interval, and whether the generation burns gas.
#[derive(Debug, Clone)]
pub struct Channels {
    pub onsite: Vec<i64>,
    pub export: Vec<i64>,
    pub fossil: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Extras {
    pub moves: Vec<Move>,
    pub loss_percent: i64,
    pub ownership_percent: Option<i64>,
    pub channels: Option<Channels>,
    /// Percent of the plant before and from the middle of the period.
    pub share_percent: Option<[i64; 2]>,
    pub shaped_w: Option<i64>,
    pub resold: Vec<i64>,
    /// Contracts by an even number are shared in fixed parts.
    pub fixed_parts: bool,
    /// Missing load is estimated from the day before; without it there is none missing.
    pub estimates: bool,
    pub load_gaps: Vec<bool>,
    pub generation_gaps: Vec<bool>,
}

pub fn percent(percent: i64) -> Fraction {
    Fraction::parse(&format!("{percent}/100")).expect("fraction")
}

impl Extras {
    /// Whether a site lies in B at first, and how that changes; `last` is the one that lies there in plain portfolios.
    pub fn boundaries(&self, site: SiteIndex, last: bool) -> (BoundaryId, Vec<Change<BoundaryId>>) {
        let name = |in_b: bool| BoundaryId::from(if in_b { "B" } else { "A" });
        let Some(found) = self.moves.iter().find(|m| m.site == site) else { return (name(last), Vec::new()) };
        let first = last != found.comes;
        (name(first), vec![Change { from: START + found.at * STEP_S, value: name(!first) }])
    }

    /// Whether nobody metered a series in an interval.
    pub fn lacks(&self, series: &str, interval: i64) -> bool {
        let lacks = |gaps: &[bool]| usize::try_from(interval).is_ok_and(|t| gaps.get(t) == Some(&true));
        let load = self.estimates && series == format!("site/s{WITH_GAPS}/load") && lacks(&self.load_gaps);
        load || series == format!("contract/c{SHAPED}/generation") && lacks(&self.generation_gaps)
    }
}

fn gaps() -> impl Strategy<Value = Vec<bool>> {
    prop_oneof![Just(Vec::new()), proptest::collection::vec(prop_oneof![3 => Just(false), 1 => Just(true)], INTERVALS)]
}

fn channels() -> impl Strategy<Value = Channels> {
    (wh(1_500), wh(900), any::<bool>()).prop_map(|(onsite, export, fossil)| {
        let export = export.iter().zip(&onsite).map(|(out, made)| *out.min(made)).collect();
        Channels { onsite, export, fossil }
    })
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = ((0_usize..5).prop_map(SiteIndex::new), -1_i64..INTERVALS as i64 + 2, any::<bool>());
    proptest::collection::vec(one.prop_map(|(site, at, comes)| Move { site, at, comes }), 0..3)
}

fn extras() -> impl Strategy<Value = Extras> {
    let of_sites = (moves(), 0_i64..12, proptest::option::of(1_i64..=100), proptest::option::of(channels()));
    let of_contracts = (
        proptest::option::of([0_i64..=100, 0_i64..=100]),
        proptest::option::of(0_i64..1_500),
        prop_oneof![Just(Vec::new()), wh(600)],
        any::<bool>(),
    );
    let of_readings = (any::<bool>(), gaps(), gaps());
    (of_sites, of_contracts, of_readings).prop_map(|(sites, contracts, readings)| {
        let (moves, loss_percent, ownership_percent, channels) = sites;
        let (share_percent, shaped_w, resold, fixed_parts) = contracts;
        let (estimates, load_gaps, generation_gaps) = readings;
        Extras {
            moves,
            loss_percent,
            ownership_percent,
            channels,
            share_percent,
            shaped_w,
            resold,
            fixed_parts,
            estimates,
            load_gaps,
            generation_gaps,
        }
    })
}

/// A portfolio with any of them.
pub fn wide() -> impl Strategy<Value = Case> {
    (case(), extras()).prop_map(|(case, extras)| Case { extras, ..case })
}
