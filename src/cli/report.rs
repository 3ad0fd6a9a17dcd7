//! `hourmatch report`

use super::output::Exit;
use super::{Context, Format};
use crate::audit::assemble;
use crate::clock::{parse_period, parse_when};
use crate::plan::table::megawatt_hours;
use clap::Args;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use reports::render;
use reports::report::Totals;

const AFTER: &str = "\
Ranges are half-open; bare dates are local in the portfolio's time zone.

Examples:
  hourmatch report --from 2022-01-01 --to 2023-01-01
  hourmatch report --from 2022-01-01 --to 2023-01-01 --format html -o report-2022.html
  hourmatch report --from 2022-01-01 --to 2023-01-01 --as-of 2023-02-01T00:00Z --format json";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Report {
    /// Start of the period
    #[arg(long, value_name = "T")]
    from: String,
    /// End of the period, itself not included
    #[arg(long, value_name = "T")]
    to: String,
    /// With what had been recorded by then
    #[arg(long, value_name = "T")]
    as_of: Option<String>,
}

pub async fn run(context: &Context, args: &Report) -> anyhow::Result<Exit> {
    let portfolio = context.portfolio()?;
    let now_s = context.clock.now_s();
    let period = parse_period(&args.from, &args.to, now_s, portfolio.zone)?;
    let as_of = args.as_of.as_deref().map(|t| parse_when(t, now_s, portfolio.zone)).transpose()?;
    let store = context.store(&portfolio).await?;
    let report = assemble::report(&store, &portfolio, period, as_of).await?;
    store.close().await;
    if !report.exceptions.is_empty() {
        context.out.say(&format!("{} exceptions; the report lists them", report.exceptions.len()));
    }
    let text = match context.format {
        Format::Text => summary(&report),
        Format::Json => render::json::document(&report, crate::ENGINE)?,
        Format::Csv => render::csv::intervals(&report),
        Format::Html => render::html::page(&report, crate::ENGINE)?,
    };
    context.out.data(&text)?;
    if let Some(path) = context.out.path() {
        context.out.say(&format!("wrote {}", path.display()));
    }
    Ok(Exit::Done)
}

/// Headline figures side by side, each by its name.
fn summary(report: &reports::report::Report) -> String {
    let mut table = Table::new();
    let columns = ["", "portfolio"].into_iter().chain(report.boundaries.iter().map(|b| b.id.as_str()));
    table.load_style(UTF8_FULL_CONDENSED).set_header(columns);
    let all: Vec<&Totals> =
        std::iter::once(&report.portfolio).chain(report.boundaries.iter().map(|b| &b.totals)).collect();
    let mut add = |name: &str, value: &dyn Fn(&Totals) -> String| {
        table.add_row(std::iter::once(name.to_string()).chain(all.iter().map(|t| value(t))));
    };
    let share = |share: &Option<String>| share.clone().unwrap_or_else(|| "not applicable".into());
    let grams = |g: Option<i128>| g.map_or("not supplied".into(), |g| format!("{g} g"));
    add("load MWh", &|t| megawatt_hours(t.load_wh));
    add("contracted MWh", &|t| megawatt_hours(t.contracted_wh));
    add("matched MWh", &|t| megawatt_hours(t.matched_wh));
    add("surplus MWh", &|t| megawatt_hours(t.surplus_wh));
    add("unmatched MWh", &|t| megawatt_hours(t.unmatched_wh));
    add("matched share (hourly)", &|t| share(&t.matched_share));
    add("CFE score", &|t| share(&t.cfe_score));
    add("annual volumetric share", &|t| share(&t.annual_share));
    add("intervals fully matched", &|t| format!("{} of {}", t.intervals_fully_matched, t.intervals_with_load));
    add("location-based", &|t| grams(t.emissions.location_based_g));
    add("market-based, annual (2015)", &|t| grams(t.emissions.market_based_annual_g));
    add("market-based, hourly (draft)", &|t| grams(t.emissions.market_based_hourly_g));
    let synthetic = if report.synthetic { ", synthetic data" } else { "" };
    format!(
        "{}: {} to {}, ruleset {} version {}{synthetic}\n{table}\n",
        report.name, report.period.start, report.period.end, report.ruleset.id, report.ruleset.version
    )
}
