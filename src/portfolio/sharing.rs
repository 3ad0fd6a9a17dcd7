//! Whom a contract serves, and how it is shared among them.

use super::common::{BoundaryId, SiteId, Table};
use super::known::{Known, check_site};
use reports::definitions::{ContractKind, Fraction, SharingRule};
use std::collections::BTreeMap;

pub(super) fn sites(
    table: &mut Table<'_, '_>,
    boundary: Option<&BoundaryId>,
    kind: ContractKind,
    known: &Known<'_>,
) -> Option<Vec<SiteId>> {
    let Some(listed) = table.strings("sites") else {
        let here = |all: &[BoundaryId]| boundary.is_some_and(|b| all.contains(b));
        return Some(known.sites.iter().filter(|(_, all)| here(all)).map(|(id, _)| id.clone()).collect());
    };
    let mut sites: Vec<SiteId> = Vec::new();
    for (id, at) in listed {
        let id = SiteId::from(id);
        match known.sites.get(&id) {
            None => {
                let all: Vec<SiteId> = known.sites.keys().cloned().collect();
                check_site(table, at, &id, &all);
            }
            Some(all) if boundary.is_some_and(|b| !known.reaches(b, &id, kind)) => {
                let (lies, own) = (all.join(", "), boundary.map_or("", BoundaryId::as_str));
                let hint = match kind {
                    ContractKind::Legacy => "legacy volume never leaves its boundary: take the site out",
                    ContractKind::Hourly | ContractKind::Unbundled => {
                        "energy crosses a boundary only over a [[link]]: remove the site, or give it a contract in its own boundary"
                    }
                };
                table.refuse(at, format!("site `{id}` lies in boundary {lies}, the contract in {own}"), hint);
            }
            Some(_) if sites.contains(&id) => table.refuse(at, format!("site `{id}` is listed twice"), "list it once"),
            Some(_) => sites.push(id),
        }
    }
    if sites.is_empty() {
        let hint = "leave `sites` out to serve every site of the boundary";
        table.file.refuse(table.at_key("sites"), format!("{} serves no site", table.name), hint);
    }
    Some(sites)
}

pub(super) fn split(
    table: &mut Table<'_, '_>,
    rule: SharingRule,
    sites: Option<&[SiteId]>,
) -> Option<BTreeMap<SiteId, Fraction>> {
    let pairs = table.string_pairs("split");
    let wanted = rule == SharingRule::ProRataContract;
    let refuse_if = |wrong: bool, what: &str, hint: &str| table.refuse_if(wrong, "split", what, hint);
    let Some(pairs) = pairs else {
        refuse_if(wanted, "pro_rata_contract has no `split`", "add split = {ashburn = \"3/5\", ...}");
        return Some(BTreeMap::new());
    };
    refuse_if(!wanted, "`split` belongs to allocation = \"pro_rata_contract\"", "take one of them out");
    let mut split = BTreeMap::new();
    for (site, text, at) in pairs {
        let site = SiteId::from(site);
        if sites.is_some_and(|sites| !sites.contains(&site)) {
            let what = format!("split names `{site}`, which it does not serve");
            table.refuse(at, what, "name only sites it serves");
        }
        match Fraction::parse(&text) {
            Ok(part) => {
                split.insert(site, part);
            }
            Err(error) => table.refuse(at, error, "write \"3/5\""),
        }
    }
    let partial = sites.is_some_and(|sites| sites.iter().any(|site| !split.contains_key(site)));
    refuse_if(wanted && partial, "split leaves out a site it serves", "give each served site its part");
    let oversold = Fraction::sum_exceeds_one(&split.values().copied().collect::<Vec<_>>());
    refuse_if(oversold, "the parts of `split` add up to more than 1", "lower them");
    Some(split)
}
