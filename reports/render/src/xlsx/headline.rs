//! The portfolio's headline figures, each with a formula over the other sheets.

use super::allocations::Allocations;
use super::checks::{integer_check, millionths, millionths_of, share_agrees, share_check};
use super::layout::{Energy, Layout};
use super::totals::count;
use super::{contracts, places};
use crate::names::Names;
use reports::report::Report;

/// A formula and what it gives.
pub(super) struct Live {
    pub(super) formula: String,
    pub(super) value: f64,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Audited<'a> {
    Integer(i128),
    Share(&'a str),
    /// There is no score.
    None,
}

pub(super) struct Figure<'a> {
    pub(super) name: &'static str,
    /// Its name in the other formats.
    pub(super) field: &'static str,
    pub(super) live: Option<Live>,
    pub(super) audited: Audited<'a>,
    pub(super) how: &'static str,
}

impl Figure<'_> {
    /// The check between two cells of the sheet, and its result; none where nothing is recomputed.
    pub(super) fn check(&self, live: &str, audited: &str) -> Option<(String, bool)> {
        let value = self.live.as_ref()?.value;
        match self.audited {
            Audited::Integer(integer) => Some((integer_check(live, audited), value == integer as f64)),
            Audited::Share(score) => {
                Some((share_check(live, &millionths_of(audited)), share_agrees(value, millionths(score)?)))
            }
            Audited::None => None,
        }
    }
}

/// The score the ruleset puts first stands first.
pub(super) fn figures<'a>(report: &'a Report, layout: &Layout, allocations: &Allocations) -> Vec<Figure<'a>> {
    let mut list = scores(report, layout);
    list.sort_by_key(|figure| figure.field != report.ruleset.headline);
    list.extend(backed(report, layout));
    list.extend(energy(report, layout));
    list.extend(cross_sums(report, layout, allocations));
    list
}

fn scores<'a>(report: &'a Report, layout: &Layout) -> Vec<Figure<'a>> {
    let (totals, load, names) = (&report.portfolio, Energy::Load.total(report), Names::new(report));
    let loads = layout.range(Energy::Load);
    let share =
        |name: &'static str, field: &'static str, score: &'a Option<String>, over: Option<(String, i128)>, how| {
            let live = match (&loads, over) {
                (Some(loads), Some((formula, value))) if load > 0 && score.is_some() => {
                    Some(Live { formula: format!("=({formula})/SUM({loads})"), value: value as f64 / load as f64 })
                }
                _ => None,
            };
            Figure { name, field, live, audited: score.as_deref().map_or(Audited::None, Audited::Share), how }
        };
    let (matched, grid_cfe) = (layout.range(Energy::Matched), layout.range(Energy::GridCfe));
    let matched_wh = Energy::Matched.total(report);
    let of_matched = matched.as_ref().map(|m| (format!("SUM({m})"), matched_wh));
    let of_cfe = matched.zip(grid_cfe);
    let of_cfe = of_cfe.map(|(m, g)| (format!("SUM({m})+SUM({g})"), matched_wh + Energy::GridCfe.total(report)));
    let reissued = places::boundary_range(report, layout, "reissued_wh");
    let reissued_wh: i128 = report.boundaries.iter().map(|b| b.totals.reissued_wh).sum();
    let of_annual = layout.range(Energy::Contracted).zip(reissued);
    let contracted_wh = Energy::Contracted.total(report) - reissued_wh;
    let of_annual = of_annual.map(|(c, r)| (format!("SUM({c})-SUM({r})"), contracted_wh));
    let capped_wh: i128 = report.boundaries.iter().map(|b| places::capped(&b.totals)).sum();
    let of_capped = places::capped_range(report, layout).map(|range| (format!("SUM({range})"), capped_wh));
    vec![
        share("Matched share, hourly", "matched_share", &totals.matched_share, of_matched, "matched / load"),
        share("CFE score", "cfe_score", &totals.cfe_score, of_cfe, "(matched + grid's carbon-free part) / load"),
        share(
            names.volumetric_capped(),
            "annual_share_capped",
            &totals.annual_share_capped,
            of_capped,
            "contracted without re-issued discharge, at most each boundary's load / load",
        ),
        share(
            names.volumetric(),
            "annual_share",
            &totals.annual_share,
            of_annual,
            "contracted without re-issued discharge / load",
        ),
    ]
}

/// What cancelled certificates back of the matched energy, where the report tells.
fn backed<'a>(report: &'a Report, layout: &Layout) -> Vec<Figure<'a>> {
    let Some(backed) = report.portfolio.backed.as_ref() else { return Vec::new() };
    let (Some(wh), Some(share)) = (backed.matched_wh, backed.matched_share.as_deref()) else { return Vec::new() };
    let range = layout.range(Energy::Backed).filter(|_| Energy::Backed.is_reported(report));
    let (sum, load) = (Energy::Backed.total(report), Energy::Load.total(report));
    let of_load = range.as_ref().zip(layout.range(Energy::Load)).filter(|_| load > 0);
    vec![
        Figure {
            name: "Of the matched share, and of the CFE score: backed by cancelled certificates",
            field: "backed_matched_share",
            live: of_load.map(|(range, loads)| Live {
                formula: format!("=(SUM({range}))/SUM({loads})"),
                value: sum as f64 / load as f64,
            }),
            audited: Audited::Share(share),
            how: "matched with certificates of its hours / load",
        },
        Figure {
            name: "Of it backed by cancelled certificates",
            field: "backed_matched_wh",
            live: range.map(|range| summed(&range, sum)),
            audited: Audited::Integer(wh),
            how: "Wh matched, sum of the sheet Intervals",
        },
    ]
}

fn energy(report: &Report, layout: &Layout) -> Vec<Figure<'static>> {
    let totals = &report.portfolio;
    let figure = |name: &'static str, field: &'static str, energy: Energy, audited: i128| Figure {
        name,
        field,
        live: layout.range(energy).map(|range| summed(&range, energy.total(report))),
        audited: Audited::Integer(audited),
        how: "Wh, sum of the sheet Intervals",
    };
    let by_boundary = |name: &'static str, field: &'static str, audited: i128, sum: i128| Figure {
        name,
        field,
        live: places::boundary_range(report, layout, field)
            .filter(|_| layout.is_live())
            .map(|range| summed(&range, sum)),
        audited: Audited::Integer(audited),
        how: "Wh, sum of the sheet Boundaries",
    };
    let metered: i128 = report.boundaries.iter().map(|b| b.totals.metered_load_wh).sum();
    let reissued: i128 = report.boundaries.iter().map(|b| b.totals.reissued_wh).sum();
    vec![
        figure("Load", "load_wh", Energy::Load, totals.load_wh),
        by_boundary("Metered load", "metered_load_wh", totals.metered_load_wh, metered),
        figure("Contracted", "contracted_wh", Energy::Contracted, totals.contracted_wh),
        figure("Matched", "matched_wh", Energy::Matched, totals.matched_wh),
        figure("Stored", "stored_wh", Energy::Stored, totals.stored_wh),
        by_boundary("Re-issued by storage", "reissued_wh", totals.reissued_wh, reissued),
        figure("Surplus", "surplus_wh", Energy::Surplus, totals.surplus_wh),
        figure("Unmatched", "unmatched_wh", Energy::Unmatched, totals.unmatched_wh),
        figure("Carbon-free part of the grid's", "grid_cfe_wh", Energy::GridCfe, totals.grid_cfe_wh),
    ]
}

/// The same energy by other sheets, and intervals counted.
fn cross_sums(report: &Report, layout: &Layout, allocations: &Allocations) -> Vec<Figure<'static>> {
    let totals = &report.portfolio;
    let matched = |name: &'static str, how: &'static str, range: Option<String>, sum: i128| Figure {
        name,
        field: "matched_wh",
        live: range.filter(|_| layout.is_live()).map(|range| summed(&range, sum)),
        audited: Audited::Integer(totals.matched_wh),
        how,
    };
    let by_site: i128 = report.sites.iter().map(|site| site.totals.matched_wh).sum();
    let by_instrument: i128 = report.contracts.iter().map(|contract| contract.allocated_wh).sum();
    let mut list = vec![
        matched("Matched, by site", "Wh, sum of the sheet Sites", places::site_range(report, "matched_wh"), by_site),
        matched(
            "Matched, by instrument",
            "Wh, sum of the sheet Contracts",
            contracts::range(report, "allocated_wh"),
            by_instrument,
        ),
    ];
    if let Some((formula, sum)) = allocations.matching_sum() {
        let live = Live { formula, value: sum as f64 };
        list.push(Figure {
            name: "Matched, by allocation",
            field: "matched_wh",
            live: Some(live).filter(|_| layout.is_live()),
            audited: Audited::Integer(totals.matched_wh),
            how: "Wh, the matching ledger's rows of the sheet Allocations",
        });
    }
    list.extend(intervals(report, layout));
    list
}

/// Intervals of the portfolio: full only if every boundary's is.
fn intervals(report: &Report, layout: &Layout) -> [Figure<'static>; 2] {
    let ranges = layout.side_by_side(Energy::Load).zip(layout.side_by_side(Energy::Unmatched));
    let (mut with_load, mut full) = (0_u32, 0_u32);
    for index in 0..report.boundaries.first().map_or(0, |first| first.intervals.len()) {
        let sum = |energy: Energy| -> i128 {
            report.boundaries.iter().filter_map(|b| b.intervals.get(index)).map(|row| energy.wh(row)).sum()
        };
        let loaded = sum(Energy::Load) > 0;
        with_load += u32::from(loaded);
        full += u32::from(loaded && sum(Energy::Unmatched) == 0);
    }
    let loaded = ranges
        .as_ref()
        .map(|(load, _)| Live { formula: format!("=SUMPRODUCT(--(({load})>0))"), value: f64::from(with_load) });
    let filled = ranges.as_ref().map(|(load, unmatched)| Live {
        formula: format!("=SUMPRODUCT(--(({load})>0),--(({unmatched})=0))"),
        value: f64::from(full),
    });
    [
        Figure {
            name: "Intervals with load",
            field: "intervals_with_load",
            live: loaded,
            audited: Audited::Integer(count(report.portfolio.intervals_with_load)),
            how: "intervals in which a boundary has load",
        },
        Figure {
            name: "Intervals fully matched",
            field: "intervals_fully_matched",
            live: filled,
            audited: Audited::Integer(count(report.portfolio.intervals_fully_matched)),
            how: "of those, intervals in which no boundary has unmatched load",
        },
    ]
}

fn summed(range: &str, sum: i128) -> Live {
    Live { formula: format!("=SUM({range})"), value: sum as f64 }
}
