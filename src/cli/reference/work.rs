//! Every column of a work list.

use super::page::{Page, Part, code};
use crate::portfolio::curves::preset_names;
use crate::work::columns::{COLUMNS, TRAINING_FROM};
use crate::work::state::Phase;
use reports::columns::Column;

const HEAD: [&str; 4] = ["column", "meaning", "unit", "without it"];

pub fn page() -> Page {
    let (all, training) = COLUMNS.split_at(TRAINING_FROM);
    let states = Phase::ALL.map(|phase| code(phase.name())).join(" ");
    let presets = preset_names().map(code).join(" ");
    let parts = vec![
        Part::table("All work", "Besides these, `energy_mwh`, or `gpus` and `hours`, are needed.", &HEAD, rows(all)),
        Part::table(
            "Training",
            format!("Batch work accepts these and ignores them. Presets of `curve`: {presets}."),
            &HEAD,
            rows(training),
        ),
        Part::text(
            "States",
            format!("What `work update` reports of a piece, and `work list --state` filters by: {states}."),
        ),
    ];
    let about = "A work list is CSV with a header and columns by name in any order; `hourmatch work import` reads \
        it, and `POST /v1/work` takes the same names as JSON. Unknown columns are refused; an empty field takes what \
        holds without it. [Planning](../planning.md#the-work-list) says what becomes of it.";
    Page { title: "Work list", about: about.to_string(), parts }
}

fn rows(columns: &[Column]) -> Vec<Vec<String>> {
    let row = |column: &Column| {
        let without = column.default.unwrap_or("required");
        vec![code(column.name), column.meaning.to_string(), column.unit.to_string(), without.to_string()]
    };
    columns.iter().map(row).collect()
}
