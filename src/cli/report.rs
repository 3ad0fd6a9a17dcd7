//! `hourmatch report`

use super::output::Exit;
use super::period::Period;
use super::{Context, Format};
use crate::audit::settle;
use crate::error::Problem;
use crate::plan::table::megawatt_hours;
use crate::portfolio::Portfolio;
use crate::store::Store;
use clap::Args;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use reports::render;
use reports::render::html::{Language, Options};
use reports::report::{Computed, Report as Document, Totals};
use reports::time::Interval;

const AFTER: &str = "\
Ranges are half-open; bare dates are local in the portfolio's time zone. `--format` text, json, csv, html, pdf, xlsx or
parquet; `hourmatch report --json-schema` prints the schema of the JSON document.

Examples:
  hourmatch report --from 2022-01-01 --to 2023-01-01
  hourmatch report --from 2022-01-01 --to 2023-01-01 --format html -o report-2022.html --compare
  hourmatch report --from 2022-01-01 --to 2023-01-01 --format xlsx -o report-2022.xlsx
  hourmatch report --from 2022-01-01 --to 2023-01-01 --as-of 2023-02-01T00:00Z --format json";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Report {
    #[command(flatten)]
    period: Option<Period>,
    /// Language of dates and numbers in HTML: en, de, fr, es
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
    /// Set the period before beside this one, in HTML
    #[arg(long)]
    compare: bool,
    /// Print the JSON Schema of the report document and nothing else
    #[arg(long, exclusive = true)]
    json_schema: bool,
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "one of en, de, fr, es".into())
}

pub async fn run(context: &Context, args: &Report) -> anyhow::Result<Exit> {
    if args.json_schema {
        context.out.json(&render::schema::json_schema())?;
        return Ok(Exit::Done);
    }
    let Some(asked) = &args.period else {
        return Err(Problem::new("which period?").hint("--from 2022-01-01 --to 2023-01-01").into());
    };
    let portfolio = context.portfolio()?;
    let (period, as_of_s) = asked.resolve(context, &portfolio)?;
    let store = context.store(&portfolio).await?;
    let (_, computed) = settle::report(&store, &portfolio, period, as_of_s).await?;
    let previous = match args.compare && context.format == Format::Html {
        true => before(context, &store, &portfolio, period, as_of_s).await,
        false => None,
    };
    store.close().await;
    let report = &computed.report;
    if !report.exceptions.is_empty() {
        context.out.say(&format!("{} exceptions; the report lists them", report.exceptions.len()));
    }
    write(context, &computed, &Options { language: args.language, previous: previous.map(Box::new) })?;
    if let Some(path) = context.out.path() {
        context.out.say(&format!("wrote {}", path.display()));
    }
    Ok(Exit::Done)
}

fn write(context: &Context, computed: &Computed, options: &Options) -> anyhow::Result<()> {
    let report = &computed.report;
    match context.format {
        Format::Text => context.out.data(&summary(report)),
        Format::Json => context.out.data(&render::json::document(&computed.document(), crate::ENGINE)?),
        Format::Csv => context.out.data(&render::csv::intervals(report)),
        Format::Html => context.out.data(&render::html::page(report, crate::ENGINE, options)?),
        Format::Pdf => context.out.bytes(&render::pdf::document(report, crate::ENGINE)?),
        Format::Xlsx => context.out.bytes(&render::xlsx::workbook(&computed.document(), crate::ENGINE)?),
        Format::Parquet => context.out.bytes(&render::parquet::intervals(report)?),
    }
}

/// The period of the same length that ends where this one starts; none where its data do not reach.
async fn before(
    context: &Context,
    store: &Store,
    portfolio: &Portfolio,
    period: Interval,
    as_of_s: Option<i64>,
) -> Option<Document> {
    let earlier = Interval { start_s: period.start_s - period.duration_s(), end_s: period.start_s };
    match settle::report(store, portfolio, earlier, as_of_s).await {
        Ok((_, computed)) => Some(computed.report),
        Err(error) => {
            context.out.say(&format!("no comparison: the period before cannot be reported: {error}"));
            None
        }
    }
}

/// Headline figures side by side, each by its name.
fn summary(report: &Document) -> String {
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
    if report.portfolio.stored_wh > 0 || report.portfolio.reissued_wh > 0 {
        add("charged clean MWh", &|t| megawatt_hours(t.stored_wh));
        add("re-issued of it MWh", &|t| megawatt_hours(t.reissued_wh));
    }
    add("surplus MWh", &|t| megawatt_hours(t.surplus_wh));
    add("unmatched MWh", &|t| megawatt_hours(t.unmatched_wh));
    add("matched share (hourly)", &|t| share(&t.matched_share));
    add("CFE score", &|t| share(&t.cfe_score));
    add("annual volumetric share", &|t| share(&t.annual_share));
    add("intervals fully matched", &|t| format!("{} of {}", t.intervals_fully_matched, t.intervals_with_load));
    add("location-based", &|t| grams(t.emissions.location_based_g));
    add("market-based, annual (2015)", &|t| grams(t.emissions.market_based_annual_g));
    add("market-based, hourly (draft)", &|t| grams(t.emissions.market_based_hourly_g));
    if report.portfolio.emissions.market_based_hourly_without_legacy_g.is_some() {
        add("the same without legacy", &|t| grams(t.emissions.market_based_hourly_without_legacy_g));
    }
    if report.portfolio.emissions.upstream_g.is_some() {
        add("upstream (Scope 3)", &|t| grams(t.emissions.upstream_g));
    }
    let synthetic = if report.synthetic { ", synthetic data" } else { "" };
    format!(
        "{}: {} to {}, ruleset {} version {}{synthetic}\n{table}\n",
        report.name, report.period.start, report.period.end, report.ruleset.id, report.ruleset.version
    )
}
