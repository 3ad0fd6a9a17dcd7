//! `hourmatch report`

use super::common::{Args, Context, Format, Instant, Interval, Store, ValueEnum, counted};
use super::period::{Asked, Period};
use super::summary;
use crate::audit::{portfolios, settle};
use crate::error::{Fault, faults_of};
use crate::portfolio::{Metric, Portfolio, Scope};
use render::content::{Options, site_hours};
use render::csv::Table as Named;
use render::page_one::{Before, Target};
use render::xlsx::Allocations;
use reports::report::{Computed, Report as Document};

const AFTER: &str = "\
Ranges are half-open; bare dates, months (2022-03) and years (2022) are local in the portfolio's time zone. `--format` \
text, json, csv, html, pdf, xlsx or parquet; `--json-schema` prints the schema of the JSON document. CSV and Parquet \
hold one table per file, by default the intervals of each boundary.

Examples:
  hourmatch report --from 2026-03 --to 2026-03-30
  hourmatch report --from 2026-03-16 --to 2026-03-23 -o week.html --compare
  hourmatch report --from 2026-03-16 --to 2026-03-23 -o week.xlsx
  hourmatch report --from 2026-03-16 --to 2026-03-23 --table allocations \\
      -o allocations.csv
  hourmatch report --from 2026-03-16 --to 2026-03-23 \\
      --as-of 2026-04-15T00:00Z --format json";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Report {
    #[command(flatten)]
    period: Option<Period>,
    /// Language of the report: en, the only one there is
    #[arg(long = "language", value_name = "LANG", value_parser = language)]
    _language: Option<String>,
    /// Show the previous period beside this one, in HTML, PDF and XLSX
    #[arg(long)]
    compare: bool,
    /// Table of CSV: intervals, boundaries, sites, contracts, allocations, exceptions; of Parquet: intervals, allocations
    #[arg(long, value_name = "TABLE", value_parser = table)]
    table: Option<Named>,
    /// Print the JSON Schema of the report document and nothing else
    #[arg(long, conflicts_with_all = ["from", "to", "as_of", "compare", "table"])]
    json_schema: bool,
}

/// A report is in one language as a whole, its words, numbers and dates.
fn language(text: &str) -> Result<String, String> {
    match text {
        "en" => Ok(text.into()),
        _ => Err("reports are in English only; a spreadsheet shows the numbers and dates of --format xlsx as its own \
                  settings say, and --format csv holds them plain for other programs"
            .into()),
    }
}

fn table(text: &str) -> Result<Named, String> {
    let names = Named::ALL.map(Named::name).join(", ");
    Named::parse(text).ok_or_else(|| format!("one of {names}"))
}

/// What a form has no use for is refused rather than passed over.
fn check(format: Format, args: &Report) -> Result<(), Fault> {
    let refuse = |option: &str, forms: &str| {
        let what = format!("{option} does not apply to this output format");
        Err(Fault::new(what).hint(format!("--format {forms}, or leave {option} out")))
    };
    if args.compare && !matches!(format, Format::Html | Format::Pdf | Format::Xlsx) {
        return refuse("--compare", "html | pdf | xlsx");
    }
    match (args.table, format) {
        (None, _) | (_, Format::Csv) | (Some(Named::Intervals | Named::Allocations), Format::Parquet) => Ok(()),
        (Some(table), Format::Parquet) => Err(Fault::new(format!("Parquet has no table of {}", table.name()))
            .hint("--format csv or xlsx; in Parquet: intervals, allocations")),
        _ => refuse("--table", "csv | parquet"),
    }
}

pub async fn run(context: &Context, args: &Report) -> anyhow::Result<()> {
    if args.json_schema {
        context.allow_ending(&[Format::Text, Format::Json])?;
        return context.out.json(&render::schema::json_schema());
    }
    let Some(asked) = &args.period else {
        return Err(Fault::new("which period?").hint("--from 2022-01-01 --to 2023-01-01").into());
    };
    let form = context.format;
    context.allow(Format::value_variants())?;
    check(form, args)?;
    let portfolio = context.portfolio()?;
    let Asked { store, portfolio, period, as_of, text } = asked.ask(context, &portfolio, None).await?;
    let computed = settle::report(&store, &portfolio, period, as_of).await?;
    // Page one has the trend; the comparison itself is asked for.
    let previous = match form {
        Format::Html | Format::Pdf | Format::Xlsx => {
            before(context, &store, &portfolio, (period, as_of), args.compare).await
        }
        _ => None,
    };
    let exceptions = computed.report.exceptions.len();
    if exceptions > 0 {
        context.out.say(&format!("{}, listed in the report", counted(exceptions, "exception", "exceptions")));
    }
    let sites = match form {
        Format::Html | Format::Pdf => site_hours(&computed),
        _ => Vec::new(),
    };
    let options = Options {
        before: previous.as_ref().and_then(Before::new),
        previous: previous.filter(|_| args.compare).map(Box::new),
        sites,
        targets: targets(&portfolio),
    };
    write(context, computed, options, (form, args.table.unwrap_or_default())).await?;
    // What it was made under is on record once it is made.
    if let Some(text) = &text {
        portfolios::keep_if_free(&store, text).await.unwrap_or_else(|error| {
            faults_of(&error).iter().for_each(|problem| context.out.warn(problem));
        });
    }
    store.close().await;
    if let Some(path) = context.out.path() {
        context.out.say(&format!("wrote {}", path.display()));
    }
    Ok(())
}

async fn write(
    context: &Context,
    computed: Computed,
    options: Options,
    (form, table): (Format, Named),
) -> anyhow::Result<()> {
    let report = &computed.report;
    match form {
        Format::Text => context.out.data(&summary::render(report)),
        Format::Json => context.out.stream(&mut |out| render::json::write(&computed, crate::ENGINE, out)),
        Format::Csv => context.out.stream(&mut |out| render::csv::write(table, &computed, out)),
        Format::Html => context.out.raw(&render::html::page(report, crate::ENGINE, &options)?),
        Format::Pdf => context.out.bytes(&render::pdf::document(report, crate::ENGINE, &options)?),
        Format::Xlsx => {
            let (bytes, left_out) = workbook(computed, options).await?;
            left_out.iter().for_each(|note| context.out.say(note));
            context.out.bytes(&bytes)
        }
        Format::Parquet if table == Named::Allocations => {
            context.out.bytes(&render::parquet::allocations(Vec::<u8>::new(), &computed)?)
        }
        Format::Parquet => context.out.bytes(&render::parquet::intervals(report)?),
    }
}

/// The workbook and what it leaves out. Books and ledgers are gone before the cells come, on the thread that made them:
/// what they took is taken again.
async fn workbook(computed: Computed, options: Options) -> anyhow::Result<(Vec<u8>, Option<String>)> {
    let made = tokio::task::spawn_blocking(move || {
        let allocations = Allocations::new(&computed);
        let report = computed.into_report();
        let bytes = render::xlsx::workbook(&report, &allocations, crate::ENGINE, &options);
        bytes.map(|bytes| (bytes, allocations.left_out()))
    });
    Ok(made.await??)
}

/// What was aimed at, for page one.
pub fn targets(portfolio: &Portfolio) -> Vec<Target> {
    let target = |target: &crate::portfolio::Target| Target {
        boundary: match &target.scope {
            Scope::Portfolio => None,
            Scope::Boundary(id) => Some(id.clone()),
        },
        cfe_score: target.metric == Metric::CfeScore,
        hundredths: (target.share * 10_000.0).round() as i128,
    };
    portfolio.targets.iter().map(target).collect()
}

/// The period of the same length that ends where this one starts; none where its data do not reach, which is said where
/// a comparison was asked for.
async fn before(
    context: &Context,
    store: &Store,
    portfolio: &Portfolio,
    (period, as_of): (Interval, Option<Instant>),
    asked: bool,
) -> Option<Document> {
    let earlier = Interval { start: period.start - period.duration_s(), end: period.start };
    match settle::report(store, portfolio, earlier, as_of).await {
        Ok(computed) => Some(computed.report),
        Err(_) if !asked => None,
        Err(error) => {
            for problem in faults_of(&error) {
                context.out.say(&format!("no comparison: the period before cannot be reported: {}", problem.what));
            }
            None
        }
    }
}
