//! Display names of sites and contracts: one line each, and none that could be taken for another.

use super::file::File;
use super::walk::Table;
use reports::definitions::labels;

/// Pairs told of: of each, the whole file is counted for its lines.
const TOLD: usize = 50;

/// `name` of a site or a contract.
pub(super) fn read(table: &mut Table<'_, '_>, example: &str) -> Option<String> {
    let (name, at) = table.string("name")?;
    match labels::fault(&name) {
        None => Some(name),
        Some(what) => table.refused(at, format!("`name` {what}"), format!("write name = \"{example}\"")),
    }
}

/// Refuses those that people could not tell apart: each with its id, its name and where it stands.
pub(super) fn apart(file: &File<'_>, what: &str, all: &[(&str, Option<&str>, usize)]) {
    let shown: Vec<(&str, Option<&str>)> = all.iter().map(|(id, name, _)| (*id, *name)).collect();
    for (first, second) in labels::alike(&shown).into_iter().take(TOLD) {
        let ((other, _, other_at), (id, name, at)) = (all[first], all[second]);
        let (name, other_line) = (name.unwrap_or(id), file.line(other_at));
        let what = format!("{what} {id} is named `{name}`, like {what} {other} on line {other_line}");
        file.refuse(at, what, "give each a unique name that is not another's id");
    }
}
