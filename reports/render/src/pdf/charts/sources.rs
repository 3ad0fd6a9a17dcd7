//! Where matched energy came from: one bar per instrument.

use super::{Key, legend};
use crate::pdf::canvas::{Area, LEFT, WIDTH};
use crate::pdf::figures::{count, share};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::palette::{MATCHED, SURPLUS, SURPLUS_PALE};
use crate::pdf::text::{LABEL, NOTE};
use reports::report::{ContractReport, Report};
use std::cmp::Reverse;

/// Instruments with a bar of their own.
const BARS: usize = 16;
const NAMES: f32 = 150.0;
const FIGURES: f32 = 118.0;
const ROW: f32 = 14.0;

struct Bar {
    name: String,
    allocated: i128,
    surplus: i128,
}

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    let bars = bars(frame.report);
    flow.section_with(
        "Sources of matched energy",
        "Energy allocated to load in the matching ledger, by instrument, largest first, with what each had left over.",
        bars.len() as f32 * ROW + 20.0,
    );
    if bars.is_empty() {
        flow.note("No energy was matched.");
        return;
    }
    let total: i128 = bars.iter().map(|bar| bar.allocated).sum();
    let most = bars.iter().map(|bar| bar.allocated + bar.surplus).max().unwrap_or(1).max(1) as f32;
    let figures = |bar: &Bar| format!("{} MWh, {}", frame.energy.down(bar.allocated), share(bar.allocated, total));
    let words: Vec<String> = bars.iter().map(|bar| format!("{}: {}", bar.name, figures(bar))).collect();
    let alt = format!("Bars of matched energy by instrument. {}.", words.join("; "));
    let (mut pen, start) = flow.figure(alt, bars.len() as f32 * ROW);
    for (index, bar) in bars.iter().enumerate() {
        let top = start + index as f32 * ROW;
        pen.text(NOTE, (LEFT, top + 9.0), &NOTE.fit(&bar.name, NAMES - 8.0));
        let x = LEFT + NAMES;
        let room = WIDTH - NAMES - FIGURES;
        let (solid, light) = (bar.allocated as f32 / most * room, bar.surplus as f32 / most * room);
        pen.bar(MATCHED, MATCHED, Area::new(x, top + 2.0, solid, 9.0));
        pen.bar(SURPLUS_PALE, SURPLUS, Area::new(x + solid, top + 2.0, light, 9.0));
        pen.text(LABEL, (x + solid + light + 5.0, top + 9.0), &LABEL.fit(&figures(bar), FIGURES - 5.0));
    }
    drop(pen);
    legend(
        flow,
        &[
            Key { fill: MATCHED, edge: MATCHED, label: "allocated to load; the figures, and their share of all" },
            Key { fill: SURPLUS_PALE, edge: SURPLUS, label: "surplus" },
        ],
    );
}

/// The largest instruments, and all others as one bar.
fn bars(report: &Report) -> Vec<Bar> {
    let mut matching: Vec<&ContractReport> = report.contracts.iter().filter(|c| c.allocated_wh > 0).collect();
    matching.sort_by_key(|contract| Reverse(contract.allocated_wh));
    let named = matching.iter().take(BARS).map(|contract| Bar {
        name: format!("{} ({})", report.labels.instrument(&contract.id), contract.technology),
        allocated: contract.allocated_wh,
        surplus: contract.surplus_wh.max(0),
    });
    let mut bars: Vec<Bar> = named.collect();
    let rest = matching.get(BARS..).unwrap_or_default();
    if !rest.is_empty() {
        bars.push(Bar {
            name: format!("{} more", count(rest.len())),
            allocated: rest.iter().map(|contract| contract.allocated_wh).sum(),
            surplus: rest.iter().map(|contract| contract.surplus_wh.max(0)).sum(),
        });
    }
    bars
}
