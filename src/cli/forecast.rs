//! `hourmatch forecast`, of which `accuracy` is all

mod table;

pub(super) use table::COLUMNS as ACCURACY;

use super::common::{Args, Context, Fault, Faults, Format, Portfolio, Subcommand, parse_duration, parse_when};
use crate::expected::accuracy::{Pair, by_lead};
use crate::expected::vintages::{Measure, compared};
use crate::expected::{Span, World};
use crate::store::{Store, forecasts};
use ids::{BoundaryId, SiteId};
use reports::definitions::limits;
use reports::series::name::kind_of;
use reports::time::{HOUR_S, Instant, Interval};
use std::collections::BTreeMap;
use std::sync::Arc;
use table::{Document, Row, Source, Vintage};

const AFTER: &str = "\
Suppliers' forecasts are compared, as issued, with what was measured later; the built-in ones are computed again at \
each --every, as if no supplier had forecast. A forecast counts for intervals that had not ended when it was issued; \
its lead time runs from issue to their end. Errors are forecast less actual, in the series' unit; `inside` is the \
share of actuals within the stated quantiles; compare it with the stated share.

Examples:
  hourmatch forecast accuracy --from now-7d
  hourmatch forecast accuracy --site ashburn --from now-7d --format csv
  hourmatch forecast accuracy --series contract/east-wind/generation \\
      --from 2026-03-16 --to 2026-03-23";

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch forecast accuracy --site ashburn --from now-7d")]
pub struct Forecast {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// How far forecasts were off, by lead time
    #[command(after_help = AFTER)]
    Accuracy(Accuracy),
}

#[derive(Debug, Args)]
struct Accuracy {
    /// Only series of this site and of the contracts that serve it
    #[arg(long, value_name = "S")]
    site: Option<SiteId>,
    /// Only series of this boundary and of its sites and contracts
    #[arg(long, visible_alias = "boundary", value_name = "B")]
    zone: Option<BoundaryId>,
    /// Only this series
    #[arg(long, value_name = "NAME")]
    series: Option<String>,
    /// Start of the intervals forecast; default: four weeks before the end
    #[arg(long, value_name = "T")]
    from: Option<String>,
    /// End of the intervals forecast; default: now
    #[arg(long, value_name = "T")]
    to: Option<String>,
    /// How often to make built-in forecasts again
    #[arg(long, default_value = "6h", value_name = "D")]
    every: String,
    /// How far ahead each of them looks
    #[arg(long, default_value = "168h", value_name = "D")]
    horizon: String,
    /// Also show each vintage of a supplier by itself
    #[arg(long)]
    vintages: bool,
}

const WEEKS_S: i64 = 28 * 86_400;

pub async fn run(context: &Context, command: &Forecast) -> anyhow::Result<()> {
    let Action::Accuracy(args) = &command.action;
    context.allow(&[Format::Text, Format::Json, Format::Csv])?;
    let portfolio = Arc::new(context.portfolio()?);
    check_names(args, &portfolio)?;
    let period = period(context, args, &portfolio)?;
    let store = context.store(&portfolio).await?;
    let now = context.clock.now();
    let mut series = supplied(&store, &portfolio, args, (period, now)).await?;
    series.extend(built_in(&store, &portfolio, args, (period, now)).await?);
    store.close().await;
    for row in series.iter().filter(|row| row.by_lead.is_empty()) {
        let (name, count) = (&row.series, row.without_actual);
        context.out.say(&format!("{name}: {count} values were forecast, but none has been measured"));
    }
    series.retain(|row| !row.by_lead.is_empty());
    series.sort_by(|a, b| (&a.series, a.source.name()).cmp(&(&b.series, b.source.name())));
    if series.is_empty() {
        context.out.say(&format!(
            "nothing to compare: from {period} no forecast meets a measurement; --from and --to name another period"
        ));
    }
    let synthetic = portfolio.definitions.synthetic;
    let schema = "hourmatch/forecast-accuracy/1";
    let document = Document { schema, engine: crate::ENGINE, synthetic, from: period.start, to: period.end, series };
    match context.format {
        Format::Json => context.out.json(&document),
        Format::Csv => context.out.raw(&table::csv(&document)?),
        _ => context.out.data(&table::text(&document)),
    }
}

/// Intervals that are compared: whole hours, none of them ahead.
fn period(context: &Context, args: &Accuracy, portfolio: &Portfolio) -> anyhow::Result<Interval> {
    let now = context.clock.now();
    let at = |text: &Option<String>| text.as_deref().map(|t| parse_when(t, now, portfolio.zone)).transpose();
    let end = at(&args.to)?.unwrap_or(now).min(now).floor(HOUR_S);
    let start = at(&args.from)?.unwrap_or(end - WEEKS_S).floor(HOUR_S);
    let hint = "only what has been measured is compared: --from now-28d";
    Fault::refuse_if(end <= start, "no hour between --from and --to is over", hint)?;
    let hours = (end - start) / HOUR_S;
    let what = format!("{hours} hours are more than one comparison allows, {}", limits::INTERVALS);
    Fault::refuse_if(hours > limits::INTERVALS as i64, &what, "name a later --from")?;
    Ok(Interval { start, end })
}

fn check_names(args: &Accuracy, portfolio: &Portfolio) -> Result<(), Faults> {
    let site = args.site.as_ref().and_then(|site| portfolio.find_site(site).err());
    let zone = args.zone.as_ref().and_then(|zone| portfolio.find_boundary(zone).err());
    let series = args.series.as_deref().and_then(|series| kind_of(series).err());
    let series = series.map(|e| Fault::new(e.to_string()).hint("`hourmatch check` lists the series there are"));
    Faults::refuse(site.into_iter().chain(zone).chain(series))
}

fn wanted(name: &str, args: &Accuracy, portfolio: &Portfolio) -> bool {
    let mut parts = name.split('/');
    let (group, ids) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    // Contracts may stand together.
    let one_of = |id: &str| ids.split(" + ").any(|part| part == id);
    if args.series.as_deref().is_some_and(|series| series != name) {
        return false;
    }
    let definitions = &portfolio.definitions;
    let sites = definitions.sites.iter().filter(|s| {
        let (site, zone) = (args.site.as_ref(), args.zone.as_ref());
        site.is_none_or(|id| s.id == *id) && zone.is_none_or(|id| s.boundary == *id)
    });
    let sites: Vec<&str> = sites.map(|s| s.id.as_str()).collect();
    let contract = |c: &reports::definitions::ContractDef| {
        let serves = args.site.as_ref().is_none_or(|site| c.sites.contains(site));
        serves && args.zone.as_ref().is_none_or(|zone| c.boundary == *zone)
    };
    let at = |site: &str| sites.contains(&site);
    match group {
        _ if args.site.is_none() && args.zone.is_none() => true,
        "site" => at(ids),
        "grid" => args.site.is_none() && args.zone.as_deref() == Some(ids),
        "contract" => definitions.contracts.iter().any(|c| one_of(&c.id) && contract(c)),
        "plant" => definitions.contracts.iter().any(|c| c.plant.as_deref() == Some(ids) && contract(c)),
        "pool" => portfolio.planning.pools.iter().any(|p| p.id == ids && at(&p.site)),
        "storage" => definitions.storage.iter().any(|k| k.id == ids && at(&k.site)),
        _ => false,
    }
}

async fn supplied(
    store: &Store,
    portfolio: &Portfolio,
    args: &Accuracy,
    (period, now): (Interval, Instant),
) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for name in forecasts::series(store).await?.into_iter().filter(|name| wanted(name, args, portfolio)) {
        let Some(measure) = Measure::for_series(&name) else { continue };
        let found = compared(store, &name, measure, period, now).await?;
        if found.pairs.is_empty() && found.without_actual == 0 {
            continue;
        }
        let mut issues: BTreeMap<Instant, Vec<Pair>> = BTreeMap::new();
        for pair in &found.pairs {
            issues.entry(pair.issued).or_default().push(*pair);
        }
        let count = issues.len();
        let alone = issues.into_iter().filter(|_| args.vintages);
        let vintage = |(issued, pairs): (Instant, Vec<Pair>)| Vintage { issued, by_lead: by_lead(&pairs) };
        let (source, unit, without_actual) = (Source::Supplier, measure.unit, found.without_actual);
        let (by_lead, vintages) = (by_lead(&found.pairs), alone.map(vintage).collect());
        rows.push(Row { series: name, source, unit, issues: count, without_actual, by_lead, vintages });
    }
    Ok(rows)
}

/// Forecasts made again, each with its values, are held until they are counted.
const MOST_VALUES: i64 = 50_000_000;

fn check_extent(portfolio: &Portfolio, period: Interval, (every_s, horizon_s): (i64, i64)) -> Result<(), Fault> {
    let definitions = &portfolio.definitions;
    let series = definitions.boundaries.len() + definitions.sites.len() + definitions.contracts.len();
    let (made, long, series) = (period.duration_s() / every_s, horizon_s / HOUR_S, series as i64);
    let values = made.saturating_mul(long).saturating_mul(series);
    let what = format!(
        "{made} forecasts of {long} hours for {series} series are {values} values, more than one comparison allows, \
         {MOST_VALUES}"
    );
    let hint = "name a shorter period, a longer --every or a shorter --horizon";
    Fault::refuse_if(values > MOST_VALUES, &what, hint)
}

async fn built_in(
    store: &Store,
    portfolio: &Arc<Portfolio>,
    args: &Accuracy,
    (period, now): (Interval, Instant),
) -> anyhow::Result<Vec<Row>> {
    let (every_s, horizon_s) = (parse_duration(&args.every)?, parse_duration(&args.horizon)?);
    let wrong = every_s < HOUR_S || every_s % HOUR_S != 0 || !(HOUR_S..=31 * 24 * HOUR_S).contains(&horizon_s);
    let what = "--every is not a whole number of hours, or --horizon is not between 1 h and 31 days";
    Fault::refuse_if(wrong, what, "--every 6h --horizon 168h")?;
    check_extent(portfolio, period, (every_s, horizon_s))?;
    let mut world = World::load(store, portfolio, Span::replayed(period, now)).await?;
    let replayed = world.replay(period, every_s, horizon_s)?;
    let mut rows = Vec::new();
    for ((series, unit), pairs) in replayed {
        if pairs.is_empty() || !wanted(&series, args, portfolio) {
            continue;
        }
        let mut issues: Vec<Instant> = pairs.iter().map(|p| p.issued).collect();
        issues.dedup();
        let by_lead = by_lead(&pairs);
        let (source, issues) = (Source::BuiltIn, issues.len());
        rows.push(Row { series, source, unit, issues, without_actual: 0, by_lead, vintages: Vec::new() });
    }
    Ok(rows)
}
