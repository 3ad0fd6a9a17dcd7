//! The energy balance of the portfolio: what load took, and what became of contracted energy.

use super::blocks::{Chart, Drawing, Print, Section, Table, figure, text};
use super::view::View;
use crate::charts::bars::{Bar, bars};
use crate::charts::heat::Key;
use crate::charts::scene::Paint;
use crate::english;
use crate::figures::{Cut, own_generation};
use reports::report::Totals;

pub fn section(view: &View<'_>) -> Section {
    let totals = &view.report.portfolio;
    let section = Section::new(
        "energy",
        "Energy balance",
        "In every interval, load is matched or unmatched, and contracted energy is matched, stored or surplus.",
    )
    .with_note(
        "MWh of load and unmatched energy are rounded up, all others down. Re-issued storage discharge is part of \
         contracted energy; volumetric shares leave it out, since its charge was contracted before.",
    );
    section.with_chart(Chart {
        id: "energy".into(),
        drawing: Drawing::Marks(bars(&both(view, totals))),
        caption: "MWh of load and of contracted energy".into(),
        about:
            "A bar for load, matched and unmatched; and one for contracted energy: matched, and the rest, which was \
                stored or is surplus."
                .into(),
        keys: vec![
            Key { paint: Paint::Matched, label: "matched in the same interval" },
            Key { paint: Paint::Unmatched, label: "unmatched, taken from the grid" },
            Key { paint: Paint::Surplus, label: "stored, or surplus, never carried to another interval" },
        ],
        tables: vec![table(view, totals)],
        print: Print::Tables,
    })
}

/// Load and contracted energy on one scale.
fn both(view: &View<'_>, totals: &Totals) -> [Bar; 2] {
    let [load, unmatched] = [totals.load_wh, totals.unmatched_wh].map(|wh| view.energy.up(wh));
    let supplied = [totals.contracted_wh, totals.matched_wh, totals.stored_wh, totals.surplus_wh];
    let [contracted, matched, stored, surplus] = supplied.map(|wh| view.energy.down(wh));
    [
        Bar {
            label: "load".into(),
            parts: vec![(Paint::Matched, totals.matched_wh), (Paint::Unmatched, totals.unmatched_wh)],
            figures: format!("{load} MWh: {matched} matched, {unmatched} unmatched"),
        },
        Bar {
            label: "contracted".into(),
            parts: vec![(Paint::Matched, totals.matched_wh), (Paint::Surplus, totals.stored_wh + totals.surplus_wh)],
            figures: format!("{contracted} MWh: {matched} matched, {stored} stored, {surplus} surplus"),
        },
    ]
}

fn table(view: &View<'_>, totals: &Totals) -> Table {
    let mut table = Table::new(
        "Energy of the portfolio",
        [text("Energy"), figure("in short", "MWh"), figure("exactly", "Wh"), figure("of load", "")],
    );
    for (name, cut, wh) in [
        ("Load, with declared losses", Cut::Up, Some(totals.load_wh)),
        ("Load as metered", Cut::Up, Some(totals.metered_load_wh)),
        ("Purchased, what inventories weigh", Cut::Up, totals.purchased_wh),
        ("Storage losses, purchased but no load", Cut::Up, totals.storage_losses_wh.filter(|wh| *wh != 0)),
        ("Own generation that is not carbon-free, Scope 1", Cut::Up, own_generation(totals)),
        ("Matched", Cut::Down, Some(totals.matched_wh)),
        ("Unmatched", Cut::Up, Some(totals.unmatched_wh)),
        ("Unmatched, but carbon-free by the grid's share", Cut::Down, Some(totals.grid_cfe_wh)),
        ("Contracted", Cut::Down, Some(totals.contracted_wh)),
        ("Stored", Cut::Down, Some(totals.stored_wh)),
        ("Re-issued by storage, part of contracted", Cut::Down, Some(totals.reissued_wh)),
        ("Surplus", Cut::Down, Some(totals.surplus_wh)),
    ] {
        let Some(wh) = wh else { continue };
        // With what is matched it makes 100 %.
        let share = if name == "Unmatched" { english::share_up } else { english::share };
        table.push(name, vec![view.energy.shown(wh, cut), english::integer(wh), share(wh, totals.load_wh)]);
    }
    table
}
