//! Contracts and other instruments: what they delivered, in both ledgers, and what may be claimed of it.

use super::blocks::{Chart, DASH, Drawing, Print, Section, Table, figure, id, prose, text};
use super::view::{View, kind_words};
use crate::charts::bars::{Bar, bars};
use crate::charts::heat::Key;
use crate::charts::scene::Paint;
use crate::english::{self, stated};
use crate::figures::with_figures;
use reports::definitions::Labels;
use reports::report::{Claim, ContractReport};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Rows of claims shown in one table; the JSON has all of them.
const CLAIMS: usize = 200;
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

impl Sum {
    fn add(&mut self, contract: &ContractReport) {
        self.allocated += contract.allocated_wh;
        self.stored += contract.stored_wh;
        self.surplus += contract.surplus_wh;
        self.inventory += contract.inventory_allocated_wh;
        self.inventory_surplus += contract.inventory_surplus_wh;
    }
}

fn summed<'a>(contracts: &'a [ContractReport], key: fn(&'a ContractReport) -> &'a str) -> BTreeMap<&'a str, Sum> {
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    for contract in contracts {
        sums.entry(key(contract)).or_default().add(contract);
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
    let mut table = Table::new(
        "Energy that counts towards matching, by source",
        [text("Source"), figure("Allocated", "MWh"), figure("Stored", "MWh"), figure("Surplus", "MWh")],
    );
    let mut list = Vec::with_capacity(sums.len());
    for (technology, sum) in &sums {
        let [allocated, stored, surplus] = [sum.allocated, sum.stored, sum.surplus].map(|wh| energy.down(wh));
        list.push(Bar {
            label: (*technology).to_string(),
            parts: vec![(Paint::Matched, sum.allocated), (Paint::Surplus, sum.stored + sum.surplus)],
            figures: format!("{allocated} MWh allocated, {stored} MWh stored, {surplus} MWh surplus"),
        });
        table.push(*technology, vec![allocated, stored, surplus]);
    }
    let many = list.len();
    if many > BARS {
        list.sort_by_key(|bar| Reverse(bar.parts.iter().map(|(_, wh)| *wh).sum::<i128>()));
        list.truncate(BARS);
    }
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
        section.notes.push("No contracts.".into());
        return section;
    }
    section.tables.extend([matching(view), inventory(view), steps(view)]);
    section.notes.push("Claims stand under Disclosure.".into());
    section
}

fn matching(view: &View<'_>) -> Table {
    let energy = view.energy;
    let mut table = Table::new(
        "Matching ledger by instrument",
        [
            id("Instrument"),
            text("Kind"),
            text("Source"),
            id("Boundary"),
            text("Settlement"),
            figure("Delivered", "MWh"),
            figure("Allocated", "MWh"),
            figure("Stored", "MWh"),
            figure("Surplus", "MWh"),
            figure("Allocated of delivered", ""),
        ],
    );
    for c in &view.report.contracts {
        let settlement = c.settlement.clone().unwrap_or_else(|| DASH.into());
        table.push(
            view.report.labels.instrument_with_id(&c.id),
            vec![
                kind_words(&c.kind).to_string(),
                c.technology.clone(),
                c.boundary.clone(),
                settlement,
                energy.down(c.delivered_wh),
                energy.down(c.allocated_wh),
                energy.down(c.stored_wh),
                energy.down(c.surplus_wh),
                english::share(c.allocated_wh, c.delivered_wh),
            ],
        );
    }
    table
}

fn inventory(view: &View<'_>) -> Table {
    let energy = view.energy;
    let mut table = Table::new(
        "Inventory ledger by instrument",
        [
            id("Instrument"),
            text("Kind"),
            figure("Allocated", "MWh"),
            figure("Stored", "MWh"),
            figure("Surplus", "MWh"),
            figure("Own factor", "g/kWh"),
        ],
    );
    for c in &view.report.contracts {
        table.push(
            view.report.labels.instrument_with_id(&c.id),
            vec![
                kind_words(&c.kind).to_string(),
                energy.down(c.inventory_allocated_wh),
                energy.down(c.inventory_stored_wh),
                energy.down(c.inventory_surplus_wh),
                english::units(i128::from(c.ef_mg_per_kwh), 3),
            ],
        );
    }
    table
}

fn steps(view: &View<'_>) -> Table {
    let mut table = Table::new(
        "Allocated energy by step of the ruleset's order",
        [
            text("Step"),
            figure("Matching", "MWh"),
            figure("Matching, surplus", "MWh"),
            figure("Inventory", "MWh"),
            figure("Inventory, surplus", "MWh"),
        ],
    );
    for (kind, sum) in summed(&view.report.contracts, |contract| contract.kind.as_str()) {
        let cells = [sum.allocated, sum.surplus, sum.inventory, sum.inventory_surplus];
        table.push(kind_words(kind), cells.map(|wh| view.energy.down(wh)).to_vec());
    }
    table
}

/// The claim of each instrument, in the words of the report.
pub fn claims(view: &View<'_>, caption: &str, contracts: &[&ContractReport]) -> Table {
    let mut table = Table::new(
        caption,
        [
            id("Instrument"),
            text("Claim basis"),
            prose("What may be said"),
            text("Registry"),
            text("Beneficiary"),
            text("Commissioned"),
        ],
    );
    for c in contracts.iter().take(CLAIMS) {
        let claim = &c.claim;
        table.push(
            view.report.labels.instrument_with_id(&c.id),
            vec![
                claim.basis.clone(),
                with_figures(&claim.statement, english::integer),
                stated(claim.registry.as_ref()),
                stated(claim.beneficiary.as_ref()),
                stated(claim.commissioned.as_ref()),
            ],
        );
    }
    table.more = more(contracts.len());
    table
}

/// What is left out of a table of instruments.
fn more(all: usize) -> String {
    if all > CLAIMS { format!("and {} more in the JSON", english::count(all - CLAIMS)) } else { String::new() }
}

fn has_certificates(claim: &Claim) -> bool {
    [claim.cancelled_wh, claim.held_wh, claim.expired_wh, claim.withdrawn_wh].iter().any(|wh| *wh != 0)
}

/// Certificates of the instruments that have any; none where no instrument has.
pub fn certificates(view: &View<'_>) -> Option<Table> {
    let energy = view.energy;
    let mut table = Table::new(
        "Certificates by status",
        [
            id("Instrument"),
            text("Granular"),
            figure("Used and backed", "MWh"),
            figure("Cancelled", "MWh"),
            figure("Held", "MWh"),
            figure("Expired", "MWh"),
            figure("Withdrawn", "MWh"),
        ],
    );
    let all: Vec<&ContractReport> = view.report.contracts.iter().filter(|c| has_certificates(&c.claim)).collect();
    for c in all.iter().take(CLAIMS) {
        let claim = &c.claim;
        table.push(
            view.report.labels.instrument_with_id(&c.id),
            vec![
                if claim.granular { "yes" } else { "no" }.to_string(),
                claim.backed_wh.map_or_else(|| DASH.to_string(), |wh| energy.down(wh)),
                energy.down(claim.cancelled_wh),
                energy.down(claim.held_wh),
                energy.down(claim.expired_wh),
                energy.down(claim.withdrawn_wh),
            ],
        );
    }
    table.more = more(all.len());
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
