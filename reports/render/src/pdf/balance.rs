//! The energy balance of the portfolio, and the quality of the readings behind it.

use super::canvas::{Area, LEFT, WIDTH};
use super::charts::{Key, legend};
use super::figures::{grouped, share, share_up};
use super::flow::Flow;
use super::frame::Frame;
use super::palette::{MATCHED, STORED, SURPLUS, SURPLUS_PALE, UNMATCHED, UNMATCHED_PALE};
use super::table::{Table, figure, text};
use super::tags::Tag;
use super::text::{LABEL, NOTE};
use crate::figures::own_generation;
use reports::report::{TierSplit, Totals};

const MATCHED_KEY: Key = Key { fill: MATCHED, edge: MATCHED, label: "matched in the same interval" };
/// Its share is rounded up, so that it makes 100 % with what is matched.
const UNMATCHED_LINE: &str = "Unmatched";
const UNMATCHED_KEY: Key = Key { fill: UNMATCHED_PALE, edge: UNMATCHED, label: "unmatched, taken from the grid" };
const STORED_KEY: Key = Key { fill: STORED, edge: STORED, label: "charged into storage" };
const SURPLUS_KEY: Key = Key { fill: SURPLUS_PALE, edge: SURPLUS, label: "surplus, never carried to another interval" };

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    let totals = &frame.report.portfolio;
    flow.section(
        "Energy balance",
        "In every interval, load is matched or unmatched, and contracted energy is matched, stored or surplus.",
    );
    bars(flow, frame, totals);
    legend(flow, &[MATCHED_KEY, UNMATCHED_KEY, STORED_KEY, SURPLUS_KEY]);
    table(frame, totals).draw(flow);
    flow.note(
        "MWh of load and unmatched energy are rounded up, all others down. Re-issued storage discharge is part of \
         contracted energy; volumetric shares leave it out, since its charge was contracted before.",
    );
    quality(flow, frame);
}

/// Load and contracted energy as two bars of one scale.
fn bars(flow: &mut Flow, frame: &Frame<'_>, totals: &Totals) {
    let most = totals.load_wh.max(totals.contracted_wh).max(1) as f32;
    let lines = [
        (
            "Load",
            totals.load_wh,
            vec![(MATCHED, MATCHED, totals.matched_wh), (UNMATCHED_PALE, UNMATCHED, totals.unmatched_wh)],
        ),
        (
            "Contracted",
            totals.contracted_wh,
            vec![
                (MATCHED, MATCHED, totals.matched_wh),
                (STORED, STORED, totals.stored_wh),
                (SURPLUS_PALE, SURPLUS, totals.surplus_wh),
            ],
        ),
    ];
    let left = LEFT + 60.0;
    let (mut pen, start) = flow.figure(in_words(frame, totals), 22.0 * lines.len() as f32);
    for (index, (name, _, parts)) in lines.iter().enumerate() {
        let top = start + 22.0 * index as f32;
        pen.text(NOTE, (LEFT, top + 12.0), name);
        let mut x = left;
        for (fill, edge, wh) in parts {
            let width = (*wh).max(0) as f32 / most * (WIDTH - 60.0);
            pen.bar(*fill, *edge, Area::new(x, top + 2.0, width, 15.0));
            x += width;
        }
    }
    drop(pen);
    if lines.iter().all(|(_, wh, _)| *wh == 0) {
        let top = flow.block(12.0);
        let text = "No load and no contracted energy in this period.";
        flow.tagged(Tag::Paragraph).text(LABEL, (left, top + 8.0), text);
    }
}

/// What the bars show, for readers who cannot see them.
fn in_words(frame: &Frame<'_>, totals: &Totals) -> String {
    let (up, down) = (|wh| frame.energy.up(wh), |wh| frame.energy.down(wh));
    format!(
        "Two bars, MWh. Load {}: matched {}, unmatched {}. Contracted {}: matched {}, stored {}, surplus {}.",
        up(totals.load_wh),
        down(totals.matched_wh),
        up(totals.unmatched_wh),
        down(totals.contracted_wh),
        down(totals.matched_wh),
        down(totals.stored_wh),
        down(totals.surplus_wh)
    )
}

fn table(frame: &Frame<'_>, totals: &Totals) -> Table {
    let mut table = Table::new(
        "Energy of the portfolio",
        &[text("Energy"), figure("MWh"), figure("Wh, exactly"), figure("Of load")],
    );
    let up = |wh| frame.energy.up(wh);
    let down = |wh| frame.energy.down(wh);
    let mut line = |name: &str, mwh: String, wh: i128| {
        let of_load = if name == UNMATCHED_LINE { share_up(wh, totals.load_wh) } else { share(wh, totals.load_wh) };
        table.row(vec![name.to_string(), mwh, grouped(wh), of_load]);
    };
    line("Load, with declared losses", up(totals.load_wh), totals.load_wh);
    line("Load as metered", up(totals.metered_load_wh), totals.metered_load_wh);
    if let Some(wh) = totals.purchased_wh {
        line("Purchased, what inventories weigh", up(wh), wh);
    }
    if let Some(wh) = totals.storage_losses_wh.filter(|wh| *wh != 0) {
        line("Storage losses, purchased but no load", up(wh), wh);
    }
    if let Some(wh) = own_generation(totals) {
        line("Own generation that is not carbon-free, Scope 1", up(wh), wh);
    }
    line("Matched", down(totals.matched_wh), totals.matched_wh);
    line(UNMATCHED_LINE, up(totals.unmatched_wh), totals.unmatched_wh);
    line("Unmatched, but carbon-free by the grid's share", down(totals.grid_cfe_wh), totals.grid_cfe_wh);
    line("Contracted", down(totals.contracted_wh), totals.contracted_wh);
    line("Stored", down(totals.stored_wh), totals.stored_wh);
    line("Re-issued by storage, part of contracted", down(totals.reissued_wh), totals.reissued_wh);
    line("Surplus", down(totals.surplus_wh), totals.surplus_wh);
    table
}

fn tiers(split: &TierSplit) -> [(&'static str, i128); 6] {
    [
        ("measured", split.measured),
        ("validated", split.validated),
        ("calculated", split.calculated),
        ("estimated", split.estimated),
        ("profiled", split.profiled),
        ("missing", split.missing),
    ]
}

fn quality(flow: &mut Flow, frame: &Frame<'_>) {
    let quality = &frame.report.portfolio.quality;
    let (load, generation) = (tiers(&quality.load), tiers(&quality.generation));
    let total = |all: &[(&str, i128)]| all.iter().map(|(_, wh)| *wh).sum::<i128>();
    let (load_total, generation_total) = (total(&load), total(&generation));
    let mut table = Table::new(
        "Energy by quality of the readings behind it",
        &[text("Quality"), figure("Load, MWh"), figure("Of load"), figure("Generation, MWh"), figure("Of generation")],
    );
    for ((name, used), (_, made)) in load.into_iter().zip(generation) {
        table.row(vec![
            name.to_string(),
            frame.energy.up(used),
            share(used, load_total),
            frame.energy.down(made),
            share(made, generation_total),
        ]);
    }
    table.draw(flow);
    flow.note(
        "Missing generation counts as none. Estimated load is counted, never matched. The metered-only matched share \
         leaves out estimated and profiled energy.",
    );
}
