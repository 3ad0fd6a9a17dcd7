//! What must hold of every run, recomputed from the allocations alone; a run that breaks one gives no report.

use super::{Ledger, Matched, MatchingError};
use crate::books::Books;

pub fn check(books: &Books, matched: &Matched) -> Result<(), MatchingError> {
    let len = books.grid.len;
    let fail = |what: String| Err(MatchingError::Invariant(what));
    let mut to_site = vec![0_i64; books.sites.len() * len];
    let mut to_site_all = vec![0_i64; books.sites.len() * len];
    let mut from_contract = vec![0_i64; books.contracts.len() * len];
    for a in &matched.allocations {
        let contract = &books.contracts[a.contract];
        if a.wh <= 0 {
            return fail(format!("contract {} gives {} Wh", contract.id, a.wh));
        }
        if contract.boundary != books.sites[a.site].boundary {
            return fail(format!("contract {} crosses its boundary", contract.id));
        }
        if !contract.sites.contains(&a.site) {
            return fail(format!("contract {} gives to a site it does not serve", contract.id));
        }
        to_site_all[a.site * len + a.interval] += a.wh;
        if a.ledger == Ledger::Matching {
            to_site[a.site * len + a.interval] += a.wh;
        }
        from_contract[a.contract * len + a.interval] += a.wh;
    }
    for (s, site) in books.sites.iter().enumerate() {
        for (t, &load) in site.load_wh.iter().enumerate() {
            let (given, all) = (to_site[s * len + t], to_site_all[s * len + t]);
            let cfe = matched.site_grid_cfe_wh[s][t];
            if given != matched.site_matched_wh[s][t] || all > load || cfe < 0 || given + cfe > load {
                let start = crate::time::format_instant(books.grid.start(t));
                return fail(format!("site {} at {start}: allocated {all} of {load} Wh", site.id));
            }
        }
    }
    for (c, contract) in books.contracts.iter().enumerate() {
        for (t, &delivered) in contract.delivered_wh.iter().enumerate() {
            let given = from_contract[c * len + t];
            if given != matched.contract_allocated_wh[c][t] || given > delivered {
                let start = crate::time::format_instant(books.grid.start(t));
                return fail(format!("contract {} at {start}: gave {given} of {delivered} Wh", contract.id));
            }
        }
    }
    Ok(())
}
