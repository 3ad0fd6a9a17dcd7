//! `hourmatch ingest`

use super::context::{Context, Format};
use super::output::{Exit, on_terminal};
use super::stated::Stated;
use crate::audit::portfolios;
use crate::audit::settle::Why;
use crate::clock::{Clock, parse_duration, parse_period, parse_when};
use crate::error::Problem;
use crate::ingest::batch::Batch;
use crate::ingest::fetch::RetryPolicy;
use crate::ingest::sources::Source;
use crate::ingest::{self, Options, Outcome, Taken, gb, known, reject};
use crate::outputs::{Paths, Pending};
use crate::portfolio::Portfolio;
use crate::store::{Write, portfolios as recorded};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use reports::received::Ends;
use reports::received::feeds::{Asks, Feed, Told, neso};
use reports::series::name::{Group, parts};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const AFTER: &str = "\
A readings file is CSV, plain or gzip: series,start,end,value,unit and optional quality,issued,quantile. A row with
`issued` is a forecast, issued before its interval ends; it never changes.
An invoices file is CSV with a column `invoice`: invoice,site,start,end and wh, or value,unit. A later row of the same
number and site replaces the earlier one, which is kept.
A file with a bad row is refused whole, unless --reject keeps the good rows. Several files are stored all or none. The
same file twice adds nothing; a changed value is a correction, and the old value is kept.
`neso` files are captures of GB carbon intensity; their name or --issued says when they were issued.
The end of an interval is the first instant after it; ends such as 00:59:59 or 00:59 are refused, or read as the last
second or minute with --ends inclusive. Negative readings of plants and fuels are kept and count as 0.

Examples:
  hourmatch ingest meters.csv.gz
  hourmatch ingest meters.csv --reject bad-rows.csv
  hourmatch ingest logger-2022.csv --ends inclusive
  hourmatch ingest meters-2022-corrected.csv --actor j.doe --reason meter-exchanged
  hourmatch ingest PJM.csv.gz --source eia930 --area PJM --label start
  hourmatch ingest 2023-03-14T0331Z.csv --source neso --area GB
  hourmatch ingest --source gb --area GB --from 2026-11-01 --to 2026-11-08";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Ingest {
    /// Files to ingest, all or none
    files: Vec<PathBuf>,
    /// What the files are, or which feed to fetch
    #[arg(long, value_enum, default_value = "readings")]
    source: SourceName,
    /// Boundary the data belong to
    #[arg(long)]
    area: Option<String>,
    /// Whether times name the start or the end of their hour; it differs by area, so there is no default
    #[arg(long, value_enum)]
    label: Option<LabelName>,
    /// Whether ends in a readings or invoices file are the first instant after an interval, or its last second or
    /// minute
    #[arg(long, value_enum)]
    ends: Option<EndsName>,
    /// When the forecasts in a capture were issued; default: the time in the file's name
    #[arg(long, value_name = "T")]
    issued: Option<String>,
    /// How long after an interval's end its reading is published
    #[arg(long, default_value = "0s", value_name = "D")]
    delay: String,
    /// Keep the good rows and write the bad ones here
    #[arg(long, value_name = "FILE")]
    reject: Option<PathBuf>,
    #[command(flatten)]
    stated: Stated,
    /// Start of what to fetch
    #[arg(long, value_name = "T")]
    from: Option<String>,
    /// End of what to fetch
    #[arg(long, value_name = "T")]
    to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SourceName {
    Readings,
    /// Fetched.
    Gb,
    /// A file of a public source.
    Feed(Feed),
}

impl SourceName {
    const ALL: [Self; 2 + Feed::ALL.len()] = {
        let mut all = [Self::Readings; 2 + Feed::ALL.len()];
        all[1] = Self::Gb;
        let mut index = 0;
        while index < Feed::ALL.len() {
            all[2 + index] = Self::Feed(Feed::ALL[index]);
            index += 1;
        }
        all
    };

    fn feed(self) -> Option<Feed> {
        match self {
            Self::Feed(feed) => Some(feed),
            Self::Readings | Self::Gb => None,
        }
    }
}

impl ValueEnum for SourceName {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, title) = match self {
            Self::Readings => ("readings", "series,start,end,value,unit"),
            Self::Gb => ("gb", "GB Carbon Intensity, fetched"),
            Self::Feed(feed) => (feed.about().name, feed.about().title),
        };
        Some(PossibleValue::new(name).help(title))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LabelName {
    Start,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EndsName {
    /// The first instant after the interval
    Exclusive,
    /// The last second or minute of the interval: 00:59:59 or 00:59
    Inclusive,
}

impl Ingest {
    pub fn paths(&self, paths: &Paths) -> Result<(), Problem> {
        self.files.iter().try_for_each(|file| paths.reads("an input", file))?;
        self.reject.iter().try_for_each(|file| paths.writes("--reject", file))
    }
}

pub async fn run(context: &Context, args: &Ingest) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    let outcomes = match args.source {
        SourceName::Gb => vec![fetch(context, args, &portfolio).await?],
        _ => files(context, args, &portfolio).await?,
    };
    if context.format == Format::Json {
        let rejected: usize = outcomes.iter().map(|o| o.rejected).sum();
        context.out.json(&json!({
            "schema": "hourmatch/ingest/1", "engine": crate::ENGINE, "synthetic": portfolio.definitions.synthetic,
            "files": outcomes, "rejected": rejected,
        }))?;
    }
    Ok(Exit::Done)
}

async fn files(context: &Context, args: &Ingest, portfolio: &Portfolio) -> anyhow::Result<Vec<Outcome>> {
    if args.files.is_empty() {
        return Err(Problem::new("no file is named").hint("hourmatch ingest meters.csv.gz").into());
    }
    if args.reject.is_some() && args.files.len() > 1 {
        return Err(Problem::new("--reject goes with one file at a time").hint("ingest the files one by one").into());
    }
    if args.from.is_some() || args.to.is_some() {
        return Err(Problem::new("--from and --to go with a fetched source")
            .hint("leave them out, or use --source gb")
            .into());
    }
    let Why { actor, reason } = args.stated.why();
    let mut options = Options {
        source: Source::Readings { ends: Ends::Exclusive },
        delay_s: parse_duration(&args.delay)?,
        keep_good: args.reject.is_some(),
        now_us: Clock::recorded_us(),
        progress: on_terminal() && context.format == Format::Text,
        definitions: Some(portfolio.definitions.clone()),
        actor,
        reason,
    };
    // All are read before any is stored, so that a bad one leaves the store as it was.
    let mut batches = Vec::new();
    for path in &args.files {
        options.source = source(context, args, portfolio, path)?;
        let batch = ingest::read_file(path, &options)?;
        warn_unknown(context, portfolio, path, &batch);
        batches.push((path, batch));
    }
    let store = context.store(portfolio).await?;
    let mut write = store.write().await?;
    let mut taken = Vec::new();
    for (path, batch) in batches {
        taken.push(ingest::take_in(&mut write, path, batch, &options).await?);
    }
    if taken.iter().all(|taken| taken.outcome.revision.is_none()) {
        // Nothing of them stays, names of series neither.
        drop(write);
        write = store.write().await?;
    }
    keep(context, &mut write, portfolio, &options).await?;
    // There before the store changes: a full disk refuses the file as a bad row does.
    let rejects = rejects(context, args, &mut taken)?;
    write.commit().await?;
    context.out.committed();
    store.close().await;
    for outcome in taken.iter().map(|taken| &taken.outcome) {
        context.out.say(&outcome.sentence());
    }
    if let (Some(pending), Some(target)) = (rejects, &args.reject) {
        match pending.publish() {
            Ok(()) => context.out.say(&format!("rejected rows: {}", target.display())),
            Err(problem) => context.out.warn(&problem),
        }
    }
    Ok(taken.into_iter().map(|taken| taken.outcome).collect())
}

/// The portfolio's text goes with what is taken in under it.
async fn keep(context: &Context, write: &mut Write, portfolio: &Portfolio, options: &Options) -> anyhow::Result<()> {
    match portfolios::text(portfolio, options.actor.as_deref(), options.now_us) {
        Some(text) => recorded::add(write, &text).await?,
        None => context.out.say(portfolios::NOT_KEPT),
    }
    Ok(())
}

/// Rejected rows of the one file they may be of, written and not in their place yet.
fn rejects(context: &Context, args: &Ingest, taken: &mut [Taken]) -> Result<Option<Pending>, Problem> {
    let (Some(target), Some(file), Some(taken)) = (&args.reject, args.files.first(), taken.first_mut()) else {
        return Ok(None);
    };
    if taken.rejects.is_empty() {
        return Ok(None);
    }
    context.paths().prepare(target, &mut |out| reject::write(file, &mut taken.rejects, out)).map(Some)
}

fn source(context: &Context, args: &Ingest, portfolio: &Portfolio, path: &Path) -> Result<Source, Problem> {
    let refuse = |what: &str, hint: &str| Err(Problem::new(what).hint(hint));
    let feed = args.source.feed();
    let asks = feed.map(|feed| feed.about().asks);
    if asks != Some(Asks::Issued) && args.issued.is_some() {
        let what = format!("--issued goes with --source {}", that_ask(Asks::Issued));
        return refuse(&what, "a readings file states it in a column `issued`");
    }
    if asks != Some(Asks::Label) && args.label.is_some() {
        let what = format!("--label goes with --source {}", that_ask(Asks::Label));
        return refuse(&what, "other files say which end of an interval their times name");
    }
    let Some(feed) = feed else {
        let ends = match args.ends {
            None | Some(EndsName::Exclusive) => Ends::Exclusive,
            Some(EndsName::Inclusive) => Ends::Inclusive,
        };
        return match &args.area {
            Some(_) => refuse("--area goes with another --source", "a readings file names its series itself"),
            None => Ok(Source::Readings { ends }),
        };
    };
    if args.ends.is_some() {
        return refuse("--ends goes with readings and invoices", "other sources say what their times name");
    }
    let area = area(args, feed, portfolio)?;
    let told = match feed.about().asks {
        Asks::Nothing => Told::NOTHING,
        Asks::Label => label(args, feed)?,
        Asks::Issued => Told::issued(issued(context, args, portfolio, path)?),
    };
    Ok(Source::Feed { feed, area, told })
}

/// The feeds whose files leave this open, for a message.
fn that_ask(asks: Asks) -> String {
    let names = Feed::ALL.iter().map(|feed| feed.about()).filter(|about| about.asks == asks).map(|about| about.name);
    names.collect::<Vec<_>>().join(" or ")
}

fn label(args: &Ingest, feed: Feed) -> Result<Told, Problem> {
    match args.label {
        Some(LabelName::Start) => Ok(Told::START),
        Some(LabelName::End) => Ok(Told::END),
        None => {
            let what = format!("--source {} needs --label start or --label end", feed.about().name);
            Err(Problem::new(what).hint(
                "whether a time names the start or the end of its hour differs by area; check it against local solar noon",
            ))
        }
    }
}

/// When the forecasts of a file were issued: as stated, else as its name says.
fn issued(context: &Context, args: &Ingest, portfolio: &Portfolio, path: &Path) -> Result<i64, Problem> {
    if let Some(text) = &args.issued {
        return parse_when(text, context.clock.now_s(), portfolio.zone);
    }
    neso::issued_of(path).ok_or_else(|| {
        Problem::new("its name does not say when its forecasts were issued")
            .file(path.display())
            .hint("name it like 2023-03-14T0331Z.csv, or say --issued 2023-03-14T03:31Z")
    })
}

/// The boundary that a file's rows belong to.
fn area(args: &Ingest, feed: Feed, portfolio: &Portfolio) -> Result<String, Problem> {
    let known: Vec<&str> = portfolio.definitions.boundaries.iter().map(|b| b.id.as_str()).collect();
    let area = args.area.clone().ok_or_else(|| {
        Problem::new(format!("--source {} needs --area", feed.about().name))
            .hint(format!("name the boundary the file belongs to: {}", known.join(" ")))
    })?;
    if !known.contains(&area.as_str()) {
        return Err(Problem::new(format!("area `{area}` is no boundary of the portfolio"))
            .hint(format!("boundaries: {}", known.join(" "))));
    }
    Ok(area)
}

/// Readings of things the portfolio does not know are kept, but nothing will use them.
fn warn_unknown(context: &Context, portfolio: &Portfolio, path: &Path, batch: &Batch) {
    let pool = |name: &str| {
        let pool = parts(name).filter(|(group, ..)| *group == Group::Pool);
        pool.is_some_and(|(_, id, _)| portfolio.planning.pools.iter().any(|pool| pool.id == id))
    };
    let readings = batch.readings.iter().map(|(name, points)| (name, points.iter().map(|p| p.row).min()));
    let forecasts = batch.forecasts.iter().map(|(name, points)| (name, points.iter().map(|p| p.row).min()));
    let unknown: BTreeMap<&str, i64> = readings
        .chain(forecasts)
        .filter(|(name, _)| !known::uses(&portfolio.definitions, name) && !pool(name))
        .filter_map(|(name, row)| Some((name.as_str(), row?)))
        .collect();
    for (name, row) in unknown.iter().take(3) {
        let what = "not in the portfolio: stored, but nothing uses it";
        context.out.say(&format!("warning: {}:{row}: {name}: {what}", path.display()));
    }
    if unknown.len() > 3 {
        context.out.say(&format!("warning: and {} more series that are not in the portfolio", unknown.len() - 3));
    }
}

async fn fetch(context: &Context, args: &Ingest, portfolio: &Portfolio) -> anyhow::Result<Outcome> {
    let (Some(from), Some(to)) = (&args.from, &args.to) else {
        return Err(Problem::new("--source gb needs --from and --to").hint("--from 2026-11-01 --to 2026-11-08").into());
    };
    if !args.files.is_empty() {
        return Err(Problem::new("--source gb fetches; it takes no files").hint("leave the files out").into());
    }
    if args.ends.is_some() {
        return Err(Problem::new("--ends goes with readings and invoices").hint("leave it out").into());
    }
    let area = args.area.clone().unwrap_or_else(|| "GB".into());
    if portfolio.boundary(&area).is_none() {
        return Err(Problem::new(format!("area `{area}` is no boundary of the portfolio"))
            .hint("add [[boundary]] id = \"GB\", or name one with --area")
            .into());
    }
    let now_s = context.clock.now_s();
    let period = parse_period(from, to, now_s, portfolio.zone, portfolio.resolution())?;
    let delay_s = parse_duration(&args.delay)?;
    let fetched = gb::fetch(&portfolio.gb.url, &area, period, now_s, RetryPolicy::default()).await?;
    let Why { actor, reason } = args.stated.why();
    let options = Options { delay_s, actor, reason, ..Options::own_form(Clock::recorded_us()) };
    let store = context.store(portfolio).await?;
    let mut write = store.write().await?;
    let outcome = gb::take_in(&mut write, &fetched, &options).await?;
    keep(context, &mut write, portfolio, &options).await?;
    write.commit().await?;
    context.out.committed();
    store.close().await;
    context.out.say(&outcome.sentence());
    Ok(outcome)
}
