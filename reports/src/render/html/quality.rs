//! The sections an auditor turns to: data quality, exceptions, allocations by rule.

use super::bars::{Bar, bars_svg};
use super::format::{Energy, count, grouped, share};
use super::table::{Chart, Key, Section, Table, figure, text};
use crate::report::{Report, TierSplit};
use std::collections::BTreeMap;

/// Rows of exceptions shown; the JSON has all of them.
const EXCEPTIONS: usize = 200;

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

pub fn quality(report: &Report, energy: Energy) -> Section {
    let split = &report.portfolio.quality;
    let (load, generation) = (tiers(&split.load), tiers(&split.generation));
    let total = |all: &[(&str, i128)]| all.iter().map(|(_, wh)| *wh).sum::<i128>();
    let (load_total, generation_total) = (total(&load), total(&generation));
    let mut table = Table::new(
        "Energy by quality of the readings behind it, portfolio",
        &[
            text("Quality"),
            figure("Load", "MWh"),
            figure("of load", ""),
            figure("Generation", "MWh"),
            figure("of generation", ""),
        ],
    );
    for ((name, used), (_, made)) in load.into_iter().zip(generation) {
        table.push(
            name,
            vec![energy.up(used), share(used, load_total), energy.down(made), share(made, generation_total)],
        );
    }
    let bar = |label: &str, all: &[(&str, i128)]| {
        let metered: i128 = all.iter().take(3).map(|(_, wh)| *wh).sum();
        Bar {
            label: label.to_string(),
            solid: metered,
            light: total(all) - metered,
            figures: format!("{} metered", share(metered, total(all))),
        }
    };
    let mut section = Section::new(
        "quality",
        "Data quality",
        "Missing generation counts as zero. Estimated and profiled energy is left out of the metered-only matched share.",
    );
    section.charts.push(Chart {
        class: "scroll",
        svg: bars_svg(
            "tier",
            "Metered and other energy in load and generation; the figures are in the table after the chart.",
            &[bar("load", &load), bar("generation", &generation)],
        ),
        caption: "MWh by origin of the reading".into(),
        keys: vec![
            Key { class: "km", label: "measured, validated or calculated" },
            Key { class: "ks", label: "estimated, profiled or missing" },
        ],
        data: String::new(),
    });
    section.tables.push(table);
    section
}

pub fn exceptions(report: &Report) -> Section {
    let all = report.exceptions.len();
    let lede = match all {
        0 => "None recorded.".to_string(),
        1 => "One thing an auditor should know.".to_string(),
        _ => format!("{} things an auditor should know.", count(all)),
    };
    let mut section = Section::new("exceptions", "Exceptions", lede);
    let mut table = Table::new(
        "Exceptions in order of time, UTC, half-open",
        &[text("Code"), text("Series"), text("From"), text("To"), figure("Energy", "Wh"), text("What happened")],
    );
    for row in report.exceptions.iter().take(EXCEPTIONS) {
        let wh = grouped(i128::from(row.wh));
        let cells = vec![row.series.clone(), row.start.clone(), row.end.clone(), wh, row.message.clone()];
        table.push(&row.code, cells);
    }
    if all > EXCEPTIONS {
        table.more = format!("and {} more in the JSON", count(all - EXCEPTIONS));
    }
    if all > 0 {
        section.tables.push(table);
    }
    section
}

/// Allocations summed by ledger and by the rule that made them.
pub fn allocations(report: &Report, energy: Energy) -> Option<Table> {
    if report.allocations.is_empty() {
        return None;
    }
    let mut sums: BTreeMap<(&str, &str), (usize, i128)> = BTreeMap::new();
    for row in &report.allocations {
        let (rows, wh) = sums.entry((row.ledger.as_str(), row.rule.as_str())).or_default();
        *rows += 1;
        *wh += i128::from(row.wh);
    }
    let mut table = Table::new(
        "Allocations by ledger and rule; ledgers overlap and are never added up",
        &[text("Ledger"), text("Rule"), figure("Rows", ""), figure("Allocated", "MWh")],
    );
    for ((ledger, rule), (rows, wh)) in sums {
        table.push(ledger, vec![rule.to_string(), count(rows), energy.down(wh)]);
    }
    Some(table)
}
