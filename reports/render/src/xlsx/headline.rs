//! The portfolio's headline figures, each with a formula over the other sheets.

use super::allocations::Allocations;
use super::checks::{integer_check, millionths_of, share_agrees, share_check};
use super::layout::{Energy, Layout};
use super::places;
use crate::hours::{Slot, portfolio_slots};
use crate::names::Names;
use crate::records::Value;
use reports::report::{Report, Totals};

/// A formula and what it gives.
pub(super) struct Live {
    pub(super) formula: String,
    pub(super) value: f64,
}

pub(super) struct Figure {
    pub(super) name: &'static str,
    /// Its name in the other formats.
    pub(super) field: &'static str,
    pub(super) live: Option<Live>,
    pub(super) how: &'static str,
}

impl Figure {
    /// A sum over a range, where there is one.
    fn sum(name: &'static str, field: &'static str, how: &'static str, range: Option<String>, sum: i128) -> Self {
        let live = range.map(|range| Live { formula: format!("=SUM({range})"), value: sum as f64 });
        Self { name, field, live, how }
    }

    /// The check between the cells of what is live and of what is audited, and its result; none where nothing is
    /// recomputed.
    pub(super) fn check(&self, audited: &Value<'_>, live_cell: &str, audited_cell: &str) -> Option<(String, bool)> {
        let live = self.live.as_ref()?.value;
        match audited {
            Value::Integer(integer) => Some((integer_check(live_cell, audited_cell), live == *integer as f64)),
            Value::Share(score) => {
                Some((share_check(live_cell, &millionths_of(audited_cell)), share_agrees(live, *score)))
            }
            _ => None,
        }
    }
}

/// The score the ruleset puts first stands first.
pub(super) fn figures(report: &Report, layout: &Layout, allocations: &Allocations) -> Vec<Figure> {
    let mut list = scores(report, layout);
    list.sort_by_key(|figure| figure.field != report.ruleset.headline.name());
    list.extend(backed(report, layout));
    list.extend(energy(report, layout));
    list.extend(cross_sums(report, layout, allocations));
    list
}

fn scores(report: &Report, layout: &Layout) -> Vec<Figure> {
    let (load, names) = (Energy::Load.total(report), Names::new(report));
    let loads = layout.range(Energy::Load).filter(|_| load > 0);
    let share = |name: &'static str, field: &'static str, over: Option<(String, i128)>, how: &'static str| {
        let live = loads.as_ref().zip(over).map(|(loads, (formula, value))| Live {
            formula: format!("=({formula})/SUM({loads})"),
            value: value as f64 / load as f64,
        });
        Figure { name, field, live, how }
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
    let of_capped =
        places::boundary_range(report, layout, places::CAPPED).map(|range| (format!("SUM({range})"), capped_wh));
    vec![
        share("Matched share, hourly", "matched_share", of_matched, "matched / load"),
        share("CFE score", "cfe_score", of_cfe, "(matched + grid's carbon-free part) / load"),
        share(
            names.volumetric_capped(),
            "annual_share_capped",
            of_capped,
            "contracted without re-issued discharge, at most each boundary's load / load",
        ),
        share(names.volumetric(), "annual_share", of_annual, "contracted without re-issued discharge / load"),
    ]
}

/// What cancelled certificates back of the matched energy, where the report tells.
fn backed(report: &Report, layout: &Layout) -> Vec<Figure> {
    let backed = report.portfolio.backed.as_ref();
    if backed.is_none_or(|backed| backed.matched_wh.is_none() || backed.matched_share.is_none()) {
        return Vec::new();
    }
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
            how: "matched with certificates of its hours / load",
        },
        Figure::sum(
            "Of it backed by cancelled certificates",
            Energy::Backed.name(),
            "Wh matched, sum of the sheet Intervals",
            range,
            sum,
        ),
    ]
}

fn energy(report: &Report, layout: &Layout) -> Vec<Figure> {
    let by_interval = |name: &'static str, energy: Energy| {
        Figure::sum(name, energy.name(), "Wh, sum of the sheet Intervals", layout.range(energy), energy.total(report))
    };
    let by_boundary = |name: &'static str, field: &'static str, wh: fn(&Totals) -> i128| {
        let range = places::boundary_range(report, layout, field).filter(|_| layout.is_live());
        let sum = report.boundaries.iter().map(|b| wh(&b.totals)).sum();
        Figure::sum(name, field, "Wh, sum of the sheet Boundaries", range, sum)
    };
    vec![
        by_interval("Load", Energy::Load),
        by_boundary("Metered load", "metered_load_wh", |totals| totals.metered_load_wh),
        by_interval("Contracted", Energy::Contracted),
        by_interval("Matched", Energy::Matched),
        by_interval("Stored", Energy::Stored),
        by_boundary("Re-issued by storage", "reissued_wh", |totals| totals.reissued_wh),
        by_interval("Surplus", Energy::Surplus),
        by_interval("Unmatched", Energy::Unmatched),
        by_interval("Carbon-free part of the grid's", Energy::GridCfe),
    ]
}

/// The same energy by other sheets, and intervals counted.
fn cross_sums(report: &Report, layout: &Layout, allocations: &Allocations) -> Vec<Figure> {
    let matched = |name: &'static str, how: &'static str, range: Option<String>, sum: i128| {
        Figure::sum(name, "matched_wh", how, range.filter(|_| layout.is_live()), sum)
    };
    let by_site = report.sites.iter().map(|site| site.totals.matched_wh).sum();
    let by_instrument = report.contracts.iter().map(|contract| contract.allocated_wh).sum();
    let (sites, contracts) = (places::site_columns(report), places::contract_columns(report));
    let site_range = places::column_range("Sites", &sites, "matched_wh", report.sites.len());
    let instrument_range = places::column_range("Contracts", &contracts, "allocated_wh", report.contracts.len());
    let mut list = vec![
        matched("Matched, by site", "Wh, sum of the sheet Sites", site_range, by_site),
        matched("Matched, by instrument", "Wh, sum of the sheet Contracts", instrument_range, by_instrument),
    ];
    if let Some((formula, sum)) = allocations.matching_sum() {
        let live = Live { formula, value: sum as f64 };
        list.push(Figure {
            name: "Matched, by allocation",
            field: "matched_wh",
            live: Some(live).filter(|_| layout.is_live()),
            how: "Wh, the matching ledger's rows of the sheet Allocations",
        });
    }
    list.extend(intervals(report, layout));
    list
}

/// Intervals of the portfolio: full only if every boundary's is.
fn intervals(report: &Report, layout: &Layout) -> [Figure; 2] {
    let ranges = layout.side_by_side(Energy::Load).zip(layout.side_by_side(Energy::Unmatched));
    let slots = portfolio_slots(&report.boundaries);
    let live = |formula: fn(&str, &str) -> String, counts: fn(&&Slot) -> bool| {
        let value = slots.iter().filter(counts).count() as f64;
        ranges.as_ref().map(|(load, unmatched)| Live { formula: formula(load, unmatched), value })
    };
    [
        Figure {
            name: "Intervals with load",
            field: "intervals_with_load",
            live: live(|load, _| format!("=SUMPRODUCT(--(({load})>0))"), |slot| slot.sums.load > 0),
            how: "intervals in which a boundary has load",
        },
        Figure {
            name: "Intervals fully matched",
            field: "intervals_fully_matched",
            live: live(
                |load, unmatched| format!("=SUMPRODUCT(--(({load})>0),--(({unmatched})=0))"),
                |slot| slot.sums.is_full(),
            ),
            how: "of those, intervals in which no boundary has unmatched load",
        },
    ]
}
