//! `[[link]]`: adjacent boundaries, between which energy passes in hours that pass the price test.

use super::boundaries;
use super::file::File;
use super::walk::Table;
use reports::definitions::LinkDef;
use std::collections::BTreeSet;

pub(super) fn read(mut table: Table<'_, '_>, known: &BTreeSet<String>) -> Option<(LinkDef, usize)> {
    let from = boundaries::reference(&mut table, "from", known);
    let to = boundaries::reference(&mut table, "to", known);
    let nonpositive_price_passes = table.boolean("nonpositive_price_passes").unwrap_or(false);
    let (file, at) = (table.file, table.at);
    table.close();
    let link = LinkDef { from: from?, to: to?, nonpositive_price_passes };
    if link.from == link.to {
        file.refuse(at, format!("[[link]] leads from {} to itself", link.from), "name two boundaries");
    }
    Some((link, at))
}

/// Each pair at most once.
pub(super) fn unique(file: &File<'_>, links: &[(LinkDef, usize)]) {
    let mut seen = BTreeSet::new();
    for (link, at) in links {
        if !seen.insert((&link.from, &link.to)) {
            file.refuse(*at, format!("[[link]] {link} is defined twice"), "keep one of them");
        }
    }
}
