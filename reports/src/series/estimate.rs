//! Load nobody metered: the highest valid reading at that local time of day within a number of days.
//!
//! Of a load made of channels it is the highest that the channels that lack came to together on one day, what charged
//! or left taken off, beside the others as metered. Of a part of an interval it is the same part of the other days'; a
//! reading that reaches beyond the part counts in proportion, rounded against the score. Nothing is taken from a reading
//! of import, or of load behind which nothing generates, that the site's connection cannot have carried.

use super::channels::Term;
use super::name::{SeriesName, SiteLeaf};
use super::resample::{self, Energy};
use super::{SeriesError, time_zone};
use crate::definitions::SiteDef;
use crate::inputs::{Inputs, Point, touching};
use crate::ruleset::AboveLimit;
use crate::time::{Grid, Interval, Zone};
use crate::units::ceil_div;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Percent of what a connection carries: meters and their rounding are within 2 %.
const VALID_UP_TO: i128 = 102;

/// Seconds on either side of a period that an estimate may look at.
pub fn reach_s(days: i64) -> i64 {
    // A day more, for clocks that change on the way.
    (days + 1) * 86_400
}

/// Readings of a series that its site's connection can have carried, where the ruleset asks for it.
fn within_limit<'a>(inputs: &'a Inputs, series: &SeriesName, site: &SiteDef) -> Cow<'a, [Point]> {
    let points = inputs.points(series);
    let is = |leaf: SiteLeaf| *series == SeriesName::site(&site.id, leaf);
    let stored = || inputs.definitions.storage.iter().any(|storage| storage.site == site.id);
    let limited = is(SiteLeaf::Import) || is(SiteLeaf::Load) && site.onsite_technology.is_none() && !stored();
    let asked = limited && inputs.ruleset.rules.above_limit == AboveLimit::LeftOut;
    let Some(limit_w) = site.limit_w.filter(|_| asked) else { return Cow::Borrowed(points) };
    let fits = |point: &&Point| {
        let most = i128::from(limit_w) * VALID_UP_TO * i128::from(point.interval().duration_s());
        i128::from(point.value) * 100 * 3_600 <= most
    };
    Cow::Owned(points.iter().filter(fits).copied().collect())
}

/// Why nothing is estimated in so many intervals, the first of which lacks this span of the series.
pub fn without_readings(
    inputs: &Inputs,
    site: &SiteDef,
    series: String,
    (missing, total): (usize, usize),
    first: Interval,
) -> SeriesError {
    match time_zone(&site.time_zone).map(|zone| zone.minute_of_day(first.start)) {
        Ok(minute) => SeriesError::NoEstimate {
            site: site.id.clone(),
            series,
            missing,
            total,
            first,
            local: format!("{:02}:{:02}", minute / 60, minute % 60),
            days: inputs.ruleset.estimate_days,
        },
        Err(error) => error,
    }
}

/// What a term of the load lacks in one interval, in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// Index of the term.
    pub term: usize,
    pub gaps: Vec<Interval>,
}

/// What the other days say.
pub struct Days<'a> {
    terms: &'a [Term],
    /// Of each term, those that an estimate may be taken from.
    points: Vec<Cow<'a, [Point]>>,
    /// Of the terms that lack anything, on the grid of the period and as many days around it.
    energy: Vec<Option<Energy>>,
    wide: Grid,
    zone: Zone,
    days: i64,
    /// Intervals of that grid by the local minute they start at.
    at_minute: BTreeMap<u32, Vec<usize>>,
}

impl<'a> Days<'a> {
    /// Looks at the days around a period; `lacks` are those of the terms that anything is asked of.
    pub fn around(
        inputs: &'a Inputs,
        terms: &'a [Term],
        lacks: impl Fn(usize) -> bool,
        site: &SiteDef,
        grid: Grid,
    ) -> Result<Self, SeriesError> {
        let (zone, days) = (time_zone(&site.time_zone)?, inputs.ruleset.estimate_days);
        let steps = reach_s(days).div_euclid(grid.step_s);
        let wide = Grid {
            start: grid.start - steps * grid.step_s,
            step_s: grid.step_s,
            len: grid.len + 2 * usize::try_from(steps).unwrap_or(0),
        };
        let points: Vec<Cow<'a, [Point]>> = terms.iter().map(|term| within_limit(inputs, &term.series, site)).collect();
        let read = |(index, term): (usize, &Term)| {
            lacks(index).then(|| resample::energy(&term.series, &points[index], wide, term.long)).transpose()
        };
        let energy = terms.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        let mut at_minute: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for index in 0..wide.len {
            at_minute.entry(zone.minute_of_day(wide.start(index))).or_default().push(index);
        }
        Ok(Self { terms, points, energy, wide, zone, days, at_minute })
    }

    /// The highest that what lacks in an interval came to on any day; none where no day has valid readings of it all.
    pub fn highest(&self, whole: Interval, lacks: &[Lack]) -> Option<i128> {
        let day = self.zone.day_number(whole.start);
        let same_time = self.at_minute.get(&self.zone.minute_of_day(whole.start)).map_or(&[][..], Vec::as_slice);
        // Only these are looked at: over a period of years the others would be most of the work. A zone's clocks differ
        // by less than two days between any two instants.
        let reach_s = (self.days + 3) * 86_400;
        let from = same_time.partition_point(|i| self.wide.start(*i) < whole.start - reach_s);
        let around = same_time[from..].iter().take_while(|i| self.wide.start(**i) <= whole.start + reach_s);
        let near = around.filter(|i| (self.zone.day_number(self.wide.start(**i)) - day).abs() <= self.days);
        near.filter_map(|index| self.on(*index, whole, lacks)).max()
    }

    /// What lacks, as it came in another interval.
    fn on(&self, index: usize, whole: Interval, lacks: &[Lack]) -> Option<i128> {
        let mut sum = 0_i128;
        for Lack { term, gaps } in lacks {
            sum = sum.checked_add(match gaps.as_slice() {
                [gap] if *gap == whole => self.whole(*term, index)?,
                parts => {
                    let shift_s = self.wide.start(index) - whole.start;
                    let mut wh = 0_i128;
                    for gap in parts {
                        let span = Interval { start: gap.start + shift_s, end: gap.end + shift_s };
                        wh = wh.checked_add(self.part(*term, span)?)?;
                    }
                    wh
                }
            })?;
        }
        Some(sum)
    }

    fn whole(&self, term: usize, index: usize) -> Option<i128> {
        let energy = self.energy[term].as_ref()?;
        let valid = energy.is_complete(index, self.wide) && energy.worst[index].is_metered();
        valid.then(|| self.terms[term].signed(energy.wh[index]))
    }

    /// A term over a span that valid readings cover.
    fn part(&self, term: usize, span: Interval) -> Option<i128> {
        let long = self.terms[term].long;
        let (mut wh, mut covered_s) = (0_i128, 0);
        for point in touching(&self.points[term], span).iter().filter(|p| p.quality.is_metered()) {
            let shared_s = point.interval().overlap_s(span);
            let top = self.terms[term].signed(long.counted(point.value)).checked_mul(i128::from(shared_s))?;
            wh = wh.checked_add(ceil_div(top, i128::from(point.interval().duration_s())))?;
            covered_s += shared_s;
        }
        (covered_s == span.duration_s()).then_some(wh)
    }
}
