//! Cron expressions in a site's own zone.

use crate::portfolio::Portfolio;
use croner::Cron;

/// The next time a site wants a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub at_s: i64,
    pub site: String,
}

/// The earliest planning time after `now_s` over all sites; none when no site has `plan_at`.
pub fn next(portfolio: &Portfolio, now_s: i64) -> Option<Due> {
    let sites = portfolio.definitions.sites.iter().zip(&portfolio.sites);
    let due = sites.filter_map(|(site, plan)| {
        // Checked when the portfolio was read.
        let cron: Cron = plan.plan_at.as_ref()?.parse().ok()?;
        let next = cron.find_next_occurrence(&plan.zone.at(now_s), false).ok()?;
        Some(Due { at_s: next.timestamp(), site: site.id.clone() })
    });
    due.min_by(|a, b| (a.at_s, &a.site).cmp(&(b.at_s, &b.site)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::time::{format_instant, parse_instant};

    #[test]
    fn two_in_the_afternoon_is_local() {
        let text = crate::portfolio::template::TEMPLATE;
        let portfolio = crate::portfolio::parse(text, "test").expect("template");
        let next_after = |text: &str| {
            let due = next(&portfolio, parse_instant(text).expect("time")).expect("due");
            format_instant(due.at_s)
        };
        // New York is UTC-5 in winter and UTC-4 in summer.
        assert_eq!(next_after("2026-01-10T00:00:00Z"), "2026-01-10T19:00:00Z");
        assert_eq!(next_after("2026-07-10T18:00:00Z"), "2026-07-11T18:00:00Z");
        assert_eq!(next_after("2026-03-07T19:00:00Z"), "2026-03-08T18:00:00Z");
    }
}
