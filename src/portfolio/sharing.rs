//! Whom a contract serves, and how it is shared among them.

use super::file::File;
use super::known::{Known, undefined_site};
use super::walk::Table;
use reports::definitions::{ContractKind, Fraction, SharingRule};
use std::collections::BTreeMap;

pub(super) fn sites(
    file: &mut File<'_>,
    table: &mut Table<'_, '_>,
    boundary: Option<&str>,
    kind: ContractKind,
    known: &Known<'_>,
) -> Option<Vec<String>> {
    let Some(listed) = table.strings(file, "sites") else {
        let here = |all: &[String]| boundary.is_some_and(|b| all.iter().any(|known| known == b));
        return Some(known.sites.iter().filter(|(_, all)| here(all)).map(|(id, _)| id.clone()).collect());
    };
    let mut sites: Vec<String> = Vec::new();
    for (id, at) in listed {
        match known.sites.get(&id) {
            None => {
                let names: Vec<&str> = known.sites.keys().map(String::as_str).collect();
                undefined_site(file, (&table.name, at), &id, &names);
            }
            Some(all) if boundary.is_some_and(|b| !known.reaches(b, &id, kind)) => file.refuse(
                at,
                format!(
                    "{}: site `{id}` lies in boundary {}, the contract in {}",
                    table.name,
                    all.join(", "),
                    boundary.unwrap_or("")
                ),
                match kind {
                    ContractKind::Legacy => "legacy volume never leaves its boundary: take the site out",
                    ContractKind::Hourly | ContractKind::Unbundled => {
                        "energy crosses a boundary only over a [[link]]: remove the site, or give it a contract in its own boundary"
                    }
                },
            ),
            Some(_) if sites.contains(&id) => {
                file.refuse(at, format!("{}: site `{id}` is listed twice", table.name), "list it once")
            }
            Some(_) => sites.push(id),
        }
    }
    if sites.is_empty() {
        file.refuse(
            table.at_key("sites"),
            format!("{} serves no site", table.name),
            "leave `sites` out to serve every site of the boundary",
        );
    }
    Some(sites)
}

pub(super) fn split(
    file: &mut File<'_>,
    table: &mut Table<'_, '_>,
    rule: SharingRule,
    sites: &Option<Vec<String>>,
) -> Option<BTreeMap<String, Fraction>> {
    let pairs = table.string_pairs(file, "split");
    let wanted = rule == SharingRule::ProRataContract;
    let at = table.at_key("split");
    let Some(pairs) = pairs else {
        if wanted {
            file.refuse(
                at,
                format!("{}: pro_rata_contract has no `split`", table.name),
                "add split = {ashburn = \"3/5\", ...}",
            );
        }
        return Some(BTreeMap::new());
    };
    if !wanted {
        file.refuse(
            at,
            format!("{}: `split` belongs to allocation = \"pro_rata_contract\"", table.name),
            "take one of them out",
        );
    }
    let mut split = BTreeMap::new();
    for (site, text, at) in pairs {
        if sites.as_ref().is_some_and(|sites| !sites.contains(&site)) {
            file.refuse(
                at,
                format!("{}: split names `{site}`, which it does not serve", table.name),
                "name only sites it serves",
            );
        }
        match Fraction::parse(&text) {
            Ok(part) => {
                split.insert(site, part);
            }
            Err(error) => file.refuse(at, format!("{}: {error}", table.name), "write \"3/5\""),
        }
    }
    if wanted && sites.as_ref().is_some_and(|sites| sites.iter().any(|site| !split.contains_key(site))) {
        file.refuse(at, format!("{}: split leaves out a site it serves", table.name), "give each served site its part");
    }
    if Fraction::sum_exceeds_one(&split.values().copied().collect::<Vec<_>>()) {
        file.refuse(at, format!("{}: the parts of `split` add up to more than 1", table.name), "lower them");
    }
    Some(split)
}
