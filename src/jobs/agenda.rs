//! What is owed now, and who may try it: decided from stored slots and the two clocks, and nothing else.
//!
//! Of what was missed the newest counts, once for each site: a plan of last Tuesday is of no use to anybody. Whoever is
//! at a slot holds it by wall time, and so is a pause between tries: a clock replaced by `--now` stands still.

use super::schedule::Due;
use crate::plan::current::AHEAD_S;
use crate::store::slots::Slot;
use reports::time::{Instant, RecordTime};

/// The slot of the plan that must cover now, beside those of sites.
pub const COVER: &str = "*";

const SECOND_US: i64 = 1_000_000;
/// How long a slot is held unless renewed, and so how long it waits after its process was killed.
pub const LEASE_US: i64 = 30 * SECOND_US;
/// Pauses between tries that failed: twice as long each time.
const FIRST_PAUSE_US: i64 = 5 * SECOND_US;
const LONGEST_PAUSE_US: i64 = 900 * SECOND_US;
/// A plan was made, and none covers now: that is no reason to make one after another.
const SETTLED_US: i64 = 60 * SECOND_US;

/// Now as plans see it, and as the wall says; and who asks.
#[derive(Debug, Clone, Copy)]
pub struct Now<'a> {
    pub at: Instant,
    pub wall: RecordTime,
    pub me: &'a str,
}

/// Slots as they should stand: `last` is each site's last planning time, `covered` whether the current plan covers now.
pub fn agenda(stored: &[Slot], last: Vec<Due>, covered: bool, now: Now<'_>) -> Vec<Slot> {
    let known = |name: &str| stored.iter().find(|slot| slot.name == name).cloned();
    let mut slots: Vec<Slot> = last.into_iter().map(|due| of_site(known(&due.site), due, now)).collect();
    slots.extend(cover(known(COVER), covered, now));
    slots
}

/// Those to try now. What is owed is tried all at once: a plan is one of all sites.
pub fn to_try(slots: &[Slot], now: Now<'_>) -> Vec<Slot> {
    if !slots.iter().any(|slot| may(slot, now)) {
        return Vec::new();
    }
    let owed = slots.iter().filter(|slot| slot.due.is_some() && !at_work(slot, now));
    let mine =
        |slot: &Slot| Slot { holder: Some(now.me.into()), until: now.wall.plus_micros(LEASE_US), ..slot.clone() };
    owed.map(mine).collect()
}

/// A slot that was planned.
pub fn done(slot: &Slot, now: Now<'_>) -> Slot {
    let again = if slot.name == COVER { now.wall.plus_micros(SETTLED_US) } else { RecordTime::default() };
    Slot { again, ..new(&slot.name, None, slot.due.unwrap_or(slot.done)) }
}

/// A slot that was tried in vain; where something only did not answer, it is asked again soon.
pub fn failed(slot: &Slot, only_away: bool, now: Now<'_>) -> Slot {
    let doublings = u32::try_from(slot.tries.clamp(0, 20)).unwrap_or(0);
    let longer = FIRST_PAUSE_US.saturating_mul(1 << doublings).min(LONGEST_PAUSE_US);
    let pause_us = if only_away { FIRST_PAUSE_US } else { longer };
    let tries = slot.tries.saturating_add(1);
    Slot { tries, again: now.wall.plus_micros(pause_us), holder: None, until: RecordTime::default(), ..slot.clone() }
}

/// Whether another process is at it. A lease longer than leases are was written by a clock that was ahead.
fn at_work(slot: &Slot, now: Now<'_>) -> bool {
    let held = slot.holder.as_deref().is_some_and(|holder| holder != now.me);
    held && (now.wall..=now.wall.plus_micros(LEASE_US)).contains(&slot.until)
}

fn may(slot: &Slot, now: Now<'_>) -> bool {
    let pausing = (now.wall.plus_micros(1)..=now.wall.plus_micros(LONGEST_PAUSE_US)).contains(&slot.again);
    slot.due.is_some() && !at_work(slot, now) && !pausing
}

fn new(name: &str, due: Option<Instant>, done: Instant) -> Slot {
    let start = RecordTime::default();
    Slot { name: name.into(), due, done, tries: 0, again: start, holder: None, until: start }
}

fn of_site(stored: Option<Slot>, last: Due, now: Now<'_>) -> Slot {
    // What had passed before a site was first looked at is not owed.
    let Some(slot) = stored else { return new(&last.site, None, last.at) };
    if at_work(&slot, now) {
        return slot;
    }
    // Planned by a clock that was ahead: that counts for nothing, and its plan is not the current one.
    if slot.due.unwrap_or(slot.done) > now.at + AHEAD_S {
        return new(&last.site, Some(last.at), last.at);
    }
    if last.at > slot.due.unwrap_or(slot.done) {
        return new(&last.site, Some(last.at), slot.done);
    }
    slot
}

fn cover(stored: Option<Slot>, covered: bool, now: Now<'_>) -> Option<Slot> {
    let Some(slot) = stored else { return (!covered).then(|| new(COVER, Some(now.at), Instant::FIRST)) };
    if at_work(&slot, now) {
        return Some(slot);
    }
    if covered {
        return Some(if slot.due.is_some() { new(COVER, None, slot.done) } else { slot });
    }
    match slot.due {
        Some(due) if due <= now.at + AHEAD_S => Some(slot),
        Some(_) => Some(new(COVER, Some(now.at), Instant::FIRST)),
        None => Some(Slot { due: Some(now.at), ..slot }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::time::{DAY_S, HOUR_S};

    /// A day on which the wall and what plans see are the same, at noon.
    const NOON: Instant = Instant::from_seconds(20_000 * DAY_S + 12 * HOUR_S);

    fn at(now: Instant) -> Now<'static> {
        Now { at: now, wall: now.into(), me: "me" }
    }

    /// A site that plans at 14:00 UTC, another at 06:00; both looked at by an earlier process.
    fn last(now: Instant) -> Vec<Due> {
        let by = |hour: i64| (now - hour * HOUR_S).floor(DAY_S) + hour * HOUR_S;
        [("a", 14), ("b", 6)].map(|(site, hour)| Due { at: by(hour), site: site.into() }).to_vec()
    }

    fn look(stored: &[Slot], covered: bool, now: Now<'_>) -> Vec<Slot> {
        agenda(stored, last(now.at), covered, now)
    }

    fn owed(slots: &[Slot]) -> Vec<(&str, Instant)> {
        slots.iter().filter_map(|slot| Some((slot.name.as_str(), slot.due?))).collect()
    }

    fn planned(slots: &[Slot], now: Now<'_>) -> Vec<Slot> {
        slots.iter().map(|slot| if slot.due.is_some() { done(slot, now) } else { slot.clone() }).collect()
    }

    #[test]
    fn what_passed_before_anybody_looked_is_not_owed_and_what_comes_is_planned_once() {
        let first = look(&[], true, at(NOON));
        assert!(owed(&first).is_empty());
        assert!(to_try(&first, at(NOON)).is_empty());
        let two = NOON + 2 * HOUR_S;
        let due = look(&first, true, at(two));
        assert_eq!(owed(&due), [("a", two)]);
        let done = planned(&due, at(two));
        for later in [two, two + 1, two + 10 * HOUR_S] {
            assert!(owed(&look(&done, true, at(later))).is_empty(), "once, until b comes");
        }
    }

    /// Down for three days: each site's newest, and no more; one plan does for both.
    #[test]
    fn the_newest_missed_slot_of_each_site_is_caught_up() {
        let before = look(&[], true, at(NOON));
        let now = at(NOON + 3 * DAY_S);
        let due = look(&before, true, now);
        assert_eq!(owed(&due), [("a", NOON + 2 * DAY_S + 2 * HOUR_S), ("b", NOON + 3 * DAY_S - 6 * HOUR_S)]);
        assert_eq!(to_try(&due, now).len(), 2);
        assert!(owed(&look(&planned(&due, now), true, now)).is_empty());
    }

    /// The clock says 2035, a plan is made, and the clock is put right: the day's last slot is owed at once, and the
    /// schedule goes on from there.
    #[test]
    fn a_clock_that_was_ahead_leaves_nothing_in_charge() {
        let before = look(&[], true, at(NOON));
        let ahead = at(NOON + 9 * 365 * DAY_S);
        let future = planned(&look(&before, false, ahead), ahead);
        let back = at(NOON + 60);
        let due = look(&future, true, back);
        assert_eq!(owed(&due), [("a", NOON + 2 * HOUR_S - DAY_S), ("b", NOON - 6 * HOUR_S)]);
        assert_eq!(to_try(&due, back).len(), 2);
        let done = planned(&due, back);
        assert!(owed(&look(&done, true, back)).is_empty());
        assert_eq!(owed(&look(&done, true, at(NOON + 2 * HOUR_S))), [("a", NOON + 2 * HOUR_S)]);
        // Owed and failing when the clock was put back, it is not owed until then.
        let failing: Vec<Slot> = look(&before, false, ahead).iter().map(|slot| failed(slot, false, ahead)).collect();
        let due = look(&failing, false, back);
        assert!(owed(&due).iter().all(|(_, due)| *due <= back.at), "{due:?}");
        assert_eq!(to_try(&due, back).len(), 3);
    }

    /// Clocks of two machines, or one that is set by a few seconds.
    #[test]
    fn a_clock_that_goes_back_a_little_plans_nothing_twice() {
        let two = NOON + 2 * HOUR_S;
        let before = look(&[], true, at(NOON));
        let done = planned(&look(&before, true, at(two)), at(two));
        assert!(owed(&look(&done, true, at(two - 30))).is_empty());
    }

    #[test]
    fn tries_that_failed_pause_longer_each_time_and_a_new_slot_waits_for_none() {
        let now = at(NOON);
        let slot = Slot { due: Some(NOON), ..new("a", None, Instant::FIRST) };
        let mut tried = slot.clone();
        let mut pauses = Vec::new();
        for _ in 0..10 {
            tried = failed(&tried, false, now);
            pauses.push((tried.again.micros() - now.wall.micros()) / SECOND_US);
        }
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(
            (failed(&tried, true, now).again.micros() - now.wall.micros()) / SECOND_US,
            5,
            "only away: asked again soon"
        );
        assert!(!may(&tried, now));
        assert!(may(&tried, at(NOON + 900)));
        assert!(may(&tried, at(NOON - DAY_S)), "a pause longer than pauses are is a wrong clock's");
        let next = of_site(Some(tried), Due { at: NOON + 60, site: "a".into() }, at(NOON + 60));
        assert_eq!((next.due, next.tries), (Some(NOON + 60), 0));
        assert!(may(&next, at(NOON + 60)));
    }

    /// Two processes on one store: who comes second leaves it alone, until the first was not heard of for a lease.
    #[test]
    fn one_process_is_at_a_slot() {
        let now = at(NOON);
        let owed = Slot { due: Some(NOON), ..new("a", None, Instant::FIRST) };
        let taken = to_try(std::slice::from_ref(&owed), now);
        assert_eq!(taken.len(), 1);
        let other = |now: Instant| Now { me: "other", ..at(now) };
        assert!(to_try(&taken, other(NOON)).is_empty());
        assert!(to_try(&taken, other(NOON + 30)).is_empty());
        assert_eq!(to_try(&taken, other(NOON + 31))[0].holder.as_deref(), Some("other"));
        assert_eq!(to_try(&taken, now).len(), 1, "the same process begins again, as after a panic");
        // While it is held the other does not touch it, whatever else comes due.
        assert_eq!(look(&taken, true, other(NOON + 10))[0], taken[0]);
        // A lease by a clock that was ahead does not hold for years.
        let ahead = Slot { until: (NOON + DAY_S).into(), ..taken[0].clone() };
        assert_eq!(to_try(&[ahead], other(NOON)).len(), 1);
    }

    #[test]
    fn a_plan_covers_now_or_is_owed() {
        let now = at(NOON);
        let due = cover(None, false, now).expect("owed");
        assert_eq!((due.name.as_str(), due.due), (COVER, Some(NOON)));
        assert_eq!(cover(None, true, now), None);
        let made = cover(Some(due.clone()), true, now).expect("kept");
        assert_eq!(made.due, None, "somebody made one by hand");
        // Planned, and still nothing covers now: not again at once.
        let again = cover(Some(done(&due, now)), false, now).expect("owed");
        assert!(!may(&again, now) && may(&again, at(NOON + 60)));
    }
}
