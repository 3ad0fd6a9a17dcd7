//! What reports would be refused for, found before one is asked for: every reading of the store, a year at a time,
//! under the portfolio as it stands.

use super::assemble::{self, Known};
use super::lacks::{self, Beyond, Held, Open};
use crate::portfolio::Portfolio;
use crate::store::Store;
use ids::SiteId;
use reports::definitions::MissingLoad;
use reports::ruleset::Ruleset;
use reports::series::assemble::{Lacks, obstacles_of};
use reports::series::name::{Group, SeriesName, SiteLeaf, StorageLeaf, parts};
use reports::series::needed;
use reports::suspects::{Check, Suspect};
use reports::time::{DAY_S, Instant, Interval, Zone};
use std::collections::BTreeMap;
use std::iter::successors;

/// Older readings are looked at no more: few stores hold as many years, and each takes a report's time.
const MOST_YEARS: usize = 50;

/// In words, for people.
#[derive(Debug, Default)]
pub struct Doubts {
    /// A report that reaches one of these is refused.
    pub problems: Vec<String>,
    /// What a report depends on the policy for, or says itself.
    pub notes: Vec<String>,
    /// What the checks at the door doubt, by series and time.
    pub suspects: Vec<Suspect>,
}

/// Looks at all that audits read; `now` tells where local days start.
pub async fn find(store: &Store, portfolio: &Portfolio, held: &[Held], now: Instant) -> anyhow::Result<Doubts> {
    let mut doubts = Doubts { notes: local_days(portfolio, now).into_iter().collect(), ..Doubts::default() };
    doubts.notes.extend(lacks::absent(portfolio, held));
    let Some(all) = extent(portfolio, held)? else { return Ok(doubts) };
    let known = Known::at(store, None).await?;
    let mut without_load: BTreeMap<SiteId, Vec<Interval>> = BTreeMap::new();
    let (mut lacking, mut beyond) = (Lacks::new(), Beyond::default());
    for year in years(all).into_iter().rev().take(MOST_YEARS).rev() {
        let inputs = assemble::inputs(store, portfolio, year, None, known).await?;
        // Notes tell of connections, with the highest of all readings.
        let told = |s: &Suspect| s.check == Check::Capacity && is_load_of_site(&s.series);
        doubts.suspects.extend(inputs.suspects.iter().filter(|suspect| !told(suspect)).cloned());
        let found = obstacles_of(&inputs);
        beyond.look(portfolio, &inputs.series);
        for (lack, spans) in found.lacks {
            lacking.entry(lack).or_default().extend(spans);
        }
        for error in found.errors.iter().map(ToString::to_string) {
            if !doubts.problems.contains(&error) {
                doubts.problems.push(error);
            }
        }
        for (site, spans) in found.without_load {
            without_load.entry(site).or_default().extend(spans);
        }
    }
    for (site, spans) in without_load {
        doubts.notes.extend(gaps(portfolio, held, &site, spans));
    }
    if let Some(between) = span(held, &is_load_of_site) {
        doubts.notes.extend(lacks::partial(portfolio, held, lacking, between));
    }
    doubts.notes.extend(beyond.notes(portfolio));
    doubts.suspects.sort();
    doubts.suspects.dedup();
    Ok(doubts)
}

/// From the first reading to the last of all that belongs to sites and contracts, on the grid.
fn extent(portfolio: &Portfolio, held: &[Held]) -> anyhow::Result<Option<Interval>> {
    let rules = Ruleset::named(&portfolio.definitions.ruleset)?.0;
    let any = Interval { start: Instant::FIRST, end: Instant::FIRST + DAY_S };
    let read = needed::for_report(&portfolio.definitions, &rules, &[], any);
    let state = StorageLeaf::State.name();
    let metered = |name: &str| parts(name).is_some_and(|(group, _, leaf)| group != Group::Grid && leaf != state);
    let own = |name: &str| read.contains_key(name) && metered(name);
    let step_s = portfolio.resolution().seconds();
    Ok(span(held, &own).map(|all| Interval { start: all.start.floor(step_s), end: all.end.ceil(step_s) }))
}

fn span(held: &[Held], belongs: &dyn Fn(&str) -> bool) -> Option<Interval> {
    let mine: Vec<&Held> = held.iter().filter(|held| belongs(&held.0)).collect();
    let start = mine.iter().map(|held| held.2.start).min()?;
    let end = mine.iter().map(|held| held.2.end).max()?;
    Some(Interval { start, end })
}

/// A span cut at the turn of the years.
fn years(all: Interval) -> Vec<Interval> {
    let end = |start: Instant| Zone::UTC.year(Zone::UTC.month(start).0).end.min(all.end);
    let year = |start: Instant| (start < all.end).then(|| Interval { start, end: end(start) });
    successors(year(all.start), |last| year(last.end)).collect()
}

/// Load that lacks between a site's first reading and its last.
fn gaps(portfolio: &Portfolio, held: &[Held], site: &SiteId, spans: Vec<Interval>) -> Option<String> {
    let leaves = [SiteLeaf::Load].into_iter().chain(SiteLeaf::CHANNELS);
    let own: Vec<SeriesName> = leaves.map(|leaf| SeriesName::site(site, leaf)).collect();
    let between = span(held, &|name| own.iter().any(|own| own.as_str() == name))?;
    let Open { length, first } = lacks::within(spans, between)?;
    let policy = match portfolio.definitions.missing_load {
        MissingLoad::Block => "refused, unless `[policy] missing_load = \"estimate\"` puts a figure to it",
        MissingLoad::Estimate => "an estimate there, and never matched",
    };
    let label = portfolio.site(site).map_or_else(|| site.to_string(), |at| portfolio.definitions.sites[at].label());
    Some(format!(
        "site {label}: no load for {length} between its readings, first {first}: a report that includes them is {policy}; \
         ingest {}",
        own[0]
    ))
}

/// Load or import of any site.
fn is_load_of_site(name: &str) -> bool {
    let is_load = |leaf: &str| [SiteLeaf::Load, SiteLeaf::Import].iter().any(|load| load.name() == leaf);
    parts(name).is_some_and(|(group, _, leaf)| group == Group::Site && is_load(leaf))
}

/// Where local days start between edges of the grid, and the resolution that has one there.
fn local_days(portfolio: &Portfolio, now: Instant) -> Option<String> {
    let start = portfolio.zone.day_start(portfolio.zone.date(now));
    let resolution = portfolio.resolution();
    if resolution.at_or_after(start) == start {
        return None;
    }
    let finer = [1_800, 900, 300].into_iter().find(|step_s| start.is_on(*step_s)).map(|step_s| step_s / 60);
    let remedy = finer.map_or_else(String::new, |minutes| {
        format!("; set `[portfolio] resolution = \"{minutes}min\"` where reports are to begin and end with them")
    });
    Some(format!(
        "local days of {} start at {start}, off the {}-minute grid: a report takes the intervals that start in them{remedy}",
        portfolio.zone.name(),
        resolution.minutes()
    ))
}
