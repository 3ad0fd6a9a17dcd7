//! The sections that run along things: boundaries, sites, contracts.

use super::bars::{Bar, bars_svg};
use super::format::{Energy, NOT_SUPPLIED, share, tonnes};
use super::headline::{cfe_score, fully_matched, matched_share, of_load};
use super::table::{Chart, Column, Key, Section, Table, figure, text};
use crate::report::{Emissions, Report, Totals};
use std::collections::BTreeMap;

const ENERGY_COLUMNS: [Column; 9] = [
    figure("Load", "MWh"),
    figure("Contracted", "MWh"),
    figure("Matched", "MWh"),
    figure("Surplus", "MWh"),
    figure("Unmatched", "MWh"),
    figure("Matched share", ""),
    figure("CFE score", ""),
    figure("Volumetric share", ""),
    figure("Fully matched", "intervals"),
];

const EMISSION_COLUMNS: [Column; 3] = [
    figure("Location-based", "t CO\u{2082}e"),
    figure("Market-based, annual (2015)", "t CO\u{2082}e"),
    figure("Market-based, hourly (draft)", "t CO\u{2082}e"),
];

fn columns(first: &[Column], rest: &[Column]) -> Vec<Column> {
    first.iter().chain(rest).copied().collect()
}

fn energy_cells(totals: &Totals, energy: Energy) -> Vec<String> {
    vec![
        energy.up(totals.load_wh),
        energy.down(totals.contracted_wh),
        energy.down(totals.matched_wh),
        energy.down(totals.surplus_wh),
        energy.up(totals.unmatched_wh),
        matched_share(totals),
        cfe_score(totals),
        of_load(totals.annual_share.as_ref()),
        fully_matched(totals),
    ]
}

fn emission_cells(emissions: &Emissions) -> Vec<String> {
    [emissions.location_based_g, emissions.market_based_annual_g, emissions.market_based_hourly_g]
        .into_iter()
        .map(|grams| tonnes(grams).unwrap_or_else(|| NOT_SUPPLIED.to_string()))
        .collect()
}

/// The factors unmatched energy took, in words; a period may have taken several.
fn tier_words(tiers: &str) -> String {
    let word = |tier: &str| match tier {
        "residual_intensity" => "residual mix".to_string(),
        "fossil_intensity" => "fossil-only factor".to_string(),
        "default_fossil" => "default fossil factor".to_string(),
        "" => NOT_SUPPLIED.to_string(),
        other => other.to_string(),
    };
    tiers.split(", ").map(word).collect::<Vec<_>>().join(", ")
}

pub fn boundaries(report: &Report, energy: Energy) -> Section {
    let mut section = Section::new(
        "boundaries",
        "Market boundaries",
        "Energy is matched only inside a boundary; nothing crosses from one to another.",
    );
    let mut table = Table::new("Energy by boundary", &columns(&[text("Boundary")], &ENERGY_COLUMNS));
    let mut mass = Table::new(
        "Emissions by boundary",
        &columns(&[text("Boundary"), text("Unmatched energy takes")], &EMISSION_COLUMNS),
    );
    for boundary in &report.boundaries {
        table.push(&boundary.id, energy_cells(&boundary.totals, energy));
        let mut cells = vec![tier_words(&boundary.fallback_tier)];
        cells.extend(emission_cells(&boundary.totals.emissions));
        mass.push(&boundary.id, cells);
    }
    section.tables.extend([table, mass]);
    section
}

pub fn sites(report: &Report, energy: Energy) -> Section {
    let mut section = Section::new("sites", "Sites", "Matched energy as allocated to each site under the ruleset.");
    let mut table = Table::new(
        "Energy by site",
        &[
            text("Site"),
            text("Boundary"),
            text("Time zone"),
            figure("Load", "MWh"),
            figure("Matched", "MWh"),
            figure("Unmatched", "MWh"),
            figure("Matched share", ""),
            figure("CFE score", ""),
            figure("Fully matched", "intervals"),
        ],
    );
    let mut mass = Table::new("Emissions by site", &columns(&[text("Site"), text("Boundary")], &EMISSION_COLUMNS));
    for site in &report.sites {
        let totals = &site.totals;
        table.push(
            &site.id,
            vec![
                site.boundary.clone(),
                site.time_zone.clone(),
                energy.up(totals.load_wh),
                energy.down(totals.matched_wh),
                energy.up(totals.unmatched_wh),
                matched_share(totals),
                cfe_score(totals),
                fully_matched(totals),
            ],
        );
        let mut cells = vec![site.boundary.clone()];
        cells.extend(emission_cells(&totals.emissions));
        mass.push(&site.id, cells);
    }
    section.tables.extend([table, mass]);
    section
}

pub fn contracts(report: &Report, energy: Energy) -> Section {
    let mut section = Section::new(
        "contracts",
        "Contracts and their sources",
        "Delivered energy is either allocated to load in the interval it was generated in, stored, or surplus.",
    );
    let mut sources: BTreeMap<&str, (i128, i128)> = BTreeMap::new();
    let mut table = Table::new(
        "Energy by contract",
        &[
            text("Contract"),
            text("Source"),
            text("Boundary"),
            figure("Delivered", "MWh"),
            figure("Allocated", "MWh"),
            figure("Surplus", "MWh"),
            figure("Allocated of delivered", ""),
        ],
    );
    for contract in &report.contracts {
        let source = sources.entry(&contract.technology).or_default();
        source.0 += contract.allocated_wh;
        source.1 += contract.surplus_wh;
        table.push(
            &contract.id,
            vec![
                contract.technology.clone(),
                contract.boundary.clone(),
                energy.down(contract.delivered_wh),
                energy.down(contract.allocated_wh),
                energy.down(contract.surplus_wh),
                share(contract.allocated_wh, contract.delivered_wh),
            ],
        );
    }
    if !sources.is_empty() {
        section.charts.push(source_chart(&sources, energy));
    }
    section.tables.push(table);
    section.notes.push(
        "Matched, not claimable: this report records no cancellation of certificates, so it supports no public claim of use."
            .into(),
    );
    section
}

fn source_chart(sources: &BTreeMap<&str, (i128, i128)>, energy: Energy) -> Chart {
    let bars: Vec<Bar> = sources
        .iter()
        .map(|(technology, (allocated, surplus))| Bar {
            label: (*technology).to_string(),
            solid: *allocated,
            light: *surplus,
            figures: format!("{} MWh allocated, {} MWh surplus", energy.down(*allocated), energy.down(*surplus)),
        })
        .collect();
    Chart {
        class: "scroll",
        svg: bars_svg("source", "Allocated and surplus energy by source; the figures stand beside each bar.", &bars),
        caption: "MWh by source technology".into(),
        keys: vec![Key { class: "km", label: "allocated to load" }, Key { class: "ks", label: "surplus" }],
        data: String::new(),
    }
}
