//! What holds jobs where an earlier plan had them: a price on starting elsewhere, and notice.

use crate::plan::common::{Item, Job, Planned, SiteIndex, Snapshot};
use std::collections::BTreeMap;

/// Units by where an earlier plan had them start, so that those of one start are one job; the rest has none. A start that was
/// announced and lies within notice stands, and nothing else is put there. None where no start is left.
pub(super) fn with_change_penalty(snapshot: &Snapshot, item: &Item, job: Job) -> Option<Vec<Job>> {
    let mut jobs = Vec::new();
    let mut left = job.count;
    for (site, step, count) in starts_of(&item.prior, &item.terms.sites) {
        let count = count.min(left);
        if count == 0 || job.running.is_some() || !job.sites.contains(&site) || !job.starts().contains(&step) {
            continue;
        }
        left -= count;
        let price = job.energy_mwh(snapshot.step_hours()) * change_penalty_per_mwh(snapshot, item, step);
        let own = Job { count, prior: Some(solver::PriorStart { site, step, price }), ..job.clone() };
        if within_notice(snapshot, item, step) {
            jobs.push(Job { sites: vec![site], release: step, deadline: step + job.steps, ..own });
        } else {
            jobs.push(Job { release: first_free(snapshot, item, &job)?, ..own });
        }
    }
    if left > 0 {
        let release = if job.running.is_some() { job.release } else { first_free(snapshot, item, &job)? };
        jobs.push(Job { count: left, release, ..job });
    }
    Some(jobs)
}

/// What leaving an earlier placement costs a MWh: within its notice far more than any gain.
pub(super) fn change_penalty_per_mwh(snapshot: &Snapshot, item: &Item, step: usize) -> f64 {
    let policy = &snapshot.portfolio.policy;
    let notice_s = item.work.notice_min.unwrap_or(0.0) * 60.0;
    let ahead_s = snapshot.grid.start(step) - snapshot.now;
    if (ahead_s as f64) < notice_s { policy.class_price_per_mwh } else { policy.change_price_per_mwh }
}

/// Whether a step lies within the notice a piece is to be given.
pub(super) fn within_notice(snapshot: &Snapshot, item: &Item, step: usize) -> bool {
    let notice_s = (item.work.notice_min.unwrap_or(0.0) * 60.0) as i64;
    snapshot.grid.start(step) - snapshot.now < notice_s
}

/// The first start that can still be announced; where its deadline leaves none, its release, with late notice.
fn first_free(snapshot: &Snapshot, item: &Item, job: &Job) -> Option<usize> {
    let found = job.starts().find(|step| !within_notice(snapshot, item, *step));
    let beyond = item.span.end > snapshot.grid.period().end;
    found.or((!beyond).then_some(job.release))
}

/// Site, step, how many units start there.
pub(in crate::plan) type Starts = Vec<(SiteIndex, usize, u32)>;

/// Where an earlier plan had units start: each in the first step it has.
pub(in crate::plan) fn starts_of(planned: &[Planned], sites: &[SiteIndex]) -> Starts {
    let mut first: BTreeMap<(SiteIndex, u32), usize> = BTreeMap::new();
    for p in planned.iter().filter(|p| p.on) {
        let step = first.entry((p.site, p.unit)).or_insert(p.step);
        *step = p.step.min(*step);
    }
    let mut starts: BTreeMap<(SiteIndex, usize), u32> = BTreeMap::new();
    first.into_iter().for_each(|((site, _), step)| *starts.entry((site, step)).or_default() += 1);
    let of_site = |site: &SiteIndex| {
        let all = starts.range((*site, 0)..=(*site, usize::MAX));
        all.map(|(&(site, step), &count)| (site, step, count)).collect::<Vec<_>>()
    };
    sites.iter().flat_map(of_site).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::Index;

    #[test]
    fn units_start_where_they_first_are() {
        let on = |site: usize, step: usize, unit: u32| Planned {
            site: SiteIndex::new(site),
            step,
            mw: 1.0,
            on: true,
            save: false,
            unit,
            begun: false,
        };
        // Two units from the first step on, a third from the second; at the other site one after another without a gap.
        let mut planned: Vec<Planned> = [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 1, 2), (0, 2, 2), (0, 3, 2)]
            .into_iter()
            .chain([(1, 1, 3), (1, 2, 3), (1, 3, 4), (1, 4, 4)])
            .map(|(site, step, unit)| on(site, step, unit))
            .collect();
        let starts = |planned: &[Planned], sites: &[usize]| -> Vec<(usize, usize, u32)> {
            let sites: Vec<SiteIndex> = sites.iter().map(|site| SiteIndex::new(*site)).collect();
            starts_of(planned, &sites).into_iter().map(|(site, step, count)| (site.get(), step, count)).collect()
        };
        assert_eq!(starts(&planned, &[0, 1, 2]), [(0, 0, 2), (0, 1, 1), (1, 1, 1), (1, 3, 1)]);
        assert_eq!(starts(&planned, &[1]), [(1, 1, 1), (1, 3, 1)]);
        planned.reverse();
        assert_eq!(starts(&planned, &[1, 0]), [(1, 1, 1), (1, 3, 1), (0, 0, 2), (0, 1, 1)]);
        assert_eq!(starts(&[], &[0, 1]), []);
    }
}
