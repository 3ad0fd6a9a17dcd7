//! The sections an auditor turns to: data quality, bills, exceptions.

use super::bars::{Bar, bars_svg};
use super::english;
use super::format::Cut;
use super::svg::Words;
use super::table::{Chart, Key, Section, Table, figure, prose, text};
use super::view::View;
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
            solid: metered,
            light: total(all) - metered,
            figures: format!("{} metered", english::share(metered, total(all))),
        }
    };
    let caption = "MWh by origin of the reading".to_string();
    let desc = "Metered and other energy, a bar for load and one for generation.";
    let mut section = Section::new(
        "quality",
        "Data quality",
        "Missing generation counts as zero. Estimated and profiled energy is left out of the metered-only matched share.",
    );
    section.charts.push(Chart {
        class: "scroll",
        svg: bars_svg(
            Words { id: "tier", title: &caption, desc },
            &[bar("load", &load), bar("generation", &generation)],
        ),
        caption,
        keys: vec![
            Key { class: "km", label: "measured, validated or calculated" },
            Key { class: "ks", label: "estimated, profiled or missing" },
        ],
        data: String::new(),
        tables: vec![table],
    });
    section
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
            text("Invoice"),
            text("Site"),
            text("From"),
            text("To"),
            figure("Invoice", "MWh"),
            figure("Metered", "MWh"),
            figure("Difference", "MWh"),
            text("Outcome"),
        ],
    );
    let dash = || "\u{2013}".to_string();
    for r in all.iter().take(ROWS) {
        table.push(
            &r.invoice,
            vec![
                view.report.labels.site(&r.site).to_string(),
                view.local(&r.start),
                view.local(&r.end),
                energy.up(i128::from(r.invoice_wh)),
                r.metered_wh.map_or_else(dash, |wh| energy.up(wh)),
                r.metered_wh.map_or_else(dash, |wh| energy.change(i128::from(r.invoice_wh), wh, Cut::Up)),
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
        [text("Code"), text("Series"), text("From"), text("To"), figure("Energy", "Wh"), prose("What happened")],
    );
    for row in report.exceptions.iter().take(ROWS) {
        let wh = english::integer(i128::from(row.wh));
        table.push(&row.code, vec![row.series.clone(), row.start.clone(), row.end.clone(), wh, row.message.clone()]);
    }
    if all > ROWS {
        table.more = format!("and {} more in the JSON", english::count(all - ROWS));
    }
    if all > 0 {
        section.tables.push(table);
    }
    section
}
