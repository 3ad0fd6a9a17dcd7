//! `[disclosure]`: what the reporting entity states on page one.

use super::file::File;
use super::values::{fraction, text, texts};
use super::walk::Table;
use reports::definitions::Disclosure;

/// What is stated, and whether somebody is named who reports, be the name refused or not.
pub(super) fn read(file: &mut File<'_>, root: &mut Table<'_, '_>) -> (Disclosure, bool) {
    let Some(mut table) = root.table(file, "disclosure") else { return (Disclosure::default(), false) };
    table.name = "[disclosure]".into();
    let named = table.at_key("reporting_entity") != table.at;
    let disclosure = Disclosure {
        reporting_entity: text(file, &mut table, "reporting_entity"),
        control_approach: text(file, &mut table, "control_approach"),
        base_year: text(file, &mut table, "base_year"),
        restatement_threshold: fraction(file, &mut table, "restatement_threshold"),
        gases: text(file, &mut table, "gases"),
        warming_potentials: text(file, &mut table, "warming_potentials"),
        limitations: texts(file, &mut table, "limitations"),
    };
    table.close(file);
    (disclosure, named)
}
