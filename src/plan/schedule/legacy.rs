//! What documents of before left unsaid: kind and state of a stretch, told by its power, and units of work that runs in one
//! go, told by which stretches touch. Plans say all of it themselves since version 2; nobody else guesses.

use super::{Placement, State};
use crate::work::Kind;
use ids::{SiteId, WorkId};
use reports::time::{Instant, Interval};
use std::collections::{BTreeMap, VecDeque};

/// Completes the schedule of a document of version 1.
pub fn complete(schedule: &mut [Placement]) {
    for (index, unit) in numbered(schedule) {
        schedule[index].unit = Some(unit);
    }
    for p in schedule.iter_mut().filter(|p| p.power_fraction.is_some()) {
        p.kind = Kind::Training;
        p.state = if p.power_fraction == Some(0.0) { State::Paused } else { State::Running };
    }
}

/// Places of batch work in the schedule, each with its unit.
fn numbered(schedule: &[Placement]) -> Vec<(usize, u32)> {
    let mut batch: BTreeMap<&WorkId, Vec<usize>> = BTreeMap::new();
    for (index, p) in schedule.iter().enumerate().filter(|(_, p)| p.power_fraction.is_none()) {
        batch.entry(&p.work).or_default().push(index);
    }
    let stretch = |&index: &usize| {
        let p = &schedule[index];
        (&p.site, p.span(), p.mw)
    };
    let with_unit = |places: Vec<usize>| {
        let units = units(&places.iter().map(stretch).collect::<Vec<_>>());
        places.into_iter().zip(units)
    };
    batch.into_values().flat_map(with_unit).collect()
}

/// The unit of each stretch of one piece of work, given as site, span and MW: one below full power is the last step of a
/// unit that ended where it begins; every other begins a unit.
pub fn units(stretches: &[(&SiteId, Interval, f64)]) -> Vec<u32> {
    let full_mw = stretches.iter().map(|s| s.2).fold(0.0, f64::max);
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    order.sort_by_key(|&index| (stretches[index].1.start, index));
    let mut ended: BTreeMap<(&SiteId, Instant), VecDeque<u32>> = BTreeMap::new();
    let (mut units, mut next) = (vec![0; stretches.len()], 0);
    for index in order {
        let (site, Interval { start, end }, mw) = stretches[index];
        let goes_on = if mw < full_mw { ended.get_mut(&(site, start)).and_then(VecDeque::pop_front) } else { None };
        let unit = goes_on.unwrap_or(next);
        if goes_on.is_none() {
            next += 1;
        }
        if mw >= full_mw {
            ended.entry((site, end)).or_default().push_back(unit);
        }
        units[index] = unit;
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units_of(stretches: &[(&str, i64, i64, f64)]) -> Vec<u32> {
        let at = Instant::from_seconds;
        let sites: Vec<SiteId> = stretches.iter().map(|stretch| stretch.0.into()).collect();
        let span = |(site, &(_, start, end, mw))| (site, Interval { start: at(start), end: at(end) }, mw);
        units(&sites.iter().zip(stretches).map(span).collect::<Vec<_>>())
    }

    #[test]
    fn units_are_told_by_their_last_step() {
        // Two of two steps and a half, one of them again after it, and one elsewhere.
        let stretches = [
            ("s", 0, 2, 3.0),
            ("s", 0, 2, 3.0),
            ("s", 2, 3, 1.5),
            ("s", 2, 3, 1.5),
            ("s", 3, 5, 3.0),
            ("s", 5, 6, 1.5),
            ("t", 2, 4, 3.0),
            ("t", 4, 5, 1.5),
        ];
        assert_eq!(units_of(&stretches), [0, 1, 0, 1, 3, 3, 2, 2]);
        // Whole steps follow one another as units of their own; what is less than a step is all there is.
        assert_eq!(units_of(&[("s", 0, 2, 3.0), ("s", 2, 4, 3.0)]), [0, 1]);
        assert_eq!(units_of(&[("s", 0, 1, 0.5), ("s", 1, 2, 0.5)]), [0, 1]);
        assert_eq!(units_of(&[]), Vec::<u32>::new());
    }
}
