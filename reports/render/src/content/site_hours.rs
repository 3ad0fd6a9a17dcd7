//! Hours of sites, which the report itself does not hold: made from books and ledgers while those are at hand.

use super::ledgers::section_ids;
use crate::hours::{Slot, Sums};
use ids::SiteId;
use reports::report::Computed;

/// One site's intervals in order; surplus belongs to no site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteHours {
    pub id: SiteId,
    pub slots: Vec<Slot>,
}

/// Hours of the sites that have sections of their own.
pub fn site_hours(computed: &Computed) -> Vec<SiteHours> {
    let Computed { report, books, matched } = computed;
    let ids = section_ids("site", report.sites.iter().map(|site| site.totals.load_wh));
    let with_section = report.sites.iter().zip(ids).filter(|(_, id)| id.is_some());
    let hours = |id: &String| {
        let s = books.sites.iter().position(|site| site.id == *id)?;
        let slot = |t: usize| {
            let load = i128::from(books.sites[s].load_wh[t]);
            let matched_wh = i128::from(matched.matching.site_wh[s][t]);
            let sums = Sums {
                load,
                contracted: matched_wh,
                matched: matched_wh,
                surplus: 0,
                unmatched: load - matched_wh,
                grid_cfe: i128::from(matched.site_grid_cfe_wh[s][t]),
            };
            Slot { start: books.grid.start(t), sums }
        };
        Some(SiteHours { id: id.clone(), slots: (0..books.grid.len).map(slot).collect() })
    };
    with_section.filter_map(|(site, _)| hours(&site.id)).collect()
}
