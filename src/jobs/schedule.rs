//! Cron expressions in a site's own zone.

use crate::portfolio::{Portfolio, SitePlan};
use croner::Cron;
use ids::SiteId;
use reports::time::Instant;

/// The next time a site wants a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub at: Instant,
    pub site: SiteId,
}

/// The earliest planning time after `now` over all sites; none when no site has `plan_at`.
pub fn next(portfolio: &Portfolio, now: Instant) -> Option<Due> {
    let due = each(portfolio, |cron, plan| {
        let next = cron.find_next_occurrence(&plan.zone.at(now), false).ok()?;
        Some(Instant::from_seconds(next.timestamp()))
    });
    due.into_iter().min_by(|a, b| (a.at, &a.site).cmp(&(b.at, &b.site)))
}

/// Each site's last planning time by `now`, itself included; of sites without `plan_at` none.
pub fn last(portfolio: &Portfolio, now: Instant) -> Vec<Due> {
    each(portfolio, |cron, plan| {
        let last = cron.find_previous_occurrence(&plan.zone.at(now), true).ok()?;
        Some(Instant::from_seconds(last.timestamp())).filter(|at| *at <= now)
    })
}

fn each(portfolio: &Portfolio, found: impl Fn(&Cron, &SitePlan) -> Option<Instant>) -> Vec<Due> {
    let sites = portfolio.definitions.sites.iter().zip(&portfolio.sites);
    let due = sites.filter_map(|(site, plan)| {
        // Checked when the portfolio was read.
        let cron: Cron = plan.plan_at.as_ref()?.parse().ok()?;
        Some(Due { at: found(&cron, plan)?, site: site.id.clone() })
    });
    due.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_in_the_afternoon_is_local() {
        let text = crate::portfolio::template::TEMPLATE;
        let portfolio = crate::portfolio::parse(text, "test").expect("template");
        let next_after = |text: &str| {
            let due = next(&portfolio, Instant::parse(text).expect("time")).expect("due");
            due.at.to_string()
        };
        // New York is UTC-5 in winter and UTC-4 in summer.
        assert_eq!(next_after("2026-01-10T00:00:00Z"), "2026-01-10T19:00:00Z");
        assert_eq!(next_after("2026-07-10T18:00:00Z"), "2026-07-11T18:00:00Z");
        assert_eq!(next_after("2026-03-07T19:00:00Z"), "2026-03-08T18:00:00Z");
        let last_by = |text: &str| {
            let due = last(&portfolio, Instant::parse(text).expect("time"));
            due.iter().map(|due| due.at.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(last_by("2026-01-10T00:00:00Z"), ["2026-01-09T19:00:00Z"]);
        assert_eq!(last_by("2026-01-10T19:00:00Z"), ["2026-01-10T19:00:00Z"], "a planning time counts from its second");
        assert_eq!(last_by("2026-03-08T17:59:59Z"), ["2026-03-07T19:00:00Z"]);
        assert_eq!(last_by("2026-03-08T18:00:00Z"), ["2026-03-08T18:00:00Z"]);
    }
}
