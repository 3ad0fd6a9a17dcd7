//! Load that nobody metered in an interval or a part of it: which part, what the rest came to, and what the portfolio's
//! policy makes of it.
//!
//! The part is what any series of the load lacks, grown until no reading lies across an edge of it; outside of it the
//! load is metered, and matched as ever. Rulesets that know no parts take the interval whole and estimate import alone.

use super::desk::Desk;
use crate::definitions::{MissingLoad, SiteDef};
use crate::exceptions;
use crate::inputs::Quality;
use crate::ruleset::{MissingChannel, PartialGeneration};
use crate::series::SeriesError;
use crate::series::channels::{Channels, Term};
use crate::series::cut::{Long, resolution_at};
use crate::series::estimate::{Days, Lack, without_readings};
use crate::series::name::{SeriesName, SiteLeaf};
use crate::series::pieces::{self, Piece};
use crate::time::{Instant, Interval, Zone};
use crate::words::counted;

/// Spans that a refusal names.
const SPANS: usize = 5;

/// Load of a site as far as it is metered.
pub(super) struct Load {
    pub wh: Vec<i64>,
    pub worst: Vec<Quality>,
    /// Seconds of each interval that its own series covers.
    pub covered_s: Vec<i64>,
    /// Intervals in which it is not known, whole or in part.
    pub missing: Vec<usize>,
}

/// An interval whose load is not known.
pub(super) struct Missing {
    pub index: usize,
    /// Its channels tell the load, not a series of its own.
    of_channels: bool,
    /// Its parts without load, in order of time.
    pub open: Vec<Interval>,
    lacks: Vec<Lack>,
    /// What was metered, and what of that lies outside of those parts.
    known_wh: i128,
    outside_wh: i128,
    /// On-site generation and export outside, where export lacks: what was sold of the rest is not known.
    own_wh: Option<(i64, i64)>,
}

/// The series the load of a site is made of: its own, and its channels if it has any.
pub(super) struct Sources<'a> {
    site: &'a SiteDef,
    own: [Term; 1],
    behind: Vec<Term>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(site: &'a SiteDef, channels: Option<&Channels>) -> Self {
        let own = [Term::new(SeriesName::site(&site.id, SiteLeaf::Load), true, Long::Load)];
        Self { site, own, behind: channels.map_or_else(Vec::new, |c| c.terms.clone()) }
    }

    fn terms(&self, of_channels: bool) -> &[Term] {
        if of_channels { &self.behind } else { &self.own }
    }
}

/// Every interval of a load that is not known.
pub(super) fn list(
    desk: &Desk<'_>,
    load: &Load,
    channels: Option<&Channels>,
    sources: &Sources<'_>,
) -> Result<Vec<Missing>, SeriesError> {
    let rules = desk.inputs.ruleset.rules;
    let mut list = Vec::with_capacity(load.missing.len());
    for &index in &load.missing {
        let in_parts = rules.partial_generation == PartialGeneration::Sum;
        let of_channels = channels.filter(|_| load.covered_s[index] == 0 || !in_parts);
        list.push(match of_channels {
            Some(channels) if !in_parts || rules.missing_channel == MissingChannel::Zero => {
                whole(desk, index, Some(channels))
            }
            None if !in_parts => whole(desk, index, None),
            _ => part(desk, index, sources.terms(of_channels.is_some()), of_channels.is_some())?,
        });
    }
    Ok(list)
}

/// The interval as a whole, whatever was metered of its first term.
fn whole(desk: &Desk<'_>, index: usize, channels: Option<&Channels>) -> Missing {
    let interval = desk.grid.interval(index);
    Missing {
        index,
        of_channels: channels.is_some(),
        open: vec![interval],
        lacks: vec![Lack { term: 0, gaps: vec![interval] }],
        known_wh: channels.map_or(0, |c| c.beside_import(index)),
        outside_wh: 0,
        own_wh: None,
    }
}

fn part(desk: &Desk<'_>, index: usize, terms: &[Term], of_channels: bool) -> Result<Missing, SeriesError> {
    let (grid, interval) = (desk.grid, desk.grid.interval(index));
    let (mut there, mut lacks) = (Vec::with_capacity(terms.len()), Vec::new());
    for (place, term) in terms.iter().enumerate() {
        let points = desk.inputs.points(&term.series);
        let read = pieces::read(&term.series, points, grid, index, term.long)?;
        let gaps = pieces::gaps(&read, interval);
        if !gaps.is_empty() {
            lacks.push(Lack { term: place, gaps });
        }
        there.push(read);
    }
    let open = pieces::grown(lacks.iter().flat_map(|lack| lack.gaps.clone()).collect(), &there.concat());
    let is_open = |piece: &Piece| open.iter().any(|span| span.contains(piece.span));
    let (mut known_wh, mut outside_wh) = (0_i128, 0_i128);
    let mut own_wh = (0_i64, 0_i64);
    for (term, read) in terms.iter().zip(&there) {
        known_wh += read.iter().map(|p| term.signed(p.wh)).sum::<i128>();
        let outside: Vec<Piece> = read.iter().copied().filter(|p| !is_open(p)).collect();
        outside_wh += outside.iter().map(|p| term.signed(p.wh)).sum::<i128>();
        let wh = outside.iter().fold(0_i64, |sum, p| sum.saturating_add(p.wh));
        if term.series.is_site(SiteLeaf::OnsiteGeneration) {
            own_wh.0 = wh;
        } else if term.series.is_site(SiteLeaf::Export) {
            own_wh.1 = wh;
        }
    }
    let export_lacks = lacks.iter().any(|lack| terms[lack.term].series.is_site(SiteLeaf::Export));
    let own_wh = export_lacks.then_some(own_wh);
    Ok(Missing { index, of_channels, open, lacks, known_wh, outside_wh, own_wh })
}

/// Refuses load that is missing, or puts a figure to it where the portfolio says so, and returns how much of each
/// interval is estimated: that is never matched.
pub(super) fn fill(
    desk: &mut Desk<'_>,
    definition: &SiteDef,
    load: &mut Load,
    channels: &mut Option<Channels>,
) -> Result<Vec<i64>, SeriesError> {
    let sources = Sources::new(definition, channels.as_ref());
    let list = list(desk, load, channels.as_ref(), &sources)?;
    let Some(first) = list.first() else { return Ok(Vec::new()) };
    if desk.inputs.definitions.missing_load == MissingLoad::Block {
        return Err(blocked(desk, &sources, first, &list));
    }
    let found = estimates(desk, &sources, &list)?;
    let mut estimated_wh = vec![0_i64; desk.grid.len];
    for (missing, wh) in list.iter().zip(found) {
        let Missing { index, .. } = *missing;
        let names = names(&sources, missing);
        let overflow = || SeriesError::Overflow { series: names[0].to_string() };
        let total = missing.known_wh.checked_add(wh).ok_or_else(overflow)?.max(0);
        let metered = missing.outside_wh.clamp(0, total);
        let [total, estimate] = [total, total - metered].map(i64::try_from);
        let (total, estimate) = (total.map_err(|_| overflow())?, estimate.map_err(|_| overflow())?);
        load.wh[index] = total;
        load.worst[index] = match (metered, channels.as_ref().filter(|_| missing.of_channels)) {
            (0, _) => Quality::Estimated,
            (_, Some(channels)) => channels.worst[index],
            (_, None) => load.worst[index],
        };
        estimated_wh[index] = estimate;
        if let (Some((made, sold)), Some(channels)) = (missing.own_wh, channels.as_mut()) {
            (channels.onsite_wh[index], channels.export_wh[index]) = (made, sold);
        }
        note_estimate(desk, missing, &names, estimate);
    }
    Ok(estimated_wh)
}

/// What lacks, by name.
fn names<'s>(sources: &'s Sources<'_>, missing: &Missing) -> Vec<&'s str> {
    let terms = sources.terms(missing.of_channels);
    missing.lacks.iter().map(|lack| terms[lack.term].series.as_str()).collect()
}

fn note_estimate(desk: &mut Desk<'_>, missing: &Missing, names: &[&str], wh: i64) {
    let days = desk.inputs.ruleset.estimate_days;
    let message = match names {
        [_] => {
            format!("load not metered: the highest valid reading at that local time within {days} days, never matched")
        }
        several => format!(
            "load not metered: the highest that {} came to together at that local time within {days} days, never \
             matched",
            several.join(" and ")
        ),
    };
    let (first, last) = (missing.open.first(), missing.open.last());
    let span = Interval {
        start: first.map_or(Instant::FIRST, |span| span.start),
        end: last.map_or(Instant::FIRST, |span| span.end),
    };
    desk.note_span(exceptions::ESTIMATED_LOAD, names[0], span, wh, message);
}

/// Wh of what each interval lacks; an error where any has nothing to be estimated from.
fn estimates(desk: &Desk<'_>, sources: &Sources<'_>, list: &[Missing]) -> Result<Vec<i128>, SeriesError> {
    let (inputs, grid) = (desk.inputs, desk.grid);
    let mut found = vec![None; list.len()];
    for of_channels in [false, true] {
        let asked = || list.iter().enumerate().filter(move |(_, missing)| missing.of_channels == of_channels);
        if asked().next().is_none() {
            continue;
        }
        let lacks = |term: usize| asked().any(|(_, missing)| missing.lacks.iter().any(|lack| lack.term == term));
        let days = Days::around(inputs, sources.terms(of_channels), lacks, sources.site, grid)?;
        for (place, missing) in asked() {
            found[place] = days.highest(grid.interval(missing.index), &missing.lacks);
        }
    }
    let without = found.iter().filter(|wh| wh.is_none()).count();
    match found.iter().position(Option::is_none) {
        None => Ok(found.into_iter().flatten().collect()),
        Some(place) => {
            let series = names(sources, &list[place]).join(" with ");
            Err(without_readings(inputs, sources.site, series, (without, grid.len), list[place].open[0]))
        }
    }
}

fn blocked(desk: &Desk<'_>, sources: &Sources<'_>, missing: &Missing, list: &[Missing]) -> SeriesError {
    let (grid, first) = (desk.grid, missing.open[0]);
    let in_part = first != grid.interval(missing.index);
    // Files of local days that start off the grid end inside an interval.
    let midnight = in_part && [first.start, first.end].into_iter().any(|edge| starts_a_day(desk, edge));
    let finer = resolution_at(first.start).min(resolution_at(first.end)).filter(|_| midnight);
    let also = finer.map_or_else(String::new, |step_s| {
        format!(
            "; local days start off the {}-minute grid: set `[portfolio] resolution = \"{}min\"`",
            grid.step_s / 60,
            step_s / 60
        )
    });
    let (series, zero) =
        (names(sources, missing)[0], if missing.of_channels { " (0 where nothing flows)" } else { "" });
    let remedy = format!(
        "ingest `{series}` for {}{zero}, let `[policy] missing_load = \"estimate\"` put a figure to it, or report a \
         shorter period{also}",
        spans(list)
    );
    SeriesError::MissingLoad {
        site: sources.site.id.clone(),
        missing: list.len(),
        total: grid.len,
        part: if in_part { " for a part of them" } else { "" },
        first,
        remedy,
    }
}

/// What lacks, the first spans of it one by one.
fn spans(list: &[Missing]) -> String {
    let all = pieces::joined(list.iter().flat_map(|missing| missing.open.clone()).collect());
    let named: Vec<String> = all.iter().take(SPANS).map(ToString::to_string).collect();
    let more = match all.len().saturating_sub(SPANS) {
        0 => String::new(),
        more => format!(" and {}", counted(more, "more span", "more spans")),
    };
    named.join(", ") + &more
}

/// Whether a local day of the portfolio starts at an instant that is none of the grid's.
fn starts_a_day(desk: &Desk<'_>, instant: Instant) -> bool {
    let zone = Zone::parse(&desk.inputs.definitions.time_zone);
    let off_grid = !instant.is_on(desk.grid.step_s);
    off_grid && zone.is_ok_and(|zone| zone.day_start(zone.date(instant)) == instant)
}
