//! The sections an auditor turns to: data quality, bills, exceptions.

use super::blocks::{Chart, DASH, Drawing, Print, Section, Table, figure, id, prose, text};
use super::view::View;
use crate::charts::bars::{Bar, bars};
use crate::charts::heat::Key;
use crate::charts::scene::Paint;
use crate::english;
use crate::figures::Cut;
use reports::quality::TierSplit;

/// Rows of exceptions and of bills shown; the JSON has all of them.
const ROWS: usize = 200;

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

pub fn quality(view: &View<'_>) -> Section {
    let energy = view.energy;
    let split = &view.report.portfolio.quality;
    let (load, generation) = (tiers(&split.load), tiers(&split.generation));
    let total = |all: &[(&str, i128)]| all.iter().map(|(_, wh)| *wh).sum::<i128>();
    let (load_total, generation_total) = (total(&load), total(&generation));
    let mut table = Table::new(
        "Energy by quality of the readings behind it, portfolio",
        [
            text("Quality"),
            figure("Load", "MWh"),
            figure("of load", ""),
            figure("Generation", "MWh"),
            figure("of generation", ""),
        ],
    );
    for ((name, used), (_, made)) in load.into_iter().zip(generation) {
        let cells = vec![
            energy.up(used),
            english::share(used, load_total),
            energy.down(made),
            english::share(made, generation_total),
        ];
        table.push(name, cells);
    }
    let bar = |label: &str, all: &[(&str, i128)]| {
        let metered: i128 = all.iter().take(3).map(|(_, wh)| *wh).sum();
        Bar {
            label: label.to_string(),
            parts: vec![(Paint::Matched, metered), (Paint::Surplus, total(all) - metered)],
            figures: format!("{} metered", english::share(metered, total(all))),
        }
    };
    let section = Section::new(
        "quality",
        "Data quality",
        "Missing generation counts as zero. Estimated load is counted, never matched. Estimated and profiled energy is \
         left out of the metered-only matched share.",
    );
    section.with_chart(Chart {
        id: "tier".into(),
        drawing: Drawing::Marks(bars(&[bar("load", &load), bar("generation", &generation)])),
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
    let tolerance = english::part(&view.report.disclosure.reconciliation_tolerance);
    let many = |outcome: &str| all.iter().filter(|r| r.outcome == outcome).count();
    let mut section = Section::new(
        "bills",
        "Against invoices",
        format!(
            "Metered load summed over each invoice. Of {}, {} differ by at most {tolerance}, {} by more, and {} reach outside \
             the period.",
            english::count(all.len()),
            english::count(many("within")),
            english::count(many("outside")),
            english::count(many("not covered")),
        ),
    );
    let mut table = Table::new(
        "Invoices and metered load, local time, half-open",
        [
            id("Invoice"),
            id("Site"),
            text("From"),
            text("To"),
            figure("Invoice", "MWh"),
            figure("Metered", "MWh"),
            figure("Difference", "MWh"),
            figure("of invoice", ""),
            text("Outcome"),
        ],
    );
    for r in all.iter().take(ROWS) {
        let invoice_wh = i128::from(r.invoice_wh);
        let metered = |shown: &dyn Fn(i128) -> String| r.metered_wh.map_or_else(|| DASH.to_string(), shown);
        let part = r.difference_wh.filter(|_| invoice_wh > 0);
        table.push(
            &r.invoice,
            vec![
                view.report.labels.site(&r.site).to_string(),
                view.local(&r.start),
                view.local(&r.end),
                energy.up(invoice_wh),
                metered(&|wh| energy.up(wh)),
                metered(&|wh| energy.change(invoice_wh, wh, Cut::Up)),
                part.map_or_else(|| DASH.to_string(), |wh| english::share(wh.saturating_abs(), invoice_wh)),
                r.outcome.clone(),
            ],
        );
    }
    if all.len() > ROWS {
        table.more = format!("and {} more in the JSON", english::count(all.len() - ROWS));
    }
    section.tables.push(table);
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
    let mut table = Table::new(
        "Exceptions in order of time, UTC, half-open",
        [text("Code"), id("Series"), text("From"), text("To"), figure("Energy", "Wh"), prose("What happened")],
    );
    for row in report.exceptions.iter().take(ROWS) {
        let wh = english::integer(i128::from(row.wh));
        let [start, end] = [&row.start, &row.end].map(|instant| english::minute(instant));
        table.push(&row.code, vec![row.series.clone(), start, end, wh, row.message.clone()]);
    }
    if all > ROWS {
        table.more = format!("and {} more in the JSON", english::count(all - ROWS));
    }
    if all > 0 {
        section.tables.push(table);
    }
    section
}
