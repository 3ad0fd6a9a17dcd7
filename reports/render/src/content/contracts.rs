//! Contracts and other instruments: what they delivered, in both ledgers, and what may be claimed of it.

use super::blocks::{Chart, DASH, Drawing, Print, Section, Table, figure, id, prose, text};
use super::view::View;
use crate::charts::bars::{Bar, bars};
use crate::charts::heat::Key;
use crate::charts::scene::Paint;
use crate::english::{self, stated};
use crate::figures::with_figures;
use reports::definitions::{Labels, Settlement};
use reports::report::{Claim, ContractReport};
use reports::ruleset::Step;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Bars of a chart, which must fit a page; its table has all sources.
const BARS: usize = 24;

/// Energy of one source or step, in Wh.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    allocated: i128,
    stored: i128,
    surplus: i128,
    inventory: i128,
    inventory_surplus: i128,
}

fn summed<'a, K: Ord>(contracts: &'a [ContractReport], key: fn(&'a ContractReport) -> K) -> BTreeMap<K, Sum> {
    let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
    for contract in contracts {
        let sum = sums.entry(key(contract)).or_default();
        sum.allocated += contract.allocated_wh;
        sum.stored += contract.stored_wh;
        sum.surplus += contract.surplus_wh;
        sum.inventory += contract.inventory_allocated_wh;
        sum.inventory_surplus += contract.inventory_surplus_wh;
    }
    sums
}

pub fn sources(view: &View<'_>) -> Option<Section> {
    let energy = view.energy;
    let mut sums = summed(&view.report.contracts, |contract| contract.technology.as_str());
    sums.retain(|_, sum| sum.allocated + sum.stored + sum.surplus > 0);
    if sums.is_empty() {
        return None;
    }
    let mut sums: Vec<(&str, Sum)> = sums.into_iter().collect();
    let table = Table::listing(
        "Energy that counts towards matching, by source",
        &sums,
        &[
            (text("Source"), &|(technology, _)| (*technology).to_string()),
            (figure("Allocated", "MWh"), &|(_, sum)| energy.down(sum.allocated)),
            (figure("Stored", "MWh"), &|(_, sum)| energy.down(sum.stored)),
            (figure("Surplus", "MWh"), &|(_, sum)| energy.down(sum.surplus)),
        ],
    );
    let many = sums.len();
    if many > BARS {
        sums.sort_by_key(|(_, sum)| Reverse(sum.allocated + sum.stored + sum.surplus));
        sums.truncate(BARS);
    }
    let bar = |(technology, sum): &(&str, Sum)| {
        let [allocated, stored, surplus] = [sum.allocated, sum.stored, sum.surplus].map(|wh| energy.down(wh));
        Bar {
            label: (*technology).to_string(),
            parts: vec![(Paint::Matched, sum.allocated), (Paint::Surplus, sum.stored + sum.surplus)],
            figures: format!("{allocated} MWh allocated, {stored} MWh stored, {surplus} MWh surplus"),
        }
    };
    let list: Vec<Bar> = sums.iter().map(bar).collect();
    let mut section = Section::new(
        "sources",
        "Sources",
        "What each technology delivered in the matching ledger. Stored energy comes back as re-issued storage discharge.",
    );
    if many > BARS {
        section.notes.push(format!("The {BARS} largest of {} sources have bars.", english::count(many)));
    }
    Some(section.with_chart(Chart {
        id: "source".into(),
        drawing: Drawing::Marks(bars(&list)),
        caption: "MWh by source technology".into(),
        about: "A bar for each source: allocated to load, and the rest, which was stored or is surplus.".into(),
        keys: vec![
            Key { paint: Paint::Matched, label: "allocated to load" },
            Key { paint: Paint::Surplus, label: "stored or surplus" },
        ],
        tables: vec![table],
        print: Print::Tables,
    }))
}

pub fn contracts(view: &View<'_>) -> Section {
    let mut section = Section::new(
        "contracts",
        "Contracts and other instruments",
        "Both ledgers are complete by themselves and never added up: matching decides the matched share, inventory the \
         market-based emissions. In each, what is delivered is allocated to load in its own interval, stored, or surplus.",
    );
    if view.report.contracts.is_empty() {
        return section.with_note("No contracts.");
    }
    section.tables.extend([matching(view), inventory(view), steps(view)]);
    section.with_note("Claims stand under Disclosure.")
}

fn matching(view: &View<'_>) -> Table {
    let energy = view.energy;
    Table::listing(
        "Matching ledger by instrument",
        &view.report.contracts,
        &[
            (id("Instrument"), &|c| view.report.labels.instrument_with_id(&c.id)),
            (text("Kind"), &|c| c.kind.words().to_string()),
            (text("Source"), &|c| c.technology.clone()),
            (id("Boundary"), &|c| c.boundary.to_string()),
            (text("Settlement"), &|c| c.settlement.map_or(DASH, Settlement::name).to_string()),
            (figure("Delivered", "MWh"), &|c| energy.down(c.delivered_wh)),
            (figure("Allocated", "MWh"), &|c| energy.down(c.allocated_wh)),
            (figure("Stored", "MWh"), &|c| energy.down(c.stored_wh)),
            (figure("Surplus", "MWh"), &|c| energy.down(c.surplus_wh)),
            (figure("Allocated of delivered", ""), &|c| english::share(c.allocated_wh, c.delivered_wh)),
        ],
    )
}

fn inventory(view: &View<'_>) -> Table {
    let energy = view.energy;
    Table::listing(
        "Inventory ledger by instrument",
        &view.report.contracts,
        &[
            (id("Instrument"), &|c| view.report.labels.instrument_with_id(&c.id)),
            (text("Kind"), &|c| c.kind.words().to_string()),
            (figure("Allocated", "MWh"), &|c| energy.down(c.inventory_allocated_wh)),
            (figure("Stored", "MWh"), &|c| energy.down(c.inventory_stored_wh)),
            (figure("Surplus", "MWh"), &|c| energy.down(c.inventory_surplus_wh)),
            (figure("Own factor", "g/kWh"), &|c| english::units(i128::from(c.ef_mg_per_kwh), 3)),
        ],
    )
}

fn steps(view: &View<'_>) -> Table {
    let energy = view.energy;
    let mut sums: Vec<(Step, Sum)> = summed(&view.report.contracts, |c| c.kind).into_iter().collect();
    sums.sort_by_key(|(step, _)| step.name());
    Table::listing(
        "Allocated energy by step of the ruleset's order",
        &sums,
        &[
            (text("Step"), &|(step, _)| step.words().to_string()),
            (figure("Matching", "MWh"), &|(_, sum)| energy.down(sum.allocated)),
            (figure("Matching, surplus", "MWh"), &|(_, sum)| energy.down(sum.surplus)),
            (figure("Inventory", "MWh"), &|(_, sum)| energy.down(sum.inventory)),
            (figure("Inventory, surplus", "MWh"), &|(_, sum)| energy.down(sum.inventory_surplus)),
        ],
    )
}

/// The claim of each instrument, in the words of the report.
pub fn claims(view: &View<'_>, caption: &str, contracts: &[&ContractReport]) -> Table {
    Table::first(
        caption,
        contracts,
        &[
            (id("Instrument"), &|c| view.report.labels.instrument_with_id(&c.id)),
            (text("Claim basis"), &|c| c.claim.basis.name().to_string()),
            (prose("What may be said"), &|c| with_figures(&c.claim.statement, english::integer)),
            (text("Registry"), &|c| stated(c.claim.registry.as_ref())),
            (text("Beneficiary"), &|c| stated(c.claim.beneficiary.as_ref())),
            (text("Commissioned"), &|c| stated(c.claim.commissioned.as_ref())),
        ],
    )
}

fn has_certificates(claim: &Claim) -> bool {
    [claim.cancelled_wh, claim.held_wh, claim.expired_wh, claim.withdrawn_wh].iter().any(|wh| *wh != 0)
}

/// Certificates of the instruments that have any; none where no instrument has.
pub fn certificates(view: &View<'_>) -> Option<Table> {
    let energy = view.energy;
    let all: Vec<&ContractReport> = view.report.contracts.iter().filter(|c| has_certificates(&c.claim)).collect();
    let table = Table::first(
        "Certificates by status",
        &all,
        &[
            (id("Instrument"), &|c| view.report.labels.instrument_with_id(&c.id)),
            (text("Granular"), &|c| if c.claim.granular { "yes" } else { "no" }.to_string()),
            (figure("Used and backed", "MWh"), &|c| {
                c.claim.backed_wh.map_or_else(|| DASH.to_string(), |wh| energy.down(wh))
            }),
            (figure("Cancelled", "MWh"), &|c| energy.down(c.claim.cancelled_wh)),
            (figure("Held", "MWh"), &|c| energy.down(c.claim.held_wh)),
            (figure("Expired", "MWh"), &|c| energy.down(c.claim.expired_wh)),
            (figure("Withdrawn", "MWh"), &|c| energy.down(c.claim.withdrawn_wh)),
        ],
    );
    (!all.is_empty()).then_some(table)
}

/// Names the scheme of granular certificates, and only where there are some.
pub fn granular_note(contracts: &[&ContractReport], labels: &Labels) -> Option<String> {
    let granular = contracts.iter().filter(|c| c.claim.granular);
    let names: Vec<&str> = granular.map(|c| labels.instrument(&c.id)).collect();
    if names.is_empty() {
        return None;
    }
    Some(format!(
        "Granular certificates, of an hour or less as the EnergyTag scheme describes them, stand behind the claims of: {}.",
        names.join(", ")
    ))
}
