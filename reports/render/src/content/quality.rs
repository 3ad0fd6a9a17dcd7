//! The sections an auditor turns to: data quality, bills, exceptions.

use super::blocks::{Chart, DASH, Drawing, Print, Section, Table, figure, id, prose, text};
use super::view::View;
use crate::charts::bars::{Bar, bars};
use crate::charts::heat::Key;
use crate::charts::scene::Paint;
use crate::english;
use crate::figures::Cut;
use reports::quality::{Quality, TierSplit};
use reports::report::{Outcome, Reconciliation};

pub fn quality(view: &View<'_>) -> Section {
    let energy = view.energy;
    let split = &view.report.portfolio.quality;
    let (load, generation) = (&split.load, &split.generation);
    let table = Table::listing(
        "Energy by quality of the readings behind it, portfolio",
        &Quality::ALL,
        &[
            (text("Quality"), &|quality| quality.name().to_string()),
            (figure("Load", "MWh"), &|quality| energy.up(load.wh(*quality))),
            (figure("of load", ""), &|quality| english::share(load.wh(*quality), load.sum())),
            (figure("Generation", "MWh"), &|quality| energy.down(generation.wh(*quality))),
            (figure("of generation", ""), &|quality| english::share(generation.wh(*quality), generation.sum())),
        ],
    );
    let bar = |label: &str, split: &TierSplit| Bar {
        label: label.to_string(),
        parts: vec![(Paint::Matched, split.metered()), (Paint::Surplus, split.sum() - split.metered())],
        figures: format!("{} metered", english::share(split.metered(), split.sum())),
    };
    let section = Section::new(
        "quality",
        "Data quality",
        "Missing generation counts as zero. Estimated load is counted, never matched. Estimated and profiled energy is \
         left out of the metered-only matched share.",
    );
    section.with_chart(Chart {
        id: "tier".into(),
        drawing: Drawing::Marks(bars(&[bar("load", load), bar("generation", generation)])),
        caption: "MWh by origin of the reading".into(),
        about: "Metered and other energy, a bar for load and one for generation.".into(),
        keys: vec![
            Key { paint: Paint::Matched, label: "measured, validated or calculated" },
            Key { paint: Paint::Surplus, label: "estimated, profiled or missing" },
        ],
        tables: vec![table],
        print: Print::Tables,
    })
}

/// Hourly sums against bills.
pub fn bills(view: &View<'_>) -> Option<Section> {
    let all = &view.report.reconciliations;
    if all.is_empty() {
        return None;
    }
    let energy = view.energy;
    let tolerance = english::part_of_six(view.report.disclosure.reconciliation_tolerance);
    let many = |outcome: Outcome| english::count(all.iter().filter(|r| r.outcome == outcome).count());
    let [within, outside, not_covered] = Outcome::ALL.map(many);
    let mut section = Section::new(
        "bills",
        "Against invoices",
        format!(
            "Metered load summed over each invoice. Of {}, {within} differ by at most {tolerance}, {outside} by more, and \
             {not_covered} reach outside the period.",
            english::count(all.len()),
        ),
    );
    let metered = |r: &Reconciliation, shown: &dyn Fn(i128) -> String| r.metered_wh.map_or_else(|| DASH.into(), shown);
    section.tables.push(Table::first(
        "Invoices and metered load, local time, half-open",
        all,
        &[
            (id("Invoice"), &|r| r.invoice.clone()),
            (id("Site"), &|r| view.report.labels.site(&r.site).to_string()),
            (text("From"), &|r| view.zone.label(r.start)),
            (text("To"), &|r| view.zone.label(r.end)),
            (figure("Invoice", "MWh"), &|r| energy.up(i128::from(r.invoice_wh))),
            (figure("Metered", "MWh"), &|r| metered(r, &|wh| energy.up(wh))),
            (figure("Difference", "MWh"), &|r| metered(r, &|wh| energy.change(i128::from(r.invoice_wh), wh, Cut::Up))),
            (figure("of invoice", ""), &|r| match r.difference_wh.filter(|_| r.invoice_wh > 0) {
                Some(wh) => english::share(wh.saturating_abs(), i128::from(r.invoice_wh)),
                None => DASH.to_string(),
            }),
            (text("Outcome"), &|r| r.outcome.name().to_string()),
        ],
    ));
    Some(section)
}

pub fn exceptions(view: &View<'_>) -> Section {
    let report = view.report;
    let all = report.exceptions.len();
    let lede = match all {
        0 => "None recorded.".to_string(),
        1 => "One thing an auditor should know.".to_string(),
        _ => format!("{} things an auditor should know.", english::count(all)),
    };
    let mut section = Section::new("exceptions", "Exceptions", lede);
    if all > 0 {
        section.tables.push(Table::first(
            "Exceptions in order of time, UTC, half-open",
            &report.exceptions,
            &[
                (text("Code"), &|row| row.code.to_string()),
                (id("Series"), &|row| row.series.clone()),
                (text("From"), &|row| english::minute(row.start)),
                (text("To"), &|row| english::minute(row.end)),
                (figure("Energy", "Wh"), &|row| english::integer(i128::from(row.wh))),
                (prose("What happened"), &|row| row.message.clone()),
            ],
        ));
    }
    section
}
