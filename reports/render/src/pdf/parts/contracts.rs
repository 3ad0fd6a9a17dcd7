//! Contracts and every other instrument: both ledgers, and on what a claim rests.

use crate::pdf::figures::{NOT_STATED, g_per_kwh, grouped, stated, with_figures, yes_no};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::table::{Table, figure, id, text};
use reports::report::{Claim, ContractReport};

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    flow.section(
        "Contracts and other instruments",
        "What an instrument delivers is allocated to load in the interval it was generated in, stored, or surplus. \
         The matching ledger makes the matched share, the inventory ledger the market-based emissions; they overlap \
         and are never added up.",
    );
    let contracts = &frame.report.contracts;
    if contracts.is_empty() {
        flow.note("No contracts.");
        return;
    }
    terms(frame, contracts).draw(flow);
    ledgers(frame, contracts).draw(flow);
    claims(frame, contracts).draw(flow);
    certificates(frame, contracts).draw(flow);
    if !contracts.iter().any(|contract| contract.claim.granular) {
        flow.note("No granular certificates, of an hour or less, stand behind these instruments.");
    }
}

pub fn kind(kind: &str) -> String {
    match kind {
        "sss" => "standard supply service",
        "self_generation" => "self-generation",
        "contracts" => "hourly contract",
        "legacy" => "legacy contract",
        "storage" => "storage discharge",
        "unbundled" => "unbundled certificates",
        other => other,
    }
    .to_string()
}

fn terms(frame: &Frame<'_>, contracts: &[ContractReport]) -> Table {
    let mut table = Table::new(
        "Instruments",
        &[id("Instrument"), text("Kind"), id("Boundary"), text("Technology"), text("Settlement"), figure("g CO2e/kWh")],
    );
    for contract in contracts {
        table.row(vec![
            frame.report.labels.instrument_with_id(&contract.id),
            kind(&contract.kind),
            contract.boundary.clone(),
            contract.technology.clone(),
            contract.settlement.clone().unwrap_or_else(|| "\u{2013}".to_string()),
            g_per_kwh(contract.ef_mg_per_kwh),
        ]);
    }
    table
}

fn ledgers(frame: &Frame<'_>, contracts: &[ContractReport]) -> Table {
    let mut table = Table::new(
        "Energy by instrument and ledger, MWh",
        &[
            id("Instrument"),
            figure("Delivered"),
            figure("Matching: allocated"),
            figure("Matching: stored"),
            figure("Matching: surplus"),
            figure("Inventory: allocated"),
            figure("Inventory: stored"),
            figure("Inventory: surplus"),
        ],
    );
    for contract in contracts {
        let energies = [
            contract.delivered_wh,
            contract.allocated_wh,
            contract.stored_wh,
            contract.surplus_wh,
            contract.inventory_allocated_wh,
            contract.inventory_stored_wh,
            contract.inventory_surplus_wh,
        ];
        let mut cells = vec![frame.report.labels.instrument_with_id(&contract.id)];
        cells.extend(energies.map(|wh| frame.energy.down(wh)));
        table.row(cells);
    }
    table
}

fn claims(frame: &Frame<'_>, contracts: &[ContractReport]) -> Table {
    let mut table = Table::new(
        "Claims",
        &[
            id("Instrument"),
            text("Certificates"),
            text("Statement"),
            text("Registry"),
            text("Beneficiary"),
            text("Commissioned"),
        ],
    );
    for contract in contracts {
        let claim = &contract.claim;
        table.row(vec![
            frame.report.labels.instrument_with_id(&contract.id),
            if claim.basis.is_empty() { "none".to_string() } else { claim.basis.clone() },
            if claim.statement.is_empty() { NOT_STATED.to_string() } else { with_figures(&claim.statement, grouped) },
            stated(claim.registry.as_ref()),
            stated(claim.beneficiary.as_ref()),
            stated(claim.commissioned.as_ref()),
        ]);
    }
    table
}

fn has_certificates(claim: &Claim) -> bool {
    [claim.cancelled_wh, claim.held_wh, claim.expired_wh, claim.withdrawn_wh].iter().any(|wh| *wh != 0)
}

fn certificates(frame: &Frame<'_>, contracts: &[ContractReport]) -> Table {
    let mut table = Table::new(
        "Certificates by status, MWh",
        &[
            id("Instrument"),
            text("Granular"),
            figure("Used and backed"),
            figure("Cancelled"),
            figure("Held"),
            figure("Expired"),
            figure("Withdrawn"),
        ],
    );
    for contract in contracts.iter().filter(|contract| has_certificates(&contract.claim)) {
        let claim = &contract.claim;
        let energies = [claim.cancelled_wh, claim.held_wh, claim.expired_wh, claim.withdrawn_wh];
        let backed = claim.backed_wh.map_or_else(|| "\u{2013}".to_string(), |wh| frame.energy.down(wh));
        let name = frame.report.labels.instrument_with_id(&contract.id);
        let mut cells = vec![name, yes_no(claim.granular), backed];
        cells.extend(energies.map(|wh| frame.energy.down(wh)));
        table.row(cells);
    }
    table
}
