//! `[disclosure]`: what the reporting entity states on page one.

use super::file::File;
use super::values::{fraction, text, texts};
use super::walk::Table;
use reports::definitions::{ControlApproach, Disclosure};
use reports::ruleset::{Ownership, Ruleset};

/// What is stated, and whether somebody is named who reports, be the name refused or not.
pub(super) fn read(file: &mut File<'_>, root: &mut Table<'_, '_>, ruleset: Option<&Ruleset>) -> (Disclosure, bool) {
    let Some(mut table) = root.table(file, "disclosure") else { return (Disclosure::default(), false) };
    table.name = "[disclosure]".into();
    let named = table.at_key("reporting_entity") != table.at;
    let disclosure = Disclosure {
        reporting_entity: text(file, &mut table, "reporting_entity"),
        control_approach: control_approach(file, &mut table, ruleset),
        base_year: text(file, &mut table, "base_year"),
        restatement_threshold: fraction(file, &mut table, "restatement_threshold"),
        gases: text(file, &mut table, "gases"),
        warming_potentials: text(file, &mut table, "warming_potentials"),
        limitations: texts(file, &mut table, "limitations"),
    };
    table.close(file);
    (disclosure, named)
}

/// One of the three there are, where the ruleset applies ownership shares under one of them; any text under older ones.
fn control_approach(file: &mut File<'_>, table: &mut Table<'_, '_>, ruleset: Option<&Ruleset>) -> Option<String> {
    let stated = text(file, table, "control_approach")?;
    if let Some(ruleset) = ruleset.filter(|ruleset| ruleset.rules.ownership == Ownership::Applied)
        && ControlApproach::parse(&stated).is_none()
    {
        let known = ControlApproach::ALL.map(|approach| format!("\"{}\"", approach.name()));
        file.refuse(
            table.at_key("control_approach"),
            format!("[disclosure]: control_approach `{stated}` is not known to ruleset {}", ruleset.pinned()),
            format!("write {}, or pin an older ruleset", known.join(" or ")),
        );
    }
    Some(stated)
}
