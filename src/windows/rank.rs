//! Candidate windows and their order.
//!
//! What a window costs is what inserting its draw costs with the rest of the plan fixed: surplus first, at what it
//! would have sold for, then the grid, and what a demand charge asks for a higher peak. The plan's own price is printed
//! beside it. Order: by the price shown, to the hundredth; equal ones are ties, in which the window with the fewest
//! earlier answers comes first, then the largest least room, then the earliest start, then the site.

use super::common::{Grid, Instant, Interval, SiteId, draws};
use super::site::Free;
use solver::Gpus;
use std::collections::{BTreeSet, VecDeque};

/// What was answered lately is remembered this long, and so much of it.
const KEPT_S: i64 = 15 * 60;
const MOST: usize = 4_096;

#[derive(Debug, Clone, PartialEq)]
struct Sent {
    at: Instant,
    site: SiteId,
    window: Interval,
    mw: f64,
}

/// In this process alone: who asks next is sent elsewhere among windows of equal price. It takes no room.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    sent: VecDeque<Sent>,
}

impl Memory {
    /// Remembers the window somebody was sent to.
    pub fn add(&mut self, site: &SiteId, window: Interval, mw: f64, now: Instant) {
        while self.sent.front().is_some_and(|s| stale(s, now)) || self.sent.len() >= MOST {
            self.sent.pop_front();
        }
        self.sent.push_back(Sent { at: now, site: site.clone(), window, mw });
    }

    /// Energy that earlier answers put into a window.
    pub fn mwh(&self, site: &SiteId, window: Interval, now: Instant) -> f64 {
        let lately = self.sent.iter().filter(|s| s.site == *site && !stale(s, now));
        lately.map(|s| s.mw * s.window.overlap_s(window) as f64 / 3_600.0).sum()
    }
}

/// A clock that was put back leaves nothing behind.
fn stale(sent: &Sent, now: Instant) -> bool {
    !(sent.at..sent.at + KEPT_S).contains(&now)
}

/// What is asked for at one site.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Index into what is free.
    pub at: usize,
    pub mw: f64,
    pub gpus: Option<Gpus>,
}

/// A window with room for the whole draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub at: usize,
    pub start: Instant,
    pub end: Instant,
    /// IT megawatts of the draw there.
    pub mw: f64,
    /// Currency per IT MWh, what a higher peak costs included.
    pub price_per_mwh: f64,
    /// Currency, for the whole draw: what a higher peak costs.
    pub peak_cost: f64,
    /// Mean of the plan's own price over the window, per IT MWh.
    pub plan_price_per_mwh: f64,
    /// Facility energy that no contract matches.
    pub unmatched_mwh: f64,
    /// Least room over the window before the draw, IT MW.
    pub least_free_mw: f64,
    /// 1 for the best; what ties shares it.
    pub rank: usize,
    pub tied: bool,
}

/// Every window of `duration_s` between the bounds that fits.
pub fn candidates(free: &Free, bounds: Interval, duration_s: i64, wanted: &[Wanted]) -> Vec<Candidate> {
    let starts = starts(free.grid, bounds, duration_s);
    let window = |start: &Instant| Interval { start: *start, end: *start + duration_s };
    wanted.iter().flat_map(|wanted| starts.iter().filter_map(move |start| price(free, window(start), wanted))).collect()
}

/// On a step, with the end on one, as early and as late as may be: a price that changes by the step is least at one of
/// these.
fn starts(grid: Grid, bounds: Interval, duration_s: i64) -> BTreeSet<Instant> {
    let period = grid.period();
    let first = bounds.start.max(period.start);
    let last = bounds.end.min(period.end) - duration_s;
    let edges = (0..=grid.len).map(|step| grid.start(step));
    let on_step = edges.flat_map(|edge| [edge, edge - duration_s]);
    on_step.chain([first, last]).filter(|start| (first..=last).contains(start)).collect()
}

fn price(free: &Free, window: Interval, wanted: &Wanted) -> Option<Candidate> {
    let site = &free.sites[wanted.at];
    let draw = draws::over(free.grid, site.site, window, wanted.mw, wanted.gpus)?;
    let fit = free.room.fits(&draw)?;
    let hours = window.duration_s() as f64 / 3_600.0;
    let energy_mwh = wanted.mw * hours;
    let (mut cost, mut weighted, mut unmatched_mwh) = (0.0, 0.0, 0.0);
    // Surplus first, then the grid.
    for step in free.grid.touched(window) {
        let hours = window.overlap_s(free.grid.interval(step)) as f64 / 3_600.0;
        let facility = wanted.mw * site.pue[step];
        let clean = facility.min(site.surplus_mw[step]);
        let paid = clean * site.surplus_value_per_mwh[step] + (facility - clean) * site.grid_cost_per_mwh[step];
        cost += hours * paid;
        unmatched_mwh += hours * (facility - clean);
        weighted += hours * site.price_per_mwh[step];
    }
    Some(Candidate {
        at: wanted.at,
        start: window.start,
        end: window.end,
        mw: wanted.mw,
        price_per_mwh: (cost + fit.peaks) / energy_mwh,
        peak_cost: fit.peaks,
        plan_price_per_mwh: weighted / hours,
        unmatched_mwh,
        least_free_mw: fit.most_mw,
        rank: 0,
        tied: false,
    })
}

/// Sorts best first and numbers the ranks.
pub fn sort(list: &mut [Candidate], free: &Free, memory: &Memory, now: Instant) {
    // What is shown alike is a tie: telling it apart would send every asker to the same first hour.
    let shown = |c: &Candidate| (c.price_per_mwh * 100.0).round();
    list.sort_by(|a, b| shown(a).total_cmp(&shown(b)).then_with(|| (a.start, a.at).cmp(&(b.start, b.at))));
    let mut from = 0;
    while from < list.len() {
        let to = from + list[from..].partition_point(|c| shown(c) <= shown(&list[from]));
        let sent = |c: &Candidate| memory.mwh(&free.sites[c.at].id, Interval { start: c.start, end: c.end }, now);
        let mut ties: Vec<(f64, Candidate)> = list[from..to].iter().map(|c| (sent(c), c.clone())).collect();
        ties.sort_by(|(sent_a, a), (sent_b, b)| {
            let by_room = sent_a.total_cmp(sent_b).then_with(|| b.least_free_mw.total_cmp(&a.least_free_mw));
            by_room.then_with(|| (a.start, a.at).cmp(&(b.start, b.at)))
        });
        for (place, (_, tie)) in list[from..to].iter_mut().zip(ties) {
            *place = Candidate { rank: from + 1, tied: to - from > 1, ..tie };
        }
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::windows::site::Site;
    use ids::{Index, SiteIndex};
    use solver::Room;

    const HOUR: i64 = 3_600;

    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * HOUR)
    }

    /// One site over four hours, with a price an hour and no bound.
    fn free(prices: [f64; 4]) -> Free {
        let site = Site {
            site: SiteIndex::new(0),
            id: "s".into(),
            boundary: "b".into(),
            pue: vec![1.0; 4],
            surplus_mw: vec![0.0; 4],
            price_per_mwh: prices.to_vec(),
            grid_cost_per_mwh: prices.to_vec(),
            surplus_value_per_mwh: vec![0.0; 4],
        };
        let grid = Grid { start: at(0), step_s: HOUR, len: 4 };
        Free::new(grid, vec![site], Room { rows: Vec::new(), pue: vec![vec![1.0; 4]] })
    }

    fn ranked(free: &Free, duration_s: i64, memory: &Memory) -> Vec<Candidate> {
        let wanted = [Wanted { at: 0, mw: 1.0, gpus: None }];
        let mut list = candidates(free, Interval { start: at(0), end: at(4) }, duration_s, &wanted);
        sort(&mut list, free, memory, at(0));
        list
    }

    #[test]
    fn a_window_may_end_on_a_step_instead_of_beginning_on_one() {
        // 70 minutes: the last hour, and ten minutes of the one before.
        let best = &ranked(&free([60.0, 60.0, 60.0, 5.0]), 70 * 60, &Memory::default())[0];
        assert_eq!((best.start, best.end), (at(4) - 70 * 60, at(4)));
        assert!((best.price_per_mwh - (10.0 * 60.0 + 60.0 * 5.0) / 70.0).abs() < 1e-9);
    }

    #[test]
    fn order_is_by_price_and_ties_are_told() {
        let list = ranked(&free([30.0, 10.0, 20.0, 10.0]), HOUR, &Memory::default());
        let shown: Vec<(Instant, usize, bool)> = list.iter().map(|c| (c.start, c.rank, c.tied)).collect();
        assert_eq!(shown, [(at(1), 1, true), (at(3), 1, true), (at(2), 3, false), (at(0), 4, false)]);
    }

    /// 10.004 and 9.996 are both shown as 10.00, 10.006 is not.
    #[test]
    fn a_tie_is_what_is_shown_alike() {
        let list = ranked(&free([10.006, 10.004, 9.996, 500.0]), HOUR, &Memory::default());
        let shown: Vec<(Instant, usize, bool)> = list.iter().map(|c| (c.start, c.rank, c.tied)).collect();
        assert_eq!(shown, [(at(1), 1, true), (at(2), 1, true), (at(0), 3, false), (at(3), 4, false)]);
    }

    #[test]
    fn who_asks_after_another_is_sent_elsewhere_among_ties_only() {
        let free = free([30.0, 10.0, 20.0, 10.0]);
        let mut memory = Memory::default();
        memory.add(&"s".into(), Interval { start: at(1), end: at(2) }, 1.0, at(0));
        let starts: Vec<Instant> = ranked(&free, HOUR, &memory).iter().map(|c| c.start).collect();
        assert_eq!(starts, [3, 1, 2, 0].map(at));
    }
}
