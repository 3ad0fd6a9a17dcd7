//! Which source a file is of: as `--source` says, or as its header tells.

use super::args::{Ingest, LabelName};
use super::export::{self, Chosen, area, title};
use crate::cli::common::{Context, Fault, Instant, Portfolio, parse_when};
use crate::ingest::recognise;
use crate::ingest::sources::Source;
use reports::received::encoding::Encoding;
use reports::received::feeds::{Asks, Feed, Told, neso};
use reports::received::forms::{self, EXPORTS, Export, Form};
use reports::received::readings;
use reports::text::did_you_mean;
use std::path::Path;

const READINGS: &str = "readings";

/// What a name of `--source` stands for.
enum Kind {
    Readings,
    Feed(Feed),
    Export(Vec<Export>),
    /// Of the portfolio.
    Own(String, Box<Form>),
}

pub(super) fn choose(context: &Context, args: &Ingest, portfolio: &Portfolio, path: &Path) -> Result<Chosen, Fault> {
    let known = |kind: Kind| source(context, args, portfolio, path, kind);
    if let Some(name) = &args.source {
        return known(kind(name, portfolio)?);
    }
    let first = recognise::first(path)?;
    let found = recognise::recognise(&first, &portfolio.forms);
    match found.names()[..] {
        [] if found.own => known(Kind::Readings),
        [] => Err(unknown(&first).file(path.display()).line(found.line)),
        [name] => {
            let title = title(name, &found);
            let chosen = known(kind(name, portfolio)?).map_err(|problem| Fault {
                what: format!("is {title}; {}", problem.what),
                ..problem.file(path.display())
            })?;
            Ok(Chosen { taken_as: Some(title), ..chosen })
        }
        _ => Err(Fault::new(format!("may be of several sources: {}", found.names().join(", ")))
            .file(path.display())
            .hint("say which with --source")),
    }
}

/// A file whose header is nobody's: what it comes nearest to, or how to describe it.
fn unknown(first: &[u8]) -> Fault {
    let other = match Encoding::likely(first) {
        Encoding::Utf8 => None,
        Encoding::Cp1252 => Some(("is not UTF-8 text; most likely it is Windows-1252", "cp1252")),
        Encoding::Utf16 => Some(("is UTF-16 without a byte order mark", "utf-16")),
    };
    if let Some((what, encoding)) = other {
        return Fault::new(what).hint(format!(
            "save it as CSV UTF-8, or set encoding = \"{encoding}\" in a [source.<name>]: `hourmatch ingest --explain FILE` \
             proposes one"
        ));
    }
    if let Some(refused) = readings::nearly(first) {
        return refused.into();
    }
    match forms::nearest(first) {
        Some((export, refused)) => {
            Fault::new(format!("resembles `{}`, but {}", export.name, refused.what)).hint(format!(
                "export it once more ({}), or describe the file yourself: hourmatch ingest --explain FILE",
                export.title
            ))
        }
        None => Fault::new("its header matches no known source").hint(
            "readings start with series,start,end,value,unit; for another table, `hourmatch ingest --explain FILE` \
             proposes a [source.<name>]",
        ),
    }
}

fn kind(name: &str, portfolio: &Portfolio) -> Result<Kind, Fault> {
    if name == READINGS {
        return Ok(Kind::Readings);
    }
    if let Some(feed) = Feed::ALL.iter().find(|feed| feed.about().name == name) {
        return Ok(Kind::Feed(*feed));
    }
    if let Some(form) = portfolio.forms.get(name) {
        return Ok(Kind::Own(name.into(), Box::new(form.clone())));
    }
    let exports: Vec<Export> = EXPORTS.iter().copied().filter(|export| export.name == name).collect();
    if !exports.is_empty() {
        return Ok(Kind::Export(exports));
    }
    let names = names(portfolio);
    let hint = did_you_mean(name, &names, || {
        format!("sources: {}; others are in the portfolio as [source.{name}]", names.join(" "))
    });
    Err(Fault::new(format!("`{name}` is not a source")).hint(hint))
}

fn names(portfolio: &Portfolio) -> Vec<&str> {
    let mut names = vec![READINGS];
    names.extend(portfolio.feeds.keys().map(String::as_str));
    names.extend(Feed::ALL.iter().map(|feed| feed.about().name));
    names.extend(EXPORTS.iter().map(|export| export.name));
    names.extend(portfolio.forms.keys().map(String::as_str));
    names.dedup();
    names
}

fn source(context: &Context, args: &Ingest, portfolio: &Portfolio, path: &Path, kind: Kind) -> Result<Chosen, Fault> {
    let asks = match &kind {
        Kind::Feed(feed) => feed.about().asks,
        Kind::Readings | Kind::Export(_) | Kind::Own(..) => Asks::Nothing,
    };
    let what = format!("--issued is only for --source {}", that_ask(Asks::Issued));
    let hint = "a readings file states it in a column `issued`";
    Fault::refuse_if(asks != Asks::Issued && args.issued.is_some(), &what, hint)?;
    let what = format!("--label is only for --source {}", that_ask(Asks::Label));
    let hint = "other files say which end of an interval their times name";
    Fault::refuse_if(asks != Asks::Label && args.label.is_some(), &what, hint)?;
    let ends = !matches!(kind, Kind::Readings) && args.ends.is_some();
    Fault::refuse_if(ends, "--ends is only for readings and invoices", "other sources say what their times name")?;
    let of_exports = args.zone.is_some() || args.series.is_some() || args.site.is_some() || args.time_zone.is_some();
    let what = "--zone, --series, --site and --time-zone are only for exports that need them";
    let hint = "a form of the portfolio states its series and time zone itself";
    Fault::refuse_if(!matches!(kind, Kind::Export(_)) && of_exports, what, hint)?;
    match kind {
        Kind::Readings => {
            let hint = "a readings file names its series itself";
            Fault::refuse_if(args.area.is_some(), "--area is only for other sources", hint)?;
            Ok(Chosen::by_name(Source::Readings { ends: args.ends() }))
        }
        Kind::Feed(feed) => {
            let area = area(args, feed.about().name, portfolio)?;
            let told = match asks {
                Asks::Nothing => Told::NOTHING,
                Asks::Label => label(args, feed)?,
                Asks::Issued => Told::issued(issued(context, args, portfolio, path)?),
            };
            Ok(Chosen::by_name(Source::Feed { feed, area, told }))
        }
        Kind::Own(name, form) => {
            let hint = "a form of the portfolio states its series itself";
            Fault::refuse_if(args.area.is_some(), "--area is only for exports that need it", hint)?;
            Ok(Chosen::by_name(Source::Form { name, form: *form }))
        }
        Kind::Export(exports) => export::choose(args, portfolio, path, &exports),
    }
}

/// The feeds whose files leave this open, for a message.
fn that_ask(asks: Asks) -> String {
    let names = Feed::ALL.iter().map(|feed| feed.about()).filter(|about| about.asks == asks).map(|about| about.name);
    names.collect::<Vec<_>>().join(" or ")
}

fn label(args: &Ingest, feed: Feed) -> Result<Told, Fault> {
    match args.label {
        Some(LabelName::Start) => Ok(Told::START),
        Some(LabelName::End) => Ok(Told::END),
        None => {
            let what = format!("--source {} needs --label start or --label end", feed.about().name);
            Err(Fault::new(what).hint(
                "whether a time names the start or the end of its hour differs by area; check it against local solar noon",
            ))
        }
    }
}

/// When the forecasts of a file were issued: as stated, else as its name says.
fn issued(context: &Context, args: &Ingest, portfolio: &Portfolio, path: &Path) -> Result<Instant, Fault> {
    if let Some(text) = &args.issued {
        return parse_when(text, context.clock.now(), portfolio.zone);
    }
    let what = "its name does not say when its forecasts were issued";
    let hint = "name it like 2023-03-14T0331Z.csv, or say --issued 2023-03-14T03:31Z";
    neso::issued_of(path).ok_or_else(|| Fault::new(what).file(path.display()).hint(hint))
}
