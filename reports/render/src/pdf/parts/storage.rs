//! Storage: what went in clean, what came out again, at which efficiency.

use crate::pdf::figures::{minute, percent};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::table::{Table, figure, id, text};

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    let storage = &frame.report.storage;
    if storage.is_empty() {
        // A line under the instruments: no section, let alone a page, for what is not there.
        flow.note("No storage is in this report.");
        return;
    }
    flow.section(
        "Storage",
        "Only surplus charges storage clean. Discharge re-issues the clean part of the oldest charge times the \
         measured efficiency; the opening charge is never clean.",
    );
    let mut energy = Table::new(
        "Energy through storage, MWh",
        &[
            id("Storage"),
            id("Site"),
            figure("Charged"),
            figure("of it clean"),
            figure("Discharged"),
            figure("Re-issued clean"),
            figure("Opening charge"),
            text("Opening charge from"),
        ],
    );
    let mut windows = Table::new(
        "Round-trip efficiency by window, UTC",
        &[id("Storage"), text("From"), text("To"), figure("Efficiency"), text("Basis")],
    );
    for unit in storage {
        energy.row(vec![
            unit.id.clone(),
            frame.report.labels.site(&unit.site).to_string(),
            frame.energy.up(unit.charge_wh),
            frame.energy.down(unit.clean_charge_wh),
            frame.energy.down(unit.discharge_wh),
            frame.energy.down(unit.reissued_wh),
            frame.energy.up(i128::from(unit.opening_wh)),
            if unit.opening_known { "a state reading" } else { "the least the readings allow" }.to_string(),
        ]);
        for window in &unit.windows {
            windows.row(vec![
                unit.id.clone(),
                minute(&window.start),
                minute(&window.end),
                percent(&window.efficiency),
                window.basis.clone(),
            ]);
        }
    }
    energy.draw(flow);
    windows.draw(flow);
}
