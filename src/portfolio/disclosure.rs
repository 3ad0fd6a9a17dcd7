//! `[disclosure]`: what the reporting entity states on page one.

use super::values::{fraction, text, texts};
use super::walk::Table;
use reports::definitions::{ControlApproach, Disclosure};
use reports::ruleset::{Ownership, Ruleset};

/// What is stated, and whether somebody is named who reports, be the name refused or not.
pub(super) fn read(root: &mut Table<'_, '_>, ruleset: Option<&Ruleset>) -> (Disclosure, bool) {
    let Some(mut table) = root.table("disclosure") else { return (Disclosure::default(), false) };
    table.name = "[disclosure]".into();
    let named = table.at_key("reporting_entity") != table.at;
    let disclosure = Disclosure {
        reporting_entity: text(&mut table, "reporting_entity"),
        control_approach: control_approach(&mut table, ruleset),
        base_year: text(&mut table, "base_year"),
        restatement_threshold: fraction(&mut table, "restatement_threshold"),
        gases: text(&mut table, "gases"),
        warming_potentials: text(&mut table, "warming_potentials"),
        limitations: texts(&mut table, "limitations"),
    };
    table.close();
    (disclosure, named)
}

/// One of the three there are, where the ruleset applies ownership shares under one of them; any text under older ones.
fn control_approach(table: &mut Table<'_, '_>, ruleset: Option<&Ruleset>) -> Option<String> {
    let stated = text(table, "control_approach")?;
    if let Some(ruleset) = ruleset.filter(|ruleset| ruleset.rules.ownership == Ownership::Applied)
        && ControlApproach::parse(&stated).is_none()
    {
        let known = ControlApproach::ALL.map(|approach| format!("\"{}\"", approach.name()));
        let what = format!("control_approach `{stated}` is not known to ruleset {}", ruleset.pinned());
        let hint = format!("write {}, or pin an older ruleset", known.join(" or "));
        table.refuse(table.at_key("control_approach"), what, hint);
    }
    Some(stated)
}
